"""Exporters: events -> one file, streamed. `EXPORTERS` is the table: a new format is one file and one line here."""

from collections.abc import Mapping

from geodata.contracts import Exporter
from geodata.errors import UsageError, shown
from geodata.export.csv import CsvExporter, HxlExporter
from geodata.export.excel import ExcelExporter
from geodata.export.geojson import GeoJsonExporter, GeoJsonLinesExporter
from geodata.export.geoparquet import GeoParquetExporter
from geodata.export.ical import ICalExporter
from geodata.export.kml import KmlExporter, KmzExporter
from geodata.export.spatial import FlatGeobufExporter, GeoPackageExporter
from geodata.export.timemap import TimeMapExporter

EXPORTERS: Mapping[str, Exporter] = {
    "geojson": GeoJsonExporter(),
    "csv": CsvExporter(),
    "excel": ExcelExporter(),
    "kml": KmlExporter(),
    "kmz": KmzExporter(),
    "gpkg": GeoPackageExporter(),
    "geoparquet": GeoParquetExporter(),
    "flatgeobuf": FlatGeobufExporter(),
    "geojsonl": GeoJsonLinesExporter(),
    "timemap": TimeMapExporter(),
    "hxl": HxlExporter(),
    "ical": ICalExporter(),
}
"""Those that most people look for first; packages that take long to load are imported by those that need them."""
MORE_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "geojson": (".json",),
    "geojsonl": (".ndjson", ".geojsons"),
    "geoparquet": (".geoparquet",),
}
"""Other endings by which a format is known."""


ALSO_NAMED: Mapping[str, str] = {"html": "onefile"}
"""Names that people try. In addresses of the API `f=html` is a page of it, so a format cannot be called so."""


def format_of(format_name: str, file_name: str = "", exporters: Mapping[str, Exporter] = EXPORTERS) -> str:
    """The format named, else the one that a file's suffix says, else GeoJSON. UsageError lists what there is."""
    if format_name:
        name = ALSO_NAMED.get(format_name, format_name)
        if name not in exporters:
            raise UsageError(f"format {shown(format_name)} is unknown; accepted: {', '.join(exporters)}")
        return name
    suffixes = {suffix: name for name, it in exporters.items() for suffix in (it.suffix, *MORE_SUFFIXES.get(name, ()))}
    ends = sorted((suffix for suffix in suffixes if file_name.casefold().endswith(suffix)), key=len)
    if ends:
        return suffixes[ends[-1]]
    if "." in file_name:
        known = ", ".join(suffixes)
        raise UsageError(f"{shown(file_name)} has no suffix of a known format; accepted: {known}, or --format")
    return "geojson"
