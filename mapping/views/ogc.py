"""OGC API - Features over the events: what the map shows, for curl, QGIS, GDAL and R; and its documents.

Part 1 (OGC 17-069r4): core, oas30, geojson, html; Part 3 (OGC 19-079r2): filters in CQL2. `limit` above the maximum is
clamped (7.15.2); a parameter that is unknown or cannot be read is answered with 400 (7.4) as problem details (RFC
9457). `bbox` and `datetime` also return events without a place or a date (7.15.3, 7.15.4), unless `unplaced` or
`undated` says otherwise.
"""

from functools import partial

from flask import Blueprint, Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from geodata.allowed import Release
from geodata.contracts import Workspace
from geodata.errors import GeodataError, NotFound, StoreBusy, shown
from geodata.query import EventQuery
from mapping.api import documents, schemas
from mapping.api.conformance import CONFORMANCE
from mapping.api.definition import HTML, OPENAPI, SCHEMA, Api, Document, definition
from mapping.api.documents import EVENTS
from mapping.api.providers import PROVIDERS
from mapping.api.strict import form_of, only, root
from mapping.api.told import page, told, varied
from mapping.asking import Asking
from mapping.conditional import Conditional
from mapping.crediting import credit_line
from mapping.views import ogc_items, ogc_tiles
from mapping.views.errors import RETRY_S, STATUS_OF
from mapping.views.naming import file_name
from mapping.writing.access import Guard

__all__ = ["api_description", "file_name", "landing_document", "ogc_blueprint", "problem"]


def landing_document(workspace: Workspace) -> Document:
    """The landing page as JSON; it shares its address `/` with the map (`/?f=json`)."""
    return documents.landing(root(), workspace.settings.title)


def api_description(workspace: Workspace) -> Document:
    """The OpenAPI definition of every part of the API."""
    formats = ogc_items.forms(workspace)
    api = Api(root(), workspace.settings.title, workspace.event_types, formats, ogc_items.LIMIT, ogc_items.MOST)
    return definition(api, PROVIDERS, "News stories as dated, typed, located events.")


def ogc_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    api = Blueprint("ogc", __name__)
    api.register_error_handler(GeodataError, problem)
    api.after_request(partial(shared, workspace.settings.cors_origins))
    asking, kept, guard = Asking(workspace), Conditional(workspace), Guard(workspace)

    @api.get("/conformance")
    def conformance() -> Response:
        return told({"conformsTo": CONFORMANCE}, "What the API conforms to")

    @api.get("/api")
    def described() -> Response:
        only("f")
        document = api_description(workspace)
        if form_of({"json": OPENAPI, "html": HTML}) == "html":
            return varied(page("api_definition.html", api=document))
        response = jsonify(document)
        response.content_type = OPENAPI
        return varied(response)

    @api.get("/collections")
    def collections() -> Response:
        form = form_of()
        return told(documents.collections(root(), collection(form), form), "Collections")

    @api.get(EVENTS)
    def events() -> Response:
        return told(collection(form_of()), "The collection of events")

    @api.get("/collections/<name>")
    @api.get("/collections/<name>/<path:part>")
    def other(name: str, part: str = "") -> Response:
        if name == "events":
            raise NotFound(
                f"the collection has no {shown(part)}; accepted: items, schema, queryables, tiles, or nothing"
            )
        raise NotFound(f"there is no collection {shown(name)}; accepted: events")

    @api.get(f"{EVENTS}/schema")
    def schema() -> Response:
        document = schemas.feature_schema(f"{root()}{EVENTS}/schema", "An event", workspace.event_types)
        return told(document, "What an event holds", SCHEMA, "api_schema.html")

    @api.get(f"{EVENTS}/queryables")
    def queryables() -> Response:
        document = schemas.queryables(f"{root()}{EVENTS}/queryables", "Events", workspace.event_types)
        return told(document, "What filters can ask", SCHEMA, "api_schema.html")

    @api.get(f"{EVENTS}/items")
    def items() -> Response:
        return varied(ogc_items.items(workspace, asking, kept, guard), "Authorization")

    @api.get(f"{EVENTS}/items/<path:event_id>")
    def item(event_id: str) -> AnyResponse:
        return varied(ogc_items.item(workspace, event_id, guard), "Authorization")

    def collection(form: str) -> Document:
        now, release = asking.now(), Release.of(workspace.settings)
        credit, title = credit_line(now, workspace.store, EventQuery(), release), workspace.settings.title
        return documents.collection(root(), title, now.extent(release), workspace.exporters, form, credit)

    ogc_tiles.add_routes(api, workspace, asking, kept)
    return api


def problem(error: GeodataError) -> Response:
    """The error as problem details; the parameters that are accepted are in its words."""
    status = next((code.value for kind, code in STATUS_OF.items() if isinstance(error, kind)), 500)
    busy = isinstance(error, StoreBusy)
    titles = {400: "Bad request", 404: "Not found", 503: "Busy" if busy else "Set-up is not finished"}
    title = titles.get(status, "Server error")
    response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": str(error)})
    response.status_code, response.mimetype = status, "application/problem+json"
    if busy:
        response.headers["Retry-After"] = str(RETRY_S)
    return response


def shared(origins: str, response: Response) -> Response:
    """Pages of the sites that the settings name may read these routes; by default none, since drafts are in them."""
    asking = request.headers.get("Origin", "")
    allowed = [origin.strip() for origin in origins.split(",")]
    if "*" in allowed or (asking and asking in allowed):
        response.headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else asking
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
        response.vary.add("Origin")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
