"""What is kept of whole groups, so that a question that takes a group whole need not look at its rows."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.index.clusters import Runs
from geodata.index.grid import BITS, Ints
from geodata.index.kinds import DAY, Bools
from geodata.index.layout import Layout

COARSE_BITS = 4
"""Clusters are kept for a grid of 16 cells each way: of zoom 2, before any area is kept apart from places."""
_ROWS_FOR_4_BYTES = 12
"""The table of days takes at most a third of a byte an event; where it would take more, events are few."""
_PART = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    by_kind: Ints
    """How many events of each kind there are."""
    runs: Runs
    """The placed events by group and coarse cell."""
    run_group: Ints
    day_groups: Ints
    """The groups of single days that `by_day` has a row for."""
    by_day: npt.NDArray[np.int32]
    """How many events of each of `day_groups` start on each of the layout's days."""

    @classmethod
    def of(cls, layout: Layout) -> Self:
        time_class, placed, _ = layout.kinds.groups
        parts, numbers = [], []
        for group in np.flatnonzero(placed).tolist():
            for part in _slices(*layout.group_first[group : group + 2].tolist()):
                runs = _runs(layout, part).added()
                parts.append(runs)
                numbers.append(np.full(len(runs.keys), group))
        day_groups = np.flatnonzero(time_class == DAY)
        if len(day_groups) * len(layout.days) * _ROWS_FOR_4_BYTES > len(layout):
            day_groups = day_groups[:0]
        by_day = np.zeros((len(day_groups), len(layout.days)), np.int32)
        for row, group in zip(by_day, day_groups.tolist(), strict=True):
            row[:] = np.bincount(layout.start[slice(*layout.group_first[group : group + 2])], minlength=len(row))
        by_kind = np.bincount(layout.kind, minlength=len(layout.kinds))
        parts = parts or [_runs(layout, slice(0, 0))]
        return cls(by_kind, Runs.joined(parts), np.concatenate([np.zeros(0, int), *numbers]), day_groups, by_day)

    @property
    def bytes_used(self) -> int:
        runs = (self.runs.keys, self.runs.types, self.runs.sizes, self.runs.sums, self.runs.bounds, self.runs.rows)
        return sum(part.nbytes for part in (self.by_kind, *runs, self.run_group, self.day_groups, self.by_day))

    def days_of(self, groups: Bools) -> tuple[Bools, Ints, npt.NDArray[np.int32]]:
        """Which of these groups are kept by day, their numbers, and their rows of `by_day`."""
        kept = groups[self.day_groups]
        covered = np.zeros(len(groups), bool)
        covered[self.day_groups[kept]] = True
        return covered, self.day_groups[kept], self.by_day[kept]


def _slices(first: int, end: int) -> list[slice]:
    return [slice(at, min(at + _PART, end)) for at in range(first, end, _PART)]


def _runs(layout: Layout, part: slice) -> Runs:
    columns: list[npt.NDArray[Any]] = [column[part] for column in (layout.lon, layout.lat, layout.kind, layout.row_id)]
    return Runs.of(layout, columns, layout.code[part] >> np.uint32(2 * (BITS - COARSE_BITS)))
