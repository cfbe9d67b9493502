"""What `save` does inside its transaction: compares with what is there, in batches, and writes only what differs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Never, TypeVar

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, update

from geodata.contracts import Receipt
from geodata.errors import NotFound, shown
from geodata.model import Document, Event, Status
from geodata.store.merged import Merged
from geodata.store.rows import Row, before_json, document_row, event_row, source_rows
from geodata.store.schema import documents, event_sources, events, history, meta

BATCH = 500
T = TypeVar("T")


class Changes:
    """The changes of one writing call: their history, and the store's version that they make."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        found = connection.execute(select(meta.c.value).where(meta.c.name == "version")).scalar_one()
        self.version = int(found) + 1
        self.now = datetime.now(UTC).isoformat(timespec="seconds")
        self.any = False

    def record(self, kind: str, entries: Sequence[tuple[str, str, str | None]]) -> None:
        """Keep (id, action, the row before as JSON) for each; `kind` is event, document or choice."""
        if not entries:
            return
        rows = [
            {
                "version": self.version,
                "changed_at": self.now,
                "kind": kind,
                "item_id": item_id,
                "action": action,
                "before": before,
            }
            for item_id, action, before in entries
        ]
        self.connection.execute(insert(history), rows)
        self.any = True

    def close(self) -> None:
        """Move the version on where anything changed; the last statement of a transaction."""
        if self.any:
            set_meta(self.connection, "version", str(self.version))


def save_all(connection: Connection, new_events: Iterable[Event], new_documents: Iterable[Document]) -> Receipt:
    changes = Changes(connection)
    stories = 0
    for documents_batch in batches(new_documents, BATCH):
        stories += len(documents_batch)
        save_documents(changes, documents_batch)
    counts: Counter[str] = Counter()
    merged = Merged(connection)
    for events_batch in batches(new_events, BATCH):
        counts.update(undated=sum(event.when is None for event in events_batch))
        counts.update(unplaced=sum(event.place is None for event in events_batch))
        counts.update(save_events(changes, events_batch, merged))
    changes.close()
    kept, away = counts["kept"], counts["away"]
    notes = [_note(kept, "reviewed or rejected before stayed as a person left")] if kept else []
    notes += (
        [_note(away, "merged into others before stayed so: reading the story again does not restore")] if away else []
    )
    return Receipt(
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"] + kept + away,
        stories=stories,
        undated=counts["undated"],
        unplaced=counts["unplaced"],
        notes=tuple(notes),
    )


def _note(count: int, said: str) -> str:
    """ "1 event SAID it", "2 events SAID them"."""
    return f"{count} event{'s' if count > 1 else ''} {said} {'them' if count > 1 else 'it'}"


def save_documents(changes: Changes, batch: Sequence[Document]) -> None:
    connection = changes.connection
    rows = {document.doc_id: document_row(document) for document in batch}
    found = connection.execute(select(documents).where(documents.c.doc_id.in_(list(rows)))).mappings()
    there = {row["doc_id"]: dict(row) for row in found}
    added = [row for doc_id, row in rows.items() if doc_id not in there]
    changed = [row for doc_id, row in rows.items() if doc_id in there and row != there[doc_id]]
    write_rows(connection, documents, documents.c.doc_id, added, changed)
    changes.record("document", [(row["doc_id"], "added", None) for row in added])
    changes.record("document", [(row["doc_id"], "changed", before_json(there[row["doc_id"]])) for row in changed])
    if any(document.sample for document in batch):
        connection.execute(delete(meta).where(meta.c.name == "samples_removed"))


def save_events(changes: Changes, batch: Sequence[Event], merged: Merged) -> list[str]:
    """Write a batch; of each whether it was added, changed, unchanged, kept as a person left it, or merged away before.

    An id that comes twice in the batch is changed by its second coming, as it would be in a later batch.
    """
    connection = changes.connection
    there = rows_by_id(connection, [event.event_id for event in batch])
    sources = sources_by_id(connection, list(there))
    stored = set(there)
    outcomes: list[str] = []
    log: list[tuple[str, str, str | None]] = []
    added: dict[str, Row] = {}
    changed: dict[str, Row] = {}
    for event in batch:
        row, mine = event_row(event), source_rows(event.event_id, event.sources)
        name = event.event_id
        before, outcome = there.get(name), "added"
        survives = merged.survives(name)
        if survives:
            mine = merged.with_sources(name, mine)
        if before is not None:
            outcome = _outcome(event, row == before and mine == sources.get(name, []), before, survives)
        if merged.away(event, before is None, event.status is Status.DRAFT):
            outcome = "away"
        outcomes.append(outcome)
        if outcome in ("unchanged", "kept", "away"):
            continue
        log.append((name, outcome, before_json(before, sources.get(name, [])) if before else None))
        (changed if name in stored else added)[name] = row
        there[name], sources[name] = row, mine
    write_rows(connection, events, events.c.event_id, list(added.values()), list(changed.values()))
    if changed:
        connection.execute(delete(event_sources).where(event_sources.c.event_id.in_(list(changed))))
    if fresh := [row for name in (*added, *changed) for row in sources[name]]:
        connection.execute(insert(event_sources), fresh)
    changes.record("event", log)
    return outcomes


def _outcome(event: Event, same: bool, before: Row, survives: bool) -> str:
    """A draft gives way to what a person reviewed, rejected, or merged others into."""
    if same:
        return "unchanged"
    if event.status == Status.DRAFT and (before["status"] != Status.DRAFT or survives):
        return "kept"
    return "changed"


def write_rows(
    connection: Connection, into: Table, key: Column[Any], added: Sequence[Row], changed: Sequence[Row]
) -> None:
    if added:
        connection.execute(insert(into), added)
    if changed:
        statement = update(into).where(key == bindparam("_key"))
        connection.execute(statement, [{**row, "_key": row[key.name]} for row in changed])


def rows_by_id(connection: Connection, event_ids: Sequence[str]) -> dict[str, Row]:
    """The rows of those of these events that are in the store, without row_id."""
    wanted = [column for column in events.c if column is not events.c.row_id]
    found = connection.execute(select(*wanted).where(events.c.event_id.in_(event_ids))).mappings()
    return {row["event_id"]: dict(row) for row in found}


def sources_by_id(connection: Connection, event_ids: Sequence[str]) -> dict[str, list[Row]]:
    """The sources of these events, in order; an event without one has no entry."""
    statement = select(event_sources).where(event_sources.c.event_id.in_(event_ids))
    grouped: dict[str, list[Row]] = {}
    for row in connection.execute(statement.order_by(event_sources.c.event_id, event_sources.c.position)).mappings():
        grouped.setdefault(row["event_id"], []).append(dict(row))
    return grouped


def missing(kind: str, item_id: str) -> Never:
    raise NotFound(f"there is no {kind} with the id {shown(item_id)} in the store")


def set_meta(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(meta).where(meta.c.name == name).values(value=value)).rowcount:
        connection.execute(insert(meta).values(name=name, value=value))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
