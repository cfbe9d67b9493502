"""Who runs an import: a lock that ends with its process, however that ends, and a stop that another process asks for.

Several servers may share a data folder. The lock is SQLite's, which every system has.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from geodata.errors import StoreError

LOCK = "lock"
STOP = "stop"
WAIT_S = 1.0  # for those who only look whether an import is held


class Hold:
    """An import of this process, until `release`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def release(self) -> None:
        """Safe to call twice."""
        self._connection.close()


def take(place: Path) -> Hold | None:
    """Holds the import whose folder this is, and forgets a stop asked for before; None where another holds it."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        connection = _opened(place, WAIT_S)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the import cannot be held in {place}: {error}") from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
        (place / STOP).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        connection.close()
        if _is_lock(error):
            return None
        raise StoreError(f"the import cannot be held in {place}: {error}") from error
    return Hold(connection)


def is_held(place: Path) -> bool:
    """Whether a process runs the import, or is about to."""
    if not (place / LOCK).exists():
        return False
    with closing(_opened(place, 0.0)) as connection:
        try:
            connection.execute(
                "SELECT 1 FROM sqlite_master"
            ).fetchall()  # a shared lock: those who look pass each other
        except sqlite3.OperationalError as error:
            if _is_lock(error):
                return True
            raise StoreError(f"the import in {place} cannot be looked at: {error}") from error
    return False


def ask_to_stop(place: Path) -> None:
    """Asks the process that holds the import."""
    try:
        (place / STOP).touch()
    except OSError as error:
        raise StoreError(f"the import cannot be stopped from here: {error.strerror or error}") from error


def is_asked_to_stop(place: Path) -> bool:
    return (place / STOP).exists()


def _opened(place: Path, wait_s: float) -> sqlite3.Connection:
    # released by whichever thread ends the import
    return sqlite3.connect(place / LOCK, timeout=wait_s, isolation_level=None, check_same_thread=False)


def _is_lock(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY
