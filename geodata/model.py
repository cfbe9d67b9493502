"""The frozen values that stages hand to each other. Longitude first, degrees on WGS84; spans count code points."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from geodata.geometry import check_lon_lat
from geodata.timespan import TimeSpan


class Precision(StrEnum):
    """How exactly a place is known, the most exact first. `near` means within 25 km (UCDP's where_prec 2)."""

    EXACT = "exact"
    NEAR = "near"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    REGION = "region"
    COUNTRY = "country"


DEFAULT_RADIUS_M: Mapping[Precision, float] = {
    Precision.EXACT: 0.0,
    Precision.NEAR: 25_000.0,
    Precision.ADMIN2: 15_000.0,
    Precision.ADMIN1: 42_000.0,
    Precision.REGION: 350_000.0,
    Precision.COUNTRY: 260_000.0,
}
"""The doubt to draw where a place says its precision and no radius: `near` after UCDP's where_prec 2; for areas the
median half-width of that rank in the gazetteer (36,137 ADM2, 3,887 ADM1, 347 regions, 249 countries), rounded."""


class Status(StrEnum):
    """What a person has said of an event; a machine only ever makes drafts."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a document's text: `start` included, `end` excluded, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Source:
    """Where an event was read: enough to cite it. Empty text and None mean not known."""

    url: str = ""
    title: str = ""
    publisher: str = ""
    published: date | None = None
    retrieved: datetime | None = None
    sha256: str = ""
    archive_url: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A story as plain text, with what is known of where it came from.

    `notes` says what reading it had to decide (the encoding used, mark-up stripped); `sample` marks our own examples.
    """

    doc_id: str
    text: str
    source: Source = Source()
    language: str = ""
    notes: tuple[str, ...] = ()
    sample: bool = False

    @property
    def published(self) -> date | None:
        """The base for relative dates, such as "on Saturday"."""
        return self.source.published


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name of the gazetteer found in a text. `weight` 0..1 grows with how likely these words mean a place."""

    span: Span
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in a text. `near` says that the words put the event beside it ("near Bakhmut", "a Kherson suburb").

    `text` is the name as written, `name` the form to look up (possessive and case endings taken off).
    `context` holds other names that the text itself binds to it, the next larger first ("Paris, Texas" -> ("Texas",)).
    """

    span: Span
    text: str
    name: str
    confidence: float = 1.0
    near: bool = False
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on Earth. `radius_m` is the half-width of the doubt that a map draws: 0 for an exact point, never 0 for
    any other precision (DEFAULT_RADIUS_M stands in).

    `place_id` is the gazetteer's ("geonames:701404"), or empty; `country` is ISO 3166-1 alpha-2; `feature` is
    GeoNames' class and code ("P.PPLA2"); `population` is 0 where unknown.
    """

    name: str
    lon: float
    lat: float
    precision: Precision = Precision.EXACT
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    place_id: str = ""
    radius_m: float = 0.0
    feature: str = ""
    population: int = 0

    def __post_init__(self) -> None:
        check_lon_lat(self.lon, self.lat)
        if self.radius_m <= 0:
            object.__setattr__(self, "radius_m", DEFAULT_RADIUS_M[self.precision])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name can mean, with its score 0..1 and the reasons in words, the strongest first."""

    place: Place
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a toponym came to: the place chosen, or None, and every candidate, the best first."""

    toponym: Toponym
    place: Place | None
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A person's word that, in this project, a name means this place.

    `name` is as it was written, `key` its folded form. `level` is the area that the words call it: 0 none, 1 of the
    first level ("Kherson region"), 2 of the second; "Kherson" and "Kherson region" are chosen apart. `place` is a copy,
    so that it outlives the gazetteer. `chosen_at` is UTC; `doc_id` is the story it was chosen in, or empty.
    """

    name: str
    key: str
    place: Place
    chosen_at: datetime
    level: int = 0
    doc_id: str = ""

    @property
    def choice_id(self) -> str:
        """One name has one meaning: a later choice for it takes this one's place."""
        return stable_id(self.key, self.level)


@dataclass(frozen=True, slots=True)
class Fatalities:
    """Deaths as reported; None where the source gives no such figure ("at least three" is low 3)."""

    low: int | None = None
    best: int | None = None
    high: int | None = None

    @property
    def figure(self) -> int | None:
        """The number that counts for filters: the best, else the low one; None where the source gives neither."""
        return self.low if self.best is None else self.best


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as extraction read it, before its place is resolved.

    `quote` is the sentence it came from, `trigger` the word that says what happened, `when_span` the words that say
    when (None: inherited or bounded by the publication date). `toponym` is the name of its place, or None. `notes` are
    doubts for a person to check ("the year is one before publication"). `properties` are hints, as an event's are.
    """

    event_type: str
    sub_event_type: str
    title: str
    quote: Span
    trigger: Span
    when: TimeSpan | None
    when_span: Span | None = None
    toponym: Toponym | None = None
    confidence: float = 0.5
    actors: tuple[str, ...] = ()
    fatalities: Fatalities | None = None
    notes: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document gave: all its place names, and its events in the order of the text."""

    document: Document
    toponyms: tuple[Toponym, ...]
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `when` None is undated, `place` None unplaced: both are kept, counted and reachable.

    `quote` is the words it came from; `quote_span`, `when_span` and `place_span` are offsets into the text of document
    `doc_id`. `confidence` 0..1 is the machine's, 1 for what a person or a coder entered. `properties` is all else
    that a row had, as text.
    """

    event_id: str
    event_type: str
    sub_event_type: str = ""
    title: str = ""
    when: TimeSpan | None = None
    place: Place | None = None
    quote: str = ""
    quote_span: Span | None = None
    when_span: Span | None = None
    place_span: Span | None = None
    doc_id: str = ""
    sources: tuple[Source, ...] = ()
    actors: tuple[str, ...] = ()
    fatalities: Fatalities | None = None
    confidence: float = 1.0
    status: Status = Status.DRAFT
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story read but not kept: its drafts as events, and for each event the candidates its place was chosen from."""

    document: Document
    events: tuple[Event, ...]
    resolutions: Mapping[str, Resolution] = field(default_factory=dict)
    """By event_id; an event without a place name has no entry."""
    toponyms: tuple[Resolution, ...] = ()
    """Every place name of the story, those of background mentions too."""
    notes: tuple[str, ...] = ()
    triggers: Mapping[str, Span] = field(default_factory=dict)
    """By event_id, the word that says what happened; shown in the review, not kept."""


def publisher_of(sources: Sequence[Source]) -> str:
    """Who reported an event: its first source's publisher, else the host of its address; empty where it has neither."""
    if not sources:
        return ""
    return sources[0].publisher or host_of(sources[0].url)


def host_of(url: str) -> str:
    """`news.example.org` of `https://reader@www.News.example.org:8080/a?b`; empty where the text is no such address."""
    _, found, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].lower() if found else ""
    return host.removeprefix("www.")


def stable_id(*parts: object) -> str:
    """A 16-digit hexadecimal id that is the same for the same parts on every machine (SHA-256, cut)."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
