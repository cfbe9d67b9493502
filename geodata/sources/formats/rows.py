"""A table of a known format as a `RowSource`: its records streamed, each made a Row by the format's maker.

What every table can have wrong is judged here: a record with too many or too few cells, control characters, bytes that
are no text, carriage returns outside quotes, a second header of #HXL tags.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from geodata.contracts.tables import ColumnMapping, Credit, NeedsAnswer, Question, Remark, Row
from geodata.errors import UsageError, shown
from geodata.model import Event
from geodata.quick import quick
from geodata.sources.encoding import clean, decoded_again, looks_twice_encoded
from geodata.sources.formats.columnar import BadCell, Header
from geodata.sources.formats.delimited import BARE_RETURN, mended
from geodata.sources.formats.records import Before, ReceiptRecords, Records, is_receipt
from geodata.sources.formats.whens import LEADS, order_of

Made = tuple[Event, list[Remark]]
Maker = Callable[[int, Sequence[str]], Made]
_UNUSED = ("columns", "decimal", "swap_lon_lat", "crs", "defaults")
SAMPLED = 1_000  # rows looked at for the order of their dates
_BYTE = re.compile("[\udc80-\udcff]")
_BETWEEN = "|"
_MADE_ID = re.compile(r"[0-9a-f]{16}")  # `stable_id` of cells
_made_row = quick(Row)


@dataclass(frozen=True, slots=True)
class TableKind:
    """A format of tables. `make` is given header and mapping, and gives what makes an event of cells.

    `dates` are columns in which such dates as 3/4/2022 may stand: their order is asked unless others of them settle it.
    """

    make: Callable[[Header, ColumnMapping], Maker]
    credit: Credit
    notes: Sequence[str] = ()
    dates: Sequence[str] = ()
    fixed: bool = True
    """Whether the format itself says which column means what."""


class TableRows:
    """The rows of one table: of a text file, a sheet of a workbook, or whatever else has records."""

    def __init__(self, records: Records, name: str, kind: TableKind, mapping: ColumnMapping | None = None) -> None:
        self._records: Records = ReceiptRecords(records) if is_receipt(records.header) else records
        self._name, self._kind = name, kind
        records = self._records
        self._header = Header(records.header)
        self.columns: Sequence[str] = self._header.names
        self.credit = kind.credit
        self.mapping = mapping or ColumnMapping()
        if records.sheet and not records.questions:
            self.mapping = replace(self.mapping, sheet=records.sheet)
        self.questions: Sequence[Question] = records.questions or self._order()

    def _order(self) -> Sequence[Question]:
        """Sets the order of dates where the first rows settle it; else what to ask."""
        if self.mapping.date_order or not self._kind.dates:
            return ()
        columns = [self._header.index(name) for name in self._kind.dates if name in self._header]
        rows = islice(self._records, SAMPLED)
        order, question = order_of(cells[at] for _, cells in rows for at in columns if at < len(cells) and cells[at])
        self.mapping = replace(self.mapping, date_order=order)
        return (question,) if question else ()

    @property
    def notes(self) -> Sequence[str]:
        """What the format's columns were taken for, and what of the mapping a format of known columns does not use."""
        unused = [name for name in _UNUSED if getattr(self.mapping, name)] if self._kind.fixed else []
        said = (
            f"of the mapping, {', '.join(unused)} was not used: the columns of this format are known" if unused else ""
        )
        own = (*self._records.notes, *([said] if said else []))
        return (*self._kind.notes, *(f"{self._name}: {note}" for note in own))

    @property
    def total_bytes(self) -> int:
        return self._records.meter.total

    @property
    def done_bytes(self) -> int:
        return self._records.meter.done

    def sample(self, n: int) -> Sequence[Row]:
        """The first rows; reads no more of the file than they take."""
        return tuple(islice(self._rows(), n))

    def rows(self) -> Iterator[Row]:
        """Every record after the header, from the start of the file on each call."""
        if self.questions:
            raise NeedsAnswer(self._name, self.questions)
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        make = self._kind.make(self._header, self.mapping)
        records = self._records
        before = (lambda: records.before) if isinstance(records, ReceiptRecords) else None
        for line, cells in self._records:
            if cells[0][:1] not in ("#", "") or not is_tags(cells):
                row = _row(line, cells, self._header, make)
                yield row if before is None else sent_again(row, before())


