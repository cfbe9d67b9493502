# ruff: noqa: S608 - every name in these statements is ours
"""Many new events into SQLite at once: what its triggers do row by row is done by whole batches, to the same result.

The triggers of added rows are taken out for as long as rows are added, in the transaction of the load: whatever ends
it puts them back. So are the indexes and the R*Tree, where most of what they will hold is still to come. Rows that go
are taken out the same way.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from operator import itemgetter
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from geodata.model import Event, Status, publisher_of
from geodata.query.words import NO_WORD, searchable
from geodata.store.rows import (
    EVENT_COLUMNS,
    PLAIN_COLUMNS,
    PLAIN_SOURCE_COLUMNS,
    SOURCE_COLUMNS,
    event_values,
    is_plain,
    is_plain_source,
    plain_source_values,
    plain_values,
    source_values,
)
from geodata.store.sqlite_functions import folded_words
from geodata.store.sqlite_rtree import Positions, rebuild

CACHE_KIB = 200_000
"""Pages held in memory during a load: tables that are filled at random places are else written many times over."""
MANY = 20_000
"""From so many new rows on, if they are most of all, the indexes are made anew from the whole table: one sort each."""
WORDS_HURRIED = {"hashsize": 32 << 20, "automerge": 0}
WORDS_ELSE = {"hashsize": 1 << 20, "automerge": 4}
"""Of FTS5: the bytes of words that it gathers before it writes them, and from how many pieces on it joins them. In a
load a few large pieces are written once and left so, which later writes join; and its own defaults."""
SCATTERED = ("events_latest_first", "events_by_area", "events_to_compare")
"""Indexes of `events` that new rows go into at random places. The others hold no row of a table, or take it last."""
ON_ADD = ("events_added", "sources_added")
ON_REMOVE = ("events_removed", "sources_removed", "events_forgotten")
FORGET = 3
"""Where the rows that stay are less than so many times those that go, what is found by words is made anew of them."""

P = ParamSpec("P")
T = TypeVar("T")


def _insert(table: str, columns: Sequence[str], said: str = "", values: str = "") -> str:
    """`said` and `values` are columns with the same value in every row, each after a comma."""
    return f"INSERT INTO {table} ({', '.join(columns)}{said}) VALUES ({', '.join('?' * len(columns))}{values})"


ADD_EVENT = _insert("events", ("row_id", *EVENT_COLUMNS))
ADD_SOURCE = _insert("event_sources", SOURCE_COLUMNS)
# A value that is bound costs as much as ten that the statement says itself, and a null the most.
ADD_PLAIN = _insert("events", ("row_id", *PLAIN_COLUMNS), ", quote, doc_id, notes, tags", ", '', '', '[]', '[]'")
ADD_PLAIN_SOURCE = _insert("event_sources", PLAIN_SOURCE_COLUMNS, ", url, sha256, archive_url", ", '', '', ''")
ADD_WORDS = _insert("event_text", ("rowid", "title", "quote", "place_name", "actors"))
ADD_PLACE = _insert("event_places", ("row_id", "min_lon", "max_lon", "min_lat", "max_lat"))
ADD_NAME = (
    f"{_insert('event_names', ('kind', 'name', 'folded', 'count'))}"
    " ON CONFLICT (kind, name) DO UPDATE SET count = count + excluded.count"
)
SET_WORDS = "INSERT INTO event_text(event_text, rank) VALUES (?, ?)"
IN_RANGE = "row_id BETWEEN ? AND ?"
_GOING = "row_id BETWEEN :first AND :last"
_LESS = "ON CONFLICT (kind, name) DO UPDATE SET count = count - excluded.count"
REMOVE = (
    f"""INSERT INTO event_names SELECT 'actor', value, '', count(DISTINCT row_id) FROM events, json_each(actors)
    WHERE {_GOING} AND status <> 'rejected' AND value <> '' GROUP BY value {_LESS}""",
    f"""INSERT INTO event_names SELECT 'source', name, '', count(*)
    FROM (SELECT publisher_or_host(publisher, url) AS name FROM events JOIN event_sources USING (event_id)
    WHERE {_GOING} AND position = 0 AND status <> 'rejected') WHERE name <> '' GROUP BY name {_LESS}""",
    f"INSERT OR IGNORE INTO removed_rows SELECT :version, row_id FROM events WHERE {_GOING}",
    f"DELETE FROM event_sources WHERE event_id IN (SELECT event_id FROM events WHERE {_GOING})",
    f"DELETE FROM events WHERE {_GOING}",
)
"""What the triggers do of a row that goes, for a range of them; but for the R*Tree and the words."""
_PLAIN = 1 + len(PLAIN_COLUMNS)
_LON = 1 + EVENT_COLUMNS.index("lon")
_PLACE_NAME = 1 + EVENT_COLUMNS.index("place_name")


def _as_sqlalchemy_says(method: Callable[Concatenate["SqliteBulk", P], T]) -> Callable[Concatenate["SqliteBulk", P], T]:
    """The driver is asked past SQLAlchemy; its errors are to look as if it was not."""

    @wraps(method)
    def called(self: "SqliteBulk", /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            raise DBAPIError("a bulk load", None, error) from error

    return called


class SqliteBulk:
    """Satisfies `backend.Bulk`, over a connection that holds the write lock."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self._cursor = driver.cursor()
        self._triggers: dict[str, str] = {}
        self._indexes: dict[str, str] = {}
        self._there = int(self._value("SELECT count(*) FROM events"))
        self._added = 0
        self._next = int(self._value("SELECT coalesce(max(row_id), 0) FROM events")) + 1
        self._is_hurried = False
        self._positions: Positions | None = None

    @property
    def next_row(self) -> int:
        return self._next

    @_as_sqlalchemy_says
    def known(self, event_ids: Sequence[str]) -> dict[str, int]:
        asked = "SELECT event_id, row_id FROM json_each(?) AS asked CROSS JOIN events ON event_id = asked.value"
        return dict(self._cursor.execute(asked, (json.dumps(event_ids),)).fetchall())

    @_as_sqlalchemy_says
    def add(self, new_events: Sequence[Event]) -> None:
        self._prepare()
        numbered = enumerate(new_events, self._next)
        rows = [(row, *(plain_values if is_plain(event) else event_values)(event)) for row, event in numbered]
        self._cursor.executemany(ADD_PLAIN, [row for row in rows if len(row) == _PLAIN])
        self._cursor.executemany(ADD_EVENT, [row for row in rows if len(row) != _PLAIN])
        self._add_sources(new_events)
        if self._positions is not None:
            self._positions.add(row[:1] + row[_LON : _LON + 2] for row in rows if row[_LON] is not None)
        elif not self._indexes:
            self._cursor.executemany(ADD_PLACE, _boxes(rows))
        self._cursor.executemany(ADD_WORDS, map(_words, rows, new_events))
        self._add_names(new_events)
        self._added += len(rows)
        self._next += len(rows)

    @_as_sqlalchemy_says
    def remove(self, ranges: Sequence[tuple[int, int]], version: int) -> None:
        count = sum(self._value(f"SELECT count(*) FROM events WHERE {IN_RANGE}", *each) for each in ranges)
        if count < MANY or self._there - count > FORGET * count:
            for each in ranges:
                self._cursor.execute(f"DELETE FROM events WHERE {IN_RANGE}", each)
            return
        self._triggers |= self._drop("trigger", ON_REMOVE)
        self._indexes |= self._drop("index", self._names("index"))
        self._cursor.execute("INSERT INTO event_text(event_text) VALUES ('delete-all')")
        for each in ranges:
            for statement in REMOVE:
                self._cursor.execute(statement, {"first": each[0], "last": each[1], "version": version})
        self._cursor.execute("INSERT INTO event_text(event_text) VALUES ('rebuild')")

    @_as_sqlalchemy_says
    def pause(self) -> None:
        self._restore(self._triggers)
        self._positions = None  # other statements may move what was added

    @_as_sqlalchemy_says
    def close(self) -> None:
        """Leaves triggers, indexes and the R*Tree as they are to be."""
        self._restore(self._triggers)
        if self._indexes:
            rebuild(self._cursor, self._positions)
            self._restore(self._indexes)
        if self._is_hurried:
            self._cursor.executemany(SET_WORDS, WORDS_ELSE.items())

    def _prepare(self) -> None:
        if not self._triggers:
            self._triggers = self._drop("trigger", ON_ADD)
        if not self._is_hurried and self._added > MANY:
            self._cursor.executemany(SET_WORDS, WORDS_HURRIED.items())
            self._is_hurried = True
        if not self._indexes and self._added > max(MANY, self._there):
            self._indexes = self._drop("index", SCATTERED)
            self._positions = Positions(self._next)

    def _add_sources(self, events: Iterable[Event]) -> None:
        plain: list[tuple[Any, ...]] = []
        other: list[tuple[Any, ...]] = []
        for event in events:
            for position, source in enumerate(event.sources):
                if is_plain_source(source):
                    plain.append(plain_source_values(event.event_id, position, source))
                else:
                    other.append(source_values(event.event_id, position, source))
        for statement, rows in ((ADD_PLAIN_SOURCE, plain), (ADD_SOURCE, other)):
            rows.sort(key=itemgetter(0, 1))  # the table is a tree in this order: its pages are met one after another
            self._cursor.executemany(statement, rows)

    def _add_names(self, events: Iterable[Event]) -> None:
        shown = [event for event in events if event.status is not Status.REJECTED]
        sources = Counter(publisher_of(event.sources) for event in shown)
        actors: Counter[str] = Counter()
        for names, count in Counter(event.actors for event in shown).items():  # the same actors come again and again
            actors.update(dict.fromkeys(map(_json_value, names), count))
        rows = [
            (kind, name, folded_words(name), count)
            for kind, counts in (("actor", actors), ("source", sources))
            for name, count in counts.items()
            if name
        ]
        self._cursor.executemany(ADD_NAME, rows)

    def _names(self, kind: str) -> list[str]:
        found = "SELECT name FROM sqlite_master WHERE type = ? AND tbl_name = 'events' AND sql IS NOT NULL"
        return [row[0] for row in self._cursor.execute(found, (kind,)).fetchall()]

    def _drop(self, kind: str, names: Iterable[str]) -> dict[str, str]:
        made = {}
        for name in names:
            made[name] = self._value("SELECT sql FROM sqlite_master WHERE type = ? AND name = ?", kind, name)
            self._cursor.execute(f"DROP {kind} {name}")
        return made

    def _restore(self, made: dict[str, str]) -> None:
        for sql in made.values():
            self._cursor.execute(sql)
        made.clear()

    def _value(self, sql: str, *given: object) -> Any:
        return self._cursor.execute(sql, given).fetchone()[0]


def _words(row: Sequence[Any], event: Event) -> tuple[Any, ...]:
    name = row[_PLACE_NAME]
    actors = NO_WORD.join(map(searchable, event.actors)) if event.actors else ""
    return row[0], searchable(event.title), searchable(event.quote), searchable(name) if name else "", actors


def _json_value(name: str) -> str:
    """As json_each gives it, which the triggers count by."""
    return name.partition("\0")[0] if "\0" in name else name


def _boxes(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        lon, lat = row[_LON], row[_LON + 1]
        if lon is not None:
            yield row[0], lon, lon, lat, lat


@contextmanager
def bulk(connection: Connection) -> Iterator[SqliteBulk]:
    """A load's way into the tables; see `Backend.bulk`."""
    driver: Any = connection.connection.driver_connection
    cache = driver.execute("PRAGMA cache_size").fetchone()[0]
    driver.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    try:
        loader = SqliteBulk(connection)
        yield loader
        loader.close()
    finally:
        driver.execute(f"PRAGMA cache_size={cache}")
