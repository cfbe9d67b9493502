"""`Layout`: every event in compact numpy columns, group by group, and within a group in parts along a Morton curve.

An event takes 23 bytes: lon and lat (4 each, exact: the store keeps no finer), number on the curve (4), row id (4),
first day (2, its place among the days that occur), kind (2), source (2), deaths (1); a column is wider only where what
it holds needs it. Blocks of rows, none of which holds two groups, know their bounds, so that a question reads few of
them; within a part of a group (parts.py) rows lie by day. A layout never changes: what is extended is a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from geodata.answers import E7, UNKNOWN, EventColumns, StoreChanges
from geodata.index.grid import Ints, morton
from geodata.index.kinds import Kinds, merged
from geodata.index.parts import BLOCK, Column, Parts

COLUMNS = ("row_id", "lon", "lat", "code", "start", "kind", "source", "deaths")
_NARROW = ("row_id", "start", "kind", "source", "deaths")


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Runs of rows of one part: block i has the rows from `first[i]` up to `first[i + 1]`; bounds in 1e-7 degrees."""

    first: Ints
    group: Ints
    west: Column
    east: Column
    south: Column
    north: Column
    oldest: Column
    """The least number of a first day, and the greatest."""
    latest: Column


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    row_id: Column
    lon: Column
    lat: Column
    code: Column
    start: Column
    kind: Column
    source: Column
    deaths: Column
    kinds: Kinds
    days: Ints
    """The days that occur as first days, ascending; `start` is the place in it, `UNKNOWN` at 0 for the undated."""
    sources: tuple[str, ...]
    group_first: Ints
    """Where the rows of each group begin, and the end of the last."""
    parts: Parts
    blocks: Blocks

    @classmethod
    def build(cls, columns: EventColumns) -> Self:
        """From the store's columns, in any order. ValueError: they contradict each other."""
        return cls._of(None, Kinds.none(), np.array([UNKNOWN]), (), columns)

    def extended(self, changes: StoreChanges) -> Self:
        """With what the store says has changed; the store's other events are not read again."""
        touched = np.zeros(1 + max(int(self.row_id.max(initial=0)), int(changes.touched.max(initial=0))), bool)
        touched[changes.touched] = True
        gone = np.flatnonzero(touched[self.row_id])
        return self._of((self, gone), self.kinds, self.days, self.sources, changes.columns)

    @classmethod
    def _of(
        cls,
        old: "tuple[Layout, Ints] | None",
        kinds: Kinds,
        days: Ints,
        sources: tuple[str, ...],
        columns: EventColumns,
    ) -> Self:
        kind, kinds = kinds.with_those_of(columns)
        unplaced = columns.lon_e7 == UNKNOWN
        if np.any(unplaced == kinds.placed[kind]):
            raise ValueError("an event has a position without a precision, or a precision without a position")
        lon, lat = columns.lon_e7.astype(np.int32), columns.lat_e7.astype(np.int32)
        code = morton(lon / E7, lat / E7)
        code[unplaced] = 0
        group = kinds.group[kind]
        order = np.argsort((group.astype(np.uint64) << np.uint64(32)) | code, kind="stable")
        all_days = np.union1d(days, columns.start_day).astype(np.int64)
        sources, source = merged(sources, columns.source)
        start = narrow(np.searchsorted(all_days, columns.start_day))
        sizes = np.bincount(group, minlength=len(kinds.groups[0]))
        if old is None:
            order, parts = Parts.cut(kinds, sizes, order, code, start)
        fresh = {
            "row_id": columns.row_id[order],
            "lon": lon[order],
            "lat": lat[order],
            "code": code[order].astype(np.uint32),
            "start": start[order],
            "kind": kind[order],
            "source": source[order],
            "deaths": columns.fatalities[order].astype(np.int64) + 1,
        }
        columns_now = {name: narrow(column) if name in _NARROW else column for name, column in fresh.items()}
        if old:
            before, gone = old
            columns_now, parts = before._joined(columns_now, group[order], gone, np.searchsorted(all_days, days), kinds)
        return cls.of_columns(columns_now, kinds, all_days, sources, parts)

    @classmethod
    def of_columns(
        cls, columns: Mapping[str, Column], kinds: Kinds, days: Ints, sources: tuple[str, ...], parts: Parts
    ) -> Self:
        """From what is laid out already; the blocks follow from it."""
        at = np.searchsorted(parts.group, np.arange(len(kinds.groups[0]) + 1))
        return cls(
            **columns,
            kinds=kinds,
            days=days,
            sources=sources,
            group_first=parts.first[at],
            parts=parts,
            blocks=_blocks(parts, columns["lon"], columns["lat"], columns["start"]),
        )

    def _joined(
        self, fresh: dict[str, Column], group: Ints, gone: Ints, day_of: Ints, kinds: Kinds
    ) -> tuple[dict[str, Column], Parts]:
        """The rows of this layout but those gone, and the fresh ones in their places between them.

        Whole runs of rows are copied as they lie, for which memory is made: a change of few rows looks at few.
        """
        moved = not np.array_equal(day_of, np.arange(len(day_of)))
        start = narrow(day_of[self.start]) if moved else self.start
        part, at = self.parts.places(group, fresh["code"], fresh["start"], start)
        order = np.lexsort((fresh["start"], at, part))
        joined = {}
        for name, column in fresh.items():
            old = start if name == "start" else getattr(self, name)
            dtype = np.promote_types(old.dtype, column.dtype)
            pieces = _pieces(old, column[order], at[order].tolist(), gone.tolist())
            joined[name] = np.concatenate(pieces, dtype=dtype)
        return joined, self.parts.grown(kinds, gone, part).recut(kinds, joined)

    def __len__(self) -> int:
        return len(self.row_id)

    @property
    def bytes_used(self) -> int:
        """Memory of all of it in bytes, but for the names of types and sources."""
        columns = [getattr(self, name) for name in COLUMNS]
        kinds, blocks = self.kinds, self.blocks
        tables = (kinds.days, kinds.group, kinds.event_type.code, kinds.sub_event_type.code, kinds.precision.code)
        bounds = [getattr(blocks, each.name) for each in fields(blocks)]
        arrays = (*columns, *tables, kinds.status.code, *bounds, self.days, self.parts)
        return sum(each.bytes_used if isinstance(each, Parts) else each.nbytes for each in arrays)


