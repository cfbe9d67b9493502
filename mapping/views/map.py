"""The map page, and what it asks first: `/map/view` for what to draw and count, `/map/list` for the events by name."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geodata.answers import Extent
from geodata.contracts import Workspace
from mapping import plain
from mapping.api.strict import form_of
from mapping.asked import linked_view, query_of, whole_of
from mapping.asking import Asking
from mapping.assets import static_address
from mapping.basemaps import basemap_of
from mapping.conditional import Conditional
from mapping.describing import feed_address, view_json
from mapping.folium_map import event_map
from mapping.security import csp_nonce
from mapping.style import sub_types, type_styles
from mapping.views import exporting, figures, sharing
from mapping.views.ogc import landing_document
from mapping.whole_json import whole_json

LIST_LIMIT = 50
MOST_LISTED = 200
MOST_OFFSET = 10_000_000


def map_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    site = Blueprint("map", __name__)
    asking, kept = Asking(workspace), Conditional(workspace)

    @site.get("/")
    def page() -> Response | str:
        if _wants_json():
            return _landing(workspace)
        options = page_options(workspace, asking.now().extent())
        return render_template(
            "map.html",
            map=event_map(options, csp_nonce(), static_address),
            basemap=basemap_of(workspace.settings),
            card=sharing.link_card(workspace),
            feed=feed_address(linked_view(workspace)),
        )

    @site.get("/map/view")
    def view() -> Response:
        def answer(version: str) -> Response:
            now = asking.now(version)
            return whole_json({**view_json(now, query_of(workspace)), "samples": now.sample_count()})

        return kept.answer(answer)

    @site.get("/map/list")
    def listing() -> Response:
        def answer(version: str) -> Response:
            now = asking.now(version)
            limit, offset = whole_of("limit", LIST_LIMIT, MOST_LISTED), whole_of("offset", 0, MOST_OFFSET)
            total, rows = now.page(query_of(workspace), limit, offset)
            return whole_json({"total": total, "offset": offset, "events": now.briefs(rows)})

        return kept.answer(answer)

    @site.post("/samples/remove")
    def remove_samples() -> AnyResponse:
        removed = workspace.store.remove_samples()
        if "text/html" in request.headers.get("Accept", ""):
            return redirect("/", 303)
        return jsonify({"removed": removed})

    figures.add_routes(site, workspace, asking, kept)
    sharing.add_routes(site, workspace, asking, kept)
    exporting.add_routes(site, workspace, asking, kept)
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


def _wants_json() -> bool:
    """By `f`, else by the Accept header: browsers name text/html; OGC clients such as OWSLib and GDAL do not."""
    if request.args.get("f"):
        return form_of() == "json"
    return bool(request.accept_mimetypes) and "text/html" not in request.accept_mimetypes.values()


def _landing(workspace: Workspace) -> Response:
    """The landing page of OGC API - Features, which shares its address with the map."""
    return jsonify(landing_document(workspace))
