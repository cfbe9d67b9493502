"""Filters in CQL2: what they come to, event by event, and how they say no."""

import json
from datetime import date

import pytest

from geodata.errors import UsageError
from geodata.model import Event, Fatalities, Place, Precision, Status
from geodata.query import EventQuery
from geodata.query.conditions import is_like
from geodata.query.cql2 import MOST_CHARS, Filter
from geodata.timespan import DatePrecision, TimeSpan

BAKHMUT = Place("Bakhmut", 38.0, 48.6, country="UA", admin1="Donetsk Oblast")
EVENTS = (
    Event("clash", "Battles", "Armed clash", "Clash_1 at 50%", TimeSpan.day(date(2022, 3, 5)), BAKHMUT,
          fatalities=Fatalities(best=3), confidence=0.5),
    Event("march", "Protests", "", "A MARCH", TimeSpan(date(2022, 3, 1), date(2022, 3, 31), DatePrecision.MONTH),
          Place("Łódź", 19.45, 51.77, Precision.NEAR, "PL"), status=Status.REVIEWED),
    Event("fiji", "Riots", "Mob violence", "a march*", TimeSpan.day(date(2023, 1, 1)), Place("Fiji", 179.5, -17.0)),
    Event("bare", "Battles", "Armed clash"),
)  # fmt: skip
ALL = "clash march fiji bare"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("event_type = 'Battles'", "clash bare"),
        ("event_type <> 'Battles'", "march fiji"),
        ("'Battles' = event_type", "clash bare"),
        ("event_type IN ('Riots','Protests')", "march fiji"),
        ("event_type NOT IN ('Riots','Protests')", "clash bare"),
        ("sub_event_type IS NULL", "march"),
        ("sub_event_type IS NOT NULL AND place IS NULL", "bare"),
        ("NOT (event_type = 'Battles' OR fatalities_best > 2)", ""),  # of the others no deaths are known
        ("event_type = 'Riots' OR fatalities_best >= 3", "clash fiji"),
        ("confidence < 1", "clash"),
        ("1 > confidence", "clash"),
        ("confidence BETWEEN 0.5 AND 0.9", "clash"),
        ("confidence NOT BETWEEN 0.5 AND 0.9", "march fiji bare"),
        ("title LIKE 'Clash%'", "clash"),
        ("title LIKE '%march%'", "fiji"),
        ("title NOT LIKE '%march%'", "clash march"),
        ("title LIKE 'a march*'", "fiji"),
        ("title LIKE '_ march_'", "fiji"),
        ("title LIKE '%50\\%'", "clash"),
        ("title LIKE 'Clash\\_1%'", "clash"),
        ("CASEI(title) LIKE casei('%MARCH%')", "march fiji"),
        ("CASEI(place) = casei('łódź')", "march"),
        ("casei(event_type) IN (casei('RIOTS'))", "fiji"),
        ("start = DATE('2022-03-05')", "clash"),
        ("start > '2022-03-05'", "fiji"),
        ("start < end", "march"),
        ("start <= TIMESTAMP('2022-03-05T10:00:00Z')", "clash march"),
        ("end IN (DATE('2022-03-31'))", "march"),
        ("datetime IS NULL", "bare"),
        ("geometry IS NOT NULL", "clash march fiji"),
        ("t_after(datetime, DATE('2022-03-10'))", "fiji"),
        ("t_before(datetime, DATE('2022-03-10'))", "clash"),
        ("t_intersects(datetime, INTERVAL('2022-03-05','2022-03-06'))", "clash march"),
        ("t_disjoint(datetime, INTERVAL('2022-03-05','2022-03-06'))", "fiji"),
        ("NOT t_disjoint(datetime, INTERVAL('2022-03-05','2022-03-06'))", "clash march"),
        ("t_during(datetime, INTERVAL('2022-03-02','..'))", "clash fiji"),
        ("t_contains(datetime, DATE('2022-03-05'))", "march"),
        ("t_equals(datetime, INTERVAL('2022-03-01','2022-03-31'))", "march"),
        ("t_starts(INTERVAL(start,end), INTERVAL('2022-03-01','..'))", "march"),
        ("t_startedBy(datetime, DATE('2022-03-01'))", "march"),
        ("t_finishes(start, INTERVAL('..','2022-03-05'))", "clash"),
        ("t_finishedBy(datetime, DATE('2022-03-31'))", "march"),
        ("t_meets(datetime, INTERVAL('2022-03-31','..'))", "march"),
        ("t_metBy(datetime, INTERVAL('..','2022-03-01'))", "march"),
        ("t_overlaps(datetime, INTERVAL('2022-03-20','2022-05-01'))", "march"),
        ("t_overlappedBy(datetime, INTERVAL('2022-02-20','2022-03-09'))", "march"),
        ("s_intersects(geometry, BBOX(37,48,39,49))", "clash"),
        ("S_INTERSECTS(BBOX(179,-20,-179,-10), geometry)", "fiji"),
        ("NOT s_intersects(geometry, BBOX(37,48,39,49))", "march fiji"),
        ("s_disjoint(geometry, BBOX(37,48,39,49))", "march fiji"),
        ("s_intersects(geometry, POINT(38 48.6))", "clash"),
        ("s_intersects(geometry, MULTIPOINT((38 48.6),(19.45 51.77)))", "clash march"),
        ("s_within(geometry, POLYGON((18 50,20 50,20 53,18 53,18 50)))", "march"),
        ("s_intersects(geometry, POLYGON((0 0,90 0,90 80,0 80,0 0),(18 50,20 50,20 53,18 53,18 50)))", "clash"),
        ("s_intersects(geometry, MULTIPOLYGON(((37 48,39 48,39 49,37 49,37 48)),((18 50,20 50,20 53,18 53,18 50))))",
         "clash march"),
        ("country = admin1", ""),
        ("id = 'bare'", "bare"),
        ("TRUE", ALL),
        ("FALSE OR NOT FALSE", ALL),
        ("status = 'reviewed' AND precision = 'near' AND date_precision = 'month'", "march"),
    ],
)  # fmt: skip
def test_a_filter_leaves_what_it_says(text: str, ids: str) -> None:
    query = EventQuery.from_params({"filter": [text]})
    assert " ".join(event.event_id for event in EVENTS if query.matches(event)) == ids
    again = EventQuery.from_params(query.to_params())
    assert again == query


