"""What else the map page asks of a view: charts, a heat map's cells, the view in words, names to choose from."""

from datetime import date

from flask import Blueprint, Response, request

from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from mapping import plain
from mapping.asked import axis_of, query_of, unit_of, zoom_of
from mapping.asking import Asking
from mapping.conditional import Conditional
from mapping.describing import description
from mapping.whole_json import whole_json

NAME_FIELDS = ("source", "actor", "country", "admin1")
MOST_NAMES = 20
MAX_PREFIX_CHARS = 100


def add_routes(site: Blueprint, workspace: Workspace, asking: Asking, kept: Conditional) -> None:
    """Adds the views to the map's blueprint."""

    @site.get("/map/charts")
    def charts() -> Response:
        def answer(version: str) -> Response:
            now, args = asking.now(version), request.args
            found = now.charts(query_of(workspace), unit_of(args.get("unit", "")), axis_of(args.get("axis", "")))
            named = now.events([spot.row_id for spot in found.spots])
            return whole_json({**plain.charts(found, named), "version": now.version_hash()})

        return kept.answer(answer)

    @site.get("/map/grid")
    def grid() -> Response:
        def answer(version: str) -> Response:
            now = asking.now(version)
            found = now.grid(query_of(workspace), zoom_of(request.args.get("zoom", "")))
            return whole_json({**plain.grid(found), "version": now.version_hash()})

        return kept.answer(answer)

    @site.get("/map/describe")
    def describe() -> Response:
        today = date.today()

        def answer(version: str) -> Response:
            return whole_json(description(workspace, asking.now(version), query_of(workspace), today))

        return kept.answer(answer, of_today=today)

    @site.get("/map/names")
    def names() -> Response:
        def answer(_version: str) -> Response:
            field, prefix = request.args.get("field", ""), request.args.get("q", "").strip()
            if field not in NAME_FIELDS:
                raise UsageError(f"field {shown(field)} is unknown; accepted: {', '.join(NAME_FIELDS)}")
            if len(prefix) > MAX_PREFIX_CHARS:
                raise UsageError(f"q has {len(prefix)} characters; accepted: at most {MAX_PREFIX_CHARS}")
            found = workspace.store.names(field, prefix, MOST_NAMES, request.args.get("country", "").upper())
            return whole_json({"names": [{"name": name, "count": count} for name, count in found]})

        return kept.answer(answer)
