"""A feature as programs send it, to an event: the form that items are read in, every wrong field told at once.

`start` and `end` are days, months or years; `when` of Linked Places is read where there is no `start`. A feature
without geometry may name its `place` (with `admin1`, `country`), which is geocoded then. Properties that are none of
ours are kept as text.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from geodata.contracts import EventType
from geodata.errors import UsageError, shown
from geodata.features import PREFIX, PROPERTIES, dumps
from geodata.model import Event, Place, Precision, Source, Span, Status
from geodata.timespan import DatePrecision, TimeSpan
from mapping.json_fields import Fields
from mapping.story_form import (
    MAX_NAME_CHARS,
    MAX_RADIUS_M,
    MAX_TITLE_CHARS,
    MAX_URL_CHARS,
    fatalities_field,
    web_address,
)
from mapping.writing.refusing import FieldProblem

MAX_QUOTE_CHARS = 10_000
MAX_ID_CHARS = 200
MAX_VALUE_CHARS = 5_000
MOST_PROPERTIES = 200
MOST_LISTED = 50
MAX_HEADLINE_CHARS = 1_000
MEMBERS = frozenset({"type", "id", "geometry", "properties", "when", "links", "bbox"})
PLACE_WORDS = ("place", "admin1", "admin2", "country")
SOURCE_FIELDS = ("url", "title", "publisher", "published", "retrieved", "sha256", "archive_url")
UNKNOWN = Source()
T = TypeVar("T")


class FeatureForm:
    """Reads one feature; `problems` are what is wrong with it, each where it is in the body."""

    def __init__(self, raw: object, pointer: str, event_types: Mapping[str, EventType]) -> None:
        self.problems: list[FieldProblem] = []
        self._pointer = pointer
        self._types = event_types
        self._raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        if self._raw.get("type") != "Feature":
            self._wrong("/type", 'this is no GeoJSON Feature; accepted: {"type": "Feature", …} (RFC 7946)')
        props = self._raw.get("properties")
        if props is not None and not isinstance(props, Mapping):
            self._wrong("/properties", f"properties is {shown(props)}; accepted: a JSON object")
        self._props: Mapping[str, object] = props if isinstance(props, Mapping) else {}
        self._fields = Fields(self._props, "properties")
        for name in self._raw:
            if name not in MEMBERS:
                self._wrong(f"/{_escaped(name)}", f"nothing is kept of {shown(name)}; put it into properties")

    def event_id(self) -> str:
        """The id given; empty where there is none."""
        given = self._raw.get("id")
        if given is None:
            return ""
        if isinstance(given, bool) or not isinstance(given, str | int):
            self._wrong("/id", f"id is {shown(given)}; accepted: text or a whole number")
            return ""
        problem = id_problem(str(given))
        if problem:
            self._wrong("/id", problem)
        return str(given)

    def event(self, event_id: str, status: Status) -> Event:
        """The event; it stands only where there are no `problems`. `status` is taken where the feature gives none."""
        fields, take = self._fields, self._take
        event_type, sub_type = self._event_type()
        place = self._place()
        words = {} if place else {name: self._text(name, MAX_NAME_CHARS) for name in PLACE_WORDS}
        deaths = {name: self._props.get(f"fatalities_{name}") for name in ("low", "best", "high")}
        return Event(
            event_id=event_id,
            event_type=event_type,
            sub_event_type=sub_type,
            title=self._text("title", MAX_TITLE_CHARS),
            when=self._when(),
            place=place,
            quote=self._text("quote", MAX_QUOTE_CHARS),
            quote_span=self._span("quote"),
            when_span=self._span("when"),
            place_span=self._span("place"),
            doc_id=self._text("doc_id", MAX_ID_CHARS),
            sources=self._sources(),
            actors=take("actors", lambda: fields.texts("actors", MOST_LISTED, MAX_NAME_CHARS), ()),
            fatalities=take("fatalities_best", lambda: fatalities_field(Fields(deaths, "fatalities")), None)
            if any(figure not in (None, "") for figure in deaths.values())
            else None,
            confidence=take("confidence", lambda: self._number("confidence", 0, 1, 1.0), 1.0),
            status=take("status", lambda: fields.choice("status", Status, status), status),
            notes=take("notes", lambda: fields.texts("notes", MOST_LISTED, MAX_VALUE_CHARS), ()),
            tags=take("tags", lambda: fields.texts("tags", MOST_LISTED, MAX_NAME_CHARS), ()),
            properties={**self._own(), **{name: text for name, text in words.items() if text}},
        )

    def _event_type(self) -> tuple[str, str]:
        name, sub_name = self._text("event_type", MAX_NAME_CHARS), self._text("sub_event_type", MAX_NAME_CHARS)
        if name not in self._types:
            said = f"event_type is {shown(name)}" if name else "event_type is missing"
            self._wrong("/properties/event_type", f"{said}; accepted: {', '.join(self._types)}")
        elif sub_name and sub_name not in self._types[name].sub_types:
            accepted = ", ".join(self._types[name].sub_types) or "nothing"
            self._wrong("/properties/sub_event_type", f"{name} has no sub-type {shown(sub_name)}; accepted: {accepted}")
        return name, sub_name

    def _when(self) -> TimeSpan | None:
        start, end = self._text("start", 40), self._text("end", 40)
        pointer = "/properties/start"
        if not start and not end and self._raw.get("when") is not None:
            pointer = "/when"
            start, end = _linked_places(self._raw["when"])
            if not start:
                accepted = '{"timespans": [{"start": {"in": "2022-11-11"}, "end": {"in": "2022-11-12"}}]}'
                self._wrong(pointer, f"when has no first day; accepted: {accepted}")
        if not start:
            if end:
                self._wrong("/properties/end", f"end is {shown(end)} and there is no start; accepted: both, or start")
            return None
        try:
            span = TimeSpan.from_param(f"{start}/{end}" if end else start)
        except UsageError as error:
            self._wrong(pointer, str(error))
            return None
        fields = self._fields
        read = lambda: fields.choice("date_precision", DatePrecision, span.precision)  # noqa: E731
        return TimeSpan(span.start, span.end, self._take("date_precision", read, span.precision))

    def _place(self) -> Place | None:
        geometry = self._raw.get("geometry")
        if geometry is None:
            return None
        position = self._position(geometry)
        fields, take = self._fields, self._take
        precision = take("precision", lambda: fields.choice("precision", Precision, Precision.EXACT), Precision.EXACT)
        radius_m = take("radius_m", lambda: self._number("radius_m", 0, MAX_RADIUS_M, 0.0), 0.0)
        values = {name: self._text(name, MAX_NAME_CHARS) for name in ("admin1", "admin2", "place_id")}
        return Place(
            name=self._text("place", MAX_NAME_CHARS),
            lon=position[0],
            lat=position[1],
            precision=precision,
            country=self._country(),
            radius_m=0.0 if precision is Precision.EXACT else radius_m,
            feature=self._text("place_feature", 20),
            population=take("population", lambda: fields.whole("population", 0, 10**11), None) or 0,
            **values,
        )

    def _position(self, geometry: object) -> tuple[float, float]:
        """Longitude and latitude of a Point; what stands there is WGS84, as RFC 7946 has it."""
        pair = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
        point = isinstance(geometry, Mapping) and geometry.get("type") == "Point" and isinstance(pair, list)
        numbers = [x for x in pair or () if isinstance(x, int | float) and not isinstance(x, bool)] if point else []
        if not point or len(numbers) not in (2, 3) or len(numbers) != len(pair or ()):
            self._wrong("/geometry", "accepted: a Point with [longitude, latitude] in degrees (WGS84), or null")
            return 0.0, 0.0
        lon, lat = numbers[:2]
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            self._wrong("/geometry/coordinates", f"[{lon}, {lat}] is not on Earth; accepted: longitude, then latitude")
            return 0.0, 0.0
        return float(lon), float(lat)

    def _country(self) -> str:
        code = self._text("country", 2)
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            self._wrong("/properties/country", f"country is {shown(code)}; accepted: two letters, as UA (ISO 3166-1)")
        return code.upper()

    def _sources(self) -> tuple[Source, ...]:
        """The list `sources`, whose first the flat `source_…` properties say again; or those alone."""
        flat = {name: self._props[f"source_{name}"] for name in SOURCE_FIELDS if self._props.get(f"source_{name}")}
        none: list[object] = []
        listed = self._take("sources", lambda: list(self._fields.items("sources", MOST_LISTED)), none)
        raws: list[tuple[object, str]] = [(each, f"/properties/sources/{at}") for at, each in enumerate(listed)]
        if flat or not raws:
            raws[:1] = [(flat, "/properties/source_url")]
        found = []
        for raw, pointer in raws:
            try:
                found.append(_source(Fields(raw, "source")))
            except UsageError as error:
                self._wrong(pointer, str(error))
        return tuple(source for source in found if source != UNKNOWN)

    def _span(self, name: str) -> Span | None:
        fields = self._fields
        start = self._take(f"{name}_start", lambda: fields.whole(f"{name}_start", 0, 10**9), None)
        end = self._take(f"{name}_end", lambda: fields.whole(f"{name}_end", 0, 10**9), None)
        if start is None or end is None:
            return None
        if start >= end:
            self._wrong(f"/properties/{name}_end", f"{name}_end is {end}; accepted: more than {name}_start, {start}")
        return Span(start, end)

    def _own(self) -> dict[str, str]:
        """The properties that are none of ours, as text."""
        mine = {name: value for name, value in self._props.items() if name not in PROPERTIES and value is not None}
        if len(mine) > MOST_PROPERTIES:
            self._wrong("/properties", f"{len(mine)} properties of your own; accepted: at most {MOST_PROPERTIES}")
            return {}
        found = {}
        for name, value in mine.items():
            text = value if isinstance(value, str) else dumps(value)
            if len(name) > MAX_NAME_CHARS or len(text) > MAX_VALUE_CHARS:
                limits = f"{MAX_NAME_CHARS} characters of name, {MAX_VALUE_CHARS} of value"
                self._wrong(f"/properties/{_escaped(name)}", f"{shown(name)} is too long; accepted: {limits}")
            found[name.removeprefix(PREFIX)] = text
        return found

    def _text(self, name: str, most: int) -> str:
        return self._take(name, lambda: self._fields.text(name, most), "")

    def _number(self, name: str, low: float, high: float, default: float) -> float:
        return self._fields.number(name, low, high) if self._fields.has(name) else default

    def _take(self, name: str, read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except UsageError as error:
            self._wrong(f"/properties/{name}", str(error))
            return default

    def pointer(self, where: str) -> str:
        """Where something of this feature is in the body."""
        return f"#{self._pointer}{where}"

    def _wrong(self, where: str, detail: str) -> None:
        self.problems.append(FieldProblem(self.pointer(where), detail))


def id_problem(text: str) -> str:
    """What is wrong with an id of a caller's own; empty: nothing."""
    is_path = text in (".", "..") or text.startswith("/")  # an address that ends so leads elsewhere
    if 0 < len(text) <= MAX_ID_CHARS and text.isprintable() and text.strip() == text and not is_path:
        return ""
    return (
        f"{shown(text)} is no id; accepted: 1 to {MAX_ID_CHARS} characters that can be printed, "
        "no space at an end, no / at the beginning, neither . nor .."
    )


