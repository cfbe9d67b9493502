"""Places for the review to choose from, by name and by position; and the page of the choices that are remembered.

The page works without JavaScript: each button is a form, and what it did is said on the page that follows, with undo.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from geodata.contracts import Workspace
from geodata.errors import NotFound, UsageError, shown
from geodata.geometry import distance_m
from geodata.model import PlaceChoice
from mapping import story_json
from mapping.json_fields import Fields

MAX_SEARCH_CHARS = 200
MOST_FOUND = 12
LEVEL_WORDS = ("", "as the name of a province or region", "as the name of a district")


def places_blueprint(workspace: Workspace) -> Blueprint:
    """`/places…` and `/choices…` over `workspace`."""
    views = Blueprint("places", __name__)

    @views.get("/places")
    def search() -> Response:
        text = request.args.get("q", "").strip()
        if not text or len(text) > MAX_SEARCH_CHARS:
            raise UsageError(f"q is {shown(text)}; accepted: a place's name, 1 to {MAX_SEARCH_CHARS} characters")
        near = request.args.get("near", "")
        found = workspace.gazetteer.search(text, limit=MOST_FOUND, near=_position(near, "near") if near else None)
        return jsonify({"q": text, "places": [story_json.candidate_json(item) for item in found]})

    @views.get("/places/at")
    def at() -> Response:
        """The nearest town to a position, and how far it is: what a point on the map is described by."""
        lon, lat = _position(request.args.get("at", ""), "at")
        town = workspace.gazetteer.nearest(lon, lat)
        away_m = distance_m(lon, lat, town.lon, town.lat) if town else None
        return jsonify({"place": story_json.place_json(town) if town else None, "away_m": away_m})

    @views.get("/choices")
    def choices() -> str:
        changed = request.args.get("changed", "")[:100]
        return render_template(
            "choices.html",
            choices=[_line(workspace, choice) for choice in workspace.choices.known()],
            changed=changed,
            done=_done(workspace, changed) if changed else "",
        )

    @views.post("/choices/<choice_id>/forget")
    def forget(choice_id: str) -> Answer:
        gone = workspace.choices.forget(choice_id)
        return _answer(gone, None)

    @views.post("/choices/<choice_id>/undo")
    def undo(choice_id: str) -> Answer:
        now = workspace.choices.undo(choice_id)
        return _answer(now, now, choice_id)

    return views


def _answer(about: PlaceChoice | None, now: PlaceChoice | None, choice_id: str = "") -> Answer:
    """For a script what the name means now, for a form the page again."""
    choice_id = about.choice_id if about else choice_id
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"choice_id": choice_id, "choice": story_json.choice_json(now) if now else None})
    return redirect(url_for("places.choices", changed=choice_id), 303)


def _done(workspace: Workspace, choice_id: str) -> str:
    """What the last change of a choice came to, in words; asked of the store, so that an old address tells no lie."""
    try:
        choice = workspace.choices.get(choice_id)
    except NotFound:
        return "The choice is forgotten. Places are chosen by the text alone again."
    return f"“{choice.name}” means {choice.place.name} again."


def _line(workspace: Workspace, choice: PlaceChoice) -> dict[str, Any]:
    day = choice.chosen_at.astimezone()
    return {
        **story_json.choice_json(choice),
        "day": f"{day.day} {day:%b %Y}",
        "level_words": LEVEL_WORDS[choice.level],
        "story": _title(workspace, choice.doc_id),
    }


def _title(workspace: Workspace, doc_id: str) -> str:
    """The title of the story that a choice was made in; empty where it was made in none, or the story is gone."""
    if not doc_id:
        return ""
    try:
        return workspace.store.document(doc_id).source.title or "Story without a title"
    except NotFound:
        return ""


def _position(text: str, name: str) -> tuple[float, float]:
    """`lon,lat` in degrees."""
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError as error:
        raise UsageError(f"{name} is {shown(text)}; accepted: lon,lat in degrees") from error
    if len(numbers) != 2:
        raise UsageError(f"{name} is {shown(text)}; accepted: lon,lat in degrees")
    fields = Fields(dict(zip(("lon", "lat"), numbers, strict=True)), name)
    return fields.number("lon", -180, 180), fields.number("lat", -90, 90)
