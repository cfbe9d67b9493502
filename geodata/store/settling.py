"""Rows of a load whose event the store has already, or that the file has given before: compared, changed or joined."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from geodata.contracts.loading import Outcome
from geodata.contracts.tables import Row
from geodata.duplicates.union import union
from geodata.model import Event
from geodata.store.merged import Merged
from geodata.store.rejoining import forget_returned, same_id, united
from geodata.store.rows import EVENT_COLUMNS, SOURCE_COLUMNS, event_of, event_values, source_values
from geodata.store.saving import BATCH, Changes, batches, rows_by_id, save_events, sources_by_id
from geodata.store.schema import event_sources, events, history, imports

READ = 5_000
"""Events that are read at once to be compared."""
OF_IMPORTS = ("added", "removed", "restored")
"""What imports and taking them back write of events, beside `changed`."""
CHANGED_BY_PERSON = "a person changed its event since it was imported"
_OUTCOMES = {"changed": Outcome.CHANGED, "unchanged": Outcome.UNCHANGED}
_SAVED_COLUMNS = [events.c[name] for name in EVENT_COLUMNS]
_SOURCE_COLUMNS = [event_sources.c[name] for name in SOURCE_COLUMNS]
Item = tuple[int, Row, Event]
"""Which row of a batch it is, the row, and its event."""
Said = list[tuple[Outcome, str]]
"""What became of each row of a batch, and why."""


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


class Settling:
    """What one load has to remember of such rows; it writes what they change."""

    def __init__(self, changes: Changes, first_row: int) -> None:
        """`first_row` is the first that the load adds."""
        self._changes, self._first_row = changes, first_row
        self.merged, self.lines = Merged(changes.connection), _Lines(first_row)
        self._kept: set[str] = set()
        self._rejoined: set[str] = set()

    def settle(self, there: Sequence[Item], row_ids: dict[str, int], said: Said) -> None:
        again: list[Item] = []
        first: list[Item] = []
        joins: list[Item] = []
        seen: set[str] = set()
        for item in there:
            name = item[2].event_id
            is_again = name in seen or self.lines.of(row_ids[name])
            (again if is_again else joins if item[1].joins else first).append(item)
            seen.add(name)
            if not is_again:
                self.lines.set(row_ids[name], item[1].line)
        settled = self._same_as_before(first, again, row_ids, said)
        self._compare([item for item in first if item[2].event_id not in settled], row_ids, said)
        self._join_again(joins, row_ids, said)
        self._join([item for item in again if item[2].event_id not in settled], row_ids, said)

    def _same_as_before(
        self,
        first: Sequence[Item],
        again: Sequence[Item],
        row_ids: dict[str, int],
        said: Said,
    ) -> set[str]:
        """The ids whose rows, several of the file, come to just the event that an earlier load made of them."""
        several: dict[str, list[Item]] = {event.event_id: [] for _, _, event in again}
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

    def _compare(self, items: Sequence[Item], row_ids: dict[str, int], said: Said) -> None:
        """Rows of events that the store had before the load."""
        names = [event.event_id for _, _, event in items]
        stored = _stored(self._changes.connection, {name: row_ids[name] for name in names})
        other = []
        for at, _, event in items:
            if stored[event.event_id] == _as_stored(event):
                said[at] = Outcome.UNCHANGED, ""
            else:
                other.append((at, event))
        for some in batches(other, BATCH):
            persons = _changed_by_persons(self._changes.connection, [event.event_id for _, event in some])
            free = [(at, event) for at, event in some if event.event_id not in persons]
            outcomes = save_events(self._changes, [event for _, event in free], self.merged)
            for (at, _), outcome in zip(free, outcomes, strict=True):
                said[at] = _OUTCOMES.get(outcome, Outcome.KEPT), ""
            for at, event in some:
                if event.event_id in persons:
                    said[at] = Outcome.KEPT, CHANGED_BY_PERSON
                if said[at][0] is Outcome.KEPT:
                    self._kept.add(event.event_id)

    def _join_again(self, items: Sequence[Item], row_ids: dict[str, int], said: Said) -> None:
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
                said[at] = Outcome.KEPT, CHANGED_BY_PERSON
            elif joined == there:
                said[at] = Outcome.UNCHANGED, ""
            else:
                (outcome,) = save_events(self._changes, [joined], self.merged)
                said[at] = _OUTCOMES.get(outcome, Outcome.KEPT), "joined to the event that it went into before"

    def _join(self, items: Sequence[Item], row_ids: dict[str, int], said: Said) -> None:
        """Rows whose id the file has given before."""
        connection = self._changes.connection
        stored = _stored(connection, {event.event_id: row_ids[event.event_id] for _, _, event in items})
        for at, _, event in items:
            name = event.event_id
            said[at] = Outcome.MERGED, same_id(self.lines.of(row_ids[name]))
            if name in self._kept:
                said[at] = Outcome.KEPT, CHANGED_BY_PERSON
            elif stored[name] != _as_stored(event):
                row, sources = rows_by_id(connection, [name])[name], sources_by_id(connection, [name])
                there = event_of(row, sources.get(name, ()))
                said[at] = Outcome.MERGED, same_id(self.lines.of(row_ids[name]), there, event)
                joined = union(there, event)
                is_new = row_ids[name] >= self._first_row
                if not is_new:
                    self._rejoined.add(name)
                save_events(_Unrecorded(self._changes) if is_new else self._changes, [joined], self.merged)

    def forget_returns(self) -> int:
        """How many events were changed and are at the end what they were: their rows lie batches apart."""
        return forget_returned(self._changes, self._rejoined)


Stored = tuple[tuple[Any, ...], list[tuple[Any, ...]]]


def _as_stored(event: Event) -> Stored:
    name = event.event_id
    return event_values(event), [source_values(name, at, source) for at, source in enumerate(event.sources)]


def _stored(connection: Connection, row_ids: Mapping[str, int]) -> dict[str, Stored]:
    """The rows of these events and of their sources, as `event_values` and `source_values` give them."""
    found: dict[str, Stored] = {}
    for some in batches(row_ids, READ):
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
