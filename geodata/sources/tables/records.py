"""The rows of a file as cells with their lines, whatever the file: text here, sheets of workbooks in `workbook`."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import Question
from geodata.errors import UsageError
from geodata.sources.encoding import encoding_note
from geodata.sources.formats.delimited import Dialect, Meter, dialect_of, head_of, mended, records, text_head
from geodata.sources.formats.records import Record, Records, is_receipt
from geodata.sources.headers import recognised
from geodata.sources.tables.guessing import HEADER_WITHIN, NO_HEADER, header_row

DELIMITERS = ",;\t|"


class TextRecords:
    """A table as text: its encoding, the mark between cells and the header row are told from its head."""

    questions: Sequence[Question] = ()
    sheet = ""

    def __init__(self, path: Path, name: str) -> None:
        head = head_of(path)
        text, encoding = text_head(head, name)
        self._path, self._name = path, name
        self._how: Dialect = replace(dialect_of(head, name), delimiter=delimiter(text))
        self.delimiter = self._how.delimiter
        self.meter = Meter(path.stat().st_size)
        first = [cells for _, cells in islice(self._records(Meter()), HEADER_WITHIN)]
        if not first:
            raise UsageError(f"{name} holds no header line")
        self._above = header_row(first)
        self.header = first[self._above] if self._above != NO_HEADER else [""] * max(map(len, first))
        self.above = [cells[0] for cells in first[: max(self._above, 0)]]
        above = "" if is_receipt(self.header) else about_header(self._above, "lines")
        self.notes: Sequence[str] = tuple(filter(None, (*encoding_note(encoding), above)))

    def __iter__(self) -> Iterator[Record]:
        return islice(self._records(self.meter), self._above + 1, None)

    def _records(self, meter: Meter) -> Iterator[Record]:
        return records(self._path, self._name, self._how, meter)


def about_header(above: int, what: str) -> str:
    """What is to be said of where the header stands; empty where it comes first."""
    if above == NO_HEADER:
        return "there is no header: the first row holds values, so that columns are called by their number"
    return f"{what} above the header were passed over: {above}" if above else ""


def delimiter(text: str) -> str:
    """The one of comma, semicolon, tab and bar by which some of the first lines has most columns that are known.

    Where none is known, the one that the first line holds most of; a comma where it holds none.
    """
    lines = [line for line in text.splitlines() if line.strip()][:HEADER_WITHIN]
    if not lines:
        return ","
    return max(DELIMITERS, key=lambda mark: (max(_known(line, mark) for line in lines), lines[0].count(mark)))


def _known(line: str, mark: str) -> int:
    if mark not in line:
        return 0
    try:
        return len(recognised(next(csv.reader([line], delimiter=mark))))
    except (csv.Error, StopIteration):
        return 0


__all__ = ["Record", "Records", "TextRecords", "delimiter", "mended"]
