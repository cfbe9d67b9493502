"""The rows that the filters which the index does not hold leave, as a layout is asked for them."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np

from geodata.index.grid import RowIds
from geodata.index.kinds import Bools
from geodata.index.layout import Layout

_KEPT_BYTES = 32_000_000
"""Room for sets of allowed rows that are kept ready, a byte an event each, and for the row ids that they are of."""


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """Which rows of a layout are allowed, in the order of its columns, and which blocks hold any of them."""

    rows: Bools
    blocks: Bools

    @classmethod
    def of(cls, layout: Layout, row_ids: RowIds) -> "Allowed":
        known = np.zeros(1 + max(int(layout.row_id.max(initial=0)), int(row_ids.max(initial=0))), bool)
        known[row_ids] = True
        rows = known[layout.row_id]
        first = layout.blocks.first[:-1]
        return cls(rows, np.logical_or.reduceat(rows, first) if len(first) else np.zeros(0, bool))

    @property
    def bytes_used(self) -> int:
        return self.rows.nbytes + self.blocks.nbytes


class AllowedLately:
    """Keeps what was worked out for the same arrays of row ids, the last few of them. Safe to share between threads."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._lock = layout, Lock()
        self._held: OrderedDict[int, tuple[RowIds, Allowed]] = OrderedDict()
        """By the array's address, which no other has as long as it is held here."""

    def of(self, row_ids: RowIds) -> Allowed:
        with self._lock:
            if held := self._held.get(id(row_ids)):
                self._held.move_to_end(id(row_ids))
                return held[1]
        found = Allowed.of(self._layout, row_ids)
        with self._lock:
            self._held[id(row_ids)] = (row_ids, found)
            while (
                len(self._held) > 1
                and sum(ids.nbytes + held.bytes_used for ids, held in self._held.values()) > _KEPT_BYTES
            ):
                self._held.popitem(last=False)
        return found
