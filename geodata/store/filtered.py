"""A filter's `Condition` -> an SQL condition that says the same as `conditions.holds`.

But for NUL in a text: PostgreSQL keeps it as two characters (postgis_connection.py), which stand elsewhere in the order
and which `_` of a pattern counts.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, false, func, literal, not_, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from geodata.query.conditions import (
    PROPERTIES,
    SIGNS,
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
    pieces_of,
)
from geodata.store.backend import Backend
from geodata.store.schema import events

_COLUMNS: Mapping[str, str] = {
    "id": "event_id",
    "start": "start_day",
    "end": "end_day",
    "datetime": "start_day",
    "place": "place_name",
    "geometry": "lon",
}
"""Columns whose names are not their properties'."""


class _CodePoints(GenericFunction[str]):
    """A text that is compared by code points, whatever the database's language."""

    type = String()
    inherit_cache = True
    name = "by_code_points"


class _Pattern(GenericFunction[bool]):
    """Whether a text is like the pattern; both patterns are given: GLOB's and LIKE's."""

    inherit_cache = True
    name = "is_like"


@compiles(_CodePoints)
def _by_collation(element: _CodePoints, compiler: Any, **more: Any) -> str:
    return f'({compiler.process(next(iter(element.clauses)), **more)} COLLATE "C")'


@compiles(_CodePoints, "sqlite")
def _as_it_is(element: _CodePoints, compiler: Any, **more: Any) -> str:
    return str(compiler.process(next(iter(element.clauses)), **more))


@compiles(_Pattern)
def _like(element: _Pattern, compiler: Any, **more: Any) -> str:
    text, _, pattern = (compiler.process(clause, **more) for clause in element.clauses)
    return f"({text} LIKE {pattern} ESCAPE '\\')"


@compiles(_Pattern, "sqlite")
def _glob(element: _Pattern, compiler: Any, **more: Any) -> str:
    text, pattern, _ = (compiler.process(clause, **more) for clause in element.clauses)
    return f"({text} GLOB {pattern})"


def filtered(condition: Condition, backend: Backend) -> ColumnElement[bool]:
    """What the events must answer; null where they do not have what is asked, which is as good as no."""
    match condition:
        case Constant(holds=answer):
            return true() if answer else false()
        case All(parts=parts):
            return and_(true(), *(filtered(part, backend) for part in parts))
        case Some(parts=parts):
            return or_(false(), *(filtered(part, backend) for part in parts))
        case Inside(area=area, negated=negated):
            return _inside(area, negated, backend)
        case Known(name=name, negated=negated):
            column = _value(Property(name))
            return column.is_(None) if negated else column.is_not(None)
        case Compare(left=left, sign=sign, right=right):
            found: ColumnElement[bool] = SIGNS[sign](_value(left), _value(right))
            return found
        case OneOf(property=asked, values=values, negated=negated):
            return _value(asked).not_in(values) if negated else _value(asked).in_(values)
        case Like(property=asked, pattern=pattern, negated=negated):
            is_like: ColumnElement[bool] = _Pattern(_value(asked), _globbed(pattern), _escaped(pattern))
            return not_(is_like) if negated else is_like


def _value(asked: Operand) -> ColumnElement[Any]:
    """A property's column, null where the event has none, or the value itself."""
    if not isinstance(asked, Property):
        return literal(asked)
    column: ColumnElement[Any] = events.c[_COLUMNS.get(asked.name, asked.name)]
    if PROPERTIES[asked.name] != Kind.TEXT:
        return column
    known = func.nullif(column, "")
    return func.casefolded(known, type_=String) if asked.folded else _CodePoints(known)


def _inside(area: Area, negated: bool, backend: Backend) -> ColumnElement[bool]:
    lon, lat = events.c.lon, events.c.lat
    parts = [and_(lon == x, lat == y) for x, y in area.points]
    parts += [backend.in_box(part) for box in area.boxes for part in box.parts()]
    for outer, *holes in area.areas:
        near = or_(*(backend.in_box(part) for ring in (outer, *holes) for part in ring.bbox().parts()))
        crossed = sum((case((backend.in_polygon(ring), 1), else_=0) for ring in (outer, *holes)), start=literal(0))
        parts.append(and_(near, crossed % 2 == 1))
    for circle in area.circles:
        near = or_(*(backend.in_box(part) for part in circle.bbox().parts()))
        parts.append(and_(near, backend.in_circle(circle)))
    found = or_(false(), *parts)
    return and_(lon.is_not(None), not_(found) if negated else found)


def _globbed(pattern: str) -> str:
    """As GLOB has it: * and ? for any, the others in brackets where they would stand for something."""
    stands = {"%": "*", "_": "?"}
    parts = (stands[each] if open_ else f"[{each}]" if each in "*?[" else each for each, open_ in pieces_of(pattern))
    return "".join(parts)


def _escaped(pattern: str) -> str:
    """As LIKE has it, with a backslash before what is meant itself."""
    parts = (each if open_ or each not in "%_\\" else f"\\{each}" for each, open_ in pieces_of(pattern))
    return "".join(parts)
