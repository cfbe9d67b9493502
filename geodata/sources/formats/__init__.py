"""Event tables and map files as others publish them, one file a format: each makes a `RowSource` of a file.

`delimited` streams lines, `rows` makes a source of a table and `columnar` holds what makers of its rows share;
`featured` makes rows of features, which `jsonstream`, `xmlstream` and `arrows` read. `positions` finds a point of any
geometry, `crs` the way to WGS84, `whens` the days, `countries` an ISO code. What a format says of types is data, in
`typenames`.
"""

from collections.abc import Callable, Mapping, Sequence

from geodata.contracts.tables import RowImporter
from geodata.sources.formats import (
    acled,
    gdelt,
    geojson,
    georss,
    gpx,
    hxl,
    ical,
    kml,
    spatial,
    timemap,
    ucdp,
    usgs,
    viina,
)

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
SUFFIXES: Mapping[str, str] = {
    ".kml": "kml",
    ".kmz": "kml",
    ".gpx": "gpx",
    ".ics": "ical",
    ".gpkg": "spatial",
    ".fgb": "spatial",
    ".parquet": "spatial",
    ".geoparquet": "spatial",
    ".geojson": "geojson",
    ".geojsonl": "geojsonl",
    ".geojsons": "geojsonl",
    ".geojsonseq": "geojsonl",
}


def binary_format(head: bytes) -> str:
    """The format of a file that is no text, by what it begins with; empty where it is none of these.

    A KMZ and a zipped Shapefile are told from other zip archives by the names in their first 200,000 bytes.
    """
    if head.startswith(b"PK\x03\x04") and b".kml" in head:
        return "kml"
    return "spatial" if spatial.kind_of_file(head) else ""


def text_format(head: str) -> str:
    """The format of a text by its beginning; empty where it is none of these."""
    return next((name for name, looks_like in TELLS if looks_like(head)), "")
