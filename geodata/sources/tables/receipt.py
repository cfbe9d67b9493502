"""The receipt of an import as CSV: counts at the top, then every row with what became of it.

The cells of rows that were rejected or changed follow in their own columns, so that the rows can be mended and the very
file be sent again: the importer knows its columns, and takes the rows that hold cells. The id of the event that a row
became stands with it: mended, it changes that event, and adds no second one.
"""

import codecs
import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import dropwhile
from pathlib import Path
from typing import IO

from geodata.contracts.loading import ImportReceipt, Outcome
from geodata.contracts.tables import Row
from geodata.sources.formats.delimited import MOST_CELL_CHARS
from geodata.sources.formats.records import RECEIPT_COLUMNS

COLUMNS = RECEIPT_COLUMNS
OF = "receipt of "
_CHUNK = 65_536
_LEAST_CELLS = 4
"""Of a row without remarks: line, outcome, column, message."""
_WRITTEN = (Outcome.ADDED.value, Outcome.CHANGED.value)
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def table_of_receipt(above: Sequence[str]) -> str:
    """The name of the table that a receipt with these lines above its header is of; empty where they do not say."""
    return next((line.removeprefix(f"# {OF}") for line in above if line.startswith(f"# {OF}")), "")


class ReceiptFile:
    """Is told every row (`contracts.Told`), and written when the import has ended."""

    def __init__(self, columns: Sequence[str], folder: Path | None = None) -> None:
        """`columns` are the table's; what is not yet written lies in `folder`."""
        self._columns = columns
        self._body: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=folder)  # noqa: SIM115
        self._writer = csv.writer(self._body)

    def __call__(self, row: Row, outcome: Outcome, message: str = "") -> None:
        remarks = row.problems + row.changes
        if all(remark.is_minor for remark in remarks) and outcome is not Outcome.MERGED:  # its id may be to mend
            if remarks:
                said = "; ".join(filter(None, (message, *(remark.message for remark in remarks))))
                self._writer.writerow((row.line, outcome.value, "", said))
            elif message:
                self._writer.writerow((row.line, outcome.value, "", message))
            else:  # by far the most
                self._body.write(f"{row.line},{outcome._value_},,\r\n")
            return
        columns = "; ".join(dict.fromkeys(remark.column for remark in remarks if remark.column))
        said = "; ".join(filter(None, (message, *(remark.message for remark in remarks))))
        event = row.event.event_id if row.event else ""
        self._writer.writerow((row.line, outcome.value, columns, said, event, *map(_safe, row.cells)))

    def write(self, place: Path, name: str, receipt: ImportReceipt) -> Path:
        """The whole receipt to a file; closes what it kept."""
        with place.open("w", encoding="utf-8-sig", newline="") as out:
            _write_above(out, name, receipt)
            csv.writer(out).writerow([*COLUMNS, *map(_safe, self._columns)])
            self._body.seek(0)
            shutil.copyfileobj(self._body, out)
        self._body.close()
        return place


def write_again(before: Path, place: Path, name: str, receipt: ImportReceipt) -> bool:
    """The receipt of a file that came again and changed nothing, made of the one `before`: its rows stand in the store.

    `receipt` has the counts. The rows of `before` have one each, and none was changed. False, and nothing is written,
    where `before` is not as it was written: a person may have mended rows in it and saved it.
    """
    try:
        if _copied(before, place, name, receipt) == receipt.rows:
            return True
    except (csv.Error, UnicodeError):
        pass  # it was saved in another encoding
    place.unlink(missing_ok=True)
    return False


def _copied(before: Path, place: Path, name: str, receipt: ImportReceipt) -> int:
    """How many rows were copied, up to the first that a receipt does not have."""
    csv.field_size_limit(MOST_CELL_CHARS)
    with (
        before.open(encoding="utf-8-sig", newline="") as old,
        place.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        _write_above(out, name, receipt)
        rows = dropwhile(lambda cells: bool(cells) and cells[0].startswith("#"), csv.reader(old))
        write = csv.writer(out).writerow
        header = next(rows, [])
        if tuple(header[: len(COLUMNS)]) != COLUMNS:
            return 0
        write(header)
        count = 0
        for cells in rows:
            count += 1
            if len(cells) < _LEAST_CELLS:
                return 0
            if cells[1] in _WRITTEN:
                cells[1] = Outcome.UNCHANGED.value
            write(cells)
        return count


def _write_above(out: IO[str], name: str, receipt: ImportReceipt) -> None:
    for line in (f"{OF}{name}", *summary(name, receipt)):
        csv.writer(out).writerow([f"# {line}"])


def summary(name: str, receipt: ImportReceipt) -> list[str]:
    """The counts of an import in words, a line each, and its notes."""
    counts = [
        f"{count:,} {what}"
        for count, what in (
            (receipt.added, "added"),
            (receipt.changed, "changed"),
            (receipt.unchanged, "unchanged"),
            (receipt.kept, "left as people have made them"),
            (receipt.merged, "merged with rows of the same id"),
            (receipt.rejected, "rejected"),
        )
        if count
    ]
    first = f"{name}: {receipt.rows:,} row{'s' * (receipt.rows != 1)}"
    lines = [f"{first}: {', '.join(counts)}" if counts else first]
    if receipt.undated or receipt.unplaced:
        lines.append(f"{receipt.undated:,} without a date, {receipt.unplaced:,} without a place")
    if receipt.dry_run:
        lines.append("a trial: nothing was changed")
    return [*lines, *receipt.notes]


def lines_of(place: Path, to_mend: bool = False) -> Iterator[bytes]:
    """A receipt piece by piece; `to_mend`: of its rows only those that hold cells, all their line breaks kept."""
    if not to_mend:
        with place.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
        return
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    with place.open(encoding="utf-8-sig", newline="") as text:
        yield codecs.BOM_UTF8
        for cells in csv.reader(text):
            if len(cells) > len(COLUMNS) or (cells and cells[0].startswith("#")):
                writer.writerow(cells)
                yield buffer.getvalue().encode()
                buffer.seek(0)
                buffer.truncate()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; numbers stay as they are."""
    if not cell.startswith(_RISKY):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
