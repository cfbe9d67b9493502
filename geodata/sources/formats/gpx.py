"""GPX 1.0 and 1.1: each waypoint an event, dated by its time. Tracks and routes are no events: they are counted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geodata.contracts.tables import ColumnMapping, RowSource
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows
from geodata.sources.formats.xmlstream import elements, local, text_of

_NAMES = {"name": "title", "desc": "quote", "cmt": "comment", "time": "start", "type": "event_type", "src": "source"}


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The waypoints of a GPX file."""
    plan = Plan(mapping or ColumnMapping())
    return FeatureRows(name, lambda meter: _items(path, name, meter, plan), plan, path.stat().st_size)


def _items(path: Path, name: str, meter: Meter, plan: Plan) -> Iterator[Item]:
    number = ways = 0
    with path.open("rb") as stream:
        for event, element in elements(stream, name, ("wpt",), ("trk", "rte")):
            if local(element.tag) == "wpt":
                number += 1
                meter.done = stream.tell()
                yield _item(number, element)
            elif event == "end":
                ways += 1
    note = f"{name}: tracks and routes ({ways:,}) were passed over; waypoints are what is taken as events"
    if ways and note not in plan.notes:
        plan.notes.append(note)


def _item(number: int, point: Any) -> Item:
    properties: dict[str, object] = {}
    for child in point:
        tag, text = local(child.tag), "".join(child.itertext()).strip()
        if tag == "link":
            properties["source_url"], text = child.get("href") or "", text_of(child, "text")
            tag = "link_text"
        elif tag == "extensions":
            properties.update(
                {local(each.tag): each.text.strip() for each in child.iter() if each.text and each.text.strip()}
            )
            continue
        if text:
            properties.setdefault(_NAMES.get(tag, tag), text)
    properties = {name: value for name, value in properties.items() if value}
    try:
        position = [float(point.get("lon", "")), float(point.get("lat", ""))]
    except ValueError:
        lon, lat = point.get("lon"), point.get("lat")
        return Item(number, {"properties": properties}, f"its position lon={lon!r} lat={lat!r} is not in degrees")
    geometry = {"type": "Point", "coordinates": position}
    return Item(number, {"type": "Feature", "geometry": geometry, "properties": properties})


def looks_like(head: str) -> bool:
    """Whether a text begins as GPX does."""
    return head.lstrip().startswith("<") and "<gpx" in head[:5000]
