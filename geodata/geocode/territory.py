"""The ground that towns stand for: each spot of a country belongs to the areas of the town nearest to it.

Where no outline of an area is known this is the best guess at it: its middle lies where the land is, not where the
towns crowd (of Homs in the desert, not by the coast).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.geocode.readers.extent import Extent, half_width_m
from geodata.geocode.records import Record

Spots = npt.NDArray[np.float64]
"""(spots, 2) lon, lat."""
_SPOTS_A_TOWN = 4.0
_STEPS_DEG = (0.01, 0.1)
"""Least and greatest distance between spots."""
_LEAST_COS = 0.2
"""Keeps spots apart near the poles."""


def territories(outlines: Mapping[str, BaseGeometry], towns: Iterable[Record]) -> dict[str, Extent]:
    """Place id of an area -> the ground of its towns, for both levels."""
    by_country: dict[str, list[Record]] = defaultdict(list)
    for town in towns:
        by_country[town.country].append(town)
    found: dict[str, Extent] = {}
    for code, outline in outlines.items():
        inside = by_country.get(code, [])
        if not inside:
            continue
        spots = _spots(outline, len(inside))
        near = _nearest(spots, inside)
        for owners in ([town.admin1 for town in inside], [town.admin2 for town in inside]):
            found.update(_extents(spots, near, owners))
    return found


def _spots(outline: BaseGeometry, towns: int) -> Spots:
    """Points spread evenly over a country, some for each town."""
    low, high = _STEPS_DEG
    step = min(high, max(low, math.sqrt(outline.area / towns / _SPOTS_A_TOWN)))
    west, south, east, north = outline.bounds
    lines = []
    for lat in np.arange(south + step / 2, north, step):
        lons = np.arange(west + step / 2, east, step / max(_LEAST_COS, math.cos(math.radians(lat))))
        lines.append(np.column_stack([lons, np.full(len(lons), lat)]))
    spots = np.concatenate(lines) if lines else np.zeros((0, 2))
    shapely.prepare(outline)
    return np.asarray(spots[shapely.contains_xy(outline, spots[:, 0], spots[:, 1])])


def _nearest(spots: Spots, towns: Sequence[Record]) -> npt.NDArray[np.int64]:
    """The number of the nearest town of each spot; degrees of longitude shortened as at the country's middle."""
    narrow = math.cos(math.radians(float(np.mean([town.lat or 0.0 for town in towns]))))
    tree = shapely.STRtree(shapely.points([((town.lon or 0.0) * narrow, town.lat or 0.0) for town in towns]))
    return np.asarray(tree.nearest(shapely.points(spots[:, 0] * narrow, spots[:, 1])), dtype=np.int64)


def _extents(spots: Spots, near: npt.NDArray[np.int64], owners: Sequence[str]) -> dict[str, Extent]:
    """Each owner's spots as an extent."""
    names = sorted({owner for owner in owners if owner})
    number = {name: at for at, name in enumerate(names)}
    mine = np.array([number.get(owner, -1) for owner in owners], dtype=np.int64)[near]
    order = np.argsort(mine, kind="stable")
    order = order[np.searchsorted(mine[order], 0) :]
    held, starts = np.unique(mine[order], return_index=True)
    parts = np.split(spots[order], starts[1:]) if len(held) else []
    return {names[owner]: _extent(part) for owner, part in zip(held.tolist(), parts, strict=True)}


def _extent(spots: Spots) -> Extent:
    lons, lats = spots[:, 0], spots[:, 1]
    if float(np.ptp(lons)) > 180:  # the antimeridian runs through: measure from 0 to 360
        lons = lons % 360
    west, south, east, north = (float(edge) for edge in (lons.min(), lats.min(), lons.max(), lats.max()))
    bounds = (_wrap(west), south, _wrap(east), north)
    return Extent(_wrap(float(lons.mean())), float(lats.mean()), bounds, half_width_m(west, south, east, north))


def _wrap(lon: float) -> float:
    return lon - 360 if lon > 180 else lon