def test_a_filter_in_json() -> None:
    text = json.dumps({"op": "and", "args": [{"op": "=", "args": [{"property": "event_type"}, "Battles"]}, True]})
    for language in ([], ["cql2-json"]):
        query = EventQuery.from_params({"filter": [text], "filter-lang": language})
        assert [event.event_id for event in EVENTS if query.matches(event)] == ["clash", "bare"]
    assert query.to_params()["filter-lang"] == ["cql2-json"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("event_type =", "cannot be read as cql2-text"),
        ("colour = 'red'", "no property is named 'colour'; accepted: id, event_type"),
        ("event_type = 3", "event_type is compared with '3.0'; accepted: text"),
        ("confidence = 'high'", "confidence is compared with 'high'; accepted: a number"),
        ("start > 3", "start is compared with '3.0'; accepted: a day"),
        ("start > 'soon'", "'soon' is not a date"),
        ("start = DATE('2022-02-30')", "in no calendar"),
        ("confidence LIKE '1%'", "confidence is no text"),
        ("geometry = 1", "geometry cannot be compared so; accepted: it in s_intersects"),
        ("datetime > DATE('2022-01-01')", "datetime cannot be compared so; accepted: it in t_intersects"),
        ("confidence = title", "title, which is of another kind"),
        ("1 = 1", "one of them a property"),
        ("title = casei('x')", "accepted: casei(title) too"),
        ("confidence = 1 + 2", "confidence is compared with"),
        ("s_crosses(geometry, BBOX(1,2,3,4))", "'s_crosses' of 2 is not supported; accepted: =, <>"),
        ("s_intersects(geometry, BBOX(1,95,3,96))", "off the map"),
        ("s_intersects(geometry, LINESTRING(1 2,3 4))", "accepted: BBOX, POINT"),
        ("s_intersects(geometry, geometry)", "takes geometry and a shape"),
        ("t_after(title, DATE('2022-01-01'))", "is no time in a filter"),
        ("buffer(geometry, 1) = 1", "one of them a property"),
        ("title", "is no condition"),
        ("'text'", "is no condition"),
        (" AND ".join(["TRUE"] * 400), "more than 300 conditions"),
        ("NOT " * 900 + "TRUE", "900 signs and NOTs outside lists; accepted: at most 250"),
        # each of these once ended the whole process, or was answered with a traceback
        ("-" * 3900 + "1 = confidence", "3901 signs"),
        ("-and" * 900 + " = confidence", "901 signs"),
        ("1+(" * 6 + "1+(1)" * 600 + ")" * 6 + " = confidence", "signs and NOTs"),
        ("title=" * 600 + "'a'", "600 signs"),
        ("title = '\"' AND \"'\" = 1 OR " + "(" * 30 + "TRUE", "has 30 brackets"),
        ('{"op":"\\"","args":' + '[{"op":"not","args":' * 60, "brackets in one another"),
        ("(" * 30 + "TRUE", "has 30 brackets in one another; accepted: at most 8"),
        ("title = '" + "x" * MOST_CHARS + "'", "accepted: at most 4,000"),
    ],
)
def test_what_a_filter_cannot_ask_is_said(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        Filter.from_params(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"title = '{'(' * 50}'",
        f"title = 'it''s {'(' * 50}{'-' * 900}'",
        " OR ".join(["title = 'a'"] * 149),
        f"s_intersects(geometry, POLYGON(({', '.join(f'-{n / 10} -{n % 2}' for n in range(300))}, -0.0 -0)))",
    ],
)
def test_what_is_long_but_flat_is_read(text: str) -> None:
    assert Filter.from_params(text).text


