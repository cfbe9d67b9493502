"""Answers that hold until the store changes: ETag and Last-Modified on its version and the question, 304 without work.

A tag is also of this process: after an upgrade the same store may be answered in another form.
"""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from http import HTTPStatus
from threading import Lock

from flask import Response, current_app, request

from geodata.contracts import Workspace
from geodata.model import stable_id
from mapping.compression import ALGORITHMS

_PROCESS = secrets.token_hex(4)
SECOND_S = 1.0


class Conditional:
    """What was answered stays good as long as the store's version does. Safe to share between threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._seen: tuple[str, float] = ("", 0.0)

    def answer(self, make: Callable[[str], Response], of_today: date | None = None, form: str = "") -> Response:
        """`make(version)` with its validators, or 304 where the client has that very answer.

        `form` tells answers apart that one address gives to different clients. `of_today` is given where the answer
        tells the date: it holds until the day ends.
        """
        if _nobody_waits():
            return current_app.response_class(status=HTTPStatus.SERVICE_UNAVAILABLE)
        # the version is read first: were the store changed meanwhile, a newer answer would go by an older tag at worst
        version = self._workspace.store.version()
        since = None if of_today else self._since(version)
        tag = stable_id(_PROCESS, version, request.full_path, str(of_today or ""), form)
        response = current_app.response_class(status=304) if _is_held(tag, since) else make(version)
        response.set_etag(tag)
        if since:
            response.last_modified = since
        response.cache_control.no_cache = True
        response.cache_control.private = True
        return response

    def _since(self, version: str) -> datetime | None:
        """When this version was first seen here; None in its first second.

        Last-Modified counts whole seconds. A version that says its second only when that is over cannot share it with
        the next version, so a client that asks by time alone is never told that an older answer still holds.
        """
        now = time.time()
        with self._lock:
            if self._seen[0] != version:
                self._seen = (version, now)
            first = self._seen[1]
        return datetime.fromtimestamp(int(first), UTC) if now - first >= SECOND_S else None


def _nobody_waits() -> bool:
    """Whether the client has gone: the page calls off what is outdated, and work for it would keep others waiting."""
    gone = request.environ.get("waitress.client_disconnected")
    return bool(gone and gone())


def _is_held(tag: str, since: datetime | None) -> bool:
    """Whether the client has the answer; its tag may end with the encoding that it got it in."""
    held = request.if_none_match
    if held:
        return any(held.contains(name) for name in (tag, *(f"{tag}:{encoding}" for encoding in ALGORITHMS)))
    asked = request.if_modified_since
    return bool(since and asked and asked >= since)
