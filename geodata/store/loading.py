"""What `load` does inside its transaction: rows of a table in batches, new events by the backend's bulk way.

The rules are those of `saving`, and one more: a row never changes an event that a person changed since it was imported,
whatever its status. A row whose id the same file gave before adds to that event what it does not have.
"""

import gc
import secrets
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from geodata.contracts.loading import ImportReceipt, Origin, Outcome, Told
from geodata.contracts.tables import Row
from geodata.duplicates.union import union
from geodata.model import Event, Status
from geodata.store import repeated
from geodata.store.backend import Backend, Bulk
from geodata.store.merged import Merged
from geodata.store.rejoining import forget_returned, same_id, united
from geodata.store.rows import EVENT_COLUMNS, SOURCE_COLUMNS, event_of, event_values, source_values
from geodata.store.saving import BATCH as SAVED
from geodata.store.saving import Changes, batches, rows_by_id, save_events, sources_by_id
from geodata.store.schema import event_sources, events, history, imports

BATCH = 5_000
ROWS = "rows"
OBJECTS = 200_000
"""Between two looks for dead objects: some batches."""
OF_IMPORTS = ("added", "removed", "restored")
"""What imports and taking them back write of events, beside `changed`."""
_OUTCOMES = {"changed": Outcome.CHANGED, "unchanged": Outcome.UNCHANGED}
_SAVED_COLUMNS = [events.c[name] for name in EVENT_COLUMNS]
_SOURCE_COLUMNS = [event_sources.c[name] for name in SOURCE_COLUMNS]
NOTES = {
    Outcome.KEPT: ("row is of an event", "rows are of events", "that a person changed, rejected or merged: left so"),
    Outcome.MERGED: ("row has", "rows have", "an id that the file gave before: joined to the event of the earlier row"),
}


class DryRun(Exception):
    """Ends the transaction of a load that was only to show what it would do."""

    def __init__(self, receipt: ImportReceipt) -> None:
        super().__init__("a dry run")
        self.receipt = replace(receipt, dry_run=True, can_undo=False)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Python looks for rings of dead objects less often: rows make none, and the looks took an eighth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], OBJECTS), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def new_import_id() -> str:
    """They sort by time."""
    return f"{datetime.now(UTC):%Y%m%d%H%M%S}{secrets.token_hex(4)}"


def untold(row: Row, outcome: Outcome, why: str) -> None:
    """For who wants to know of no row."""


def load_all(
    connection: Connection, backend: Backend, rows: Iterable[Row], origin: Origin, import_id: str, told: Told
) -> ImportReceipt:
    """All rows, or none where something fails; the version moves on only where an event was added or changed."""
    changes = Changes(connection)
    with backend.bulk(connection) as bulk, rarely_collected():
        load = _Load(changes, bulk, told)
        for batch in batches(rows, BATCH):
            load.take(batch)
        first, last = load.first_row, bulk.next_row - 1
        load.forget_returns()
    record_rows(changes, import_id, "added", [(first, last)] if last >= first else [])
    receipt = load.receipt(import_id)
    if changes.any:
        receipt = replace(receipt, can_undo=True)
        _remember(changes, origin, receipt)
    changes.close()
    repeated.remember(connection, origin, receipt)
    return receipt


def record_rows(changes: Changes, import_id: str, action: str, ranges: Sequence[tuple[int, int]]) -> None:
    """One entry of the history for each range of rows; see `schema.history` on its number."""
    for first, last in ranges:
        newest = changes.connection.execute(select(func.coalesce(func.max(history.c.history_id), 0))).scalar_one()
        entry = {
            "history_id": newest + last - first + 1,
            "version": changes.version,
            "changed_at": changes.now,
            "kind": ROWS,
            "item_id": import_id,
            "action": action,
            "first_row": first,
            "last_row": last,
        }
        changes.connection.execute(insert(history), [entry])
        changes.any = True


def _remember(changes: Changes, origin: Origin, receipt: ImportReceipt) -> None:
    names = ("rows", "added", "changed", "unchanged", "kept", "merged", "rejected", "undated", "unplaced")
    kept = {
        "import_id": receipt.import_id,
        "version": changes.version,
        "made_at": changes.now,
        **{name: getattr(origin, name) for name in ("name", "format", "sha256", "mapping", "credit")},
        **{name: getattr(receipt, name) for name in names},
        "notes": "\n".join(receipt.notes),
    }
    changes.connection.execute(insert(imports), [kept])


class _Unrecorded(Changes):
    """Changes of rows that the same load has added: the history tells of them by that."""

    def __init__(self, changes: Changes) -> None:
        self.connection, self.version, self.now, self.any = changes.connection, changes.version, changes.now, True

    def record(self, kind: str, entries: Sequence[tuple[str, str, str | None]]) -> None:
        return


class _Lines:
    """In which line of the file the event of a row id came first: 4 bytes a row of the store, however many come."""

    def __init__(self, first_row: int) -> None:
        self._first, self._old, self._new = first_row, array("I"), array("I")

    def added(self, lines: Iterable[int]) -> None:
        self._new.extend(lines)

    def of(self, row_id: int) -> int:
        """0: not yet."""
        if row_id >= self._first:
            return self._new[row_id - self._first]
        return self._old[row_id] if self._old else 0

    def set(self, row_id: int, line: int) -> None:
        if not self._old:
            self._old = array("I", bytes(4 * self._first))
        self._old[row_id] = line