def _source(fields: Fields) -> Source:
    retrieved = fields.text("retrieved", 40)
    try:
        when = datetime.fromisoformat(retrieved) if retrieved else None
    except ValueError as error:
        raise fields.wrong("retrieved", "an instant of ISO 8601") from error
    return Source(
        url=web_address(fields.text("url", MAX_URL_CHARS)),
        title=fields.text("title", MAX_HEADLINE_CHARS),
        publisher=fields.text("publisher", MAX_NAME_CHARS),
        published=fields.day("published"),
        retrieved=when,
        sha256=fields.text("sha256", 64),
        archive_url=web_address(fields.text("archive_url", MAX_URL_CHARS)),
    )


def _linked_places(when: object) -> tuple[str, str]:
    """The first timespan's ends; empty text where it has none."""
    spans = when.get("timespans") if isinstance(when, Mapping) else None
    first = spans[0] if isinstance(spans, list) and spans and isinstance(spans[0], Mapping) else {}

    def end_of(name: str, *keys: str) -> str:
        found = first.get(name)
        return next((str(found[key]) for key in keys if found.get(key)), "") if isinstance(found, Mapping) else ""

    return end_of("start", "in", "earliest", "latest"), end_of("end", "in", "latest", "earliest")


def _escaped(name: str) -> str:
    """A member's name in a JSON Pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")[:100]
