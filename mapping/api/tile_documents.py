"""The documents of OGC API - Tiles (20-057), and TileJSON 3.0: where tiles are and what they hold."""

from collections.abc import Sequence
from html import escape

from geodata.answers import Extent
from mapping.api.definition import JSON, Document
from mapping.api.documents import CRS84, EVENTS, MVT, REL, both, link
from mapping.tiles.events import FIELDS, LAYER

MOST_ZOOM = 22
SET = "WebMercatorQuad"
SET_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{SET}"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_EDGE_M = 20037508.3427892
_SCALE_0 = 559082264.028717
"""Scale denominator of zoom 0 (Two Dimensional Tile Matrix Set standard, 17-083r4, annex D.1)."""
_CELL_0_M = 156543.03392804097


def tilesets(root: str, form: str, credit: str = "") -> Document:
    """`/collections/events/tiles`; `credit` is whom to name beside the tiles."""
    here = f"{root}{EVENTS}/tiles"
    return {"links": both(here, form), "tilesets": [{**_about(credit), "links": _links(root)}]}


def tileset(root: str, extent: Extent, form: str, credit: str = "") -> Document:
    """`/collections/events/tiles/WebMercatorQuad`."""
    box = extent.bbox
    bounds = [[box.west, box.south], [box.east, box.north]] if box else [[-180.0, -90.0], [180.0, 90.0]]
    layer = {
        "id": LAYER,
        "dataType": "vector",
        "geometryDimension": 0,
        "propertiesSchema": {"type": "object", "properties": {name: _schema(kind) for name, kind in FIELDS.items()}},
    }
    here = f"{root}{EVENTS}/tiles/{SET}"
    return {
        **_about(credit),
        "layers": [layer],
        "boundingBox": {"lowerLeft": bounds[0], "upperRight": bounds[1], "crs": CRS84},
        "links": [*both(here, form), *_links(root)[1:]],
    }


def matrix_sets(root: str, form: str) -> Document:
    """`/tileMatrixSets`."""
    one = {
        "id": SET,
        "title": "Google Maps Compatible for the World",
        "uri": SET_URI,
        "crs": CRS,
        "links": [link(f"{root}/tileMatrixSets/{SET}", "self", JSON, SET)],
    }
    return {"tileMatrixSets": [one], "links": both(f"{root}/tileMatrixSets", form)}


def matrix_set() -> Document:
    """`/tileMatrixSets/WebMercatorQuad`."""
    return {
        "id": SET,
        "title": "Google Maps Compatible for the World",
        "uri": SET_URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(MOST_ZOOM + 1)],
    }


def tile_json(root: str, title: str, extent: Extent, params: str = "", credit: str = "") -> Document:
    """TileJSON 3.0, for MapLibre and others; the filters of `params` are those of the tiles.

    Its `attribution` is put into pages as HTML (section 3.3 of the specification), so the names in it are escaped.
    """
    box = extent.bbox
    return {
        "tilejson": "3.0.0",
        "name": f"Events of {title}",
        "description": "A point for each event; where they are many, for some of one type, with their count.",
        "tiles": [f"{root}/tiles/{{z}}/{{x}}/{{y}}.mvt{'?' if params else ''}{params}"],
        **({"attribution": escape(credit)} if credit else {}),
        "scheme": "xyz",
        "minzoom": 0,
        "maxzoom": MOST_ZOOM,
        "bounds": [box.west, max(box.south, -85.0511), box.east, min(box.north, 85.0511)] if box else _WORLD,
        "vector_layers": [{"id": LAYER, "description": "Placed events", "fields": FIELDS}],
    }


_WORLD = [-180, -85.0511, 180, 85.0511]


def _about(credit: str) -> dict[str, object]:
    """`attribution` as OGC's tile set metadata has it (17-083r4, table 17): plain text."""
    return {
        "title": "Events as vector tiles",
        **({"attribution": credit} if credit else {}),
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": SET_URI,
        "tileMatrixSetId": SET,
    }


def _links(root: str) -> Sequence[Document]:
    template = f"{root}{EVENTS}/tiles/{SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=mvt"
    return [
        link(f"{root}{EVENTS}/tiles/{SET}", "self", JSON, "this set of tiles"),
        link(template, "item", MVT, "a tile", templated=True),
        link(f"{root}/tileMatrixSets/{SET}", f"{REL}/tiling-scheme", JSON, "how tiles are cut"),
        link(f"{root}/tiles.json", "describedby", JSON, "TileJSON"),
        link(f"{root}{EVENTS}", f"{REL}/geodata", JSON, "the events"),
    ]


def _schema(kind: str) -> Document:
    return {"type": "integer", "minimum": 1} if kind == "Number" else {"type": "string"}


def _matrix(zoom: int) -> Document:
    return {
        "id": str(zoom),
        "scaleDenominator": _SCALE_0 / 2**zoom,
        "cellSize": _CELL_0_M / 2**zoom,
        "pointOfOrigin": [-_EDGE_M, _EDGE_M],
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }
