"""`Layout`: every event in compact numpy columns, group by group, and within a group along a Morton curve.

An event takes 23 bytes: lon and lat (4 each, exact: the store keeps no finer), number on the curve (4), row id (4),
first day (2, its place among the days that occur), kind (2), source (2), deaths (1); a column is wider only where what
it holds needs it. Blocks of rows, none of which holds two groups, know their bounds, so that a question reads few of
them. A layout never changes: what is extended is a new one.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.answers import E7, UNKNOWN, EventColumns, StoreChanges
from geodata.index.grid import Ints, morton
from geodata.index.kinds import Kinds, merged

Column = npt.NDArray[Any]
BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Runs of rows of one group: block i has the rows from `first[i]` up to `first[i + 1]`; bounds in 1e-7 degrees."""

    first: Ints
    group: Ints
    west: Column
    east: Column
    south: Column
    north: Column


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
    blocks: Blocks

    @classmethod
    def build(cls, columns: EventColumns) -> Self:
        """From the store's columns, in any order. ValueError: they contradict each other."""
        return cls._of([], Kinds.none(), np.array([UNKNOWN]), (), columns)

    def extended(self, changes: StoreChanges) -> Self:
        """With what the store says has changed; the store's other events are not read again."""
        touched = np.zeros(1 + max(int(self.row_id.max(initial=0)), int(changes.touched.max(initial=0))), bool)
        touched[changes.touched] = True
        kept = np.flatnonzero(~touched[self.row_id])
        return self._of([self, kept], self.kinds, self.days, self.sources, changes.columns)

    @classmethod
    def _of(cls, old: Any, kinds: Kinds, days: Ints, sources: tuple[str, ...], columns: EventColumns) -> Self:
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
        fresh = {
            "row_id": columns.row_id[order],
            "lon": lon[order],
            "lat": lat[order],
            "code": code[order].astype(np.uint32),
            "start": np.searchsorted(all_days, columns.start_day)[order],
            "kind": kind[order],
            "source": source[order],
            "deaths": columns.fatalities[order].astype(np.int64) + 1,
        }
        group = group[order]
        if old:
            fresh, group = old[0]._merged_with(fresh, group, old[1], kinds, np.searchsorted(all_days, days))
        sizes = np.bincount(group, minlength=len(kinds.groups[0]))
        first = np.concatenate(([0], np.cumsum(sizes)))
        for name in ("row_id", "start", "kind", "source", "deaths"):
            fresh[name] = narrow(fresh[name])
        return cls(
            **fresh,
            kinds=kinds,
            days=all_days,
            sources=sources,
            group_first=first,
            blocks=_blocks(first, fresh["lon"], fresh["lat"]),
        )

    def _merged_with(
        self, fresh: dict[str, Column], group: Ints, kept: Ints, kinds: Kinds, day_of: Ints
    ) -> tuple[dict[str, Column], Ints]:
        """The rows `kept` of this layout and the `fresh` ones between them; their groups."""
        mine = np.repeat(np.arange(len(self.group_first) - 1), np.diff(self.group_first))[kept]
        old = {name: getattr(self, name)[kept] for name in fresh}
        old["start"] = day_of[old["start"]]
        keys = (mine.astype(np.uint64) << np.uint64(32)) | old["code"]
        at = np.searchsorted(keys, (group.astype(np.uint64) << np.uint64(32)) | fresh["code"], "right")
        joined = {name: np.insert(old[name].astype(np.int64), at, fresh[name]) for name in fresh}
        for name, dtype in (("lon", np.int32), ("lat", np.int32), ("code", np.uint32)):
            joined[name] = joined[name].astype(dtype)
        return joined, np.insert(mine, at, group)

    def __len__(self) -> int:
        return len(self.row_id)

    @property
    def bytes_used(self) -> int:
        """Memory of all of it in bytes, but for the names of types and sources."""
        columns = (self.row_id, self.lon, self.lat, self.code, self.start, self.kind, self.source, self.deaths)
        kinds, blocks = self.kinds, self.blocks
        tables = (kinds.days, kinds.group, kinds.event_type.code, kinds.sub_event_type.code, kinds.precision.code)
        bounds = (blocks.first, blocks.group, blocks.west, blocks.east, blocks.south, blocks.north)
        return sum(column.nbytes for column in (*columns, *tables, kinds.status.code, *bounds, self.days))


def narrow(column: Column) -> Column:
    """The same numbers, from 0 on, in as few bytes as they need; at most 4 where they allow."""
    most = int(column.max(initial=0))
    for dtype in (np.uint8, np.uint16, np.int32):
        if most <= np.iinfo(dtype).max:
            return column.astype(dtype)
    return column.astype(np.int64)


def _blocks(group_first: Ints, lon: Column, lat: Column) -> Blocks:
    sizes = -(-np.diff(group_first) // BLOCK)
    group = np.repeat(np.arange(len(sizes)), sizes)
    number = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = group_first[group] + BLOCK * number
    end = np.append(first, group_first[-1])
    if not len(first):
        nothing = np.zeros(0, np.int32)
        return Blocks(end, group, nothing, nothing, nothing, nothing)
    bounds = [reduce.reduceat(axis, first) for axis in (lon, lat) for reduce in (np.minimum, np.maximum)]
    return Blocks(end, group, *bounds)
