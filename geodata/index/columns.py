"""`ColumnIndex`: every event in four compact numpy columns along a Morton curve.

A view's events are then few runs of rows, and every cell of a grid is one run. An event takes 22 bytes besides its id
(24 where there are more than 65,536 kinds): lon and lat (8 each, exact), first day (4), kind (2). Rows without a place
come last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.answers import EventColumns, MapView
from geodata.geometry import BBox
from geodata.index.clusters import clusters
from geodata.index.grid import BITS, Floats, Ints, morton, run_bounds, run_starts
from geodata.index.histogram import EPOCH, histogram
from geodata.index.kinds import Bools, Kinds
from geodata.query import EventQuery
from geodata.timespan import Interval

Rows = Any
"""Row numbers in ascending order, or the slice of all rows: what numpy takes as an index."""
SPOT_ZOOM = 12
"""From here on only events at one and the same position are put together."""
UNDATED = np.iinfo(np.int32).min
_ZOOM_0_BITS = 2
"""A zoom-0 world is 256 px wide and 4 cells of 64 px; a power of two, so that cells fit the Morton curve."""
_BLOCK = 4096
_KEPT_BITS = 8
"""Grids up to 256 by 256 keep where their cells start: at most 700 kB for all, whatever the number of events."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnIndex:
    """Satisfies `contracts.EventIndex`. Never changes once built, so threads share it."""

    event_id: npt.NDArray[np.object_]
    lon: Floats
    lat: Floats
    start: npt.NDArray[np.int32]
    kind: npt.NDArray[Any]
    kinds: Kinds
    placed: int
    """How many rows have a place; they come first."""
    blocks: Floats
    """West, east, south and north of each run of `_BLOCK` placed rows."""
    cells: Mapping[int, Ints]
    """Bits of a grid -> the first row of each of its cells that holds any."""
    _hashed: list[tuple[Ints, Ints]] = field(default_factory=list)
    """Hashes of the ids, sorted, and their rows; made when first asked for ids."""

    @classmethod
    def build(cls, columns: EventColumns) -> Self:
        """From the store's columns, in any order. ValueError: they contradict each other."""
        lon, lat = (np.array(column, dtype=np.float64) for column in (columns.lon_deg, columns.lat_deg))
        first, last = (np.array(column, dtype=np.float64) for column in (columns.start_day, columns.end_day))
        kind, kinds = Kinds.of(columns, np.nan_to_num(last - first, nan=-1).astype(np.int32))
        if np.any(np.isnan(lon) == kinds.placed[kind]):
            raise ValueError("an event has a position without a precision, or a precision without a position")
        code = morton(lon, lat)
        order = np.lexsort((lat, lon, code))
        placed = int(np.count_nonzero(~np.isnan(lon)))
        lon, lat, code = lon[order], lat[order], code[order[:placed]]
        return cls(
            event_id=np.array(columns.event_id, dtype=object)[order],
            lon=lon,
            lat=lat,
            start=np.nan_to_num(first, nan=UNDATED).astype(np.int32)[order],
            kind=kind[order],
            kinds=kinds,
            placed=placed,
            blocks=run_bounds(lon[:placed], lat[:placed], np.arange(0, placed, _BLOCK)),
            cells={bits: run_starts(code >> np.uint64(2 * (BITS - bits))) for bits in range(2, _KEPT_BITS + 1)},
        )

    @property
    def bytes_used(self) -> int:
        """Memory of the index in bytes, without the ids."""
        columns: tuple[npt.NDArray[Any], ...] = (self.lon, self.lat, self.start, self.kind, self.blocks)
        return sum(column.nbytes for column in (*columns, *self.cells.values()))

    def view(self, query: EventQuery, zoom: float, ids: Sequence[str] | None = None, unit: str = "") -> MapView:
        """See `contracts.EventIndex`. `types` lets sub-types be too, and leaves out types that count nothing.

        The index holds no words: for a query with text give the `ids` that the store found; ValueError without.
        """
        rows = self._within(query, ids)
        kind, start, kinds = self.kind[rows], self.start[rows], self.kinds
        in_time = self._in_time(query.datetime, kind, start)
        types, states = kinds.types_wanted(query), kinds.states_wanted(query)
        dates, places = kinds.dates_wanted(query), kinds.places_wanted(query)
        wanted = types & states & dates & places
        counts = np.bincount(kind if in_time is None else kind[in_time], minlength=len(kinds))
        on_map = (wanted & kinds.placed)[kind]
        on_map = on_map if in_time is None else on_map & in_time
        return MapView(
            matched=int(counts[wanted].sum()),
            types=kinds.event_type.totals(np.where(states & dates & places, counts, 0)),
            histogram=histogram(start[(wanted & kinds.dated)[kind]], unit),
            undated=int(counts[types & states & places & ~kinds.dated].sum()),
            unplaced=int(counts[types & states & dates & ~kinds.placed].sum()),
            **self._shared_out(_picked(rows, on_map), zoom),
        )

    def ids(self, query: EventQuery, ids: Sequence[str] | None = None) -> Sequence[str]:
        rows = self._within(query, ids)
        kind, start, kinds = self.kind[rows], self.start[rows], self.kinds
        known = kinds.dates_wanted(query) & kinds.places_wanted(query)
        wanted = (kinds.types_wanted(query) & kinds.states_wanted(query) & known)[kind]
        in_time = self._in_time(query.datetime, kind, start)
        wanted = wanted if in_time is None else wanted & in_time
        start, names = start[wanted], self.event_id[rows][wanted]
        latest_first = np.argsort(-start.astype(np.int64), kind="stable")
        start, names = start[latest_first], names[latest_first]
        days = [*run_starts(start).tolist(), len(start)]
        return [name for a, b in pairwise(days) for name in sorted(names[a:b])]

    def _within(self, query: EventQuery, ids: Sequence[str] | None) -> Rows:
        """Rows of the placed events in the query's box and of all the unplaced; where `ids` are given, only theirs."""
        if ids is None and query.text.strip():
            raise ValueError("the index holds no words: give the ids that the store found for the query's text")
        rows = self._in_box(query.bbox)
        if ids is None:
            return rows
        allowed = np.zeros(len(self.start), bool)
        allowed[self._rows_of(ids)] = True
        return _picked(rows, allowed[rows])

    def _in_box(self, box: BBox | None) -> Rows:
        if box is None:
            return slice(None)
        west, east, south, north = self.blocks
        touched, whole = np.zeros(len(west), bool), np.zeros(len(west), bool)
        for part in box.parts():
            touched |= (west <= part.east) & (east >= part.west) & (south <= part.north) & (north >= part.south)
            whole |= (west >= part.west) & (east <= part.east) & (south >= part.south) & (north <= part.north)
        if whole.all():
            return slice(None)
        rows = (np.flatnonzero(touched)[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        rows = rows[: np.searchsorted(rows, self.placed)]
        lon, lat = self.lon[rows], self.lat[rows]
        inside = np.zeros(len(rows), bool)
        for part in box.parts():
            inside |= (lon >= part.west) & (lon <= part.east) & (lat >= part.south) & (lat <= part.north)
        return np.concatenate((rows[inside], np.arange(self.placed, len(self.start))))

    def _rows_of(self, ids: Sequence[str]) -> Ints:
        """Rows of the events with these ids, in any order; ids that are not there are passed over."""
        if not self._hashed:
            hashes = np.fromiter(map(hash, self.event_id), np.int64, len(self.event_id))
            order = np.argsort(hashes)
            self._hashed.append((hashes[order], order))
        hashes, order = self._hashed[0]
        asked = np.fromiter(map(hash, ids), np.int64, len(ids))
        first, last = np.searchsorted(hashes, asked), np.searchsorted(hashes, asked, "right")
        # Two ids can share a hash, so the id itself has the last word.
        ranges = zip(ids, first.tolist(), last.tolist(), strict=True)
        found = [row for name, a, b in ranges for row in order[a:b] if self.event_id[row] == name]
        return np.array(found, dtype=np.int64)

    def _in_time(self, interval: Interval, kind: Any, start: Any) -> Bools | None:
        """Which can have happened in the interval, and all the undated; None: the interval is open at both ends."""
        if interval == Interval():
            return None
        found = np.ones(len(start), bool)
        if interval.end is not None:
            found &= start <= interval.end.toordinal() - EPOCH
        if interval.start is not None:
            found &= start + self.kinds.days[kind] >= interval.start.toordinal() - EPOCH
        return np.asarray(found | ~self.kinds.dated[kind])

    def _shared_out(self, rows: Ints, zoom: float) -> dict[str, Any]:
        """`clusters` and `single_ids` of a view with these placed rows, ascending."""
        starts = self._groups(rows, zoom)
        sizes = np.diff(np.append(starts, len(rows)))
        many = sizes > 1
        together = rows[np.repeat(many, sizes)]
        columns = self.lon[together], self.lat[together], self.kind[together]
        return {
            "clusters": tuple(clusters(*columns, sizes[many], self.kinds.event_type)),
            "single_ids": tuple(self.event_id[rows[starts[~many]]]),
        }

    def _groups(self, rows: Ints, zoom: float) -> Ints:
        """Where in `rows` each group starts: a cell of the grid at this zoom, or one and the same position."""
        if zoom >= SPOT_ZOOM:
            return run_starts(self.lon[rows], self.lat[rows])
        bits = _ZOOM_0_BITS + int(max(zoom, 0))
        if bits not in self.cells:
            return run_starts(morton(self.lon[rows], self.lat[rows], bits))
        cells = self.cells[bits]
        if len(rows) <= len(cells):
            return run_starts(np.searchsorted(cells, rows, "right"))
        return np.unique(np.searchsorted(rows, cells[cells <= rows[-1]]))


def _picked(rows: Rows, wanted: Bools) -> Ints:
    """The rows for which `wanted` holds."""
    found: Ints = np.flatnonzero(wanted) if isinstance(rows, slice) else rows[wanted]
    return found
