"""GeoPackage and FlatGeobuf, written by GDAL (pyogrio) from Arrow batches as they come.

GDAL needs a file of its own: it is made in a temporary folder and then copied to where the export goes.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.credits import Credit, CreditBook
from geodata.export.tables import GEOMETRY, batches, schema
from geodata.model import Event
from geodata.query import EventQuery

if TYPE_CHECKING:
    import pyarrow

LAYER, CREDITS = "events", "credits"
CRS = "EPSG:4326"
_POINTS = {"geometry_name": GEOMETRY, "geometry_type": "Point", "crs": CRS}


class GeoPackageExporter:
    media_type = "application/geopackage+sqlite3"
    suffix = ".gpkg"
    title = "GeoPackage"
    good_for = "QGIS and ArcGIS: one file with the events and a table of their sources"
    lossless = True
    traits: frozenset[str] = frozenset()

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        from pyogrio import write_arrow

        book, passed = CreditBook(), _Passed()
        with tempfile.TemporaryDirectory(prefix="dateline-export-") as folder:
            path = Path(folder) / f"events{self.suffix}"
            told = {"IDENTIFIER": "Events", "DESCRIPTION": str(query)}
            write_arrow(passed.reader(book.watch(events)), path, layer=LAYER, driver="GPKG", **_POINTS, **told)
            credits = _credit_table(book.credits(), options.left_out)
            write_arrow(credits, path, layer=CREDITS, driver="GPKG", append=True, geometry_type=None)
            _copied(path, out)
        return Exported(passed.count, passed.left_out())


class FlatGeobufExporter:
    media_type = "application/flatgeobuf"
    suffix = ".fgb"
    title = "FlatGeobuf"
    good_for = "web maps and GIS that read only the part they show; placed events only"
    lossless = False
    traits: frozenset[str] = frozenset({"only placed"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        import pyarrow as pa
        from pyogrio import write_arrow

        book, passed = CreditBook(), _Passed()
        with tempfile.TemporaryDirectory(prefix="dateline-export-") as folder:
            waiting, path = Path(folder) / "events.arrow", Path(folder) / f"events{self.suffix}"
            # its header says whose events they are, which is known only when all have passed
            with pa.OSFile(str(waiting), "wb") as file, pa.ipc.new_file(file, schema(), options=_packed()) as spool:
                for batch in passed.batches(book.watch(passed.placed(events))):
                    spool.write_batch(batch)
            credits = "; ".join(map(str, book.credits()))
            told = {"TITLE": str(query), "DESCRIPTION": f"Sources: {credits}" if credits else ""}
            with pa.memory_map(str(waiting)) as file, pa.ipc.open_file(file) as spool:
                stored = (spool.get_batch(i) for i in range(spool.num_record_batches))
                reader = pa.RecordBatchReader.from_batches(schema(), stored)
                write_arrow(reader, path, layer=LAYER, driver="FlatGeobuf", **_POINTS, **told)
            _copied(path, out)
        return Exported(passed.count, passed.left_out())


class _Passed:
    """Counts what passes."""

    def __init__(self) -> None:
        self.count = self.unplaced = self.cut = 0

    def batches(self, events: Iterable[Event]) -> Iterator["pyarrow.RecordBatch"]:
        for batch in batches(events):
            self.count += batch.num_rows
            yield self._without_nul(batch)

    def _without_nul(self, batch: "pyarrow.RecordBatch") -> "pyarrow.RecordBatch":
        """GDAL's texts end at the character NUL: what stands behind it would be lost."""
        import pyarrow as pa
        from pyarrow import compute

        columns = list(batch.columns)
        for place, column in enumerate(columns):
            if pa.types.is_string(column.type) and (
                found := compute.sum(compute.count_substring(column, "\0")).as_py()
            ):
                self.cut += found
                columns[place] = compute.replace_substring(column, "\0", "")
        return pa.record_batch(columns, schema=batch.schema)

    def reader(self, events: Iterable[Event]) -> "pyarrow.RecordBatchReader":
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(schema(), self.batches(events))

    def placed(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            if event.place:
                yield event
            else:
                self.unplaced += 1

    def left_out(self) -> tuple[str, ...]:
        said = []
        if self.unplaced:
            said.append(f"{self.unplaced:,} {'event' if self.unplaced == 1 else 'events'} without a place")
        if self.cut:
            said.append(f"{self.cut:,} NUL {'character' if self.cut == 1 else 'characters'}, which GDAL cannot write")
        return tuple(said)


def _packed() -> "pyarrow.ipc.IpcWriteOptions":
    import pyarrow as pa

    return pa.ipc.IpcWriteOptions(compression="lz4")


def _credit_table(credits: Iterable[Credit], left_out: Iterable[str]) -> "pyarrow.Table":
    import pyarrow as pa

    rows: list[tuple[str, str, str, int | None]] = [
        (each.source, each.licence, each.attribution, each.cited) for each in credits
    ]
    rows += [(f"left out: {line}", "", "", None) for line in left_out]
    form = pa.schema(
        [("source", pa.string()), ("licence", pa.string()), ("attribution", pa.string()), ("cited", pa.int64())]
    )
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * 4, schema=form)


def _copied(path: Path, out: IO[bytes]) -> None:
    with path.open("rb") as made:
        shutil.copyfileobj(made, out, 1 << 20)
