"""One event: everything the card shows, and what a person says of it."""

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from geodata.model import Event, Status
from mapping import plain

FEW_CHANGES = 20
"""Changed events that are compared while a person waits for a card; more are left to the pages that say so."""


def events_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    site = Blueprint("events", __name__, url_prefix="/events")

    @site.get("/<event_id>.json")
    def detail(event_id: str) -> AnyResponse:
        if survivor := workspace.store.duplicates.merged_into(event_id):
            return redirect(url_for("events.detail", event_id=survivor), 308)
        response = jsonify(told(workspace.store.get(event_id)))
        response.cache_control.no_cache = True
        return response

    @site.post("/<event_id>/status")
    def set_status(event_id: str) -> Response:
        workspace.store.get(event_id)  # NotFound, where a store would but count no change
        workspace.store.set_status([event_id], _status())
        return jsonify(told(workspace.store.get(event_id)))

    def told(event: Event) -> plain.Plain:
        """The event, how many others are likely the same, and what was merged into it."""
        book = workspace.store.duplicates
        book.look(0, most=FEW_CHANGES)
        merged = [plain.merge(item) for item in book.merges_of(event.event_id)]
        return {**plain.detail(event), "likely_same": len(book.partners(event.event_id)), "merged": merged}

    return site


def _status() -> Status:
    body = request.get_json(silent=True) if request.is_json else request.form
    text = body.get("status", "") if isinstance(body, dict) else ""
    try:
        return Status(str(text))
    except ValueError as error:
        raise UsageError(f"status {shown(text)} is unknown; accepted: {', '.join(Status)}") from error
