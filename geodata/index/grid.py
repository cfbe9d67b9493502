"""A grid of power-of-two cells over the square world of Web Mercator, numbered along a Morton curve (z-order).

Rows sorted by that number lie together cell by cell, at every size of cell at once (Morton 1966).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
RowIds = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
MAX_LAT_DEG = 85.0511287798066  # where the square ends: atan(sinh(pi))
BITS = 16
"""The finest grid is 65,536 cells each way, 600 m wide at the equator."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""2**64 by the golden ratio, made odd: Knuth's multiplicative hash."""
_GAPS = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))


def morton(lon: Floats, lat: Floats, bits: int = BITS) -> npt.NDArray[np.uint64]:
    """The number of each position's cell in a grid of 2**bits each way; positions that are NaN come after all."""
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT_DEG, MAX_LAT_DEG)))
    # Rounded down on the finest grid first, so that each of its cells lies whole in one cell of every coarser grid.
    x, y = _cell(lon / 360 + 0.5), _cell(0.5 - np.arctanh(sine) / (2 * np.pi))
    code: npt.NDArray[np.uint64] = (_spread(x) | (_spread(y) << np.uint64(1))) >> np.uint64(2 * (BITS - bits))
    code[np.isnan(lon)] = 1 << 2 * bits
    return code


def _cell(share: Floats) -> npt.NDArray[np.uint64]:
    """A share of the world's width, 0 to 1, as a number of cells of the finest grid."""
    side = 1 << BITS
    return np.clip(np.nan_to_num(share * side), 0, side - 1).astype(np.uint64)


def _spread(number: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The 16 low bits with a gap after each ("Bit Twiddling Hacks", Interleave by Binary Magic Numbers)."""
    for shift, mask in _GAPS:
        number = (number | (number << np.uint64(shift))) & np.uint64(mask)
    return number


def cell_middles(code: npt.NDArray[np.uint64], bits: int) -> tuple[Floats, Floats]:
    """Longitude and latitude of the middles of cells of a grid of 2**bits each way."""
    x, y = _gathered(code), _gathered(code >> np.uint64(1))
    lon = ((x + 0.5) / 2**bits - 0.5) * 360
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (y + 0.5) / 2**bits))))
    return lon, lat


def _gathered(code: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Every second bit, the inverse of `_spread`."""
    number = code & np.uint64(_GAPS[-1][1])
    for (shift, _), (_, mask) in zip(_GAPS[::-1], (*_GAPS[-2::-1], (16, 0xFFFF)), strict=True):
        number = (number | (number >> np.uint64(shift))) & np.uint64(mask)
    return number


def run_starts(*columns: npt.NDArray[Any]) -> Ints:
    """Where each run of rows that are equal in every column starts, the first included."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    new = np.empty(len(columns[0]), bool)
    new[0] = True
    np.not_equal(columns[0][1:], columns[0][:-1], out=new[1:])
    for column in columns[1:]:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def near_order(keys: npt.NDArray[Any]) -> Ints:
    """An order that puts equal keys beside each other, but for a few that share 16 bits of a hash with others.

    Numbers of 16 bits are put in order by counting, in a fifth of the time of whole ones; to be sure of them, the runs
    are added up by their keys afterwards.
    """
    mixed = keys.astype(np.uint64) * _MIX
    return np.argsort((mixed >> np.uint64(48)).astype(np.uint16), kind="stable")
