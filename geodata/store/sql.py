"""`SqlStore`: the store over any database that has a `Backend`. Every writing call is one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Select, case, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from geodata.allowed import RESTRICTED
from geodata.answers import EventColumns, KeptStory, StoreChanges
from geodata.contracts import Receipt
from geodata.contracts.loading import ImportReceipt, Origin, Told
from geodata.contracts.tables import Row
from geodata.errors import StoreBusy, StoreError, UsageError, shown
from geodata.features import FeatureTexts, Found
from geodata.model import Document, Event, Status
from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.by_row import event_ids
from geodata.store.choices import SqlChoices
from geodata.store.columns import mark_of, read_changes, read_columns
from geodata.store.duplicates import SqlDuplicates
from geodata.store.edits import SqlEdits
from geodata.store.following import SqlChanges
from geodata.store.hook_book import SqlHooks
from geodata.store.journal import SqlImports
from geodata.store.lists import SqlLists
from geodata.store.loading import DryRun, load_all, new_import_id, untold
from geodata.store.matching import row_ids, rows_matching
from geodata.store.merges import undo_all_of
from geodata.store.names import names
from geodata.store.rows import before_json, day_of_text, document_of, event_of
from geodata.store.saving import BATCH, Changes, batches, missing, rows_by_id, save_all, set_meta, sources_by_id
from geodata.store.schema import documents, events, meta
from geodata.store.token_book import SqlTokens
from geodata.store.where import conditions

if TYPE_CHECKING:
    from geodata.answers import Ints

_LATEST_FIRST = (events.c.start_day.desc().nulls_last(), events.c.row_id)
_RESTRICTED = func.lower(events.c.tags).like(f'%"{RESTRICTED}"%')
_SAMPLE_STORIES = select(documents.c.doc_id).where(documents.c.sample)
_SAMPLE_EVENTS = events.c.doc_id.in_(_SAMPLE_STORIES)


class SqlStore:
    """Satisfies `contracts.EventStore`. Safe to share between threads: each call takes its own connection."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._choices = SqlChoices(self)
        self._duplicates = SqlDuplicates(self, backend)
        self._lists = SqlLists(self)
        self._tokens = SqlTokens(self, backend)
        self._edits = SqlEdits(self)
        self._changes = SqlChanges(self, backend)
        self._hooks = SqlHooks(self)
        self._imports = SqlImports(self, backend)

    @property
    def choices(self) -> SqlChoices:
        return self._choices

    @property
    def duplicates(self) -> SqlDuplicates:
        return self._duplicates

    @property
    def lists(self) -> SqlLists:
        return self._lists

    @property
    def tokens(self) -> SqlTokens:
        return self._tokens

    @property
    def edits(self) -> SqlEdits:
        return self._edits

    @property
    def changes(self) -> SqlChanges:
        return self._changes

    @property
    def hooks(self) -> SqlHooks:
        return self._hooks

    @property
    def imports(self) -> SqlImports:
        return self._imports

    def load(
        self, rows: Iterable[Row], origin: Origin, told: Told = untold, *, import_id: str = "", dry_run: bool = False
    ) -> ImportReceipt:
        try:
            with self.tidied(), self.writing() as connection:
                receipt = load_all(connection, self._backend, rows, origin, import_id or new_import_id(), told)
                if dry_run:
                    raise DryRun(receipt)
        except DryRun as done:
            return done.receipt
        return receipt

    def save(self, new_events: Iterable[Event], new_documents: Iterable[Document] = ()) -> Receipt:
        with self.writing() as connection:
            return save_all(connection, new_events, new_documents)

    def get(self, event_id: str) -> Event:
        found = next(self._events(select(events).where(events.c.event_id == event_id)), None)
        return found or missing("event", event_id)

    def get_many(self, event_ids: Sequence[str]) -> Sequence[Event]:
        found: dict[str, Event] = {}
        for ids in batches(dict.fromkeys(event_ids), BATCH):
            found.update((e.event_id, e) for e in self._events(select(events).where(events.c.event_id.in_(ids))))
        return tuple(found[name] for name in event_ids if name in found)

    def get_rows(self, row_ids: Iterable[int]) -> Sequence[Event]:
        wanted = list(map(int, row_ids))
        found: dict[int, Event] = {}
        for ids in batches(dict.fromkeys(wanted), BATCH):
            found.update(self._numbered(select(events).where(events.c.row_id.in_(ids))))
        return tuple(found[row] for row in wanted if row in found)

    def document(self, doc_id: str) -> Document:
        with self.reading() as connection:
            row = connection.execute(select(documents).where(documents.c.doc_id == doc_id)).mappings().first()
        return document_of(row) if row else missing("story", doc_id)

    def events_of(self, doc_id: str) -> Sequence[Event]:
        found = select(events).where(events.c.doc_id == doc_id)
        return tuple(self._events(found.order_by(events.c.quote_start.nulls_last(), events.c.row_id)))

    def stories(self, limit: int = 100, offset: int = 0) -> Sequence[KeptStory]:
        columns = [documents.c[name] for name in ("doc_id", "title", "url", "publisher", "published", "sample")]
        by_status = [func.count(case((events.c.status == str(s), 1))).label(str(s)) for s in Status]
        found = select(*columns, *by_status).outerjoin(events, events.c.doc_id == documents.c.doc_id)
        latest = (documents.c.published.desc().nulls_last(), documents.c.doc_id)
        with self.reading() as connection:
            page = found.group_by(documents.c.doc_id).order_by(*latest).limit(limit).offset(offset)
            rows = connection.execute(page).mappings().all()
        return tuple(KeptStory(**{**row, "published": day_of_text(row["published"])}) for row in rows)

    def find(self, query: EventQuery, limit: int | None = None, offset: int = 0) -> Iterator[Event]:
        found = select(events).where(*conditions(query, self._backend)).order_by(*_LATEST_FIRST)
        return self._events(found.limit(limit).offset(offset or None))

    def found(self, query: EventQuery, limit: int | None = None, offset: int = 0, restricted: bool = True) -> Found:
        wanted = conditions(query, self._backend) + ([] if restricted else [~_RESTRICTED])

        def chosen(connection: Connection) -> "Ints":
            rows = select(events.c.row_id).where(*wanted)
            if limit is None and not offset:
                return row_ids(connection, rows)
            page = rows.order_by(*_LATEST_FIRST).limit(limit).offset(offset or None)
            return np.fromiter(connection.execute(page).scalars(), np.int64)

        def texts() -> Iterator[FeatureTexts]:
            with self._explained():
                yield from self._backend.feature_texts(chosen)

        page = select(events).where(*wanted).order_by(*_LATEST_FIRST).limit(limit).offset(offset or None)
        return Found(lambda: self._events(page), texts)

    def count(self, query: EventQuery, restricted: bool = True) -> int:
        wanted = conditions(query, self._backend) + ([] if restricted else [~_RESTRICTED])
        return self._number(select(func.count()).select_from(events).where(*wanted))

    def found_rows(self, rows: "Ints") -> Found:
        def texts() -> Iterator[FeatureTexts]:
            with self._explained():
                yield from self._backend.feature_texts(lambda _: rows)

        return Found(lambda: self._of_rows(rows.tolist()), texts)

    def make_ahead(self) -> bool:
        with self._explained():
            return self._backend.make_ahead()

    def event_ids(self, rows: "Ints") -> list[str]:
        with self.reading() as connection:
            return event_ids(connection, rows)

    def restricted(self) -> "Ints":
        with self.reading() as connection:
            return row_ids(connection, select(events.c.row_id).where(_RESTRICTED))

    def set_status(self, event_ids: Sequence[str], status: Status) -> int:
        with self.writing() as connection:
            changes, changed = Changes(connection), 0
            for ids in batches(dict.fromkeys(event_ids), BATCH):
                there = rows_by_id(connection, ids)
                if absent := [name for name in ids if name not in there]:
                    missing("event", absent[0])
                other = {name: row for name, row in there.items() if row["status"] != status}
                sources = sources_by_id(connection, list(other))
                connection.execute(update(events).where(events.c.event_id.in_(list(other))).values(status=str(status)))
                log = [(name, str(status), before_json(row, sources.get(name, ()))) for name, row in other.items()]
                changes.record("event", log)
                changed += len(other)
            changes.close()
            return changed

    def remove_samples(self) -> int:
        with self.writing() as connection:
            # a story of one's own that was merged with a sample comes out of it as it was
            undo_all_of(connection, connection.execute(_SAMPLE_STORIES).scalars().all())
            changes = Changes(connection)
            found = connection.execute(select(events.c.event_id).where(_SAMPLE_EVENTS)).scalars().all()
            for ids in batches(found, BATCH):
                sources = sources_by_id(connection, ids)
                rows = rows_by_id(connection, ids)
                changes.record(
                    "event", [(name, "removed", before_json(rows[name], sources.get(name, ()))) for name in ids]
                )
                connection.execute(delete(events).where(events.c.event_id.in_(ids)))
            stories = connection.execute(select(documents).where(documents.c.sample)).mappings().all()
            changes.record("document", [(row["doc_id"], "removed", before_json(row)) for row in stories])
            connection.execute(delete(documents).where(documents.c.sample))
            set_meta(connection, "samples_removed", changes.now)
            changes.close()
            return len(found)

    def sample_count(self) -> int:
        return self._number(select(func.count()).select_from(events).where(_SAMPLE_EVENTS))

    def samples_removed(self) -> bool:
        return bool(self._number(select(func.count()).select_from(meta).where(meta.c.name == "samples_removed")))

    def version(self) -> str:
        with self._explained():
            return self._backend.version()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._backend.watch(changed)

    def restoring(self, connection: Connection) -> AbstractContextManager[None]:
        return self._backend.restoring(connection)

    def columns(self) -> EventColumns:
        with self.reading() as connection:
            return read_columns(connection, self._backend)

    def changes_since(self, version: str) -> StoreChanges | None:
        with self.reading() as connection:
            return read_changes(connection, self._backend, version)

    def mark_of(self, version: str) -> str:
        with self.reading() as connection:
            return mark_of(connection, version)

    def rows_matching(self, query: EventQuery) -> "Ints | None":
        with self.reading() as connection:
            return rows_matching(connection, self._backend, query)

    def names(self, kind: str, prefix: str = "", limit: int = 20, country: str = "") -> Sequence[tuple[str, int]]:
        with self.reading() as connection:
            return names(connection, kind, prefix, limit, country)

    def close(self) -> None:
        self._backend.engine.dispose()

    def _number(self, statement: Select[Any]) -> int:
        with self.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def _events(self, statement: Select[Any]) -> Iterator[Event]:
        """The events of rows, read as they are asked for, all from the state the store had at the first of them."""
        return (event for _, event in self._numbered(statement))

    def _of_rows(self, rows: Sequence[int]) -> Iterator[Event]:
        """The events of these rows in their order, read as they are asked for, all from one state of the store."""
        with self.reading() as connection:
            for ids in batches(rows, BATCH):
                found = dict(_read(connection, select(events).where(events.c.row_id.in_(ids))))
                yield from (found[row] for row in ids if row in found)

    def _numbered(self, statement: Select[Any]) -> Iterator[tuple[int, Event]]:
        """The same, each with its row id."""
        with self.reading() as connection:
            yield from _read(connection, statement)

    @contextmanager
    def tidied(self) -> Iterator[None]:
        """Around a write of many events: afterwards the disk holds no more than it has to."""
        try:
            yield
        finally:
            self._backend.tidy()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads one state of the store; its errors are said in words."""
        with self._explained(), self._backend.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; all of it or nothing."""
        with self._explained(), self._backend.engine.connect() as connection:
            locked = connection.execution_options(writes=True)
            with locked.begin():
                yield locked

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind = StoreBusy if self._backend.is_busy(error) else StoreError
            raise kind(self._backend.explain(error)) from error
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{shown(error.object)} holds half a surrogate pair; accepted: whole characters"
            ) from error
        except OverflowError as error:
            raise StoreError(f"a number is too large for the store: {error}") from error


def _read(connection: Connection, statement: Select[Any]) -> Iterator[tuple[int, Event]]:
    """Row ids and events of a statement, read as they are asked for."""
    streamed = connection.execution_options(yield_per=BATCH)
    for batch in streamed.execute(statement).mappings().partitions():
        sources = sources_by_id(connection, [row["event_id"] for row in batch])
        for row in batch:
            yield row["row_id"], event_of(row, sources.get(row["event_id"], ()))
