"""A table as text, read line by line whatever its size: records with the line that each began on.

Lines end with a line feed (with or without a carriage return before it), so that numbers agree with editors'; a bare
carriage return outside quotes, which would end a line for some readers, is kept inside its cell and told. A file whose
lines all end with carriage returns is read as such.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from geodata.errors import UsageError
from geodata.sources.encoding import decode

HEAD_BYTES = 200_000
MOST_CELL_CHARS = 1_000_000
MOST_LINE_CHARS = 16_000_000
BARE_RETURN = "a carriage return in the middle of the row was taken for a space"
UNCLOSED = (
    "a quotation mark opens in this row and is never closed, so that all that follows it would be one cell; close it, "
    "or double it where it is part of the text"
)
_END = "\x1aend\x1a"
_STAND_IN = "\x1a"  # for a bare carriage return, while the csv module reads; a control character, never a cell's own


@dataclass(slots=True)
class Meter:
    """How much of a file has been read, in bytes, for progress."""

    total: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: its encoding, the mark between cells, and whether cells are quoted."""

    encoding: str
    delimiter: str = ","
    quoted: bool = True
    line_end: str = "\n"


def head_of(path: Path, most: int = HEAD_BYTES) -> bytes:
    """The first bytes of a file; UsageError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}") from error


def text_head(head: bytes, name: str) -> tuple[str, str]:
    """The head of a file as text, cut at its last whole line, and the encoding; UsageError for what is no text."""
    whole = head if len(head) < HEAD_BYTES else head[: head.rfind(b"\n") + 1] or head
    text, encoding = decode(whole, name)
    return text.removeprefix("\ufeff"), encoding


def dialect_of(head: bytes, name: str, delimiter: str = "", quoted: bool = True) -> Dialect:
    """How a file is written, told from its head."""
    text, encoding = text_head(head, name)
    first = text.split("\n", 1)[0]
    line_end = "\r" if "\r" in first.rstrip("\r") and "\n" not in text else "\n"
    mark = delimiter or max(",;\t|", key=first.count)
    return Dialect(encoding, mark, quoted, line_end)


def records(path: Path, name: str, how: Dialect, meter: Meter) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record that holds something, its header too; UsageError names the line that is broken."""
    csv.field_size_limit(MOST_CELL_CHARS)
    with path.open("rb") as raw:
        meter.done = 0
        text = _as_text(raw, how)
        lines = _Lines(text, raw, meter, name)
        if how.quoted:
            reader = csv.reader(lines, delimiter=how.delimiter)
        else:
            reader = csv.reader(lines, delimiter=how.delimiter, quoting=csv.QUOTE_NONE)
        line = 1
        try:
            for cells in reader:
                if lines.has_ended:
                    if cells[-1].endswith(_END) and cells != [_END]:
                        raise UsageError(f"{name}, line {line:,}: {UNCLOSED}")
                    break
                if cells and any(cells):
                    yield line, cells
                line = lines.number + 1
        except csv.Error as error:
            raise UsageError(f"{name}, line {line:,}: not readable as a table: {error}") from error
        meter.done = meter.total


def _as_text(raw: IO[bytes], how: Dialect) -> IO[str]:
    encoding = "utf-8-sig" if codecs.lookup(how.encoding).name in ("utf-8", "utf-8-sig") else how.encoding
    # surrogateescape: bytes that do not fit stay visible, and their row says so
    return io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline=how.line_end)


class _Lines:
    """The lines of a text for the csv module, counted, with bare carriage returns hidden from it."""

    def __init__(self, text: IO[str], raw: IO[bytes], meter: Meter, name: str) -> None:
        self._text, self._raw, self._meter, self._name = text, raw, meter, name
        self.number = 0
        self.has_ended = False

    def __iter__(self) -> Iterator[str]:
        read, meter, raw = self._text.readline, self._meter, self._raw
        while line := read(MOST_LINE_CHARS + 1):
            self.number += 1
            if len(line) > MOST_LINE_CHARS:
                raise UsageError(
                    f"{self._name}, line {self.number:,}: longer than {MOST_LINE_CHARS:,} characters, the most accepted"
                )
            if not self.number % 256:
                meter.done = raw.tell()
            if "\r" in line:
                line = _without_bare_returns(line)
            yield line
        # a line that is no file's own: where it comes back inside a cell, a quotation mark was never closed
        self.has_ended = True
        yield _END


def _without_bare_returns(line: str) -> str:
    body = line.rstrip("\r\n")
    return body.replace("\r", _STAND_IN) + "\n" if "\r" in body else body + "\n"


def mended(cells: list[str]) -> tuple[list[str], bool]:
    """The cells with hidden carriage returns as spaces, and whether there were any."""
    if not any(_STAND_IN in cell for cell in cells):
        return cells, False
    return [" ".join(cell.replace(_STAND_IN, " ").split()) if _STAND_IN in cell else cell for cell in cells], True
