"""The ground of a picture: sea, land, lakes, borders, and as many names as find room."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PIL.ImageDraw import ImageDraw

from geodata.geometry import BBox
from mapping.preview.frame import Frame
from mapping.preview.marks import Box, overlap
from mapping.preview.outlines import Named, Outlines
from mapping.preview.words import Colour, Words

SEA: Colour = (211, 225, 232)
LAND: Colour = (246, 245, 241)
COAST: Colour = (180, 198, 207)
BORDER: Colour = (148, 141, 130)
COUNTRY: Colour = (92, 86, 77)
TOWN: Colour = (45, 50, 54)
NAME_HALO: Colour = (251, 250, 247)
"""The light palette of static/js/basemap-palette.js."""
PEOPLE_AT = ((3.0, 6e6), (4.0, 2e6), (5.0, 8e5), (6.0, 3e5), (7.0, 1e5), (99.0, 0.0))
"""Below each zoom, the least people that a town needs to be named."""
MOST_TOWNS = 22
LAKE_PX = 5
"""Narrower lakes are but specks of their own shore."""
Floats = npt.NDArray[np.float64]


class Ground:
    """Draws the ground of one frame; `scale` is how many pixels of the drawing one of the picture has."""

    def __init__(self, draw: ImageDraw, frame: Frame, outlines: Outlines, scale: int) -> None:
        self._draw, self._frame, self._outlines, self._scale = draw, frame, outlines, scale

    def paint(self) -> None:
        """Land, lakes and borders, in each copy of the world that shows."""
        for turn, box in self._windows():
            for kind, fill, hole in (("land", LAND, SEA), ("lakes", SEA, LAND)):
                for points, is_hole in self._outlines.rings(kind, box, self._frame.zoom):
                    if kind == "lakes" and np.ptp(points[:, 0]) / 360 * self._frame.scale < LAKE_PX:
                        continue
                    flat = self._flat(points, turn)
                    self._draw.polygon(flat, hole if is_hole else fill)
                    self._draw.line(flat, COAST, self._scale)
            for points in self._outlines.borders(box, self._frame.zoom):
                self._draw.line(self._flat(points, turn), BORDER, int(1.3 * self._scale), "curve")

    def _windows(self) -> Iterable[tuple[int, BBox]]:
        """Each copy of the world that shows: the degrees it is moved by, and the part of it that shows."""
        frame = self._frame
        half = 180 * frame.width / frame.scale * 1.02
        seen = frame.bbox
        tall = (seen.north - seen.south) * 0.02
        for turn in frame.turns():
            west, east = frame.lon - half - turn, frame.lon + half - turn
            yield turn, BBox(max(-180, west), max(-90, seen.south - tall), min(180, east), min(90, seen.north + tall))

    def _flat(self, points: Floats, turn: int) -> list[float]:
        x, y = self._frame.flat(points[:, 0] + turn, points[:, 1])
        flat: list[float] = (np.stack([x, y], axis=1) * self._scale).ravel().tolist()
        return flat


def names(frame: Frame, outlines: Outlines, words: Words, taken: Sequence[Box]) -> None:
    """Names of countries and towns where nothing is `taken` (left, top, right, bottom in pixels)."""
    used = list(taken)
    size = 17 if frame.zoom < 5 else 20
    if frame.zoom < 7:
        zooms = outlines.countries.weight
        shown = [place for place in np.argsort(zooms, kind="stable") if zooms[place] <= frame.zoom + 0.6]
        for name, x, y in _inside(frame, outlines.countries, shown):
            _name(words, used, name.upper() if frame.zoom >= 4 else name, x, y, size - 3, COUNTRY, 600, frame)
    least = next(people for zoom, people in PEOPLE_AT if frame.zoom < zoom)
    biggest = np.flatnonzero(outlines.towns.weight >= least)
    left = MOST_TOWNS
    for name, x, y in _inside(frame, outlines.towns, biggest):
        if left and _name(words, used, name, x, y - 11, 15, TOWN, 500, frame):
            words.write(x, y + 3, "•", 12, TOWN, 700, "ms")
            left -= 1


def _inside(frame: Frame, named: Named, places: Iterable[int]) -> Iterable[tuple[str, float, float]]:
    chosen = np.fromiter(places, dtype=np.intp)
    if not len(chosen):
        return
    x, y = frame.pixels(named.at[chosen, 0], named.at[chosen, 1])
    for place, left, top in zip(chosen, x, y, strict=True):
        if 0 < left < frame.width and 0 < top < frame.height:
            yield named.names[place], float(left), float(top)


def _name(words: Words, used: list[Box], name: str, x: float, y: float, size: float, colour: Colour, weight: int,
          frame: Frame) -> bool:  # fmt: skip
    """Writes a name around x, y where it covers nothing; whether it found room."""
    half = words.width(name, size, weight) / 2
    box = (x - half - 4, y - size * 0.7, x + half + 4, y + size * 0.7)
    if box[0] < 2 or box[2] > frame.width - 2 or box[1] < 2 or box[3] > frame.height - 2:
        return False
    if any(overlap(box, other) for other in used):
        return False
    used.append(box)
    words.write(x, y, name, size, colour, weight, "mm", halo=NAME_HALO)
    return True
