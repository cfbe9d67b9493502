"""Runs of rows that are looked at together, and which of them still answer."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from geodata.index.grid import Ints
from geodata.index.kinds import Bools
from geodata.index.layout import Layout
from geodata.index.parts import Column

_FEW = 4
"""So many comparisons take less time than looking up whether a number is among those wanted."""
Run = tuple[int, int]


class Piece:
    """Some runs of rows, looked at together; `mask` says which of them still answer, None: all."""

    def __init__(self, layout: Layout, runs: Sequence[Run]) -> None:
        self.layout, self.runs = layout, runs
        self.size = sum(b - a for a, b in runs)
        self.mask: Bools | None = None

    def column(self, column: Column) -> Column:
        if len(self.runs) == 1:
            return column[slice(*self.runs[0])]
        return np.concatenate([column[a:b] for a, b in self.runs])

    def narrow(self, wanted: Bools) -> None:
        self.mask = wanted if self.mask is None else self.mask & wanted

    def count(self) -> int:
        return self.size if self.mask is None else int(np.count_nonzero(self.mask))

    def narrow_to(self, places: Ints) -> None:
        """Only these places in the columns still answer."""
        self.mask = np.zeros(self.size, bool)
        self.mask[places] = True

    def leave_out(self, places: Ints) -> None:
        """These places in the columns answer no more."""
        mask = np.ones(self.size, bool) if self.mask is None else self.mask.copy()
        mask[places] = False
        self.mask = mask

    def look_up(self, wanted: Bools, column: Column) -> None:
        """Only rows whose number in `column` is wanted still answer."""
        numbers = self.column(column)
        few = np.flatnonzero(wanted)
        if len(few) <= _FEW:
            found = np.zeros(self.size, bool)
            for number in few.tolist():
                found |= numbers == number
            self.narrow(found)
        elif self.mask is None:
            self.narrow(wanted[numbers])
        else:
            at = self.left()
            self.narrow_to(at[wanted[numbers[at]]])

    def left(self) -> Ints:
        """The places in the columns that the mask leaves so far."""
        return np.arange(self.size) if self.mask is None else np.flatnonzero(self.mask)

    @cached_property
    def _rows(self) -> Ints:
        """The numbers in the layout of the rows that answer."""
        at = self.left()
        first = np.array([a for a, _ in self.runs])
        place = np.cumsum([0, *(b - a for a, b in self.runs)])
        at += np.repeat(first - place[:-1], np.diff(np.searchsorted(at, place)))
        return at

    def taken(self, column: Column) -> Column:
        """A column's values in the rows that answer; the mask is narrowed no more once this was asked."""
        return self.column(column) if self.mask is None else column[self._rows]
