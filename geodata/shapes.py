"""Areas that a person asks for: a circle around a place, a polygon drawn on the map. Degrees on WGS84, longitude first.

Both answer for one position (`contains`) and, with numpy, for many (`contains_many`); the two do the same arithmetic.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from geodata.errors import UsageError, shown
from geodata.geometry import EARTH_RADIUS_M, BBox, check_lon_lat, degrees, distance_m, numbers_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]

MOST_KM = 20_040.0
"""Half the circumference of the Earth: a larger circle holds no more."""
MOST_CORNERS = 500
LONGEST_SIDE_DEG = 180.0
ACCEPTED_CIRCLE = f"lon,lat,km, as 38.0,48.6,25; km from above 0 to {MOST_KM:,.0f}"
ACCEPTED_POLYGON = (
    f"lon,lat,lon,lat,... in degrees, 3 to {MOST_CORNERS} corners, as 22,44,40,44,31,52; "
    "over the antimeridian it goes on beyond 180, as 177,-20,182,-20,182,-15"
)
_MARGIN_DEG = 1e-6
"""More than what rounding can move the bounds of a circle or polygon by."""
_DECIMALS = 7  # 1 cm, as the store keeps


_Side = tuple[float, float, float, float]
"""Longitude and latitude of both ends."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Every position at most `km` kilometres from a middle, on a sphere (`geometry.distance_m`)."""

    lon: float
    lat: float
    km: float

    def __post_init__(self) -> None:
        check_lon_lat(self.lon, self.lat)
        if not 0 < self.km <= MOST_KM:
            raise UsageError(f"near has a radius of {self.km:g} km; accepted: {ACCEPTED_CIRCLE}")

    @classmethod
    def from_param(cls, text: str) -> "Circle":
        """The `near` parameter: lon,lat,km."""
        numbers = numbers_of("near", text, ACCEPTED_CIRCLE)
        if len(numbers) != 3:
            raise UsageError(f"near {shown(text)} has {len(numbers)} numbers; accepted: {ACCEPTED_CIRCLE}")
        return cls(*numbers)

    def contains(self, lon: float, lat: float) -> bool:
        return distance_m(self.lon, self.lat, lon, lat) <= 1000 * self.km

    def contains_many(self, lons: "Floats", lats: "Floats") -> "Bools":
        """`contains` for arrays of one length."""
        import numpy as np

        a, b = math.radians(self.lat), np.radians(lats)
        half = np.sin((b - a) / 2) ** 2 + math.cos(a) * np.cos(b) * np.sin(np.radians(lons - self.lon) / 2) ** 2
        found: Bools = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half))) <= 1000 * self.km
        return found

    def bbox(self) -> BBox:
        """A box around it, a little larger; all longitudes where it holds a pole."""
        turn = 1000 * self.km / EARTH_RADIUS_M
        half = math.degrees(turn) + _MARGIN_DEG
        south, north = self.lat - half, self.lat + half
        if south <= -90 or north >= 90:
            return BBox(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
        wide = math.degrees(math.asin(min(1.0, math.sin(turn) / math.cos(math.radians(self.lat))))) + _MARGIN_DEG
        return _turned(self.lon - wide, south, self.lon + wide, north)

    def __str__(self) -> str:
        return f"{degrees(self.lon)},{degrees(self.lat)},{f'{self.km:.3f}'.rstrip('0').rstrip('.')}"


@dataclass(frozen=True)
class Polygon:
    """A ring of corners (lon, lat), closed by itself; where it crosses itself, the even-odd rule says what is inside.

    Sides are straight in longitude and latitude (RFC 7946, 3.1.1). Over the antimeridian, longitudes go on beyond 180
    or -180. A side of more than 180 degrees could go either way around the Earth, so that it needs a corner between.
    """

    corners: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if self.corners[1:] and self.corners[0] == self.corners[-1]:
            object.__setattr__(self, "corners", self.corners[:-1])
        if not 3 <= len(self.corners) <= MOST_CORNERS:
            raise UsageError(f"the polygon has {len(self.corners)} corners; accepted: {ACCEPTED_POLYGON}")
        for lon, lat in self.corners:
            check_lon_lat(lon, lat, most_lon=360.0)
        lons = [lon for lon, _ in self.corners]
        if max(lons) - min(lons) > 360:
            raise UsageError(f"the polygon goes around the Earth more than once; accepted: {ACCEPTED_POLYGON}")
        for (lon1, lat1), (lon2, lat2) in self.sides():
            if abs(lon2 - lon1) > LONGEST_SIDE_DEG:
                raise UsageError(
                    f"the polygon's side from {lon1:g},{lat1:g} to {lon2:g},{lat2:g} is {abs(lon2 - lon1):g} degrees "
                    "long and could go either way around the Earth; accepted: sides of at most 180 degrees, so put a "
                    "corner between, or go on beyond 180 (as 177 to 182) to cross the antimeridian"
                )

    @classmethod
    def from_param(cls, text: str) -> "Polygon":
        """The `polygon` parameter: lon,lat,lon,lat,..."""
        if text.count(",") > 2 * MOST_CORNERS + 1:  # before any number of a huge text is read
            raise UsageError(f"the polygon has {text.count(',') // 2 + 1:,} corners; accepted: {ACCEPTED_POLYGON}")
        numbers = [round(number, _DECIMALS) for number in numbers_of("polygon", text, ACCEPTED_POLYGON)]
        if len(numbers) % 2:
            raise UsageError(f"the polygon has {len(numbers)} numbers, an odd one; accepted: {ACCEPTED_POLYGON}")
        return cls(tuple(zip(numbers[::2], numbers[1::2], strict=True)))

    def sides(self) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        """Each side from corner to corner, the one that closes the ring last."""
        return pairwise((*self.corners, self.corners[0]))

    def contains(self, lon: float, lat: float) -> bool:
        """Inside by the even-odd rule. Of the edge itself, the southern and the western belong to it."""
        starts, slabs = self._slabs
        sides = slabs[bisect_right(starts, lat)]
        edges = [(x2 - x1) * (lat - y1) / (y2 - y1) + x1 for x1, y1, x2, y2 in sides]
        return any(sum([lon + turn < edge for edge in edges]) % 2 for turn in self._turns)

    def contains_many(self, lons: "Floats", lats: "Floats") -> "Bools":
        """`contains` for arrays of one length."""
        import numpy as np

        order = np.argsort(lats, kind="stable")
        sorted_lats, sorted_lons = lats[order], lons[order]
        found = np.zeros((len(self._turns), len(order)), bool)
        for x1, y1, x2, y2 in self._sides:
            low, high = np.searchsorted(sorted_lats, (min(y1, y2), max(y1, y2)))
            edge = (x2 - x1) * (sorted_lats[low:high] - y1) / (y2 - y1) + x1 if high > low else 0.0
            for row, turn in enumerate(self._turns):
                found[row, low:high] ^= sorted_lons[low:high] + turn < edge
        inside = np.zeros(len(order), bool)
        inside[order] = found.any(axis=0)
        return inside

    def bbox(self) -> BBox:
        """A box around it, a little larger."""
        lons, lats = zip(*self.corners, strict=True)
        south, north = max(min(lats) - _MARGIN_DEG, -90.0), min(max(lats) + _MARGIN_DEG, 90.0)
        return _turned(min(lons) - _MARGIN_DEG, south, max(lons) + _MARGIN_DEG, north)

    @cached_property
    def _sides(self) -> list[_Side]:
        """West-east sides hold no position: none is crossed by a line that runs along it."""
        return [(x1, y1, x2, y2) for (x1, y1), (x2, y2) in self.sides() if y1 != y2]

    @cached_property
    def _slabs(self) -> tuple[list[float], list[list[_Side]]]:
        """Where the sides that a line of latitude crosses change, and those sides from there on; below all: none."""
        starts = sorted({lat for _, lat in self.corners})
        slabs = [[side for side in self._sides if (side[1] > lat) != (side[3] > lat)] for lat in starts]
        return starts, [[], *slabs]

    @cached_property
    def _turns(self) -> list[float]:
        """What to add to longitudes of -180 to 180 so that they can lie among the corners'."""
        lons = [lon for lon, _ in self.corners]
        return [turn for turn in (0.0, 360.0, -360.0) if min(lons) <= 180 + turn and max(lons) >= -180 + turn]

    def __str__(self) -> str:
        return ",".join(degrees(number, _DECIMALS) for corner in self.corners for number in corner)


def _turned(west: float, south: float, east: float, north: float) -> BBox:
    """A box whose longitudes may go beyond 180 or -180, as one that crosses the antimeridian."""
    if east - west >= 360:
        return BBox(-180.0, south, 180.0, north)
    if west >= -180 and east <= 180:
        return BBox(west, south, east, north)
    return BBox((west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north)
