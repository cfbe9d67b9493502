"""Vector tiles as OpenAPI has them: the routes of mapping/views/ogc_tiles.py."""

from mapping.api.definition import HTML, JSON, Api, Described, Document, answer, operation, parameter
from mapping.api.documents import EVENTS, MVT
from mapping.api.parameters import filters, form
from mapping.api.tile_documents import MOST_ZOOM, SET

_OBJECT: Document = {"type": "object"}
_TILE: Document = {"type": "string", "format": "binary"}


def tile_paths(api: Api) -> Described:
    """See `PathProvider`."""
    tiles = f"{EVENTS}/tiles"
    narrowed = filters(list(api.types))
    by_row = [_number("tileMatrix", MOST_ZOOM), _number("tileRow"), _number("tileCol")]
    by_column = [_number("z", MOST_ZOOM), _number("x"), _number("y")]
    return Described(
        {
            tiles: {"get": _document("getTilesets", "the sets of tiles of the events")},
            f"{tiles}/{SET}": {"get": _document("getTileset", "the set of tiles in Web Mercator")},
            f"{tiles}/{SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {
                "get": _tile("getTile", [*by_row, *narrowed, form("mvt")])
            },
            "/tiles/{z}/{x}/{y}.mvt": {"get": _tile("getTileByColumn", [*by_column, *narrowed])},
            "/tiles.json": {
                "get": operation(
                    "getTileJson", "the tiles as TileJSON 3.0", narrowed, {"200": answer("TileJSON", {JSON: _OBJECT})}
                )
            },
            "/tileMatrixSets": {"get": _document("getTileMatrixSets", "how tiles can be cut")},
            f"/tileMatrixSets/{SET}": {"get": _document("getTileMatrixSet", "the tiles of Web Mercator, zoom by zoom")},
        }
    )


def _number(name: str, most: int = 2**MOST_ZOOM - 1) -> Document:
    return parameter(name, {"type": "integer", "minimum": 0, "maximum": most}, where="path")


def _document(operation_id: str, summary: str) -> Document:
    contents = {JSON: _OBJECT, HTML: {"type": "string"}}
    return operation(operation_id, summary, [form("json", "html")], {"200": answer(summary, contents)})


def _tile(operation_id: str, parameters: list[Document]) -> Document:
    answers = {"200": answer("a tile", {MVT: _TILE}), "204": {"description": "nothing is in the tile"}}
    return operation(operation_id, "a vector tile of the events", parameters, answers, ("400", "404"))
