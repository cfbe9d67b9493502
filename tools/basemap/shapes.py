"""Land, borders, regions' lines and waters.

Natural Earth's neighbours share their vertices, so a segment that two countries' rings have is a land border, and one
that only one has is coast. Borders made so agree with the countries' polygons everywhere, Crimea included.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import shapely

from basemap import sources
from basemap.far import by_zoom
from basemap.sources import Position
from basemap.tiles import Feature, feature

Segment = tuple[Position, Position]

ISTHMUS = shapely.box(33.0, 45.7, 35.6, 46.5)
"""Where Natural Earth has a line between Crimea and Kherson oblast, which is a border between regions of Ukraine."""
NEAR_DEG = 0.01
"""Natural Earth's layers differ by less than this along the same line, in degrees."""
LINE_ROOM_PX = 14
"""How far apart the borders of first-level areas lie, on average, when they are first drawn."""


def segments(line: tuple[Position, ...]) -> Iterator[Segment]:
    """The pieces of a line, each with its ends in one fixed order."""
    for first, second in pairwise(line):
        if first != second:
            yield (first, second) if first < second else (second, first)


@cache
def borders() -> shapely.MultiLineString:
    """International land borders, in as few lines as they make."""
    seen = Counter(piece for country in sources.countries() for ring in country.rings for piece in segments(ring))
    shared = [piece for piece, count in seen.items() if count > 1]
    return shapely.MultiLineString(list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shared)))))


def land() -> Iterator[Feature]:
    """Every country, dissolved into land: fills of neighbours would leave hairlines between them."""
    solids = [solid for country in sources.countries() for solid in sources.polygons(country.rings)]
    yield from by_zoom(shapely.get_parts(shapely.coverage_union_all(solids)), {})


def border_lines() -> Iterator[Feature]:
    yield from by_zoom(borders().geoms, {})


def region_lines() -> Iterator[Feature]:
    """Borders of first-level areas, without the stretches that run along an international one.

    Where areas are small (the municipalities of Slovenia) their lines wait for a zoom that has room for them.
    """
    lines = list(_region_lines())
    zooms = line_zooms(lines)
    for line, zoom in zip(lines, zooms, strict=True):
        yield feature(line, {"min_zoom": zoom}, minzoom=zoom - 1)


def _region_lines() -> Iterator[shapely.LineString]:
    tree = shapely.STRtree(shapely.get_parts(borders()))
    for parts in sources.natural_earth("admin_1_states_provinces_lines"):
        yield from _off_borders(parts, tree)
    for parts in sources.natural_earth("admin_0_boundary_lines_land"):
        within = tuple(part for part in parts if ISTHMUS.contains(shapely.linestrings(part)))
        yield from _off_borders(within, tree)


def line_zooms(lines: Sequence[shapely.LineString], cell_deg: float = 1.0) -> list[int]:
    """From which zoom on each line is drawn: when lines about it lie LINE_ROOM_PX apart.

    The distance between lines is a cell's area over the length of the lines in it.
    """
    middles = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    length: defaultdict[tuple[int, int], float] = defaultdict(float)
    cells = [(int(lon // cell_deg), int(lat // cell_deg)) for lon, lat in middles]
    for cell, line in zip(cells, lines, strict=True):
        length[cell] += line.length
    around = {
        (x, y): sum(length.get((x + dx, y + dy), 0.0) for dx in (-1, 0, 1) for dy in (-1, 0, 1)) / 9
        for x, y in set(cells)
    }
    zooms = []
    for cell in cells:
        apart_px = cell_deg**2 / around[cell] * 256 / 360  # at zoom 0
        zooms.append(max(4, min(9, math.ceil(math.log2(LINE_ROOM_PX / apart_px)))))
    return zooms


def _off_borders(parts: tuple[tuple[Position, ...], ...], tree: shapely.STRtree) -> Iterator[shapely.LineString]:
    for part in parts:
        points = np.asarray(part)
        middles = shapely.points((points[1:] + points[:-1]) / 2)
        near = np.zeros(len(middles), dtype=bool)
        near[tree.query(middles, predicate="dwithin", distance=NEAR_DEG)[0]] = True
        start = 0
        for at, covered in enumerate(np.append(near, True)):
            if covered:
                if at > start:
                    yield shapely.LineString(points[start : at + 1])
                start = at + 1


def lakes() -> Iterator[Feature]:
    """Lakes at full detail; the small ones only when near."""
    for parts in sources.natural_earth("lakes"):
        for solid in sources.polygons(parts):
            yield from by_zoom([solid], {}, lake_zoom(solid.area))


def lake_zoom(area_deg2: float) -> int:
    """First zoom that a lake of so many square degrees is seen at."""
    return next((zoom for zoom, least in enumerate((2.0, 0.8, 0.3, 0.1, 0.03, 0.008, 0.002)) if area_deg2 >= least), 7)


def rivers() -> Iterator[Feature]:
    """Rivers; `min_zoom` is Natural Earth's own. Their points lie on a grid of 0.01 degrees, so corners are rounded."""
    for item in sources.features(sources.RIVERS):
        zoom = float(item["properties"]["min_zoom"])
        weight = float(item["properties"]["strokeweig"])
        for line in shapely.get_parts(shapely.from_geojson(json.dumps(item["geometry"]))):
            yield feature(rounded(line), {"min_zoom": zoom, "weight": weight}, minzoom=max(0, int(zoom) - 1))


def rounded(line: shapely.LineString, times: int = 2) -> shapely.LineString:
    """Chaikin's corner cutting: each corner becomes two points at a quarter of its sides; the ends stay."""
    points = shapely.get_coordinates(line)
    for _ in range(times):
        if len(points) < 3:
            break
        before, after = points[:-1], points[1:]
        cut = np.empty((2 * len(before), 2))
        cut[0::2], cut[1::2] = 0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after
        points = np.vstack([points[:1], cut, points[-1:]])
    return shapely.LineString(points)
