"""The events that answer a query in the order of their last change, the latest first: what a feed reader wants.

It walks the history backwards and asks of each step which events answer. A filter that few events answer gives a short
page and where to go on, not a slow one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, select

from geodata.contracts import RecentPage
from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.entries import OF_EVENTS, ROWS, first_number
from geodata.store.matching import rows_matching
from geodata.store.rows import event_of
from geodata.store.saving import BATCH, batches, rows_by_id, sources_by_id
from geodata.store.schema import events, history, imports
from geodata.store.where import conditions

MOST_WALKED = 20_000
"""Changes that one page looks at."""
STEP_ROWS = 2_000
"""Of those that an import added together."""
_WORDS = ("text", "actor")
"""Found by row ids once: asked again at each step they would be looked up as often."""
_AREAS = ("bbox", "near", "polygon")
"""Looked at event by event, for the same reason."""
_LIGHT = (events.c.row_id, events.c.event_id, events.c.lon, events.c.lat)
_LATER = history.alias("later")


@dataclass(frozen=True, slots=True)
class _Step:
    """Some changes in a row, each the last of its event: those behind `last` and up to its neighbour's."""

    where: ColumnElement[bool]
    number: Mapping[str, int]
    shift: int
    at: Mapping[str, str]
    all_at: str
    last: int
    size: int

    def of(self, row: Mapping[Any, Any]) -> tuple[int, datetime]:
        name = row["event_id"]
        number = self.number[name] if self.number else row["row_id"] + self.shift
        return number, datetime.fromisoformat(self.at.get(name, self.all_at))


def recent_events(
    connection: Connection,
    backend: Backend,
    query: EventQuery,
    limit: int,
    before: int,
    rows: Sequence[int] | None = None,
    within: Any = None,
) -> RecentPage:
    """See `contracts.ChangeBook.recent`."""
    if rows is not None:
        found, last = _of_few(connection, conditions(query, backend), rows, limit, before)
    else:
        words = EventQuery(text=query.text, actor=query.actor)
        allowed = rows_matching(connection, backend, words)
        narrowed = conditions(query.without(*_WORDS, *_AREAS), backend)

        def answers(row: Mapping[Any, Any]) -> bool:
            return (
                _in(within, row["row_id"]) and _in(allowed, row["row_id"]) and _in_areas(query, row["lon"], row["lat"])
            )

        found, last = _walked(connection, narrowed, answers, limit, before)
    ids = [row["event_id"] for _, _, row in found]
    rows_of, sources, first = rows_by_id(connection, ids), sources_by_id(connection, ids), _added_at(connection, found)
    return RecentPage(
        [
            (event_of(rows_of[name], sources.get(name, ())), at, min(at, first.get(name, at)))
            for name, (_, at, _) in zip(ids, found, strict=True)
        ],
        last,
    )


_Answer = tuple[int, datetime, Mapping[Any, Any]]
"""The number of its last change, the time of that, and an event's id, row id and position."""


def _in_areas(query: EventQuery, lon: float | None, lat: float | None) -> bool:
    """As `EventQuery.matches`; whether unplaced events answer a box is asked of the database."""
    if lon is None or lat is None:
        return not (query.near or query.polygon)
    return all(area is None or area.contains(lon, lat) for area in (query.bbox, query.near, query.polygon))


def _walked(
    connection: Connection,
    narrowed: Sequence[ColumnElement[bool]],
    answers: Callable[[Mapping[Any, Any]], bool],
    limit: int,
    before: int,
) -> tuple[list[_Answer], int]:
    """A page by walking back from `before`, and where the next one begins; 0: there is none."""
    found: list[_Answer] = []
    walked, last = 0, 0
    for step in _steps(connection, before):
        there = connection.execute(select(*_LIGHT).where(step.where, *narrowed)).mappings()
        found += sorted(((*step.of(row), row) for row in there if answers(row)), key=lambda item: -item[0])
        walked, last = walked + step.size, step.last
        if len(found) >= limit or walked >= MOST_WALKED:
            break
    else:
        last = 0
    return found[:limit], found[limit - 1][0] if len(found) > limit else last


def _of_few(
    connection: Connection, narrowed: Sequence[ColumnElement[bool]], row_ids: Sequence[int], limit: int, before: int
) -> tuple[list[_Answer], int]:
    """The same where all the rows that answer are known, and are few."""
    ranges = _added_ranges(connection)
    found: list[_Answer] = []
    for ids in batches(row_ids, BATCH):
        there = connection.execute(select(*_LIGHT).where(events.c.row_id.in_(ids), *narrowed)).mappings().all()
        names = [row["event_id"] for row in there]
        latest = select(func.max(history.c.history_id)).where(history.c.kind == "event", history.c.item_id.in_(names))
        chosen = select(history).where(history.c.history_id.in_(latest.group_by(history.c.item_id)))
        own = {row["item_id"]: row for row in connection.execute(chosen).mappings()}
        for row in there:
            number, at = _added_in(ranges, row["row_id"])
            if (entry := own.get(row["event_id"])) and entry["history_id"] > number:
                number, at = entry["history_id"], entry["changed_at"]
            if number and (not before or number < before):
                found.append((number, datetime.fromisoformat(at), row))
    found.sort(key=lambda item: -item[0])
    return found[:limit], found[limit - 1][0] if len(found) > limit else 0


