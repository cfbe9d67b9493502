"""Parts of a layout: rows of one group that lie together on the curve, put in order of their first day.

The rows of an interval of days are then a few runs in each part, whose blocks know their days: a question of a month
need not look at five years. Larger groups have longer parts, so that place and time both narrow a question down.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.index.grid import Ints
from geodata.index.kinds import UNDATED, Kinds

Column = npt.NDArray[Any]
BLOCK = 1024
_MOST_BLOCKS = 16
_GROWN = 2
"""A part that has grown to more than so many of its size is cut anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Part i has the rows from `first[i]` up to `first[i + 1]`; a group's parts ascend along the curve."""

    first: Ints
    group: Ints
    code: npt.NDArray[np.uint32]
    """The least number on the curve that is put into the part."""

    @property
    def bytes_used(self) -> int:
        return self.first.nbytes + self.group.nbytes + self.code.nbytes

    @classmethod
    def cut(cls, kinds: Kinds, sizes: Ints, order: Ints, code: Column, start: Column) -> tuple[Ints, Self]:
        """The order that puts each part by day, from `order`, which puts rows by group and along the curve."""
        first, orders = [0], [order[:0]]
        group: list[int] = []
        codes: list[int] = []
        for number, end in enumerate(np.cumsum(sizes).tolist()):
            mine = order[first[-1] : end]
            for part in _slices(mine, rows_of_part(kinds, number, len(mine))):
                codes.append(int(code[part[0]]) if group[-1:] == [number] else 0)
                orders.append(part[np.argsort(start[part], kind="stable")])
                group.append(number)
                first.append(first[-1] + len(part))
        return np.concatenate(orders), cls(*_columns(first, group, codes))

    def sizes_without(self, gone: Ints) -> Ints:
        """How many rows each part has but for those that are gone, which are given in ascending order."""
        return np.diff(self.first - np.searchsorted(gone, self.first))

    def places(self, group: Ints, code: Column, day: Column, start: Column) -> tuple[Ints, Ints]:
        """Of rows to be added the part and the place before which each belongs; parts of new groups come at the end.

        `day` numbers their first days, and `start` those of the rows that are there.
        """
        part, at = np.empty(len(group), np.int64), np.full(len(group), self.first[-1])
        known = int(self.group[-1]) + 1 if len(self.group) else 0
        for number in np.unique(group).tolist():
            a, b = np.searchsorted(self.group, (number, number + 1)).tolist()
            mine = np.flatnonzero(group == number)
            if a == b:
                part[mine] = len(self.group) + number - known
                continue
            part[mine] = a + np.maximum(np.searchsorted(self.code[a:b], code[mine], "right") - 1, 0)
        for number in np.unique(part[part < len(self.group)]).tolist():
            a, b = self.first[number : number + 2].tolist()
            mine = np.flatnonzero(part == number)
            at[mine] = a + np.searchsorted(start[a:b], day[mine], "right")
        return part, at

    def grown(self, kinds: Kinds, gone: Ints, part: Ints) -> Self:
        """Without the rows that are gone, and with those that were given these parts."""
        known = int(self.group[-1]) + 1 if len(self.group) else 0
        fresh = np.arange(known, len(kinds.groups[0]))
        sizes = np.concatenate((self.sizes_without(gone), np.zeros(len(fresh), np.int64)))
        sizes += np.bincount(part, minlength=len(sizes))
        first = np.concatenate(([0], np.cumsum(sizes)))
        codes = np.concatenate((self.code, np.zeros(len(fresh), np.uint32)))
        return type(self)(first, np.concatenate((self.group, fresh)), codes)

    def recut(self, kinds: Kinds, columns: dict[str, Column]) -> Self:
        """With parts that have grown large cut into several; their rows are put in order in the columns."""
        sizes = np.bincount(self.group, weights=np.diff(self.first), minlength=len(kinds.groups[0])).astype(np.int64)
        first, group, codes = [0], [], []
        for number, code, a, b in zip(self.group.tolist(), self.code.tolist(), *self._ends(), strict=True):
            most = rows_of_part(kinds, number, int(sizes[number]))
            pieces = [b - a]
            starts = [code]
            if b - a > _GROWN * most:
                here = slice(a, b)
                order = np.argsort(columns["code"][here], kind="stable")
                cut = _slices(order, most)
                pieces, starts = [len(part) for part in cut], columns["code"][here][[part[0] for part in cut]].tolist()
                starts[0] = min(starts[0], code)
                day = columns["start"][here]
                order = np.concatenate([part[np.argsort(day[part], kind="stable")] for part in cut])
                for column in columns.values():
                    column[here] = column[here][order]
            group += [number] * len(pieces)
            codes += starts
            first += (first[-1] + np.cumsum(pieces)).tolist()
        return type(self)(*_columns(first, group, codes))

    def _ends(self) -> tuple[list[int], list[int]]:
        return self.first[:-1].tolist(), self.first[1:].tolist()


def rows_of_part(kinds: Kinds, group: int, rows: int) -> int:
    """How many rows a part has in a group of so many: those without a place are one, the undated have no day."""
    time_class, placed, _ = kinds.groups
    if not placed[group]:
        return max(rows, 1)
    blocks = int(np.sqrt(rows / BLOCK) / 2)
    if time_class[group] == UNDATED or blocks < 2:
        return BLOCK
    return BLOCK * min(_MOST_BLOCKS, 1 << blocks.bit_length() - 1)


def _slices(rows: Ints, size: int) -> list[Ints]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _columns(first: list[int], group: list[int], codes: list[int]) -> tuple[Ints, Ints, npt.NDArray[np.uint32]]:
    return np.array(first, np.int64), np.array(group, np.int64), np.array(codes, np.uint32)
