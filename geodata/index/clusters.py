"""Rows put together by the cell or the spot that they lie in -> clusters: how many, of which types, where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import E7, Cluster
from geodata.geometry import BBox
from geodata.index.grid import Ints, near_order, run_starts
from geodata.index.layout import Layout

_ROWS_OF_RUN, _FEW = 4, 256
"""Where runs are shorter on average, rows are put in order first; not for a few of them."""
_LAT_BITS = 31
"""Latitudes in 1e-7 degrees, moved up from 0 on, have so many bits, and longitudes one more."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """One entry for each group of rows with one key, in ascending order of keys. Positions in 1e-7 degrees."""

    sizes: Ints
    sum_lon: Ints
    sum_lat: Ints
    bounds: npt.NDArray[Any]
    """West, east, south and north, each an array."""
    any_row: Ints
    """The row id of one of them."""
    by_type: Mapping[int, Mapping[int, int]]
    """Number of a group of more than one -> number of a type -> how many."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Rows one after the other with one key and type; a piece of an answer at a time, and then all of it."""

    keys: npt.NDArray[Any]
    types: Ints
    sizes: Ints
    sums: npt.NDArray[Any]
    bounds: npt.NDArray[Any]
    rows: Ints
    """The row id of the first of each."""

    @classmethod
    def of(cls, layout: Layout, columns: Sequence[npt.NDArray[Any]], keys: npt.NDArray[Any]) -> "Runs":
        """`columns` are the lon, lat, kind and row id of the rows."""
        lon, lat, kind, row_id = columns
        names = layout.kinds.event_type
        types = names.code.astype(np.min_scalar_type(len(names.names)))[kind]
        starts = run_starts(keys, types)
        if len(starts) * _ROWS_OF_RUN > len(keys) > _FEW:
            order = near_order(keys)
            keys, types = keys[order], types[order]
            lon, lat, row_id = lon[order], lat[order], row_id[order]
            starts = run_starts(keys, types)
        if not len(starts):
            nothing = np.zeros(0, np.int64)
            return cls(keys, nothing, nothing, np.zeros((2, 0), np.int64), np.zeros((4, 0), np.int32), nothing)
        return cls(
            keys[starts],
            types[starts].astype(np.int64),
            np.diff(np.append(starts, len(keys))),
            np.stack([np.add.reduceat(axis, starts, dtype=np.int64) for axis in (lon, lat)]),
            np.stack([reduce.reduceat(axis, starts) for axis in (lon, lat) for reduce in (np.minimum, np.maximum)]),
            row_id[starts].astype(np.int64),
        )

    def where(self, wanted: npt.NDArray[np.bool_], shift: int) -> "Runs":
        """Some of them, with the keys of a coarser grid: its cells are `shift` bits fewer."""
        keys = self.keys[wanted] >> np.uint32(shift)
        columns = (self.types, self.sizes, self.sums, self.bounds, self.rows)
        return Runs(keys, *(column[..., wanted] for column in columns))

    def added(self) -> "Runs":
        """One run for each key and type, by keys."""
        if not len(self.keys):
            return self
        order = np.lexsort((self.types, self.keys))
        starts = run_starts(self.keys[order], self.types[order])
        first = order[starts]
        reduces = (np.minimum, np.maximum, np.minimum, np.maximum)
        return Runs(
            self.keys[first],
            self.types[first],
            np.add.reduceat(self.sizes[order], starts),
            np.stack([np.add.reduceat(axis[order], starts) for axis in self.sums]),
            np.stack([reduce.reduceat(side[order], starts) for reduce, side in zip(reduces, self.bounds, strict=True)]),
            self.rows[first],
        )

    @classmethod
    def joined(cls, parts: Sequence["Runs"]) -> "Runs":
        names = ("keys", "types", "sizes", "sums", "bounds", "rows")
        return cls(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names))


def spot_keys(lon: npt.NDArray[Any], lat: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """A number for each position in 1e-7 degrees that no other has."""
    x, y = (lon.astype(np.int64) + 180 * E7).astype(np.uint64), (lat.astype(np.int64) + 90 * E7).astype(np.uint64)
    return (x << np.uint64(_LAT_BITS)) | y


def grouped(parts: Sequence[Runs]) -> Grouped:
    """The rows of these runs by key."""
    if not parts or not sum(len(part.keys) for part in parts):
        nothing = np.zeros(0, np.int64)
        return Grouped(nothing, nothing, nothing, np.zeros((4, 0)), nothing, {})
    runs = Runs.joined(parts)
    order = np.lexsort((runs.types, runs.keys))
    firsts = run_starts(runs.keys[order])
    number = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(order))))
    reduces = (np.minimum, np.maximum, np.minimum, np.maximum)
    return Grouped(
        np.add.reduceat(runs.sizes[order], firsts),
        np.add.reduceat(runs.sums[0][order], firsts),
        np.add.reduceat(runs.sums[1][order], firsts),
        np.stack([reduce.reduceat(side[order], firsts) for reduce, side in zip(reduces, runs.bounds, strict=True)]),
        runs.rows[order[firsts]],
        _mixes(number, runs.types[order], runs.sizes[order]),
    )


def _mixes(group: Ints, types: Ints, sizes: Ints) -> dict[int, dict[int, int]]:
    """How many of each type each group holds; runs come by group and type."""
    firsts = run_starts(group, types)
    counts = np.add.reduceat(sizes, firsts)
    found: dict[int, dict[int, int]] = {}
    for number, kind, count in zip(group[firsts].tolist(), types[firsts].tolist(), counts.tolist(), strict=True):
        found.setdefault(number, {})[kind] = count
    return found


def clusters(names: Sequence[str], groups: Grouped, precision: str = "") -> Iterator[Cluster]:
    """A cluster for each group of more than one row; those of areas have a row and say their `precision`.

    `names` are the names of types by number.
    """
    many = np.flatnonzero(groups.sizes > 1)
    sides = groups.bounds[:, many] / E7
    # A mean of equal numbers can round to just beside them, which would put a cluster outside its own bounds.
    lon = np.clip(groups.sum_lon[many] / groups.sizes[many] / E7, sides[0], sides[1])
    lat = np.clip(groups.sum_lat[many] / groups.sizes[many] / E7, sides[2], sides[3])
    row_id = groups.any_row[many].tolist() if precision else [None] * len(many)
    columns = (many.tolist(), lon.tolist(), lat.tolist(), groups.sizes[many].tolist(), row_id, *sides.tolist())
    for number, x, y, size, row, west, east, south, north in zip(*columns, strict=True):
        mix = {names[kind]: count for kind, count in groups.by_type[number].items()}
        yield Cluster(x, y, size, mix, BBox(west, south, east, north), precision, row)


def singles(groups: Grouped) -> list[int]:
    """The row ids of the rows that are alone."""
    found: list[int] = groups.any_row[groups.sizes == 1].tolist()
    return found
