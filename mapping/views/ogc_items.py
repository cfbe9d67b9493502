"""`/collections/events/items`: the events that answer, page by page, in each form; and one event."""

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from flask import Response, redirect, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from geodata.allowed import MOST_KM
from geodata.answers import RowKey, RowPage
from geodata.contracts import ExportOptions, Workspace
from geodata.errors import NotFound, UsageError, shown
from geodata.features import collection, dumps, feature
from geodata.model import Event
from geodata.query import FILTERS, PARAMETERS, EventQuery
from mapping.api.definition import GEOJSON, HTML, SCHEMA
from mapping.api.documents import EVENTS, alternates, link
from mapping.api.parameters import MOST_OFFSET
from mapping.api.strict import form_of, only, root, whole
from mapping.api.told import page as told_page
from mapping.asking import Asking, Now
from mapping.conditional import Conditional
from mapping.views.naming import file_name
from mapping.views.stream import begun, gathered, written
from mapping.writing.access import Guard
from mapping.writing.tags import event_tag

LIMIT, MOST = 1000, 100_000
PAGE_LIMIT = 50
"""Events on a page for people, where no number is asked for."""
PAGING = ("limit", "after", "before", "offset")


def forms(workspace: Workspace) -> dict[str, str]:
    """The forms of items and their media types."""
    return {"json": GEOJSON, "html": HTML, **{name: each.media_type for name, each in workspace.exporters.items()}}


def items(workspace: Workspace, asking: Asking, kept: Conditional, guard: Guard) -> Response:
    """The events that answer this request."""
    only(*PARAMETERS, *FILTERS, *PAGING, "f", "download", "areas", "generalise")
    asked = _Asked(workspace, guard)
    form = f"{asked.form} {asked.release} {root()}"
    if asked.form == "html":
        return asked.page_for_people(asking)
    if asked.download or asked.circles or asked.form not in ("json", "geojson"):
        return kept.answer(lambda version: asked.file(asking.now(version)), form=form)
    return kept.answer(lambda version: asked.features(asking.now(version)), form=form)


