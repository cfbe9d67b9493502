"""GeoParquet 1.1: points in well-known binary, a `bbox` column that readers skip row groups by, credits as metadata."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.credits import CreditBook
from geodata.export.tables import GEOMETRY, batches, schema
from geodata.features import Bounds
from geodata.model import Event
from geodata.query import EventQuery

if TYPE_CHECKING:
    import pyarrow

CORNERS = ("xmin", "ymin", "xmax", "ymax")


class GeoParquetExporter:
    media_type = "application/vnd.apache.parquet"
    suffix = ".parquet"
    title = "GeoParquet"
    good_for = "analysis of many events: DuckDB, pandas, R (arrow), QGIS; small and fast"
    lossless = True
    traits: frozenset[str] = frozenset()

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        import pyarrow as pa
        import pyarrow.parquet as pq

        book, bounds, count = CreditBook(), Bounds(), 0
        box = pa.field("bbox", pa.struct([(name, pa.float64()) for name in CORNERS]))
        with pq.ParquetWriter(out, schema().append(box), compression="zstd") as writer:
            for batch in batches(_bounded(book.watch(events), bounds)):
                writer.write_batch(batch.append_column(box, _boxes(batch)))
                count += batch.num_rows
            writer.add_key_value_metadata(
                {
                    "geo": json.dumps(_geo(bounds)),
                    "description": str(query),
                    "credits": json.dumps([credit.as_dict() for credit in book.credits()], ensure_ascii=False),
                    "left_out": json.dumps(options.left_out, ensure_ascii=False),
                }
            )
        return Exported(count)


def _bounded(events: Iterable[Event], bounds: Bounds) -> Iterator[Event]:
    for event in events:
        if event.place:
            bounds.add(event.place.lon, event.place.lat)
        yield event


def _boxes(batch: "pyarrow.RecordBatch") -> "pyarrow.Array":
    """Each event's own box: its point twice; null where it is unplaced."""
    import numpy as np
    import pyarrow as pa

    points = batch.column(GEOMETRY)
    placed = points.is_valid()
    # behind the 5 bytes that say "a point, little-endian" stand x and y
    numbers = np.frombuffer(b"".join(point[5:] for point in points.drop_null().to_pylist()), "<f8").reshape(-1, 2)
    found = np.zeros((len(batch), 2))
    found[placed.to_numpy(zero_copy_only=False)] = numbers
    x, y = pa.array(found[:, 0]), pa.array(found[:, 1])
    return pa.StructArray.from_arrays([x, y, x, y], CORNERS, mask=points.is_null())


def _geo(bounds: Bounds) -> dict[str, object]:
    """The key `geo` of GeoParquet 1.1; without `crs`, which means OGC:CRS84: longitude first, WGS84."""
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {name: ["bbox", name] for name in CORNERS}},
    }
    if box := bounds.bbox():
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
