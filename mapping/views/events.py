"""One event: everything the card shows, and what a person says of it."""

from flask import Blueprint, Response, jsonify, request

from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from geodata.model import Status
from mapping import plain


def events_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    site = Blueprint("events", __name__, url_prefix="/events")

    @site.get("/<event_id>.json")
    def detail(event_id: str) -> Response:
        response = jsonify(plain.detail(workspace.store.get(event_id)))
        response.cache_control.no_cache = True
        return response

    @site.post("/<event_id>/status")
    def set_status(event_id: str) -> Response:
        workspace.store.get(event_id)  # NotFound, where a store would but count no change
        workspace.store.set_status([event_id], _status())
        return jsonify(plain.detail(workspace.store.get(event_id)))

    return site


def _status() -> Status:
    body = request.get_json(silent=True) if request.is_json else request.form
    text = body.get("status", "") if isinstance(body, dict) else ""
    try:
        return Status(str(text))
    except ValueError as error:
        raise UsageError(f"status {shown(text)} is unknown; accepted: {', '.join(Status)}") from error
