"""`SqlEdits`: edits by programs. Looking and writing are one transaction: nobody's change is overwritten unseen.

Satisfies contracts.EditBook. The history is kept as that of every other write.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select

from geodata.contracts import Current, Edit, Edited, Reply, RequestKey
from geodata.model import Event
from geodata.store.choices import Connections
from geodata.store.duplicate_tables import merges
from geodata.store.merged import ACTIVE, Merged, merged_into
from geodata.store.merges import undo_all_of
from geodata.store.replies import keep_reply, kept_reply
from geodata.store.rows import Row, before_json, document_of, event_of, event_row, source_rows
from geodata.store.saving import (
    BATCH,
    Changes,
    batches,
    rows_by_id,
    save_documents,
    save_events,
    sources_by_id,
    write_rows,
)
from geodata.store.schema import documents, event_sources, events


class SqlEdits:
    def __init__(self, store: Connections) -> None:
        self._store = store

    def edit(
        self,
        event_ids: Sequence[str],
        decide: Callable[[Current], Edit],
        answer: Callable[[Edited], Reply],
        key: RequestKey | None = None,
        doc_id: str = "",
    ) -> Reply:
        with self._store.writing() as connection:
            if key and (before := kept_reply(connection, key)):
                return before
            reply = answer(_write(connection, decide(_current(connection, event_ids, doc_id)), doc_id))
            if key:
                keep_reply(connection, key, reply)
        return reply

    def replied(self, key: RequestKey) -> Reply | None:
        with self._store.reading() as connection:
            return kept_reply(connection, key)


def _current(connection: Connection, event_ids: Sequence[str], doc_id: str) -> Current:
    ids = list(dict.fromkeys(event_ids))
    document = None
    if doc_id:
        row = connection.execute(select(documents).where(documents.c.doc_id == doc_id)).mappings().first()
        document = document_of(row) if row else None
        ids += [name for name in _ids_of(connection, doc_id) if name not in set(ids)]
    found = _events(connection, ids)
    held: set[str] = set()
    into: dict[str, str] = {}
    for some in batches(ids, BATCH):
        held.update(
            connection.execute(select(merges.c.survivor_id).where(ACTIVE, merges.c.survivor_id.in_(some))).scalars()
        )
        away = connection.execute(select(merges.c.merged_id).where(ACTIVE, merges.c.merged_id.in_(some))).scalars()
        into.update((name, merged_into(connection, name)) for name in away.all())
    return Current(found, document, into, frozenset(held))


def _write(connection: Connection, edit: Edit, doc_id: str) -> Edited:
    removed = list(edit.removed)
    if edit.removes_document:
        undo_all_of(connection, [doc_id])  # an event of another story comes out of the merge as it was
        removed += [name for name in _ids_of(connection, doc_id) if name not in set(removed)]
    changes = Changes(connection)
    gone = _remove(changes, removed)
    if edit.removes_document:
        _remove_document(changes, doc_id)
    if edit.document:
        save_documents(changes, [edit.document])
    merged = Merged(connection)
    ids = [event.event_id for event in (*edit.events, *edit.drafts)]
    before = _events(connection, ids)
    for batch in batches(edit.events, BATCH):
        _put(changes, batch, merged)
    for batch in batches(edit.drafts, BATCH):
        save_events(changes, batch, merged)
    changes.close()
    now = _events(connection, ids)
    return Edited(
        events=now,
        added=[name for name in now if name not in before],
        changed=[name for name in now if name in before and now[name] != before[name]],
        unchanged=[name for name in now if name in before and now[name] == before[name]],
        removed=gone,
    )


def _put(changes: Changes, batch: Sequence[Event], merged: Merged) -> None:
    """Writes events as they are given, whatever their status was: a person or their program says so."""
    connection = changes.connection
    ids = [event.event_id for event in batch]
    there, sources = rows_by_id(connection, ids), sources_by_id(connection, ids)
    added: list[Row] = []
    changed: list[Row] = []
    fresh: list[Row] = []
    log: list[tuple[str, str, str | None]] = []
    for event in batch:
        name, row = event.event_id, event_row(event)
        mine = source_rows(name, event.sources)
        mine = merged.with_sources(name, mine) if merged.survives(name) else mine
        before, told = there.get(name), sources.get(name, [])
        if row == before and mine == told:
            continue
        (added if before is None else changed).append(row)
        fresh += mine
        log.append((name, "added" if before is None else "changed", before_json(before, told) if before else None))
    write_rows(connection, events, events.c.event_id, added, changed)
    if changed:
        names = [row["event_id"] for row in changed]
        connection.execute(delete(event_sources).where(event_sources.c.event_id.in_(names)))
    if fresh:
        connection.execute(insert(event_sources), fresh)
    changes.record("event", log)


def _remove(changes: Changes, event_ids: Sequence[str]) -> list[str]:
    connection, gone = changes.connection, []
    for ids in batches(dict.fromkeys(event_ids), BATCH):
        there, sources = rows_by_id(connection, ids), sources_by_id(connection, ids)
        names = [name for name in ids if name in there]
        log = [(name, "removed", before_json(there[name], sources.get(name, ()))) for name in names]
        changes.record("event", log)
        connection.execute(delete(events).where(events.c.event_id.in_(names)))
        gone += names
    return gone


def _remove_document(changes: Changes, doc_id: str) -> None:
    mine = documents.c.doc_id == doc_id
    row = changes.connection.execute(select(documents).where(mine)).mappings().first()
    if row:
        changes.record("document", [(doc_id, "removed", before_json(row))])
        changes.connection.execute(delete(documents).where(mine))


def _ids_of(connection: Connection, doc_id: str) -> Sequence[str]:
    mine = select(events.c.event_id).where(events.c.doc_id == doc_id)
    return connection.execute(mine.order_by(events.c.quote_start.nulls_last(), events.c.row_id)).scalars().all()


def _events(connection: Connection, event_ids: Sequence[str]) -> dict[str, Event]:
    """Those of these events that are there, in the order of the ids."""
    found: dict[str, Event] = {}
    for ids in batches(dict.fromkeys(event_ids), BATCH):
        rows, sources = rows_by_id(connection, ids), sources_by_id(connection, ids)
        found.update((name, event_of(rows[name], sources.get(name, ()))) for name in ids if name in rows)
    return found