def _added_ranges(connection: Connection) -> Sequence[Mapping[Any, Any]]:
    """The entries of rows that imports added together, the first first."""
    # by the versions of imports, one after the other: to look for the kind is to look through the whole history
    versions = connection.execute(select(imports.c.version).where(imports.c.added > 0)).scalars().all()
    found: list[Mapping[Any, Any]] = []
    for some in batches(versions, BATCH):
        ranges = select(history).where(history.c.version.in_(some), history.c.kind == ROWS, history.c.action == "added")
        found += connection.execute(ranges).mappings()
    return sorted(found, key=lambda entry: int(entry["history_id"]))


def _added_in(ranges: Sequence[Mapping[Any, Any]], row_id: int) -> tuple[int, str]:
    """The number and the time of the last import that added the row; 0 where none did."""
    for entry in reversed(ranges):
        if entry["first_row"] <= row_id <= entry["last_row"]:
            return entry["history_id"] - entry["last_row"] + row_id, entry["changed_at"]
    return 0, ""


def _steps(connection: Connection, before: int) -> Iterator[_Step]:
    """Back from the entry before that number, or from the last one (0)."""
    place = before
    if place and (held := _holding(connection, place)):
        yield from _of_rows(held, place)
        place = first_number(held)
    while True:
        chosen = select(history).where(OF_EVENTS, ~_again(history.c.item_id, history.c.history_id))
        chosen = chosen.where(history.c.history_id < place) if place else chosen
        rows = connection.execute(chosen.order_by(history.c.history_id.desc()).limit(BATCH)).mappings().all()
        if not rows:
            return
        singles: list[Mapping[Any, Any]] = []
        for row in rows:
            if row["kind"] != ROWS:
                singles.append(row)
                continue
            if singles:
                yield _of_singles(singles)
                singles = []
            if row["action"] == "added":
                yield from _of_rows(row, 0)
        if singles:
            yield _of_singles(singles)
        place = first_number(rows[-1])


def _holding(connection: Connection, place: int) -> Mapping[Any, Any] | None:
    """The entry of many rows whose numbers begin before a place and reach it."""
    chosen = select(history).where(history.c.history_id >= place).order_by(history.c.history_id).limit(1)
    row = connection.execute(chosen).mappings().first()
    return row if row and row["kind"] == ROWS and first_number(row) < place else None


def _again(item_id: Any, number: Any) -> ColumnElement[bool]:
    """Whether an event has a later entry of its own."""
    return exists().where(and_(_LATER.c.kind == "event", _LATER.c.item_id == item_id, _LATER.c.history_id > number))


def _of_singles(rows: Sequence[Mapping[Any, Any]]) -> _Step:
    names = [row["item_id"] for row in rows]
    return _Step(
        where=events.c.event_id.in_(names),
        number={row["item_id"]: row["history_id"] for row in rows},
        shift=0,
        at={row["item_id"]: row["changed_at"] for row in rows},
        all_at="",
        last=rows[-1]["history_id"],
        size=len(rows),
    )


def _of_rows(row: Mapping[Any, Any], before: int) -> Iterator[_Step]:
    """The rows that an import added together, the last first, but for those that were changed since."""
    shift = row["history_id"] - row["last_row"]
    top = min(row["last_row"], before - 1 - shift) if before else row["last_row"]
    unchanged = ~_again(events.c.event_id, literal(row["history_id"]))
    while top >= row["first_row"]:
        low = max(row["first_row"], top - STEP_ROWS + 1)
        where = and_(events.c.row_id.between(low, top), unchanged)
        yield _Step(where, {}, shift, {}, row["changed_at"], low + shift, top - low + 1)
        top = low - 1


def _in(allowed: Any, row_id: int) -> bool:
    """Whether it is among the ascending row ids; None allows all."""
    if allowed is None:
        return True
    at = int(np.searchsorted(allowed, row_id))
    return at < len(allowed) and int(allowed[at]) == row_id


def _added_at(connection: Connection, answers: Sequence[_Answer]) -> Mapping[str, datetime]:
    """When each was added, by its first entry or that of the import that added its row."""
    rows = [row for _, _, row in answers]
    if not rows:
        return {}
    mine = history.c.item_id.in_([row["event_id"] for row in rows])
    first = select(history.c.item_id, func.min(history.c.changed_at)).where(history.c.kind == "event", mine)
    found = {row[0]: row[1] for row in connection.execute(first.group_by(history.c.item_id))}
    ranges = _added_ranges(connection)
    for row in rows:
        number, at = _added_in(ranges, row["row_id"])
        if number:
            found[row["event_id"]] = min(at, found.get(row["event_id"], at))
    return {name: datetime.fromisoformat(text) for name, text in found.items()}
