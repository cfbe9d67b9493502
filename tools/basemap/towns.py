"""Populated places, thinned so that their names fill the map evenly at every zoom."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from basemap import sources
from basemap.names import folded, plain_name, read_spellings
from basemap.tiles import Feature, feature

LAST_ZOOM = 11
LEAST_WEIGHT = {3: 1.5e6, 4: 5e5, 5: 1.5e5, 6: 4e4, 7: 1e4, 8: 3e3, 9: 1e3, 10: 0}
"""Smallest town that a zoom shows, however empty the map is there."""
CELL_PX = (100, 32)
"""How far apart two towns' dots must lie, in pixels, west to east or north to south, for both names to be shown."""
SHADOW_PX = (34, 22)
BIG, BIG_SHARE = 4, 0.55
"""A town that many times bigger than a zoom asks for needs only that share of the distance: it is looked for."""
CAPITAL_BONUS = 12
"""A capital counts as that many times its people, so that small ones are not lost beside big neighbours."""
NO_CAPITAL = frozenset({"IL", "PS"})
"""Countries without a capital on the map: the status of Jerusalem is disputed, and the map takes no side."""
CRIMEA = frozenset({"11", "20"})
"""GeoNames' regions of Ukraine where the rules for Ukrainian spelling do not fit: many names are Crimean Tatar."""


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place; `weight` orders towns. `region` is GeoNames' code, such as UA.08."""

    name: str
    lon: float
    lat: float
    people: int
    region: str
    capital: bool

    @property
    def weight(self) -> float:
        return self.people * (CAPITAL_BONUS if self.capital else 1)


def towns() -> list[Town]:
    """Every populated place that gets a name, the weightiest first."""
    fixed = {int(code): name for code, name in read_spellings("town_spellings").items()}
    rows = sources.cities()
    capitals = capital_ids(rows, fixed)
    found = (_town(row, fixed.get(row["geonameid"]), row["geonameid"] in capitals) for row in rows)
    return sorted((town for town in found if town.name), key=lambda town: (-town.weight, town.name))


def capital_ids(rows: Sequence[Mapping[str, Any]], fixed: Mapping[int, str]) -> frozenset[int]:
    """GeoNames' ids of the capitals: the most populous place of the country that has the capital's name."""
    capitals = {country: folded(name) for country, name in sources.capitals() if country not in NO_CAPITAL}
    best: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        country = row["countrycode"]
        if any(_same(word, capitals.get(country, "")) for word in (row["name"], fixed.get(row["geonameid"], ""))):
            best[country] = max(best.get(country, row), row, key=lambda other: int(other["population"]))
    return frozenset(int(row["geonameid"]) for row in best.values())


def _same(name: str, capital: str) -> bool:
    """Whether `name` is the capital's, whose letters alone are given; the first letter spares most comparisons."""
    likely = name[:1].lower() == capital[:1] or not name.isascii()
    return likely and bool(capital) and folded(name) == capital


def _town(row: Mapping[str, Any], fixed: str | None, capital: bool) -> Town:
    country = row["countrycode"]
    rules = "" if country == "UA" and row["admin1code"] in CRIMEA else country
    return Town(
        name=plain_name(row["name"], rules) if fixed is None else fixed,
        lon=float(row["longitude"]),
        lat=float(row["latitude"]),
        people=int(row["population"]),
        region=f"{country}.{row['admin1code']}",
        capital=capital,
    )


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator, in pixels at zoom 0 (the world is 256 wide)."""
    sine = math.sin(math.radians(max(-85.0, min(85.0, lat))))
    return 256 * (lon / 360 + 0.5), 256 * (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi))


class Room:
    """Which places a map of one zoom has taken already; a grid, so that only near ones are compared."""

    def __init__(self, zoom: int, size_px: tuple[int, int]) -> None:
        self.width, self.height = (px / 2**zoom for px in size_px)
        self.cells: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)

    def free(self, x: float, y: float, share: float = 1.0) -> bool:
        """Whether no place is too near; `share` of the usual distance is enough."""
        width, height = self.width * share, self.height * share
        column, row, cells = int(x / self.width), int(y / self.height), self.cells
        # Plain loops: this is asked a million times.
        for near_column in (column, column - 1, column + 1):
            for near_row in (row, row - 1, row + 1):
                for other_x, other_y in cells.get((near_column, near_row), ()):
                    if abs(x - other_x) < width and abs(y - other_y) < height:
                        return False
        return True

    def take(self, x: float, y: float) -> None:
        self.cells[int(x / self.width), int(y / self.height)].append((x, y))


def min_zooms(found: Sequence[Town]) -> list[int]:
    """The zoom that each town appears at: the first where it is big enough and no weightier one is too near.

    A town that finds no room still shadows smaller ones close by, lest a suburb stand for its city.
    """
    at = [projected(town.lon, town.lat) for town in found]
    zooms = [LAST_ZOOM] * len(found)
    for zoom, least in LEAST_WEIGHT.items():
        room, shadows = Room(zoom, CELL_PX), Room(zoom, SHADOW_PX)
        for number, town in enumerate(found):
            if town.weight < least:
                break  # the weightiest come first
            share = BIG_SHARE if town.weight > BIG * least else 1.0
            x, y = at[number]
            if zooms[number] < zoom or (room.free(x, y, share) and shadows.free(x, y)):
                zooms[number] = min(zooms[number], zoom)
                room.take(x, y)
            else:
                shadows.take(x, y)
    return zooms


def town_labels(found: Sequence[Town]) -> Iterator[Feature]:
    """`rank` orders names: 0 is the weightiest."""
    for rank, (town, zoom) in enumerate(zip(found, min_zooms(found), strict=True)):
        words = {"name": town.name, "min_zoom": zoom, "rank": rank, "people": town.people}
        if town.capital:
            words["capital"] = 1
        yield feature(shapely.Point(town.lon, town.lat), words, minzoom=zoom - 1)
