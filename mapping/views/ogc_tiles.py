"""Vector tiles of the events: `/tiles/{z}/{x}/{y}.mvt`, by OGC API - Tiles, and TileJSON for whoever draws them."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request

from geodata.allowed import Release
from geodata.answers import Extent, TileAt
from geodata.contracts import Workspace
from geodata.errors import NotFound, UsageError, shown
from geodata.query import FILTERS, PARAMETERS, EventQuery
from mapping.api import tile_documents
from mapping.api.documents import EVENTS, MVT
from mapping.api.strict import form_of, only, root
from mapping.api.tile_documents import MOST_ZOOM, SET
from mapping.api.told import told
from mapping.asking import Asking, Now
from mapping.conditional import Conditional
from mapping.crediting import credit_line
from mapping.recent import Recent
from mapping.tiles.events import tile_bytes

KEPT_BYTES = 32_000_000
"""Room for tiles that were made lately: some hundred."""


def add_routes(api: Blueprint, workspace: Workspace, asking: Asking, kept: Conditional) -> None:
    """The routes of tiles."""
    made: Recent[bytes] = Recent(KEPT_BYTES, len)

    @api.get("/tiles/<z>/<x>/<y>.mvt")
    def by_column(z: str, x: str, y: str) -> Response:
        only(*PARAMETERS, *FILTERS)
        return tile(_at(z, x, y))

    @api.get(f"{EVENTS}/tiles/{SET}/<z>/<row>/<column>")
    def by_row(z: str, row: str, column: str) -> Response:
        only(*PARAMETERS, *FILTERS, "f")
        form_of({"mvt": MVT})
        return tile(_at(z, column, row))

    def tile(at: TileAt) -> Response:
        query, release = _query(workspace), Release.of(workspace.settings)

        def answer(version: str) -> Response:
            now = asking.now(version)
            body = made.made(now.version, (query, at), lambda: drawn(now, query, release, at))
            if not body:
                return current_app.response_class(status=204)
            return Response(body, content_type=MVT)

        return kept.answer(answer)

    def drawn(now: Now, query: EventQuery, release: Release, at: TileAt) -> bytes:
        rows = now.tile(query, release, at)
        return tile_bytes(rows, workspace.store.event_ids(rows.rows), bool(release.generalise_km))

    def extent() -> Extent:
        return asking.now().extent(Release.of(workspace.settings))

    def credit(query: EventQuery) -> str:
        return credit_line(asking.now(), workspace.store, query, Release.of(workspace.settings))

    @api.get("/tiles.json")
    def tile_json() -> Response:
        only(*PARAMETERS, *FILTERS)
        query = _query(workspace)
        params = urlencode(query.to_params(), doseq=True)
        title = workspace.settings.title
        return jsonify(tile_documents.tile_json(root(), title, extent(), params, credit(query)))

    @api.get(f"{EVENTS}/tiles")
    def tilesets() -> Response:
        return told(tile_documents.tilesets(root(), form_of(), credit(EventQuery())), "Tiles of the events")

    @api.get(f"{EVENTS}/tiles/{SET}")
    def tileset() -> Response:
        return told(
            tile_documents.tileset(root(), extent(), form_of(), credit(EventQuery())),
            "Tiles in Web Mercator",
        )

    @api.get("/tileMatrixSets")
    def matrix_sets() -> Response:
        return told(tile_documents.matrix_sets(root(), form_of()), "How tiles are cut")

    @api.get(f"/tileMatrixSets/{SET}")
    def matrix_set() -> Response:
        return told(tile_documents.matrix_set(), "Tiles of Web Mercator")


def _query(workspace: Workspace) -> EventQuery:
    return EventQuery.from_params(request.args.to_dict(flat=False), tuple(workspace.event_types))


def _at(z: str, x: str, y: str) -> TileAt:
    """NotFound where the Web Mercator square has no such tile; UsageError where these are no numbers."""
    for text in (z, x, y):
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UsageError(f"{shown(text)} is no number of a tile; accepted: zoom, column and row, as 5/18/11")
    at = TileAt(int(z), int(x), int(y))
    if at.z > MOST_ZOOM or max(at.x, at.y) >= 2**at.z:
        raise NotFound(f"there is no tile {z}/{x}/{y}; accepted: zoom 0 to {MOST_ZOOM}, columns and rows below 2^zoom")
    return at
