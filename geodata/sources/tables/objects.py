"""JSON that is a table: a list of flat objects, one in a member of an object ({"data": [...]}), or an object a line.

The columns are all names that occur, in the order of their first. A value inside an object is called by its way,
"location.lat"; a point of GeoJSON becomes one position; a list of words is joined, any other list stays JSON.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from geodata.contracts.tables import Question
from geodata.errors import UsageError, shown
from geodata.features import dumps
from geodata.sources.columns import assign
from geodata.sources.formats import jsonstream
from geodata.sources.formats.delimited import Meter, head_of, text_head
from geodata.sources.formats.records import Record, Refused

MOST_COLUMNS = 2_000
DEEPEST = 3
"""Objects inside objects that become columns of their own; what lies deeper stays JSON."""
_OTHERS = frozenset({"features", "templates"})
"""Names that GeoJSON and our own stories have."""
Flat = dict[str, str]


class ObjectRecords:
    """The objects of a file as records. The file is read once for the names: any object may bring a new one."""

    questions: Sequence[Question] = ()
    sheet = ""
    above: Sequence[str] = ()

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.meter = Meter(path.stat().st_size)
        self._is_by_line = _by_line(text_head(head_of(path), name)[0])
        self._member = ""
        others: dict[str, None] = {}
        names: dict[str, None] = {}
        for line, member, value in self._values(Meter()):
            if isinstance(value, dict) and not names:
                self._member = member
            if member != self._member:
                others[member] = None
            elif isinstance(value, dict):
                names.update(dict.fromkeys(flat(value)))
            if len(names) > MOST_COLUMNS:
                raise UsageError(f"{name}, line {line:,}: more than {MOST_COLUMNS:,} different names; that is no table")
        if not names:
            raise UsageError(f'{name} holds no rows; accepted: a list of objects, [{{"date": ..., "place": ...}}, ...]')
        self.header: Sequence[str] = list(names)
        passed = f"rows were taken of {shown(self._member)}, and none of {', '.join(map(shown, others))}"
        self.notes: Sequence[str] = (passed,) if others else ()

    def __iter__(self) -> Iterator[Record]:
        header = self.header
        for line, member, value in self._values(self.meter):
            if member != self._member:
                continue
            if isinstance(value, dict):
                found = flat(value)
                yield line, [found.get(name, "") for name in header]
            elif isinstance(value, UsageError):
                yield line, Refused([""], str(value))
            else:
                yield line, Refused([str(value)], f"is not an object: {shown(str(value))}")
        self.meter.done = self.meter.total

    def _values(self, meter: Meter) -> Iterator[jsonstream.Element]:
        if not self._is_by_line:
            yield from jsonstream.elements(self._path, self._name, meter)
            return
        for line, value, problem in jsonstream.lines(self._path, self._name, meter):
            yield jsonstream.Element(line, "", UsageError(problem) if problem else value)


def flat(value: Mapping[str, object], before: str = "", depth: int = 1) -> Flat:
    """The cells of an object by their names; NaN holds nothing, as pandas writes it."""
    found: Flat = {}
    for name, held in value.items():
        key = f"{before}{name}"
        if isinstance(held, dict) and (point := _point(held)):
            found[key] = point
        elif isinstance(held, dict) and depth < DEEPEST:
            found |= flat(held, f"{key}.", depth + 1)
        elif (text := _text(held)) or not before:
            found[key] = text
    return found


def looks_like(head: str) -> bool:
    """Whether a text begins as such a table does: with an object that has no text of a story and is no feature."""
    first = _first(head)
    if first is None or _OTHERS & first.keys() or first.get("type") == "Feature":
        return False
    known = assign(flat(first))
    return "text" not in first or {"lon", "lat"} <= known.keys() or bool({"position", "start"} & known.keys())


def _first(head: str) -> Mapping[str, object] | None:
    """The first object of a table; None where the text begins otherwise."""
    text = head.lstrip("\ufeff \t\r\n")
    at = 0
    if text.startswith("["):
        at = 1
    elif text.startswith("{") and not _by_line(text):
        at = _list_of(text)
        if not at:
            return None
    try:
        found, _ = jsonstream.DECODER.raw_decode(text, len(text) - len(text[at:].lstrip()))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _by_line(head: str) -> bool:
    """Whether the first line is a whole object, and the next another; one alone must not hold a list of objects."""
    text = head.lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    try:
        if not isinstance(json.loads(first), dict):
            return False
    except (ValueError, RecursionError):
        return False
    return rest.lstrip().startswith("{") or not (rest.strip() or _list_of(text))


def _list_of(text: str) -> int:
    """Where the list of a document's member begins, behind its bracket; 0 where no member holds objects in a list."""
    at = 1
    while at < len(text):
        try:
            at += len(text[at:]) - len(text[at:].lstrip(", \t\r\n"))
            _, at = jsonstream.DECODER.raw_decode(text, at)
            at += len(text[at:]) - len(text[at:].lstrip(": \t\r\n"))
            if text[at : at + 1] == "[" and text[at + 1 :].lstrip()[:1] == "{":
                return at + 1
            _, at = jsonstream.DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return 0
    return 0


def _point(value: Mapping[str, object]) -> str:
    """A point of GeoJSON as text, longitude first."""
    pair = value.get("coordinates") if value.get("type") == "Point" else None
    return f"POINT ({pair[0]} {pair[1]})" if isinstance(pair, list) and len(pair) > 1 else ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return "; ".join(map(str, value))
    return dumps(value)
