"""TimeMap (Forensic Architecture, Bellingcat): the JSON of its three end points, events, sources and associations.

Events have text throughout, dates as M/D/YYYY, `associations` by id (our types, mode CATEGORY) and `sources` by id;
the keys are those that its eventSchema and sourceSchema accept. TimeMap drops what has no date or no position.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.credits import CreditBook
from geodata.features import degrees_of, dumps
from geodata.model import Event, Source, stable_id
from geodata.query import EventQuery

MEMORY_BYTES = 4_000_000


class TimeMapExporter:
    media_type = "application/json"
    suffix = ".timemap.json"
    title = "TimeMap"
    good_for = "TimeMap, the map of Forensic Architecture and Bellingcat; dated and placed events only"
    lossless = False
    traits: frozenset[str] = frozenset({"only placed", "only dated"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        book, types = CreditBook(), _Types()
        count = left = 0
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as sources:
            cited = _Sources(sources)
            out.write(b'{"events":[\n')
            for event in events:
                if not (event.when and event.place):
                    left += 1
                    continue
                book.add(event)
                out.write((b",\n" if count else b"") + dumps(_event(event, cited.of(event), types.of(event))).encode())
                count += 1
            out.write(b'\n],"sources":{\n')
            sources.seek(0)
            shutil.copyfileobj(sources, out)
            tail = {
                "associations": list(types.associations()),
                "description": str(query),
                "credits": [credit.as_dict() for credit in book.credits()],
            }
            out.write(b"\n}," + dumps(tail)[1:].encode() + b"\n")
        gone = (f"{left:,} {'event' if left == 1 else 'events'} without a date or a place",) if left else ()
        return Exported(count, (*gone, "days that an event may have happened after its first (told in its comments)"))


def _event(event: Event, sources: list[str], associations: list[str]) -> Mapping[str, object]:
    when, place = event.when, event.place
    assert when  # both are checked by the caller
    assert place
    return {
        "id": event.event_id,
        "description": event.quote or event.title,
        "date": f"{when.start.month}/{when.start.day}/{when.start.year:04}",
        "time": "",
        "time_precision": when.precision.value,
        "location": ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part)),
        "latitude": str(degrees_of(place.lat)),
        "longitude": str(degrees_of(place.lon)),
        "category": event.event_type,
        "category_full": event.sub_event_type or event.event_type,
        "associations": associations,
        "sources": sources,
        "comments": "; ".join(_comments(event)),
    }


def _comments(event: Event) -> Iterator[str]:
    if event.title and event.quote:
        yield event.title
    if event.when and event.when.end != event.when.start:
        yield f"between {event.when}"
    if event.place and event.place.precision != "exact":
        yield f"place known to {event.place.precision}"
    if event.status == "draft":
        yield "draft, not reviewed"


class _Types:
    """The associations that the events need: a category for each type, a filter for each sub-type below it."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}

    def of(self, event: Event) -> list[str]:
        pairs = [(event.event_type, "")]
        if event.sub_event_type:
            pairs.append((event.event_type, event.sub_event_type))
        return [self.seen.setdefault(pair, stable_id("association", *pair)) for pair in pairs]

    def associations(self) -> Iterator[Mapping[str, object]]:
        for (kind, sub), name in self.seen.items():
            yield {
                "id": name,
                "title": sub or kind,
                "desc": "",
                "mode": "FILTER" if sub else "CATEGORY",
                "filter_paths": [kind, sub] if sub else [kind],
            }


class _Sources:
    """Writes each source once, as a member of an object, and knows it again by a number."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.seen: set[int] = set()

    def of(self, event: Event) -> list[str]:
        return [self._kept(source, event) for source in event.sources]

    def _kept(self, source: Source, event: Event) -> str:
        licence = ". ".join(event.properties[name] for name in ("attribution", "licence") if event.properties.get(name))
        name = stable_id(source.url, source.title, source.publisher, source.published, licence)
        number = int(name, 16)
        if number not in self.seen:
            member = {
                "id": name,
                "title": source.title,
                "paths": [source.url] if source.url else [],
                "url": source.url,
                "author": source.publisher,
                "date": source.published.isoformat() if source.published else "",
                "notes": licence,
            }
            self.out.write((b",\n" if self.seen else b"") + f"{dumps(name)}:{dumps(member)}".encode())
            self.seen.add(number)
        return name
