"""Many events by plain statements, for databases without a quicker way of their own. See `backend.Bulk`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, delete, func, insert, select

from geodata.model import Event
from geodata.store.rows import event_row, source_rows
from geodata.store.saving import BATCH, batches
from geodata.store.schema import event_sources, events


class PlainBulk:
    """What events are found by is kept by the database's triggers, statement by statement."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = int(connection.execute(select(func.coalesce(func.max(events.c.row_id), 0))).scalar_one()) + 1

    @property
    def next_row(self) -> int:
        return self._next

    def known(self, event_ids: Sequence[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for some in batches(event_ids, BATCH):
            chosen = select(events.c.event_id, events.c.row_id).where(events.c.event_id.in_(some))
            found.update((row.event_id, row.row_id) for row in self._connection.execute(chosen))
        return found

    def add(self, new_events: Sequence[Event]) -> None:
        rows = [{"row_id": row, **event_row(event)} for row, event in enumerate(new_events, self._next)]
        sources = [row for event in new_events for row in source_rows(event.event_id, event.sources)]
        for table, written in ((events, rows), (event_sources, sources)):
            if written:
                self._connection.execute(insert(table), written)
        self._next += len(rows)

    def remove(self, ranges: Sequence[tuple[int, int]], version: int) -> None:
        for first, last in ranges:
            self._connection.execute(delete(events).where(events.c.row_id.between(first, last)))

    def pause(self) -> None:
        """Nothing was held back."""


@contextmanager
def plain_bulk(connection: Connection) -> Iterator[PlainBulk]:
    """The whole of it: there is nothing to complete at its end."""
    yield PlainBulk(connection)