def _pieces(old: Column, fresh: Column, at: list[int], gone: list[int]) -> list[Column]:
    """`old` without the places `gone`, and each of `fresh` before its place `at` in `old`; both ascend."""
    pieces, place = [], 0
    steps = [(position, False, number) for number, position in enumerate(at)] + [(row, True, 0) for row in gone]
    for position, leaves, number in sorted(steps):
        pieces.append(old[place:position])
        place = position + leaves
        if not leaves:
            pieces.append(fresh[number : number + 1])
    return [*pieces, old[place:]]


def narrow(column: Column) -> Column:
    """The same numbers, from 0 on, in as few bytes as they need; at most 4 where they allow."""
    most = int(column.max(initial=0))
    for dtype in (np.uint8, np.uint16, np.int32):
        if most <= np.iinfo(dtype).max:
            return column.astype(dtype)
    return column.astype(np.int64)


def _blocks(parts: Parts, lon: Column, lat: Column, start: Column) -> Blocks:
    sizes = -(-np.diff(parts.first) // BLOCK)
    part = np.repeat(np.arange(len(sizes)), sizes)
    number = np.arange(len(part)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = parts.first[part] + BLOCK * number
    end = np.append(first, parts.first[-1])
    group = parts.group[part]
    if not len(first):
        nothing = np.zeros(0, np.int32)
        return Blocks(end, group, *[nothing] * 6)
    bounds = [reduce.reduceat(axis, first) for axis in (lon, lat, start) for reduce in (np.minimum, np.maximum)]
    return Blocks(end, group, *bounds)
