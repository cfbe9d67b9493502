"""Events as columns of numbers, for the index in memory, and what became of them since a version.

Position, days and names are each packed into one value by the database, and the rows become arrays a chunk at a time:
fewer values are held as Python's objects at once. It takes the processor about as long as to read the columns plainly.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, case, cast, func, select

from geodata.answers import E7, UNKNOWN, EventColumns, Named, StoreChanges
from geodata.store.backend import Backend
from geodata.store.saving import BATCH, batches
from geodata.store.schema import event_sources, events, history, meta, removed_rows

if TYPE_CHECKING:
    from geodata.answers import Ints

_CHUNK = 50_000
_WORD = 2**32
_BEFORE_DAYS = 1_000_000
"""Makes every day of the calendar, counted from 1970, a number above 0."""
_APART = "\x1f"
_NAMES = (events.c.event_type, events.c.sub_event_type, func.coalesce(events.c.precision, ""), events.c.status)
_FEW = 10_000
_SHARE = 8
"""Where more than `_FEW` events and more than this part of all have changed, they count as many."""


def version_in(connection: Connection) -> str:
    """The store's version that a connection reads."""
    found = select(meta.c.value).where(meta.c.name.in_(("store_id", "version"))).order_by(meta.c.name)
    return "-".join(connection.execute(found).scalars())


def mark_of(connection: Connection, version: str) -> str:
    """See `contracts.EventStore.mark_of`."""
    store_id, _, number = version.rpartition("-")
    if store_id != version_in(connection).rpartition("-")[0] or not number.isdigit():
        return ""
    last = select(history.c.history_id, history.c.changed_at).where(history.c.version <= int(number))
    row = connection.execute(last.order_by(history.c.version.desc(), history.c.history_id.desc()).limit(1)).first()
    return f"{row[0]} {row[1]}" if row else ""


def read_columns(connection: Connection, backend: Backend) -> EventColumns:
    """See `contracts.EventStore.columns`."""
    return _columns(connection, [_packed(backend).order_by(events.c.row_id)])


def read_changes(connection: Connection, backend: Backend, version: str) -> StoreChanges | None:
    """See `contracts.EventStore.changes_since`."""
    store_id, _, number = version.rpartition("-")
    now_id, _, now = version_in(connection).rpartition("-")
    if store_id != now_id or not number.isdigit() or int(number) > int(now):
        return None
    since = int(number)
    changed = select(events.c.row_id).join(history, history.c.item_id == events.c.event_id)
    changed = changed.where(history.c.kind == "event", history.c.version > since)
    gone = select(removed_rows.c.row_id).where(removed_rows.c.version > since)
    together = select(history.c.first_row, history.c.last_row).where(
        history.c.kind == "rows", history.c.version > since
    )
    ranges = connection.execute(together).all()
    count = sum(last - first + 1 for first, last in ranges)
    if _are_many(connection, count):
        return None
    single = connection.execute(changed.union(gone)).scalars().all()
    parts = [np.array(single, dtype=np.int64), *(np.arange(first, last + 1) for first, last in ranges)]
    touched = np.unique(np.concatenate(parts))
    if _are_many(connection, len(touched)):
        return None
    packed = _packed(backend)
    statements = [packed.where(events.c.row_id.in_(some)) for some in batches(touched.tolist(), BATCH)]
    return StoreChanges(touched, _columns(connection, statements))


def _are_many(connection: Connection, touched: int) -> bool:
    """Whether so many events have changed that reading all again is quicker."""
    if touched <= _FEW:
        return False
    return touched * _SHARE > int(connection.execute(select(func.count()).select_from(events)).scalar_one())


def _packed(backend: Backend) -> Select[Any]:
    """Row id, position, days, names, source and deaths of every event; nulls where there is no position, no day."""
    lon, lat = (cast(func.round(axis * E7), BigInteger) for axis in (events.c.lon, events.c.lat))
    first: ColumnElement[int] = cast(events.c.start_day, BigInteger) + _BEFORE_DAYS
    # Names of types may come from anybody's table, precisions and statuses are ours.
    free = [func.replace(name, _APART, " ") for name in _NAMES[:2]]
    names: ColumnElement[str] = free[0] + _APART + free[1] + _APART + _NAMES[2] + _APART + _NAMES[3]
    named = event_sources.c.publisher != ""
    return select(
        events.c.row_id,
        lon * _WORD + (lat + 90 * E7),
        first * _WORD + (events.c.end_day - events.c.start_day),
        names,
        case((named, event_sources.c.publisher), else_=backend.host_of(func.coalesce(event_sources.c.url, ""))),
        func.coalesce(events.c.fatalities_best, events.c.fatalities_low, -1),
    ).outerjoin(event_sources, and_(event_sources.c.event_id == events.c.event_id, event_sources.c.position == 0))


def _columns(connection: Connection, statements: Sequence[Select[Any]]) -> EventColumns:
    names, sources = _Numbers(), _Numbers()
    parts: list[tuple[Ints, ...]] = [(np.zeros(0, np.int64),) * 6]
    for chunk in (chunk for statement in statements for chunk in _fetched(connection, statement)):
        row, position, span, words, publisher, figure = zip(*chunk, strict=True)
        values = (row, _known(position), _known(span), names.of(words), sources.of(publisher), figure)
        parts.append(tuple(np.array(value, dtype=np.int64) for value in values))
    row_id, place, days, kind, source, deaths = map(np.concatenate, zip(*parts, strict=True))
    start = days // _WORD - _BEFORE_DAYS
    tables = _parted(names.names, kind)
    return EventColumns(
        row_id,
        _numbers(place // _WORD, place != -1),
        _numbers(place % _WORD - 90 * E7, place != -1),
        _numbers(start, days >= 0),
        _numbers(start + days % _WORD, days >= 0),
        *tables,
        Named(sources.names, source),
        deaths.astype(np.int32),
        version_in(connection),
    )


def _fetched(connection: Connection, statement: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows as the driver gives them: SQLAlchemy's own would take as long again."""
    cursor = connection.execute(statement).cursor
    while cursor and (rows := cursor.fetchmany(_CHUNK)):
        yield list(rows)


class _Numbers:
    """Numbers texts in the order in which they first come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def of(self, column: Sequence[str]) -> "Ints":
        for name in set(column).difference(self._numbers):
            self._numbers[name] = len(self._numbers)
        return np.fromiter(map(self._numbers.__getitem__, column), np.int64, len(column))


def _known(column: Sequence[int | None]) -> Sequence[int]:
    """-1 for null: no position and no days are packed into it."""
    return [-1 if value is None else value for value in column] if None in column else column  # type: ignore[return-value]


def _numbers(column: "Ints", known: Any) -> "Ints":
    return np.where(known, column, UNKNOWN).astype(np.int32)


def _parted(names: Sequence[str], number: "Ints") -> tuple[Named, Named, Named, Named]:
    """The columns whose names `_packed` has joined; `number` is the place of a row's joined names."""
    table = [name.split(_APART) for name in names]
    found = []
    for place in range(len(_NAMES)):
        numbers = _Numbers()
        code = numbers.of([row[place] for row in table])
        found.append(Named(numbers.names, code[number]))
    return found[0], found[1], found[2], found[3]
