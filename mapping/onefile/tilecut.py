"""The part of a basemap that a file of its own needs: whole where the world is small, deep where events are.

Tiles are those of Web Mercator; bytes are counted as they will stand in the page, in base64.
"""

import math
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from geodata.geometry import BBox
from mapping.preview.frame import world_y

WHOLE_ZOOM = 2
"""Up to here all of the world comes along: 286 kB of our own basemap."""
WHOLE_BYTES = 600_000
"""Of base64, which that may take even where there is less room: our own takes 381 kB."""
VIEW_ZOOMS = 3
"""So many zooms from the one that shows all events are kept whole around them, as far as half of the room goes."""
MARGIN = 0.1
"""Of the box of the events, on each side."""
MOST_DIRECTORIES = 4
"""A root and leaves of leaves: what the format allows (PMTiles version 3)."""
Tile = tuple[int, int, int]
"""Zoom, x, y."""
Position = tuple[float, float]


def cut(path: Path, positions: Sequence[Position], box: BBox | None, room: int) -> dict[str, str]:
    """Tiles of a .pmtiles file in base64 by "z/x/y", at most `room` bytes of them, or WHOLE_BYTES for the
    whole world's; none where they are packed in a way that browsers cannot open.

    `positions` are those of the events (lon, lat), `box` what the map opens at.
    """
    with path.open("rb") as file:
        archive = Archive(file)
        if archive.packing not in ("NONE", "GZIP"):
            return {}
        deepest = archive.deepest
        picked: dict[str, str] = {}
        taken = 0
        for limit, tiles in (
            (max(room, WHOLE_BYTES), _whole()),
            (room / 2, _around(box, deepest)),
            (room, _by_events(positions, deepest)),
        ):
            for z, x, y in tiles:
                name = f"{z}/{x}/{y}"
                if name in picked or not (data := archive.tile(z, x, y)):
                    continue
                text = b64encode(data).decode("ascii")
                if taken + len(text) > limit:
                    continue
                picked[name] = text
                taken += len(text)
    return picked


class Archive:
    """A .pmtiles file. The package's own reader reads its directories anew for each tile, 10 ms each time."""

    def __init__(self, file: IO[bytes]) -> None:
        reader: Any = import_module("pmtiles.reader")  # without types; and only who makes such a page needs it
        self._tiles: Any = import_module("pmtiles.tile")
        self._bytes = reader.MmapSource(file)
        self._header = reader.Reader(self._bytes).header()
        self._directories: dict[tuple[int, int], Any] = {}

    @property
    def packing(self) -> str:
        return str(self._header["tile_compression"].name)

    @property
    def deepest(self) -> int:
        return int(self._header["max_zoom"])

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile as it is stored; None where there is none."""
        header, number = self._header, self._tiles.zxy_to_tileid(z, x, y)
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(MOST_DIRECTORIES):
            entry = self._tiles.find_tile(self._entries(offset, length), number)
            if entry is None:
                return None
            if entry.run_length:
                return bytes(self._bytes(header["tile_data_offset"] + entry.offset, entry.length))
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    def _entries(self, offset: int, length: int) -> Any:
        if (offset, length) not in self._directories:
            self._directories[offset, length] = self._tiles.deserialize_directory(self._bytes(offset, length))
        return self._directories[offset, length]


def _whole() -> Iterator[Tile]:
    for z in range(WHOLE_ZOOM + 1):
        yield from ((z, x, y) for x in range(2**z) for y in range(2**z))


def _around(box: BBox | None, deepest: int) -> Iterator[Tile]:
    """The tiles around the events, from the zoom that shows them all."""
    if box is None:
        return
    wide, tall = (box.east - box.west) % 360, box.north - box.south
    share = max(wide / 360, float(world_y(box.south) - world_y(box.north)), 1e-4)
    first = max(WHOLE_ZOOM + 1, min(deepest, math.floor(-math.log2(share)) + 1))
    west, east = box.west - wide * MARGIN, box.west + wide * (1 + MARGIN)
    top, bottom = world_y(box.north + tall * MARGIN), world_y(box.south - tall * MARGIN)
    for z in range(first, min(deepest, first + VIEW_ZOOMS - 1) + 1):
        side = 2**z
        columns = range(math.floor((west / 360 + 0.5) * side), math.floor((east / 360 + 0.5) * side) + 1)
        rows = range(max(0, math.floor(float(top) * side)), min(side - 1, math.floor(float(bottom) * side)) + 1)
        yield from ((z, x % side, y) for x in columns for y in rows)


def _by_events(positions: Sequence[Position], deepest: int) -> Iterator[Tile]:
    """Tiles with events, those with the most first; a tile never comes before the one that it lies in."""
    held: Counter[Tile] = Counter()
    for lon, lat in positions:
        x, y = lon / 360 + 0.5, float(world_y(lat))
        for z in range(WHOLE_ZOOM + 1, deepest + 1):
            side = 2**z
            held[z, min(side - 1, int(x * side)), min(side - 1, int(y * side))] += 1
    yield from sorted(held, key=lambda tile: (-held[tile], tile))
