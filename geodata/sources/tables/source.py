"""A table whose columns are anybody's as a `RowSource`: guessed, asked about, and streamed as rows."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, NeedsAnswer, Question, Remark, Row, RowSource
from geodata.errors import UsageError
from geodata.features import ALWAYS
from geodata.sources.encoding import looks_twice_encoded
from geodata.sources.formats import known_table
from geodata.sources.formats.records import Before, Refused, before_of, is_receipt
from geodata.sources.formats.rows import cleaned, decoded, is_tags
from geodata.sources.tables.asking import questions, settled
from geodata.sources.tables.guessing import SAMPLE_ROWS, WANTED, guess, is_date, named, passed_over, says_something
from geodata.sources.tables.making import RowMaker, credit_of, plain
from geodata.sources.tables.objects import ObjectRecords
from geodata.sources.tables.receipt import COLUMNS as RECEIPT_COLUMNS
from geodata.sources.tables.receipt import table_of_receipt
from geodata.sources.tables.records import Record, Records, TextRecords
from geodata.sources.tables.survey import Survey, survey
from geodata.sources.tables.workbook import SheetRecords


def delimited_rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> "TableSource":
    """CSV, TSV and the like. UsageError where it is no such table."""
    return TableSource(TextRecords(path, name), name, mapping)


def object_rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> "TableSource":
    """Objects of JSON, in a list or a line each. UsageError where it is no such table."""
    return TableSource(ObjectRecords(path, name), name, mapping)


def workbook_rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """A sheet of an Excel or OpenDocument workbook: the values that its formulas had when it was saved.

    One with the columns of a known format (UCDP, ACLED) is read as that.
    """
    book = SheetRecords(path, name, mapping.sheet if mapping else "")
    return known_table(book, name, mapping) or TableSource(book, name, mapping)


class TableSource:
    """The rows of one table. The whole of it is read once more where dates or positions have to be judged first."""

    def __init__(self, records: Records, name: str, mapping: ColumnMapping | None = None) -> None:
        self._records, self._name = records, name
        self._is_receipt = is_receipt(records.header)
        self._from = len(RECEIPT_COLUMNS) if self._is_receipt else 0
        self.columns = named(records.header[self._from :])
        first = [cells for _, cells in islice(self._rows_of_cells(), SAMPLE_ROWS)]
        self._guess = guess(self.columns, first, mapping)
        self._passed_over = passed_over(self.columns, first, self._guess, mapping)
        table = table_of_receipt(getattr(records, "above", ())) if self._is_receipt else ""
        ours = set(ALWAYS) <= set(self.columns)  # our own export's ids are what they are
        self._prefix = "" if ours else f"{Path(table or name).stem}-"

    @cached_property
    def _survey(self) -> Survey:
        try:
            return survey(self._rows_of_cells(), self.columns, self._guess)
        except csv.Error as error:
            raise UsageError(f"{self._name}: not readable as a table: {error}") from error

    @cached_property
    def _settled(self) -> tuple[ColumnMapping, tuple[str, ...]]:
        return settled(self._guess, self._survey)

    @property
    def mapping(self) -> ColumnMapping:
        sheet = self._records.sheet
        mapping = self._settled[0]
        return replace(mapping, sheet=sheet) if sheet and not self._records.questions else mapping

    @cached_property
    def questions(self) -> Sequence[Question]:
        if self._records.questions:
            return self._records.questions  # of which sheet: all else depends on that
        return tuple(questions(self._settled[0], self._survey))

    @property
    def row_count(self) -> int:
        """How many rows there are below the header; the whole file was read to know it."""
        return self._survey.rows

    @property
    def credit(self) -> Credit:
        return credit_of(self._guess)

    @property
    def notes(self) -> Sequence[str]:
        receipt = ("this is a receipt of an import: its rows that hold cells were taken",) if self._is_receipt else ()
        told = (*self._records.notes, *receipt, *self._passed_over, *self._settled[1])
        return tuple(f"{self._name}: {note}" for note in told)

    @property
    def total_bytes(self) -> int:
        return self._records.meter.total

    @property
    def done_bytes(self) -> int:
        return self._records.meter.done

    def sample(self, n: int) -> Sequence[Row]:
        return tuple(islice(self._rows(self._guess if self._records.questions else self._settled[0]), n))

    def rows(self) -> Iterator[Row]:
        if self.questions:
            raise NeedsAnswer(self._name, self.questions)
        if not says_something(self._guess):
            raise UsageError(
                f"{self._name} has no column that is known to say what, when or where; its columns are "
                f"{', '.join(self.columns)}. Say what one of them means, as with --map start=COLUMN or on the page of "
                f"the table; accepted: {', '.join(WANTED)}"
            )
        return self._rows(self._settled[0])

    def _rows(self, mapping: ColumnMapping) -> Iterator[Row]:
        make = RowMaker(self.columns, mapping, self._prefix)
        width = len(self.columns)
        columns = self.columns
        for line, cells, before in self._known_rows():
            given = tuple(cells)
            changes: list[Remark] = []
            if cells.__class__ is Refused:
                yield Row(line, None, given, (), (Remark("", cells.why),))
                continue
            if len(cells) != width:
                cells = _fitted(cells, width, changes)
            joined = "".join(cells)
            if "\n" in joined and (swallowed := self._swallowed(cells, mapping)):
                yield Row(line, None, given, tuple(changes), (swallowed,))
                continue
            if looks_twice_encoded(joined):
                cells = decoded(cells, columns, changes)
                joined = "".join(cells)
            if not joined.isprintable():
                cells = cleaned(cells, columns, changes)
            cells = [cell.strip() for cell in cells]
            if "'" in joined:
                cells = [plain(cell) for cell in cells]
            try:
                event, remarks = make(cells, before.event_id if before else "")
            except UsageError as error:
                yield Row(line, None, given, tuple(changes), (Remark("", str(error)),))
                continue
            joins = before is not None and before.is_joined and event.event_id == before.event_id
            yield Row(line, event, given, (*changes, *remarks) if changes else remarks, (), joins)

    def _swallowed(self, cells: Sequence[str], mapping: ColumnMapping) -> Remark | None:
        """A problem where a cell of text holds rows: its quotation mark was closed by that of a later one."""
        mark = getattr(self._records, "delimiter", "")
        name = next(iter(mapping.columns.get("start", ())), "")
        if not mark or name not in self.columns or len(self.columns) < 2:
            return None
        at = self.columns.index(name)
        for column, cell in zip(self.columns, cells, strict=False):
            for text in cell.split("\n")[1:]:
                parts = text.split(mark)
                if len(parts) >= max(2, len(self.columns) - 1, at + 1) and is_date(parts[at].strip(' "\r')):
                    return Remark(column, "holds rows of the table: is a quotation mark missing at its end?")
        return None

    def _rows_of_cells(self) -> Iterator[Record]:
        """The records that are rows: no second header of #HXL tags, no line of a receipt that holds no cells."""
        return ((line, cells) for line, cells, _ in self._known_rows())

    def _known_rows(self) -> Iterator[tuple[int, list[str], Before | None]]:
        """As `_rows_of_cells`, with what a receipt says that its row became; None of any other table."""
        if self._is_receipt:
            for line, cells in self._records:
                if any(rest := cells[self._from :]):
                    yield int(cells[0]) if cells[0].isdigit() else line, rest, before_of(cells)
            return
        for line, cells in self._records:
            if cells[0][:1] not in ("#", "") or not is_tags(cells):
                yield line, cells, None


def _fitted(cells: list[str], width: int, changes: list[Remark]) -> list[str]:
    """As many cells as the header has, which is told where something was lost or lacking."""
    if len(cells) < width:
        if len(cells) < width - 1 or width == 1:
            changes.append(Remark("", f"has {len(cells):,} cells where the header has {width:,}; the rest is empty"))
        return cells + [""] * (width - len(cells))
    if any(cell.strip() for cell in cells[width:]):
        message = f"has more cells than the header's {width:,}; the rest was passed over"
        changes.append(Remark("", message))
    return cells[:width]
