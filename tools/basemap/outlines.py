"""Land, lakes, borders, names of countries and towns in one small file, for pictures that the server draws itself.

Two levels of detail: 0 for a world on a screen, 1 for a country. Degrees, longitude first; the reader is
mapping/preview/outlines.py.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import shapely

from basemap import shapes, sources
from basemap.names import read_spellings
from basemap.towns import Town

TOLERANCE_DEG = (0.1, 0.012)
"""How far a line may lie off, by level: about a pixel at zoom 3, and at zoom 6."""
LEAST_DEG2 = (0.03, 0.0004)
"""Islands and lakes smaller than this, in square degrees, are left out, by level."""
TOWNS = 6_000
"""The weightiest: at zoom 7 and nearer more names would not find room on a preview."""


def write(out: Path, towns: Sequence[Town]) -> int:
    """The file; how many bytes it has."""
    arrays: dict[str, np.ndarray] = {}
    land = shapely.multipolygons([solid for country in _solids() for solid in country])
    whole = list(shapely.get_parts(land))
    lakes = [solid for parts in sources.natural_earth("lakes") for solid in sources.polygons(parts)]
    for level, tolerance in enumerate(TOLERANCE_DEG):
        least = LEAST_DEG2[level]
        easier = shapely.coverage_simplify(whole, tolerance)
        ground = shapely.get_parts(shapely.coverage_union_all(easier))
        arrays |= _rings(f"land{level}", ground, least)
        arrays |= _rings(f"lakes{level}", shapely.simplify(np.array(lakes), tolerance), least)
        arrays |= _lines(f"borders{level}", _borders_of(easier))
    fixed = read_spellings("country_names")
    named = [country for country in sources.countries() if country.code != "-99"]
    arrays["country_name"] = np.array([fixed.get(country.code, country.name) for country in named])
    arrays["country_at"] = np.array([country.label for country in named], dtype=np.float32)
    arrays["country_zoom"] = np.array([country.min_label for country in named], dtype=np.float32)
    first = list(towns)[:TOWNS]
    arrays["town_name"] = np.array([town.name for town in first])
    arrays["town_at"] = np.array([(town.lon, town.lat) for town in first], dtype=np.float32)
    arrays["town_people"] = np.array([town.people for town in first], dtype=np.int32)
    made = out.with_name(f".{out.name}")
    with made.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    made.replace(out)
    return out.stat().st_size


def _solids() -> Iterable[list[shapely.Polygon]]:
    return (sources.polygons(country.rings) for country in sources.countries())


def _borders_of(solids: Sequence[shapely.Geometry]) -> list[shapely.LineString]:
    """What the outlines of neighbours share: simplified together, it is still the same line in both."""
    seen: dict[shapes.Segment, int] = {}
    for ring in shapely.get_rings(solids):
        points = tuple(map(tuple, shapely.get_coordinates(ring).tolist()))
        for piece in shapes.segments(points):
            seen[piece] = seen.get(piece, 0) + 1
    shared = [piece for piece, count in seen.items() if count > 1]
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shared))))


def _rings(name: str, solids: Iterable[shapely.Geometry], least: float) -> dict[str, np.ndarray]:
    """All rings, the largest first, so that an island in a lake is drawn over the lake; `hole` says what each is."""
    found = []
    for solid in shapely.get_parts(np.array(list(solids))):
        rings = shapely.get_rings(solid)
        found += [(shapely.Polygon(ring).area, place > 0, ring) for place, ring in enumerate(rings)]
    kept = sorted((item for item in found if item[0] >= least), key=lambda item: -item[0])
    return {f"{name}_hole": np.array([item[1] for item in kept])} | _lines(name, [item[2] for item in kept])


def _lines(name: str, lines: Sequence[shapely.Geometry]) -> dict[str, np.ndarray]:
    """Points of all lines, where each line begins (and the last ends), and the box around each."""
    counts = shapely.get_num_coordinates(lines)
    return {
        f"{name}_points": shapely.get_coordinates(lines).astype(np.float32),
        f"{name}_starts": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        f"{name}_boxes": shapely.bounds(lines).astype(np.float32),
    }
