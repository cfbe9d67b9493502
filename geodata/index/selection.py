"""Which rows of a layout answer a question: blocks first, then the rows of those blocks that need looking at."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geodata.answers import E7, UNKNOWN
from geodata.geometry import BBox
from geodata.index.allowed_rows import Allowed
from geodata.index.grid import Ints
from geodata.index.histogram import EPOCH
from geodata.index.kinds import LONG, UNDATED, Bools
from geodata.index.layout import Layout
from geodata.index.parts import Column
from geodata.index.pieces import Piece, Run
from geodata.query import EventQuery
from geodata.shapes import Circle, Polygon
from geodata.timespan import Interval

CHUNK = 1 << 17
"""Rows looked at in one go: what they need for it stays in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box in whole 1e-7 degrees, its edges included, that holds just the positions that a `BBox` holds."""

    west: int
    south: int
    east: int
    north: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A query as the layout is asked: all of it must hold, but for kinds and time, which each call gives itself."""

    layout: Layout
    boxes: Sequence[Sequence[Box]] = ()
    """Every one must hold a placed event, in one of its parts."""
    areas: Sequence[Circle | Polygon] = ()
    allowed: Allowed | None = None
    sources: Bools | None = None
    deaths: int = 0
    """The least, plus 1."""
    touched: Bools = field(default_factory=lambda: np.zeros(0, bool))
    whole: Bools = field(default_factory=lambda: np.zeros(0, bool))

    @classmethod
    def of(cls, layout: Layout, query: EventQuery, allowed: Allowed | None, within: BBox | None = None) -> "Question":
        """`within`: placed events outside are of no interest.

        ValueError where it asks what the index does not hold, and no rows are `allowed`.
        """
        if allowed is None and asks_more(query):
            raise ValueError("the index holds no words and no countries: give the rows that the store found")
        areas = tuple(area for area in (query.near, query.polygon) if area is not None)
        asked = [query.bbox] if query.bbox else []
        asked += [within] if within else []
        boxes = [tuple(map(_box, box.parts())) for box in (*asked, *(area.bbox() for area in areas))]
        sources = np.array([name in query.source for name in layout.sources], bool) if query.source else None
        deaths = 0 if query.fatalities is None else query.fatalities + 1
        touched, whole = _blocks_in(layout, boxes)
        touched = touched if allowed is None else touched & allowed.blocks
        return cls(layout, boxes, areas, allowed, sources, deaths, touched, whole)

    def count(self, kinds: Bools, query: EventQuery | None = None) -> int:
        """How many rows of these kinds answer, in the time of `query` where it is given."""
        return sum(piece.count() for piece in self.pieces(kinds, query))

    def free(self, kinds: Bools, query: EventQuery | None = None) -> Bools:
        """The groups all of whose rows answer, as is known without looking at them."""
        every = self.layout.kinds.groups_with(kinds)[1]
        if self._by_row or (query and query.datetime != Interval()):
            return np.zeros(len(every), bool)
        every[self.layout.blocks.group[~self.whole]] = False
        return every

    @property
    def _by_row(self) -> bool:
        """Whether rows must be looked at, wherever they are."""
        return self.allowed is not None or self.sources is not None or bool(self.deaths or self.areas)

    def pieces(self, kinds: Bools, query: EventQuery | None = None, but: Bools | None = None) -> Iterator[Piece]:
        """The rows of these kinds that answer, piece by piece; in the time of `query` where it is given.

        The groups `but` are left out.
        """
        layout = self.layout
        time = _Time(layout, query.datetime, query.asks_surely) if query and query.datetime != Interval() else None
        some, every = layout.kinds.groups_with(kinds)
        if but is not None:
            some &= ~but
        group = layout.blocks.group
        wanted = self.touched & some[group]
        plain = every[group] & self.whole
        if self._by_row:
            plain = np.zeros(len(plain), bool)
        begin, end, doubtful = layout.blocks.first[:-1], layout.blocks.first[1:], np.zeros(len(group), bool)
        if time:
            begin, end, doubtful = time.of_blocks(wanted)
        for doubt in (False, True) if time else (False,):
            for check in (False, True):
                mine = np.flatnonzero(wanted & (doubtful == doubt) & (plain != check))
                for runs in _chunks(begin[mine], end[mine]):
                    piece = Piece(layout, runs)
                    if time and doubt:
                        time.check(piece)
                    if check:
                        self._check(piece, kinds)
                    yield piece

    def _check(self, piece: Piece, kinds: Bools) -> None:
        """What a plain comparison decides comes first: it takes a tenth of the time of looking values up."""
        layout = self.layout
        if self.allowed is not None:
            piece.narrow(piece.column(self.allowed.rows))
        if self.deaths:
            piece.narrow(piece.column(layout.deaths) >= self.deaths)
        for parts in self.boxes:
            lon, lat = piece.column(layout.lon), piece.column(layout.lat)
            inside = lon == UNKNOWN
            for box in parts:
                inside |= (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
            piece.narrow(inside)
        if self.sources is not None:
            piece.look_up(self.sources, layout.source)
        if not kinds.all():
            piece.look_up(kinds, layout.kind)
        for area in self.areas:
            at = piece.left()
            lon, lat = piece.column(layout.lon)[at], piece.column(layout.lat)[at]
            piece.narrow_to(at[area.contains_many(lon / E7, lat / E7)])


def asks_more(query: EventQuery) -> bool:
    """Whether it has filters that the index does not hold."""
    return bool(query.text.strip() or query.country or query.admin1 or query.actor.strip() or query.filter)


class _Time:
    """An interval as the layout's days: which rows lie in it."""

    def __init__(self, layout: Layout, interval: Interval, surely: bool) -> None:
        self.layout, self.surely = layout, surely
        self.first = interval.start.toordinal() - EPOCH if interval.start else -(2**30)
        self.last = interval.end.toordinal() - EPOCH if interval.end else 2**30
        dtype = layout.start.dtype.type
        longest = int(layout.kinds.days.max(initial=0))
        limits = (self.first, self.last + 1, self.first - longest, self.last + 1 - longest)
        self.low, self.high, self.oldest, self.safe = (np.searchsorted(layout.days[1:], limits) + 1).tolist()
        self.dtype: Any = dtype

    def of_blocks(self, wanted: Bools) -> tuple[Ints, Ints, Bools]:
        """Where in each wanted block the rows begin that can lie in the interval, where they end, and whether they do
        so only perhaps: rows lie by their first day, so that no other need be looked at.
        """
        blocks = self.layout.blocks
        time_class = self.layout.kinds.groups[0][blocks.group]
        is_long = time_class == LONG
        low = np.where(is_long & (not self.surely), self.oldest, self.low)
        begin, end = blocks.first[:-1].copy(), blocks.first[1:].copy()
        none = wanted & (time_class != UNDATED) & ((blocks.oldest >= self.high) | (blocks.latest < low))
        end[none] = begin[none]
        for limit, ends in ((low, begin), (np.full(len(low), self.high), end)):
            cut = np.flatnonzero(
                wanted & ~none & (time_class != UNDATED) & (blocks.oldest < limit) & (blocks.latest >= limit)
            )
            ends[cut] = _first_from(self.layout.start, blocks.first[cut], blocks.first[cut + 1], limit[cut])
        sure = (blocks.latest < self.safe) if self.surely else (blocks.oldest >= self.low)
        return begin, end, is_long & ~sure

    def check(self, piece: Piece) -> None:
        """Of longer events, whose first day leaves it open, the last day is worked out."""
        start = piece.column(self.layout.start)
        doubtful = ~self._below(start, self.safe) if self.surely else self._below(start, self.low)
        at = np.flatnonzero(doubtful)
        end = self.layout.days[start[at]] + self.layout.kinds.days[piece.column(self.layout.kind)[at]]
        piece.leave_out(at[end > self.last if self.surely else end < self.first])

    def _below(self, start: Column, limit: int) -> Bools:
        if limit > np.iinfo(start.dtype).max:
            return np.ones(len(start), bool)
        found: Bools = start < self.dtype(limit)
        return found


def _blocks_in(layout: Layout, boxes: Sequence[Sequence[Box]]) -> tuple[Bools, Bools]:
    """Which blocks can hold what lies in the boxes, and which hold nothing else; unplaced blocks always do."""
    blocks = layout.blocks
    touched, whole = (np.ones(len(blocks.group), bool) for _ in range(2))
    for parts in boxes:
        some, every = (np.zeros(len(blocks.group), bool) for _ in range(2))
        for box in parts:
            some |= (
                (blocks.west <= box.east)
                & (blocks.east >= box.west)
                & (blocks.south <= box.north)
                & (blocks.north >= box.south)
            )
            every |= (
                (blocks.west >= box.west)
                & (blocks.east <= box.east)
                & (blocks.south >= box.south)
                & (blocks.north <= box.north)
            )
        touched, whole = touched & some, whole & every
    unplaced = ~layout.kinds.groups[1][blocks.group]
    return touched | unplaced, whole | unplaced


def _first_from(start: Column, first: Ints, end: Ints, limit: Ints) -> Ints:
    """In each of some runs of rows in order, the place of the first that is not below its limit."""
    low, high = first.copy(), end.copy()
    while np.any(low < high):
        middle = (low + high) // 2
        below = (low < high) & (start[np.minimum(middle, len(start) - 1)] < limit)
        high = np.where(below, high, np.where(low < high, middle, high))
        low = np.where(below, middle + 1, low)
    return low


def _chunks(begin: Ints, end: Ints) -> Iterator[list[Run]]:
    """These runs of rows, ascending, those that touch made one; at most `CHUNK` rows at a time."""
    some = begin < end
    begin, end = begin[some], end[some]
    if not len(begin):
        return
    breaks = np.flatnonzero(begin[1:] != end[:-1])
    starts, ends = begin[np.append(0, breaks + 1)].tolist(), end[np.append(breaks, len(end) - 1)].tolist()
    chunk: list[Run] = []
    room = CHUNK
    for start, end in zip(starts, ends, strict=True):
        while start < end:
            step = min(end - start, room)
            chunk.append((start, start + step))
            start, room = start + step, room - step
            if not room:
                yield chunk
                chunk, room = [], CHUNK
    if chunk:
        yield chunk


def _box(box: BBox) -> Box:
    return Box(_at_least(box.west), _at_least(box.south), _at_most(box.east), _at_most(box.north))


def _at_least(degrees: float) -> int:
    """The least whole number of 1e-7 degrees that is not below, by the very comparison that a `BBox` makes."""
    number = math.floor(degrees * E7) - 1
    while number / E7 < degrees:
        number += 1
    return number


def _at_most(degrees: float) -> int:
    number = math.ceil(degrees * E7) + 1
    while number / E7 > degrees:
        number -= 1
    return number
