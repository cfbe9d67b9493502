"""Outlines for the zooms that show a whole continent, as simple as a page's pixels allow.

Half of what a browser did for the opening view was decoding and drawing 37,000 corners of coast; these are 14,000.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from basemap.tiles import Feature, feature

FAR_ZOOM = 3
"""Up to this zoom of tiles every zoom has outlines of its own; from the next on tippecanoe's are fine enough."""
TILE_PX = 512
"""Width of a tile on the page."""
STRAY_PX, LINE_STRAY_PX = 0.75, 0.35
"""How far a coast may lie off, and a border, which is drawn as a line: its corners are seen, and they are few."""
LEAST_PX2 = 0.5
"""An island or lake that covers less of a pixel is left out."""
MOST_LAT = 85.05
"""Where Web Mercator's square ends."""
Points = NDArray[np.float64]
"""A point a row: longitude, latitude; or x, y."""


def by_zoom(shapes: Sequence[Any], words: Mapping[str, Any], minzoom: int = 0) -> Iterator[Feature]:
    """Features of these shapes for the tiles of `minzoom` on."""
    flat = shapely.transform(np.array(shapes, dtype=object), to_mercator)
    areas = shapely.area(flat)
    solid = shapely.get_dimensions(flat) == 2
    for zoom in range(minzoom, FAR_ZOOM + 1):
        pixel = 1 / (TILE_PX * 2**zoom)
        seen = ~solid | (areas >= LEAST_PX2 * pixel**2)
        stray = np.where(solid[seen], STRAY_PX, LINE_STRAY_PX) * pixel
        simple = shapely.transform(shapely.simplify(flat[seen], stray), from_mercator)
        yield from (feature(shape, words, zoom, zoom) for shape in simple)
    yield from (feature(shape, words, max(minzoom, FAR_ZOOM + 1)) for shape in shapes)


def to_mercator(points: Points) -> Points:
    """Degrees as parts of the width of a Web Mercator map of the world, y upwards."""
    lats = np.radians(np.clip(points[:, 1], -MOST_LAT, MOST_LAT))
    return np.column_stack((points[:, 0] / 360, np.log(np.tan(math.pi / 4 + lats / 2)) / (2 * math.pi)))


def from_mercator(points: Points) -> Points:
    """The way back: longitudes and latitudes in degrees."""
    return np.column_stack((points[:, 0] * 360, np.degrees(np.arctan(np.sinh(points[:, 1] * 2 * math.pi)))))
