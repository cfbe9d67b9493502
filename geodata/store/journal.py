"""`SqlImports`: the imports of tables that changed the store, and taking one back. Satisfies contracts.ImportBook.

An import is one version of the store: its history says which rows it added and what the events were that it changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, insert, literal, or_, select, update

from geodata.contracts.loading import ImportReceipt, KeptImport, Origin, UndoReceipt
from geodata.errors import UsageError
from geodata.store import repeated
from geodata.store.backend import Backend
from geodata.store.choices import Connections
from geodata.store.duplicate_tables import duplicate_pairs
from geodata.store.merged import loaded, numbered
from geodata.store.merges import write_back
from geodata.store.rows import before_json
from geodata.store.saving import BATCH, Changes, batches, missing, rows_by_id, sources_by_id
from geodata.store.schema import events, history, imports

EXAMPLES = 20
_LATER = history.alias("later")
STAYED = "changed since the import: it stays as it is", "changed since the import: they stay as they are"


class SqlImports:
    """Each call is one transaction."""

    def __init__(self, store: Connections, backend: Backend) -> None:
        self._store, self._backend = store, backend

    def list(self, limit: int = 20, offset: int = 0) -> Sequence[KeptImport]:
        return self._kept(select(imports).order_by(imports.c.version.desc()).limit(limit).offset(offset))

    def get(self, import_id: str) -> KeptImport:
        found = self._kept(select(imports).where(imports.c.import_id == import_id))
        return found[0] if found else missing("import", import_id)

    def same_file(self, sha256: str) -> Sequence[KeptImport]:
        return self._kept(select(imports).where(imports.c.sha256 == sha256).order_by(imports.c.version.desc()))

    def again(self, origin: Origin) -> ImportReceipt | None:
        with self._store.reading() as connection:
            return repeated.found(connection, origin)

    def undo(self, import_id: str) -> UndoReceipt:
        with self._store.tidied(), self._store.writing() as connection:
            return _undo(connection, self._backend, import_id)

    def _kept(self, chosen: Select[Any]) -> Sequence[KeptImport]:
        with self._store.reading() as connection:
            return tuple(map(_import_of, connection.execute(chosen).mappings()))


def _undo(connection: Connection, backend: Backend, import_id: str) -> UndoReceipt:
    row = connection.execute(select(imports).where(imports.c.import_id == import_id)).mappings().first()
    if row is None:
        missing("import", import_id)
    if row["undone_at"]:
        raise UsageError(f"the import {import_id} was taken back before, at {row['undone_at']}")
    version = row["version"]
    changes = Changes(connection)
    restored, examples = _restore(changes, version)
    removed, stayed = _remove(changes, backend, version)
    examples += stayed
    connection.execute(update(imports).where(imports.c.import_id == import_id).values(undone_at=changes.now))
    changes.any = True
    changes.close()
    count = len(examples)
    notes = (f"{count:,} {'event was' if count == 1 else 'events were'} {STAYED[count > 1]}",) if count else ()
    return UndoReceipt(import_id, removed, restored, count, tuple(examples[:EXAMPLES]), notes)


def _restore(changes: Changes, version: int) -> tuple[int, "list[str]"]:
    """The events that the import changed get back what they were; those changed since stay, and are named."""
    connection, restored = changes.connection, 0
    stayed: list[str] = []
    chosen = select(history.c.item_id, history.c.before).where(history.c.kind == "event", history.c.version == version)
    entries = connection.execute(chosen.order_by(history.c.history_id.desc())).all()
    # of an event that the file gave twice the earliest entry holds what was before the import
    before = {entry.item_id: entry.before for entry in entries if entry.before}
    for names in batches(before, BATCH):
        later = select(history.c.item_id).where(history.c.kind == "event", history.c.version > version)
        touched = set(connection.execute(later.where(history.c.item_id.in_(names))).scalars())
        there, sources = rows_by_id(connection, names), sources_by_id(connection, names)
        mine = [name for name in names if name in there and name not in touched]
        stayed += [name for name in names if name not in mine]
        for name in mine:
            row, old_sources = loaded(before[name])
            write_back(connection, name, row, numbered(name, old_sources))
        log = [(name, "restored", before_json(there[name], sources.get(name, []))) for name in mine]
        changes.record("event", log)
        restored += len(mine)
    return restored, stayed


def _remove(changes: Changes, backend: Backend, version: int) -> tuple[int, "list[str]"]:
    """The events that the import added go, but for those that anybody changed since, which are named."""
    connection = changes.connection
    added = select(history.c.first_row, history.c.last_row, history.c.history_id)
    added = added.where(history.c.kind == "rows", history.c.version == version, history.c.action == "added")
    going: list[tuple[int, int]] = []
    stayed: list[str] = []
    for first, last, _ in connection.execute(added).all():
        mine = select(events.c.row_id, events.c.event_id).where(events.c.row_id.between(first, last))
        touched = or_(
            exists().where(_LATER.c.kind == "event", _LATER.c.item_id == events.c.event_id, _LATER.c.version > version),
            # a row id whose event went is given again
            exists().where(
                _LATER.c.kind == "rows",
                _LATER.c.version > version,
                events.c.row_id.between(_LATER.c.first_row, _LATER.c.last_row),
            ),
        )
        kept = connection.execute(mine.where(touched).order_by(events.c.row_id)).all()
        stayed += [row.event_id for row in kept]
        going += _between(first, last, [row.row_id for row in kept])
    removed = sum(_record_removed(changes, *each) for each in going)
    for each in going:
        _forget_pairs(connection, *each)
    with backend.bulk(connection) as bulk:
        bulk.remove(going, changes.version)
    return removed, stayed


def _record_removed(changes: Changes, first: int, last: int) -> int:
    """An entry for each event, without what it was: the import's file has that."""
    said: list[ColumnElement[Any]] = [
        literal(changes.version),
        literal(changes.now),
        literal("event"),
        events.c.event_id,
        literal("removed"),
    ]
    names = ["version", "changed_at", "kind", "item_id", "action"]
    chosen = select(*said).where(events.c.row_id.between(first, last)).order_by(events.c.row_id)
    count = changes.connection.execute(insert(history).from_select(names, chosen)).rowcount
    changes.any = changes.any or count > 0
    return int(count)


