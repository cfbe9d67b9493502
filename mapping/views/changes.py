"""`/changes`: what became of the events since a cursor, for programs that keep a copy of them.

A client applies the changes in order and keeps the last `cursor`; that is all it needs to go on, whenever it does.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from threading import BoundedSemaphore
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from geodata.contracts import ChangePage, Workspace
from geodata.features import dumps
from mapping.api.strict import form_of, only, whole
from mapping.telling import change_json
from mapping.views.ogc import shared
from mapping.writing.access import Guard

LIMIT, MOST = 100, 1_000
MOST_WAIT_S = 25
"""Under the half minute after which proxies hang up."""
LOOK_S = 0.25
PARAMETERS = ("since", "limit", "wait", "f")


def changes_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    api = Blueprint("changes", __name__)
    api.after_request(partial(shared, workspace.settings.cors_origins))
    # who waits holds a thread of the server: most of them have to stay free
    waiting = BoundedSemaphore(max(1, workspace.settings.threads // 4))
    guard = Guard(workspace)

    def following(since: str, limit: int, wait_s: int) -> ChangePage:
        page = workspace.store.changes.since(since, limit)
        if page.changes or not wait_s or not waiting.acquire(blocking=False):
            return page
        try:
            version, end = workspace.store.version(), time.monotonic() + wait_s
            while time.monotonic() < end and not _has_gone():
                time.sleep(LOOK_S)
                if workspace.store.version() != version:
                    version = workspace.store.version()
                    page = workspace.store.changes.since(since, limit)
                    if page.changes:
                        break
        finally:
            waiting.release()
        return page

    @api.get("/changes")
    def changes() -> Response:
        only(*PARAMETERS)
        release = guard.release()
        form_of({"json": "application/json"})
        since, limit = request.args.get("since", ""), whole("limit", LIMIT, 1, MOST)
        now = workspace.store.changes.now() if since == "now" else since
        page = following(now, limit, whole("wait", 0, 0, MOST_WAIT_S))
        told = [each for change in page.changes if (each := change_json(change, release))]
        body = {
            "changes": told,
            "cursor": page.cursor,
            "more": page.more,
            "leftOut": len(page.changes) - len(told),
            "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "links": [_link("self", since, limit), _link("next", page.cursor, limit)],
        }
        response = Response(dumps(body), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return api


def _link(rel: str, since: str, limit: int) -> Mapping[str, str]:
    params = {"since": since, **({"limit": str(limit)} if limit != LIMIT else {})}
    return {"rel": rel, "type": "application/json", "href": f"{request.url_root}changes?{urlencode(params)}"}


def _has_gone() -> bool:
    gone = request.environ.get("waitress.client_disconnected")
    return bool(gone and gone())
