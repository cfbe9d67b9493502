"""`ColumnIndex`: every event in compact numpy columns along a Morton curve.

A view's events are then few runs of rows, and every cell of a grid is one run. Rows without a place come last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.answers import E7, UNKNOWN, Charts, Cluster, EventColumns, Extent, Grid, Histogram, MapView, Spot
from geodata.geometry import BBox
from geodata.index.areas import area_clusters, kept_apart
from geodata.index.clusters import clusters
from geodata.index.grid import BITS, Floats, Ints, RowIds, cell_middles, morton, run_bounds, run_starts
from geodata.index.histogram import EPOCH, histogram
from geodata.index.kinds import Bools, Kinds
from geodata.model import Status
from geodata.query import EventQuery
from geodata.timespan import Interval

Rows = Any
"""Row numbers in ascending order, or the slice of all rows: what numpy takes as an index."""
SPOT_ZOOM = 12
"""From here on only events at one and the same position are put together."""
_ZOOM_0_BITS = 2
"""A zoom-0 world is 256 px wide and 4 cells of 64 px; a power of two, so that cells fit the Morton curve."""
_DAY_0 = date(1970, 1, 1)
_MOST_NAMED = 20
_BLOCK = 4096
_KEPT_BITS = 8
"""Grids up to 256 by 256 keep where their cells start: at most 700 kB for all, whatever the number of events."""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnIndex:
    """Satisfies `contracts.EventIndex`. Never changes once built, so threads share it."""

    row_id: Ints
    lon: Floats
    lat: Floats
    start: npt.NDArray[np.int32]
    kind: npt.NDArray[Any]
    source: npt.NDArray[Any]
    deaths: npt.NDArray[np.int32]
    kinds: Kinds
    sources: tuple[str, ...]
    placed: int
    """How many rows have a place; they come first."""
    blocks: Floats
    """West, east, south and north of each run of `_BLOCK` placed rows."""
    cells: Mapping[int, Ints]
    """Bits of a grid -> the first row of each of its cells that holds any."""

    @classmethod
    def build(cls, columns: EventColumns) -> Self:
        """From the store's columns, in any order. ValueError: they contradict each other."""
        kind, kinds = Kinds.of(columns)
        unplaced = columns.lon_e7 == UNKNOWN
        if np.any(unplaced == kinds.placed[kind]):
            raise ValueError("an event has a position without a precision, or a precision without a position")
        lon, lat = (np.where(unplaced, np.nan, axis / E7) for axis in (columns.lon_e7, columns.lat_e7))
        code = morton(lon, lat)
        order = np.lexsort((columns.row_id, lat, lon, code))
        placed = int(np.count_nonzero(~unplaced))
        lon, lat, code = lon[order], lat[order], code[order[:placed]]
        return cls(
            row_id=columns.row_id[order].astype(np.int64),
            lon=lon,
            lat=lat,
            start=columns.start_day[order].astype(np.int32),
            kind=kind[order],
            source=columns.source.code[order],
            deaths=columns.fatalities[order].astype(np.int32),
            kinds=kinds,
            sources=columns.source.names,
            placed=placed,
            blocks=run_bounds(lon[:placed], lat[:placed], np.arange(0, placed, _BLOCK)),
            cells={bits: run_starts(code >> np.uint64(2 * (BITS - bits))) for bits in range(2, _KEPT_BITS + 1)},
        )

    @property
    def bytes_used(self) -> int:
        """Memory of the index in bytes."""
        columns: tuple[npt.NDArray[Any], ...] = (
            self.row_id,
            self.lon,
            self.lat,
            self.start,
            self.kind,
            self.source,
            self.deaths,
            self.blocks,
        )
        return sum(column.nbytes for column in (*columns, *self.cells.values()))

    def view(
        self,
        query: EventQuery,
        zoom: float,
        rows: RowIds | None = None,
        unit: str = "",
        axis: Interval | None = None,
        by_type: bool = False,
    ) -> MapView:
        """See `contracts.EventIndex`. Names that count nothing are left out."""
        found = self._within(query, rows)
        kind, kinds = self.kind[found], self.kinds
        in_time = self._in_time(query, kind, self.start[found])
        types, states = kinds.types_wanted(query), kinds.states_wanted(query)
        dates, places = kinds.dates_wanted(query), kinds.places_wanted(query)
        wanted = types & states & dates & places
        counts = np.bincount(kind if in_time is None else kind[in_time], minlength=len(kinds))
        on_map = (wanted & kinds.placed)[kind]
        on_map = on_map if in_time is None else on_map & in_time
        but_types = np.where(states & dates & places, counts, 0)
        return MapView(
            matched=int(counts[wanted].sum()),
            types=kinds.event_type.totals(but_types),
            sub_types=kinds.sub_event_type.totals(but_types),
            statuses=kinds.status.totals(np.where(types & dates & places, counts, 0)),
            histogram=self._histogram(query, _picked(found, (types & states & places)[kind]), unit, axis, by_type),
            undated=self._undated(query, kind, types & states & places),
            unplaced=int(counts[types & states & dates & ~kinds.placed].sum()) if not query.asks_where else 0,
            **self._shared_out(_picked(found, on_map), zoom),
        )

    def rows(
        self, query: EventQuery, rows: RowIds | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[int, RowIds]:
        """See `contracts.EventIndex`."""
        found = self._matching(query, rows)
        order = np.lexsort((self.row_id[found], -self.start[found].astype(np.int64)))
        return len(found), self.row_id[found[order]][offset : None if limit is None else offset + limit]

    def charts(
        self, query: EventQuery, rows: RowIds | None = None, unit: str = "", axis: Interval | None = None
    ) -> Charts:
        """See `contracts.EventIndex`."""
        found = self._matching(query, rows)
        on_map = found[: np.searchsorted(found, self.placed)]
        starts = run_starts(self.lon[on_map], self.lat[on_map])
        sizes = np.diff(np.append(starts, len(on_map)))
        most = np.argsort(-sizes, kind="stable")[:_MOST_NAMED]
        spots = on_map[starts[most]]
        counts = np.bincount(self.source[found], minlength=len(self.sources))
        best = [number for number in np.argsort(-counts, kind="stable")[:_MOST_NAMED].tolist() if counts[number]]
        return Charts(
            matched=len(found),
            histogram=self._histogram(
                query, self._matching(query.without("datetime", "dates"), rows), unit, axis, by_type=True
            ),
            spots=tuple(
                map(
                    Spot,
                    self.row_id[spots].tolist(),
                    self.lon[spots].tolist(),
                    self.lat[spots].tolist(),
                    sizes[most].tolist(),
                )
            ),
            sources={self.sources[number]: int(counts[number]) for number in best},
        )

    def grid(self, query: EventQuery, zoom: float, rows: RowIds | None = None) -> Grid:
        """See `contracts.EventIndex`."""
        found = self._matching(query, rows)
        found = found[: np.searchsorted(found, self.placed)]
        bits = min(_ZOOM_0_BITS + 2 + int(max(zoom, 0)), BITS)
        cells, counts = np.unique(morton(self.lon[found], self.lat[found], bits), return_counts=True)
        lon, lat = cell_middles(cells, bits)
        return Grid(256 * 2.0 ** (max(zoom, 0) - bits), lon.tolist(), lat.tolist(), counts.tolist())

    def extent(self) -> Extent:
        """See `contracts.EventIndex`."""
        kind, kinds, placed = self.kind, self.kinds, slice(self.placed)
        kept = ~kinds.status.among((Status.REJECTED,))
        dated = (kept & kinds.dated)[kind]
        first, last = self.start[dated], self.start[dated] + kinds.days[kind[dated]]
        shown = kept[kind[placed]]
        lon, lat = self.lon[placed][shown], self.lat[placed][shown]
        return Extent(
            first=_DAY_0 + timedelta(days=int(first.min())) if len(first) else None,
            last=_DAY_0 + timedelta(days=int(first.max())) if len(first) else None,
            end=_DAY_0 + timedelta(days=int(last.max())) if len(last) else None,
            bbox=BBox(lon.min(), lat.min(), lon.max(), lat.max()) if len(lon) else None,
        )

    def _matching(self, query: EventQuery, allowed: RowIds | None) -> Ints:
        """Rows that answer the whole query, ascending."""
        rows = self._within(query, allowed)
        kind, kinds = self.kind[rows], self.kinds
        known = kinds.dates_wanted(query) & kinds.places_wanted(query)
        wanted = (kinds.types_wanted(query) & kinds.states_wanted(query) & known)[kind]
        in_time = self._in_time(query, kind, self.start[rows])
        return _picked(rows, wanted if in_time is None else wanted & in_time)

    def _undated(self, query: EventQuery, kind: Any, wanted: Bools) -> int:
        kinds = self.kinds
        return int(np.bincount(kind, minlength=len(kinds))[wanted & ~kinds.dated].sum())

    def _histogram(self, query: EventQuery, rows: Ints, unit: str, axis: Interval | None, by_type: bool) -> Histogram:
        """Of these rows, the undated passed over."""
        if query.undated == "only":
            rows = rows[:0]
        rows = rows[self.kinds.dated[self.kind[rows]]]
        kind, first = self.kind[rows], self.start[rows]
        types = (self.kinds.event_type.code[kind], self.kinds.event_type.names) if by_type else None
        if axis is not None and (axis.start is None or axis.end is None):
            extent = self.extent()
            axis = Interval(axis.start or extent.first, axis.end or extent.last)
        return histogram(first, first + self.kinds.days[kind], unit, axis, types)

    def _within(self, query: EventQuery, allowed: RowIds | None) -> Rows:
        """Rows of the placed events in the query's area and of all the unplaced, of its sources and deaths; where row
        ids are `allowed`, only theirs.
        """
        if allowed is None and (query.text.strip() or query.country or query.admin1 or query.actor.strip()):
            raise ValueError("the index holds no words and no countries: give the rows that the store found")
        rows = self._in_box(query.bbox)
        for area in (query.near, query.polygon):
            if area is not None:
                rows = np.arange(self.placed)[rows] if isinstance(rows, slice) else rows[rows < self.placed]
                rows = rows[area.contains_many(self.lon[rows], self.lat[rows])]
        if allowed is not None:
            known = np.zeros(1 + max(self.row_id.max(initial=0), allowed.max(initial=0)), bool)
            known[allowed] = True
            rows = _picked(rows, known[self.row_id[rows]])
        if query.source:
            rows = _picked(rows, np.array([name in query.source for name in self.sources], bool)[self.source[rows]])
        if query.fatalities is not None:
            rows = _picked(rows, self.deaths[rows] >= query.fatalities)
        return rows

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

    def _in_time(self, query: EventQuery, kind: Any, start: Any) -> Bools | None:
        """Which can have happened in the interval, and all the undated; None: the interval is open at both ends."""
        interval = query.datetime
        if interval == Interval():
            return None
        found = np.ones(len(start), bool)
        first, last = start, start + self.kinds.days[kind]
        if query.asks_surely:
            first, last = last, first
        if interval.end is not None:
            found &= first <= interval.end.toordinal() - EPOCH
        if interval.start is not None:
            found &= last >= interval.start.toordinal() - EPOCH
        return np.asarray(found | ~self.kinds.dated[kind])

    def _shared_out(self, rows: Ints, zoom: float) -> dict[str, Any]:
        """`clusters` and `single_rows` of a view with these placed rows, ascending; areas apart (areas.py)."""
        apart = kept_apart(self.kinds, zoom)
        areas: list[tuple[Cluster | None, int]] = []
        if apart.any():
            in_area = apart[self.kind[rows]]
            areas = list(area_clusters(rows[in_area], self.lon, self.lat, self.kind, self.kinds, self.row_id))
            rows = rows[~in_area]
        starts = self._groups(rows, zoom)
        sizes = np.diff(np.append(starts, len(rows)))
        many = sizes > 1
        together = rows[np.repeat(many, sizes)]
        columns = self.lon[together], self.lat[together], self.kind[together]
        singles = self.row_id[rows[starts[~many]]].tolist()
        return {
            "clusters": (
                *clusters(*columns, sizes[many], self.kinds.event_type),
                *(cluster for cluster, _ in areas if cluster),
            ),
            "single_rows": (*singles, *(row for cluster, row in areas if not cluster)),
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
