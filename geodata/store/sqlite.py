"""SQLite: R*Tree for places, FTS5 for words, write-ahead log. The only file of the store that knows SQLite's ways."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    and_,
    column,
    create_engine,
    event,
    func,
    select,
    table,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from geodata.errors import StoreError, UsageError, shown
from geodata.features import FeatureTexts
from geodata.geometry import BBox
from geodata.query.words import NO_WORD, phrases
from geodata.shapes import Circle, Polygon
from geodata.store.migrate import bring_up_to_date
from geodata.store.schema import events
from geodata.store.sql import SqlStore
from geodata.store.sqlite_ahead import make_ahead
from geodata.store.sqlite_bulk import SqliteBulk, bulk
from geodata.store.sqlite_features import feature_texts
from geodata.store.sqlite_functions import add_to
from geodata.store.sqlite_restoring import restoring

if TYPE_CHECKING:
    from geodata.answers import Ints

BUSY_TIMEOUT_S = 15.0
PRAGMAS = (
    *("page_size=8192", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"),
    "cache_size=-4000",
)
"""A new file has pages of 8 KiB: seven rows of a table fit where 4 KiB held three. One that is there keeps its own.

Each connection has a cache of pages of its own, KiB. Measured at a million events, 4,000 find words and rows as fast as
16,000: the system holds the file's pages too. Eight threads' caches are then 32 MB, and full soon."""
SMALL_BOX_DEG2 = 100.0
"""Up to this many square degrees the R*Tree pays; in a larger box reading on in order of date finds a page sooner."""
MARGIN_DEG = 1e-6
_places = table("event_places", *map(column, ("row_id", "min_lon", "max_lon", "min_lat", "max_lat")))
_words = table("event_text", column("rowid"))
_NOTHING = f'"{NO_WORD.strip() * 2}"'
"""What stands in for a search that holds no word: a word that no text has."""
_EXPLAINED = {
    "SQLITE_FULL": "the disk is full; free some space and try again",
    "SQLITE_READONLY": "it cannot be written to; check the permissions of the file and its folder",
    "SQLITE_BUSY": "another process is writing to it; try again when that has finished",
    "SQLITE_LOCKED": "another process is writing to it; try again when that has finished",
    "SQLITE_CANTOPEN": "the file cannot be opened; check the path and its permissions",
    "SQLITE_NOTADB": "the file is not an SQLite database",
    "SQLITE_CORRUPT": "the file is damaged; restore it from a backup",
    "SQLITE_IOERR": "the disk failed to read or write",
}


def open_sqlite(url: str) -> SqlStore:
    """The store in the file that `url` names; the file and its folder are made where they are missing."""
    backend = SqliteBackend(_file_url(url))
    try:
        bring_up_to_date(backend)
    except BaseException:
        backend.engine.dispose()
        raise
    return SqlStore(backend)


class SqliteBackend:
    """One SQLite file, shared between threads through SQLAlchemy's pool."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @cached_property
    def engine(self) -> Engine:
        # Every reader that streams holds a connection of its own, so the pool must be able to grow. Each has a cache
        # of pages, so the last one used is used again: in turn, eight of them would fill theirs with the same pages.
        options = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
        engine = create_engine(self.url, connect_args=options, pool_size=8, max_overflow=-1, pool_use_lifo=True)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def in_box(self, box: BBox) -> ColumnElement[bool]:
        inside = and_(events.c.lon.between(box.west, box.east), events.c.lat.between(box.south, box.north))
        if (box.east - box.west) * (box.north - box.south) > SMALL_BOX_DEG2:
            return inside
        # The R*Tree keeps 32-bit coordinates, rounded outwards but for the tiniest; the columns decide.
        candidates = select(_places.c.row_id).where(
            _places.c.min_lon <= box.east + MARGIN_DEG,
            _places.c.max_lon >= box.west - MARGIN_DEG,
            _places.c.min_lat <= box.north + MARGIN_DEG,
            _places.c.max_lat >= box.south - MARGIN_DEG,
        )
        return and_(events.c.row_id.in_(candidates), inside)

    def in_circle(self, circle: Circle) -> ColumnElement[bool]:
        return func.in_circle(events.c.lon, events.c.lat, repr((circle.lon, circle.lat, circle.km))) == 1

    def in_polygon(self, polygon: Polygon) -> ColumnElement[bool]:
        return func.in_polygon(events.c.lon, events.c.lat, repr(polygon.corners)) == 1

    def host_of(self, url: ColumnElement[str]) -> ColumnElement[str]:
        return func.host_of(url, type_=String)

    def has_words(self, text: str, actor: str = "") -> ColumnElement[bool]:
        return events.c.row_id.in_(self.rows_with_words(text, actor))

    def rows_with_words(self, text: str, actor: str = "") -> Select[tuple[int]]:
        asked = [f"({_expression(text)})"] if text.strip() else []
        asked += [f"actors : ({_expression(actor)})"] if actor.strip() else []
        return select(_words.c.rowid).where(column("event_text").op("MATCH")(" AND ".join(asked) or _NOTHING))

    def feature_texts(self, chosen: Callable[[Connection], "Ints"]) -> Iterator[FeatureTexts]:
        return feature_texts(self.engine, chosen)

    def make_ahead(self) -> bool:
        return make_ahead(self.engine)

    def bulk(self, connection: Connection) -> AbstractContextManager[SqliteBulk]:
        return bulk(connection)

    def tidy(self) -> None:
        # The log of a load that was given up would keep a full disk full. While others read it, it stays.
        with contextlib.suppress(sqlite3.Error), contextlib.closing(self.engine.raw_connection()) as pooled:
            cursor = pooled.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout={int(1000 * BUSY_TIMEOUT_S)}")

    def version(self) -> str:
        # Past SQLAlchemy's statement machinery: this runs on every request.
        pooled = self.engine.raw_connection()
        try:
            cursor = pooled.cursor()
            cursor.execute("SELECT value FROM meta WHERE name IN ('store_id', 'version') ORDER BY name")
            return "-".join(row[0] for row in cursor.fetchall())
        finally:
            pooled.close()

    def restoring(self, connection: Connection) -> AbstractContextManager[None]:
        return restoring(connection)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        return lambda: None  # SQLite tells nobody; its version is read in microseconds

    def is_busy(self, error: DBAPIError) -> bool:
        return str(getattr(error.orig, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))

    def explain(self, error: DBAPIError) -> str:
        name = getattr(error.orig, "sqlite_errorname", "")
        for start, words in _EXPLAINED.items():
            if name.startswith(start):
                return f"the store {self.url.database}: {words} (SQLite: {error.orig})"
        return f"the store {self.url.database}: {error.orig}"


