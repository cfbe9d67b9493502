"""Which part of the world a picture shows: Web Mercator, longitude first, pixels from the top left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geodata.geometry import BBox

TILE_PX = 256
MOST_LAT = 85.0511287798
"""Latitude at which Web Mercator is a square."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """`width` by `height` pixels around `lon`, `lat` (degrees) at a zoom that may lie between whole ones."""

    lon: float
    lat: float
    zoom: float
    width: int
    height: int

    @classmethod
    def around(
        cls, bbox: BBox | None, width: int, height: int, margin: float = 0.12, most_zoom: float = 9.0
    ) -> "Frame":
        """The nearest frame that shows all of `bbox` (None: the world), with a margin as a share of the size."""
        bbox = bbox or BBox(-179.9, -56, 179.9, 74)
        span = (bbox.east - bbox.west) % 360 or (360.0 if bbox.east > bbox.west else 0.0)
        top, bottom = float(world_y(bbox.north)), float(world_y(bbox.south))
        room = 1 - 2 * margin
        across = width * room / TILE_PX / max(span / 360, 1e-9)
        down = height * room / TILE_PX / max(bottom - top, 1e-9)
        least = math.log2(max(width, height) / TILE_PX)  # nearer out there would be bare background
        zoom = max(least, min(most_zoom, math.log2(min(across, down))))
        return cls(wrap(bbox.west + span / 2), latitude((top + bottom) / 2), zoom, width, height).kept_on_earth()

    def kept_on_earth(self) -> "Frame":
        """The same frame moved so that it shows nothing past the poles; its zoom is raised where it must."""
        zoom = max(self.zoom, math.log2(self.height / TILE_PX))
        half = self.height / (TILE_PX * 2**zoom) / 2
        middle = min(max(float(world_y(self.lat)), half), 1 - half)
        return Frame(wrap(self.lon), latitude(middle), zoom, self.width, self.height)

    @property
    def scale(self) -> float:
        """Pixels that the world is wide."""
        return float(TILE_PX * 2**self.zoom)

    @property
    def bbox(self) -> BBox:
        """What it shows; west > east where it crosses the antimeridian."""
        half = 180 * self.width / self.scale
        whole = half >= 180
        middle = float(world_y(self.lat))
        tall = self.height / self.scale / 2
        south, north = latitude(min(1.0, middle + tall)), latitude(max(0.0, middle - tall))
        return BBox(-180 if whole else wrap(self.lon - half), south, 180 if whole else wrap(self.lon + half), north)

    def pixels(self, lon: Floats | float, lat: Floats | float) -> tuple[Floats, Floats]:
        """Positions in pixels, each point in the copy of the world that is nearest to the middle."""
        away = (np.asarray(lon, dtype=float) - self.lon + 180) % 360 - 180
        return self.flat(away + self.lon, lat)

    def flat(self, lon: Floats | float, lat: Floats | float) -> tuple[Floats, Floats]:
        """Positions in pixels of this very copy of the world, so that lines stay in one piece."""
        x = (np.asarray(lon, dtype=float) - self.lon) / 360 * self.scale + self.width / 2
        y = (world_y(lat) - world_y(self.lat)) * self.scale + self.height / 2
        return x, y

    def turns(self) -> tuple[int, ...]:
        """Degrees by which copies of the world are moved to fill the frame: -360, 0 and 360, those that show."""
        half = 180 * self.width / self.scale
        first, last = math.floor((self.lon - half + 180) / 360), math.floor((self.lon + half + 180) / 360)
        return tuple(360 * turn for turn in range(first, last + 1))

    def metres_per_pixel(self, lat: float) -> float:
        return 40_075_016.7 * math.cos(math.radians(lat)) / self.scale


def world_y(lat: Floats | float) -> Floats:
    """0 at the northern edge of Web Mercator's square, 1 at the southern."""
    radians = np.radians(np.clip(lat, -MOST_LAT, MOST_LAT))
    found: Floats = 0.5 - np.arcsinh(np.tan(radians)) / (2 * np.pi)
    return found


def latitude(y: float) -> float:
    """The latitude of `world_y`."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def wrap(lon: float) -> float:
    """A longitude brought into -180..180."""
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def box_around(positions: Sequence[tuple[float, float]]) -> BBox | None:
    """The smallest box around positions (lon, lat): west > east where it crosses the antimeridian."""
    if not positions:
        return None
    lons = sorted({lon for lon, _ in positions})
    lats = [lat for _, lat in positions]
    gaps = [(after - before, after, before) for before, after in pairwise(lons)]
    _, west, east = max([(lons[0] + 360 - lons[-1], lons[0], lons[-1]), *gaps])
    return BBox(west, min(lats), east, max(lats))
