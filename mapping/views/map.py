"""The map page, and what it asks: `/map/view` for what to draw and count, `/map/list` for the events by name."""

import math
from collections.abc import Callable, Mapping

from flask import Blueprint, Request, Response, current_app, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from geodata.model import stable_id
from geodata.query import EventQuery
from mapping import plain
from mapping.asking import UNITS, Asking, Extent
from mapping.basemaps import basemap_of
from mapping.folium_map import event_map
from mapping.security import csp_nonce
from mapping.style import sub_types, type_styles
from mapping.views.ogc import landing_document

LIST_LIMIT = 50
MOST_LISTED = 200
MOST_OFFSET = 10_000_000


def map_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    site = Blueprint("map", __name__)
    asking = Asking(workspace)

    @site.get("/")
    def page() -> Response | str:
        if _wants_json():
            return _landing(workspace)
        options = page_options(workspace, asking.extent())
        return render_template("map.html", map=event_map(options, csp_nonce()), basemap=basemap_of(workspace.settings))

    @site.get("/map/view")
    def view() -> Response:
        def answer() -> Response:
            query, zoom, unit = asked(request, workspace), _zoom(request.args), _unit(request.args)
            found = asking.view(query, zoom, unit)
            events = [plain.brief(event) for event in asking.events(found.single_ids)]
            return jsonify({**plain.map_view(found), "events": events, **_whole_store(workspace, asking.extent())})

        return _cached(workspace, answer)

    @site.get("/map/list")
    def listing() -> Response:
        def answer() -> Response:
            limit = _whole(request.args, "limit", LIST_LIMIT, MOST_LISTED)
            offset = _whole(request.args, "offset", 0, MOST_OFFSET)
            total, events = asking.page(asked(request, workspace), limit, offset)
            return jsonify({"total": total, "offset": offset, "events": [plain.brief(event) for event in events]})

        return _cached(workspace, answer)

    @site.post("/samples/remove")
    def remove_samples() -> AnyResponse:
        removed = workspace.store.remove_samples()
        if "text/html" in request.headers.get("Accept", ""):
            return redirect("/", 303)
        return jsonify({"removed": removed})

    return site


def page_options(workspace: Workspace, extent: Extent) -> Mapping[str, object]:
    """What the page's script starts from; plain data only."""
    return {
        "types": type_styles(workspace.event_types),
        "sub_types": sub_types(workspace.event_types),
        "basemap": basemap_of(workspace.settings).options(),
        "bounds": plain.box(extent.bbox),
        "days": plain.days(extent.first, extent.last),
    }


def asked(req: Request, workspace: Workspace) -> EventQuery:
    """The query of a request's parameters; UsageError where one cannot be read."""
    return EventQuery.from_params(req.args.to_dict(flat=False), tuple(workspace.event_types))


def _whole_store(workspace: Workspace, extent: Extent) -> Mapping[str, object]:
    """What the page says of the store whatever the filters: the samples in it, its days, the box around its places."""
    return {
        "samples": workspace.store.sample_count(),
        "first": extent.first.isoformat() if extent.first else None,
        "last": extent.last.isoformat() if extent.last else None,
        "anywhere": plain.box(extent.bbox),
    }


def _wants_json() -> bool:
    """By `f`, else by the Accept header: browsers name text/html; OGC clients such as OWSLib and GDAL do not."""
    if asked_for := request.args.get("f", ""):
        return asked_for == "json"
    return bool(request.accept_mimetypes) and "text/html" not in request.accept_mimetypes.values()


def _landing(workspace: Workspace) -> Response:
    """The landing page of OGC API - Features, which shares its address with the map."""
    return jsonify(landing_document(workspace))


def _cached(workspace: Workspace, answer: Callable[[], Response]) -> Response:
    """`answer()` with an ETag on the store's version and the question; 304 where the client has that very answer."""
    tag = stable_id(workspace.store.version(), request.full_path)
    if request.if_none_match.contains(tag):
        response = current_app.response_class(status=304)
    else:
        response = answer()
    response.set_etag(tag)
    response.cache_control.no_cache = True
    response.cache_control.private = True
    return response


def _zoom(args: Mapping[str, str]) -> float:
    text = args.get("zoom", "2")
    try:
        zoom = float(text)
    except ValueError:
        zoom = math.nan
    if not 0 <= zoom <= 30:
        raise UsageError(f"zoom {shown(text)} is not a zoom; accepted: a number from 0 to 30")
    return zoom


def _unit(args: Mapping[str, str]) -> str:
    unit = args.get("unit", "")
    if unit and unit not in UNITS:
        raise UsageError(f"unit {shown(unit)} is unknown; accepted: {', '.join(UNITS)}, or nothing")
    return unit


def _whole(args: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise UsageError(f"{name} {shown(text)} is not accepted; accepted: a whole number from 0 to {most}")
    return int(text)