def _file_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UsageError(f"{shown(url)} is not an SQLAlchemy URL; accepted: sqlite:///path/to/file") from error
    name = parsed.database
    if not name or name == ":memory:":
        raise UsageError(f"{shown(url)} names no file, and a store in memory keeps nothing; accepted: sqlite:///path")
    if not name.startswith("file:"):
        path = Path(name).expanduser().absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of the store, {path.parent}, cannot be made: {error.strerror}") from error
        parsed = parsed.set(database=str(path))
    return parsed


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's own transaction handling would begin too late for reads and never take the write lock at once.
    connection.isolation_level = None
    add_to(connection)
    with contextlib.closing(connection.cursor()) as cursor:
        for pragma in PRAGMAS:
            _set(cursor, pragma)


def _set(cursor: sqlite3.Cursor, pragma: str) -> None:
    # Going over to the write-ahead log is refused at once, without the wait, while another process does the same.
    last = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > last:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    # Taking the write lock at the start waits its turn; taking it midway would fail at once when another has it.
    options = connection.get_execution_options()
    wait_s = options.get("wait_s")
    if wait_s is not None or connection.info.pop("hurried", False):
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(1000 * (BUSY_TIMEOUT_S if wait_s is None else wait_s))}")
        if wait_s is not None:
            connection.info["hurried"] = True  # the connection goes back to the pool: its next use waits as usual
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _expression(asked: str) -> str:
    """What FTS5 is asked for a person's search. No text can be a syntax error: every run of words is quoted.

    Its words are folded already, so none holds a quote.
    """
    runs = [f'"{" ".join(run)}"{"*" if is_open else ""}' for run, is_open in phrases(asked)]
    return " AND ".join(runs) or _NOTHING
