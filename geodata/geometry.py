"""Longitude and latitude in degrees on WGS84, longitude first; distances in metres."""

import math
from dataclasses import dataclass

from geodata.errors import UsageError, shown

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 of the GRS 80 ellipsoid (Moritz 2000)
ACCEPTED = "west,south,east,north in degrees, as 22.1,44.3,40.2,52.4; west > east crosses the antimeridian"


def check_lon_lat(lon: float, lat: float, most_lon: float = 180.0) -> tuple[float, float]:
    """The pair itself, or UsageError where it is no place on Earth; lat beyond 90 hints at a swap."""
    accepted = f"accepted: lon -{most_lon:g}..{most_lon:g}, lat -90..90"
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise UsageError(f"lon {lon}, lat {lat} are not finite numbers of degrees; {accepted}")
    if abs(lat) > 90 or abs(lon) > most_lon:
        swapped = " (are they swapped? longitude comes first)" if abs(lon) <= 90 and abs(lat) <= most_lon else ""
        raise UsageError(f"lon {lon:g}, lat {lat:g} is off the map; {accepted}{swapped}")
    return lon, lat


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in metres (haversine on a sphere of mean Earth radius)."""
    a, b = math.radians(lat1), math.radians(lat2)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def numbers_of(name: str, text: str, accepted: str) -> list[float]:
    """The numbers of a parameter, separated by commas."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError(f"{name} {shown(text)} is not all numbers; accepted: {accepted}") from error


def degrees(number: float, decimals: int = 6) -> str:
    """As parameters write it: no more digits than needed."""
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class BBox:
    """West, south, east, north in degrees; `west > east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        check_lon_lat(self.west, self.south)
        check_lon_lat(self.east, self.north)
        if self.south > self.north:
            raise UsageError(f"bbox {self} has its south above its north; accepted: {ACCEPTED}")

    @classmethod
    def from_param(cls, text: str) -> "BBox":
        """The `bbox` parameter of OGC API - Features, 4 numbers (or 6, whose heights are passed over)."""
        numbers = numbers_of("bbox", text, ACCEPTED)
        if len(numbers) == 6:
            numbers = [*numbers[:2], *numbers[3:5]]
        if len(numbers) != 4:
            raise UsageError(f"bbox {shown(text)} has {len(numbers)} numbers; accepted: {ACCEPTED}")
        return cls(*numbers)

    @property
    def crosses_antimeridian(self) -> bool:
        return self.west > self.east

    def parts(self) -> tuple["BBox", ...]:
        """The box itself, or its two halves either side of the antimeridian."""
        if not self.crosses_antimeridian:
            return (self,)
        return BBox(self.west, self.south, 180.0, self.north), BBox(-180.0, self.south, self.east, self.north)

    def contains(self, lon: float, lat: float) -> bool:
        return self.south <= lat <= self.north and any(box.west <= lon <= box.east for box in self.parts())

    def __str__(self) -> str:
        return ",".join(map(degrees, (self.west, self.south, self.east, self.north)))
