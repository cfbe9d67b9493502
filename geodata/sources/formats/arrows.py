"""Arrow record batches with WKB geometries as features; GeoParquet's metadata (geoparquet.org, 1.1)."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from geodata.errors import UsageError, shown
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import Item

_MIDNIGHT = time()


def geometry_items(batches: Iterator[tuple[Any, str]]) -> Iterator[Item]:
    """The rows of batches, each with the name of its geometry's column, as features; numbered from 1."""
    import shapely

    number = 0
    for batch, column in batches:
        names = [name for name in batch.schema.names if name != column]
        columns = [batch.column(name).to_pylist() for name in names]
        wkb = batch.column(column).to_pylist() if column in batch.schema.names else [None] * batch.num_rows
        for index, raw in enumerate(wkb):
            number += 1
            properties = {name: _plain(values[index]) for name, values in zip(names, columns, strict=True)}
            feature: dict[str, object] = {"type": "Feature", "geometry": None, "properties": properties}
            if raw is not None:
                shape = shapely.from_wkb(raw, on_invalid="ignore")
                if shape is None:
                    yield Item(number, feature, "its geometry is not readable")
                    continue
                feature["geometry"] = None if shape.is_empty else shape
            yield Item(number, feature)


def _plain(value: object) -> object:
    """A value as JSON has it: days and times in ISO 8601, bytes left out."""
    if isinstance(value, datetime):  # some formats have no days, only times: midnight of nowhere is a day
        return (value if value.time() != _MIDNIGHT or value.tzinfo else value.date()).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def parquet_batches(path: Path, name: str, size: int, meter: Meter) -> Iterator[tuple[Any, str]]:
    """The record batches of a GeoParquet file, each with the name of the column that holds its geometries."""
    import pyarrow
    import pyarrow.parquet as pq

    column, about = _geo(path, name)
    try:
        with pq.ParquetFile(path) as file:
            done, count = 0, max(1, file.metadata.num_rows)
            wanted = [each for each in file.schema_arrow.names if each not in _coverings(about)]
            for batch in file.iter_batches(batch_size=size, columns=wanted):
                yield batch, column
                done += batch.num_rows
                meter.done = meter.total * done // count
    except (pyarrow.ArrowException, OSError) as error:
        raise UsageError(f"{name} cannot be read as Parquet: {error}") from error


def _coverings(about: dict[str, Any]) -> set[str]:
    """Columns that only repeat the extent of each geometry, for readers that filter by it (GeoParquet 1.1)."""
    covering = about.get("covering")
    box = covering.get("bbox") if isinstance(covering, dict) else None
    sides = box.values() if isinstance(box, dict) else ()
    return {str(side[0]) for side in sides if isinstance(side, list) and side}


def parquet_crs(path: Path, name: str) -> str | None:
    """The coordinate system that a GeoParquet file names: PROJJSON, empty: its default (CRS84), None: unknown."""
    _, about = _geo(path, name)
    if "crs" not in about:
        return ""
    found = about["crs"]
    return None if found is None else json.dumps(found) if isinstance(found, dict) else str(found)


def _geo(path: Path, name: str) -> tuple[str, dict[str, Any]]:
    """The geometry column and what the file says of it. UsageError for a Parquet file that is not GeoParquet."""
    import pyarrow
    import pyarrow.parquet as pq

    try:
        told = pq.read_metadata(path).metadata or {}
        found = json.loads(told.get(b"geo", b"null"))
    except (pyarrow.ArrowException, OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{name} cannot be read as Parquet: {error}") from error
    columns = found.get("columns") if isinstance(found, dict) else None
    primary = found.get("primary_column") if isinstance(found, dict) else None
    about = columns.get(primary) if isinstance(columns, dict) else None
    if not isinstance(primary, str) or not isinstance(about, dict):
        raise UsageError(f"{name} is Parquet without the metadata of GeoParquet; accepted: GeoParquet 1.0 or 1.1")
    if str(about.get("encoding", "")).upper() != "WKB":
        raise UsageError(f"{name} encodes its geometries as {shown(about.get('encoding'))}; accepted: WKB")
    return primary, about
