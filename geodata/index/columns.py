"""`ColumnIndex`: counts, histograms, clusters and lists, answered from a `Layout` in memory."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Self

import numpy as np

from geodata.answers import (
    E7,
    Charts,
    EventColumns,
    Extent,
    Grid,
    Histogram,
    MapView,
    RowKey,
    RowPage,
    StoreChanges,
    TileAt,
    TileRows,
)
from geodata.geometry import BBox
from geodata.index.allowed_rows import AllowedLately
from geodata.index.filtered import rows_of
from geodata.index.grid import BITS, Ints, RowIds, cell_middles, near_order, run_starts
from geodata.index.histogram import check_unit, histogram
from geodata.index.kinds import LONG, Bools
from geodata.index.layout import Layout
from geodata.index.paging import Ordered, page
from geodata.index.rounding import rounded
from geodata.index.selection import Question
from geodata.index.sharing import ZOOM_0_BITS, Sharing
from geodata.index.spots import top_spots
from geodata.index.summary import Summary
from geodata.index.tallying import by_day_of, tallied
from geodata.index.tiling import generalised, reach, tile
from geodata.model import Status
from geodata.query import EventQuery
from geodata.query.conditions import Condition
from geodata.timespan import Interval

_HEAT_BITS = 2
"""A cell of the heat map is a quarter of a cluster's wide: 16 px."""
_DAY_0 = date(1970, 1, 1)
_MOST_NAMED = 20


