"""Kinds of events: one for each combination of type, sub-type, precision, status and length in days that occurs.

An event holds the number of its kind, so that a filter on any of these is decided once a kind, not once an event. Kinds
of one type and status, equally dated and placed, make a group; the events of a group lie together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.answers import UNKNOWN, EventColumns, Named
from geodata.query import EventQuery

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
UNDATED, DAY, LONG = range(3)
"""Classes of groups: how their events are asked for time."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A name for each kind: `code[kind]` is its place in `names`."""

    names: tuple[str, ...]
    code: Ints

    def among(self, wanted: Sequence[str]) -> Bools:
        """Which kinds have one of these names."""
        return np.array([name in wanted for name in self.names], dtype=bool)[self.code]

    def totals(self, counts: Ints) -> dict[str, int]:
        """Counts by kind added up by name; names that count nothing are left out."""
        sums = np.zeros(len(self.names), np.int64)
        np.add.at(sums, self.code, counts)
        return {name: total for name, total in zip(self.names, sums.tolist(), strict=True) if total}


@dataclass(frozen=True, eq=False)
class Kinds:
    """`days` is the last possible day less the first, -1 for the undated; precision is empty for the unplaced.

    `group` numbers the groups in the order in which they first came, so that a kind added later moves none.
    """

    event_type: Names
    sub_event_type: Names
    precision: Names
    status: Names
    days: npt.NDArray[np.int32]
    group: Ints

    @classmethod
    def none(cls) -> Self:
        empty = Names((), np.zeros(0, np.int64))
        return cls(empty, empty, empty, empty, np.zeros(0, np.int32), np.zeros(0, np.int64))

    def with_those_of(self, columns: EventColumns) -> tuple[npt.NDArray[Any], Self]:
        """The kind of each row of `columns`, and these kinds with the new ones after them."""
        dated = columns.start_day != UNKNOWN
        days = np.where(dated, columns.end_day.astype(np.int64) - columns.start_day, -1)
        named = (columns.event_type, columns.sub_event_type, columns.precision, columns.status)
        mine = (self.event_type, self.sub_event_type, self.precision, self.status)
        names, codes = zip(*(merged(old.names, new) for old, new in zip(mine, named, strict=True)), strict=True)
        key = packed([*(old.code for old in mine), self.days.astype(np.int64) + 1], [*codes, days + 1])
        known, first, rows = key[: len(self)], len(self), key[len(self) :]
        found, at, back = np.unique(rows, return_index=True, return_inverse=True)
        place = np.argsort(known, kind="stable")
        spot = np.minimum(np.searchsorted(known, found, sorter=place), max(first - 1, 0))
        there = known[place[spot]] == found if first else np.zeros(len(found), bool)
        number = np.where(there, place[spot] if first else 0, 0)
        number[~there] = first + np.arange(np.count_nonzero(~there))
        fresh = at[~there]
        tables = [
            Names(name, np.concatenate((old.code, code[fresh])))
            for name, old, code in zip(names, mine, codes, strict=True)
        ]
        return number[back], self._grown(tables, np.concatenate((self.days, days[fresh])).astype(np.int32))

    def _grown(self, tables: Sequence[Names], days: npt.NDArray[np.int32]) -> Self:
        """These kinds and those after them, with groups; those of before keep theirs."""
        bare = type(self)(tables[0], tables[1], tables[2], tables[3], days, np.zeros(len(days), np.int64))
        marks = zip(bare.event_type.code, bare.status.code, bare.time_class, bare.placed, strict=True)
        numbers: dict[tuple[Any, ...], int] = {}
        group = [numbers.setdefault(tuple(map(int, mark)), len(numbers)) for mark in marks]
        return type(self)(tables[0], tables[1], tables[2], tables[3], days, np.array(group, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.days)

    @property
    def dated(self) -> Bools:
        return np.asarray(self.days >= 0)

    @cached_property
    def placed(self) -> Bools:
        return ~self.precision.among(("",))

    @property
    def time_class(self) -> Ints:
        return np.minimum(self.days.astype(np.int64) + 1, LONG)

    @cached_property
    def groups(self) -> tuple[Ints, Bools, Ints]:
        """Of each group the class, whether its events are placed, and the number of its type."""
        first = np.unique(self.group, return_index=True)[1]
        return self.time_class[first], self.placed[first], self.event_type.code[first]

    def groups_with(self, wanted: Bools) -> tuple[Bools, Bools]:
        """Which groups have some of these kinds, and which have no other."""
        number = len(self.groups[0])
        some, others = np.zeros(number, bool), np.zeros(number, bool)
        some[self.group[wanted]] = True
        others[self.group[~wanted]] = True
        return some, some & ~others

    def types_wanted(self, query: EventQuery) -> Bools:
        wanted = np.ones(len(self), bool)
        if query.types:
            wanted &= self.event_type.among(query.types)
        if query.sub_types:
            bare = self.sub_event_type.among(("",)) & self.event_type.among(query.sub_types)
            wanted &= self.sub_event_type.among(query.sub_types) | bare
        return wanted

    def states_wanted(self, query: EventQuery) -> Bools:
        return self.status.among(query.wanted_statuses())

    def dates_wanted(self, query: EventQuery) -> Bools:
        return _shared(query.undated, self.dated) & (self.dated | (not query.asks_surely))

    def places_wanted(self, query: EventQuery) -> Bools:
        exact_enough = self.precision.among(("", *query.wanted_precisions()))
        return _shared(query.unplaced, self.placed) & exact_enough & (self.placed | (not query.asks_where))


def merged(names: tuple[str, ...], column: Named) -> tuple[tuple[str, ...], Ints]:
    """These names and, after them, the others of a column; and the column's codes in them."""
    numbers = {name: number for number, name in enumerate(names)}
    turned = [numbers.setdefault(name, len(numbers)) for name in column.names]
    return tuple(numbers), np.array(turned, dtype=np.int64)[column.code] if turned else np.zeros(0, np.int64)


def packed(before: Iterable[Ints], after: Iterable[Ints]) -> Ints:
    """One number for each row of several columns of small numbers from 0 on; rows `before` come first.

    ValueError where they would not fit into 63 bits: no real taxonomy comes near.
    """
    key, room = np.zeros(0, np.int64), 1
    for old, new in zip(before, after, strict=True):
        column = np.concatenate((old, new)).astype(np.int64)
        size = int(column.max(initial=0)) + 1
        room *= size
        if room >= 2**63:
            raise ValueError("more names of types and longer spans of days than the index can number")
        key = key * size + column if len(key) else column
    return key


def _shared(share: str, known: Bools) -> Bools:
    """What becomes of kinds without a date or place: `include`, `exclude`, or `only` them."""
    return {"include": np.ones(len(known), bool), "exclude": known, "only": ~known}[share]
