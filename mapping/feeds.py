"""A filtered view as a feed that readers follow: Atom (RFC 4287) with GeoRSS and Dublin Core, and JSON Feed 1.1.

An entry's id is made of the store's and the event's, so that it stays the same whatever address the site is reached by.
When it happened stands in `dc:date` (the first day) and `dcterms:temporal` (both days, as a DCMI period); `updated` is
when the record was changed last.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from geodata.credits import ATTRIBUTION, LICENCE
from geodata.features import degrees_of, feature
from geodata.model import Event, publisher_of

ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
DC, DCTERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
ATOM_TYPE, JSON_FEED_TYPE = "application/atom+xml", "application/feed+json"
_PREFIXES = {"": ATOM, "georss": GEORSS, "dc": DC, "dcterms": DCTERMS}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no place for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, as it may leave, with when it was changed last and when it was added."""

    event: Event
    updated: datetime
    published: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a view. Addresses are whole; `following` is the next page's, or empty."""

    root: str
    site: str
    title: str
    subtitle: str
    store_id: str
    params: str
    page: str
    address: str
    first: str
    following: str
    updated: datetime
    entries: Sequence[Entry]

    @property
    def feed_id(self) -> str:
        return _urn(self.store_id, "feed", self.params)


def atom(feed: Feed) -> bytes:
    for prefix, space in _PREFIXES.items():
        register_namespace(prefix, space)
    top = Element(f"{{{ATOM}}}feed")
    _add(top, "id", feed.feed_id)
    _add(top, "title", feed.title)
    _add(top, "subtitle", feed.subtitle)
    _add(top, "updated", _instant(feed.updated))
    _add(SubElement(top, f"{{{ATOM}}}author"), "name", feed.site)
    _add(top, "generator", "Dateline")
    _link(top, "self", feed.address, ATOM_TYPE)
    _link(top, "alternate", feed.page, "text/html")
    if feed.first != feed.address:
        _link(top, "first", feed.first, ATOM_TYPE)
    if feed.following:
        _link(top, "next", feed.following, ATOM_TYPE)
    for entry in feed.entries:
        _entry(top, feed, entry)
    body: bytes = tostring(top, "utf-8", xml_declaration=True)
    return body


def json_feed(feed: Feed) -> dict[str, Any]:
    """See https://www.jsonfeed.org/version/1.1/; `_dateline` holds the event's GeoJSON feature."""
    made: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "authors": [{"name": feed.site}],
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    return {**made, "next_url": feed.following} if feed.following else made


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    event = entry.event
    item: dict[str, Any] = {
        "id": _urn(feed.store_id, "event", event.event_id),
        "url": page_of(feed.root, event),
        "title": _headline(event),
        "content_text": _text(event),
        "date_published": _instant(entry.published),
        "date_modified": _instant(entry.updated),
        "tags": [name for name in (event.event_type, event.sub_event_type, event.status.value) if name],
        "_dateline": {"about": "the event as a GeoJSON feature", "feature": feature(event)},
    }
    if publisher := publisher_of(event.sources):
        item["authors"] = [{"name": publisher}]
    if url := _source_url(event):
        item["external_url"] = url
    return item


def _entry(top: Element, feed: Feed, entry: Entry) -> None:
    event = entry.event
    made = SubElement(top, f"{{{ATOM}}}entry")
    _add(made, "id", _urn(feed.store_id, "event", event.event_id))
    _add(made, "title", _headline(event))
    _add(made, "updated", _instant(entry.updated))
    _add(made, "published", _instant(entry.published))
    if publisher := publisher_of(event.sources):
        _add(SubElement(made, f"{{{ATOM}}}author"), "name", publisher)
    _link(made, "alternate", page_of(feed.root, event), "text/html")
    _link(
        made,
        "alternate",
        f"{feed.root}/collections/events/items/{quote(event.event_id, safe='')}",
        "application/geo+json",
    )
    if url := _source_url(event):
        _link(made, "via", url, "text/html")
    kinds = (("type", event.event_type), ("sub_type", event.sub_event_type), ("status", event.status.value))
    for scheme, term in kinds:
        if term:
            SubElement(made, f"{{{ATOM}}}category", {"term": _clean(term), "scheme": f"{feed.root}/api#{scheme}"})
    _add(made, "summary", _text(event))
    if rights := ". ".join(text for name in (ATTRIBUTION, LICENCE) if (text := event.properties.get(name, ""))):
        _add(made, "rights", rights)
    _when_and_where(made, event)


def _when_and_where(made: Element, event: Event) -> None:
    if when := event.when:
        SubElement(made, f"{{{DC}}}date").text = when.start.isoformat()
        period = f"start={when.start}; end={when.end}; scheme=W3C-DTF;"
        SubElement(made, f"{{{DCTERMS}}}temporal").text = period
    if place := event.place:
        point = SubElement(made, f"{{{GEORSS}}}point")
        point.text = _lat_lon(place.lat, place.lon)
        if place.name:
            SubElement(made, f"{{{GEORSS}}}featurename").text = _clean(place.name)
        if place.radius_m:
            SubElement(made, f"{{{GEORSS}}}radius").text = f"{place.radius_m:.0f}"


def _lat_lon(lat: float, lon: float) -> str:
    """GeoRSS has latitude first."""
    return f"{degrees_of(lat)!r} {degrees_of(lon)!r}"


def _headline(event: Event) -> str:
    """What happened, when and where, for a list of headlines."""
    parts = [event.title or event.sub_event_type or event.event_type]
    parts += [str(event.when)] if event.when else []
    return _clean(" · ".join(parts))


def _text(event: Event) -> str:
    place = event.place
    where = ", ".join(name for name in (place.name, place.admin1, place.country) if name) if place else ""
    kind = event.sub_event_type or event.event_type
    facts = ". ".join(part for part in (kind, where, str(event.when) if event.when else "", event.status.value) if part)
    return _clean(f"{event.quote}\n\n{facts}." if event.quote else f"{facts}.")


def page_of(root: str, event: Event) -> str:
    """The map with the event open."""
    params: dict[str, str] = {}
    if event.place:
        params["map"] = f"9/{event.place.lat:.4f}/{event.place.lon:.4f}"
    return f"{root}/?{urlencode({**params, 'event': event.event_id}, safe='/')}"


def _source_url(event: Event) -> str:
    url = event.sources[0].url if event.sources else ""
    return url if url.startswith(("http://", "https://")) else ""


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(("dateline", *parts))).urn


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = _clean(text)


def _link(parent: Element, rel: str, href: str, kind: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": _clean(href), "type": kind})


def _instant(time: datetime) -> str:
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
