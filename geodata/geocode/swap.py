"""The gazetteer and its word list: two files that are put in place, and read, as one.

The gazetteer's meta table holds a mark of the word list that was made with it. A reader that meets one file new and the
other old waits a moment for the second. One process at a time changes them; a lock goes with its process, however that
ends. Who reads keeps the files it has opened.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geodata.errors import SetupError
from geodata.geocode.records import Progress
from geodata.geocode.wordlist import names_path

Stamp = tuple[int, int, int]
"""What tells two versions of a file apart: inode, time of change in nanoseconds, bytes."""
SHORT_WAIT_S = 2.0
"""SQLite waits so long for each try, whatever else was asked."""
LONG_WAIT_S = 1_800.0
"""A build takes about a minute, adding all of GeoNames half an hour."""
MARK = "words"


class WordsDiffer(SetupError):
    """The word list is not the one that was made with the gazetteer: another process is just replacing both."""


def stamp_of(path: Path) -> Stamp | None:
    """None where there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def words_mark(words: Path) -> str:
    """The bytes that a word list has: the same for the same words, whose nodes hold addresses that differ each time."""
    return str(words.stat().st_size)


def put_in_place(draft: Path, words: Path, gazetteer: Path) -> None:
    """Marks the draft with its word list and moves both to where they are read, the words first."""
    db = sqlite3.connect(draft, isolation_level=None)
    try:
        mark = (MARK, words_mark(words))
        if db.execute("SELECT 1 FROM meta WHERE (key, value) = (?,?)", mark).fetchone() is None:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", mark)
    finally:
        db.close()
    for path in (draft, words):
        path.chmod(0o644)
    words.replace(names_path(gazetteer))
    draft.replace(gazetteer)


def words_fit(gazetteer: Path, mark: str) -> bool:
    """Whether the word list beside the gazetteer is there, and the one of that mark; an empty mark fits any."""
    try:
        return words_mark(names_path(gazetteer)) == mark or not mark
    except OSError:
        return False


@contextmanager
def changing(gazetteer: Path, progress: Progress, wait_s: float = 0.0) -> Iterator[None]:
    """One process at a time changes the gazetteer. SetupError where another still does after that many seconds."""
    gazetteer.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(gazetteer.with_name(gazetteer.name + ".lock"), timeout=SHORT_WAIT_S, isolation_level=None)
    try:
        _take(db, gazetteer, progress, time.monotonic() + wait_s)
        yield
    finally:
        db.close()


def _take(db: sqlite3.Connection, gazetteer: Path, progress: Progress, until: float) -> None:
    told = False
    while True:
        try:
            db.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise SetupError(f"{gazetteer.parent} cannot be written to: {error}") from error
            if time.monotonic() >= until:
                message = f"another process is changing {gazetteer}; try again when it has ended"
                raise SetupError(message) from error
            if not told:
                progress(f"another process is changing {gazetteer}; waiting for it")
                told = True
