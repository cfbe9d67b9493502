"""The documents of OGC API - Features but for the data: landing page, collections, and their links."""

from collections.abc import Mapping

from geodata.answers import Extent
from geodata.contracts import Exporter
from mapping.api.definition import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Document

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
EVENTS = "/collections/events"
MVT = "application/vnd.mapbox-vector-tile"


def link(href: str, rel: str, media_type: str, title: str, **more: object) -> dict[str, object]:
    """A link object (OGC API - Features 7.2)."""
    return {"href": href, "rel": rel, "type": media_type, "title": title, **more}


def both(address: str, form: str, what: str = "this document", media: str = JSON) -> list[Document]:
    """The links of a document to itself and to its other form, JSON or a page."""
    forms = {"json": media, "html": HTML}
    other = "html" if form == "json" else "json"
    join = "&" if "?" in address else "?"
    return [
        link(f"{address}{join}f={form}", "self", forms[form], what),
        link(f"{address}{join}f={other}", "alternate", forms[other], f"{what} as {other.upper()}"),
    ]


def landing(root: str, title: str) -> Document:
    """The landing page; `root` is the site's address without a slash at its end."""
    return {
        "title": title,
        "description": "News stories as dated, typed, located events: OGC API - Features and Tiles.",
        "links": [
            link(f"{root}/?f=json", "self", JSON, "this document"),
            link(f"{root}/", "alternate", HTML, "the map"),
            link(f"{root}/api?f=json", "service-desc", OPENAPI, "the definition of the API"),
            link(f"{root}/api?f=html", "service-doc", HTML, "the API for people"),
            link(f"{root}/conformance", "conformance", JSON, "what it conforms to"),
            link(f"{root}/collections", "data", JSON, "the collections"),
            link(f"{root}/tileMatrixSets", f"{REL}/tiling-schemes", JSON, "how tiles are cut"),
        ],
    }


def collection(
    root: str, title: str, extent: Extent, exporters: Mapping[str, Exporter], form: str, credit: str = ""
) -> Document:
    """The collection of events; `credit` is whom to name."""
    here = f"{root}{EVENTS}"
    files = [
        link(f"{here}/items?f={name}", "items", each.media_type, f"the events as {each.title}")
        for name, each in exporters.items()
        if name != "geojson"
    ]
    return {
        "id": "events",
        "title": f"Events of {title}",
        "description": "Dated, typed, located events with their sources, confidence and precision.",
        **({"attribution": credit} if credit else {}),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": _extent(extent),
        "links": [
            *both(here, form),
            link(f"{here}/items?f=json", "items", GEOJSON, "the events as GeoJSON"),
            link(f"{here}/items?f=html", "items", HTML, "the events as pages"),
            *files,
            link(f"{here}/schema", "describedby", SCHEMA, "what an event holds, as JSON Schema"),
            link(f"{here}/queryables", f"{REL}/queryables", SCHEMA, "what filters can ask"),
            link(f"{here}/tiles", f"{REL}/tilesets-vector", JSON, "the events as vector tiles"),
        ],
    }


def collections(root: str, events: Document, form: str) -> Document:
    return {"links": both(f"{root}/collections", form), "collections": [events]}


def alternates(here: str, params: str, exporters: Mapping[str, Exporter]) -> list[dict[str, object]]:
    """The same events in the other forms."""
    join = f"?{params}&f=" if params else "?f="
    page = link(f"{here}{join}html", "alternate", HTML, "these events as a page")
    files = (
        link(f"{here}{join}{name}", "alternate", each.media_type, f"these events as {each.title}")
        for name, each in exporters.items()
        if name != "geojson"
    )
    return [page, *files]


def _extent(reach: Extent) -> Document:
    """How far the events reach, in degrees and days; whole Earth where nothing is placed."""
    box, first, end = reach.bbox, reach.first, reach.end
    bounds = [box.west, box.south, box.east, box.north] if box else [-180, -90, 180, 90]
    interval = [f"{first}T00:00:00Z", f"{end}T23:59:59Z"] if first and end else [None, None]
    return {"spatial": {"bbox": [bounds], "crs": CRS84}, "temporal": {"interval": [interval]}}
