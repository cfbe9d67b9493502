"""The positions with the most events, without putting every event in order."""

from collections.abc import Sequence

import numpy as np

from geodata.answers import E7, Spot
from geodata.index.clusters import spot_keys
from geodata.index.grid import Ints, run_starts
from geodata.index.layout import Column, Layout
from geodata.index.selection import Piece

_SIZE_BITS = np.uint64(32)


def top_spots(layout: Layout, pieces: Sequence[Piece], most: int) -> list[Spot]:
    """The `most` positions that the most of these placed rows share, the most first, the others by position.

    Rows come cell by cell of the finest grid, and no position has more events than its cell: so only the fullest cells
    are looked into, until what is left cannot hold more than what was found.
    """
    codes, sizes = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
    for piece in pieces:
        code = piece.taken(layout.code)
        starts = run_starts(code)
        codes.append(code[starts])
        sizes.append(np.diff(np.append(starts, len(code))))
    cells, totals = _added_up(np.concatenate(codes), np.concatenate(sizes))
    order = np.argsort(-totals, kind="stable")
    take = 2 * most
    while True:
        lon, lat, row_id = _rows_in(layout, pieces, codes[1:], sizes[1:], np.sort(cells[order[:take]]))
        keys = spot_keys(lon, lat)
        ordered = np.sort(keys)
        starts = run_starts(ordered)
        counts = np.diff(np.append(starts, len(ordered)))
        best = np.argsort(-counts, kind="stable")[:most]
        if take >= len(cells) or (len(best) == most and counts[best[-1]] >= totals[order[take]]):
            break
        take *= 4
    found = []
    for key, count in zip(ordered[starts[best]], counts[best].tolist(), strict=True):
        at = np.flatnonzero(keys == key)
        found.append(Spot(int(row_id[at].min()), int(lon[at[0]]) / E7, int(lat[at[0]]) / E7, count))
    return found


def _added_up(codes: Column, sizes: Ints) -> tuple[Column, Ints]:
    """Each code once, ascending, with the sum of its sizes. One sort of plain numbers is quicker than an argsort."""
    both = np.sort((codes.astype(np.uint64) << _SIZE_BITS) | sizes.astype(np.uint64))
    code = (both >> _SIZE_BITS).astype(np.uint32)
    starts = run_starts(code)
    if not len(starts):
        return code, np.zeros(0, np.int64)
    return code[starts], np.add.reduceat(both & np.uint64(0xFFFFFFFF), starts).astype(np.int64)


def _rows_in(
    layout: Layout, pieces: Sequence[Piece], codes: Sequence[Column], sizes: Sequence[Ints], cells: Column
) -> tuple[Column, Column, Column]:
    """Longitude, latitude and row id of the rows in some cells, which ascend; each piece's runs of one code given."""
    found: list[list[Column]] = [[np.zeros(0, np.int32)] for _ in range(3)]
    for piece, code, size in zip(pieces, codes, sizes, strict=True):
        mine = cells[np.minimum(np.searchsorted(cells, code), len(cells) - 1)] == code
        at = np.flatnonzero(np.repeat(mine, size))
        for part, column in zip(found, (layout.lon, layout.lat, layout.row_id), strict=True):
            part.append(piece.taken(column)[at])
    lon, lat, row_id = map(np.concatenate, found)
    return lon, lat, row_id
