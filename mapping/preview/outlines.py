"""Land, lakes, borders and names that set-up keeps for pictures (tools/basemap/outlines.py), cut to a frame."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geodata.geometry import BBox
from mapping.basemaps import version_of

NEAR_ZOOM = 4.5
"""From here on the finer lines are drawn."""
Arrays = Mapping[str, npt.NDArray[Any]]
Owners = npt.NDArray[np.intp]
Rings = Sequence[tuple[npt.NDArray[np.float64], bool]]
"""Points (lon, lat in degrees) of each ring, and whether it is a hole: the largest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Names with their positions (lon, lat), and what orders them: the zoom they appear at, or how many people."""

    names: Sequence[str]
    at: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]


class Outlines:
    """One file of outlines, in memory as shapely geometries; about 10 MB."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        self._solids = {name: _solids(arrays, name) for name in ("land0", "land1", "lakes0", "lakes1")}
        self._holes = {name: arrays[f"{name}_hole"] for name in self._solids}
        self._borders = {name: _lines(arrays, name) for name in ("borders0", "borders1")}
        self.countries = _named(arrays, "country", "zoom")
        self.towns = _named(arrays, "town", "people")

    def rings(self, kind: str, box: BBox, zoom: float) -> Rings:
        """The rings of `land` or `lakes` in the box, which does not cross the antimeridian."""
        name = f"{kind}{int(zoom >= NEAR_ZOOM)}"
        solids = self._solids[name]
        near = np.flatnonzero(_meet(shapely.bounds(solids), box))
        cut = shapely.clip_by_rect(solids[near], box.west, box.south, box.east, box.north)
        found = []
        for place, piece in zip(near, cut, strict=True):
            for part in shapely.get_parts(piece):
                if isinstance(part, shapely.Polygon) and not part.is_empty:
                    found.append((shapely.get_coordinates(part.exterior), bool(self._holes[name][place])))
        return found

    def borders(self, box: BBox, zoom: float) -> Iterator[npt.NDArray[np.float64]]:
        """The points of each stretch of border in the box."""
        lines = self._borders[f"borders{int(zoom >= NEAR_ZOOM)}"]
        near = lines[_meet(shapely.bounds(lines), box)]
        for part in shapely.get_parts(shapely.clip_by_rect(near, box.west, box.south, box.east, box.north)):
            if not part.is_empty:
                yield shapely.get_coordinates(part)


def _meet(bounds: npt.NDArray[np.float64], box: BBox) -> npt.NDArray[np.bool_]:
    west, south, east, north = bounds.T
    found: npt.NDArray[np.bool_] = (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
    return found


def _points(arrays: Arrays, name: str) -> tuple[npt.NDArray[np.float64], Owners]:
    """The points of all lines, and the number of the line that each belongs to."""
    starts = arrays[f"{name}_starts"]
    return arrays[f"{name}_points"].astype(float), np.repeat(np.arange(len(starts) - 1), np.diff(starts))


def _lines(arrays: Arrays, name: str) -> npt.NDArray[np.object_]:
    points, owner = _points(arrays, name)
    return np.asarray(shapely.linestrings(points, indices=owner))


def _solids(arrays: Arrays, name: str) -> npt.NDArray[np.object_]:
    """Each ring as a polygon of its own; simplified ones that cross themselves are mended, or cutting would fail."""
    points, owner = _points(arrays, name)
    rings = shapely.linearrings(points, indices=owner)
    return np.asarray(shapely.make_valid(shapely.polygons(rings)))


def _named(arrays: Arrays, name: str, weight: str) -> Named:
    return Named(arrays[f"{name}_name"].tolist(), arrays[f"{name}_at"], arrays[f"{name}_{weight}"])


class OutlineFile:
    """The outlines of one path, read when they are first drawn, and again when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._held: tuple[str, Outlines] | None = None

    def get(self) -> Outlines | None:
        """None where set-up has not made them: a picture then shows its marks on a plain ground."""
        if not self._path.is_file():
            return None
        with self._lock:
            version = version_of(self._path)
            if self._held is None or self._held[0] != version:
                self._held = version, Outlines(self._path)
            return self._held[1]
