"""The features of a GeoJSON file one by one, whatever its size; of newline-delimited JSON and RFC 8142 sequences too.

Only one feature is in memory at a time. What is not JSON is named with its line; a feature of more than
MOST_FEATURE_CHARS is refused, as is nesting that would exhaust the parser.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from geodata.errors import UsageError
from geodata.sources.formats.delimited import Meter, head_of, text_head

CHUNK_CHARS = 1 << 18
MOST_FEATURE_CHARS = 32_000_000
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_constant=float)  # NaN and Infinity are judged where they stand, feature by feature
RECORD = "\x1e"  # RFC 8142: before each text of a sequence


class Scanner:
    """Reads one JSON document piece by piece."""

    def __init__(self, file: IO[str], name: str, tell: Callable[[], None]) -> None:
        self._file, self._name, self._tell = file, name, tell
        self._text, self._at, self._lines, self._ended = "", 0, 1, False

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, wanted: str) -> None:
        if self.peek() != wanted:
            raise self.error(f"'{wanted}' was expected")
        self._at += 1

    def value(self) -> object:
        """The next JSON value."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > MOST_FEATURE_CHARS:
                    raise self.error(f"one value has more than {MOST_FEATURE_CHARS:,} characters") from error
                if self._more():
                    continue
                raise self.error(error.msg, error.pos) from error
            except RecursionError as error:
                raise self.error("it is nested too deep; accepted: GeoJSON (RFC 7946)") from error
            if end == len(self._text) and not self._ended and self._more():
                continue  # a number may go on in the next piece
            self._at = end
            return found

    def error(self, message: str, at: int | None = None) -> UsageError:
        line = self._lines + self._text.count("\n", 0, self._at if at is None else at)
        return UsageError(f"{self._name} is not JSON: line {line:,}: {message}")

    def _more(self) -> bool:
        """Reads on; a value that is longer than what was read so far is met by reading as much again."""
        if self._ended:
            return False
        self._lines += self._text.count("\n", 0, self._at)
        self._text = self._text[self._at :]
        self._at = 0
        piece = self._file.read(max(CHUNK_CHARS, len(self._text)))
        self._tell()
        self._ended = not piece
        self._text += piece
        return bool(piece)


def features(path: Path, name: str, meter: Meter) -> Iterator[tuple[str, object]]:
    """("feature", value) for each feature, and (key, value) for the other members of the document, as they come.

    A document that is one Feature or one geometry gives that; UsageError for any other JSON.
    """
    with path.open("rb") as raw:
        encoding = text_head(head_of(path), name)[1]
        file = _text(raw, encoding)
        scanner = Scanner(file, name, lambda: _told(meter, raw))
        if scanner.peek() != "{":
            raise UsageError(f"{name} is not GeoJSON: it does not begin with an object")
        yield from _members(scanner)
        if scanner.peek():
            raise scanner.error("something follows the end of the document")


def _members(scanner: Scanner) -> Iterator[tuple[str, object]]:
    scanner.take("{")
    while scanner.peek() != "}":
        key = scanner.value()
        if not isinstance(key, str):
            raise scanner.error("a name in quotes was expected")
        scanner.take(":")
        if key == "features" and scanner.peek() == "[":
            yield from _elements(scanner)
        else:
            yield key, scanner.value()
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")


def _elements(scanner: Scanner) -> Iterator[tuple[str, object]]:
    yield "features", None
    scanner.take("[")
    while scanner.peek() != "]":
        yield "feature", scanner.value()
        if scanner.peek() != "]":
            scanner.take(",")
    scanner.take("]")


def lines(path: Path, name: str, meter: Meter) -> Iterator[tuple[int, object, str]]:
    """(line, value, what is wrong) of each JSON text of a newline-delimited file or an RFC 8142 sequence."""
    with path.open("rb") as raw:
        head, encoding = text_head(head_of(path), name)
        file = _text(raw, encoding)
        texts = _sequence(file) if head.startswith(RECORD) else _by_line(file)
        for number, text in texts:
            if not number % 256:
                _told(meter, raw)
            if not text.strip():
                continue
            try:
                if len(text) > MOST_FEATURE_CHARS:
                    raise UsageError(f"longer than {MOST_FEATURE_CHARS:,} characters, which is the most accepted")
                yield number, _DECODER.decode(text), ""
            except json.JSONDecodeError as error:
                yield number, text, f"not JSON: {error.msg} at character {error.pos + 1:,}"
            except (RecursionError, UsageError) as error:
                yield number, None, str(error) if isinstance(error, UsageError) else "nested too deep"


def _by_line(file: IO[str]) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(MOST_FEATURE_CHARS + 1):
        number += 1
        rest = line
        while len(rest) > MOST_FEATURE_CHARS and not rest.endswith("\n"):
            rest = file.readline(MOST_FEATURE_CHARS + 1)
        yield number, line.strip().lstrip("\ufeff" + RECORD)


def _sequence(file: IO[str]) -> Iterator[tuple[int, str]]:
    """Texts between record separators; one may be written over several lines."""
    start, size = 1, 0
    held: list[str] = []
    for number, line in _by_raw_line(file):
        if line.startswith(RECORD):
            if held:
                yield start, "".join(held)
            start, held, size = number, [], 0
        size += len(line)
        if size <= MOST_FEATURE_CHARS:
            held.append(line.lstrip(RECORD))
    if held:
        yield start, "".join(held)


def _by_raw_line(file: IO[str]) -> Iterator[tuple[int, str]]:
    number = 0
    while line := file.readline(MOST_FEATURE_CHARS + 1):
        number += 1
        yield number, line


def _text(raw: IO[bytes], encoding: str) -> IO[str]:
    name = "utf-8-sig" if encoding in ("utf-8", "utf-8-sig") else encoding
    return io.TextIOWrapper(raw, name, errors="replace", newline="\n")


def _told(meter: Meter, raw: IO[bytes]) -> None:
    meter.done = raw.tell()
