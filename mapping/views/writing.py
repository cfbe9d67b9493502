"""The write API: events as items of their collection, and stories, by programs that hold a token (docs/api.md)."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from geodata.contracts import Reply, Workspace
from geodata.tokens import Scope, Token
from mapping.writing.access import Guard, has_token
from mapping.writing.bodies import GEOJSON, JSON, MERGE_PATCH, json_body
from mapping.writing.events import ITEMS, EventWriter
from mapping.writing.keys import key_of, response_of
from mapping.writing.refusing import Refused, refusal
from mapping.writing.stories import StoryWriter


def writing_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    api = Blueprint("writing", __name__)
    api.app_errorhandler(Refused)(refusal)
    guard, events, stories = Guard(workspace), EventWriter(workspace), StoryWriter(workspace)

    def replayed(token: Token) -> Response | None:
        """The answer that this very request had before, without any of its work."""
        key = key_of(token)
        reply = workspace.store.edits.replied(key) if key else None
        return response_of(reply, replayed=True) if reply else None

    def written(make: Callable[[Token], Reply]) -> Response:
        token = guard.require(Scope.WRITE)
        return replayed(token) or response_of(make(token))

    @api.before_app_request
    def add_story_by_token() -> Response | None:
        # the page's own form posts to the same address, without a token
        if request.method != "POST" or request.path != "/stories" or not has_token():
            return None
        return written(stories.add)

    @api.post(ITEMS)
    def add_events() -> Response:
        return written(lambda token: events.add(token, json_body(GEOJSON, JSON)))

    @api.put(f"{ITEMS}/<path:event_id>")
    def put_event(event_id: str) -> Response:
        return written(lambda token: events.put(token, event_id, json_body(GEOJSON, JSON)))

    @api.patch(f"{ITEMS}/<path:event_id>")
    def patch_event(event_id: str) -> Response:
        return written(lambda token: events.patch(token, event_id, json_body(MERGE_PATCH, JSON, GEOJSON)))

    @api.delete(f"{ITEMS}/<path:event_id>")
    def delete_event(event_id: str) -> Response:
        return written(lambda token: events.remove(token, event_id))

    @api.put("/stories/<doc_id>")
    def put_story(doc_id: str) -> Response:
        return written(lambda token: stories.put(token, doc_id))

    @api.delete("/stories/<doc_id>")
    def delete_story(doc_id: str) -> Response:
        return written(lambda token: stories.remove(token, doc_id))

    return api