class _Load:
    """One load, batch by batch."""

    def __init__(self, changes: Changes, bulk: Bulk, told: Told) -> None:
        self._changes, self._bulk, self._told = changes, bulk, told
        self.first_row = bulk.next_row
        self._merged = Merged(changes.connection)
        self._lines = _Lines(self.first_row)
        self._counts: Counter[str] = Counter()
        self._kept: set[str] = set()
        self._rejoined: set[str] = set()

    def take(self, batch: Sequence[Row]) -> None:
        said: list[tuple[Outcome, str]] = [(Outcome.ADDED, "")] * len(batch)
        known = self._bulk.known([row.event.event_id for row in batch if row.event])
        fresh: dict[str, Row] = {}
        there: list[tuple[int, Row, Event]] = []
        for at, row in enumerate(batch):
            event = row.event
            if event is None:
                said[at] = Outcome.REJECTED, ""
            elif event.event_id in known or event.event_id in fresh:
                there.append((at, row, event))
            elif self._merged.away(event, True, event.status is Status.DRAFT):
                said[at] = Outcome.KEPT, "it was merged into another event"
            else:
                fresh[event.event_id] = row
        if fresh:
            self._add(fresh)
        if there:
            self._bulk.pause()
            self._settle(there, {**known, **self._bulk.known([name for name in fresh if name not in known])}, said)
        self._tell(batch, said)

    def forget_returns(self) -> None:
        """Events whose rows lie batches apart, and that are at the end what they were: they were not changed."""
        same = forget_returned(self._changes, self._rejoined)
        self._counts[Outcome.CHANGED] -= same
        self._counts[Outcome.UNCHANGED] += same

    def receipt(self, import_id: str) -> ImportReceipt:
        counts: dict[str, Any] = {str(outcome): self._counts[outcome] for outcome in Outcome}
        notes = [
            f"{self._counts[outcome]:,} {one if self._counts[outcome] == 1 else many} {rest}"
            for outcome, (one, many, rest) in NOTES.items()
            if self._counts[outcome]
        ]
        totals: dict[str, Any] = {name: self._counts[name] for name in ("undated", "unplaced")}
        return ImportReceipt(import_id, sum(counts.values()), **counts, **totals, notes=tuple(notes))

    def _add(self, fresh: dict[str, Row]) -> None:
        self._bulk.add([row.event for row in fresh.values() if row.event])
        self._lines.added(row.line for row in fresh.values())

    def _tell(self, batch: Sequence[Row], said: Sequence[tuple[Outcome, str]]) -> None:
        self._counts.update(map(itemgetter(0), said))
        told = self._told
        for row, (outcome, why) in zip(batch, said, strict=True):
            event = row.event
            if event is not None:
                if event.when is None:
                    self._counts["undated"] += 1
                if event.place is None:
                    self._counts["unplaced"] += 1
            told(row, outcome, why)

    # What the store has already, or the file has given before

    def _settle(
        self, there: Sequence[tuple[int, Row, Event]], row_ids: dict[str, int], said: list[tuple[Outcome, str]]
    ) -> None:
        again: list[tuple[int, Row, Event]] = []
        first: list[tuple[int, Row, Event]] = []
        joins: list[tuple[int, Row, Event]] = []
        seen: set[str] = set()
        for item in there:
            name = item[2].event_id
            is_again = name in seen or self._lines.of(row_ids[name])
            (again if is_again else joins if item[1].joins else first).append(item)
            seen.add(name)
            if not is_again:
                self._lines.set(row_ids[name], item[1].line)
        settled = self._same_as_before(first, again, row_ids, said)
        self._compare([item for item in first if item[2].event_id not in settled], row_ids, said)
        self._join_again(joins, row_ids, said)
        self._join([item for item in again if item[2].event_id not in settled], row_ids, said)

    def _same_as_before(
        self,
        first: Sequence[tuple[int, Row, Event]],
        again: Sequence[tuple[int, Row, Event]],
        row_ids: dict[str, int],
        said: list[tuple[Outcome, str]],
    ) -> set[str]:
        """The ids whose rows, several of the file, come to just the event that an earlier load made of them."""
        several: dict[str, list[tuple[int, Row, Event]]] = {event.event_id: [] for _, _, event in again}
        for item in (*first, *again):
            if item[2].event_id in several:
                several[item[2].event_id].append(item)
        started = {event.event_id for _, _, event in first}
        stored = _stored(self._changes.connection, {name: row_ids[name] for name in several if name in started})
        settled = {
            name for name, before in stored.items() if _as_stored(united(each[2] for each in several[name])) == before
        }
        for name in settled:
            (at, row, event), *others = several[name]
            said[at] = Outcome.UNCHANGED, ""
            for at, _, other in others:
                said[at] = Outcome.MERGED, same_id(row.line, event, other)
        return settled

    def _compare(
        self, items: Sequence[tuple[int, Row, Event]], row_ids: dict[str, int], said: list[tuple[Outcome, str]]
    ) -> None:
        """Rows of events that the store had before the load."""
        names = [event.event_id for _, _, event in items]
        stored = _stored(self._changes.connection, {name: row_ids[name] for name in names})
        other = []
        for at, _, event in items:
            if stored[event.event_id] == _as_stored(event):
                said[at] = Outcome.UNCHANGED, ""
            else:
                other.append((at, event))
        for some in batches(other, SAVED):
            persons = _changed_by_persons(self._changes.connection, [event.event_id for _, event in some])
            free = [(at, event) for at, event in some if event.event_id not in persons]
            outcomes = save_events(self._changes, [event for _, event in free], self._merged)
            for (at, _), outcome in zip(free, outcomes, strict=True):
                said[at] = _OUTCOMES.get(outcome, Outcome.KEPT), ""
            for at, event in some:
                if event.event_id in persons:
                    said[at] = Outcome.KEPT, "a person changed its event since it was imported"
                if said[at][0] is Outcome.KEPT:
                    self._kept.add(event.event_id)

    def _join_again(
        self, items: Sequence[tuple[int, Row, Event]], row_ids: dict[str, int], said: list[tuple[Outcome, str]]
    ) -> None:
        """Rows that were joined to the event of another row by an earlier load, and are sent again without that row."""
        connection = self._changes.connection
        names = [event.event_id for _, _, event in items]
        rows, sources = rows_by_id(connection, names), sources_by_id(connection, names)
        persons = _changed_by_persons(connection, names)
        for at, _, event in items:
            name = event.event_id
            there = event_of(rows[name], sources.get(name, ()))
            joined = union(there, event)
            if name in persons:
                self._kept.add(name)
                said[at] = Outcome.KEPT, "a person changed its event since it was imported"
            elif joined == there:
                said[at] = Outcome.UNCHANGED, ""
            else:
                (outcome,) = save_events(self._changes, [joined], self._merged)
                said[at] = _OUTCOMES.get(outcome, Outcome.KEPT), "joined to the event that it went into before"

    def _join(
        self, items: Sequence[tuple[int, Row, Event]], row_ids: dict[str, int], said: list[tuple[Outcome, str]]
    ) -> None:
        """Rows whose id the file has given before."""
        connection = self._changes.connection
        stored = _stored(connection, {event.event_id: row_ids[event.event_id] for _, _, event in items})
        for at, _, event in items:
            name = event.event_id
            said[at] = Outcome.MERGED, same_id(self._lines.of(row_ids[name]))
            if name in self._kept:
                said[at] = Outcome.KEPT, "a person changed its event since it was imported"
            elif stored[name] != _as_stored(event):
                row, sources = rows_by_id(connection, [name])[name], sources_by_id(connection, [name])
                there = event_of(row, sources.get(name, ()))
                said[at] = Outcome.MERGED, same_id(self._lines.of(row_ids[name]), there, event)
                joined = union(there, event)
                is_new = row_ids[name] >= self.first_row
                if not is_new:
                    self._rejoined.add(name)
                save_events(_Unrecorded(self._changes) if is_new else self._changes, [joined], self._merged)


