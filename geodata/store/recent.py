"""The events that answer a query in the order of their last change, the latest first: what a feed reader wants.

It walks the history backwards and asks of each step which events answer. A filter that few events answer gives a short
page and where to go on, not a slow one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, select

from geodata.contracts import RecentPage
from geodata.model import Event
from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.entries import OF_EVENTS, ROWS, first_number
from geodata.store.matching import rows_matching
from geodata.store.rows import event_of
from geodata.store.saving import BATCH, sources_by_id
from geodata.store.schema import events, history
from geodata.store.where import conditions

MOST_WALKED = 20_000
"""Changes that one page looks at."""
STEP_ROWS = 2_000
"""Of those that an import added together."""
_HELD_BY_INDEX = ("text", "country", "admin1", "actor")
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


def recent_events(connection: Connection, backend: Backend, query: EventQuery, limit: int, before: int) -> RecentPage:
    """See `contracts.ChangeBook.recent`."""
    allowed = rows_matching(connection, backend, query)
    narrowed = conditions(query.without(*_HELD_BY_INDEX), backend)
    found: list[tuple[int, datetime, Mapping[Any, Any]]] = []
    walked, last = 0, 0
    for step in _steps(connection, before):
        there = connection.execute(select(events).where(step.where, *narrowed)).mappings()
        answers = [(*step.of(row), row) for row in there if _in(allowed, row["row_id"])]
        found += sorted(answers, key=lambda item: -item[0])
        walked, last = walked + step.size, step.last
        if len(found) >= limit or walked >= MOST_WALKED:
            break
    else:
        last = 0
    if len(found) > limit:
        found = found[:limit]
        last = found[-1][0]
    first = _added_at(connection, [row for _, _, row in found])
    sources = sources_by_id(connection, [row["event_id"] for _, _, row in found])
    pages: list[tuple[Event, datetime, datetime]] = []
    for _, at, row in found:
        name = row["event_id"]
        pages.append((event_of(row, sources.get(name, ())), at, min(at, first.get(name, at))))
    return RecentPage(pages, last)


def _steps(connection: Connection, before: int) -> Iterator[_Step]:
    place = before
    while True:
        chosen = select(history).where(OF_EVENTS, ~_again(history.c.item_id, history.c.history_id))
        # an entry of many rows may begin below the place and end above it
        reach = history.c.history_id - func.coalesce(history.c.last_row - history.c.first_row, 0)
        chosen = chosen.where(reach < place, history.c.history_id < place + _widest(connection)) if place else chosen
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
                yield from _of_rows(row, place)
        if singles:
            yield _of_singles(singles)
        place = first_number(rows[-1])


def _widest(connection: Connection) -> int:
    """The most rows that one entry stands for."""
    widest = select(func.max(history.c.last_row - history.c.first_row)).where(history.c.kind == ROWS)
    return int(connection.execute(widest).scalar() or 0) + 1


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


def _added_at(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> Mapping[str, datetime]:
    """When each was added, by its first entry or that of the import that added its row."""
    if not rows:
        return {}
    mine = history.c.item_id.in_([row["event_id"] for row in rows])
    first = select(history.c.item_id, func.min(history.c.changed_at)).where(history.c.kind == "event", mine)
    found = {row[0]: row[1] for row in connection.execute(first.group_by(history.c.item_id))}
    ranges = select(history).where(history.c.kind == ROWS, history.c.action == "added")
    for entry in connection.execute(ranges.order_by(history.c.history_id)).mappings():
        for row in rows:
            if entry["first_row"] <= row["row_id"] <= entry["last_row"]:
                found[row["event_id"]] = min(entry["changed_at"], found.get(row["event_id"], entry["changed_at"]))
    return {name: datetime.fromisoformat(text) for name, text in found.items()}
