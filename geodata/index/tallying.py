"""How often days and other numbers occur in pieces of rows."""

from collections.abc import Iterable

import numpy as np

from geodata.index.grid import Ints, run_starts
from geodata.index.layout import Layout
from geodata.index.pieces import Piece

_MOST_PAIRS = 4_000_000
"""The largest table of first days by lengths by types that is counted in one array."""


def by_day_of(layout: Layout, pieces: Iterable[Piece]) -> Ints:
    """How many rows start on each of the layout's days. They lie by day: whole runs are counted, not rows."""
    counts = np.zeros(len(layout.days), np.int64)
    for piece in pieces:
        start = piece.taken(layout.start)
        firsts = run_starts(start)
        sizes = np.diff(np.append(firsts, len(start)))
        counts += np.bincount(start[firsts], weights=sizes, minlength=len(counts)).astype(np.int64)
    return counts


def tallied(parts: Iterable[Ints], most: int) -> tuple[Ints, Ints]:
    """The numbers that occur in the parts, all below `most`, and how often."""
    if most > _MOST_PAIRS:
        numbers, counts = np.unique(np.concatenate([np.zeros(0, np.int64), *parts]), return_counts=True)
        return numbers, counts
    table, waiting, room = np.zeros(most, np.int64), [np.zeros(0, np.int64)], most
    for part in parts:
        waiting.append(part)
        room -= len(part)
        if room < 0:  # adding up the whole table for a few numbers would take longer than they do
            table += np.bincount(np.concatenate(waiting), minlength=most)
            waiting, room = [], most
    table += np.bincount(np.concatenate([np.zeros(0, np.int64), *waiting]), minlength=most)
    found = np.flatnonzero(table)
    return found, table[found]
