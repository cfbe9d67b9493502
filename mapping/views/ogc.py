"""OGC API - Features over the events: `/collections/events/items` is what the map shows, for curl, QGIS and ogrinfo.

Part 1 (OGC 17-069r4): core and geojson. `limit` above the maximum is clamped (7.15.2); a parameter that is unknown or
cannot be read is answered with 400 (7.4) as `application/problem+json` (RFC 9457). `bbox` and `datetime` also return
events without a place or a date (7.15.3, 7.15.4), unless `unplaced` or `undated` says otherwise.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote, urlencode

from flask import Blueprint, Request, Response, jsonify, redirect, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from geodata.contracts import Exporter, Workspace
from geodata.errors import GeodataError, NotFound, SetupError, StoreError, UsageError, shown
from geodata.features import collection, dumps, feature
from geodata.query import LISTED, PARAMETERS, EventQuery
from mapping.views.ogc_documents import CONFORMANCE, GEOJSON, landing, link, openapi
from mapping.views.stream import gathered, written
from mapping.writing.tags import event_tag

LIMIT, MOST = 1000, 100_000
MOST_OFFSET = 1_000_000_000
_SAID_WITH_NAME = {
    "bbox": "bbox_{}",
    "near": "near_{}",
    "polygon": "area",
    "fatalities": "fatalities-{}",
    "undated": "{}-undated",
    "unplaced": "{}-unplaced",
}
"""Parameters whose values say too little, or too much, by themselves in the name of a file."""
STATUS = {UsageError: 400, NotFound: 404, SetupError: 503, StoreError: 500}


def landing_document(workspace: Workspace) -> Mapping[str, object]:
    """The landing page as JSON; it shares its address `/` with the map (`/?f=json`)."""
    return landing(request.url_root.rstrip("/"), workspace.settings.title)


def ogc_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    api = Blueprint("ogc", __name__)
    api.register_error_handler(GeodataError, problem)
    api.after_request(partial(_shared, workspace.settings.cors_origins))
    extents: dict[str, Mapping[str, object]] = {}  # the last store version's: it takes a walk over every event

    def described() -> Mapping[str, object]:
        version = workspace.store.version()
        if version not in extents:
            extents.clear()
            extents[version] = _extent(workspace)
        return _events_collection(workspace.settings.title, extents[version])

    @api.get("/conformance")
    def conformance() -> Response:
        _only("f")
        return jsonify({"conformsTo": CONFORMANCE})

    @api.get("/api")
    def definition() -> Response:
        _only("f")
        response = jsonify(openapi(_root(), workspace.settings.title, list(workspace.event_types), LIMIT, MOST))
        response.mimetype = "application/vnd.oai.openapi+json;version=3.0"
        return response

    @api.get("/collections")
    def collections() -> Response:
        _only("f")
        links = [link(f"{_root()}/collections", "self", "application/json", "this document")]
        return jsonify({"links": links, "collections": [described()]})

    @api.get("/collections/events")
    def events() -> Response:
        _only("f")
        return jsonify(described())

    @api.get("/collections/events/items")
    def items() -> Response:
        return _items(workspace)

    @api.get("/collections/events/items/<path:event_id>")
    def item(event_id: str) -> AnyResponse:
        _only("f")
        if survivor := workspace.store.duplicates.merged_into(event_id):
            return redirect(f"{_root()}/collections/events/items/{quote(survivor, safe='')}", 308)
        event = workspace.store.get(event_id)
        found = feature(event)
        here = f"{_root()}/collections/events/items/{quote(event_id, safe='')}"
        found["links"] = [
            link(here, "self", GEOJSON, "this event"),
            link(f"{_root()}/collections/events", "collection", "application/json", "all events"),
        ]
        response = Response(dumps(found), mimetype=GEOJSON)
        response.set_etag(event_tag(event))  # what If-Match of the write API names
        return response

    return api


def problem(error: GeodataError) -> Response:
    """The error as problem details; the parameters that are accepted are in its words."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    title = {400: "Bad request", 404: "Not found", 503: "Set-up is not finished"}.get(status, "Server error")
    body = dumps({"type": "about:blank", "title": title, "status": status, "detail": str(error)})
    return Response(body, status=status, mimetype="application/problem+json")


