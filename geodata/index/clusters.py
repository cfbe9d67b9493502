"""Runs of neighbouring events -> clusters: how many, of which types, where."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from geodata.answers import Cluster
from geodata.geometry import BBox
from geodata.index.grid import Floats, Ints, run_bounds
from geodata.index.kinds import Names

_MOST_CELLS = 4_000_000
"""The largest table of clusters by types that is counted in one array; beyond it only pairs that occur are."""


def clusters(lon: Floats, lat: Floats, kind: Any, sizes: Ints, types: Names) -> Iterator[Cluster]:
    """One cluster for each of `sizes` consecutive runs of events, whose columns are given in order."""
    if not len(sizes):
        return
    starts = np.cumsum(sizes) - sizes
    box = run_bounds(lon, lat, starts)
    # A mean of equal numbers can round to just beside them, which would put a cluster outside its own bounds.
    mean_lon = np.clip(np.add.reduceat(lon, starts) / sizes, box[0], box[1])
    mean_lat = np.clip(np.add.reduceat(lat, starts) / sizes, box[2], box[3])
    mixes = _mixes(types.code[kind], sizes, types.names)
    rows = zip(mean_lon.tolist(), mean_lat.tolist(), sizes.tolist(), mixes, *box.tolist(), strict=True)
    for x, y, size, mix, west, east, south, north in rows:
        yield Cluster(x, y, size, mix, BBox(west, south, east, north))


def _mixes(code: Ints, sizes: Ints, names: tuple[str, ...]) -> list[dict[str, int]]:
    """How many of each type each run holds."""
    keys = np.repeat(np.arange(len(sizes)) * len(names), sizes) + code
    if len(sizes) * len(names) <= _MOST_CELLS:
        counts = np.bincount(keys)
        found = np.flatnonzero(counts)
        counts = counts[found]
    else:
        found, counts = np.unique(keys, return_counts=True)
    mixes: list[dict[str, int]] = [{} for _ in range(len(sizes))]
    run, number = np.divmod(found, len(names))
    for i, j, total in zip(run.tolist(), number.tolist(), counts.tolist(), strict=True):
        mixes[i][names[j]] = total
    return mixes
