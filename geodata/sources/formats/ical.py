"""iCalendar (RFC 5545): each VEVENT an event, placed by its GEO, dated by DTSTART and DTEND (days, as written).

A repeated event is taken once, on its first day, and that is told. One event is in memory at a time.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from geodata.contracts.tables import ColumnMapping, Remark, RowSource
from geodata.sources.formats.delimited import Meter, head_of, text_head
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows

MOST_EVENT_CHARS = 2_000_000
MOST_LASTING = timedelta(days=36_525)
LAST_YEAR = 9_800  # to which an event so long can be added
_TEXTS = {"SUMMARY": "title", "DESCRIPTION": "quote", "LOCATION": "place", "URL": "source_url", "UID": "id",
          "STATUS": "ical_status", "COMMENT": "comment", "ORGANIZER": "organizer"}  # fmt: skip
_TIMES = ("DTSTART", "DTEND", "DURATION")
_REPEATS = ("RRULE", "RDATE")


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of an iCalendar file; numbered by the line that each begins on."""
    plan = Plan(mapping or ColumnMapping(), prefix=f"{Path(name).stem}-")
    return FeatureRows(name, lambda meter: _items(path, name, meter), plan, path.stat().st_size)


def _items(path: Path, name: str, meter: Meter) -> Iterator[Item]:
    encoding = text_head(head_of(path), name)[1]
    with path.open("rb") as raw:
        number = start = size = 0
        held: list[str] | None = None
        for line in raw:
            number += 1
            text = line.decode(encoding, "replace")
            mark = text.strip().upper()
            if mark == "BEGIN:VEVENT":
                start, held, size = number, [], 0
            if held is None:
                continue
            size += len(text)
            if size <= MOST_EVENT_CHARS:
                held.append(text)
            if mark == "END:VEVENT":
                meter.done = raw.tell()
                yield _item(start, held, size)
                held = None
        if held is not None:
            yield Item(start, None, "has no END:VEVENT: the file breaks off in it")


def _item(number: int, lines: list[str], size: int) -> Item:
    from icalendar import Event

    if size > MOST_EVENT_CHARS:
        return Item(number, None, f"has {size:,} characters; accepted: at most {MOST_EVENT_CHARS:,}")
    try:
        found: Any = Event.from_ical("".join(lines))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:  # what its parser lets through
        return Item(number, None, f"is not a VEVENT of RFC 5545: {error}")
    changes = []
    if any(name in found for name in _REPEATS):
        changes.append(Remark("RRULE", "a repeated event was taken once, on its first day"))
    if found.errors:
        changes += [Remark(name, f"could not be read: {message}") for name, message in found.errors]
    feature = {"type": "Feature", "geometry": _geometry(found), "properties": _properties(found)}
    return Item(number, feature, changes=tuple(changes))


def _geometry(found: Any) -> dict[str, object] | None:
    from icalendar.prop import vGeo

    place = found.get("GEO")
    if not isinstance(place, vGeo):  # a broken one is in `errors`
        return None
    return {"type": "Point", "coordinates": [float(place.longitude), float(place.latitude)]}


def _properties(found: Any) -> dict[str, object]:
    from icalendar.prop import vBroken

    properties: dict[str, object] = {}
    for name, value in found.property_items(recursive=False):
        if isinstance(value, vBroken):
            properties[f"{name}_as_given"] = str(value)
            continue
        if name in ("BEGIN", "END", "GEO", "DTSTAMP", "CATEGORIES", "ATTENDEE", *_TIMES):
            continue
        text = (
            value.to_ical().decode("utf-8", "replace")
            if hasattr(value, "to_ical") and name not in _TEXTS
            else str(value)
        )
        if text:
            properties.setdefault(_TEXTS.get(name, name.casefold()), text)
    properties |= _days(found)
    tags = [str(each) for each in _many(found.get("CATEGORIES"))]
    if tags:
        properties |= {"tags": tags, "event_type": tags[0]}
    if people := [str(each).removeprefix("mailto:") for each in _many(found.get("ATTENDEE"))]:
        properties["actors"] = people
    return properties


def _days(found: Any) -> dict[str, object]:
    """First and last day: an end without a time is the day after the last (RFC 5545, 3.6.1)."""
    first, last = _time(found, "DTSTART"), _time(found, "DTEND")
    if not isinstance(first, date):
        return {}
    lasting = _time(found, "DURATION")
    if last is None and isinstance(lasting, timedelta) and _day(first).year < LAST_YEAR and abs(lasting) < MOST_LASTING:
        last = first + lasting
    whole_days = not isinstance(first, datetime)
    end = _day(last) if isinstance(last, date) else _day(first)
    if end > _day(first) and (whole_days or _is_midnight(last)):
        end -= timedelta(days=1)
    said: dict[str, object] = {"start": _day(first).isoformat(), "end": end.isoformat()}
    if not whole_days:
        said["start_time"] = first.isoformat()
    return said


def _time(found: Any, name: str) -> object:
    """A day, a time or a duration; None where there is none, or one that could not be read."""
    from icalendar.prop import vDDDTypes, vDuration

    value = next(iter(_many(found.get(name))), None)
    if isinstance(value, vDuration):
        return value.td
    return value.dt if isinstance(value, vDDDTypes) else None


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _is_midnight(value: object) -> bool:
    return isinstance(value, datetime) and value.time() == datetime.min.time()


def _many(value: Any) -> list[Any]:
    """The values of a property that may stand several times, each perhaps a list of its own."""
    from icalendar.prop import vCategory

    listed = value if isinstance(value, list) else [] if value is None else [value]
    return [one for each in listed for one in (each.cats if isinstance(each, vCategory) else [each])]


def looks_like(head: str) -> bool:
    """Whether a text begins as a calendar does."""
    return head.lstrip().upper().startswith("BEGIN:VCALENDAR")
