"""Random events and questions for property tests: any text and dates, and positions that like to coincide."""

from dataclasses import replace
from datetime import UTC, date, timedelta, timezone

from hypothesis import strategies as st

from geodata.geometry import BBox
from geodata.model import Document, Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.query import EventQuery
from geodata.shapes import Circle, Polygon
from geodata.timespan import DatePrecision, Interval, TimeSpan

TYPES = ("Battles", "Protests", "Riots")
SUB_TYPES = ("", "Armed clash", "Peaceful protest")
NAMES = ("", "Bakhmut", "Київ", "北京", "São Tomé", "القاهرة", 'a "quoted" name', "${x}</script>")

COUNTRIES = st.sampled_from(["", "UA", "ST"])
SOURCES: tuple[tuple[Source, ...], ...] = (
    (),
    (Source("https://www.Example.org/1"),),
    (Source("https://example.org/2", publisher="Example Wire"), Source(publisher="a, b")),
    (Source(publisher="a, b"),),
    (Source("javascript:alert(1)"),),
)


def kept(degrees: float) -> float:
    """To the 7 decimals that the store keeps."""
    return round(degrees, 7)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(NAMES)
word_lists = st.lists(words, max_size=3).map(tuple)
days = st.dates() | st.dates(date(2022, 1, 1), date(2022, 3, 31))
few = st.none() | st.integers(0, 3)
counts = st.none() | st.integers(0, 10_000)
unit_floats = st.floats(0, 1)
lons = st.sampled_from([-180.0, -179.5, 0.0, 30.5, 30.52, 179.5, 180.0]) | st.floats(-180, 180).map(kept)
lats = st.sampled_from([-90.0, 0.0, 50.4, 50.45, 90.0]) | st.floats(-90, 90).map(kept)
shares = st.sampled_from(["include", "include", "exclude", "only"])


@st.composite
def time_spans(draw: st.DrawFn) -> TimeSpan:
    first, last = sorted([draw(days), draw(days)])
    if draw(st.booleans()):
        last = min(first + timedelta(days=draw(st.integers(0, 40))), date.max) if first.year < 9990 else first
    return TimeSpan(first, last, draw(st.sampled_from(DatePrecision)))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first, last = sorted([draw(st.integers(0, 99)), draw(st.integers(0, 99))])
    return Span(first, last)


moments = st.datetimes(timezones=st.none() | st.sampled_from([UTC, timezone(timedelta(hours=3))]))
sources = st.builds(
    Source, words, words, words, st.none() | st.dates(), st.none() | moments, st.just("") | st.just("ab" * 32), words
)
places = st.builds(
    Place,
    name=words,
    lon=lons,
    lat=lats,
    precision=st.sampled_from(Precision),
    country=COUNTRIES,
    admin1=words,
    admin2=words,
    place_id=words,
    radius_m=st.floats(0, 1e7),
    feature=st.sampled_from(["", "P.PPL"]),
    population=st.integers(0, 40_000_000),
)
fatalities = st.builds(Fatalities, counts, counts, counts)
documents = st.builds(
    Document,
    doc_id=st.sampled_from(["d1", "d2", "d3"]),
    text=words,
    source=sources,
    language=st.sampled_from(["", "en", "uk"]),
    notes=word_lists,
    sample=st.booleans(),
)
events = st.builds(
    Event,
    event_id=words,
    event_type=st.sampled_from(TYPES),
    sub_event_type=st.sampled_from(SUB_TYPES),
    title=words,
    when=st.none() | time_spans(),
    place=st.none() | places,
    quote=words,
    quote_span=st.none() | spans(),
    when_span=st.none() | spans(),
    place_span=st.none() | spans(),
    doc_id=st.sampled_from(["", "d1", "d2"]),
    sources=st.lists(sources, max_size=3).map(tuple),
    actors=word_lists,
    fatalities=st.none() | fatalities,
    confidence=unit_floats,
    status=st.sampled_from(Status),
    notes=word_lists,
    tags=word_lists,
    properties=st.dictionaries(words, words, max_size=3),
)
event_lists = st.lists(events, max_size=8, unique_by=lambda event: event.event_id)