def sent_again(row: Row, before: Before) -> Row:
    """A row of a receipt: without an id of its own it changes the event that it was, mended as it is."""
    if row.event is None:
        return row
    event = row.event
    if before.event_id and _MADE_ID.fullmatch(event.event_id):
        event = replace(event, event_id=before.event_id)
    return replace(row, event=event, joins=before.is_joined and event.event_id == before.event_id)


def day_order(mapping: ColumnMapping) -> bool | None:
    """Whether dates such as 3/4/2022 put the day first; None where nobody said."""
    return LEADS[mapping.date_order]


def is_tags(cells: Sequence[str]) -> bool:
    """HXL's second header: every cell that holds something begins with #."""
    return any(cells) and all(cell.lstrip().startswith("#") for cell in cells if cell.strip())


def _row(line: int, cells: list[str], header: Header, make: Maker) -> Row:
    given = tuple(cells)
    changes: list[Remark] = []
    if len(cells) != header.width:
        if len(cells) < header.width or any(cells[header.width :]):
            said = f"has {len(cells):,} cells where the header has {header.width:,}"
            return Row(line, None, given, problems=(Remark("", said),))
        del cells[header.width :]
    whole = _BETWEEN.join(cells)
    if looks_twice_encoded(whole):
        cells = decoded(cells, header.names, changes)
        whole = _BETWEEN.join(cells)
    if not whole.isprintable():
        cells = cleaned(cells, header.names, changes)
        whole = " "
    if _may_have_edges(whole):
        cells = list(map(str.strip, cells))
    cells.append("")
    try:
        event, more = make(line, cells)
    except BadCell as error:
        return Row(line, None, given, problems=(Remark(error.column, error.message),))
    except UsageError as error:
        return Row(line, None, given, problems=(Remark("", str(error)),))
    return _made_row(line, event, given, (*changes, *more))


def _may_have_edges(whole: str) -> bool:
    """Whether a cell of a printable record, whose only spaces are plain ones, may begin or end with one."""
    return f"{_BETWEEN} " in whole or f" {_BETWEEN}" in whole or whole[:1] == " " or whole[-1:] == " "


def decoded(cells: Sequence[str], names: Sequence[str], changes: list[Remark]) -> list[str]:
    """The cells with those as they were that had been read in a wrong encoding, which is told by their columns."""
    found = list(cells)
    for index, cell in enumerate(cells):
        if not looks_twice_encoded(cell):
            continue
        name = names[index] if index < len(names) else ""
        was = decoded_again(cell)
        if was:
            found[index] = was
            changes.append(Remark(name, f"was UTF-8 that had been read as Windows-1252; taken as {shown(was)}"))
        else:
            changes.append(Remark(name, f"looks like text read in a wrong encoding: {shown(cell)}; taken as it stands"))
    return found


def cleaned(cells: list[str], names: Sequence[str], changes: list[Remark]) -> list[str]:
    """The cells without what is no text, told by the names of their columns."""
    cells, bare = mended(cells)
    if bare:
        changes.append(Remark("", BARE_RETURN))
    for index, cell in enumerate(cells):
        if cell.isprintable():
            continue
        text, strange = _BYTE.subn("\ufffd", cell)
        if strange:
            changes.append(Remark(names[index], f"{strange} byte(s) that are no text were replaced by \ufffd"))
        cells[index], found = clean(text)
        changes += [Remark(names[index], note) for note in found]
    return cells
