"""A filter as a tree of plain conditions on an event, whatever language it was written in.

There is no "not" in it: who reads a filter turns it into the opposite condition. So what compares with something that
an event does not have just does not hold, as three-valued logic (SQL, CQL2) comes to in the end.

Days are whole numbers from 1970-01-01; an open end is `FIRST_DAY` or `LAST_DAY`. Texts are compared by code points.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from geodata.geometry import BBox
from geodata.model import Event
from geodata.shapes import Circle, Polygon

EPOCH = 719_163
"""1970-01-01 by `date.toordinal`."""
FIRST_DAY, LAST_DAY = -10_000_000, 10_000_000
"""Before and after every day of the calendar."""
Value = str | float | int


class Kind(StrEnum):
    """What a property holds."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    SPAN = "span"
    GEOMETRY = "geometry"


PROPERTIES: Mapping[str, Kind] = {
    "id": Kind.TEXT,
    "event_type": Kind.TEXT,
    "sub_event_type": Kind.TEXT,
    "title": Kind.TEXT,
    "quote": Kind.TEXT,
    "start": Kind.DAY,
    "end": Kind.DAY,
    "datetime": Kind.SPAN,
    "date_precision": Kind.TEXT,
    "place": Kind.TEXT,
    "precision": Kind.TEXT,
    "country": Kind.TEXT,
    "admin1": Kind.TEXT,
    "admin2": Kind.TEXT,
    "place_id": Kind.TEXT,
    "geometry": Kind.GEOMETRY,
    "radius_m": Kind.NUMBER,
    "status": Kind.TEXT,
    "confidence": Kind.NUMBER,
    "fatalities_low": Kind.NUMBER,
    "fatalities_best": Kind.NUMBER,
    "fatalities_high": Kind.NUMBER,
    "doc_id": Kind.TEXT,
}
"""What a filter can ask, by the names of a feature's properties (features.py); `datetime` is from `start` to `end`."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property; `folded`: its capitals and small letters are one (`str.casefold`)."""

    name: str
    folded: bool = False


Operand = Property | Value


@dataclass(frozen=True, slots=True)
class Constant:
    holds: bool


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    left: Operand
    sign: str
    """=, <>, <, <=, > or >=."""
    right: Operand


@dataclass(frozen=True, slots=True)
class OneOf:
    property: Property
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """`pattern` has % for any characters, _ for one, and a backslash before one of them that is meant itself."""

    property: Property
    pattern: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Whether an event has the property; `negated`: has it not."""

    name: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """Positions, boxes, areas and circles together. Each area is its outer ring and its holes."""

    points: tuple[tuple[float, float], ...] = ()
    boxes: tuple[BBox, ...] = ()
    areas: tuple[tuple[Polygon, ...], ...] = ()
    circles: tuple[Circle, ...] = ()

    def contains(self, lon: float, lat: float) -> bool:
        return (
            (lon, lat) in self.points
            or any(box.contains(lon, lat) for box in self.boxes)
            or any(sum(ring.contains(lon, lat) for ring in rings) % 2 for rings in self.areas)
            or any(circle.contains(lon, lat) for circle in self.circles)
        )


@dataclass(frozen=True, slots=True)
class Inside:
    """Placed events in the area; `negated`: placed events elsewhere."""

    area: Area
    negated: bool = False


Condition = Constant | All | Some | Compare | OneOf | Like | Known | Inside
SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def holds(condition: Condition, event: Event) -> bool:
    """Whether an event answers it, by brute force."""
    match condition:
        case Constant(holds=answer):
            return answer
        case All(parts=parts):
            return all(holds(part, event) for part in parts)
        case Some(parts=parts):
            return any(holds(part, event) for part in parts)
        case Inside(area=area, negated=negated):
            return event.place is not None and area.contains(event.place.lon, event.place.lat) != negated
        case Known(name=name, negated=negated):
            return (value_of(event, Property(name)) is not None) != negated
        case Compare(left=left, sign=sign, right=right):
            values = [value_of(event, each) if isinstance(each, Property) else each for each in (left, right)]
            return None not in values and bool(SIGNS[sign](*values))
        case OneOf(property=asked, values=wanted, negated=negated):
            value = value_of(event, asked)
            return value is not None and (value in wanted) != negated
        case Like(property=asked, pattern=pattern, negated=negated):
            value = value_of(event, asked)
            return value is not None and is_like(str(value), pattern) != negated


def value_of(event: Event, asked: Property) -> Value | None:
    """The value of an event's property; None where it has none."""
    value: Value | None = _FOUND[asked.name](event)
    if value is None or value == "":
        return None
    return str(value).casefold() if asked.folded else value


def is_like(text: str, pattern: str) -> bool:
    return bool(_compiled(pattern).fullmatch(text))


def pieces_of(pattern: str) -> list[tuple[str, bool]]:
    """The characters of a pattern, each with whether it stands for others (% or _)."""
    found, characters = [], iter(pattern)
    for character in characters:
        if character == "\\":
            found.append((next(characters, "\\"), False))
        else:
            found.append((character, character in "%_"))
    return found


def properties_of(condition: Condition) -> frozenset[str]:
    """The names of all properties that it asks; an area asks `geometry`."""
    match condition:
        case All(parts=parts) | Some(parts=parts):
            return frozenset().union(*map(properties_of, parts))
        case Inside():
            return frozenset({"geometry"})
        case Known(name=name):
            return frozenset({name})
        case Compare(left=left, right=right):
            return frozenset(each.name for each in (left, right) if isinstance(each, Property))
        case OneOf(property=asked) | Like(property=asked):
            return frozenset({asked.name})
    return frozenset()


@lru_cache(32)
def _compiled(pattern: str) -> re.Pattern[str]:
    """What stands between two % is taken where it first occurs, and never tried elsewhere: that would take for ever."""
    parts = [""]
    for character, is_open in pieces_of(pattern):
        if is_open and character == "%":
            parts.append("")
        else:
            parts[-1] += "." if is_open else re.escape(character)
    first, *others = parts
    *between, last = others or [""]
    rest = f"{''.join(f'(?>.*?{part})' for part in between)}.*{last}" if others else ""
    return re.compile(first + rest, re.DOTALL)


_FOUND: Mapping[str, Callable[[Event], Any]] = {
    "id": lambda event: event.event_id,
    "event_type": lambda event: event.event_type,
    "sub_event_type": lambda event: event.sub_event_type,
    "title": lambda event: event.title,
    "quote": lambda event: event.quote,
    "start": lambda event: event.when and event.when.start.toordinal() - EPOCH,
    "end": lambda event: event.when and event.when.end.toordinal() - EPOCH,
    "datetime": lambda event: event.when and event.when.start.toordinal() - EPOCH,
    "date_precision": lambda event: event.when and event.when.precision.value,
    "place": lambda event: event.place and event.place.name,
    "precision": lambda event: event.place and event.place.precision.value,
    "country": lambda event: event.place and event.place.country,
    "admin1": lambda event: event.place and event.place.admin1,
    "admin2": lambda event: event.place and event.place.admin2,
    "place_id": lambda event: event.place and event.place.place_id,
    "geometry": lambda event: event.place and event.place.lon,
    "radius_m": lambda event: event.place and event.place.radius_m,
    "status": lambda event: event.status.value,
    "confidence": lambda event: event.confidence,
    "fatalities_low": lambda event: event.fatalities and event.fatalities.low,
    "fatalities_best": lambda event: event.fatalities and event.fatalities.best,
    "fatalities_high": lambda event: event.fatalities and event.fatalities.high,
    "doc_id": lambda event: event.doc_id,
}
