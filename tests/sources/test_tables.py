"""The importers of events: CSV tables and GeoJSON."""

import json
from datetime import date

import pytest

from geodata.contracts import Reading
from geodata.errors import UsageError
from geodata.model import Precision, Status
from geodata.sources import IMPORTERS
from geodata.sources.columns import day_first, time_span
from geodata.timespan import DatePrecision, TimeSpan


def table(text: str) -> Reading:
    return IMPORTERS["csv"](text.encode(), "t.csv")


def features(*items: object, **more: object) -> Reading:
    whole = {"type": "FeatureCollection", "features": list(items), **more}
    return IMPORTERS["geojson"](json.dumps(whole).encode(), "t.geojson")


def point(lon: object, lat: object, **props: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": props}


def test_a_plain_table_of_events() -> None:
    reading = table(
        "Event Date,Longitude,Latitude,Type,Headline,URL,Weather\n"
        '2022-03-01,"32,6",46.6,Shelling,"Shells, again",https://e.org/1,rain\n'
    )
    (event,) = reading.events
    assert event.when == TimeSpan.day(date(2022, 3, 1))
    assert event.place
    assert (event.place.lon, event.place.lat, event.place.precision) == (32.6, 46.6, Precision.EXACT)
    assert (event.event_type, event.title, event.sources[0].url) == ("Shelling", "Shells, again", "https://e.org/1")
    assert event.properties == {"Weather": "rain"}
    assert event.status is Status.REVIEWED
    assert not reading.problems


def test_rows_without_coordinates_keep_the_words_for_their_place() -> None:
    (event,) = table("date;place;admin1;country;title\n2022;Bakhmut;Donetsk;Ukraine;Clash\n").events
    assert event.place is None
    assert event.properties == {"place": "Bakhmut", "admin1": "Donetsk", "country": "Ukraine"}
    assert event.when
    assert event.when.precision is DatePrecision.YEAR


def test_bad_rows_are_reported_with_their_line_and_the_rest_is_taken() -> None:
    reading = table(
        "id,date,title,lon,lat,confidence\n"
        "a,2022-01-01,Good,30,50,1\n"
        '\nb,2022-02-30,"No such\nday",30,50,1\n'
        "c,2022-01-01,Off the map,300,50,1\n"
        "d,2022-01-01,Swapped,50.4,130.5,1\n"
        "a,2022-01-01,Same id,30,50,1\n"
        "e,2022-01-01,Sure,30,50,2\n"
        "f,2022-01-01,Long,30,50,1,extra\n"
    )
    assert [event.event_id for event in reading.events] == ["a", "b", "c", "d", "e", "f"]
    assert [event.event_id for event in reading.events if event.when is None] == ["b"]
    assert [event.event_id for event in reading.events if event.place is None] == ["c", "d"]
    assert reading.events[1].properties["start_as_given"] == "2022-02-30"
    messages = {problem.line: problem.message for problem in reading.problems}
    assert list(messages) == [4, 6, 7, 8, 10]  # the line that a row begins on
    assert "in no calendar" in messages[4]
    assert "kept without a place" in messages[6]
    assert "swapped" in messages[7]
    assert "of line 2" in messages[8]
    assert "more cells" in messages[10]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour,size\nred,5\n", "no column that is known to say what, when or where"),
        ("date,title\n13/02/2022,a\n02/13/2022,b\n", "mixes day first"),
        ("date,title\n1,a,b\n" + "x" * 1_000_001, "not readable as a table"),
    ],
)
def test_a_table_of_which_nothing_can_be_read(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        table(text)
    assert message in str(caught.value)


def test_a_foreign_meaning_of_a_name_of_ours_is_kept_as_it_stands() -> None:
    row = {"status": "automatic", "confidence": "high", "deaths": "some", "precision": "100 m", "published": "Monday"}
    (event,) = table(f"title,{','.join(row)}\nFire,{','.join(row.values())}\n").events
    kept = {"status": "automatic", "confidence": "high", "fatalities_best": "some", "precision": "100 m"}
    assert event.properties == {**kept, "source_published": "Monday"}
    assert (event.status, event.confidence, event.fatalities) == (Status.REVIEWED, 1.0, None)
    (event,) = features(point(1, 2, title="Fire", status=5, confidence="nominal")).events
    assert event.properties == {"status": "5", "confidence": "nominal"}


def test_a_table_in_another_encoding_says_which() -> None:
    text = "date,place,title\n2022-01-01,Мелітополь,Вибух у Мелітополі стався вчора ввечері\n"
    reading = IMPORTERS["csv"](text.encode("cp1251"), "t.csv")
    assert reading.events[0].properties["place"] == "Мелітополь"
    assert "cp1251" in reading.notes[0]


def test_a_second_header_of_hxl_tags_is_no_row() -> None:
    assert len(table("date,place\n#date+start,#loc+name\n2022-01-01,Kyiv\n").events) == 1


def test_an_apostrophe_before_a_formula_is_taken_off_again() -> None:
    titles = [event.title for event in table("title,date\n'=1+1,2022\n'tis so,2022\n").events]
    assert titles == ["=1+1", "'tis so"]


@pytest.mark.parametrize(
    ("start", "end", "days_lead", "expected"),
    [
        ("2022-11-11", "", None, "2022-11-11"),
        ("2022-11-11T10:00:00Z", "", None, "2022-11-11"),
        ("2022-11", "", None, "2022-11-01/2022-11-30"),
        ("2022", "", None, "2022-01-01/2022-12-31"),
        ("2022-11-01", "2022-11-03", None, "2022-11-01/2022-11-03"),
        ("2022-11-01/2022-11-03", "", None, "2022-11-01/2022-11-03"),
        ("11 November 2022", "", None, "2022-11-11"),
        ("Nov 11, 2022", "", None, "2022-11-11"),
        ("20221111", "", None, "2022-11-11"),
        ("2022/11/12", "", None, "2022-11-12"),
        ("3.4.2022", "", None, "2022-04-03"),
        ("3/4/2022", "", True, "2022-04-03"),
        ("3/4/2022", "", False, "2022-03-04"),
        ("4/4/2022", "", None, "2022-04-04"),
        ("", "2022-01-05", None, "2022-01-05"),
    ],
)
def test_dates(start: str, end: str, days_lead: bool | None, expected: str) -> None:
    assert str(time_span(start, end, days_lead)) == expected


@pytest.mark.parametrize(
    ("start", "end"), [("3/4/2022", ""), ("2022-13", ""), ("soon", ""), ("2022-02-02", "2022-02-01"), ("0000", "")]
)
def test_dates_that_are_none_are_refused(start: str, end: str) -> None:
    with pytest.raises(UsageError):
        time_span(start, end, None)


@pytest.mark.parametrize(
    ("values", "expected"), [(["3/4/2022"], None), (["13/4/2022", "x"], True), (["4/13/2022", ""], False), ([], None)]
)
def test_the_order_of_a_column_of_dates(values: list[str], expected: bool | None) -> None:
    assert day_first(values) is expected


def test_foreign_point_features() -> None:
    reading = features(
        {**point(30.5, 50.4, name="Fire", date="2022-05-06", mag=4.5, tsunami=None), "id": 12},
        point(30.5, 50.4, title="Quake", time=1651795200000),
        {
            **point(1, 2, label="When"),
            "when": {"timespans": [{"start": {"in": "2020-05"}, "end": {"latest": "2020-06"}}]},
        },
        {"type": "Feature", "geometry": None, "properties": {"title": "Nowhere", "place": "Atlantis"}},
    )
    first, second, third, last = reading.events
    assert (first.event_id, first.title, str(first.when)) == ("t-12", "Fire", "2022-05-06")
    assert first.properties == {"mag": "4.5"}
    assert str(second.when) == "2022-05-06"
    assert str(third.when) == "2020-05-01/2020-06-30"
    assert last.place is None
    assert last.properties == {"place": "Atlantis"}


def test_an_area_gives_its_middle_as_a_region() -> None:
    square = {"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]]}
    (event,) = features({"type": "Feature", "geometry": square, "properties": {"title": "Flood"}}).events
    assert event.place
    assert (event.place.lon, event.place.lat, event.place.precision) == (30.5, 50.5, Precision.REGION)
    assert 60_000 < event.place.radius_m < 70_000


def test_bad_features_are_reported_and_the_rest_is_taken() -> None:
    reading = features(
        point(30, 50, title="Good"),
        point(300, 50, title="Off the map"),
        point("x", 50, title="Words"),
        "no feature",
        {"type": "Feature", "geometry": {"type": "Blob"}, "properties": {}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}, "properties": {}},
        point(30, 50, date="2022-02-30"),
    )
    assert [(event.title, event.when) for event in reading.events] == [("Good", None), ("", None)]
    assert [problem.line for problem in reading.problems] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "is not JSON"),
        (b"[1, 2]", "is not GeoJSON"),
        (b'{"type": "Topology"}', "is not GeoJSON of features"),
        (b'{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:9"}}, "features": []}', "EPSG:9"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_geojson_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        IMPORTERS["geojson"](data, "t.geojson")
    assert message in str(caught.value)