class _Asked:
    """What a request for items asks, read once."""

    def __init__(self, workspace: Workspace, guard: Guard) -> None:
        args = request.args
        self.workspace, self.form = workspace, form_of(forms(workspace))
        self.query = EventQuery.from_params(args.to_dict(flat=False), tuple(workspace.event_types))
        self.download = args.get("download", "") in ("1", "true")
        usual = PAGE_LIMIT if self.form == "html" else MOST if self.download else LIMIT
        self.limit = whole("limit", usual, 1, MOST)
        self.offset = whole("offset", 0, 0, MOST_OFFSET)
        self.after, self.before = (
            RowKey.from_param(name, args[name]) if args.get(name, "") else None for name in ("after", "before")
        )
        if sum(map(bool, (self.after, self.before, self.offset))) > 1:
            raise UsageError("after, before and offset each say where a page begins; accepted: one of them")
        self.release = guard.release(whole("generalise", 0, 0, MOST_KM))
        if (areas := args.get("areas", "point")) not in ("point", "circle"):
            raise UsageError(f"areas {shown(areas)} is unknown; accepted: point, circle")
        self.circles = areas == "circle"

    def features(self, now: Now) -> Response:
        page, found = self._page(now)
        head = {"description": str(self.query), "timeStamp": _now(), "numberMatched": page.total}
        pieces = gathered(collection(found, head, lambda returned: self._tail(page, returned)))
        body = b"".join(pieces) if self.limit <= LIMIT else stream_with_context(pieces)
        return Response(body, content_type=GEOJSON)

    def _page(self, now: Now) -> tuple[RowPage, Iterable[Event]]:
        page = now.leaving(self.query, self.release, self.limit, self.offset, self.after, self.before)
        found = self.workspace.store.found_rows(page.rows)
        return page, filter(None, map(self.release.event, found)) if self.release.generalise_km else found

    def file(self, now: Now) -> Response:
        """The events by an exporter; as a file to keep it holds all, unless a smaller number was asked for."""
        exporter = self.workspace.exporters["geojson" if self.form == "json" else self.form]
        if self.download and self.limit == MOST:
            found = self._whole(now)
        else:
            found = self._page(now)[1]
        options = ExportOptions(self.circles, self.release.told(now.staying(self.query, self.release)))
        pieces = begun(written(lambda out: exporter.write(found, out, self.query, options)))
        whole_ = self.limit <= LIMIT and not self.download
        response = Response(
            b"".join(pieces) if whole_ else stream_with_context(pieces), content_type=exporter.media_type
        )
        if self.download or exporter.media_type == HTML:  # a page with its own policy is none of this site's
            name = f"{file_name(self.query)}{exporter.suffix}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _whole(self, now: Now) -> Iterable[Event]:
        """All events; of rounded positions only the index can say which are inside of an area."""
        if not self.release.hidden_km:
            return self.release.found(self.workspace.store, self.query)
        rows = now.leaving(self.query, self.release, sys.maxsize).rows
        return filter(None, map(self.release.event, self.workspace.store.found_rows(rows)))

    def page_for_people(self, asking: Asking) -> Response:
        page = asking.now().leaving(
            self.query, self.release, min(self.limit, LIMIT), self.offset, self.after, self.before
        )
        found = self.workspace.store.get_rows(page.rows.tolist())
        events = [event for each in found if (event := self.release.event(each))]
        links = {str(each["rel"]): each for each in self._tail(page, len(events))["links"]}  # type: ignore[attr-defined]
        files = [(name, each.title) for name, each in self.workspace.exporters.items()]
        params = urlencode(self.query.to_params(), doseq=True)
        words = str(self.query)
        return told_page(
            "api_items.html", events=events, total=page.total, words=words, links=links, files=files, params=params
        )

    def _tail(self, page: RowPage, returned: int) -> Mapping[str, object]:
        """The members that say where in the whole a page stands."""
        page_form = {"f": "html"} if self.form == "html" else {}
        media = HTML if page_form else GEOJSON
        begun = {"after": self.after, "before": self.before, "offset": self.offset}
        begun_said = {name: str(value) for name, value in begun.items() if value}
        links = [link(self._address(**begun_said, **page_form), "self", media, "this page")]
        params = urlencode({**self.query.to_params(), "limit": self.limit, **begun_said}, doseq=True)
        links += alternates(f"{root()}{EVENTS}/items", params, self.workspace.exporters)
        if page.has_after and page.last:
            links.append(link(self._address(after=str(page.last), **page_form), "next", media, "the next page"))
        if page.has_before and page.first:
            links.append(link(self._address(before=str(page.first), **page_form), "prev", media, "the page before"))
        links.append(link(f"{root()}{EVENTS}", "collection", "application/json", "the collection"))
        links.append(link(f"{root()}{EVENTS}/schema", "describedby", SCHEMA, "what an event holds"))
        return {"numberReturned": returned, "links": links}

    def _address(self, **more: str) -> str:
        params: dict[str, object] = {**self.query.to_params(), "limit": self.limit, **more}
        return f"{root()}{EVENTS}/items?{urlencode(params, doseq=True)}"


def item(workspace: Workspace, event_id: str, guard: Guard) -> AnyResponse:
    """One event, or where the event is that it was merged into."""
    only("f")
    form = form_of({"json": GEOJSON, "html": HTML, "geojson": GEOJSON})
    if survivor := workspace.store.duplicates.merged_into(event_id):
        return redirect(f"{root()}{EVENTS}/items/{quote(survivor, safe='')}", 308)
    event = workspace.store.get(event_id)
    released = guard.release().event(event)
    if released is None:
        raise NotFound(f"the event {event_id} may not be passed on: its source's terms do not allow it")
    found = feature(released)
    if form == "html":
        return told_page("api_item.html", event=released, properties=found["properties"])
    here = f"{root()}{EVENTS}/items/{quote(event_id, safe='')}"
    found["links"] = [
        link(f"{here}?f=json", "self", GEOJSON, "this event"),
        link(f"{here}?f=html", "alternate", HTML, "this event as a page"),
        link(f"{root()}{EVENTS}", "collection", "application/json", "all events"),
        link(f"{root()}{EVENTS}/schema", "describedby", SCHEMA, "what an event holds"),
    ]
    response = Response(dumps(found), mimetype=GEOJSON)
    response.set_etag(event_tag(released))  # what If-Match of the write API names
    return response.make_conditional(request)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
