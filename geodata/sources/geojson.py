"""GeoJSON (.geojson): a FeatureCollection or Feature of events, our own export or any with point features.

A property is known by its name as a table's column is (geodata/sources/columns.py); all others are kept. `when` of
Linked Places is read where there is no `start`. A geometry that is not a point gives the event its middle, as a region
with the half-width of its extent. Bad features are reported by their number (the first is 1) and left out.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from geodata.contracts import Reading, RowProblem
from geodata.errors import UsageError, shown
from geodata.features import dumps
from geodata.geometry import check_lon_lat, distance_m
from geodata.model import Event, Precision, Status, stable_id
from geodata.sources.columns import assign, time_span
from geodata.sources.csv_events import with_place_words
from geodata.sources.encoding import clean, decode, encoding_note
from geodata.sources.features import event_from, misfits

ACCEPTED = 'accepted: {"type":"FeatureCollection","features":[...]} with longitude first, WGS84 (RFC 7946)'
WGS84 = ("crs84", "epsg::4326", "epsg:4326")


def read(data: bytes, name: str) -> Reading:
    text, encoding = decode(data, name)
    features = _features(text, name)
    events: dict[str, Event] = {}
    problems = []
    for number, item in enumerate(features, 1):
        try:
            event = _event(item)
            if event.event_id in events:
                raise UsageError(f"repeats the id {event.event_id!r}; left out")
            events[event.event_id] = event
        except UsageError as error:
            problems.append(RowProblem(name, number, f"feature {number}: {error}"))
    if features and not events:
        raise UsageError(f"{name}: no feature could be read; {problems[0].message}")
    notes = tuple(f"{name}: {note}" for note in encoding_note(encoding))
    return Reading(events=tuple(events.values()), problems=tuple(problems), notes=notes)


def _features(text: str, name: str) -> list[object]:
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}; {ACCEPTED}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{name} is not GeoJSON; {ACCEPTED}")
    crs = found.get("crs")
    if crs and not any(known in dumps(crs).casefold() for known in WGS84):
        raise UsageError(f"{name} is in the coordinate system {shown(dumps(crs))}; {ACCEPTED}")
    if found.get("type") == "Feature":
        return [found]
    features = found.get("features")
    if found.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise UsageError(f"{name} is not GeoJSON of features; {ACCEPTED}")
    return features


def _event(item: object) -> Event:
    if not isinstance(item, dict) or item.get("type") != "Feature":
        raise UsageError("is not a Feature")
    given = item.get("properties") or {}
    if not isinstance(given, dict):
        raise UsageError("its properties are not an object")
    props = _renamed(given)
    theirs = misfits(props)
    _dates(props, item.get("when"))
    lon_lat = _position(item.get("geometry"), props)
    event_id = item.get("id", props.pop("id", None))
    props.pop("id", None)
    if event_id is None:
        event_id = stable_id(dumps(item))
    if isinstance(event_id, bool) or not isinstance(event_id, str | int | float):
        raise UsageError(f"its id {shown(dumps(event_id))} is not a string or a number")
    props.setdefault("status", Status.REVIEWED.value)  # a coder's feature is no machine's draft
    event = event_from(str(event_id), props, lon_lat)
    event = replace(event, properties={**event.properties, **theirs})
    return event if event.place else with_place_words(event, props)


def _renamed(given: Mapping[str, object]) -> dict[str, object]:
    """The properties by our names. Those that are ours already stay; all else keeps its own name."""
    cleaned = {clean(name)[0]: _cleaned(value) for name, value in given.items()}
    if "event_type" in cleaned and "source_url" in cleaned:  # our own export has every one of ALWAYS
        return cleaned
    columns = {column: ours for ours, column in assign(cleaned).items()}
    return {columns.get(name, name): value for name, value in cleaned.items()}


def _cleaned(value: object) -> object:
    return clean(value)[0] if isinstance(value, str) else value


def _dates(props: dict[str, object], when: object) -> None:
    """Sets start, end and date_precision as our own features have them."""
    start, end = (_date_text(props.pop(name, None)) for name in ("start", "end"))
    if not start and isinstance(when, dict):
        start, end = _linked_places(when)
    span = time_span(start, end, None, str(props.pop("date_precision", "") or ""))
    if span:
        props |= {"start": str(span.start), "end": str(span.end), "date_precision": span.precision.value}


def _date_text(value: object) -> str:
    """A date property as text; a large number is milliseconds since 1970, as GeoJSON feeds (USGS) write time."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 10**10:
        try:
            return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
        except (OverflowError, ValueError, OSError) as error:
            raise UsageError(f"{shown(value)} is not a time in milliseconds since 1970") from error
    return "" if value is None else str(value)


def _linked_places(when: Mapping[str, object]) -> tuple[str, str]:
    spans = when.get("timespans")
    first = spans[0] if isinstance(spans, list) and spans else {}
    if not isinstance(first, dict):
        return "", ""

    def end_of(name: str, *keys: str) -> str:
        found = first.get(name)
        if isinstance(found, dict):
            return next((str(found[key]) for key in keys if found.get(key)), "")
        return str(found or "")

    return end_of("start", "in", "earliest", "latest"), end_of("end", "in", "latest", "earliest")


def _position(geometry: object, props: dict[str, object]) -> tuple[float, float] | None:
    if geometry is None:
        return None
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        pair = geometry.get("coordinates")
        if not isinstance(pair, list) or len(pair) < 2 or not all(isinstance(x, int | float) for x in pair[:2]):
            raise UsageError(f"its coordinates {shown(dumps(pair))} are not [lon, lat]")
        return check_lon_lat(float(pair[0]), float(pair[1]))
    return _middle(geometry, props)


def _middle(geometry: object, props: dict[str, object]) -> tuple[float, float]:
    import shapely  # its library takes a third of a second to load: only for what is not a point
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        area = shape(geometry)  # type: ignore[arg-type]
        point = shapely.point_on_surface(area)
        west, south, east, north = area.bounds
    except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise UsageError(f"its geometry is not one of RFC 7946: {shown(str(error))}") from error
    if area.is_empty or not math.isfinite(west):
        raise UsageError("its geometry is empty; write null where the place is not known")
    check_lon_lat(west, south)
    check_lon_lat(east, north)
    props.setdefault("precision", Precision.REGION.value)
    props.setdefault("radius_m", round(distance_m(west, south, east, north) / 2))
    return point.x, point.y
