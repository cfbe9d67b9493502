"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): a sheet is unpacked to CSV by `unpack`, and read from there as a stream.

Formulas count as the values that they had when the workbook was saved. Merged cells are filled with the value of their
first, and told. Where several sheets hold tables, it is asked which.
"""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import Option, Question
from geodata.errors import UsageError, shown
from geodata.sources.formats.delimited import Dialect, Meter, records
from geodata.sources.headers import recognised
from geodata.sources.tables import unpack
from geodata.sources.tables.guessing import NO_HEADER, WANTED, header_row
from geodata.sources.tables.records import about_header

MOST_UNPACKED_BYTES = 1_000_000_000
MOST_SWELLING = 300  # XML of numbers packs to a tenth, of one cell over and over to a hundredth
SLOW_S = 300
_CHUNK = 1_000_000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"xl/workbook", b"xl/worksheets/", b"application/vnd.oasis.opendocument.spreadsheet")
_FORMULA = re.compile(rb"<f[ >/]")
_NO_VALUE = re.compile(rb"</f></c>|<f[^>]*/></c>|</f><v/?></c>|</f><v></v></c>")


class SheetRecords:
    """The rows of one sheet. `sheet` empty: the only one that holds a table, else it is asked for."""

    def __init__(self, path: Path, name: str, sheet: str = "") -> None:
        self._path, self._name = path, name
        self.meter = Meter(path.stat().st_size)
        self._formulas, self._valueless, self._errors = _checked(path, name)
        self._sheets = json.loads(_unpack(name, "list", str(path.resolve())))
        self.sheet, self.questions = self._chosen(sheet)
        head = next(each["head"] for each in self._sheets if each["name"] == self.sheet)
        self._above = header_row(head)
        self.header: Sequence[str] = head[self._above] if self._above != NO_HEADER else [""] * max(map(len, head))

    def _chosen(self, wanted: str) -> tuple[str, Sequence[Question]]:
        names = [each["name"] for each in self._sheets]
        if wanted and wanted not in names:
            raise UsageError(f"{self._name} has no sheet {shown(wanted)}; it has {', '.join(names)}")
        filled = [each for each in self._sheets if each["head"]]
        tables = [each for each in filled if _is_table(each["head"])]
        if not filled:
            raise UsageError(f"{self._name} holds no rows in any of its sheets ({', '.join(names)})")
        if wanted or len(tables) < 2:
            return wanted or (tables or filled)[0]["name"], ()
        options = tuple(
            Option(
                each["name"],
                f"{each['name']}, {each['rows']:,} rows",
                ", ".join(each["head"][max(header_row(each["head"]), 0)]),
            )
            for each in tables
        )
        text = f"which sheet is to be read? {len(tables)} of them hold tables"
        return options[0].value, (Question("sheet", text, options, suggested=options[0].value),)

    @cached_property
    def _unpacked(self) -> tuple["tempfile.TemporaryDirectory[str]", Path, int]:
        folder = tempfile.TemporaryDirectory(prefix="dateline-sheet-")
        place = Path(folder.name) / "sheet.csv"
        told = json.loads(_unpack(self._name, "write", str(self._path.resolve()), self.sheet, str(place)))
        return folder, place, int(told["merged"])

    @property
    def notes(self) -> Sequence[str]:
        told = []
        others = [each["name"] for each in self._sheets if each["head"] and each["name"] != self.sheet]
        if others:
            told.append(f"sheet {shown(self.sheet)} was read, and not {', '.join(map(shown, others))}")
        if above := about_header(self._above, "rows"):
            told.append(above)
        if merged := self._unpacked[2]:
            told.append(f"merged cells: {merged:,}; of those over several rows, each row was given the value")
        if self._formulas:
            told.append(f"formulas: {self._formulas:,}; the values that they had when the file was saved were taken")
        if self._valueless:
            told.append(
                f"formulas without a value in the file: {self._valueless:,}; they are empty here: open it in a "
                "spreadsheet and save it"
            )
        if self._errors:
            told.append(f"cells that hold an error, as #DIV/0!: {self._errors:,}; they are empty here")
        return told

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        _, place, _ = self._unpacked
        self.meter.total = place.stat().st_size
        found = records(place, self._name, Dialect("utf-8"), self.meter)
        numbered = ((int(cells[0]), cells[1:]) for _, cells in found)
        return ((line, cells) for line, cells in islice(numbered, self._above + 1, None) if any(cells))


def is_workbook(head: bytes, format_name: str) -> bool:
    """Whether a file that begins so is a workbook; old ones (.xls) are known by their name, `format_name`, too."""
    if head.startswith(_OLD):
        return format_name == "excel" or "Workbook".encode("utf-16-le") in head
    return head.startswith(b"PK") and any(mark in head for mark in _MARKS)


def _is_table(head: Sequence[Sequence[str]]) -> bool:
    known = recognised(head[max(header_row(head), 0)])
    return len(known) > 1 and any(field in known for field in WANTED)


def _unpack(name: str, *arguments: str) -> str:
    """What `unpack` says; UsageError in its words where it could not."""
    command = [sys.executable, "-I", unpack.__file__, *arguments]  # as a script: it imports nothing of ours
    try:
        done = subprocess.run(command, capture_output=True, timeout=SLOW_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{name} takes more than {SLOW_S} s to unpack; save the sheet as CSV") from error
    if done.returncode == 0:
        return done.stdout.decode()
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if done.returncode < 0 or done.returncode == unpack.TOO_LARGE or not told or "memory" in told[-1]:
        raise UsageError(f"{name} is too large to be unpacked; save the sheet as CSV")
    raise UsageError(f"{name} cannot be read as a workbook: {shown(told[-1], 200)}; accepted: .xlsx, .xls, .ods")


def _checked(path: Path, name: str) -> tuple[int, int, int]:
    """How many formulas there are, how many without a value, and cells with errors; UsageError for a zip bomb."""
    if not zipfile.is_zipfile(path):
        return 0, 0, 0
    formulas = valueless = errors = unpacked = 0
    most = min(MOST_UNPACKED_BYTES, max(path.stat().st_size * MOST_SWELLING, _CHUNK * 50))
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                counts = "worksheets/" in entry.filename
                with archive.open(entry) as part:
                    tail = b""
                    while chunk := part.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > most:
                            raise UsageError(
                                f"{name} unpacks to more than {most:,} bytes, which is the most accepted for a file of "
                                f"{path.stat().st_size:,}; save the sheet as CSV"
                            )
                        if counts:
                            cut = chunk.rfind(b"</c>") + 4 if b"</c>" in chunk else len(chunk)
                            text = tail + chunk[:cut]
                            formulas += len(_FORMULA.findall(text))
                            valueless += len(_NO_VALUE.findall(text))
                            errors += text.count(b' t="e"')
                            tail = chunk[cut:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UsageError(f"{name} is damaged and cannot be unpacked ({error}); accepted: a whole workbook") from error
    return formulas, valueless, errors