@dataclass(frozen=True, eq=False)
class ColumnIndex:
    """Satisfies `contracts.EventIndex`. Never changes once built, so threads share it."""

    layout: Layout
    version: str = ""
    """Of the store that it was built or extended from."""

    @classmethod
    def build(cls, columns: EventColumns) -> Self:
        """From the store's columns, in any order. ValueError: they contradict each other."""
        return cls(Layout.build(columns), columns.version)

    def extended(self, changes: StoreChanges) -> Self:
        """A new index with the changes; this one goes on answering whoever has it."""
        return type(self)(self.layout.extended(changes), changes.columns.version)

    def rounded(self, km: int) -> Self:
        """See `contracts.EventIndex`."""
        return type(self).build(rounded(self.layout, km, self.version))

    @property
    def bytes_used(self) -> int:
        """Memory of the index in bytes."""
        return self.layout.bytes_used + self._summary.bytes_used

    def _question(self, query: EventQuery, rows: RowIds | None, within: BBox | None = None) -> Question:
        return Question.of(self.layout, query, None if rows is None else self._allowed.of(rows), within)

    @cached_property
    def _allowed(self) -> AllowedLately:
        return AllowedLately(self.layout)

    @cached_property
    def _summary(self) -> Summary:
        """Made when it is first of use, so that a change takes no longer for it."""
        return Summary.of(self.layout)

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
        check_unit(unit)
        kinds, question = self.layout.kinds, self._question(query, rows)
        types, states = kinds.types_wanted(query), kinds.states_wanted(query)
        dates, places = kinds.dates_wanted(query), kinds.places_wanted(query)
        wanted = types & states & dates & places
        # What is counted beside the events that match: other types, other statuses, those without a date or place.
        beside = (states & dates & places) | (types & dates & places) | (types & states & dates & ~kinds.placed)
        sharing, whole = Sharing(self.layout, zoom), question.free(beside & ~wanted, query)
        counts = np.where(whole[kinds.group], self._summary.by_kind, 0) if whole.any() else np.zeros(len(kinds), int)
        for piece in question.pieces(beside & ~wanted, query, whole):
            counts += np.bincount(piece.taken(self.layout.kind), minlength=len(kinds))
        whole = question.free(wanted, query) & sharing.coarse
        if whole.any():
            counts += np.where(whole[kinds.group], self._summary.by_kind, 0)
            sharing.add_whole(self._summary, whole)
        for piece in question.pieces(wanted, query, whole):
            kind = piece.taken(self.layout.kind)
            counts += np.bincount(kind, minlength=len(kinds))
            sharing.add(piece, kind)
        but_types = np.where(states & dates & places, counts, 0)
        tray = types & states & places & ~kinds.dated
        return MapView(
            matched=int(counts[wanted].sum()),
            types=kinds.event_type.totals(but_types),
            sub_types=kinds.sub_event_type.totals(but_types),
            statuses=kinds.status.totals(np.where(types & dates & places, counts, 0)),
            histogram=self._histogram(question, query, types & states & places, unit, axis, by_type),
            undated=question.count(tray) if tray.any() else 0,
            unplaced=0 if query.asks_where else int(counts[types & states & dates & ~kinds.placed].sum()),
            clusters=sharing.clusters(),
            single_rows=sharing.singles(),
        )

    def rows(
        self, query: EventQuery, rows: RowIds | None = None, limit: int | None = None, offset: int = 0
    ) -> tuple[int, RowIds]:
        """See `contracts.EventIndex`."""
        question, wanted = self._question(query, rows), self._wanted(query)
        if limit == 0:
            return question.count(wanted, query), np.zeros(0, np.int64)
        ordered = Ordered(self.layout, list(question.pieces(wanted, query)))
        return ordered.total, ordered.by_offset(limit, offset)[1]

    def page(
        self,
        query: EventQuery,
        limit: int,
        rows: RowIds | None = None,
        offset: int = 0,
        after: RowKey | None = None,
        before: RowKey | None = None,
    ) -> RowPage:
        """See `contracts.EventIndex`."""
        pieces = list(self._question(query, rows).pieces(self._wanted(query), query))
        return page(Ordered(self.layout, pieces), limit, offset, after, before)

    def matching(self, condition: Condition, generalise_km: int = 0) -> RowIds | None:
        """See `contracts.EventIndex`."""
        return rows_of(self.layout, condition, generalise_km)

    def charts(
        self, query: EventQuery, rows: RowIds | None = None, unit: str = "", axis: Interval | None = None
    ) -> Charts:
        """See `contracts.EventIndex`."""
        layout, question, wanted = self.layout, self._question(query, rows), self._wanted(query)
        kinds = layout.kinds
        counts, placed = np.zeros(len(layout.sources), np.int64), list(question.pieces(wanted & kinds.placed, query))
        for piece in chain(placed, question.pieces(wanted & ~kinds.placed, query)):
            counts += np.bincount(piece.taken(layout.source), minlength=len(layout.sources))
        best = [number for number in np.argsort(-counts, kind="stable")[:_MOST_NAMED].tolist() if counts[number]]
        timeless = kinds.types_wanted(query) & kinds.states_wanted(query) & kinds.places_wanted(query)
        return Charts(
            matched=int(counts.sum()),
            histogram=self._histogram(question, query, timeless, unit, axis, by_type=True),
            spots=tuple(top_spots(layout, placed, _MOST_NAMED)),
            sources={layout.sources[number]: int(counts[number]) for number in best},
        )

    def histogram(
        self,
        query: EventQuery,
        rows: RowIds | None = None,
        unit: str = "",
        axis: Interval | None = None,
        by_type: bool = False,
    ) -> Histogram:
        """See `contracts.EventIndex`."""
        check_unit(unit)
        kinds = self.layout.kinds
        timeless = kinds.types_wanted(query) & kinds.states_wanted(query) & kinds.places_wanted(query)
        return self._histogram(self._question(query, rows), query, timeless, unit, axis, by_type)

    def grid(self, query: EventQuery, zoom: float, rows: RowIds | None = None) -> Grid:
        """See `contracts.EventIndex`."""
        wanted = self._wanted(query) & self.layout.kinds.placed
        bits = min(ZOOM_0_BITS + _HEAT_BITS + int(max(zoom, 0)), BITS)
        shift = np.uint32(2 * (BITS - bits))
        keys, sizes = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)]
        for piece in self._question(query, rows).pieces(wanted, query):
            key = piece.taken(self.layout.code) >> shift
            key = key[near_order(key)]
            starts = run_starts(key)
            keys.append(key[starts])
            sizes.append(np.diff(np.append(starts, len(key))))
        cells, place = np.unique(np.concatenate(keys), return_inverse=True)
        counts = np.bincount(place, weights=np.concatenate(sizes)).astype(np.int64)
        lon, lat = cell_middles(cells.astype(np.uint64), bits)
        return Grid(256 * 2.0 ** (max(zoom, 0) - bits), lon.tolist(), lat.tolist(), counts.tolist())

    def tile(self, query: EventQuery, at: TileAt, rows: RowIds | None = None, generalise_km: int = 0) -> TileRows:
        """See `contracts.EventIndex`."""
        question = self._question(query, rows, reach(at, generalise_km))
        pieces = question.pieces(self._wanted(query) & self.layout.kinds.placed, query)
        return tile(self.layout, pieces, at, generalise_km)

    def extent(self, generalise_km: int = 0) -> Extent:
        """See `contracts.EventIndex`."""
        if not generalise_km or self._extent.bbox is None:
            return self._extent
        layout, kinds = self.layout, self.layout.kinds
        kept = (kinds.placed & ~kinds.status.among((Status.REJECTED,)))[layout.kind]
        lon, lat, _ = generalised(layout.lon[kept], layout.lat[kept], generalise_km)
        sides = (lon.min() / E7, lat.min() / E7, lon.max() / E7, lat.max() / E7)
        return replace(self._extent, bbox=BBox(*map(float, sides)))

    @cached_property
    def _extent(self) -> Extent:
        layout, kinds, blocks = self.layout, self.layout.kinds, self.layout.blocks
        kept = kinds.groups_with(~kinds.status.among((Status.REJECTED,)))[0]
        time_class, placed, _ = kinds.groups
        shown = (kept & placed)[blocks.group]
        sides = [getattr(blocks, name)[shown] / E7 for name in ("west", "south", "east", "north")]
        firsts, lasts, ends = [], [], []
        for group in np.flatnonzero(kept & (time_class > 0)).tolist():
            part = slice(layout.group_first[group], layout.group_first[group + 1])
            start = layout.start[part]
            if not len(start):
                continue
            firsts.append(int(layout.days[start.min()]))
            lasts.append(int(layout.days[start.max()]))
            long = time_class[group] == LONG
            ends.append(int((layout.days[start] + kinds.days[layout.kind[part]]).max()) if long else lasts[-1])
        return Extent(
            first=_DAY_0 + timedelta(days=min(firsts)) if firsts else None,
            last=_DAY_0 + timedelta(days=max(lasts)) if lasts else None,
            end=_DAY_0 + timedelta(days=max(ends)) if ends else None,
            bbox=BBox(sides[0].min(), sides[1].min(), sides[2].max(), sides[3].max()) if len(sides[0]) else None,
        )

    def _wanted(self, query: EventQuery) -> Bools:
        kinds = self.layout.kinds
        known = kinds.dates_wanted(query) & kinds.places_wanted(query)
        return kinds.types_wanted(query) & kinds.states_wanted(query) & known

    def _histogram(
        self, question: Question, query: EventQuery, wanted: Bools, unit: str, axis: Interval | None, by_type: bool
    ) -> Histogram:
        """Of these kinds, whatever their time; the undated passed over."""
        layout, kinds = self.layout, self.layout.kinds
        if axis is not None and (axis.start is None or axis.end is None):
            axis = Interval(axis.start or self._extent.first, axis.end or self._extent.last)
        lengths, length = np.unique(kinds.days, return_inverse=True)
        names = kinds.event_type.names if by_type else ("",)
        size = len(lengths) * len(names)
        mark = length * len(names) + (kinds.event_type.code if by_type else 0)
        wanted = wanted & kinds.dated & (query.undated != "only")
        whole = question.free(wanted)
        of_day = wanted & (kinds.days == 0)
        counts, whole = self._of_days(question, of_day, whole, len(names), by_type)
        day = int(np.searchsorted(lengths, 0)) * len(names)
        tables: list[tuple[Ints, Ints, Ints]] = []
        for number, sums in counts:
            found = np.flatnonzero(sums)
            tables.append((found, np.full(len(found), day + number), sums[found]))
        pieces = question.pieces(wanted & ~of_day, but=whole)
        marks = (piece.taken(layout.start) * np.int64(size) + mark[piece.taken(layout.kind)] for piece in pieces)
        pairs, count = tallied(marks, len(layout.days) * size)
        tables.append((*np.divmod(pairs, size), count))
        start, marked, count = (np.concatenate(column) for column in zip(*tables, strict=True))
        first = layout.days[start]
        last = first + lengths[marked // len(names)]
        return histogram(first, last, count, unit, axis, (marked % len(names), names) if by_type else None)

    def _of_days(
        self, question: Question, of_day: Bools, whole: Bools, number_of_types: int, by_type: bool
    ) -> tuple[list[tuple[int, Ints]], Bools]:
        """How many events of one day start on each day, with the type's number, from the sums that are kept of whole
        groups and from rows; and which groups were taken whole.
        """
        layout, kinds = self.layout, self.layout.kinds
        counts: list[tuple[int, Ints]] = []
        if whole.any():
            whole, groups, by_day = self._summary.days_of(whole)
            kept = by_day.astype(np.int64)
            for number in range(number_of_types):
                mine = kinds.groups[2][groups] == number if by_type else np.ones(len(groups), bool)
                counts.append((number, kept[mine].sum(axis=0)))
        for number in range(number_of_types):
            mine = of_day & (kinds.event_type.code == number) if by_type else of_day
            if mine.any():
                counts.append((number, by_day_of(layout, question.pieces(mine, but=whole))))
        return counts, whole
