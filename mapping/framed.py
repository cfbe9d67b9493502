"""What of a query follows from its being shown: how far in a box can be, and what lies in the trays beside the map."""

import math
from dataclasses import replace

from geodata.geometry import BBox
from geodata.query import EventQuery
from geodata.timespan import Interval

VIEW_PX = 8192
"""Side of the square that no view is larger than: the largest screens, and what lies around them."""
_TILE_PX = 256


def near_enough(bbox: BBox | None, zoom: float) -> float:
    """The zoom, or the largest at which this box (None: the world) is no larger than a view can be."""
    wide, tall = ((bbox.east - bbox.west) % 360 or 360.0, bbox.north - bbox.south) if bbox else (360.0, 180.0)
    if bbox and bbox.east == bbox.west:
        wide = 0.0
    share = wide * tall / 360 / 180  # of the world; by degrees, which is near enough
    return min(zoom, math.log2(VIEW_PX / _TILE_PX / math.sqrt(share))) if share else zoom


def tray(query: EventQuery, name: str) -> EventQuery:
    """The query of a tray, `undated` or `unplaced`: the same filters without what such an event cannot answer.

    The bbox is left out: a tray holds what the map cannot show, wherever the map is.
    """
    rest = query.without("bbox", "datetime") if name == "undated" else query.without("bbox")
    return replace(
        rest,
        undated="only" if name == "undated" else "include" if rest.datetime == Interval() else "exclude",
        unplaced="only" if name == "unplaced" else "include",
    )
