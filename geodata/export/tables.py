"""Events as Arrow batches, some thousand at a time: what the formats of geographic tables are written from."""

import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from geodata.export.cells import COLUMNS, DAYS, NUMBERS, WHOLE, rows
from geodata.model import Event

if TYPE_CHECKING:
    import pyarrow

BATCH = 5_000
COLUMN_NAMES = tuple(name for name in COLUMNS if name not in ("lon", "lat"))
"""As in COLUMNS, but for the position, which is the geometry."""
GEOMETRY = "geometry"
_POINT = struct.Struct("<BIdd")  # well-known binary: little-endian, type 1, x, y


def schema() -> "pyarrow.Schema":
    import pyarrow as pa

    kinds = dict.fromkeys(DAYS, pa.date32()) | dict.fromkeys(WHOLE, pa.int64()) | dict.fromkeys(NUMBERS, pa.float64())
    fields = [pa.field(name, kinds.get(name, pa.string())) for name in COLUMN_NAMES]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def batches(events: Iterable[Event]) -> Iterator["pyarrow.RecordBatch"]:
    """The geometry is a point in well-known binary, longitude first, null where the event is unplaced."""
    import pyarrow as pa

    form = schema()
    for some in rows(iter(events), BATCH):
        columns = [pa.array([row[each.name] for row in some], each.type) for each in form if each.name != GEOMETRY]
        points = [None if row["lon"] is None else _POINT.pack(1, 1, row["lon"], row["lat"]) for row in some]
        yield pa.record_batch([*columns, pa.array(points, pa.binary())], schema=form)
