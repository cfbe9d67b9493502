"""Feeds of any filtered view: `/feeds/events.atom` and `/feeds/events.json`, with the filters that the map has."""

from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from geodata.allowed import Release
from geodata.contracts import Workspace
from geodata.features import dumps
from geodata.query import PARAMETERS, EventQuery
from mapping.api.strict import only, whole
from mapping.asking import Asking
from mapping.conditional import Conditional
from mapping.describing import filters_in_words
from mapping.feeds import ATOM_TYPE, JSON_FEED_TYPE, Entry, Feed, atom, json_feed
from mapping.views.ogc import shared

LIMIT, MOST = 50, 200
MOST_NUMBER = 2**31 - 1
"""Of a change, in every database."""
FEW = 2_000
"""Events that answer: up to so many are looked up one by one, so that a page of a rare filter is full too."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was changed last."""


def feeds_blueprint(workspace: Workspace) -> Blueprint:
    """Views over `workspace`."""
    site = Blueprint("feeds", __name__)
    site.after_request(partial(shared, workspace.settings.cors_origins))
    asking, kept = Asking(workspace), Conditional(workspace)

    @site.get("/feeds/events.atom")
    def atom_feed() -> Response:
        return kept.answer(
            lambda version: Response(
                atom(_feed(workspace, asking, version)), content_type=f"{ATOM_TYPE}; charset=utf-8"
            )
        )

    @site.get("/feeds/events.json")
    def feed_as_json() -> Response:
        return kept.answer(
            lambda version: Response(dumps(json_feed(_feed(workspace, asking, version))), content_type=JSON_FEED_TYPE)
        )

    return site


def _feed(workspace: Workspace, asking: Asking, version: str) -> Feed:
    only(*PARAMETERS, "limit", "before")
    query = EventQuery.from_params(request.args.to_dict(flat=False), tuple(workspace.event_types))
    limit, before = whole("limit", LIMIT, 1, MOST), whole("before", 0, 0, MOST_NUMBER)
    now, release = asking.now(version), Release.of(workspace.settings)
    stored, within = now.narrowed(query, release) if release.hidden_km else (query, None)
    matched, rows = now.page(stored, FEW, 0) if within is None else now.page_of(stored, within, FEW)
    found = workspace.store.changes.recent(stored, limit, before, rows if matched <= FEW else None, within)
    entries = [Entry(event, *times) for each, *times in found.events if (event := release.event(each))]
    stays = len(found.events) - len(entries)
    params = query.to_params()
    root = request.url_root.rstrip("/")
    paging: dict[str, object] = {"limit": limit} if limit != LIMIT else {}

    def address(**more: object) -> str:
        asked = urlencode({**params, **paging, **more}, doseq=True)
        return f"{root}{request.path}{'?' if asked else ''}{asked}"

    view = urlencode(query.without("undated", "unplaced").to_params(), doseq=True, safe="/,")
    words = filters_in_words(query).rstrip(".")
    left_out = f" {stays} more, whose source's terms do not allow passing them on, are left out of this page."
    return Feed(
        root=root,
        site=workspace.settings.title,
        title=f"{workspace.settings.title}: {words}",
        subtitle=f"Events, the latest changed first: {words}.{left_out if stays else ''}",
        store_id=version.rpartition("-")[0],
        params=urlencode(params, doseq=True),
        page=f"{root}/{'?' if view else ''}{view}",
        address=address(before=before) if before else address(),
        first=address(),
        following=address(before=found.before) if found.before else "",
        updated=entries[0].updated if entries else BEGINNING,
        entries=entries,
    )
