"""The rows of a vector tile, one by one while they are few, else as counts by cell and type.

A row is in the tile whose part of the Morton curve holds its number, so that it is in just one of a zoom.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import E7, TILE_EXTENT, UNKNOWN, Named, TileAt, TileRows
from geodata.geometry import EARTH_RADIUS_M, BBox
from geodata.index.clusters import Runs
from geodata.index.grid import BITS, MAX_LAT_DEG, Floats, Ints, morton
from geodata.index.kinds import Bools, Names
from geodata.index.layout import Layout
from geodata.index.parts import Column
from geodata.index.pieces import Piece

MOST_SINGLE = 4_000
"""More events than this in a tile are counted by cell and type; so many take about 250 kB."""
MOST_FEATURES = 6_000
_CELL_BITS = range(7, 1, -1)
"""Cells across a tile, finest first: 128 of them are 4 px wide where a tile is drawn 512 px wide."""
_MARGIN_DEG = 1e-6
_DEGREE_KM = math.pi * EARTH_RADIUS_M / 180_000


def reach(at: TileAt, generalise_km: int = 0) -> BBox:
    """A box that holds every position that the tile can show, a little larger than the tile."""
    size = 2.0**at.z
    west, east = (360 * (x / size) - 180 for x in (at.x, at.x + 1))
    north, south = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / size)))) for y in (at.y, at.y + 1))
    step = generalise_km / _DEGREE_KM
    south, north = south - step - _MARGIN_DEG, north + step + _MARGIN_DEG
    if at.y == 0 or north > 90:
        north = 90.0
    if at.y == size - 1 or south < -90:
        south = -90.0
    wide = step / max(math.cos(math.radians(min(max(abs(south), abs(north)), 89.9))), 1e-3) + _MARGIN_DEG
    west, east = west - wide, east + wide
    # the first and the last column meet at the antimeridian
    if west < -180 or east > 180:
        if east - west >= 360 or not generalise_km:
            return BBox(max(west, -180.0), south, min(east, 180.0), north)
        return BBox((west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north)
    return BBox(west, south, east, north)


def tile(layout: Layout, pieces: Iterable[Piece], at: TileAt, generalise_km: int = 0) -> TileRows:
    """See `contracts.EventIndex.tile`; `pieces` are placed rows that answer and may be in the tile."""
    names = (layout.lon, layout.lat, layout.code, layout.kind, layout.start, layout.row_id)
    parts: list[list[Column]] = [[column[:0] for column in names]]
    for piece in pieces:
        columns = [piece.taken(column) for column in names]
        if generalise_km:
            columns[:3] = generalised(columns[0], columns[1], generalise_km)
        inside = _inside(columns, at)
        parts.append([column[inside] for column in columns])
    lon, lat, code, kind, start, row_id = (np.concatenate(column) for column in zip(*parts, strict=True))
    if len(lon) <= MOST_SINGLE:
        single, counted = np.arange(len(lon)), None
    else:
        counted = _counted(layout, (lon, lat, kind), code, at)
        alone = counted.sizes == 1
        single, counted = counted.rows[alone], counted.where(~alone, 0)
    xs, ys = [lon[single] / E7], [lat[single] / E7]
    if counted is not None:
        xs.append(counted.sums[0] / counted.sizes / E7)
        ys.append(counted.sums[1] / counted.sizes / E7)
    x, y = _units(np.concatenate(xs), np.concatenate(ys), at)
    return _told(layout, len(lon), x, y, (kind[single], start[single], row_id[single]), counted)


def _inside(columns: "list[Column]", at: TileAt) -> Bools:
    """Which rows lie in the tile."""
    lon, lat, code = columns[:3]
    if at.z <= BITS:
        inside: Bools = code >> np.uint32(2 * (BITS - at.z)) == _number(at)
        return inside
    x, y = _units(lon / E7, lat / E7, at, clipped=False)
    found: Bools = (x >= 0) & (x < TILE_EXTENT) & (y >= 0) & (y < TILE_EXTENT)
    return found


def _number(at: TileAt) -> int:
    """The tile's number on the Morton curve of its zoom."""
    return sum((at.x >> bit & 1) << 2 * bit | (at.y >> bit & 1) << 2 * bit + 1 for bit in range(at.z))


