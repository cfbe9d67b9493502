"""Excel (.xlsx): a sheet of events with real dates and numbers, one of their sources. Text never runs as a formula.

Rows go to a temporary file as they come (XlsxWriter's `constant_memory`). A sheet holds 1,048,576 rows (Microsoft's
specifications and limits); what does not fit goes on in the next.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.credits import CreditBook
from geodata.export.cells import COLUMNS, Cell, cells
from geodata.model import Event
from geodata.query import EventQuery

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_CHARS = 32_767
FIRST_DAY = date(1900, 3, 1)
"""Excel takes 1900 for a leap year and has no days before it: earlier ones are written as text."""
WIDTHS = {"title": 42, "quote": 60, "place": 18, "event_type": 24, "sub_event_type": 24, "start": 11, "end": 11}
HEADS = ("Source", "Licence", "Attribution", "Cited")


class ExcelExporter:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"
    title = "Excel workbook"
    good_for = "reading, sorting and sharing in Excel or LibreOffice; sources on a sheet of their own"
    lossless = True
    traits: frozenset[str] = frozenset()

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        from xlsxwriter import Workbook

        book = CreditBook()
        with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
            made.set_properties({"title": str(query)})
            sheets = _Events(made)
            for event in book.watch(events):
                sheets.add(cells(event))
            notes = [*options.left_out, *sheets.left_out()]
            _write_credits(made, book, query, notes)
        return Exported(sheets.count, tuple(sheets.left_out()))


class _Events:
    """The sheets of events, the next where one is full."""

    def __init__(self, book: "Workbook") -> None:
        self.book = book
        self.bold: Format = book.add_format({"bold": True})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.count = self.row = self.sheets = self.cut = 0
        self.sheet = self._next_sheet()

    def _next_sheet(self) -> "Worksheet":
        self.sheets += 1
        sheet = self.book.add_worksheet("Events" if self.sheets == 1 else f"Events {self.sheets}")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(COLUMNS):
            sheet.set_column(place, place, WIDTHS.get(name, 13))
        for place, name in enumerate(COLUMNS):
            sheet.write_string(0, place, name, self.bold)
        self.row = 1
        return sheet

    def add(self, row: Mapping[str, Cell]) -> None:
        if self.row >= MOST_ROWS:
            self.sheet = self._next_sheet()
        for place, value in enumerate(row.values()):
            if value is not None:
                self._write(place, value)
        self.row += 1
        self.count += 1

    def _write(self, place: int, value: Cell) -> None:
        if isinstance(value, str):
            if len(value) > MOST_CHARS:
                self.cut += 1
                value = value[:MOST_CHARS]
            self.sheet.write_string(self.row, place, value)
        elif isinstance(value, date):
            if value < FIRST_DAY:
                self.sheet.write_string(self.row, place, value.isoformat())
            else:
                self.sheet.write_datetime(self.row, place, datetime(value.year, value.month, value.day), self.day)
        elif value is not None:
            self.sheet.write_number(self.row, place, value)

    def left_out(self) -> Iterator[str]:
        if self.cut:
            texts = "the end of 1 text" if self.cut == 1 else f"the ends of {self.cut:,} texts"
            yield f"{texts} longer than {MOST_CHARS:,} characters, the most that a cell holds"


def _write_credits(book: "Workbook", credits: CreditBook, query: EventQuery, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet("Sources")
    sheet.set_column(0, 2, 40)
    bold = book.add_format({"bold": True})
    lines: list[tuple[Cell, ...]] = [(str(query),), *((f"Left out: {note}",) for note in notes), ()]
    for row, line in enumerate([*lines, HEADS]):
        for place, text in enumerate(line):
            sheet.write_string(row, place, str(text), bold if line is HEADS else None)
    for row, credit in enumerate(credits.credits(), len(lines) + 1):
        for place, text in enumerate((credit.source, credit.licence, credit.attribution)):
            sheet.write_string(row, place, text)
        sheet.write_number(row, 3, credit.cited)