@pytest.mark.parametrize(
    ("text", "pattern", "like"),
    [
        ("abc", "a%b%c", True),
        ("aXbYbZc", "a%b%c", True),
        ("abcb", "a%b%c", False),
        ("a", "a%a", False),
        ("aa", "a%a", True),
        ("a\nb", "a_b", True),
        ("", "%%", True),
        ("ab", "%_b", True),
        ("b", "%_b", False),
        ("a%", "a\\%", True),
        ("e" * 5_000, "%e" * 300 + "x%", False),  # a pattern that goes back at each % takes years
    ],
)
def test_patterns(text: str, pattern: str, like: bool) -> None:
    assert is_like(text, pattern) == like


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"filter": ["TRUE"], "filter-lang": ["sql"]}, "filter-lang 'sql' is unknown; accepted: cql2-text, cql2-json"),
        ({"filter": ["TRUE"], "filter-crs": ["http://www.opengis.net/def/crs/EPSG/0/3857"]}, "is not supported"),
        ({"filter-lang": ["cql2-text"]}, "without a filter"),
        ({"filter": ["{"], "filter-lang": ["cql2-json"]}, "cannot be read as cql2-json"),
        ({"filter": ['{"op":' * 40]}, "brackets in one another"),
    ],
)
def test_the_parameters_beside_a_filter_are_checked(params: dict[str, list[str]], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        EventQuery.from_params(params)
    assert words in str(caught.value)


def test_a_filter_is_said_in_the_sentence() -> None:
    assert "that answer" in str(EventQuery.from_params({"filter": ["event_type = 'Battles'"]}))
