"""A file as pieces: a JSON Lines file a line at a time, whatever its size; any other file as one.

So that a long import holds a few stories in memory, and knows the line that each came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from geodata.contracts import Reading, RowProblem
from geodata.errors import UsageError
from geodata.sources import SUFFIXES, detect, jsonl
from geodata.sources.encoding import decode, encoding_note

HEAD_BYTES = 200_000
MOST_LINE_BYTES = 16_000_000  # of JSON: a story of the most characters accepted, every one of them escaped
_WIDE = ("utf-16", "utf-32", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one line (counted from 1) of the file `where` gave, or the whole of it (line 0)."""

    where: str
    line: int
    reading: Reading


def is_stream(path: Path, format_name: str = "") -> bool:
    """Whether a file is read line by line: JSON Lines by its content, or by its name where a line is very long."""
    if format_name:
        return format_name == "jsonl"
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    whole = _whole_lines(head)
    if not whole.strip():
        return len(head) == HEAD_BYTES and SUFFIXES.get(path.suffix.casefold()) == "jsonl"
    try:
        return detect(whole, path.name) == "jsonl"
    except UsageError:
        return False  # whoever reads it as a whole says what is wrong


def stories(path: Path, name: str) -> Iterator[Piece]:
    """Each line of a JSON Lines file; one that does not fit is a piece with a problem. Blank lines are passed over."""
    with path.open("rb") as file:
        encoding = _encoding(file, name)
        if encoding in _WIDE:
            yield Piece(name, 0, jsonl.read(path.read_bytes(), name))
            return
        notes = encoding_note(encoding)
        for number, line in _lines(file):
            if line.strip():
                yield Piece(name, number, _reading(line, encoding, notes, name, number))


def count_stories(path: Path) -> int:
    """How many lines of a file hold something; as fast as the file can be read."""
    with path.open("rb") as file:
        return sum(1 for _, line in _lines(file) if line.strip())


def _encoding(file: IO[bytes], name: str) -> str:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    try:
        return decode(_whole_lines(head) or head, name)[1]
    except UsageError:
        return "utf-8"  # a first line that is broken is told with its number


def _whole_lines(head: bytes) -> bytes:
    """The head of a file up to its last line end, so that no character is cut; a short file whole."""
    return head if len(head) < HEAD_BYTES else head[: head.rfind(b"\n") + 1]


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; one longer than MOST_LINE_BYTES comes cut, its rest is passed over."""
    number = 0
    while line := file.readline(MOST_LINE_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MOST_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MOST_LINE_BYTES + 1)
        yield number, line


def _reading(line: bytes, encoding: str, notes: tuple[str, ...], name: str, number: int) -> Reading:
    try:
        if len(line) > MOST_LINE_BYTES:
            raise UsageError(f"longer than {MOST_LINE_BYTES:,} bytes, which is the most a line may have")
        try:
            text = line.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            raise UsageError(f"not {encoding} at byte {error.start} of the line") from error
        return Reading(documents=(jsonl.parse_story(text, f"line {number}", notes),))
    except UsageError as error:
        return Reading(problems=(RowProblem(name, number, str(error)),))
