"""GeoNames' files, row by row: country dumps (19 columns) and alternate names (8 or 10), zipped or plain, in UTF-8.

A row that cannot be used is left out and told with its line number; a file of many such rows is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from geodata.errors import UsageError, shown
from geodata.geocode.fold import LONGEST_NAME
from geodata.geocode.readers.cities import is_name
from geodata.geocode.records import NameKind

PLACE_COLUMNS = 19
ALTERNATE_COLUMNS = (8, 10)
LONGEST_LINE = 1 << 20
"""Bytes; the longest row of GeoNames has some 20,000."""
MOST_SHOWN = 5
_FEW_BAD = 20
_MOST_BAD_SHARE = 0.05
_LOOKED_AT = 50
"""Lines that tell what kind of file it is."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
_NO_NAMES = frozenset(("link", "post", "iata", "icao", "faac", "tcid", "unlc", "phon", "wkdt"))
"""What alternateNamesV2's language column holds where the name is none: web addresses, postcodes, airport codes."""


@dataclass(frozen=True, slots=True)
class DumpPlace:
    """A row of a country dump. Degrees, longitude first; `feature` is class and code, "P.PPL"."""

    geonameid: int
    name: str
    others: tuple[str, ...]
    lon: float
    lat: float
    feature: str
    country: str
    admin1: str
    admin2: str
    population: int


@dataclass(frozen=True, slots=True)
class DumpName:
    """A row of alternateNamesV2: a further name of the place `geonameid`."""

    geonameid: int
    name: str
    kind: NameKind


@dataclass(slots=True)
class Problems:
    """Rows that were left out: how many, and the first few with their line and why. `called` names the file."""

    called: str
    rows: int = 0
    bad: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, line: int, why: str) -> None:
        self.bad += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(f"line {line:,}: {why}")

    def check(self, *, whole: bool = False) -> None:
        """UsageError where too many rows are bad for the file to be what it should; `whole` at its end."""
        few = self.bad <= _FEW_BAD or self.bad <= self.rows * _MOST_BAD_SHARE
        if few and not (whole and self.bad >= self.rows):
            return
        said = "; ".join(self.shown) or "it holds no rows"
        raise UsageError(
            f"{self.called}: {self.bad:,} of {self.rows:,} rows cannot be used ({said}). Accepted are GeoNames "
            "country dumps (19 columns) and alternateNamesV2 (10), parted by tabs, in UTF-8. Nothing was changed"
        )


@dataclass(frozen=True, slots=True)
class DumpFile:
    """A file that was looked into: what its rows are, and how many bytes they have unpacked."""

    path: Path
    called: str
    member: str
    columns: int
    size_bytes: int

    @property
    def is_places(self) -> bool:
        return self.columns == PLACE_COLUMNS

    def lines(self) -> Iterator[bytes]:
        """The lines without their ends. UsageError where the file breaks off."""
        with _opened(self) as file:
            yield from _lines(file, self.called)

    def places(self, problems: Problems, keep: Callable[[bytes], bool] | None = None) -> Iterator[DumpPlace]:
        """Every good row, in the file's order; the others go to `problems`. `keep` sees the line before it is read."""
        for number, line in enumerate(self.lines(), start=1):
            if not line or (keep is not None and not keep(line)):
                continue
            problems.rows += 1
            try:
                yield read_place(line)
            except ValueError as error:
                problems.add(number, str(error))
                problems.check()

    def names(self, problems: Problems) -> Iterator[DumpName]:
        """Every further name of the file; codes and web addresses, which are no names, are passed over."""
        for number, line in enumerate(self.lines(), start=1):
            if not line:
                continue
            problems.rows += 1
            try:
                name = read_name(line)
            except ValueError as error:
                problems.add(number, str(error))
                problems.check()
                continue
            if name is not None:
                yield name


def look_into(path: Path, called: str = "") -> DumpFile:
    """What kind of dump a file is; messages name it as `called`. UsageError where it is none, or cannot be read."""
    called = called or path.name
    if not path.is_file():
        raise UsageError(f"{shown(str(path))} is no file; give a GeoNames dump as .zip or .txt")
    member, size = _member(path) if path.suffix.casefold() == ".zip" else ("", path.stat().st_size)
    counts: dict[int, int] = {}
    file = DumpFile(path, called, member, 0, size)
    for number, line in enumerate(file.lines()):
        if number >= _LOOKED_AT:
            break
        if line:
            columns = line.count(b"\t") + 1
            counts[columns] = counts.get(columns, 0) + 1
    if not counts:
        raise UsageError(f"{called} holds no rows")
    columns = max(counts, key=lambda key: counts[key])
    if columns not in (PLACE_COLUMNS, *ALTERNATE_COLUMNS):
        raise UsageError(
            f"{called}: its rows have {columns} columns; accepted are GeoNames country dumps (19 columns parted by "
            "tabs) and alternateNamesV2 (10)"
        )
    return DumpFile(path, called, member, columns, size)