def _units(lon: Floats, lat: Floats, at: TileAt, clipped: bool = True) -> tuple[Ints, Ints]:
    """Positions in units of the tile; `clipped` to it, where rounding or the last meridian would leave it."""
    size = 2.0**at.z
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT_DEG, MAX_LAT_DEG)))
    shares = (lon / 360 + 0.5, 0.5 - np.arctanh(sine) / (2 * np.pi))
    last = np.nextafter(1.0, 0.0)
    x, y = (
        np.floor((np.clip(share, 0.0, last) * size - place) * TILE_EXTENT).astype(np.int64)
        for share, place in zip(shares, (at.x, at.y), strict=True)
    )
    return (np.clip(x, 0, TILE_EXTENT - 1), np.clip(y, 0, TILE_EXTENT - 1)) if clipped else (x, y)


def _counted(layout: Layout, columns: tuple[Column, Column, Column], code: Column, at: TileAt) -> Runs:
    """The rows by cell and type, in the finest cells that make few enough; `rows` are places in the columns."""
    lon, lat, kind = columns
    place = np.arange(len(lon))
    if at.z + _CELL_BITS[0] <= BITS:
        keys, bits = code.astype(np.uint32), 2 * (BITS - at.z - _CELL_BITS[0])
        keys = keys >> np.uint32(bits)
    else:
        x, y = _units(lon / E7, lat / E7, at)
        shift = int(math.log2(TILE_EXTENT)) - _CELL_BITS[0]
        keys = (_spread(x >> shift) | _spread(y >> shift) << 1).astype(np.uint32)
    runs = Runs.of(layout, [lon, lat, kind, place], keys)
    found = runs.added()
    for _ in _CELL_BITS:
        if len(found.sizes) <= MOST_FEATURES:
            break
        found = found.where(np.ones(len(found.sizes), bool), 2).added()
    return found


def _spread(number: Ints) -> Ints:
    """Each bit with a gap behind it."""
    found = np.zeros_like(number)
    for bit in range(_CELL_BITS[0]):
        found |= (number >> bit & 1) << 2 * bit
    return found


def generalised(lon: Column, lat: Column, km: int) -> list[Column]:
    """`allowed.generalised` of many positions: longitude, latitude and the number on the curve."""
    step = km / _DEGREE_KM
    middle = np.minimum((np.floor((lat / E7 + 90) / step) + 0.5) * step - 90, 90.0)
    cells = np.maximum(1, np.round(360 * np.cos(np.radians(np.minimum(np.abs(middle), 89.9))) / step))
    moved = (np.floor((lon / E7 + 180) / 360 * cells) % cells + 0.5) * 360 / cells - 180
    lon_e7, lat_e7 = (np.round(axis * E7).astype(np.int32) for axis in (moved, middle))
    return [lon_e7, lat_e7, morton(lon_e7 / E7, lat_e7 / E7).astype(np.uint32)]


def _told(
    layout: Layout, total: int, x: Ints, y: Ints, single: tuple[npt.NDArray[Any], ...], counted: Runs | None
) -> TileRows:
    kind, start, row_id = single
    kinds = layout.kinds

    def named(names: Names) -> Named:
        return Named(names.names, names.code[kind])

    first = layout.days[start]
    last = np.where(first == UNKNOWN, UNKNOWN, first + np.maximum(kinds.days[kind], 0))
    none = np.zeros(0, np.int64)
    return TileRows(
        total,
        x,
        y,
        row_id,
        named(kinds.event_type),
        named(kinds.sub_event_type),
        named(kinds.precision),
        named(kinds.status),
        first,
        last,
        none if counted is None else counted.sizes,
        Named(kinds.event_type.names, none if counted is None else counted.types),
    )
