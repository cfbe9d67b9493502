"""Exporters: events -> one file, streamed. `EXPORTERS` is the table: a new format is one file and one line here."""

from collections.abc import Mapping

from geodata.contracts import Exporter
from geodata.export.csv import CsvExporter
from geodata.export.geojson import GeoJsonExporter

EXPORTERS: Mapping[str, Exporter] = {"geojson": GeoJsonExporter(), "csv": CsvExporter()}
