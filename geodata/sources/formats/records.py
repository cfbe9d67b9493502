"""The records of a table of a known format: cells with their lines, below the header.

A receipt of an import is such a table too: its own columns are taken off, and its rows that hold cells are taken, so
that rejected rows can be mended and sent again.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from geodata.contracts.tables import Question
from geodata.errors import UsageError
from geodata.sources.encoding import encoding_note
from geodata.sources.formats.delimited import Dialect, Meter, dialect_of, head_of, records

RECEIPT_COLUMNS = ("receipt_line", "receipt_outcome", "receipt_column", "receipt_message", "receipt_event")
"""What stands before a row's own cells in a receipt (geodata/sources/tables/receipt.py)."""
JOINED = "merged"
"""The outcome of a row that went into the event of another."""
RECEIPT_NOTE = "this is a receipt of an import: its rows that hold cells were taken"
_COMMENT = "# "
_RISKY = "=+-@\t\r'"
Record = tuple[int, list[str]]


class Refused(list[str]):
    """The cells of a record that is no row; `why` says so."""

    def __init__(self, cells: Sequence[str], why: str) -> None:
        super().__init__(cells)
        self.why = why


class Records(Protocol):
    """The rows of one table below its header, from the first on each time they are asked for."""

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def notes(self) -> Sequence[str]: ...

    @property
    def questions(self) -> Sequence[Question]: ...

    @property
    def meter(self) -> Meter: ...

    @property
    def sheet(self) -> str:
        """The sheet that is read; empty where a file has none."""
        ...

    def __iter__(self) -> Iterator[Record]: ...


class TextRecords:
    """A table as text. `header` is given for a file that has none of its own."""

    questions: Sequence[Question] = ()
    sheet = ""

    def __init__(self, path: Path, name: str, how: Dialect | None = None, header: Sequence[str] = ()) -> None:
        self._path, self._name = path, name
        self._how = how or dialect_of(head_of(path), name)
        self.meter = Meter(path.stat().st_size)
        self._above, self.header = (0, header) if header else self._found_header()
        self.notes: Sequence[str] = encoding_note(self._how.encoding)

    def _found_header(self) -> tuple[int, Sequence[str]]:
        """How many records end with the header, and the header itself: the first that is no comment."""
        for count, (_, cells) in enumerate(records(self._path, self._name, self._how, Meter()), 1):
            if len(cells) > 1 or not cells[0].startswith(_COMMENT):
                return count, [cell.strip() for cell in cells]
        raise UsageError(f"{self._name} holds no header line")

    def __iter__(self) -> Iterator[Record]:
        return islice(records(self._path, self._name, self._how, self.meter), self._above, None)


class MadeRecords:
    """Records that are made of what is no table, such as the features of a feed."""

    notes: Sequence[str] = ()
    questions: Sequence[Question] = ()
    sheet = ""

    def __init__(self, header: Sequence[str], total: int, found: Callable[[Meter], Iterator[Record]]) -> None:
        self.header, self.meter, self._found = header, Meter(total), found

    def __iter__(self) -> Iterator[Record]:
        yield from self._found(self.meter)
        self.meter.done = self.meter.total


class Before(NamedTuple):
    """What a receipt says of a row that is sent again: the event that it became, and whether by joining one."""

    event_id: str = ""
    is_joined: bool = False


class ReceiptRecords:
    """The records of a receipt that hold cells, with the line they had, and without its own columns."""

    def __init__(self, inner: Records) -> None:
        self._inner, self.header = inner, inner.header[len(RECEIPT_COLUMNS) :]
        self.meter, self.questions, self.sheet = inner.meter, inner.questions, inner.sheet
        self.before = Before()
        """Of the record given last."""

    @property
    def notes(self) -> Sequence[str]:
        return (*self._inner.notes, RECEIPT_NOTE)

    def __iter__(self) -> Iterator[Record]:
        first = len(RECEIPT_COLUMNS)
        for line, cells in self._inner:
            if any(cells[first:]):
                self.before = before_of(cells)
                yield int(cells[0]) if cells[0].isdigit() else line, list(map(unescaped, cells[first:]))


def is_receipt(header: Sequence[str]) -> bool:
    """Whether a table with this header is the receipt of an import."""
    return tuple(header[: len(RECEIPT_COLUMNS)]) == RECEIPT_COLUMNS


def before_of(cells: Sequence[str]) -> Before:
    """By a line of a receipt."""
    return Before(cells[len(RECEIPT_COLUMNS) - 1].strip(), cells[1].strip() == JOINED)


def unescaped(cell: str) -> str:
    """A cell without the apostrophe that our tables set before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in _RISKY else cell


def header_line(head: str) -> str:
    """The first line of a text, or the one below the counts at the top of a receipt."""
    lines = head.lstrip("\ufeff").split("\n")
    first = lines[0].rstrip("\r")
    if not first.lstrip('"').startswith(_COMMENT):
        return first
    return next((line.rstrip("\r") for line in lines if line.startswith(RECEIPT_COLUMNS[0])), first)