Stored = tuple[tuple[Any, ...], list[tuple[Any, ...]]]


def _as_stored(event: Event) -> Stored:
    name = event.event_id
    return event_values(event), [source_values(name, at, source) for at, source in enumerate(event.sources)]


def _stored(connection: Connection, row_ids: Mapping[str, int]) -> dict[str, Stored]:
    """The rows of these events and of their sources, as `event_values` and `source_values` give them."""
    found: dict[str, Stored] = {}
    for some in batches(row_ids, BATCH):
        mine = _these({name: row_ids[name] for name in some})
        for row in _fetched(connection, select(*_SAVED_COLUMNS).where(mine)):
            found[row[0]] = row, []
        told = select(*_SOURCE_COLUMNS).join(events, events.c.event_id == event_sources.c.event_id).where(mine)
        for row in _fetched(connection, told.order_by(events.c.row_id, event_sources.c.position)):
            found[row[0]][1].append(row)
    return found


def _these(row_ids: Mapping[str, int]) -> ColumnElement[bool]:
    """Which events these are: a file imported again names rows that follow each other, which are read in one sweep."""
    first, last = min(row_ids.values()), max(row_ids.values())
    if last - first + 1 == len(row_ids):
        return events.c.row_id.between(first, last)
    return events.c.event_id.in_(list(row_ids))


def _fetched(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver gives them: SQLAlchemy's own would take as long again."""
    cursor = connection.execute(statement).cursor
    return list(map(tuple, cursor.fetchall())) if cursor else []


def _changed_by_persons(connection: Connection, event_ids: Sequence[str]) -> set[str]:
    """Those of these events that something else than an import has changed."""
    changed = select(history.c.item_id).where(history.c.kind == "event", history.c.item_id.in_(event_ids))
    changed = changed.where(history.c.action.not_in(OF_IMPORTS), history.c.version.not_in(select(imports.c.version)))
    return set(connection.execute(changed).scalars())