def _shared(origins: str, response: Response) -> Response:
    """Pages of the sites that the settings name may read these routes; by default none, since drafts are in them."""
    asking = request.headers.get("Origin", "")
    allowed = [origin.strip() for origin in origins.split(",")]
    if "*" in allowed or (asking and asking in allowed):
        response.headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else asking
        response.vary.add("Origin")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _items(workspace: Workspace) -> Response:
    _only(*PARAMETERS, "limit", "offset", "f", "download")
    query = EventQuery.from_params(request.args.to_dict(flat=False), tuple(workspace.event_types))
    format_name = request.args.get("f", "") or "json"
    exporter = _exporter(workspace, format_name)
    download = request.args.get("download", "") in ("1", "true")
    limit = _whole(request, "limit", MOST if download else LIMIT, 1, MOST)
    offset = _whole(request, "offset", 0, 0, MOST_OFFSET)
    # a file to keep holds all that the filters show, unless a smaller number was asked for
    found = workspace.store.found(query, None if download and limit == MOST else limit, offset)
    if format_name in ("json", "geojson"):
        pages = _Pages(query, limit, offset, workspace.store.count(query))
        pieces = gathered(collection(found, head=pages.head(), tail=pages.tail))
    else:
        pieces = written(lambda out: exporter.write(found, out, query))
    whole = limit <= LIMIT and not download
    body = b"".join(pieces) if whole else stream_with_context(pieces)
    response = Response(body, content_type=exporter.media_type)
    if download:
        name = f"{file_name(query)}{exporter.suffix}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _exporter(workspace: Workspace, name: str) -> Exporter:
    exporters = workspace.exporters
    known = "geojson" if name == "json" else name
    if known not in exporters:
        raise UsageError(f"f {shown(name)} is unknown; accepted: {', '.join(['json', *exporters])}")
    return exporters[known]


class _Pages:
    """The members of one page of features that say where in the whole it stands."""

    def __init__(self, query: EventQuery, limit: int, offset: int, matched: int) -> None:
        self.query, self.limit, self.offset, self.matched = query, limit, offset, matched

    def head(self) -> Mapping[str, object]:
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"description": str(self.query), "timeStamp": now, "numberMatched": self.matched}

    def tail(self, returned: int) -> Mapping[str, object]:
        links = [link(self._address(self.offset), "self", GEOJSON, "this page")]
        links.append(link(self._address(self.offset, f="csv"), "alternate", "text/csv", "this page as CSV"))
        if returned and self.offset + returned < self.matched:
            links.append(link(self._address(self.offset + returned), "next", GEOJSON, "the next page"))
        if self.offset:
            links.append(link(self._address(max(0, self.offset - self.limit)), "prev", GEOJSON, "the page before"))
        links.append(link(f"{_root()}/collections/events", "collection", "application/json", "the collection"))
        return {"numberReturned": returned, "links": links}

    def _address(self, offset: int, **more: str) -> str:
        params: dict[str, object] = {**self.query.to_params(), "limit": self.limit}
        if offset:
            params["offset"] = offset
        return f"{_root()}/collections/events/items?{urlencode({**params, **more}, doseq=True)}"


def file_name(query: EventQuery) -> str:
    """A name of letters, digits and dashes that says the filters: events-battles-2022-02-01_2022-04-30."""
    parts = ["events"]
    params = query.to_params()
    for name, values in sorted(params.items(), key=lambda item: item[0] not in ("type", "sub_type", "status")):
        said = "_".join(values).replace("..", "open").replace("/", "_" if name == "datetime" else "-")
        parts.append(_SAID_WITH_NAME.get(name, "{}").format(said))
    safe = (re.sub(r"[^a-z0-9._-]+", "-", part.casefold().replace(",", "_")).strip("-.") for part in parts)
    return "-".join(part for part in safe if part)[:120]


def _events_collection(title: str, extent: Mapping[str, object]) -> Mapping[str, object]:
    root = _root()
    return {
        "id": "events",
        "title": f"Events of {title}",
        "description": "Dated, typed, located events with their sources, confidence and precision.",
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "extent": extent,
        "links": [
            link(f"{root}/collections/events", "self", "application/json", "this document"),
            link(f"{root}/collections/events/items", "items", GEOJSON, "the events as GeoJSON"),
            link(f"{root}/collections/events/items?f=csv", "items", "text/csv", "the events as CSV"),
        ],
    }


def _extent(workspace: Workspace) -> Mapping[str, object]:
    """How far the events reach, in degrees and days; whole Earth where nothing is placed."""
    reach = workspace.index().extent()
    box, first, end = reach.bbox, reach.first, reach.end
    bounds = [box.west, box.south, box.east, box.north] if box else [-180, -90, 180, 90]
    interval = [f"{first}T00:00:00Z", f"{end}T23:59:59Z"] if first and end else [None, None]
    return {"spatial": {"bbox": [bounds]}, "temporal": {"interval": [interval]}}


def _root() -> str:
    return request.url_root.rstrip("/")


def _only(*accepted: str) -> None:
    """UsageError for a parameter that this route does not know, or that says a thing twice which can be said once."""
    for name, values in request.args.lists():
        if name not in accepted:
            raise UsageError(f"parameter {shown(name)} is unknown; accepted: {', '.join(accepted)}")
        if len(values) > 1 and name not in LISTED:
            raise UsageError(f"parameter {shown(name)} is given {len(values)} times; accepted: once")
    if accepted == ("f",) and request.args.get("f", "json") not in ("json", "geojson", ""):
        raise UsageError(f"f {shown(request.args['f'])} is unknown here; accepted: json")


def _whole(asked: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` on, clamped to `most`."""
    text = asked.args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text[:20]) < least:
        raise UsageError(f"{name} {shown(text)} is not accepted; accepted: a whole number from {least} to {most}")
    return min(int(text[:20]), most)
