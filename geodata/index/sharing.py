"""The placed events of a view shared out: every one is in just one cluster, or alone."""

from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import Cluster
from geodata.index.areas import ranks_apart
from geodata.index.clusters import Grouped, Runs, clusters, grouped, singles, spot_keys
from geodata.index.grid import BITS
from geodata.index.kinds import Bools
from geodata.index.layout import Layout
from geodata.index.pieces import Piece
from geodata.index.selection import CHUNK
from geodata.index.summary import COARSE_BITS, Summary

SPOT_ZOOM = 15
"""From here on only events at one and the same position are put together: a view is but a few kilometres wide."""
_FINE_ZOOM, _FINE_BITS = 12, 1
"""From this zoom on cells are half as wide, as far as the curve goes: alone, a thousand events of a town would be as
many symbols over each other, and megabytes to send."""
ZOOM_0_BITS = 2
"""A zoom-0 world is 256 px wide and 4 cells of 64 px; a power of two, so that cells fit the Morton curve."""


class Sharing:
    """Takes an answer piece by piece; areas are kept apart from places where the zoom shows them (areas.py)."""

    def __init__(self, layout: Layout, zoom: float) -> None:
        self._layout, self._zoom = layout, zoom
        rank, placed = layout.kinds.precision, layout.kinds.placed
        self._ranks = [name for name in ranks_apart(zoom) if name in rank.names]
        place_of = np.array([1 + self._ranks.index(name) if name in self._ranks else 0 for name in rank.names], int)
        self._part = np.where(placed, place_of[rank.code], -1).astype(np.int8)
        """Of each kind: 0 a place, from 1 on the rank of an area, -1 neither."""
        self._parts: list[list[Runs]] = [[] for _ in range(len(self._ranks) + 1)]
        self._groups: list[Grouped] = []
        self._waiting: list[list[npt.NDArray[Any]]] = []
        self._room = CHUNK

    def add(self, piece: Piece, kind: npt.NDArray[Any]) -> None:
        """The rows of a piece that answer, whose kinds are given."""
        layout = self._layout
        columns = [piece.taken(column) for column in (layout.lon, layout.lat)]
        self._waiting.append([*columns, kind, piece.taken(layout.row_id), piece.taken(layout.code)])
        self._room -= len(kind)
        if self._room <= 0:
            self._share()

    def _share(self) -> None:
        """Small pieces are taken together: each step costs a little, however few rows it is for."""
        waiting, self._waiting, self._room = self._waiting, [], CHUNK
        if not waiting:
            return
        columns = waiting[0] if len(waiting) == 1 else [np.concatenate(parts) for parts in zip(*waiting, strict=True)]
        part = self._part[columns[2]]
        for number, runs in enumerate(self._parts):
            mine = np.flatnonzero(part == number)
            if not len(mine):
                continue
            chosen = columns if len(mine) == len(part) else [column[mine] for column in columns]
            spots = number or self._zoom >= SPOT_ZOOM
            keys = spot_keys(chosen[0], chosen[1]) if spots else chosen[4] >> self._shift
            runs.append(Runs.of(self._layout, chosen[:4], keys))

    @property
    def coarse(self) -> bool:
        """Whether cells are so large, and all areas among places, that a summary has what is needed."""
        return not self._ranks and int(self._shift) >= 2 * (BITS - COARSE_BITS)

    def add_whole(self, summary: Summary, groups: Bools) -> None:
        """All rows of some groups; only where cells are coarse."""
        shift = int(self._shift) - 2 * (BITS - COARSE_BITS)
        self._parts[0].append(summary.runs.where(groups[summary.run_group], shift))

    @property
    def _shift(self) -> np.uint32:
        bits = ZOOM_0_BITS + int(max(self._zoom, 0)) + (_FINE_BITS if self._zoom >= _FINE_ZOOM else 0)
        return np.uint32(2 * (BITS - min(bits, BITS)))

    def clusters(self) -> tuple[Cluster, ...]:
        names = self._layout.kinds.event_type.names
        return tuple(
            cluster
            for rank, groups in zip(("", *self._ranks), self._shared, strict=True)
            for cluster in clusters(names, groups, rank)
        )

    def singles(self) -> tuple[int, ...]:
        return tuple(row for groups in self._shared for row in singles(groups))

    @property
    def _shared(self) -> list[Grouped]:
        if not self._groups:
            self._share()
            self._groups = [grouped(runs) for runs in self._parts]
        return self._groups
