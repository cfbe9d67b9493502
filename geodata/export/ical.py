"""iCalendar (RFC 5545): an all-day entry for each dated event, with its position and source. No time zone is needed."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.credits import keys_of
from geodata.features import degrees_of
from geodata.model import Event
from geodata.query import EventQuery

MOST_BYTES = 75  # of a line (section 3.1)
LAST = datetime.max.date()
PRODID = "-//Dateline//Events//EN"


class ICalExporter:
    media_type = "text/calendar; charset=utf-8"
    suffix = ".ics"
    title = "Calendar"
    good_for = "Outlook, Google and Apple calendars; dated events only"
    lossless = False
    traits: frozenset[str] = frozenset({"only dated"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        count = undated = 0
        head = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODID), ("X-WR-CALNAME", escaped(str(query)))]
        out.write(folded(head))
        for event in events:
            if not event.when:
                undated += 1
                continue
            out.write(folded(_entry(event, stamp)))
            count += 1
        out.write(folded([("END", "VCALENDAR")]))
        gone = (f"{undated:,} {'event' if undated == 1 else 'events'} without a date",) if undated else ()
        return Exported(count, (*gone, "precision, radius, confidence, fatalities, tags and what else a row had"))


def _entry(event: Event, stamp: str) -> Iterator[tuple[str, str]]:
    when = event.when
    assert when  # checked by the caller
    yield "BEGIN", "VEVENT"
    yield "UID", escaped(event.event_id)
    yield "DTSTAMP", stamp
    yield "DTSTART;VALUE=DATE", when.start.strftime("%Y%m%d").zfill(8)
    if when.end < LAST:  # its end is the day after; without one it lasts a day
        yield "DTEND;VALUE=DATE", (when.end + timedelta(days=1)).strftime("%Y%m%d").zfill(8)
    yield "SUMMARY", escaped(event.title or event.sub_event_type or event.event_type)
    yield "CATEGORIES", ",".join(escaped(part) for part in (event.event_type, event.sub_event_type) if part)
    if event.place:
        yield "LOCATION", escaped(_named(event))
        yield "GEO", f"{degrees_of(event.place.lat):.6f};{degrees_of(event.place.lon):.6f}"
    if text := "\n".join(_said(event)):
        yield "DESCRIPTION", escaped(text)
    if event.sources and event.sources[0].url.startswith(("http://", "https://")):
        yield "URL", "".join(event.sources[0].url.split())
    yield "STATUS", "TENTATIVE" if event.status == "draft" else "CONFIRMED"
    yield "TRANSP", "TRANSPARENT"  # it makes nobody busy
    yield "END", "VEVENT"


def _named(event: Event) -> str:
    place = event.place
    return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part)) if place else ""


def _said(event: Event) -> Iterator[str]:
    if event.quote:
        yield event.quote
    if event.when and event.when.precision != "day":
        yield f"Date known to the {event.when.precision}."
    if event.place and event.place.precision != "exact":
        yield f"Place known to: {event.place.precision}."
    for source, licence, attribution in dict.fromkeys(keys_of(event)):
        yield "Source: " + ". ".join(dict.fromkeys(part for part in (source, attribution, licence) if part))


def escaped(text: str) -> str:
    """As a TEXT value (section 3.3.11); control characters have no place in it."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join("".join(c for c in line if (c >= " " and c != "\x7f") or c == "\t") for line in lines)


def folded(lines: Iterable[tuple[str, str]]) -> bytes:
    """Content lines of at most 75 bytes, never cut inside a character; what follows begins with a space."""
    found = bytearray()
    for name, value in lines:
        rest = f"{name}:{value}".encode()
        room = MOST_BYTES
        while len(rest) > room:
            cut = room
            while rest[cut] & 0xC0 == 0x80:
                cut -= 1
            found += rest[:cut] + b"\r\n "
            rest, room = rest[cut:], MOST_BYTES - 1
        found += rest + b"\r\n"
    return bytes(found)
