"""Likely duplicates: `/duplicates` shows two events side by side, and takes what a person says of them.

Each question for pairs also looks at what changed in the store since the last, for a moment; the answer says how much
is left, and the page asks again.
"""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request

from geodata.answers import DuplicatePair
from geodata.contracts import DuplicateBook, Workspace
from geodata.duplicates import differing, survivor_first, union
from geodata.errors import UsageError, shown
from geodata.model import Event, Fatalities
from mapping import plain
from mapping.basemaps import basemap_of
from mapping.json_fields import Fields
from mapping.story_form import fatalities_field, when_field
from mapping.style import type_styles

LOOK_S = 0.4
PAIRS_A_PAGE = 10
MOST_PAIRS = 50
MERGES_SHOWN = 20
MOST_OFFSET = 1_000_000
MOST_ID_CHARS = 2_000


def duplicates_blueprint(workspace: Workspace) -> Blueprint:
    """`/duplicates…`, over `workspace`."""
    views = Blueprint("duplicates", __name__, url_prefix="/duplicates")

    def book() -> DuplicateBook:
        return workspace.store.duplicates

    @views.get("")
    def page() -> str:
        options = {
            "types": type_styles(workspace.event_types),
            "basemap": basemap_of(workspace.settings).options(),
            "event": request.args.get("event", ""),
        }
        return render_template("duplicates.html", page=options)

    @views.get("/count.json")
    def count() -> Response:
        left = book().look(LOOK_S)
        return _fresh({"count": book().count(), "left": left})

    @views.get("/pairs.json")
    def pairs() -> Response:
        limit = _whole(request.args, "limit", PAIRS_A_PAGE, MOST_PAIRS)
        offset = _whole(request.args, "offset", 0, MOST_OFFSET)
        left = book().look(LOOK_S)
        found = book().pairs(limit, offset, request.args.get("event", ""))
        merges = [plain.merge(item) for item in book().latest_merges(MERGES_SHOWN)]
        told = [_pair(pair, book()) for pair in found]
        return _fresh({"count": book().count(), "left": left, "pairs": told, "merges": merges})

    @views.post("/merge")
    def merge() -> tuple[Response, int]:
        fields = Fields(request.get_json(silent=True), "the request")
        survivor = workspace.store.get(_id(fields, "survivor"))
        other = workspace.store.get(_id(fields, "merged"))
        whole = _edited(union(survivor, other), fields)
        merge_id = book().merge(whole, other.event_id)
        return jsonify({"merge_id": merge_id, "event": plain.detail(whole), "count": book().count()}), 201

    @views.post("/undo")
    def undo() -> Response:
        merge_id = Fields(request.get_json(silent=True), "the request").whole("merge_id", 1, 10**15)
        if merge_id is None:
            raise UsageError("merge_id is missing; accepted: the number that merging gave")
        undone = book().undo(merge_id)
        return jsonify({"survivor": undone.survivor_id, "restored": undone.merged.event_id})

    @views.post("/different")
    def different() -> Response:
        body = request.get_json(silent=True)
        fields = Fields(body, "the request")
        verdict = body.get("different", True) if isinstance(body, dict) else True
        if not isinstance(verdict, bool):
            raise fields.wrong("different", "true, or false to take it back")
        book().set_different(_id(fields, "first"), _id(fields, "second"), verdict)
        return jsonify({"count": book().count()})

    return views


def _pair(pair: DuplicatePair, book: DuplicateBook) -> plain.Plain:
    """The pair, the one that stays by default first, and what either would be with the other in it."""
    stays, goes = survivor_first(pair.first, pair.second)
    return {
        "score": pair.score,
        "reasons": list(pair.reasons),
        "doubts": list(pair.doubts),
        "differing": list(differing(stays, goes)),
        "events": [plain.detail(event) for event in (stays, goes)],
        "together": [plain.detail(union(stays, goes)), plain.detail(union(goes, stays))],
        "others": len(
            {*book.partners(stays.event_id), *book.partners(goes.event_id)} - {stays.event_id, goes.event_id}
        ),
    }


def _edited(event: Event, fields: Fields) -> Event:
    """The event with the date and the deaths that a person gave instead, where any were given."""
    if not fields.has("changes"):
        return event
    changes = fields.inner("changes")
    if changes.has("start") or changes.has("end"):
        event = replace(event, when=when_field(changes))
    if changes.has("fatalities"):
        deaths = fatalities_field(changes.inner("fatalities"))
        event = replace(event, fatalities=None if deaths == Fatalities() else deaths)
    return event


def _id(fields: Fields, name: str) -> str:
    found = fields.exact(name, MOST_ID_CHARS)
    if not found:
        raise fields.wrong(name, "the id of an event")
    return found


def _fresh(body: plain.Plain) -> Response:
    response = jsonify(body)
    response.cache_control.no_store = True
    return response


def _whole(args: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = args.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise UsageError(f"{name} {shown(text)} is not accepted; accepted: a whole number from 0 to {most}")
    return int(text)
