"""Kinds of events: one for each combination of type, sub-type, precision, status and length in days that occurs.

An event holds the number of its kind, so that a filter on any of these is decided once a kind, not once an event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from geodata.answers import UNKNOWN, EventColumns
from geodata.query import EventQuery

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """`days` is the last possible day less the first, -1 for the undated; precision is empty for the unplaced."""

    event_type: Names
    sub_event_type: Names
    precision: Names
    status: Names
    days: npt.NDArray[np.int32]

    @classmethod
    def of(cls, columns: EventColumns) -> tuple[npt.NDArray[Any], Self]:
        """The kind of each row, in 2 bytes where they are at most 65,536 and in 4 otherwise; and the kinds."""
        dated = columns.start_day != UNKNOWN
        days = np.where(dated, columns.end_day.astype(np.int64) - columns.start_day, -1)
        named = (columns.event_type, columns.sub_event_type, columns.precision, columns.status)
        key = days + 1
        for column in named:
            key = key * max(len(column.names), 1) + column.code
        _, rows, kind = np.unique(key, return_index=True, return_inverse=True)
        names = [Names(column.names, column.code[rows].astype(np.int64)) for column in named]
        kinds = cls(names[0], names[1], names[2], names[3], days[rows].astype(np.int32))
        return kind.astype(np.uint16 if len(rows) <= 2**16 else np.uint32), kinds

    def __len__(self) -> int:
        return len(self.days)

    @property
    def dated(self) -> Bools:
        return np.asarray(self.days >= 0)

    @property
    def placed(self) -> Bools:
        return ~self.precision.among(("",))

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


def _shared(share: str, known: Bools) -> Bools:
    """What becomes of kinds without a date or place: `include`, `exclude`, or `only` them."""
    return {"include": np.ones(len(known), bool), "exclude": known, "only": ~known}[share]