def read_place(line: bytes) -> DumpPlace:
    """One row of a country dump; ValueError, saying why, where it cannot be used."""
    row = _cells(line, (PLACE_COLUMNS,))
    lat, lon = _degrees(row[4], 90, "latitude"), _degrees(row[5], 180, "longitude")
    name = _checked_name(row[1])
    others = {row[2], *row[3].split(",")} - {"", name}
    return DumpPlace(
        _whole(row[0], "geonameid"),
        name,
        tuple(sorted(other for other in others if is_name(other) and _fits(other))),
        lon,
        lat,
        f"{row[6] or 'S'}.{row[7]}".rstrip("."),
        row[8].upper() if len(row[8]) == 2 and row[8].isalpha() else "",
        row[10],
        row[11],
        max(0, _whole(row[14] or "0", "population")),
    )


def read_name(line: bytes) -> DumpName | None:
    """One row of alternateNamesV2, or None where it holds a code or an address; ValueError where it is bad."""
    row = _cells(line, ALTERNATE_COLUMNS)
    geonameid = _whole(row[1], "geonameid")
    if row[2] in _NO_NAMES:
        return None
    name = _checked_name(row[3])
    kind = NameKind.ALTERNATE
    if row[2] == "abbr":
        kind = NameKind.ABBREVIATION
    elif row[7] == "1":
        kind = NameKind.HISTORICAL
    elif row[5] == "1":
        kind = NameKind.SHORT
    return DumpName(geonameid, name, kind) if is_name(name) or kind is NameKind.ABBREVIATION else None


def _cells(line: bytes, columns: tuple[int, ...]) -> list[str]:
    if len(line) >= LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE:,} bytes")
    try:
        row = line.decode("utf-8").split("\t")
    except UnicodeDecodeError as error:
        raise ValueError(f"no UTF-8 (byte {error.start + 1}); Latin-1 must be converted first") from error
    if len(row) not in columns:
        raise ValueError(f"{len(row)} columns instead of {columns[-1]}")
    return row


def _checked_name(name: str) -> str:
    if not name.strip():
        raise ValueError("no name")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"a name of {len(name):,} characters; at most {LONGEST_NAME}")
    if _CONTROL.search(name):
        raise ValueError(f"control characters in the name {shown(name)}")
    return name.strip()


def _fits(name: str) -> bool:
    return len(name) <= LONGEST_NAME and not _CONTROL.search(name)


def _degrees(text: str, most: int, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{what} {shown(text)} is no number") from None
    if not -most <= value <= most:  # nan fails too
        raise ValueError(f"{what} {shown(text)} is not from -{most} to {most}")
    return value


def _whole(text: str, what: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise ValueError(f"{what} {shown(text)} is no whole number") from None
    if abs(value) >= 1 << 53:
        raise ValueError(f"{what} {shown(text)} is too large")
    return value


def _member(path: Path) -> tuple[str, int]:
    """The table in a zip: the largest .txt that is no readme."""
    try:
        with zipfile.ZipFile(path) as pack:
            tables = [m for m in pack.infolist() if m.filename.casefold().endswith(".txt")]
    except _BROKEN as error:
        raise UsageError(f"{path.name} is no whole zip ({error}); it may be cut short: fetch it again") from error
    if not tables:
        raise UsageError(f"{path.name} holds no .txt; a GeoNames zip holds a table such as UA.txt")
    largest = max(tables, key=lambda m: ("readme" not in m.filename.casefold(), m.file_size))
    if largest.flag_bits & 1:
        raise UsageError(f"{path.name} is locked with a password; give it unlocked")
    return largest.filename, largest.file_size


@contextmanager
def _opened(dump: DumpFile) -> Iterator[IO[bytes]]:
    try:
        if not dump.member:
            with dump.path.open("rb") as file:
                yield file
        else:
            with zipfile.ZipFile(dump.path) as pack, pack.open(dump.member) as packed:
                yield packed
    except (*_BROKEN, NotImplementedError) as error:
        raise UsageError(f"{dump.called} cannot be read ({error}); nothing was changed") from error


def _lines(file: IO[bytes], called: str) -> Iterator[bytes]:
    number = 0
    try:
        while line := file.readline(LONGEST_LINE):
            number += 1
            if number == 1:
                if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise UsageError(f"{called} is UTF-16; convert it to UTF-8 first")
                line = line.removeprefix(b"\xef\xbb\xbf")
            whole = line
            while not whole.endswith(b"\n") and len(whole) >= LONGEST_LINE and (whole := file.readline(LONGEST_LINE)):
                pass  # the rest of a line that is too long; the row is refused by its length
            yield line.rstrip(b"\r\n")
    except _BROKEN as error:
        raise UsageError(f"{called} breaks off after line {number:,} ({error}); nothing was changed") from error
