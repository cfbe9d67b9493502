"""Names: towns thinned so that they fill the map evenly, first-level areas, countries and seas."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import shapely

from basemap import sources
from basemap.tiles import Feature, feature

LAST_ZOOM = 11
LEAST_PEOPLE = {2: 4e6, 3: 1.5e6, 4: 5e5, 5: 1.5e5, 6: 4e4, 7: 1e4, 8: 3e3, 9: 1e3, 10: 0}
"""Smallest town that a zoom shows, however empty the map is there."""
CELL_PX = (104, 34)
"""Room that a name keeps free around its town, in pixels of a 256-pixel tile: half of it on each side."""
CAPITAL_BONUS = 12
"""A capital counts as that many times its people, so that small ones are not lost beside big neighbours."""


@dataclass(frozen=True, slots=True)
class Town:
    """A populated place; `weight` orders towns, `min_zoom` is where it appears first."""

    name: str
    lon: float
    lat: float
    people: int
    country: str
    region: str
    capital: bool

    @property
    def weight(self) -> float:
        return self.people * (CAPITAL_BONUS if self.capital else 1)


def towns() -> list[Town]:
    """Every populated place, the weightiest first, under its current name."""
    spellings = {int(row["geonameid"]): row["name"] for row in sources.facts("spellings")}
    capitals = sources.capitals()
    found = [
        Town(
            name=spellings.get(row["geonameid"]) or plain_name(row["name"], row["countrycode"]),
            lon=float(row["longitude"]),
            lat=float(row["latitude"]),
            people=int(row["population"]),
            country=row["countrycode"],
            region=f"{row['countrycode']}.{row['admin1code']}",
            capital=(row["countrycode"], row["name"]) in capitals and row["population"] > 300,
        )
        for row in sources.cities()
    ]
    return sorted(found, key=lambda town: (-town.weight, town.name))


def plain_name(name: str, country: str) -> str:
    """The name without the marks of scholarly transliteration that no newspaper prints."""
    if country in {"BY", "RU", "UA", "KZ", "KG", "UZ", "TM", "TJ"}:
        name = re.sub("[’'ʹʼ`]", "", name)
    for mark, letter in zip("ḨḩŢţḐḑŞşẔẕĀāĪīŪūḤḥṬṭḌḍṢṣẒẓ‘", "HhTtDdSsZzAaIiUuHhTtDdSsZz’", strict=True):
        if country in ARABIC:
            name = name.replace(mark, letter)
    return name


ARABIC = frozenset("AE AF BH DJ DZ EG EH ER IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SY TD TN YE".split())


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator, in pixels at zoom 0 (the world is 256 wide)."""
    sine = math.sin(math.radians(max(-85.0, min(85.0, lat))))
    return 256 * (lon / 360 + 0.5), 256 * (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi))


def min_zooms(found: Sequence[Town]) -> list[int]:
    """The zoom that each town appears at: the first where it is big enough and no weightier one is too near."""
    at = [projected(town.lon, town.lat) for town in found]
    zooms = [LAST_ZOOM] * len(found)
    for zoom, least in LEAST_PEOPLE.items():
        width, height = (px / 2**zoom for px in CELL_PX)
        taken: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        for number, town in enumerate(found):
            shown = zooms[number] < zoom
            if not shown and town.weight < least:
                continue
            x, y = at[number]
            column, row = int(x / width), int(y / height)
            if not shown and _crowded(taken, column, row, x, y, width, height):
                continue
            zooms[number] = min(zooms[number], zoom)
            taken[column, row].append((x, y))
    return zooms


def _crowded(
    taken: dict[tuple[int, int], list[tuple[float, float]]],
    column: int,
    row: int,
    x: float,
    y: float,
    width: float,
    height: float,
) -> bool:
    for near_column in (column - 1, column, column + 1):
        for near_row in (row - 1, row, row + 1):
            for other_x, other_y in taken.get((near_column, near_row), ()):
                if abs(x - other_x) < width and abs(y - other_y) < height:
                    return True
    return False


