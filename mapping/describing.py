"""A view in words: the sentence above it, and how to cite it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from flask import request

from geodata.contracts import Workspace
from geodata.query import EventQuery
from mapping import plain
from mapping.asked import Linked, axis_of, link_params, unit_of, zoom_of
from mapping.asking import Now
from mapping.basemaps import basemap_of

NAMED_SOURCES = 5


def counted(number: int) -> str:
    return f"{number:,} event{'' if number == 1 else 's'}"


def sentence(query: EventQuery, number: int) -> str:
    """How many events there are and which: what a person reads above the map."""
    words = filters_in_words(query)
    here = " in this view" if query.bbox else ""
    if words == filters_in_words(EventQuery()):
        return f"{counted(number)}{here}, of all types."
    return f"{counted(number)}{here}: {words}"


def view_json(now: Now, query: EventQuery) -> Mapping[str, object]:
    """What this request's view shows, at the zoom and over the axis that it names."""
    zoom, unit = zoom_of(request.args.get("zoom", "")), unit_of(request.args.get("unit", ""))
    found = now.view(query, zoom, unit, axis_of(request.args.get("axis", "")))
    return {
        **plain.map_view(found, now.areas(found.clusters)),
        "events": now.briefs(found.single_rows),
        "sentence": sentence(query, found.matched),
        **plain.extent(now.extent()),
        "version": now.version_hash(),
    }


def filters_in_words(query: EventQuery) -> str:
    """The filters that a person chose; what of a view follows from its being a map is left out."""
    return str(query.without("bbox", "undated", "unplaced"))


def link_to_view() -> str:
    """The address of the page that shows this request's view, with this request's own host."""
    params = urlencode(link_params(), safe="/,")
    return f"{request.url_root}{'?' if params else ''}{params}"


def feed_address(linked: Linked) -> str:
    """Where the Atom feed of a link's view is."""
    params = replace(linked.query, bbox=linked.box).to_params()
    return f"/feeds/events.atom{'?' if params else ''}{urlencode(params, doseq=True)}"


def description(workspace: Workspace, now: Now, query: EventQuery, today: date) -> Mapping[str, object]:
    """The view's sentence and its citation, from which the very same view can be found and checked again."""
    number = now.count(query)
    sources = now.top_sources(query)
    version, link = now.version_hash(), link_to_view()
    made = [f"map: {basemap_of(workspace.settings).attribution}"] if basemap_of(workspace.settings).attribution else []
    credits = [*named_sources(sources), *made]
    said = filters_in_words(query).rstrip(".")
    day = f"{today.day} {today:%B %Y}"
    text = (
        f"{workspace.settings.title}: {said}. {counted(number)}{' in the view' if query.bbox else ''}; data version "
        f"{version}, accessed {day}. {link}{' Sources: ' + '; '.join(credits) + '.' if credits else ''}"
    )
    return {
        "sentence": sentence(query, number),
        "matched": number,
        "citation": {
            "text": text,
            "link": link,
            "filters": said + ".",
            "version": version,
            "accessed": today.isoformat(),
            "credits": credits,
        },
    }


def named_sources(sources: Mapping[str, int]) -> Sequence[str]:
    """The publishers with the most events by name, the others by number."""
    names = [name for name in sources if name]
    rest = len(names) - NAMED_SOURCES
    return [*names[:NAMED_SOURCES], *others(rest, sources)]


def others(rest: int, sources: Mapping[str, int]) -> Sequence[str]:
    """What is said of the `rest` that are not named of these sources; the index tells `Now.NAMED` of them at most."""
    if rest <= 0:
        return ()
    return (f"and {rest} or more others" if len(sources) >= Now.NAMED else f"and {rest} other{'s' * (rest > 1)}",)
