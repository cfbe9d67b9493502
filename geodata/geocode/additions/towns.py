"""The towns that were known before a dump, by country and square of a tenth of a degree, for questions of what is near.

A dump asks as often as it has rows; the squares answer several times faster than the gazetteer's own index of points.
They take some 250 bytes a town.
"""

import math
import sqlite3
from typing import NamedTuple

_SQUARES_A_DEG = 10
_KNOWN = "SELECT country, id, lon, lat, admin1, admin2, feature FROM places WHERE feature LIKE 'P.%' AND id <= ?"


class Town(NamedTuple):
    """A town by its row; degrees; rows of the areas that it lies in."""

    row: int
    lon: float
    lat: float
    admin1: int | None
    admin2: int | None
    feature: str


class Towns:
    """The gazetteer's towns of rows up to `last`."""

    def __init__(self, db: sqlite3.Connection, last: int) -> None:
        self._belts: dict[tuple[str, int], dict[int, list[Town]]] = {}
        for country, *town in db.execute(_KNOWN, (last,)):
            found = Town(*town)
            belt = self._belts.setdefault((country, _square(found.lat)), {})
            belt.setdefault(_square(found.lon), []).append(found)

    def within(self, country: str, lon: float, lat: float, wide: float, high: float) -> list[Town]:
        """A country's towns in a box of `wide` and `high` degrees either way."""
        west, east, south, north = lon - wide, lon + wide, lat - high, lat + high
        columns = range(_square(west), _square(east) + 1)
        near: list[Town] = []
        for down in range(_square(south), _square(north) + 1):
            if belt := self._belts.get((country, down)):
                for along in columns:
                    if square := belt.get(along):
                        near += square
        return [town for town in near if west <= town.lon <= east and south <= town.lat <= north]


def _square(degrees: float) -> int:
    return math.floor(degrees * _SQUARES_A_DEG)
