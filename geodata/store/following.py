"""The history as a feed: what became of events since a cursor, and which events were changed last.

A cursor is `STORE-VERSION.NUMBER.MARK`: the last change seen, with a mark of it, so that a store that was put back from
a copy and counted on is not taken for the one that was followed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from geodata.contracts import ChangePage, EventChange, RecentPage
from geodata.model import Event
from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.choices import Connections
from geodata.store.columns import version_in
from geodata.store.entries import Entry, cursor_of, entries, last_cursor, number_of
from geodata.store.merged import loaded
from geodata.store.recent import recent_events
from geodata.store.rows import event_of
from geodata.store.saving import BATCH, batches, rows_by_id, sources_by_id

if TYPE_CHECKING:
    from geodata.answers import Ints


class SqlChanges:
    """Satisfies `contracts.ChangeBook`."""

    def __init__(self, store: Connections, backend: Backend) -> None:
        self._store, self._backend = store, backend

    def since(self, cursor: str = "", limit: int = 100, until: str = "") -> ChangePage:
        with self._store.reading() as connection:
            store_id = version_in(connection).rpartition("-")[0]
            found = entries(connection, number_of(connection, cursor), limit + 1)
            if until:
                last = number_of(connection, until)
                found = [entry for entry in found if entry.number <= last]
            changes = _changes(connection, store_id, found[:limit])
            # behind the last entry of all, which may be none of these: a row that went since has none
            here = changes[-1].cursor if len(found) > limit else until or last_cursor(connection)
        return ChangePage(changes, here, len(found) > limit)

    def now(self) -> str:
        with self._store.reading() as connection:
            return last_cursor(connection)

    def recent(
        self,
        query: EventQuery,
        limit: int,
        before: int = 0,
        rows: Sequence[int] | None = None,
        within: "Ints | None" = None,
    ) -> RecentPage:
        with self._store.reading() as connection:
            return recent_events(connection, self._backend, query, limit, before, rows, within)


def _changes(connection: Connection, store_id: str, found: Sequence[Entry]) -> list[EventChange]:
    now: dict[str, Event] = {}
    for ids in batches(dict.fromkeys(entry.event_id for entry in found), BATCH):
        there, sources = rows_by_id(connection, ids), sources_by_id(connection, ids)
        now.update((name, event_of(row, sources.get(name, ()))) for name, row in there.items())
    return [
        EventChange(
            cursor=cursor_of(store_id, entry),
            version=entry.version,
            changed_at=entry.changed_at,
            action=entry.kind,
            event_id=entry.event_id,
            now=now.get(entry.event_id),
            before=event_of(*loaded(entry.before)) if entry.before else None,
            into=entry.into,
        )
        for entry in found
    ]
