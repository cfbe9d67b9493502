"""Names of countries, their first-level areas, and waters: where they stand and from which zoom on."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

import shapely

from basemap import sources
from basemap.names import folded, read_spellings, region_name
from basemap.tiles import Feature, feature
from basemap.towns import Town

REGION_ZOOMS = ((4, 8.0), (5, 3.5), (6, 1.1), (7, 0.5))
"""Zoom -> the least reach, in degrees, of a first-level area whose name appears there."""


def country_labels() -> Iterator[Feature]:
    """Countries at Natural Earth's own points; bases and reefs without a code of their own get no name."""
    fixed = read_spellings("country_names")
    for country in sources.countries():
        if country.code == "-99":
            continue
        words = {
            "name": fixed.get(country.code, country.name),
            "min_zoom": country.min_label,
            "max_zoom": country.max_label,
            "rank": country.rank,
        }
        yield feature(shapely.Point(country.label), words, minzoom=max(0, math.floor(country.min_label) - 2))


def region_labels(found: Iterable[Town]) -> Iterator[Feature]:
    """First-level areas, each at the middle of its towns.

    None where one town is the whole area, or where the area has the very name of a town in it: the map would say it
    twice, side by side.
    """
    members: dict[str, list[Town]] = defaultdict(list)
    for town in found:
        members[town.region].append(town)
    fixed = read_spellings("area_names")
    for code, name, others in sources.subdivisions():
        inside = members.get(code, [])
        label = fixed.get(code, region_name(name, others, code[:2]))
        if len(inside) < 2 or not label or folded(label) in {folded(town.name) for town in inside}:
            continue
        reach = _reach(inside)
        zoom = next((zoom for zoom, least in REGION_ZOOMS if reach >= least), 8)
        spot = shapely.Point(median(town.lon for town in inside), median(town.lat for town in inside))
        yield feature(spot, {"name": label, "min_zoom": zoom, "reach": round(reach, 2)}, minzoom=zoom - 1)


def _reach(inside: list[Town]) -> float:
    """How wide an area is, in degrees of latitude, from its towns."""
    shrink = math.cos(math.radians(inside[0].lat))
    return math.hypot(_spread([t.lon for t in inside]) * shrink, _spread([t.lat for t in inside]))


def _spread(values: list[float]) -> float:
    """Width of the middle four fifths."""
    ordered = sorted(values)
    cut = len(ordered) // 10
    return ordered[-1 - cut] - ordered[cut]


def water_labels() -> Iterator[Feature]:
    """Oceans and seas of our own table, and the lakes whose names are known."""
    for row in sources.facts("seas"):
        zoom = float(row["min_zoom"])
        words = {"name": row["name"], "min_zoom": zoom, "max_zoom": float(row["max_zoom"])}
        yield feature(shapely.Point(float(row["lon"]), float(row["lat"])), words, minzoom=max(0, int(zoom) - 1))
    for item in sources.features(sources.LAKE_NAMES):
        name, scale = item["properties"].get("name"), float(item["properties"].get("scalerank", 6))
        ring = item["geometry"]["coordinates"][0]
        if not name or item["geometry"]["type"] != "Polygon" or len(ring) < 4:
            continue
        zoom = 4.5 + 0.6 * scale
        spot = shapely.point_on_surface(shapely.make_valid(shapely.Polygon(ring)))
        yield feature(spot, {"name": name, "min_zoom": zoom, "max_zoom": 22.0, "lake": 1}, minzoom=int(zoom) - 1)
