"""What `load` does inside its transaction: rows of a table in batches, new events by the backend's bulk way.

The rules are those of `saving`, and one more: a row never changes an event that a person changed since it was imported,
whatever its status. A row whose id the same file gave before adds to that event what it does not have.
"""

import gc
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, func, insert, select

from geodata.contracts.loading import ImportReceipt, Origin, Outcome, Told
from geodata.contracts.tables import Row
from geodata.model import Status
from geodata.store import repeated
from geodata.store.backend import Backend, Bulk
from geodata.store.saving import Changes, batches
from geodata.store.schema import history, imports
from geodata.store.settling import Item, Settling

BATCH = 5_000
ROWS = "rows"
OBJECTS = 200_000
"""Between two looks for dead objects: some batches."""
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


class _Load:
    """One load, batch by batch."""

    def __init__(self, changes: Changes, bulk: Bulk, told: Told) -> None:
        self._bulk, self._told = bulk, told
        self.first_row = bulk.next_row
        self._settling = Settling(changes, self.first_row)
        self._counts: Counter[str] = Counter()

    def take(self, batch: Sequence[Row]) -> None:
        said: list[tuple[Outcome, str]] = [(Outcome.ADDED, "")] * len(batch)
        known = self._bulk.known([row.event.event_id for row in batch if row.event])
        fresh: dict[str, Row] = {}
        there: list[Item] = []
        for at, row in enumerate(batch):
            event = row.event
            if event is None:
                said[at] = Outcome.REJECTED, ""
            elif event.event_id in known or event.event_id in fresh:
                there.append((at, row, event))
            elif self._settling.merged.away(event, True, event.status is Status.DRAFT):
                said[at] = Outcome.KEPT, "it was merged into another event"
            else:
                fresh[event.event_id] = row
        if fresh:
            self._add(fresh)
        if there:
            self._bulk.pause()
            row_ids = {**known, **self._bulk.known([name for name in fresh if name not in known])}
            self._settling.settle(there, row_ids, said)
        self._tell(batch, said)

    def forget_returns(self) -> None:
        """Events whose rows lie batches apart, and that are at the end what they were: they were not changed."""
        same = self._settling.forget_returns()
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
        self._settling.lines.added(row.line for row in fresh.values())

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
