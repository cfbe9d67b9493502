"""Events as columns of numbers, for the index in memory, and what became of them since a version."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Select, and_, func, select

from geodata.answers import E7, UNKNOWN, EventColumns, Named, StoreChanges
from geodata.model import host_of
from geodata.store.schema import event_sources, events, meta

if TYPE_CHECKING:
    from geodata.answers import Ints

_CHUNK = 20_000
_FIRST_SOURCE = and_(event_sources.c.event_id == events.c.event_id, event_sources.c.position == 0)
_COLUMNS = select(
    events.c.row_id,
    events.c.lon,
    events.c.lat,
    events.c.start_day,
    events.c.end_day,
    events.c.event_type,
    events.c.sub_event_type,
    events.c.precision,
    events.c.status,
    event_sources.c.publisher,
    event_sources.c.url,
    func.coalesce(events.c.fatalities_best, events.c.fatalities_low),
).outerjoin(event_sources, _FIRST_SOURCE)


def version_in(connection: Connection) -> str:
    """The store's version that a connection reads."""
    found = select(meta.c.value).where(meta.c.name.in_(("store_id", "version"))).order_by(meta.c.name)
    return "-".join(connection.execute(found).scalars())


def read_columns(connection: Connection) -> EventColumns:
    return _columns(connection, [_COLUMNS.order_by(events.c.row_id)])


def read_changes(connection: Connection, version: str) -> StoreChanges | None:
    """See `contracts.EventStore.changes_since`."""
    reached = version_in(connection)
    if version == reached:
        nothing = np.zeros(0, np.int64)
        return StoreChanges(nothing, _columns(connection, []))
    return None


def _columns(connection: Connection, statements: Sequence[Select[Any]]) -> EventColumns:
    rows = [row for statement in statements for row in _fetched(connection, statement)]
    table: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 12
    row_id, lon, lat, start, end, kind, sub_kind, precision, status, publisher, url, deaths = table
    source = [name or (host_of(address) if address else "") for name, address in zip(publisher, url, strict=True)]
    return EventColumns(
        np.array(row_id, dtype=np.int64),
        _degrees(lon),
        _degrees(lat),
        _numbers(start, UNKNOWN),
        _numbers(end, UNKNOWN),
        _named(kind),
        _named(sub_kind),
        _named(precision),
        _named(status),
        _named(source),
        _numbers(deaths, -1),
        version_in(connection),
    )


def _fetched(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver gives them: SQLAlchemy's own would take as long again."""
    cursor = connection.execute(statement).cursor
    return list(cursor.fetchall()) if cursor else []


def _degrees(column: Sequence[float | None]) -> "Ints":
    found = np.array(column, dtype=np.float64)
    return np.where(np.isnan(found), UNKNOWN, np.rint(found * E7)).astype(np.int32)


def _numbers(column: Sequence[int | None], unknown: int) -> "Ints":
    found = np.array(column, dtype=np.float64)
    return np.where(np.isnan(found), unknown, found).astype(np.int32)


def _named(column: Sequence[str | None]) -> Named:
    names = tuple(dict.fromkeys(value or "" for value in column))
    numbers: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    numbers[None] = numbers.get("", 0)
    return Named(names, np.fromiter(map(numbers.__getitem__, column), np.int32, len(column)))
