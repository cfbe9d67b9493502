"""A table of a known format as a `RowSource`: its records streamed, each made a Row by the format's maker.

What every table can have wrong is judged here: a record with too many or too few cells, control characters, bytes that
are no text, carriage returns outside quotes, a second header of #HXL tags.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, NeedsAnswer, Question, Remark, Row
from geodata.errors import UsageError
from geodata.model import Event
from geodata.sources.encoding import clean, encoding_note
from geodata.sources.formats.columnar import BadCell, Header
from geodata.sources.formats.delimited import BARE_RETURN, Dialect, Meter, dialect_of, head_of, mended, records
from geodata.sources.formats.whens import order_of

Made = tuple[Event, list[Remark]]
Maker = Callable[[int, Sequence[str]], Made]
SAMPLED = 1_000  # rows looked at for the order of their dates
_BYTE = re.compile("[\udc80-\udcff]")


def dated(
    path: Path, name: str, columns: Sequence[str], mapping: ColumnMapping, after_line: int = 0
) -> tuple[ColumnMapping, Sequence[Question]]:
    """The mapping with the order of such dates as 3/4/2022 where its first rows settle it, else what to ask."""
    if mapping.date_order:
        return mapping, ()
    order, question = order_of(_values(path, name, columns, after_line))
    return mapping.answered({"date_order": order}) if order else mapping, (question,) if question else ()


def _values(path: Path, name: str, columns: Sequence[str], after_line: int) -> Iterator[str]:
    found = records(path, name, dialect_of(head_of(path), name), Meter())
    header: Header | None = None
    for line, cells in islice(found, SAMPLED):
        if line < after_line:
            continue
        if header is None:
            header = Header(cells)
            continue
        yield from (cells[index] for column in columns if (index := header.index(column)) < len(cells) and cells[index])


def day_order(mapping: ColumnMapping) -> bool | None:
    """Whether dates such as 3/4/2022 put the day first; None where nobody said."""
    return {"dmy": True, "mdy": False}.get(mapping.date_order)


class TableRows:
    """The rows of one file. `make` is given the header and the mapping, and gives what makes an event of cells."""

    def __init__(
        self,
        path: Path,
        name: str,
        make: Callable[[Header, ColumnMapping], Maker],
        mapping: ColumnMapping | None = None,
        *,
        credit: Credit,
        notes: Sequence[str] = (),
        how: Dialect | None = None,
        header: Sequence[str] = (),
        after_line: int = 0,
        found: Callable[[Meter], Iterator[tuple[int, list[str]]]] | None = None,
        questions: Sequence[Question] = (),
    ) -> None:
        """`header` is given for a file that has none of its own; rows up to `after_line` are no data.

        `found` reads the records of what is no text of cells (a feed as JSON).
        """
        self._path, self._name, self._make = path, name, make
        self._how = how or dialect_of(head_of(path), name)
        self._meter = Meter(path.stat().st_size)
        self._own_header, self._after = not header, after_line
        self._found = found or (lambda meter: records(path, name, self._how, meter))
        self.columns = tuple(header) or _header(path, name, self._how)
        self.mapping = mapping or ColumnMapping()
        self.credit = credit
        self.questions: Sequence[Question] = tuple(questions)
        self.notes = (*notes, *(f"{name}: {note}" for note in encoding_note(self._how.encoding)))

    @property
    def total_bytes(self) -> int:
        return self._meter.total

    @property
    def done_bytes(self) -> int:
        return self._meter.done

    def sample(self, n: int) -> Sequence[Row]:
        """The first rows; reads no more of the file than they take."""
        return tuple(islice(self._rows(), n))

    def rows(self) -> Iterator[Row]:
        """Every record after the header, from the start of the file on each call."""
        if self.questions:
            raise NeedsAnswer(self._name, self.questions)
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        header = Header(self.columns)
        make = self._make(header, self.mapping)
        found = self._found(self._meter)
        if self._own_header:
            next(found, None)
        for line, cells in found:
            if line <= self._after or (cells[0][:1] in ("#", "") and is_tags(cells)):
                continue
            yield _row(line, cells, header, make)


def _header(path: Path, name: str, how: Dialect) -> tuple[str, ...]:
    for _, cells in records(path, name, how, Meter()):
        return tuple(cell.strip() for cell in cells)
    raise UsageError(f"{name} holds no header line")


def is_tags(cells: Sequence[str]) -> bool:
    """HXL's second header: every cell that holds something begins with #."""
    return any(cells) and all(cell.lstrip().startswith("#") for cell in cells if cell.strip())


def _row(line: int, cells: list[str], header: Header, make: Maker) -> Row:
    given = tuple(cells)
    changes: list[Remark] = []
    if len(cells) != header.width:
        if len(cells) < header.width or any(cells[header.width :]):
            return Row(line, None, given, problems=(Remark("", _width(len(cells), header.width)),))
        del cells[header.width :]
    if not "".join(cells).isprintable():
        cells = cleaned(cells, header.names, changes)
    cells = list(map(str.strip, cells))
    cells.append("")
    try:
        event, more = make(line, cells)
    except BadCell as error:
        return Row(line, None, given, problems=(Remark(error.column, error.message),))
    except UsageError as error:
        return Row(line, None, given, problems=(Remark("", str(error)),))
    return Row(line, event, given, changes=(*changes, *more))


def _width(found: int, wanted: int) -> str:
    return f"has {found:,} cells where the header has {wanted:,}"


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
