"""A copy of a store in SQLite while it is served, and putting one back.

The copy is of one moment: it is read in one transaction of the write-ahead log, so that writers go on meanwhile and no
write makes it start again. It is checked against that moment before it gets its name.
"""

import contextlib
import glob
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from geodata.errors import StoreError, UsageError, shown
from geodata.settings import hidden
from geodata.store.schema import HEAD
from geodata.store.sqlite import open_sqlite

PAGES = 2_000
"""Pages a step of a copy, 8 or 16 MB: between two steps a process can be stopped, and progress is told."""
COUNTED = ("events", "documents", "event_sources", "history", "imports")
BUSY_S = 15.0
POSTGRESQL = (
    "the store is in PostgreSQL, whose own tools keep it: pg_dump --format=custom --file=FILE, pg_restore --clean "
    "--if-exists; accepted here: a store in SQLite"
)
Progress = Callable[[int, int], object]
"""Is told the bytes copied, and those there are."""


@dataclass(frozen=True, slots=True)
class BackupProof:
    """What a copy holds: the version of the store that it is of, and how many rows each table has in both."""

    path: Path
    version: str
    counts: dict[str, int]
    size_bytes: int


def store_file(url: str, otherwise: str = POSTGRESQL) -> Path:
    """The file of a store's address; UsageError where it is not there, or (`otherwise`) the store is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise UsageError(otherwise)
    path = Path(parsed.database or "").expanduser()
    if not path.is_file():
        raise UsageError(f"there is no store {shown(hidden(url))}; accepted: the address of one that is there")
    return path


def back_up(url: str, target: Path, progress: Progress = lambda done, total: None) -> BackupProof:
    """Writes the store to a new file. UsageError where that is there already; StoreError where it cannot be written."""
    source = store_file(url)
    if target.exists():
        raise UsageError(f"{target} is there already, and a backup replaces nothing; accepted: a new file")
    part = _part(target)
    try:
        with _told(target), closing(_opened(source, "ro")) as reading:
            version, counts = _begin(reading)
            with closing(sqlite3.connect(part, isolation_level=None)) as writing:
                _copy(reading, writing, progress)
                # one file that any SQLite opens, also where nothing beside it can be written
                writing.execute("PRAGMA journal_mode=DELETE")
        _check(part, version, counts)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.rename(target)
    except OSError as error:
        raise StoreError(f"the backup cannot be written to {target}: {error.strerror or error}") from error
    finally:
        for each in (part, *_beside(part)):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)
    return BackupProof(target, version, counts, target.stat().st_size)


def restore(
    backup: Path, url: str, replace: bool = False, progress: Progress = lambda done, total: None
) -> tuple[BackupProof, Path | None]:
    """Puts a copy back as the store at an address; what it holds, and where the store that was there lies now.

    UsageError where there is a store and `replace` does not say so, or where the file is no backup of a store.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise UsageError(POSTGRESQL)
    target = Path(parsed.database or "").expanduser()
    _look_into(backup)
    kept: Path | None = None
    if target.exists():
        if not replace:
            raise UsageError(
                f"there is a store at {target} already; --replace puts the backup in its place and keeps what was "
                "there beside it"
            )
        kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%d%H%M%S}")
        back_up(url, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Into the file that is there, under its locks: a server that has it open goes on with what it holds then.
    with (
        _told(target),
        closing(_opened(target, "rwc")) as writing,
        closing(_opened(backup, "ro")) as whole,
        _as_this_store(writing, whole, target) as reading,
    ):
        version, counts = _begin(reading)
        reading.rollback()
        _copy(reading, writing, progress)
    _check(target, version, counts)
    return BackupProof(target, version, counts, target.stat().st_size), kept


def _look_into(backup: Path) -> None:
    if not backup.is_file():
        raise UsageError(f"there is no file {backup}; accepted: a file that `backup` has written")
    try:
        with closing(_opened(backup, "ro")) as connection:
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            if revision > HEAD:
                raise UsageError(
                    f"{backup} is of a newer version of Dateline (schema {revision}; this version knows up to {HEAD}); "
                    "update Dateline to restore it"
                )
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                raise UsageError(f"{backup} is damaged ({damage}); accepted: a whole backup")
            _begin(connection)
    except (sqlite3.Error, TypeError) as error:
        raise UsageError(f"{backup} is no backup of a store of Dateline ({error})") from error


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_S)


def _begin(connection: sqlite3.Connection) -> tuple[str, dict[str, int]]:
    """Begins a transaction that sees one moment; the version then, and what each table holds."""
    connection.execute("BEGIN")
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    meta = connection.execute("SELECT value FROM meta WHERE name IN ('store_id', 'version') ORDER BY name")
    version = "-".join(row[0] for row in meta.fetchall())
    counted = (name for name in COUNTED if name in names)
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in counted}  # noqa: S608
    return version, counts


def _copy(reading: sqlite3.Connection, writing: sqlite3.Connection, progress: Progress) -> None:
    page = reading.execute("PRAGMA page_size").fetchone()[0]
    reading.backup(
        writing, pages=PAGES, progress=lambda _, left, total: progress((total - left) * page, total * page), sleep=0.01
    )


@contextmanager
def _as_this_store(
    writing: sqlite3.Connection, reading: sqlite3.Connection, target: Path
) -> Iterator[sqlite3.Connection]:
    """What is read, with pages as large as those of the file it is copied into and the schema of this version.

    Files made by older versions have smaller pages, which SQLite refuses to put under a server; and a server that has
    the store open asks at once for the tables that it knows.
    """
    size, theirs = (each.execute("PRAGMA page_size").fetchone()[0] for each in (writing, reading))
    has_our_pages = size == theirs or not writing.execute("PRAGMA page_count").fetchone()[0]
    if has_our_pages and reading.execute("SELECT version_num FROM alembic_version").fetchone()[0] == HEAD:
        yield reading
        return
    part = _part(target)
    try:
        reading.execute(f"PRAGMA page_size={theirs if has_our_pages else size}")
        reading.execute("VACUUM INTO ?", (str(part),))
        open_sqlite(f"sqlite:///{part}").close()
        with closing(_opened(part, "ro")) as made:
            yield made
    finally:
        for each in (part, *_beside(part)):
            each.unlink(missing_ok=True)


def _check(path: Path, version: str, counts: dict[str, int]) -> None:
    with closing(_opened(path, "ro")) as connection:
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok" or _begin(connection) != (version, counts):
            raise StoreError(f"{path} did not come out as it should ({damage}); the disk may be at fault")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL"):
            raise StoreError(f"the disk is full: {path} cannot be written; free some space and try again") from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise StoreError(f"{path}: another process is writing to it; try again when that has finished") from error
        raise StoreError(f"{path} cannot be written: {error}") from error


def _part(target: Path) -> Path:
    """Where a copy grows until it is whole; those of processes that were killed meanwhile are removed."""
    for left in target.parent.glob(f"{glob.escape(target.name)}.*.part"):
        process = left.name.removeprefix(f"{target.name}.").removesuffix(".part")
        if process.isdecimal() and not _runs(int(process)):
            for each in (left, *_beside(left)):
                each.unlink(missing_ok=True)
    return target.with_name(f"{target.name}.{os.getpid()}.part")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it is another user's
    return True


def _beside(path: Path) -> Iterator[Path]:
    return (path.with_name(f"{path.name}{end}") for end in ("-journal", "-wal", "-shm"))