def _forget_pairs(connection: Connection, first: int, last: int) -> None:
    """Suggestions that name an event that goes; few, whatever the import's size."""
    going = select(events.c.event_id).where(events.c.row_id.between(first, last))
    pairs = select(duplicate_pairs.c.first_id, duplicate_pairs.c.second_id).where(duplicate_pairs.c.verdict == "likely")
    ids = {name for pair in connection.execute(pairs) for name in pair}
    for some in batches(sorted(ids), BATCH):
        gone = connection.execute(going.where(events.c.event_id.in_(some))).scalars().all()
        touching = duplicate_pairs.c.first_id.in_(gone) | duplicate_pairs.c.second_id.in_(gone)
        connection.execute(duplicate_pairs.delete().where(duplicate_pairs.c.verdict == "likely", touching))


def _between(first: int, last: int, kept: Iterable[int]) -> "list[tuple[int, int]]":
    """The ranges from `first` to `last` without the rows kept, which ascend."""
    edges = [first - 1, *kept, last + 1]
    return [(a + 1, b - 1) for a, b in pairwise(edges) if b - a > 1]


def _import_of(row: Mapping[Any, Any]) -> KeptImport:
    counts = ("rows", "added", "changed", "unchanged", "kept", "merged", "rejected", "undated", "unplaced")
    receipt = ImportReceipt(
        row["import_id"], **{name: row[name] for name in counts}, notes=tuple(row["notes"].splitlines())
    )
    origin = Origin(**{name: row[name] for name in ("name", "format", "sha256", "mapping", "credit")})
    undone = datetime.fromisoformat(row["undone_at"]) if row["undone_at"] else None
    return KeptImport(origin, receipt, datetime.fromisoformat(row["made_at"]), undone)
