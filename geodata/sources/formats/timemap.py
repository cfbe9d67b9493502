"""TimeMap (Forensic Architecture, Bellingcat): JSON of events, with the sources and associations that they name.

Read are {"events": [...], "sources": [...] or {...}, "associations": [...]}, and a bare list of events whose sources
are written out. Dates are month/day/year, as TimeMap has them. The format names its sources by id: the file is read
whole, so its size is limited.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Remark, RowSource
from geodata.errors import UsageError
from geodata.geometry import check_lon_lat
from geodata.sources.encoding import decode
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows

MOST_BYTES = 200_000_000
_NAMES = {
    "civId": "civ_id", "description": "quote", "location": "place", "type": "event_type", "category": "event_type",
    "comments": "notes",
}  # fmt: skip
_POSITION = ("latitude", "longitude", "lat", "lng", "lon")
_Objects = Mapping[str, Mapping[str, object]]


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a TimeMap file."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UsageError(f"{name} has {size:,} bytes; accepted: TimeMap files of at most {MOST_BYTES:,}")
    given = mapping or ColumnMapping()
    plan = Plan(given if given.date_order else given.answered({"date_order": "mdy"}), prefix=f"{Path(name).stem}-")
    events, sources, associations = _parts(path.read_bytes(), name)

    def items(meter: Meter) -> Iterator[Item]:
        for number, event in enumerate(events, 1):
            meter.done = meter.total * number // len(events)
            yield _item(number, event, sources, associations)

    plan.notes.append(f"{name}: dates are month/day/year, as TimeMap writes them")
    return FeatureRows(name, items, plan, size)


def _parts(data: bytes, name: str) -> tuple[list[object], _Objects, _Objects]:
    try:
        found = json.loads(decode(data, name)[0].removeprefix("\ufeff"), parse_constant=float)
    except (ValueError, RecursionError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"{name} is not JSON: {error}") from error
    whole = found if isinstance(found, dict) else {"events": found}
    events = whole.get("events")
    if not isinstance(events, list):
        raise UsageError(f'{name} is not a TimeMap file; accepted: {{"events": [...], "sources": [...]}}')
    return events, _by_id(whole.get("sources")), _by_id(whole.get("associations"))


def _by_id(listed: object) -> _Objects:
    """Objects by their id, or by the title that other files name them by."""
    if isinstance(listed, dict):
        return {str(key): value for key, value in listed.items() if isinstance(value, dict)}
    known: dict[str, Mapping[str, object]] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            for key in ("id", "title"):
                if each.get(key):
                    known.setdefault(str(each[key]), each)
    return known


def _item(number: int, event: object, sources: _Objects, associations: _Objects) -> Item:
    if not isinstance(event, dict):
        return Item(number, event, "is not an object")
    properties: dict[str, object] = {}
    for key, value in event.items():
        if key in ("sources", "associations", "filters", *_POSITION) or value in ("", None, []):
            continue
        ours = _NAMES.get(str(key), str(key))
        properties[str(key) if ours in properties else ours] = value
    properties.setdefault("title", _first_sentence(str(properties.get("quote", ""))))
    if cited := [_source(each, sources) for each in _listed(event.get("sources"))]:
        properties["sources"] = [source for source in cited if source]
    _associate(event, associations, properties)
    position = None
    changes: tuple[Remark, ...] = ()
    try:
        position = _position(event)
    except ValueError:  # check_lon_lat's UsageError is one
        given = {f"{name}_as_given": event[name] for name in _POSITION if name in event}
        properties |= given
        said = f"{', '.join(map(str, given.values()))} is no position; accepted: 46.64, 32.61; kept without a place"
        changes = (Remark("latitude", said),)
    geometry = {"type": "Point", "coordinates": position} if position else None
    return Item(number, {"type": "Feature", "geometry": geometry, "properties": properties}, changes=changes)


def _position(event: Mapping[str, object]) -> list[float] | None:
    lat = event.get("latitude", event.get("lat"))
    lon = event.get("longitude", event.get("lng", event.get("lon")))
    if lat in (None, "") and lon in (None, ""):
        return None
    return list(check_lon_lat(float(str(lon)), float(str(lat))))


def _source(each: object, sources: _Objects) -> Mapping[str, str]:
    """A source as our own export writes it; of an id that the file does not explain, the id as title."""
    found = each if isinstance(each, dict) else sources.get(str(each), {"title": str(each)})
    paths = [str(path) for path in _listed(found.get("paths")) if path] + [
        str(found.get(k) or "") for k in ("path", "url")
    ]
    url = next((path for path in paths if path.startswith(("http://", "https://"))), "")
    title = str(found.get("title") or found.get("description") or "")
    return {name: text for name, text in (("url", url), ("title", title)) if text}


def _associate(event: Mapping[str, object], associations: _Objects, properties: dict[str, object]) -> None:
    """Associations and filters: their titles as tags, and a filter's kind and value as a property."""
    tags: list[str] = []
    for each in _listed(event.get("associations")):
        known = each if isinstance(each, dict) else associations.get(str(each), {})
        tags.append(str(known.get("title") or known.get("id") or each))
    for each in _listed(event.get("filters")):
        if isinstance(each, dict) and each.get("key"):
            before = properties.get(str(each["key"]))
            value = str(each.get("value") or "")
            properties[str(each["key"])] = f"{before}; {value}" if before else value
        elif each:
            tags.append(str(each))
    if tags:
        properties["tags"] = list(dict.fromkeys(tags))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _first_sentence(text: str) -> str:
    head = text.strip().partition("\n")[0]
    first = head.partition(". ")[0]
    return first if len(first) <= 120 else f"{first[:117].rstrip()}…"


def looks_like(head: str) -> bool:
    """Whether a JSON text begins as TimeMap's: events with a description, a date and a latitude, and no geometry."""
    first = head.lstrip()
    if first.startswith("[") or ('"events"' in first and first.startswith("{")):
        return (
            '"latitude"' in first
            and '"date"' in first
            and '"geometry"' not in first
            and ('"sources"' in first or '"associations"' in first or '"description"' in first)
        )
    return False
