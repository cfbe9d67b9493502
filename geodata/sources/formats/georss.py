"""RSS and Atom feeds whose items say where: georss:point and its kin, or W3C geo:lat and geo:long.

An item with a position is an event, dated by its own date, else by the day it was published. An item without one is a
story: it is not taken here but named, and `--format feed` reads the whole feed as stories.
"""

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from geodata.contracts.tables import ColumnMapping, RowSource
from geodata.errors import UsageError, shown
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows
from geodata.sources.formats.xmlstream import child_of, elements, local, text_of
from geodata.sources.markup import plain

NO_POINT = "says no position (georss:point, geo:lat): it is a story; --format feed reads this feed as stories"
PUBLISHED_NOTE = "days are those of publication, where an item says none of its own"
_DATES = ("pubDate", "published", "date", "updated")
_OWN_DATES = ("fromdate", "eventdate", "dtstart", "when")
_ITEM = re.compile(r"<(?:item|entry)[\s>]")
_POINT = re.compile(r"<(?:georss:(?:point|where|polygon|box|line)|geo:lat)[\s>]")
_TAKEN = frozenset(
    {"title", "link", "guid", "id", "description", "summary", "content", "encoded", "category", "lat", "long", "lon",
     "point", "line", "polygon", "box", "where", "source", *_DATES}
)  # fmt: skip


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The items of a feed that say where."""
    plan = Plan(mapping or ColumnMapping(), notes=[f"{name}: {PUBLISHED_NOTE}"])
    return FeatureRows(name, lambda meter: _items(path, name, meter), plan, path.stat().st_size)


def _items(path: Path, name: str, meter: Meter) -> Iterator[Item]:
    number, feed = 0, ""
    with path.open("rb") as stream:
        for _, element in elements(stream, name, ("item", "entry"), ("title",)):
            if local(element.tag) == "title":
                if local(element.getparent().tag) in ("channel", "feed"):
                    feed = "".join(element.itertext()).strip()
                continue
            number += 1
            meter.done = stream.tell()
            yield _item(number, element, feed)


def _item(number: int, element: Any, feed: str) -> Item:
    try:
        properties = _properties(element, feed, f"item {number}")
        geometry = _geometry(element)
    except UsageError as error:
        return Item(number, {"properties": {"title": text_of(element, "title")}}, str(error))
    if geometry is None:
        return Item(number, {"properties": properties}, NO_POINT)
    feature: dict[str, object] = {"type": "Feature", "geometry": geometry, "properties": properties}
    if key := text_of(element, "guid", "id") or str(properties.get("source_url", "")):
        feature["id"] = key
    return Item(number, feature)


def _properties(element: Any, feed: str, where: str) -> dict[str, object]:
    body = text_of(element, "description", "summary", "encoded", "content")
    published = _day(text_of(element, *_DATES))
    own = text_of(element, *_OWN_DATES)
    found: dict[str, object] = {
        "title": plain(text_of(element, "title"), where),
        "quote": plain(body, where),
        "start": _day(own) or published,
        "source_url": _link(element),
        "source_publisher": text_of(element, "source") or feed,
        "source_published": published,
    }
    categories = [text for each in element if local(each.tag) == "category" and (text := each.get("term") or each.text)]
    if categories:
        found |= {"event_type": categories[0].strip(), "tags": [each.strip() for each in categories]}
    for child in element:
        name, text = local(child.tag), "".join(child.itertext()).strip()
        if name and text and name not in _TAKEN:
            found.setdefault(name, text)
    return {name: value for name, value in found.items() if value}


def _link(element: Any) -> str:
    for child in element:
        if local(child.tag) == "link" and child.get("rel", "alternate") == "alternate":
            text = child.get("href") or (child.text or "").strip()
            if text.startswith(("http://", "https://")):
                return str(text)
    return ""


def _day(text: str) -> str:
    """The day as it was written, where the publisher is: ISO 8601, or as RSS has it (RFC 822); empty for neither."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


def _geometry(element: Any) -> dict[str, object] | None:
    """The item's position as GeoJSON; None where it has none. GeoRSS has latitude first."""
    lat, lon = text_of(element, "lat"), text_of(element, "long", "lon")
    holder = child_of(element, "Point")
    if not (lat and lon) and holder is not None:
        lat, lon = text_of(holder, "lat"), text_of(holder, "long", "lon")
    if lat and lon:
        return {"type": "Point", "coordinates": _pairs(f"{lat} {lon}")[0]}
    where = child_of(element, "where")
    for each in (*element, *(where.iter() if where is not None else ())):
        if found := _shape(local(each.tag), each):
            return found
    return None


def _shape(tag: str, element: Any) -> dict[str, object] | None:
    text = " ".join((element.text or "").split())
    if tag in ("point", "pos") and text:
        return {"type": "Point", "coordinates": _pairs(text)[0]}
    if tag == "box" and text:
        corners = _pairs(text)
        if len(corners) != 2:
            raise UsageError(f"its box {shown(text)} is not two corners, as 48 37 49 38")
        (west, south), (east, north) = corners
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}
    if tag == "line" and text:
        return {"type": "LineString", "coordinates": _pairs(text)}
    if tag in ("polygon", "posList") and text:
        return {"type": "Polygon", "coordinates": [_pairs(text)]}
    return None


def _pairs(text: str) -> list[list[float]]:
    try:
        numbers = [float(x) for x in text.replace(",", " ").split()]
    except ValueError as error:
        raise UsageError(f"its position '{text[:60]}' is not in degrees; accepted: latitude longitude") from error
    if len(numbers) < 2 or len(numbers) % 2:
        raise UsageError(f"its position '{text[:60]}' is not pairs of latitude and longitude")
    return [[lon, lat] for lat, lon in zip(numbers[::2], numbers[1::2], strict=True)]


def looks_like(head: str) -> bool:
    """Whether most items of a feed say where they are, as far as can be seen; else it is read as stories."""
    low = head.casefold()
    if not any(mark in low[:2000] for mark in ("<rss", "<feed", "<rdf:rdf")):
        return False
    items = len(_ITEM.findall(low))
    return 0 < items < 2 * len(_POINT.findall(low)) + 1
