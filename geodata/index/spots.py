"""The positions with the most events, without putting every event in order."""

from collections.abc import Sequence

import numpy as np

from geodata.answers import E7, Spot
from geodata.index.clusters import spot_keys
from geodata.index.grid import Ints, run_starts
from geodata.index.layout import Layout
from geodata.index.parts import Column
from geodata.index.pieces import Piece

_BIN_BITS = 18
_MIX = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B))
"""Odd numbers without a pattern (Knuth's golden ratio; MurmurHash3), so that bins fill evenly."""


def top_spots(layout: Layout, pieces: Sequence[Piece], most: int) -> list[Spot]:
    """The `most` positions that the most of these placed rows share, the most first, equal ones by position.

    Every position belongs to one bin by a hash, and has no more events than its bin: so only the fullest bins are
    looked into, until no other can hold a position with more events than those found.
    """
    numbers = [_bins(piece.taken(layout.lon), piece.taken(layout.lat)) for piece in pieces]
    totals = sum(
        (np.bincount(number, minlength=1 << _BIN_BITS) for number in numbers), np.zeros(1 << _BIN_BITS, np.int64)
    )
    take = 2 * most
    while True:
        fullest = np.argpartition(-totals, take) if take < len(totals) else np.arange(len(totals))
        lon, lat, row_id = _rows_in(layout, pieces, numbers, fullest[:take])
        keys = spot_keys(lon, lat)
        ordered = np.sort(keys)
        starts = run_starts(ordered)
        counts = np.diff(np.append(starts, len(ordered)))
        best = np.argsort(-counts, kind="stable")[:most]
        left = int(totals[fullest[take]]) if take < len(totals) else 0
        # Not "as many as": which of equal ones are named is decided by position, not by bin.
        if not left or (len(best) == most and counts[best[-1]] > left):
            break
        take *= 8
    found = []
    for key, count in zip(ordered[starts[best]], counts[best].tolist(), strict=True):
        at = np.flatnonzero(keys == key)
        found.append(Spot(int(row_id[at].min()), int(lon[at[0]]) / E7, int(lat[at[0]]) / E7, count))
    return found


def _bins(lon: Column, lat: Column) -> Column:
    mixed = lon.view(np.uint32) * _MIX[0] + lat.view(np.uint32) * _MIX[1]
    bins: Column = mixed >> np.uint32(32 - _BIN_BITS)
    return bins


def _rows_in(
    layout: Layout, pieces: Sequence[Piece], numbers: Sequence[Column], bins: Ints
) -> tuple[Column, Column, Column]:
    """Longitude, latitude and row id of the rows in some bins; each piece's numbers of bins are given."""
    chosen = np.zeros(1 << _BIN_BITS, bool)
    chosen[bins] = True
    found: list[list[Column]] = [[np.zeros(0, np.int32)] for _ in range(3)]
    for piece, number in zip(pieces, numbers, strict=True):
        at = np.flatnonzero(chosen[number])
        for part, column in zip(found, (layout.lon, layout.lat, layout.row_id), strict=True):
            part.append(piece.taken(column)[at])
    lon, lat, row_id = map(np.concatenate, found)
    return lon, lat, row_id
