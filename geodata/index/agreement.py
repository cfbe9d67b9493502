"""Whether an index says of every event what the store says: for who checks a store, not for answers."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from geodata.answers import EventColumns
from geodata.index.grid import Ints
from geodata.index.layout import Layout


def differing_rows(layout: Layout, columns: EventColumns) -> Ints:
    """The row ids, ascending, of events that only one of the two has, or of which they say different things."""
    numbers: dict[object, int] = {}
    one, other = (_sorted(each, numbers) for each in (layout, Layout.build(columns)))
    apart = np.setxor1d(one[0], other[0])
    mine, theirs = (side[:, np.isin(side[0], apart, invert=True)] for side in (one, other))
    return np.union1d(apart, mine[0][np.any(mine != theirs, axis=0)])


def _sorted(layout: Layout, numbers: dict[object, int]) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Row id, position, first day, kind, source and deaths, in order of row ids; equal names have equal numbers."""
    kinds = layout.kinds
    tables = (kinds.event_type, kinds.sub_event_type, kinds.precision, kinds.status)
    names = zip(*([table.names[code] for code in table.code] for table in tables), kinds.days.tolist(), strict=True)
    kind, source = _numbered(names, numbers), _numbered(layout.sources, numbers)
    columns = (
        *(layout.row_id, layout.lon, layout.lat, layout.days[layout.start]),
        *(kind[layout.kind], source[layout.source], layout.deaths),
    )
    rows = np.array([column.astype(np.int64) for column in columns])
    return rows[:, np.argsort(rows[0], kind="stable")]


def _numbered(names: Iterable[object], numbers: dict[object, int]) -> Ints:
    return np.array([numbers.setdefault(name, len(numbers)) for name in names] or [0], dtype=np.int64)