def town_labels(found: Sequence[Town]) -> Iterator[Feature]:
    """`rank` orders labels: 0 is the weightiest."""
    for rank, (town, zoom) in enumerate(zip(found, min_zooms(found), strict=True)):
        words = {"name": town.name, "min_zoom": zoom, "rank": rank, "people": town.people}
        if town.capital:
            words["capital"] = 1
        yield feature(shapely.Point(town.lon, town.lat), words, minzoom=zoom - 1)


def region_labels(found: Iterable[Town]) -> Iterator[Feature]:
    """First-level areas, each at the middle of its towns; none where a single town is the whole area."""
    members: dict[str, list[Town]] = defaultdict(list)
    for town in found:
        members[town.region].append(town)
    fixed = {row["code"]: row["name"] for row in sources.facts("regions")}
    for code, name, others in sources.subdivisions():
        inside = members.get(code, [])
        if len(inside) < 2:
            continue
        lon, lat = median(town.lon for town in inside), median(town.lat for town in inside)
        reach = math.hypot(_spread([t.lon for t in inside]) * math.cos(math.radians(lat)), _spread([t.lat for t in inside]))
        zoom = next((zoom for zoom, least in ((4, 8.0), (5, 3.5), (6, 1.1), (7, 0.5)) if reach >= least), 8)
        label = fixed.get(code) or region_name(name, others, code[:2])
        if label:
            yield feature(shapely.Point(lon, lat), {"name": label, "min_zoom": zoom, "reach": round(reach, 2)}, zoom - 1)


def _spread(values: list[float]) -> float:
    """Width of the middle four fifths."""
    ordered = sorted(values)
    cut = len(ordered) // 10
    return ordered[-1 - cut] - ordered[cut]


ENGLISH_KINDS = re.compile(
    r"^[A-Z][A-Za-z '’-]+ (Oblast|Krai|Autonomous Okrug|Okrug|Republic|Governorate|Voivodeship|Prefecture)$"
)


def region_name(name: str, others: Sequence[str], country: str) -> str:
    """The English name in use where GeoNames has one ("Kherson Oblast" for "Khersonska oblast")."""
    english = [other for other in others if ENGLISH_KINDS.match(other)]
    if english and country not in {"JP"}:
        return min(english, key=len)
    return plain_name(name, country)


def country_labels() -> Iterator[Feature]:
    fixed = {row["code"]: row["name"] for row in sources.facts("countries")}
    for country in sources.countries():
        words = {
            "name": fixed.get(country.code, country.name),
            "min_zoom": country.min_label,
            "max_zoom": country.max_label,
            "rank": country.rank,
        }
        yield feature(shapely.Point(country.label), words, minzoom=max(0, math.floor(country.min_label) - 2))


def water_labels() -> Iterator[Feature]:
    """Oceans and seas of our own table, and the lakes whose names are known."""
    for row in sources.facts("seas"):
        words = {"name": row["name"], "min_zoom": float(row["min_zoom"]), "max_zoom": float(row["max_zoom"])}
        yield feature(shapely.Point(float(row["lon"]), float(row["lat"])), words, minzoom=max(0, int(words["min_zoom"]) - 1))
    for item in sources.features(sources.LAKE_NAMES):
        name, scale = item["properties"].get("name"), float(item["properties"].get("scalerank", 6))
        ring = item["geometry"]["coordinates"][0]
        if not name or item["geometry"]["type"] != "Polygon" or len(ring) < 4:
            continue
        spot = shapely.point_on_surface(shapely.make_valid(shapely.Polygon(ring)))
        zoom = 4.5 + 0.6 * scale
        yield feature(spot, {"name": name, "min_zoom": zoom, "max_zoom": 22.0, "lake": 1}, minzoom=int(zoom) - 1)
