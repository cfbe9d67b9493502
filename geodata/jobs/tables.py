"""One table into the store: streamed, in one transaction, with progress in rows and bytes, a stop, and its receipt.

A stop, an error and the end of the process leave the store as it was. The receipt is `imports/<id>.csv` in the data
folder, whose id is the import's own in the store, by which it can be taken back.
"""

import errno
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.contracts import RowProblem
from geodata.contracts.loading import ImportReceipt, Origin, Outcome
from geodata.contracts.tables import ColumnMapping, NeedsAnswer, Row, RowSource
from geodata.errors import StoreError, UsageError
from geodata.jobs.marks import rows_made_by
from geodata.jobs.preparing import Strange, about_types, prepared
from geodata.sources import ROW_IMPORTERS, format_of
from geodata.sources.tables.receipt import ReceiptFile, write_again
from geodata.store.loading import new_import_id
from geodata.workspace import DatelineWorkspace

if TYPE_CHECKING:
    from geodata.jobs.cluster import Cluster

FOLDER = "imports"
LOOK_ROWS = 500
"""Rows between two looks at the stop, and at the clock for the progress."""
TELL_S = 0.2
SAME = "{name}: this very file was imported before, and nothing was written since: it was not read again"
MOST_TOLD = 200
"""Problems of one table that are told one by one; its receipt has all."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of rows. `mapping` None: as guessed."""

    path: Path
    name: str
    format: str
    mapping: ColumnMapping | None = None


@dataclass(frozen=True, slots=True)
class TableProgress:
    """Rows and bytes read so far; `total_bytes` is 0 where it is not known."""

    name: str
    rows: int = 0
    done_bytes: int = 0
    total_bytes: int = 0


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table came to; `receipt_file` is None where the table could not be read at all."""

    receipt: ImportReceipt
    receipt_file: Path
    notes: tuple[str, ...] = ()


class Stopped(Exception):
    """Ends the transaction of a load that a person stopped."""


def table_of(
    path: Path, name: str = "", format_name: str = "", mapping: ColumnMapping | None = None
) -> TableFile | None:
    """The file as one of rows; None where it holds stories, or nothing that can be told."""
    try:
        kind = format_of(path, name or path.name, format_name)
    except UsageError:
        return None  # whoever reads it as a story says what is wrong
    return TableFile(path, name or path.name, kind, mapping) if kind in ROW_IMPORTERS else None


class TableImport:
    """One table. `report` is given what is wrong with rows, `tell` the progress; `stop` says whether to end it."""

    def __init__(
        self,
        workspace: DatelineWorkspace,
        table: TableFile,
        *,
        stop: Callable[[], bool] = lambda: False,
        report: Callable[[RowProblem], object] = lambda problem: None,
        tell: Callable[[TableProgress], object] = lambda progress: None,
        dry_run: bool = False,
        cluster: "Cluster | None" = None,
    ) -> None:
        self._workspace, self._table, self._cluster = workspace, table, cluster
        self._stop, self._report, self._tell, self._dry_run = stop, report, tell, dry_run
        self._told = 0
        self._hashed = 0, 0
        self._strange: Strange = Counter()

    def run(self) -> TableResult:
        """All of it or nothing. Stopped; UsageError (NeedsAnswer) where the table cannot be read; StoreError."""
        table = self._table
        source = ROW_IMPORTERS[table.format](table.path, table.name, table.mapping)
        if source.questions:
            raise NeedsAnswer(table.name, source.questions)
        place = receipt_place(self._workspace.settings.data, new_import_id())
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            origin = self._origin(source)
            if known := self._known(origin, place):
                return TableResult(known, place, (*source.notes, SAME.format(name=table.name)))
            written = ReceiptFile(source.columns, place.parent)
            receipt = self._load(source, origin, place.stem, written)
            if not receipt.rows:
                raise UsageError(f"{table.name} holds no rows: there was nothing to import")
            written.write(place, table.name, receipt)
        except OSError as error:
            raise StoreError(_explained(place, error)) from error
        if self._told > MOST_TOLD:
            more = self._told - MOST_TOLD
            self._report(RowProblem(table.name, 0, f"and {more:,} further rows; the receipt {place} names all"))
        return TableResult(receipt, place, (*source.notes, *about_types(self._strange)))

    def _known(self, origin: Origin, place: Path) -> ImportReceipt | None:
        """The receipt, written, of a file that was read before and changes nothing now; None where it has to be read.

        None too where the receipt of that time, which has the rows, is no longer there or no longer as it was.
        """
        found = self._workspace.store.imports.again(origin)
        before = receipt_place(self._workspace.settings.data, found.import_id) if found else None
        if found is None or before is None or not before.exists():
            return None
        receipt = replace(found, import_id=place.stem, dry_run=self._dry_run)
        if not write_again(before, place, self._table.name, receipt):
            return None
        total = self._table.path.stat().st_size
        self._tell(TableProgress(self._table.name, receipt.rows, total, total))
        return receipt

    def _load(self, source: RowSource, origin: Origin, import_id: str, written: ReceiptFile) -> ImportReceipt:
        def told(row: Row, outcome: Outcome, why: str) -> None:
            written(row, outcome, why)
            remarks = row.problems + row.changes
            if outcome is Outcome.MERGED or not all(remark.is_minor for remark in remarks):
                self._problem(row, why)

        watched, cluster = self._watched(source), self._cluster
        rows = (
            prepared(watched, self._workspace, cluster, cluster.rows_ahead, strange=self._strange)
            if cluster
            else prepared(watched, self._workspace, strange=self._strange)
        )
        return self._workspace.store.load(rows, origin, told, import_id=import_id, dry_run=self._dry_run)

    def _origin(self, source: RowSource) -> Origin:
        table = self._table
        try:
            self._hashed = self._stamp()
            with table.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise UsageError(f"{table.name} cannot be read: {error.strerror or error}") from error
        credit = json.dumps(asdict(source.credit), ensure_ascii=False)
        made_by = rows_made_by(self._workspace.settings)
        return Origin(table.name, table.format, digest, source.mapping.to_json(), credit, made_by)

    def _watched(self, source: RowSource) -> Iterator[Row]:
        """The rows; between them a look at the stop, and word of how far it has come."""
        name, count, told_at = self._table.name, 0, 0.0
        for count, row in enumerate(source.rows(), 1):
            yield row
            if count % LOOK_ROWS:
                continue
            if self._stop():
                raise Stopped
            if time.monotonic() - told_at > TELL_S:
                told_at = time.monotonic()
                self._tell(TableProgress(name, count, source.done_bytes, source.total_bytes))
        if self._stamp() != self._hashed:
            raise UsageError(f"{name} was written to while it was read; nothing was imported, try again")
        self._tell(TableProgress(name, count, source.total_bytes, source.total_bytes))

    def _stamp(self) -> tuple[int, int]:
        seen = self._table.path.stat()
        return seen.st_size, seen.st_mtime_ns

    def _problem(self, row: Row, why: str) -> None:
        self._told += 1
        if self._told > MOST_TOLD:
            return
        said = [why] if why else []
        said += [str(remark) for remark in (*row.problems, *row.changes) if not remark.is_minor]
        self._report(RowProblem(self._table.name, row.line, "; ".join(said)))


def receipt_place(data: Path, import_id: str) -> Path:
    """Where the receipt of an import lies in a data folder."""
    return data / FOLDER / f"{import_id}.csv"


def _explained(place: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"the disk is full: the receipt of the import cannot be written to {place.parent}; free some space"
    return f"the receipt of the import cannot be written to {place.parent}: {error.strerror or error}"
