"""Which of two events stays, what they say differently, and the one that holds both."""

from dataclasses import replace
from datetime import date

import pytest

from geodata.duplicates import differing, survivor_first, union
from geodata.duplicates.union import united_when
from geodata.model import Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.timespan import DatePrecision, TimeSpan

TOWN = Place("Kherson", 32.6, 46.6, country="UA")
OBLAST = Place("Kherson Oblast", 33.0, 46.5, Precision.ADMIN1, "UA")
DAY = TimeSpan.day(date(2023, 11, 12))
WEEK = TimeSpan(date(2023, 11, 6), date(2023, 11, 12), DatePrecision.WEEK)
NEXT_WEEK = TimeSpan(date(2023, 11, 10), date(2023, 11, 16), DatePrecision.WEEK)
EARLY = Source("https://example.org/a", "A", published=date(2023, 11, 12))
LATE = Source("https://example.org/b", "B", published=date(2023, 11, 15))
ONE = Event("a", "Riots", when=DAY, place=TOWN, sources=(EARLY,), doc_id="d1", quote="One.", quote_span=Span(0, 4))
OTHER = Event("b", "Riots", when=DAY, place=TOWN, sources=(LATE,), doc_id="d2", quote="Two.", quote_span=Span(0, 4))


@pytest.mark.parametrize(
    ("one", "other", "stays"),
    [
        (ONE, OTHER, "a"),
        (ONE, replace(OTHER, status=Status.REVIEWED), "b"),
        (replace(ONE, place=OBLAST), OTHER, "b"),
        (replace(ONE, place=OBLAST, status=Status.REVIEWED), OTHER, "a"),
        (replace(ONE, when=WEEK), OTHER, "b"),
        (replace(ONE, place=None), replace(OTHER, place=OBLAST), "b"),
        (replace(ONE, sources=(LATE,)), replace(OTHER, sources=(EARLY,)), "b"),
        (replace(ONE, sources=()), OTHER, "b"),
    ],
    ids=["earlier told", "reviewed", "more exact place", "reviewed before exact", "day", "placed", "first", "sourced"],
)
def test_which_one_stays(one: Event, other: Event, stays: str) -> None:
    assert survivor_first(one, other)[0].event_id == stays
    assert survivor_first(other, one)[0].event_id == stays


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (DAY, DAY, DAY),
        (DAY, WEEK, DAY),
        (WEEK, DAY, DAY),
        (WEEK, NEXT_WEEK, TimeSpan(date(2023, 11, 10), date(2023, 11, 12), DatePrecision.WEEK)),
        (None, DAY, DAY),
        (WEEK, None, WEEK),
        (None, None, None),
        (DAY, TimeSpan.day(date(2023, 11, 13)), TimeSpan(date(2023, 11, 12), date(2023, 11, 13))),
    ],
)
def test_dates_are_narrowed_to_what_both_allow(
    one: TimeSpan | None, other: TimeSpan | None, expected: TimeSpan | None
) -> None:
    assert united_when(one, other) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (Fatalities(best=4), Fatalities(best=11), Fatalities(4, 11, 11)),
        (Fatalities(best=11), Fatalities(best=4), Fatalities(4, 4, 11)),
        (Fatalities(low=3), Fatalities(best=5), Fatalities(3, 5, 5)),
        (Fatalities(1, 2, 3), Fatalities(2, None, 9), Fatalities(1, 2, 9)),
        (None, Fatalities(best=5), Fatalities(best=5)),
        (Fatalities(low=3), None, Fatalities(low=3)),
        (Fatalities(low=3), Fatalities(low=5), Fatalities(3, None, None)),
        (None, None, None),
    ],
)
def test_deaths_span_both_reports_and_the_later_is_best(
    mine: Fatalities | None, theirs: Fatalities | None, expected: Fatalities | None
) -> None:
    assert union(replace(ONE, fatalities=mine), replace(OTHER, fatalities=theirs)).fatalities == expected


def test_nothing_that_either_says_is_lost() -> None:
    mine = replace(ONE, actors=("Police",), tags=("x", "sample"), notes=("n",), place=OBLAST, place_span=Span(0, 2))
    theirs = replace(
        OTHER, actors=("police", "Crowd"), tags=("sample", "y"), properties={"k": "v"}, sub_event_type="Mob violence"
    )
    whole = union(mine, theirs)
    assert (whole.event_id, whole.doc_id, whole.quote, whole.quote_span) == ("a", "d1", "One.", Span(0, 4))
    assert whole.sources == (EARLY, LATE)
    assert whole.actors == ("Police", "Crowd")
    assert whole.tags == ("x", "sample", "y")
    assert whole.properties == {"k": "v"}
    assert whole.sub_event_type == "Mob violence"
    assert whole.place == TOWN
    assert whole.place_span is None, "the words of the other story are not in this one"


def test_a_sample_does_not_make_a_sample_of_what_it_is_merged_into() -> None:
    assert union(ONE, replace(OTHER, tags=("sample",))).tags == ()


def test_a_source_fetched_twice_is_one_source() -> None:
    assert union(ONE, replace(OTHER, sources=(EARLY, LATE))).sources == (EARLY, LATE)


def test_disagreement_is_noted() -> None:
    mine = replace(ONE, fatalities=Fatalities(best=4))
    theirs = replace(OTHER, when=TimeSpan.day(date(2023, 11, 13)), fatalities=Fatalities(low=6))
    assert union(mine, theirs).notes == (
        "the sources disagree about the date: 2023-11-12 or 2023-11-13",
        "the sources disagree about the dead: 4 or at least 6",
    )


@pytest.mark.parametrize("reviewed", [0, 1])
def test_what_a_person_reviewed_stays_reviewed(reviewed: int) -> None:
    both = [
        replace(event, status=Status.REVIEWED if at == reviewed else Status.DRAFT)
        for at, event in enumerate((ONE, OTHER))
    ]
    assert union(*both).status is Status.REVIEWED


def test_only_what_both_say_differs() -> None:
    assert differing(ONE, OTHER) == ()
    assert differing(ONE, replace(OTHER, when=None, place=None)) == ()
    other = replace(OTHER, event_type="Protests", when=WEEK, place=OBLAST)
    assert differing(ONE, other) == ("type", "when", "place")
