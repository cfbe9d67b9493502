"""What the "Add story" page sends, parsed once into frozen values; UsageError says what is wrong, what is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from geodata.contracts import EventType
from geodata.errors import UsageError, shown
from geodata.model import Document, Event, Fatalities, Place, Precision, Source, Span, Status, stable_id, text_hash
from geodata.timespan import DatePrecision, TimeSpan
from mapping.json_fields import Fields, parse_day

MAX_EVENTS = 2_000
MAX_TITLE_CHARS = 300  # of an event
MAX_HEADLINE_CHARS = 1_000  # of a story; a web page's can be long
MAX_NAME_CHARS = 200
MAX_URL_CHARS = 2_000
MAX_RADIUS_M = 20_040_000  # half the Earth's girth
BY_HAND = "added by hand"


@dataclass(frozen=True, slots=True)
class StoryMeta:
    """What a person said of a story before it was read; empty and None: not given."""

    title: str = ""
    url: str = ""
    publisher: str = ""
    published: date | None = None

    @classmethod
    def from_fields(cls, raw: object) -> "StoryMeta":
        fields = Fields(raw, "the story")
        day = fields.text("published", 40)
        return cls(
            title=fields.text("title", MAX_HEADLINE_CHARS),
            url=web_address(fields.text("url", MAX_URL_CHARS)),
            publisher=fields.text("publisher", MAX_NAME_CHARS),
            published=parse_day(day, "the publication date") if day else None,
        )


@dataclass(frozen=True, slots=True)
class CheckedStory:
    """A story and its events as a person left them; the rejected are among them.

    `choices` are the names of the text that a person wants remembered as meaning a place.
    """

    document: Document
    events: tuple[Event, ...]
    choices: tuple[tuple[Span, Place], ...] = ()


def web_address(text: str) -> str:
    """The address itself, or empty; UsageError unless it is http or https (it becomes a link on the map)."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise UsageError(f"the address {shown(text)} cannot be read; accepted: http://… or https://…") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(letter.isspace() for letter in text):
        raise UsageError(f"the address {shown(text)} is no web page's; accepted: http://… or https://…")
    return text


def checked_story(raw: object, event_types: Mapping[str, EventType], most_chars: int) -> CheckedStory:
    """The body of POST /stories."""
    fields = Fields(raw, "the request")
    document = _document(fields.inner("document"), most_chars)
    items = fields.items("events", MAX_EVENTS)
    events = tuple(_event(Fields(item, f"event {n}"), document, event_types) for n, item in enumerate(items, 1))
    seen: set[str] = set()
    for number, event in enumerate(events, 1):
        if event.event_id in seen:
            raise UsageError(f"event {number}: event_id {shown(event.event_id)} is there twice; accepted: each once")
        seen.add(event.event_id)
    named = enumerate(fields.items("choices", MAX_EVENTS), 1)
    return CheckedStory(document, events, tuple(_choice(Fields(item, f"choice {n}"), document) for n, item in named))


def _choice(fields: Fields, document: Document) -> tuple[Span, Place]:
    span = fields.span("span", len(document.text))
    if span is None or len(span.of(document.text)) > MAX_NAME_CHARS:
        raise fields.wrong("span", f"the place's name in the text, at most {MAX_NAME_CHARS} characters")
    return span, _place(fields.inner("place"))


def _document(fields: Fields, most_chars: int) -> Document:
    raw_text = fields.exact("text", most_chars)
    if not raw_text.strip():
        raise UsageError("the story's text is empty; accepted: the text that was read")
    if fields.text("sha256", 64) != text_hash(raw_text):
        raise UsageError("the story's text is not the one that was read (its sha256 differs); read the story again")
    doc_id = fields.text("doc_id", 100)
    if not doc_id:
        raise fields.wrong("doc_id", "the id that reading the story gave")
    return Document(
        doc_id=doc_id,
        text=raw_text,
        source=_source(fields.inner("source")),
        language=fields.text("language", 20),
        notes=fields.texts("notes", 100, 1_000),
    )


def _source(fields: Fields) -> Source:
    meta = StoryMeta.from_fields({name: fields.text(name, MAX_URL_CHARS) for name in StoryMeta.__slots__})
    retrieved = fields.text("retrieved", 40)
    try:
        when = datetime.fromisoformat(retrieved) if retrieved else None
    except ValueError as error:
        raise fields.wrong("retrieved", "an instant of ISO 8601") from error
    return Source(
        url=meta.url,
        title=meta.title,
        publisher=meta.publisher,
        published=meta.published,
        retrieved=when,
        sha256=fields.text("sha256", 64),
        archive_url=web_address(fields.text("archive_url", MAX_URL_CHARS)),
    )


