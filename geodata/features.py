"""An event as a GeoJSON Feature: the one page that says which properties a feature of ours has.

The way back is geodata/sources/features.py.

RFC 7946: longitude first, at most 6 decimals (section 11.2, about 10 cm), geometry null where the place is not known
(section 3.2), bbox of a collection with west > east where it crosses the antimeridian (section 5.2). `when` follows
Linked Places: {"timespans": [{"start": {"in": DAY}, "end": {"in": DAY}}]}. Offsets count code points.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geodata.credits import CreditBook, Key, keys_of
from geodata.model import Event, Fatalities, Source

DECIMALS = 6
_STEPS = 10.0**DECIMALS
LEAST_GAP_DEG = 10.0
"""A box across the antimeridian leaves out this much at least: what lies around a pole reaches all the way round."""
ALWAYS = (
    "event_type", "sub_event_type", "title", "start", "end", "date_precision", "place", "precision", "radius_m",
    "country", "admin1", "quote", "status", "confidence", "actors", "fatalities_low", "fatalities_best",
    "fatalities_high", "notes", "tags", "source_url", "source_title", "source_publisher", "source_published",
)  # fmt: skip
SOMETIMES = (
    "admin2", "place_id", "place_feature", "population", "doc_id", "quote_start", "quote_end", "when_start",
    "when_end", "place_start", "place_end", "source_retrieved", "source_sha256", "source_archive_url", "sources",
)  # fmt: skip
PROPERTIES = frozenset((*ALWAYS, *SOMETIMES))
PREFIX = "property_"  # set before a row's own property whose name is one of ours, so that both survive

Feature = dict[str, object]
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def properties(event: Event) -> dict[str, object]:
    """The flat properties; those in ALWAYS are null where not known, those in SOMETIMES are left out."""
    when, place, deaths = event.when, event.place, event.fatalities or Fatalities()
    source = event.sources[0] if event.sources else Source()
    values: tuple[object, ...] = (
        event.event_type,
        event.sub_event_type or None,
        event.title or None,
        when and when.start.isoformat(),
        when and when.end.isoformat(),
        when and when.precision.value,
        place and place.name,
        place and place.precision.value,
        place and place.radius_m,
        place and (place.country or None),
        place and (place.admin1 or None),
        event.quote or None,
        event.status.value,
        event.confidence,
        list(event.actors),
        deaths.low,
        deaths.best,
        deaths.high,
        list(event.notes),
        list(event.tags),
        source.url or None,
        source.title or None,
        source.publisher or None,
        source.published and source.published.isoformat(),
    )
    found: dict[str, object] = dict(zip(ALWAYS, values, strict=True))
    found.update(_sometimes(event, source))
    found.update(own_properties(event.properties))
    return found


def own_properties(given: Mapping[str, str]) -> dict[str, str]:
    """A row's own properties by the names that they have in a feature."""
    return {PREFIX + name if name in PROPERTIES or name.startswith(PREFIX) else name: given[name] for name in given}


def _sometimes(event: Event, source: Source) -> Iterator[tuple[str, object]]:
    place = event.place
    if place:
        yield from (
            (name, value)
            for name, value in (
                ("admin2", place.admin2),
                ("place_id", place.place_id),
                ("place_feature", place.feature),
                ("population", place.population),
            )
            if value
        )
    if event.doc_id:
        yield "doc_id", event.doc_id
    for name, span in (("quote", event.quote_span), ("when", event.when_span), ("place", event.place_span)):
        if span:
            yield f"{name}_start", span.start
            yield f"{name}_end", span.end
    if source.retrieved:
        yield "source_retrieved", source.retrieved.isoformat()
    for name, text in (("source_sha256", source.sha256), ("source_archive_url", source.archive_url)):
        if text:
            yield name, text
    if len(event.sources) > 1:
        yield "sources", [_source_to_dict(each) for each in event.sources]


def feature(event: Event) -> Feature:
    """The event as a Feature; its geometry is null where it is unplaced."""
    made: Feature = {"type": "Feature", "id": event.event_id, "geometry": None, "properties": properties(event)}
    if event.place:
        lon, lat = degrees_of(event.place.lon), degrees_of(event.place.lat)
        made["geometry"] = {"type": "Point", "coordinates": [lon, lat]}
    if event.when:
        ends = {"start": {"in": event.when.start.isoformat()}, "end": {"in": event.when.end.isoformat()}}
        made["when"] = {"timespans": [ends]}
    return made


