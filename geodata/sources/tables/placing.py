"""Positions of rows: cells -> longitude and latitude in WGS84, by the mapping's decimal mark, order and CRS."""

import csv
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from geodata.contracts.tables import ColumnMapping
from geodata.errors import UsageError, shown
from geodata.geometry import BBox, check_lon_lat
from geodata.sources.coordinates import Degrees, degrees_of, is_missing, split_pair
from geodata.sources.formats.crs import ACCEPTED, is_wgs84, short

Pair = tuple[Degrees, Degrees]
_BOXES = Path(__file__).parent / "country_boxes.csv"


class BadPosition(UsageError):
    """No position, for what the column of one of its two numbers holds: `field` is lon or lat."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Positions:
    """Reads positions as one mapping says."""

    def __init__(self, mapping: ColumnMapping) -> None:
        self._decimal = mapping.decimal
        self._swap = bool(mapping.swap_lon_lat)
        self._transform = transformer(mapping.crs)
        self._is_plain = not self._swap and self._transform is None

    def plain(self, lon: str, lat: str) -> tuple[float, float] | None:
        """The position of two numbers as they stand, which is what most rows have; None for any other."""
        if not self._is_plain:
            return None
        try:
            x, y = float(lon), float(lat)
        except ValueError:
            return None
        return (x, y) if -180 <= x <= 180 and -90 <= y <= 90 and "_" not in lon + lat else None

    def lon_lat(self, pair: Pair) -> tuple[float, float]:
        """In WGS84, swapped where the mapping says so; UsageError where it is no place on Earth."""
        lon, lat = self.turned(pair, self._swap)
        try:
            return check_lon_lat(lon, lat)
        except UsageError as error:
            raise BadPosition("lat" if abs(lat) > 90 else "lon", str(error)) from error

    def turned(self, pair: Pair, swap: bool) -> tuple[float, float]:
        """In WGS84, but unchecked. Letters beside the numbers (N, E ...) say which is which, whatever `swap` says."""
        first, second = pair
        if first.letter or second.letter:
            swap = first.letter in ("N", "S") or second.letter in ("E", "W")
        x, y = (second.value, first.value) if swap else (first.value, second.value)
        if self._transform is None:
            return x, y
        lon, lat = self._transform(x, y)
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise UsageError(f"x {x:g}, y {y:g} lies outside of what its coordinate system is for")
        return lon, lat

    def pair(self, lon: str, lat: str, position: str) -> Pair | None:
        """The two numbers of a row, longitude first as the columns have it; None where it says nothing of them.

        UsageError says which cell is no number. A plain pair in one cell has latitude first, as people write it.
        """
        if is_missing(lon) and is_missing(lat):
            if is_missing(position):
                return None
            first, second, lon_leads = split_pair(position)
            lon, lat = (first, second) if lon_leads else (second, first)
        return self._degrees(lon, "lon", "longitude"), self._degrees(lat, "lat", "latitude")

    def _degrees(self, text: str, field: str, word: str) -> Degrees:
        if is_missing(text):
            raise BadPosition(field, f"{word} is missing")
        try:
            return degrees_of(text, self._decimal)
        except UsageError as error:
            raise BadPosition(field, str(error)) from error


@cache
def transformer(crs: str) -> Callable[[float, float], tuple[float, float]] | None:
    """The way from a coordinate system's x and y to longitude and latitude; None where it is WGS84. UsageError."""
    if is_wgs84(crs):
        return None
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        name = short(crs)
        theirs = CRS.from_user_input(f"EPSG:{name}" if name.isdigit() else name)
        found = Transformer.from_crs(theirs, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:
        raise UsageError(f"the coordinate system {shown(crs)} is not known; {ACCEPTED}") from error
    transform: Callable[[float, float], tuple[float, float]] = found.transform
    return transform


@cache
def country_boxes() -> Mapping[str, BBox]:
    """How far each country reaches, in whole degrees, by its ISO code.

    Made of the outlines of Natural Earth (public domain) and the towns of GeoNames, rounded outward.
    """
    with _BOXES.open(encoding="ascii", newline="") as file:
        return {
            row["iso2"]: BBox(*(float(row[side]) for side in ("west", "south", "east", "north")))
            for row in csv.DictReader(file)
        }


def in_country(country: str, lon: float, lat: float) -> bool | None:
    """Whether a position lies in the country's box; None where the code is not known."""
    box = country_boxes().get(country)
    return None if box is None else abs(lon) <= 180 and abs(lat) <= 90 and box.contains(lon, lat)
