"""Pages of the list: the latest first (by first day, then row id ascending), the undated last.

Only the days that a page reaches are put in order, whatever its depth. A page can also begin behind an event, or end
before one: then rows that are added or removed elsewhere move nothing.
"""

from collections.abc import Sequence

import numpy as np

from geodata.answers import UNKNOWN, RowKey, RowPage
from geodata.index.grid import Ints
from geodata.index.histogram import EPOCH
from geodata.index.layout import Layout
from geodata.index.parts import Column
from geodata.index.pieces import Piece

_DRAWN = 64
"""One row of so many is looked at to guess which days a page reaches."""
_WIDER = 4
"""How much further is looked where a guess fell short."""
Run = tuple[Ints, Ints]
"""Rows in order: the numbers of their first days in the layout, and their row ids."""
_NOTHING: Run = (np.zeros(0, np.int64), np.zeros(0, np.int64))


class Ordered:
    """The rows of some pieces in the order of the list, as far as it is looked at."""

    def __init__(self, layout: Layout, pieces: Sequence[Piece]) -> None:
        self._layout, self._pieces = layout, pieces
        self._starts: list[Column] = [piece.taken(layout.start) for piece in pieces]
        self.total = sum(map(len, self._starts))

    def by_offset(self, limit: int | None, offset: int = 0) -> Run:
        """`limit` rows from `offset` on."""
        top = len(self._layout.days) - 1
        end = self.total if limit is None else min(offset + limit, self.total)
        if offset >= end:
            return _NOTHING
        if not offset:
            start, rows = self._sorted(0, top) if end == self.total else self._behind(top, -1, end)
            return start[:end], rows[:end]
        by_day = sum((np.bincount(start, minlength=top + 1) for start in self._starts), np.zeros(1, int))
        later = np.cumsum(by_day[::-1])  # from the last day on
        first, last = (int(np.searchsorted(later, place, "right")) for place in (offset, end - 1))
        passed = int(later[first - 1]) if first else 0
        start, rows = self._sorted(top - last, top - first)
        return start[offset - passed : end - passed], rows[offset - passed : end - passed]

    def behind(self, key: RowKey, limit: int) -> tuple[Run, bool]:
        """The rows behind an event's place, the nearest first, and whether there are more behind them."""
        day, is_there = self._day(key)
        start, rows = self._behind(day if is_there else day - 1, key.row if is_there else -1, limit + 1)
        return (start[:limit], rows[:limit]), len(rows) > limit

    def before(self, key: RowKey, limit: int) -> tuple[Run, bool]:
        """The rows before an event's place that are nearest to it, in order, and whether there are more before them."""
        day, is_there = self._day(key)
        start, rows = _NOTHING
        for high in self._guesses(day, limit + 1, upwards=True):
            start, rows = self._sorted(day, high)
            if is_there:
                kept = (start > day) | (rows < key.row)
                start, rows = start[kept], rows[kept]
            if len(rows) > limit:
                break
        first = max(len(rows) - limit, 0)
        return (start[first:], rows[first:]), len(rows) > limit

    def key_of(self, run: Run, place: int) -> RowKey | None:
        """Where a row of a run stands; None: the run has no rows."""
        start, rows = run
        if not len(rows):
            return None
        day = int(self._layout.days[start[place]])
        return RowKey.of(None if day == UNKNOWN else day, int(rows[place]))

    def _behind(self, high: int, row: int, limit: int) -> Run:
        """The first `limit` rows and perhaps more, from day number `high` down; of that day those beyond `row`."""
        start, rows = _NOTHING
        for low in self._guesses(high, limit, upwards=False):
            start, rows = self._sorted(low, high)
            if row >= 0:
                kept = (start < high) | (rows > row)
                start, rows = start[kept], rows[kept]
            if len(rows) >= limit:
                break
        return start, rows

    def _guesses(self, day: int, wanted: int, upwards: bool) -> list[int]:
        """Days up to which so many rows are likely to be found from `day` on; the last is beyond all."""
        drawn = np.sort(np.concatenate([np.zeros(0, np.int64), *(start[::_DRAWN] for start in self._starts)]))
        at = int(np.searchsorted(drawn, day, "left" if upwards else "right"))
        found, step = [], 4 + 2 * wanted // _DRAWN
        while 0 <= (at + step if upwards else at - step) < len(drawn):
            found.append(int(drawn[at + step if upwards else at - step]))
            step *= _WIDER
        return [*found, len(self._layout.days) if upwards else 0]

    def _sorted(self, low: int, high: int) -> Run:
        """The rows whose first day has a number from `low` to `high`: those numbers and the row ids, in order."""
        starts, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        every = low <= 0 and high >= len(self._layout.days) - 1
        for piece, start in zip(self._pieces, self._starts, strict=True):
            row_id = piece.taken(self._layout.row_id)
            if not every:
                kept = np.flatnonzero((start >= low) & (start <= high))
                start, row_id = start[kept], row_id[kept]
            starts.append(start.astype(np.int64))
            rows.append(row_id.astype(np.int64))
        start, row = np.concatenate(starts), np.concatenate(rows)
        order = np.lexsort((row, -start))
        return start[order], row[order]

    def _day(self, key: RowKey) -> tuple[int, bool]:
        """The number of the key's day, or where it would be, and whether the layout has it."""
        day = UNKNOWN if key.day is None else key.day.toordinal() - EPOCH
        number = int(np.searchsorted(self._layout.days, day))
        return number, number < len(self._layout.days) and int(self._layout.days[number]) == day


def page(
    ordered: Ordered, limit: int, offset: int = 0, after: RowKey | None = None, before: RowKey | None = None
) -> RowPage:
    """See `contracts.EventIndex.page`."""
    if after:
        run, is_more = ordered.behind(after, limit)
        ends = (True, is_more)
    elif before:
        run, is_more = ordered.before(before, limit)
        ends = (is_more, True)
    else:
        run = ordered.by_offset(limit, offset)
        ends = (offset > 0 and ordered.total > 0, offset + len(run[1]) < ordered.total)
    return RowPage(ordered.total, run[1], ordered.key_of(run, 0), ordered.key_of(run, -1), *ends)
