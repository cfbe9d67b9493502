"""A filter's `Condition` answered from the columns in memory, where it asks only what they hold."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import E7, UNKNOWN
from geodata.index.grid import Ints
from geodata.index.kinds import Bools, Names
from geodata.index.layout import Layout
from geodata.index.tiling import generalised
from geodata.model import Precision
from geodata.query.conditions import (
    SIGNS,
    All,
    Area,
    Compare,
    Condition,
    Constant,
    Inside,
    Known,
    Like,
    OneOf,
    Operand,
    Property,
    Some,
    is_like,
    properties_of,
)

EXACT, NEAR = Precision.EXACT.value, Precision.NEAR.value
_NAMED = ("event_type", "sub_event_type", "precision", "status")
HELD = frozenset({*_NAMED, "start", "end", "datetime", "geometry"})


def rows_of(layout: Layout, condition: Condition, generalise_km: int = 0) -> Ints | None:
    """The row ids of the events that answer, in no order; None: it asks what the columns do not hold.

    `generalise_km` (0: not) asks where the middle of each position's cell is, as `allowed.generalised` has it.
    """
    if not properties_of(condition) <= HELD:
        return None
    return layout.row_id[_Columns(layout, generalise_km).answers(condition)].astype(np.int64)


class _Columns:
    def __init__(self, layout: Layout, generalise_km: int) -> None:
        self._layout, self._km = layout, generalise_km

    def answers(self, condition: Condition) -> Bools:
        """Of each row whether it answers."""
        layout = self._layout
        match condition:
            case Constant(holds=answer):
                return np.full(len(layout), answer)
            case All(parts=parts):
                return self._joined(parts, True)
            case Some(parts=parts):
                return self._joined(parts, False)
            case Inside(area=area, negated=negated):
                placed = layout.lon != UNKNOWN
                return np.asarray(placed & (self._inside(area) != negated))
            case Known(name=name, negated=negated):
                return np.asarray(self._known(name) != negated)
            case Compare(left=Property(name=name) as left, sign=sign, right=right) if name in _NAMED:
                if isinstance(right, Property):
                    return self._of_two(left, sign, right)
                return self._by_name(left, lambda text: bool(SIGNS[sign](text, right)))
            case Compare(left=left, sign=sign, right=right):
                dated = layout.kinds.dated[layout.kind]
                return np.asarray(dated & SIGNS[sign](self._day(left), self._day(right)))
            case OneOf(property=asked, values=values, negated=negated) if asked.name in _NAMED:
                return self._by_name(asked, lambda text: (text in values) != negated)
            case OneOf(property=asked, values=values, negated=negated):
                dated = layout.kinds.dated[layout.kind]
                return np.asarray(dated & (np.isin(self._day(asked), values) != negated))
            case Like(property=asked, pattern=pattern, negated=negated):
                return self._by_name(asked, lambda text: is_like(text, pattern) != negated)

    def _joined(self, parts: tuple[Condition, ...], every: bool) -> Bools:
        found = np.full(len(self._layout), every)
        for part in parts:
            found = found & self.answers(part) if every else found | self.answers(part)
        return found

    def _names(self, asked: Property) -> Names:
        names: Names = getattr(self._layout.kinds, asked.name)
        if self._km and asked.name == "precision":  # where positions are rounded none is told to be exact
            names = Names(tuple(NEAR if name == EXACT else name for name in names.names), names.code)
        return Names(tuple(name.casefold() for name in names.names), names.code) if asked.folded else names

    def _by_name(self, asked: Property, wanted: Any) -> Bools:
        names = self._names(asked)
        each = np.array([bool(name) and wanted(name) for name in names.names], bool)
        return each[names.code][self._layout.kind] if len(each) else np.zeros(len(self._layout), bool)

    def _of_two(self, left: Property, sign: str, right: Property) -> Bools:
        one, other = self._names(left), self._names(right)
        texts = [(one.names[a], other.names[b]) for a, b in zip(one.code, other.code, strict=True)]
        each = np.array([bool(a and b) and bool(SIGNS[sign](a, b)) for a, b in texts], bool)
        return each[self._layout.kind] if len(each) else np.zeros(len(self._layout), bool)

    def _known(self, name: str) -> Bools:
        layout = self._layout
        if name in _NAMED:
            return self._by_name(Property(name), lambda _: True)
        return np.asarray(layout.lon != UNKNOWN if name == "geometry" else layout.kinds.dated[layout.kind])

    def _day(self, asked: Operand) -> npt.NDArray[Any] | int:
        """First or last days of all rows, or the day itself; meaningless for the undated."""
        if not isinstance(asked, Property):
            return int(asked)
        layout = self._layout
        first = layout.days[layout.start]
        return first if asked.name == "start" else first + layout.kinds.days[layout.kind]

    def _inside(self, area: Area) -> Bools:
        lon, lat = self._layout.lon, self._layout.lat
        if self._km:
            placed, lon, lat = lon != UNKNOWN, lon.copy(), lat.copy()
            lon[placed], lat[placed], _ = generalised(lon[placed], lat[placed], self._km)
        found = np.zeros(len(lon), bool)
        for x, y in area.points:
            found |= (lon == round(x * E7)) & (lat == round(y * E7))
        for box in (part for whole in area.boxes for part in whole.parts()):
            found |= (lon / E7 >= box.west) & (lon / E7 <= box.east) & (lat / E7 >= box.south) & (lat / E7 <= box.north)
        for rings in area.areas:
            inside = np.zeros(len(lon), bool)
            for ring in rings:
                near = np.zeros(len(lon), bool)
                for box in ring.bbox().parts():
                    near |= (lon / E7 >= box.west) & (lon / E7 <= box.east)
                at = np.flatnonzero(near)
                inside[at] ^= ring.contains_many(lon[at] / E7, lat[at] / E7)
            found |= inside
        for circle in area.circles:
            found |= circle.contains_many(lon / E7, lat / E7)
        return found
