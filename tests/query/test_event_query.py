"""Which events answer a question, by brute force."""

from datetime import date

import pytest

from geodata.model import Event, Fatalities, Place, Precision, Source
from geodata.query import EventQuery
from geodata.timespan import TimeSpan

EVENT = Event(
    "e1",
    "Battles",
    "Armed clash",
    "Trenches attacked near Bakhmut",
    TimeSpan(date(2023, 2, 1), date(2023, 2, 28)),
    Place("Bakhmut", 38.0, 48.6, Precision.NEAR, "UA", "Donetsk Oblast"),
    sources=(Source("https://www.example.org/1"), Source(publisher="Second")),
    actors=("Volunteers of the 5th", "Wagner Group"),
    fatalities=Fatalities(low=3),
)


@pytest.mark.parametrize(
    ("params", "matches"),
    [
        ({}, True),
        ({"type": ["Riots,Battles"]}, True),
        ({"type": ["Riots"]}, False),
        ({"bbox": ["37,48,39,49"]}, True),
        ({"bbox": ["39,48,40,49"]}, False),
        ({"datetime": ["2023-02-28/.."]}, True),
        ({"datetime": ["2023-03"]}, False),
        ({"precision": ["exact"]}, False),
        ({"precision": ["near"]}, True),
        ({"status": ["reviewed"]}, False),
        ({"undated": ["only"]}, False),
        ({"unplaced": ["only"]}, False),
        ({"q": ["BAKHMUT trench"]}, True),
        ({"q": ["Kherson"]}, False),
        ({"q": ["?!"]}, False),
        ({"q": ["wagner"]}, True),
        ({"near": ["38.1,48.6,8"]}, True),
        ({"near": ["38.1,48.6,7"]}, False),
        ({"polygon": ["37,48,39,48,38,49"]}, True),
        ({"polygon": ["37,48,39,48,38,48.5"]}, False),
        ({"country": ["pl,ua"]}, True),
        ({"country": ["PL"]}, False),
        ({"country": ["UA"], "admin1": ["Donetsk Oblast"]}, True),
        ({"country": ["UA"], "admin1": ["Donetsk"]}, False),
        ({"source": ["Second", "example.org"]}, True),
        ({"source": ["Second"]}, False),
        ({"actor": ["group wag"]}, True),
        ({"actor": ['"5th wagner"']}, False),
        ({"actor": ["bakhmut"]}, False),
        ({"fatalities": ["3"]}, True),
        ({"fatalities": ["4"]}, False),
        ({"datetime": ["2023-02-10/.."], "dates": ["surely"]}, False),
        ({"datetime": ["2023-02"], "dates": ["surely"]}, True),
        ({"dates": ["surely"]}, True),
    ],
)
def test_matching(params: dict[str, list[str]], matches: bool) -> None:
    assert EventQuery.from_params(params).matches(EVENT) is matches


def test_events_without_date_or_place_are_kept_unless_left_out() -> None:
    bare = Event("e2", "Riots")
    assert EventQuery.from_params({"bbox": ["0,0,1,1"], "datetime": ["2020"]}).matches(bare)
    assert not EventQuery.from_params({"undated": ["exclude"]}).matches(bare)
    assert EventQuery.from_params({"unplaced": ["only"]}).matches(bare)


@pytest.mark.parametrize(
    "params",
    [
        {"near": ["0,0,20040"]},
        {"polygon": ["-90,-90,90,-90,90,90,-90,90"]},
        {"country": ["UA"]},
        {"near": ["0,0,20040"], "unplaced": ["only"]},
        {"datetime": ["2020/.."], "dates": ["surely"]},
        {"datetime": ["2020/.."], "dates": ["surely"], "undated": ["only"]},
        {"fatalities": ["0"]},
        {"source": ["x"]},
    ],
)
def test_an_event_that_lacks_what_is_asked_by_name_does_not_answer(params: dict[str, list[str]]) -> None:
    assert not EventQuery.from_params(params).matches(Event("e2", "Riots"))
