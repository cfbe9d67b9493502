"""The features of a GeoJSON file one by one, whatever its size; those of newline-delimited JSON and RFC 8142 sequences,
and the objects of any list, too.

Only one feature is in memory at a time. What is not JSON is named with its line; a feature of more than
MOST_FEATURE_CHARS is refused, as is nesting that would exhaust the parser.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from geodata.errors import UsageError
from geodata.sources.formats.delimited import Meter, head_of, text_head

CHUNK_CHARS = 1 << 18
MOST_FEATURE_CHARS = 32_000_000
_SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder(parse_constant=float)  # NaN and Infinity are judged where they stand, feature by feature
RECORD = "\x1e"  # RFC 8142: before each text of a sequence


class Scanner:
    """Reads one JSON document piece by piece."""

    def __init__(self, file: IO[str], name: str, tell: Callable[[], None]) -> None:
        self._file, self._name, self._tell = file, name, tell
        self._text, self._at, self._lines, self._ended = "", 0, 1, False
        self._counted = 0  # up to where `_lines` counts

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
                found, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > MOST_FEATURE_CHARS:
                    raise self.error(f"one value has more than {MOST_FEATURE_CHARS:,} characters") from error
                if self._more():
                    continue
                raise self.error(error.msg, error.pos) from error
            except RecursionError as error:
                raise self.error("it is nested too deep") from error
            if end == len(self._text) and not self._ended and self._more():
                continue  # a number may go on in the next piece
            self._at = end
            return found

    @property
    def line(self) -> int:
        """The line of the next character that was looked at."""
        self._lines += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines

    def error(self, message: str, at: int | None = None) -> UsageError:
        line = self.line + self._text.count("\n", self._at, self._at if at is None else at)
        return UsageError(f"{self._name} is not JSON: line {line:,}: {message}")

    def _more(self) -> bool:
        """Reads on; a value that is longer than what was read so far is met by reading as much again."""
        if self._ended:
            return False
        self._lines += self._text.count("\n", self._counted, self._at)
        self._text = self._text[self._at :]
        self._at = self._counted = 0
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
        if scanner.peek() not in ("{", "["):
            raise UsageError(f"{name} is not GeoJSON: it does not begin with an object")
        if scanner.peek() == "{":
            yield from _members(scanner)
        else:
            yield from _listed(scanner, name)
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
            yield from _features(scanner)
        else:
            yield key, scanner.value()
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")


def _listed(scanner: Scanner, name: str) -> Iterator[tuple[str, object]]:
    """Features in a list that is the whole document, as some programs write them."""
    for number, (kind, value) in enumerate(_features(scanner)):
        if number == 1 and not isinstance(value, dict):
            raise UsageError(f"{name} is not GeoJSON: it is a list of values; accepted: features, or rows as objects")
        yield kind, value


def _features(scanner: Scanner) -> Iterator[tuple[str, object]]:
    yield "features", None
    yield from (("feature", value) for _, value in _elements(scanner))


class Element(NamedTuple):
    """A value of a list, with its line; `member` is the list's name in its document, empty for a list alone."""

    line: int
    member: str
    value: object


def elements(path: Path, name: str, meter: Meter) -> Iterator[Element]:
    """What the lists of a document hold: of the one that it is, or of its members. UsageError for what is not JSON."""
    with path.open("rb") as raw:
        scanner = Scanner(_text(raw, text_head(head_of(path), name)[1]), name, lambda: _told(meter, raw))
        if scanner.peek() == "[":
            yield from (Element(line, "", value) for line, value in _elements(scanner))
        else:
            yield from _lists(scanner)
        if scanner.peek():
            raise scanner.error("something follows the end of the document")


def _lists(scanner: Scanner) -> Iterator[Element]:
    scanner.take("{")
    while scanner.peek() != "}":
        key = str(scanner.value())
        scanner.take(":")
        if scanner.peek() == "[":
            yield from (Element(line, key, value) for line, value in _elements(scanner))
        else:
            scanner.value()
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")


def _elements(scanner: Scanner) -> Iterator[tuple[int, object]]:
    scanner.take("[")
    while scanner.peek() != "]":
        line = scanner.line
        yield line, scanner.value()
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
                yield number, DECODER.decode(text), ""
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