@st.composite
def plain_events(draw: st.DrawFn) -> list[Event]:
    """Up to 40 events that differ only in what a query without text asks for."""
    made = st.builds(
        Event,
        st.just(""),
        st.sampled_from(TYPES),
        st.sampled_from(SUB_TYPES),
        when=st.none() | time_spans(),
        place=st.none()
        | st.builds(Place, st.just("x"), lons, lats, st.sampled_from(Precision), COUNTRIES, st.sampled_from(NAMES)),
        sources=st.sampled_from(SOURCES),
        fatalities=st.none() | st.builds(Fatalities, few, few, few),
        status=st.sampled_from(Status),
    )
    return [
        replace(event, event_id=f"e{i * 7919 % 100:02}") for i, event in enumerate(draw(st.lists(made, max_size=40)))
    ]


@st.composite
def boxes(draw: st.DrawFn) -> BBox:
    south, north = sorted([draw(lats), draw(lats)])
    return BBox(draw(lons), south, draw(lons), north)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    first, last = draw(st.none() | days), draw(st.none() | days)
    return Interval(*sorted([first, last])) if first and last else Interval(first, last)


circles = st.builds(Circle, lons, lats, st.sampled_from([0.5, 10.0, 600.0, 15_000.0, 20_040.0]))


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Any ring of sides under 180 degrees; it may cross itself, the antimeridian and a pole's latitude."""
    west = draw(st.sampled_from([-180.0, 0.0, 30.5, 179.5]) | st.floats(-180, 180).map(kept))
    ring = draw(
        st.lists(st.tuples(st.floats(0, 170) | st.sampled_from([0.0, 0.02, 1.0]), lats), min_size=3, max_size=9)
    )
    corners = tuple((west + east, lat) for east, lat in ring)
    return Polygon(corners if corners[0] != corners[-1] else (*corners, (west + 60.0, 10.0)))


queries = st.builds(
    EventQuery,
    bbox=st.none() | boxes(),
    datetime=st.just(Interval()) | intervals(),
    types=st.sampled_from([(), (), ("Battles",), ("Riots", "Protests"), ("Unheard of",)]),
    sub_types=st.sampled_from([(), (), ("Armed clash",), ("", "Peaceful protest"), ("Armed clash", "Protests")]),
    precision=st.none() | st.sampled_from(Precision),
    statuses=st.sampled_from([(), (), (Status.DRAFT,), tuple(Status)]),
    undated=shares,
    unplaced=shares,
    near=st.none() | st.none() | circles,
    polygon=st.none() | st.none() | polygons(),
    country=st.sampled_from([(), (), (), ("UA",), ("UA", "ST")]),
    admin1=st.sampled_from(["", "", "", *NAMES]),
    source=st.sampled_from([(), (), (), ("Example Wire",), ("example.org", "a, b")]),
    fatalities=st.sampled_from([None, None, None, 0, 2]),
    dates=st.sampled_from(["possibly", "surely"]),
)


texts = st.lists(
    st.sampled_from(
        [*NAMES, "Bakh", "bakhmut trench", "п’ять", "п'ять", "爆炸", "a", "quoted name", "ł", "²", "?", "\0"]
    ),
    max_size=4,
).map(" ".join)


@st.composite
def worded_events(draw: st.DrawFn) -> list[Event]:
    """Up to 20 events that differ in their words, actors and areas."""
    made = st.builds(
        Event,
        st.just(""),
        st.just("Riots"),
        title=texts,
        quote=texts | words,
        place=st.none() | st.builds(Place, texts, lons, lats, country=COUNTRIES, admin1=st.sampled_from(NAMES)),
        actors=st.lists(texts, max_size=2).map(tuple),
    )
    return [replace(event, event_id=f"e{i:02}") for i, event in enumerate(draw(st.lists(made, max_size=20)))]


worded_queries = st.builds(
    EventQuery,
    text=st.sampled_from(["", ""])
    | texts
    | words
    | st.sampled_from(['"quoted name"', '"a quoted', "京爆", "*", "NEAR("]),
    actor=st.sampled_from(["", ""]) | texts,
    country=st.sampled_from([(), (), ("UA",), ("UA", "ST")]),
)


def latest_first(found: list[Event]) -> list[Event]:
    """The order of every answer: by first day, the latest first, then as they came; the undated last."""
    return sorted(found, key=lambda event: -event.when.start.toordinal() if event.when else 1)
