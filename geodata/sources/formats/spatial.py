"""GeoPackage, zipped Shapefile, FlatGeobuf (by GDAL, through pyogrio) and GeoParquet (by pyarrow), batch by batch.

Positions in any coordinate system that the file names are brought to WGS84, and that is told. A file of several layers
is asked about, by `sheet`. Only these kinds of file are ever given to GDAL, by what they begin with: it would open many
others, some of which lead to other files or hosts.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from geodata.contracts.tables import ColumnMapping, Option, Question, RowSource
from geodata.errors import UsageError, shown
from geodata.sources.formats.arrows import geometry_items, parquet_batches, parquet_crs
from geodata.sources.formats.crs import ACCEPTED, title_of, to_wgs84
from geodata.sources.formats.delimited import Meter, head_of
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows

BATCH = 2_000  # features in memory at a time
MOST_SHAPE_BYTES = 2_000_000_000  # of the parts of a Shapefile, unpacked; 2 GB is the most that a part may have
MOST_SWELL = 200  # times what the archive has
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SQLITE, _FGB, _PARQUET = b"SQLite format 3\x00", b"fgb", b"PAR1"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")


def kind_of_file(head: bytes) -> str:
    """GPKG, FlatGeobuf, Parquet or Shapefile (zipped) by what a file begins with; empty for all else."""
    if head.startswith(_SQLITE) and head[68:72] in _GPKG_IDS:  # SQLite's application id, GeoPackage requirement 2
        return "GPKG"
    if head.startswith(_FGB) and head[4:7] == _FGB:
        return "FlatGeobuf"
    if head.startswith(_PARQUET):
        return "Parquet"
    return "Shapefile" if head.startswith(b"PK\x03\x04") and b".shp" in head else ""


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The features of one layer."""
    kind = kind_of_file(head_of(path)) or ("Shapefile" if holds_shapefile(path) else "")
    if not kind:
        raise UsageError(
            f"{name} is none of the map files that are read; accepted: GeoPackage (.gpkg), a zipped Shapefile, "
            "FlatGeobuf (.fgb), GeoParquet (.parquet)"
        )
    plan = Plan(mapping or ColumnMapping(), prefix=f"{Path(name).stem}-")
    layers = () if kind == "Parquet" else _layers(path, name, kind)
    layer = plan.mapping.sheet or (layers[0] if layers else "")
    if layers and layer not in layers:
        raise UsageError(f"{name} has no layer {shown(layer)}; it has: {', '.join(layers)}")
    if len(layers) > 1 and not plan.mapping.sheet:
        options = tuple(Option(each, each) for each in layers)
        plan.questions.append(
            Question("sheet", f"{name} has {len(layers)} layers. Which one holds the events?", options)
        )
    _heed_crs(name, plan, parquet_crs(path, name) if kind == "Parquet" else _crs(path, name, kind, layer))
    return FeatureRows(name, lambda meter: _items(path, name, kind, layer, meter), plan, path.stat().st_size)


def _heed_crs(name: str, plan: Plan, theirs: str | None) -> None:
    """Sets the way to WGS84: what a person said, else what the file says; asks where neither does."""
    said = plan.mapping.crs or theirs
    if said is None:
        text = f"{name} does not say which coordinate system its positions are in. Which is it? {ACCEPTED}"
        plan.questions.append(Question("crs", text, suggested="EPSG:4326"))
        return
    plan.reproject = to_wgs84(said)
    if plan.reproject:
        plan.notes.append(f"{name}: positions were brought from {title_of(said)} to WGS84")


def _items(path: Path, name: str, kind: str, layer: str, meter: Meter) -> Iterator[Item]:
    if kind == "Parquet":
        yield from geometry_items(parquet_batches(path, name, BATCH, meter))
        return
    with _opened(path, name, kind) as (place, errors):
        import pyogrio

        try:
            info = pyogrio.read_info(place, layer=layer)
            with pyogrio.open_arrow(place, layer=layer, use_pyarrow=True, batch_size=BATCH) as (meta, reader):
                count = max(1, int(info["features"]))
                column = meta["geometry_name"] or "wkb_geometry"
                yield from geometry_items(_metered(reader, column, meter, count))
        except errors as error:
            raise UsageError(f"{name} cannot be read as {kind}: {error}") from error


def _metered(reader: Any, column: str, meter: Meter, count: int) -> Iterator[tuple[Any, str]]:
    done = 0
    for batch in reader:
        yield batch, column
        done += batch.num_rows
        meter.done = min(meter.total, meter.total * done // count)


def _layers(path: Path, name: str, kind: str) -> Sequence[str]:
    with _opened(path, name, kind) as (place, errors):
        import pyogrio

        try:
            return tuple(str(layer) for layer, geometry in pyogrio.list_layers(place) if geometry is not None)
        except errors as error:
            raise UsageError(f"{name} cannot be read as {kind}: {error}") from error


def _crs(path: Path, name: str, kind: str, layer: str) -> str | None:
    """The layer's coordinate system as a code or WKT; None where the file names none."""
    with _opened(path, name, kind) as (place, errors):
        import pyogrio

        try:
            found = pyogrio.read_info(place, layer=layer)["crs"]
        except errors as error:
            raise UsageError(f"{name} cannot be read as {kind}: {error}") from error
    return str(found) if found else None


@contextmanager
def _opened(path: Path, name: str, kind: str) -> Iterator[tuple[Path, tuple[type[Exception], ...]]]:
    """A path that GDAL may open, and the error it raises; the parts of a Shapefile are unpacked for as long."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

    if kind == "FlatGeobuf":  # GDAL's faster way hands out nonsense for features without a geometry (seen in 3.12)
        pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": True})
    errors = (DataLayerError, DataSourceError, FieldError, GeometryError)
    if kind != "Shapefile":
        yield path.absolute(), errors
        return
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        yield _unpacked(path, name, Path(folder)), errors


def _unpacked(path: Path, name: str, folder: Path) -> Path:
    """The .shp of an archive with the parts beside it, under names of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            shapes = [info for info in archive.infolist() if info.filename.casefold().endswith(".shp")]
            if len(shapes) != 1:
                raise UsageError(f"{name} holds {len(shapes)} Shapefiles; accepted: a zip archive of one")
            stem = PurePosixPath(shapes[0].filename).with_suffix("")
            parts = [
                (info, PurePosixPath(info.filename).suffix.casefold())
                for info in archive.infolist()
                if PurePosixPath(info.filename).with_suffix("") == stem
            ]
            for info, suffix in parts:
                if suffix in _PARTS:
                    _unpack(archive, info, folder / f"layer{suffix}", name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UsageError(f"{name} is damaged or has a password ({error}); accepted: a zipped Shapefile") from error
    return folder / "layer.shp"


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, name: str) -> None:
    most = min(MOST_SHAPE_BYTES, 1_000_000 + MOST_SWELL * info.compress_size)
    if info.file_size > most:
        raise UsageError(f"{name} would unpack to {info.file_size:,} bytes; accepted: at most {most:,} of this part")
    with archive.open(info) as part, place.open("wb") as out:
        left = info.file_size
        while piece := part.read(min(io.DEFAULT_BUFFER_SIZE * 16, left + 1)):
            left -= len(piece)
            if left < 0:
                raise UsageError(f"{name}: {info.filename} is longer than its archive says")
            out.write(piece)


def holds_shapefile(path: Path) -> bool:
    """Whether a file is a zip archive with a Shapefile in it."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.casefold().endswith(".shp") for name in archive.namelist())
