"""Where an area lies: its middle and its bounds. Without shapely, which only set-up needs."""

import math
from dataclasses import dataclass

from geodata.geometry import distance_m

_DEGREE_M = 111_195.0
"""Of latitude, on a sphere of the Earth's mean radius."""


@dataclass(frozen=True, slots=True)
class Extent:
    """An area's centre, bounds (west, south, east, north, degrees) and half-width in metres."""

    lon: float
    lat: float
    bounds: tuple[float, float, float, float]
    radius_m: float


def extent_around(lon: float, lat: float, radius_m: float) -> Extent:
    """A box of the half-width `radius_m`; it may run across the antimeridian, not over a pole."""
    high = radius_m / _DEGREE_M
    wide = high / math.cos(math.radians(lat))
    west, east = (lon - wide + 180) % 360 - 180, (lon + wide + 180) % 360 - 180
    return Extent(lon, lat, (west, lat - high, east, lat + high), radius_m)


def half_width_m(west: float, south: float, east: float, north: float) -> float:
    """Half the larger side of a box, in metres: the doubt that a map draws around its centre."""
    middle = (south + north) / 2
    return max(distance_m(west, middle, east, middle), distance_m(west, south, west, north)) / 2
