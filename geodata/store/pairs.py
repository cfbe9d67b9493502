"""Finding likely duplicates: what changed since the last look is compared with its neighbours, in short steps.

The history says what changed. Each changed event is compared with the events of its block (a related type, its days,
the reach of its place), which an index finds; rows of a table are compared with stories only, since a table has told
its own events apart. What comes out is kept in `duplicate_pairs`, beside what a person said: "different" is not asked
again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, literal_column, or_, select

from geodata.duplicates import LIKELY, Block, Likeness, block_of, likeness
from geodata.duplicates.blocking import M_PER_DEG, MOST_REACH_M, SAME_TOWN_M
from geodata.geometry import distance_m
from geodata.model import Event, Status
from geodata.store.duplicate_tables import duplicate_pairs
from geodata.store.merged import root_in, roots_of
from geodata.store.rows import day_number, event_of
from geodata.store.saving import batches, set_meta, sources_by_id
from geodata.store.schema import events, history, meta

STEP = 200
"""Changed events a step: some tenths of a second, and the unit of what is written at once."""
MARK = "duplicates_looked"
MOST_COMPARED = 60
"""Neighbours that one event is compared with, the nearest first: bounds the work where thousands share a spot."""
MOST_FETCHED = 3_000
MOST_KEPT = 12  # pairs a changed event; a person has decided long before
_AMONG_ROWS = select(events.c.event_id).where(
    select(history.c.history_id)
    .where(history.c.kind == "rows", history.c.history_id > bindparam("mark"))
    .where(events.c.row_id.between(history.c.first_row, history.c.last_row))
    .where(history.c.history_id - history.c.last_row + events.c.row_id > bindparam("mark"))
    .exists()
)
"""Events among rows that were added together after a mark."""
_IN_STORY: ColumnElement[bool] = literal_column("events.doc_id <> ''")
"""Written out, not bound: SQLite uses a partial index only for the very words of its condition."""
_COMPARED = [events.c[name] for name in ("row_id", "start_day", "end_day", "lat", "lon", "radius_m")]
Pair = tuple[str, str]


@dataclass(slots=True)
class Step:
    """What one step found: the last change it looked at, the events looked at, the likely pairs of them."""

    start: int
    mark: int
    looked_at: list[str] = field(default_factory=list)
    found: dict[Pair, Likeness] = field(default_factory=dict)


def ordered(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def mark_of(connection: Connection) -> int:
    """The last entry of the history that was looked at."""
    return int(connection.execute(select(meta.c.value).where(meta.c.name == MARK)).scalar() or 0)


def changes_left(connection: Connection) -> int:
    """How many entries of the history are still to be looked at."""
    newest = connection.execute(select(func.max(history.c.history_id))).scalar() or 0
    return max(0, int(newest) - mark_of(connection))


def next_step(connection: Connection) -> Step | None:
    """The next changed events compared with their neighbours; None where nothing changed."""
    start = mark_of(connection)
    columns = (history.c.history_id, history.c.item_id, history.c.kind, history.c.first_row, history.c.last_row)
    changed = select(*columns).where(history.c.history_id > start).order_by(history.c.history_id).limit(STEP)
    mark, names = start, dict[str, None]()
    for row in connection.execute(changed).all():
        if row.kind == "rows":
            mark, some = _part_of_rows(connection, row, mark, STEP - len(names))
            names.update(dict.fromkeys(some))
        else:
            mark = row.history_id
            names.update({row.item_id: None} if row.kind == "event" else {})
        if len(names) >= STEP:
            break
    if mark == start:
        return None
    step = Step(start, mark, list(names))
    if step.looked_at:
        step.found = compared(connection, step.looked_at, step.mark)
    return step


def _part_of_rows(connection: Connection, entry: Any, mark: int, most: int) -> tuple[int, list[str]]:
    """The next of the rows that one entry stands for: how far it was looked at with them, and their events."""
    first = max(entry.first_row, entry.last_row - entry.history_id + mark + 1)
    chosen = select(events.c.row_id, events.c.event_id).where(events.c.row_id.between(first, entry.last_row))
    found = connection.execute(chosen.order_by(events.c.row_id).limit(most)).all()
    last = found[-1].row_id if len(found) == most else entry.last_row
    return entry.history_id - entry.last_row + last, [row.event_id for row in found]


def write_step(connection: Connection, step: Step) -> bool:
    """Keep what a step found, unless another process was there first."""
    if mark_of(connection) != step.start:
        return False
    for ids in batches(step.looked_at, STEP):
        touching = or_(duplicate_pairs.c.first_id.in_(ids), duplicate_pairs.c.second_id.in_(ids))
        connection.execute(delete(duplicate_pairs).where(duplicate_pairs.c.verdict == "likely", touching))
    known = _decided(connection)
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "score": found.score,
            "reasons": json.dumps([found.reasons, found.doubts], ensure_ascii=False),
            "verdict": "likely",
        }
        for (first, second), found in step.found.items()
        if (first, second) not in known
    ]
    if rows:
        connection.execute(insert(duplicate_pairs), rows)
    set_meta(connection, MARK, str(step.mark))
    return True


def compared(connection: Connection, event_ids: Sequence[str], mark: int) -> dict[Pair, Likeness]:
    """The likely pairs of these events, those that a person called different left out.

    A neighbour that changed after `mark` is left for its own turn: no pair is weighed twice.
    """
    mine = {event.event_id: event for event in load(connection, events.c.event_id.in_(event_ids))}
    near: dict[str, list[int]] = {}
    for event in mine.values():
        if event.status is not Status.REJECTED and (block := block_of(event)):
            near[event.event_id] = neighbours(connection, event, block)
    names = _names(connection, {row_id for rows in near.values() for row_id in rows})
    wanted = set(names.values()) - set(mine)
    wanted -= _changed_after(connection, wanted, mark)
    others = dict(mine)
    for ids in batches(sorted(wanted), 500):
        others.update((event.event_id, event) for event in load(connection, events.c.event_id.in_(ids)))
    apart = Apart(_decided(connection), roots_of(connection))
    found: dict[Pair, Likeness] = {}
    for name, rows in near.items():
        around = [others[names[row]] for row in rows if names.get(row) in others]
        around = [other for other in around if ordered(name, other.event_id) not in found]
        found.update(_likeliest(mine[name], around, apart))
    return found


def _names(connection: Connection, row_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in batches(sorted(row_ids), 500):
        chosen = select(events.c.row_id, events.c.event_id).where(events.c.row_id.in_(some))
        found.update((row.row_id, row.event_id) for row in connection.execute(chosen))
    return found


def _changed_after(connection: Connection, names: Iterable[str], mark: int) -> set[str]:
    """Those of these events that the history names after `mark`."""
    found: set[str] = set()
    for some in batches(sorted(names), 500):
        chosen = select(history.c.item_id).where(history.c.kind == "event", history.c.item_id.in_(some))
        found.update(connection.execute(chosen.where(history.c.history_id > mark)).scalars())
        found.update(connection.execute(_AMONG_ROWS.where(events.c.event_id.in_(some)), {"mark": mark}).scalars())
    return found


def _likeliest(event: Event, others: Iterable[Event], apart: "Apart") -> dict[Pair, Likeness]:
    weighed = [
        (ordered(event.event_id, other.event_id), likeness(event, other))
        for other in others
        if not apart.are(event.event_id, other.event_id)
    ]
    likely = sorted((pair for pair in weighed if pair[1].score >= LIKELY), key=lambda pair: -pair[1].score)
    return dict(likely[:MOST_KEPT])


def neighbours(connection: Connection, event: Event, block: Block) -> list[int]:
    """Row ids of the events of other stories in the block, the nearest in place and time first."""
    statement = _NEIGHBOURS[event.place is not None, bool(event.doc_id)]
    rows = connection.execute(statement, _bound(event, block)).all()
    if event.place is None:
        return [row[0] for row in rows[:MOST_COMPARED]]
    lon, lat = event.place.lon, event.place.lat
    ranked = []
    for row_id, start, end, row_lat, row_lon, radius_m in rows:
        reach = min(max(radius_m or 0.0, SAME_TOWN_M), MOST_REACH_M) + block.reach_m
        if abs(row_lat - lat) * M_PER_DEG > reach:
            continue
        apart = distance_m(lon, lat, row_lon, row_lat)
        if apart <= reach:
            ranked.append((apart, end - start, row_id))
    return [row_id for _, _, row_id in sorted(ranked)[:MOST_COMPARED]]


def _statement(placed: bool, story: bool) -> Select[Any]:
    """The question for neighbours, made once: writing it anew for each event would take longer than its answer."""
    conditions: list[ColumnElement[bool]] = [
        events.c.event_type.in_(bindparam("types", expanding=True)),
        events.c.start_day.between(bindparam("first_start"), bindparam("last_start")),
        events.c.end_day >= bindparam("first_end"),
        events.c.doc_id != bindparam("doc_id"),
        events.c.status != str(Status.REJECTED),
    ]
    if not story:
        conditions.append(_IN_STORY)
    if placed:
        halves = [events.c.lon.between(bindparam(f"west{n}"), bindparam(f"east{n}")) for n in (0, 1)]
        conditions += [events.c.lat.between(bindparam("south"), bindparam("north")), or_(*halves)]
    else:
        conditions.append(events.c.lat.is_(None))
    return select(*_COMPARED).where(*conditions).limit(MOST_FETCHED)


def _bound(event: Event, block: Block) -> dict[str, object]:
    """What `_statement` asks for; a box that does not cross the antimeridian stands for both halves."""
    bound: dict[str, object] = {
        "types": block.types,
        "first_start": day_number(block.first_start),
        "last_start": day_number(block.last_start),
        "first_end": day_number(block.first_end),
        "doc_id": event.doc_id,
    }
    if block.box is None:
        return bound
    parts = block.box.parts()
    halves = {f"west{n}": part.west for n, part in enumerate((parts[0], parts[-1]))}
    halves |= {f"east{n}": part.east for n, part in enumerate((parts[0], parts[-1]))}
    return {**bound, **halves, "south": block.box.south, "north": block.box.north}


class Apart:
    """The pairs that a person called different, also where one of the two has been merged into another since."""

    def __init__(self, pairs: Iterable[Pair], into: Mapping[str, str]) -> None:
        self._pairs = {ordered(root_in(into, one), root_in(into, other)) for one, other in pairs}

    def are(self, one: str, other: str) -> bool:
        return ordered(one, other) in self._pairs


def _decided(connection: Connection) -> set[Pair]:
    chosen = select(duplicate_pairs.c.first_id, duplicate_pairs.c.second_id)
    return {(row[0], row[1]) for row in connection.execute(chosen.where(duplicate_pairs.c.verdict == "different"))}


def load(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Event]:
    """The events for which the condition holds, with their sources."""
    rows: Sequence[Mapping[Any, Any]] = connection.execute(select(events).where(condition)).mappings().all()
    sources = sources_by_id(connection, [row["event_id"] for row in rows])
    for row in rows:
        yield event_of(row, sources.get(row["event_id"], ()))


_NEIGHBOURS = {(placed, story): _statement(placed, story) for placed in (True, False) for story in (True, False)}
