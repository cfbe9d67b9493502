"""GeoJSON and CSV: what they promise, and that our importers read back what was written."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.export import EXPORTERS
from geodata.export.csv import safe
from geodata.features import PROPERTIES, Bounds
from geodata.model import Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.query import EventQuery
from geodata.sources import IMPORTERS
from geodata.timespan import DatePrecision, TimeSpan

EVENT = Event(
    event_id="e1",
    event_type="Battles",
    sub_event_type="Armed clash",
    title="Clash near </script><b>Bakhmut</b> ${1+1}",
    when=TimeSpan(date(2022, 11, 1), date(2022, 11, 30), DatePrecision.MONTH),
    place=Place("Bakhmut", 38.00012345678, 48.59, Precision.NEAR, "UA", "Donetsk", "Bakhmut", "geonames:712886", 25e3),
    quote="=cmd|' /C calc'!A0, said “one”",
    quote_span=Span(10, 40),
    doc_id="d1",
    sources=(
        Source(
            "https://e.org/1", "T", "P", date(2022, 12, 1), datetime(2022, 12, 2, tzinfo=UTC), "ab", "https://a.org"
        ),
    ),
    actors=("Army", "Group"),
    fatalities=Fatalities(3, None, 5),
    confidence=0.5,
    notes=("check the year",),
    tags=("a",),
    properties={"place": "as given", "extra": "x", "property_y": "z"},
)
UNPLACED = Event("e2", "Riots", status=Status.REVIEWED)


def written(name: str, *events: Event) -> bytes:
    out = io.BytesIO()
    assert EXPORTERS[name].write(iter(events), out, EventQuery()).count == len(events)
    return out.getvalue()


def test_geojson_is_what_rfc_7946_says() -> None:
    data = written("geojson", EVENT, UNPLACED)
    found = json.loads(data)
    first, second = found["features"]
    assert found["type"] == "FeatureCollection"
    assert found["bbox"] == [38.000123, 48.59, 38.000123, 48.59]
    assert first["geometry"] == {"type": "Point", "coordinates": [38.000123, 48.59]}
    assert second["geometry"] is None
    assert first["when"] == {"timespans": [{"start": {"in": "2022-11-01"}, "end": {"in": "2022-11-30"}}]}
    assert "when" not in second
    assert (first["properties"]["start"], first["properties"]["end"]) == ("2022-11-01", "2022-11-30")
    assert first["properties"]["property_place"] == "as given"
    assert not any(isinstance(value, dict) for value in first["properties"].values())
    assert b"</script>" not in data


def test_an_empty_collection_is_valid() -> None:
    assert json.loads(written("geojson"))["features"] == []
    assert written("csv").count(b"\r\n") == 1


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([], None),
        ([(10, 20)], [10, 20, 10, 20]),
        ([(-10, 0), (30, 5)], [-10, 0, 30, 5]),
        ([(179, -17), (-179, -16)], [179, -17, -179, -16]),
        ([(-180, 0), (180, 0), (0, 0)], [-180, 0, 180, 0]),
        ([(170, 1), (175, 2)], [170, 1, 175, 2]),
    ],
)
def test_bounds(positions: list[tuple[float, float]], expected: list[float] | None) -> None:
    bounds = Bounds()
    for lon, lat in positions:
        bounds.add(lon, lat)
    assert bounds.bbox() == expected


def test_csv_cells_run_in_no_spreadsheet() -> None:
    (row,) = csv.DictReader(io.StringIO(written("csv", EVENT).decode()))
    assert row["quote"].startswith("'=cmd")
    assert float(row["lon"]) == pytest.approx(38.000123)
    assert all(safe(text)[0] == "'" for text in ("=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1"))
    assert [safe(text) for text in ("a=1", "1-2", "")] == ["a=1", "1-2", ""]


@pytest.mark.parametrize("name", ["geojson", "csv"])
def test_what_we_write_we_read(name: str) -> None:
    reading = IMPORTERS[name](written(name, EVENT, UNPLACED), f"export.{name}")
    place = EVENT.place
    assert place
    assert not reading.problems
    assert reading.events[1] == UNPLACED
    back = reading.events[0]
    assert back.place
    assert (back.place.lon, back.place.lat) == (38.000123, 48.59)
    for field in Event.__dataclass_fields__:
        if field != "place":
            assert getattr(back, field) == getattr(EVENT, field), field


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(
    lambda text: text.replace("\ufeff", "")
)
names = words.filter(bool)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
spans = st.none() | st.tuples(st.integers(0, 900), st.integers(0, 900)).map(lambda ends: Span(min(ends), max(ends)))
counts = st.none() | st.integers(0, 10**6)
sources = st.builds(Source, words, words, words, st.none() | days, sha256=words, archive_url=words)
places = st.builds(
    Place,
    words,
    st.floats(-180, 180).map(lambda x: round(x, 6)),
    st.floats(-90, 90).map(lambda x: round(x, 6)),
    st.sampled_from(Precision),
    st.sampled_from(["", "UA", "ST"]),
    words,
    words,
    words,
    st.floats(0, 1e6),
    words,
    st.integers(0, 10**9),
)
whens = st.builds(
    lambda a, b, exactness: TimeSpan(min(a, b), max(a, b), exactness), days, days, st.sampled_from(DatePrecision)
)
events = st.builds(
    Event,
    event_id=names,
    event_type=names,
    sub_event_type=words,
    title=words,
    when=st.none() | whens,
    place=st.none() | places,
    quote=words,
    quote_span=spans,
    when_span=spans,
    place_span=spans,
    doc_id=words,
    sources=st.lists(sources.filter(lambda source: source != Source()), max_size=3).map(tuple),
    actors=st.lists(words, max_size=3).map(tuple),
    fatalities=st.none() | st.builds(Fatalities, counts, counts, counts).filter(lambda deaths: deaths != Fatalities()),
    confidence=st.floats(0, 1),
    status=st.sampled_from(Status),
    notes=st.lists(words, max_size=2).map(tuple),
    tags=st.lists(words, max_size=2).map(tuple),
    properties=st.dictionaries(names | st.sampled_from(sorted(PROPERTIES)), words, max_size=3),
)  # fmt: skip


@given(st.lists(events, min_size=1, max_size=3, unique_by=lambda event: event.event_id))
def test_geojson_round_trips(some: list[Event]) -> None:
    reading = IMPORTERS["geojson"](written("geojson", *some), "export.geojson")
    assert not reading.problems
    assert list(reading.events) == some