def _event(fields: Fields, document: Document, event_types: Mapping[str, EventType]) -> Event:
    length = len(document.text)
    quote_span = fields.span("quote_span", length)
    event_type, sub_type = _types(fields, event_types)
    by_hand = not fields.has("event_id")
    return Event(
        event_id=fields.text("event_id", 100) or _hand_id(document, quote_span, event_type, fields),
        event_type=event_type,
        sub_event_type=sub_type,
        title=fields.text("title", MAX_TITLE_CHARS),
        when=when_field(fields),
        place=_place(fields.inner("place")) if fields.has("place") else None,
        quote=quote_span.of(document.text) if quote_span else "",
        quote_span=quote_span,
        when_span=fields.span("when_span", length),
        place_span=fields.span("place_span", length),
        doc_id=document.doc_id,
        sources=(document.source,),
        actors=fields.texts("actors", 50, MAX_NAME_CHARS),
        fatalities=fatalities_field(fields.inner("fatalities")) if fields.has("fatalities") else None,
        confidence=fields.number("confidence", 0, 1, default=1.0),
        status=fields.choice("status", Status, Status.DRAFT),
        notes=fields.texts("notes", 50, 1_000),
        tags=fields.texts("tags", 50, 100) or ((BY_HAND,) if by_hand else ()),
        properties=fields.pairs("properties", 100, 5_000),
    )


def _hand_id(document: Document, quote_span: Span | None, event_type: str, fields: Fields) -> str:
    """The same event added twice by hand is one event; another type, day or words is another."""
    key = (fields.text("title", MAX_TITLE_CHARS), fields.text("start", 40))
    return stable_id(document.doc_id, BY_HAND, quote_span, event_type, *key)


def _types(fields: Fields, event_types: Mapping[str, EventType]) -> tuple[str, str]:
    name, sub_name = fields.text("event_type", 100), fields.text("sub_event_type", 100)
    if name not in event_types:
        raise fields.wrong("event_type", ", ".join(event_types))
    if sub_name and sub_name not in event_types[name].sub_types:
        raise fields.wrong("sub_event_type", ", ".join(event_types[name].sub_types) or "nothing")
    return name, sub_name


def when_field(fields: Fields) -> TimeSpan | None:
    """The fields start, end and date_precision; None where neither day is given."""
    start, end = fields.day("start"), fields.day("end")
    if start is None and end is None:
        return None
    if start is None or end is None:
        missing = "earliest" if start is None else "latest"
        raise UsageError(f"{fields.where}: the {missing} date is missing; accepted: both dates, or neither (undated)")
    if end < start:
        raise UsageError(f"{fields.where}: the latest date {end} is before the earliest {start}; accepted: {start} on")
    return TimeSpan(start, end, fields.choice("date_precision", DatePrecision, DatePrecision.DAY))


def _place(fields: Fields) -> Place:
    name = fields.text("name", MAX_NAME_CHARS)
    if not name:
        raise fields.wrong("name", "the place's name")
    precision = fields.choice("precision", Precision, Precision.EXACT)
    radius_m = fields.number("radius_m", 0, MAX_RADIUS_M, default=0.0)
    return Place(
        name=name,
        lon=fields.number("lon", -180, 180),
        lat=fields.number("lat", -90, 90),
        precision=precision,
        country=fields.text("country", 2),
        admin1=fields.text("admin1", MAX_NAME_CHARS),
        admin2=fields.text("admin2", MAX_NAME_CHARS),
        place_id=fields.text("place_id", 200),
        radius_m=0.0 if precision is Precision.EXACT else radius_m,
        feature=fields.text("feature", 20),
        population=fields.whole("population", 0, 10**11) or 0,
    )


def fatalities_field(fields: Fields) -> Fatalities:
    """The fields low, best and high, each of which may be missing."""
    low, best, high = (fields.whole(name, 0, 10**9) for name in ("low", "best", "high"))
    given = [figure for figure in (low, best, high) if figure is not None]
    if given != sorted(given):
        raise UsageError(f"{fields.where}: low {low}, best {best}, high {high}; accepted: low <= best <= high")
    return Fatalities(low, best, high)
