"""Event tables and map files as others publish them, one file a format: each makes a `RowSource` of a file.

Tables: `delimited` streams lines, `records` finds the header, `rows` makes a source, `columnar` is what makers of rows
share. Features: `jsonstream`, `xmlstream`, `arrows` read them, `eventmaker` makes events of them, `featured` a source.
`positions` finds a point of any geometry, `crs` the way to WGS84, `whens` days, `countries` an ISO code; `packed` reads
out of archives. What a format says of types is data, in `typenames`.
"""

from collections.abc import Callable, Mapping, Sequence

from geodata.contracts.tables import ColumnMapping, RowImporter, RowSource
from geodata.sources.formats import (
    acled,
    gdelt,
    geojson,
    georss,
    gpx,
    hxl,
    ical,
    kml,
    packed,
    spatial,
    timemap,
    ucdp,
    usgs,
    viina,
)
from geodata.sources.formats.records import Records
from geodata.sources.formats.rows import TableKind, TableRows

FORMATS: Mapping[str, RowImporter] = {
    "ucdp": ucdp.rows,
    "acled": acled.rows,
    "gdelt": gdelt.rows,
    "viina": viina.rows,
    "usgs": usgs.rows,
    "hxl": hxl.rows,
    "timemap": timemap.rows,
    "geojson": geojson.rows,
    "geojsonl": geojson.line_rows,
    "kml": kml.rows,
    "gpx": gpx.rows,
    "georss": georss.rows,
    "ical": ical.rows,
    "spatial": spatial.rows,
    "packed": packed.rows,
}
TELLS: Sequence[tuple[str, Callable[[str], bool]]] = (
    ("ucdp", ucdp.looks_like),
    ("acled", acled.looks_like),
    ("gdelt", gdelt.looks_like),
    ("viina", viina.looks_like),
    ("usgs", usgs.looks_like),
    ("hxl", hxl.looks_like),
    ("timemap", timemap.looks_like),
    ("geojsonl", geojson.looks_like_lines),
    ("geojson", geojson.looks_like),
    ("kml", kml.looks_like),
    ("gpx", gpx.looks_like),
    ("georss", georss.looks_like),
    ("ical", ical.looks_like),
)
"""In this order: UCDP's file of HDX has HXL tags too."""
TABLES: Sequence[tuple[Callable[[str], bool], TableKind]] = (
    (ucdp.looks_like, ucdp.KIND),
    (acled.looks_like, acled.KIND),
    (viina.looks_like, viina.KIND),
    (usgs.looks_like, usgs.KIND),
)
"""Tables that are known by their header in a workbook too, as ACLED and UCDP hand them out."""
SUFFIXES: Mapping[str, str] = {
    ".kml": "kml",
    ".kmz": "kml",
    ".gpx": "gpx",
    ".ics": "ical",
    ".gpkg": "spatial",
    ".fgb": "spatial",
    ".parquet": "spatial",
    ".geoparquet": "spatial",
    ".zip": "packed",
    ".gz": "packed",
    ".geojson": "geojson",
    ".geojsonl": "geojsonl",
    ".geojsons": "geojsonl",
    ".geojsonseq": "geojsonl",
}


def known_table(records: Records, name: str, mapping: ColumnMapping | None) -> RowSource | None:
    """The rows of a sheet whose header is that of one of TABLES; None for any other."""
    header = ",".join(records.header)
    kind = next((kind for looks_like, kind in TABLES if looks_like(header)), None)
    return TableRows(records, name, kind, mapping) if kind else None


def binary_format(head: bytes, suffix: str = "") -> str:
    """The format of a file that is no text, by what it begins with; empty where it is none of these.

    A KMZ and a zipped Shapefile are told from other archives by the names in their first bytes, else by `suffix`.
    """
    if head.startswith(b"PK\x03\x04") and (b"doc.kml" in head or suffix == "kml"):
        return "kml"
    if spatial.kind_of_file(head):
        return "spatial"
    return "packed" if packed.is_packed(head) and suffix in ("", "packed", "csv") else ""


def text_format(head: str) -> str:
    """The format of a text by its beginning; empty where it is none of these."""
    return next((name for name, looks_like in TELLS if looks_like(head)), "")