def degrees_of(number: float) -> float:
    """At most `DECIMALS` decimals, half away from 0: plain arithmetic, which a database does to the same end."""
    return int(number * _STEPS + (0.5 if number >= 0 else -0.5)) / _STEPS


@dataclass(slots=True)
class Bounds:
    """Grows with each position; narrowest of the two boxes, across the antimeridian or not."""

    south: float = 90.0
    north: float = -90.0
    west: float = 180.0
    east: float = -180.0
    west_360: float = 360.0
    east_360: float = 0.0

    def add(self, lon: float, lat: float) -> None:
        self.south, self.north = min(self.south, lat), max(self.north, lat)
        self.west, self.east = min(self.west, lon), max(self.east, lon)
        turned = lon % 360.0
        self.west_360, self.east_360 = min(self.west_360, turned), max(self.east_360, turned)

    def bbox(self) -> list[float] | None:
        """West, south, east, north; None where nothing was added."""
        if self.south > self.north:
            return None
        west, east = self.west, self.east
        if self.east_360 - self.west_360 < east - west - LEAST_GAP_DEG and self.west_360 <= 180.0 < self.east_360:
            west, east = self.west_360, self.east_360 - 360.0
        return [degrees_of(x) for x in (west, self.south, east, self.north)]


@dataclass(slots=True)
class Written:
    """What a streamed collection came to, once it has been read to its end."""

    count: int = 0
    book: CreditBook = field(default_factory=CreditBook)


@dataclass(frozen=True, slots=True)
class FeatureTexts:
    """Some features as one text in UTF-8, `,` and a line break between two.

    `corners` are positions with the same bounds; `cited` counts their sources by `credits.Key`.
    """

    count: int
    text: bytes
    corners: tuple[tuple[float, float], ...] = ()
    cited: Mapping[Key, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Events that answer a query, read as they are asked for: one by one, or as the texts of their features.

    The texts are those that `dumps(feature(event))` gives, made in far less time.
    """

    events: Callable[[], Iterator[Event]]
    texts: Callable[[], Iterator[FeatureTexts]]

    def __iter__(self) -> Iterator[Event]:
        return self.events()


def collection(
    events: Iterable[Event],
    head: Mapping[str, object] | None = None,
    tail: Callable[[int], Mapping[str, object]] | None = None,
    written: Written | None = None,
) -> Iterator[bytes]:
    """A FeatureCollection in UTF-8, piece by piece. `tail` is given the count, for members known only at the end."""
    written = written or Written()
    members = {"type": "FeatureCollection", **(head or {})}
    yield dumps(members)[:-1].encode() + b',"features":[\n'
    bounds = Bounds()
    for piece in texts_of(events):
        yield (b",\n" if written.count else b"") + piece.text
        for lon, lat in piece.corners:
            bounds.add(lon, lat)
        written.count += piece.count
        written.book.counts.update(piece.cited)
    last: dict[str, object] = dict(tail(written.count)) if tail else {}
    if box := bounds.bbox():
        last["bbox"] = box
    yield b"\n]" + (b"," + dumps(last)[1:].encode() if last else b"}") + b"\n"


def texts_of(events: Iterable[Event]) -> Iterator[FeatureTexts]:
    """The texts of their features, many at a time where they come from a store."""
    return events.texts() if isinstance(events, Found) else map(_text_of, events)


def together(events: Sequence[Event]) -> FeatureTexts:
    """The features of some events as one text."""
    corners = tuple((event.place.lon, event.place.lat) for event in events if event.place)
    cited = Counter(key for event in events for key in keys_of(event))
    return FeatureTexts(len(events), ",\n".join(dumps(feature(event)) for event in events).encode(), corners, cited)


def _text_of(event: Event) -> FeatureTexts:
    return together((event,))


def dumps(value: object) -> str:
    """Compact JSON, text as it is (UTF-8), but for `<` which a page might read as a tag; NaN is refused."""
    return _ENCODER.encode(value).replace("<", "\\u003c")


def _source_to_dict(source: Source) -> dict[str, str]:
    values = {
        "url": source.url,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published.isoformat() if source.published else "",
        "retrieved": source.retrieved.isoformat() if source.retrieved else "",
        "sha256": source.sha256,
        "archive_url": source.archive_url,
    }
    return {name: text for name, text in values.items() if text}
