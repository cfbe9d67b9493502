"""What a shared link needs: the page for an iframe, the preview image, and the words beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import BoundedSemaphore, Lock
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from geodata.answers import MapView
from geodata.contracts import Workspace
from geodata.query import EventQuery
from geodata.timespan import Interval
from mapping import plain
from mapping.asked import Linked, link_params, linked_view, query_of
from mapping.asking import Asking, Now
from mapping.assets import static_address
from mapping.basemaps import basemap_of
from mapping.conditional import Conditional
from mapping.describing import counted, filters_in_words, link_to_view, view_json
from mapping.folium_map import event_map
from mapping.outside import outside
from mapping.preview import Frame, OutlineFile, Preview, draw_preview, map_frame
from mapping.preview.looks import looks_of
from mapping.preview.picture import MAP_HEIGHT, WIDTH
from mapping.recent import Recent
from mapping.security import allow_frames, csp_nonce
from mapping.style import sub_types, type_styles
from mapping.whole_json import whole_json

KEPT_BYTES = 16_000_000
"""Room for about a hundred pictures."""
MOST_WAITING = 3
"""Pictures are drawn one at a time; more than so many at once are told to come again, so that the map keeps quick."""


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What other sites show a link with: Open Graph's title, description, address and image."""

    title: str
    description: str
    url: str
    image: str
    alt: str


def link_card(workspace: Workspace) -> LinkCard:
    """The card of this request's view; nothing is counted for it."""
    words = filters_in_words(linked_view(workspace).query) if request.args else ""
    params = urlencode(link_params(), safe="/,")
    return LinkCard(
        title=f"{workspace.settings.title}: map of events",
        description=words or "Dated, located events from news stories, each with its source.",
        url=link_to_view(),
        image=f"{request.url_root}preview.png{'?' if params else ''}{params}",
        alt="Map of these events with their number, days and types.",
    )


def add_routes(site: Blueprint, workspace: Workspace, asking: Asking, kept: Conditional) -> None:
    """Adds the views to the map's blueprint."""
    pictures = Pictures(workspace, asking)

    @site.get("/embed")
    def embed() -> str:
        allow_frames()
        extent = outside(asking).extent()
        # where positions are rounded for others, no link leads them to the page that shows the exact ones
        full = "" if workspace.settings.generalise_km else link_to_view()
        options = {
            "types": type_styles(workspace.event_types),
            "sub_types": sub_types(workspace.event_types),
            "basemap": basemap_of(workspace.settings).options(),
            "bounds": plain.box(extent.bbox),
            "days": plain.days(extent.first, extent.last),
            "full": full,
        }
        return render_template(
            "embed.html",
            map=event_map(options, csp_nonce(), static_address),
            basemap=basemap_of(workspace.settings),
            full=full,
        )

    @site.get("/embed/view")
    def embed_view() -> Response:
        return kept.answer(lambda version: whole_json(view_json(outside(asking, version), query_of(workspace))))

    @site.get("/preview.png")
    def preview() -> Response:
        return kept.answer(
            lambda version: Response(pictures.of_link(linked_view(workspace), version), mimetype="image/png")
        )


class Pictures:
    """Preview images, drawn one at a time and kept as long as the store does not change."""

    def __init__(self, workspace: Workspace, asking: Asking) -> None:
        self._workspace, self._asking = workspace, asking
        self._outlines = OutlineFile(workspace.settings.data / "outlines.npz")
        self._held: Recent[bytes] = Recent(KEPT_BYTES, len)
        self._drawing, self._waiting = Lock(), BoundedSemaphore(MOST_WAITING)

    def of_link(self, linked: Linked, version: str) -> bytes:
        """The PNG of a view; 503 where too many others wait for theirs."""
        if held := self._held.get(version, linked):
            return held
        if not self._waiting.acquire(blocking=False):
            abort(Response("Other previews are being drawn; come again soon.\n", 503, {"Retry-After": "5"}))
        try:
            with self._drawing:
                return self._held.made(version, linked, lambda: self._draw(linked, outside(self._asking, version)))
        finally:
            self._waiting.release()

    def _draw(self, linked: Linked, now: Now) -> bytes:
        if self._workspace.settings.generalise_km:  # what words find is not told; a link's picture shows the rest
            linked = replace(linked, query=linked.query.without("text", "filter"))
        frame = self._frame(linked, now)
        query = replace(
            linked.query,
            bbox=frame.bbox,
            unplaced="exclude",
            undated="exclude" if linked.query.datetime != Interval() else "include",
        )
        found = MapView(0) if linked.empty else now.view(query, frame.zoom)
        preview = Preview(
            title=self._workspace.settings.title,
            sentence=_headline(linked.query) if not linked.empty else "No event type is chosen.",
            facts=f"{counted(found.matched)} in view{_days(linked.query, now)}",
            credits=basemap_of(self._workspace.settings).attribution,
            types=_shown_types(linked.query, found),
            looks=looks_of(self._workspace.event_types),
            clusters=found.clusters,
            events=list(now.events(found.single_rows).values()),
            radius_m={row: float(str(area["radius_m"])) for row, area in now.areas(found.clusters).items()},
        )
        return draw_preview(preview, frame, self._outlines.get())

    def _frame(self, linked: Linked, now: Now) -> Frame:
        if linked.view:
            zoom, lat, lon = linked.view
            return map_frame(Frame(lon, lat, zoom, WIDTH, MAP_HEIGHT))
        return Frame.around(linked.box or now.extent().bbox, WIDTH, MAP_HEIGHT)


def _days(query: EventQuery, now: Now) -> str:
    """The days of the filter, else of all events."""
    extent = now.extent()
    first, last = query.datetime.start or extent.first, query.datetime.end or extent.last
    if not (first and last):
        return ""
    begin, end = (f"{day.day} {day:%b %Y}" for day in (first, last))
    return f" · {begin}" if begin == end else f" · {begin} to {end}"


def _headline(query: EventQuery) -> str:
    """The filters in words; without any, what the map is of."""
    return "All events" if query == EventQuery() else filters_in_words(query)


def _shown_types(query: EventQuery, found: MapView) -> Mapping[str, int]:
    """Counts of the types that are on the map: a view counts those that its filter leaves out as well."""
    return {name: count for name, count in found.types.items() if not query.types or name in query.types}
