"""CQL2 (OGC 21-065r2) -> a `Condition`: what `filter` asks, as text or as JSON, read by the package cql2.

A filter that asks what no event has, or compares what cannot be compared, is a UsageError that says what is accepted.
Nesting is bounded before it is parsed: what the parser takes for a mistake doubles with every level.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from geodata.errors import UsageError, shown
from geodata.geometry import BBox
from geodata.query.conditions import (
    OPPOSITE,
    PROPERTIES,
    All,
    Area,
    Compare,
    Condition,
    Constant,
    Inside,
    Kind,
    Known,
    Like,
    OneOf,
    Operand,
    Property,
    Some,
    Value,
)
from geodata.query.cql2_time import FUNCTIONS, day_of, temporal
from geodata.shapes import Polygon

TEXT, JSON = LANGUAGES = ("cql2-text", "cql2-json")
CRS84 = ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84")
MOST_CHARS = 4_000
MOST_LEVELS = 8
"""Of brackets in one another: with 8 the worst mistake in the longest filter takes the parser 0.3 s."""
MOST_STEPS = 250
"""Of signs and NOTs that may stand within one another: the parser calls itself for each, and a thousand end the whole
process where the stack is small. AND and OR part nothing here: `and` may be a name, as in -and-and-and."""
MOST_PARTS = 300
"""Conditions in one filter: few enough for any database."""
_MARKS = {
    TEXT: re.compile(r"""'[^']*'?|"[^"]*"?|[][(){},]|not|div|[-+*/%^=<>]""", re.IGNORECASE),
    JSON: re.compile(r""""(?:[^"\\]|\\.)*"?|[][{}]""", re.DOTALL),
}
"""What is counted of a filter before it is parsed; a word within a name counts too, which does no harm."""
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "<>": "<>"}
_SPATIAL = {"s_intersects": False, "s_within": False, "s_disjoint": True}
_AREAS = "BBOX, POINT, MULTIPOINT, POLYGON and MULTIPOLYGON in degrees, longitude first"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as it was written, in which language, and what it asks."""

    text: str
    language: str
    condition: Condition

    @classmethod
    def from_params(cls, text: str, language: str = "", crs: str = "") -> Self:
        """From the parameters `filter`, `filter-lang` (empty: text, or JSON where it begins so) and `filter-crs`."""
        if crs and crs not in CRS84:
            raise UsageError(f"filter-crs {shown(crs)} is not supported; accepted: {CRS84[0]}")
        if language and language not in LANGUAGES:
            raise UsageError(f"filter-lang {shown(language)} is unknown; accepted: {', '.join(LANGUAGES)}")
        language = language or (JSON if text.lstrip().startswith("{") else TEXT)
        return cls(text, language, _condition(_parsed(text, language)))


def _parsed(text: str, language: str) -> object:
    if len(text) > MOST_CHARS:
        raise UsageError(f"filter has {len(text):,} characters; accepted: at most {MOST_CHARS:,}")
    levels, steps = _depth(text, _MARKS[language])
    if levels > MOST_LEVELS * (1 + (language == JSON)):
        raise UsageError(f"filter has {levels} brackets in one another; accepted: at most {MOST_LEVELS}")
    if steps > MOST_STEPS and language == TEXT:
        raise UsageError(f"filter has {steps} signs and NOTs outside lists; accepted: at most {MOST_STEPS}")
    import cql2

    try:
        read = cql2.parse_text if language == TEXT else cql2.parse_json
        found: object = read(text).to_json()
        return found
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        said = " ".join(str(error).split())
        raise UsageError(f"filter cannot be read as {language}: {shown(said, 200)}") from error


def _depth(text: str, marks: re.Pattern[str]) -> tuple[int, int]:
    """How many brackets are open at once at most, and how many signs and NOTs may stand within one another.

    What is in quotes is text, and a comma begins anew.
    """
    most_levels = most_steps = 0
    steps = [0]
    for match in marks.finditer(text):
        mark = match.group().lower()
        if mark in "([{":
            steps.append(0)
            most_levels = max(most_levels, len(steps) - 1)
        elif mark in ")]}":
            steps[-2:] = steps[-2:-1] or [0]
        elif mark == ",":
            steps[-1] = 0
        elif mark[0] not in "'\"":
            steps[-1] += 1
            most_steps = max(most_steps, sum(steps))
    return most_levels, most_steps


def _condition(tree: object) -> Condition:
    budget = [MOST_PARTS]

    def read(node: object, negated: bool) -> Condition:
        budget[0] -= 1
        if budget[0] < 0:
            raise UsageError(f"filter has more than {MOST_PARTS} conditions; accepted: at most so many")
        match node:
            case bool(answer):
                return Constant(answer != negated)
            case {"op": "and" | "or" as word, "args": [*parts]}:
                made = tuple(read(part, negated) for part in parts)
                return All(made) if (word == "and") != negated else Some(made)
            case {"op": "not", "args": [part]}:
                return read(part, not negated)
            case {"op": str(name), "args": [*args]}:
                return _predicate(name.lower(), args, negated)
        raise UsageError(f"filter: {_said(node)} is no condition; accepted: comparisons, and, or, not")

    return read(tree, False)


def _predicate(name: str, args: Sequence[object], negated: bool) -> Condition:
    if name in OPPOSITE and len(args) == 2:
        return _compared(args[0], OPPOSITE[name] if negated else name, args[1])
    if name == "between" and len(args) == 3:
        low, high = _compared(args[0], ">=", args[1]), _compared(args[0], "<=", args[2])
        return Some((_opposite(low), _opposite(high))) if negated else All((low, high))
    if name == "in" and len(args) == 2 and isinstance(args[1], list):
        asked = _property(args[0])
        return OneOf(asked, tuple(_value(value, asked) for value in args[1]), negated)
    if name == "like" and len(args) == 2:
        asked = _property(args[0])
        return Like(_of_kind(asked, Kind.TEXT), str(_value(args[1], asked)), negated)
    if name == "isnull" and len(args) == 1:
        return Known(_property(args[0], any_kind=True).name, not negated)
    if name in _SPATIAL and len(args) == 2:
        return Inside(_area(args), _SPATIAL[name] != negated)
    if name in FUNCTIONS and len(args) == 2:
        found = temporal(name, *args)
        return _opposite(found) if negated else found
    accepted = [
        "=",
        "<>",
        "<",
        ">",
        "<=",
        ">=",
        "between",
        "in",
        "like",
        "isNull",
        "casei",
        *_SPATIAL,
        *sorted(FUNCTIONS),
    ]
    raise UsageError(f"filter: {shown(name)} of {len(args)} is not supported; accepted: {', '.join(accepted)}")


def _opposite(condition: Condition) -> Condition:
    match condition:
        case All(parts=parts):
            return Some(tuple(map(_opposite, parts)))
        case Some(parts=parts):
            return All(tuple(map(_opposite, parts)))
        case Compare(left=left, sign=sign, right=right):
            return Compare(left, OPPOSITE[sign], right)
    raise ValueError(f"no opposite of {condition}")


def _compared(left: object, sign: str, right: object) -> Condition:
    if not _is_property(left):
        if not _is_property(right):
            raise UsageError(f"filter compares {_said(left)} with {_said(right)}; accepted: one of them a property")
        left, sign, right = right, _MIRRORED[sign], left
    asked = _property(left)
    other: Operand = _property(right) if _is_property(right) else _value(right, asked)
    if isinstance(other, Property) and PROPERTIES[other.name] != PROPERTIES[asked.name]:
        raise UsageError(f"filter compares {asked.name} with {other.name}, which is of another kind")
    return Compare(asked, sign, other)


def _is_property(node: object) -> bool:
    match node:
        case {"property": str()}:
            return True
        case {"op": str(name), "args": [inner]}:
            return name.lower() == "casei" and _is_property(inner)
    return False


def _property(node: object, any_kind: bool = False) -> Property:
    match node:
        case {"property": str(name)}:
            if name not in PROPERTIES:
                raise UsageError(f"filter: no property is named {shown(name)}; accepted: {', '.join(PROPERTIES)}")
            if not any_kind and PROPERTIES[name] in (Kind.GEOMETRY, Kind.SPAN):
                functions = "s_intersects" if PROPERTIES[name] == Kind.GEOMETRY else "t_intersects, t_after, t_before"
                raise UsageError(f"filter: {name} cannot be compared so; accepted: it in {functions}")
            return Property(name)
        case {"op": str(name), "args": [inner]} if name.lower() == "casei":
            return Property(_of_kind(_property(inner), Kind.TEXT).name, folded=True)
    raise UsageError(f"filter: {_said(node)} is no property; accepted: {', '.join(PROPERTIES)}")


def _of_kind(asked: Property, kind: Kind) -> Property:
    if PROPERTIES[asked.name] != kind:
        raise UsageError(f"filter: {asked.name} is no {kind}; accepted here: a property that is one")
    return asked


def _value(node: object, asked: Property) -> Value:
    """A literal as the property has its values; UsageError where it is of another kind."""
    match node:
        case {"op": str(name), "args": [inner]} if name.lower() == "casei":
            if not asked.folded:
                raise UsageError(f"filter: casei(...) is compared with {asked.name}; accepted: casei({asked.name}) too")
            return _value(inner, asked)
    kind = PROPERTIES[asked.name]
    match node:
        case str(text) if kind == Kind.TEXT:
            return text.casefold() if asked.folded else text
        case float() | int() if kind == Kind.NUMBER and not isinstance(node, bool):
            return node
        case {"date": str(text)} | {"timestamp": str(text)} | str(text) if kind == Kind.DAY:
            return day_of(text)
    wanted = {Kind.TEXT: "text, as 'Battles'", Kind.NUMBER: "a number", Kind.DAY: "a day, as DATE('2022-03-05')"}
    raise UsageError(f"filter: {asked.name} is compared with {_said(node)}; accepted: {wanted[kind]}")


def _area(args: Sequence[object]) -> Area:
    shapes = [node for node in args if node != {"property": "geometry"}]
    if len(shapes) != 1:
        raise UsageError(f"filter: a spatial function takes geometry and a shape; accepted: {_AREAS}")
    match shapes[0]:
        case {"bbox": [*numbers]} if len(numbers) in (4, 6):
            return Area(boxes=(BBox.from_param(",".join(map(repr, numbers))),))
        case {"type": "Point", "coordinates": [*position]}:
            return Area(points=(_position(position),))
        case {"type": "MultiPoint", "coordinates": [*positions]}:
            return Area(points=tuple(map(_position, positions)))
        case {"type": "Polygon", "coordinates": [*rings]}:
            return Area(areas=(_rings(rings),))
        case {"type": "MultiPolygon", "coordinates": [*areas]}:
            return Area(areas=tuple(map(_rings, areas)))
    raise UsageError(f"filter: {_said(shapes[0])} is no shape that is read here; accepted: {_AREAS}")


def _rings(rings: Any) -> tuple[Polygon, ...]:
    return tuple(Polygon(tuple(map(_position, ring))) for ring in rings)


def _position(numbers: Any) -> tuple[float, float]:
    if len(numbers) < 2 or not all(isinstance(number, float | int) for number in numbers):
        raise UsageError(f"filter: {_said(numbers)} is no position; accepted: {_AREAS}")
    return round(float(numbers[0]), 7), round(float(numbers[1]), 7)


def _said(node: object) -> str:
    return shown(json.dumps(node, ensure_ascii=False) if not isinstance(node, str) else node)
