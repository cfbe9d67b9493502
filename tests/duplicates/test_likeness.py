"""Likeness of pairs: the table of samples with its precision and recall, and what every score must keep to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.duplicates import LIKELY, block_of, likeness
from geodata.duplicates.blocking import M_PER_DEG, MOST_DAYS, MOST_REACH_M, reach_m
from geodata.duplicates.words import words_of
from geodata.geometry import distance_m
from geodata.model import Event, Fatalities, Place, Precision, Source
from geodata.timespan import TimeSpan
from tests.duplicates.pairs import KHERSON, PAIRS, SHELLING, Pair
from tests.random_events import events

MISJUDGED = {
    "two strikes, both on homes": "the same town, day, weapon and toll, and both say 'district'",
    "another language, another toll": "the words of two scripts cannot be held against each other",
}
"""Pairs that the score gets wrong, and why; a pair that is mended has to leave this table."""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.trap)
def test_every_sample_pair_is_judged_as_a_person_would(pair: Pair) -> None:
    found = likeness(pair.one, pair.other)
    right = (found.score >= LIKELY) == pair.same
    assert right != (pair.trap in MISJUDGED), found


@pytest.mark.parametrize(("tuning", "precision", "recall"), [(True, 1.0, 1.0), (False, 0.85, 1.0)])
def test_precision_and_recall_of_the_samples(tuning: bool, precision: float, recall: float) -> None:
    mine = [pair for pair in PAIRS if pair.tuning is tuning]
    hits = [pair for pair in mine if likeness(pair.one, pair.other).score >= LIKELY]
    right = sum(pair.same for pair in hits)
    assert right / len(hits) >= precision
    assert right / sum(pair.same for pair in mine) >= recall


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.same], ids=lambda pair: pair.trap)
def test_a_pair_that_is_one_event_lies_in_each_others_block(pair: Pair) -> None:
    for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
        block = block_of(one)
        assert block
        assert other.when
        assert other.event_type in block.types
        assert block.first_start <= other.when.start <= block.last_start
        assert other.when.end >= block.first_end
        assert block.box
        assert other.place
        assert block.box.contains(other.place.lon, other.place.lat)


@pytest.mark.parametrize("pair", PAIRS[::5], ids=lambda pair: pair.trap)
def test_every_suggestion_says_why(pair: Pair) -> None:
    found = likeness(pair.one, pair.other)
    assert bool(found.reasons) is (found.score >= LIKELY)
    assert all(text and not text.endswith(".") for text in (*found.reasons, *found.doubts))


@settings(max_examples=150, deadline=None)
@given(events, events)
def test_the_order_of_the_two_does_not_matter(one: Event, other: Event) -> None:
    other = replace(other, event_id=other.event_id + "x") if other.event_id == one.event_id else other
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other).score <= 1.0


@settings(max_examples=150, deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(Precision), st.floats(0, 1e6))
def test_a_block_holds_all_that_its_reach_does(lon: float, lat: float, precision: Precision, radius_m: float) -> None:
    place = Place("x", lon, lat, precision, radius_m=radius_m)
    block = block_of(Event("e", "Battles", when=TimeSpan.day(date(2023, 1, 1)), place=place))
    assert block
    assert block.box
    for bearing in (-1, 1):
        north = max(-90.0, min(90.0, lat + bearing * (reach_m(place) + MOST_REACH_M) / M_PER_DEG * 0.999))
        if distance_m(lon, lat, lon, north) <= reach_m(place) + MOST_REACH_M:
            assert block.box.contains(lon, north)


@pytest.mark.parametrize(("days", "found"), [(1, True), (MOST_DAYS, True), (MOST_DAYS + 1, False), (366, False)])
def test_dates_too_wide_are_not_compared(days: int, found: bool) -> None:
    start = date(2023, 1, 1)
    event = Event("e", "Battles", when=TimeSpan(start, start + timedelta(days=days - 1)), place=KHERSON)
    assert (block_of(event) is not None) is found


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_have_a_block(day: date) -> None:
    assert block_of(Event("e", "Battles", when=TimeSpan.day(day), place=KHERSON))


def test_an_undated_event_is_like_nothing() -> None:
    event = Event("e", "Battles", place=KHERSON)
    assert block_of(event) is None
    assert likeness(event, replace(event, event_id="f")).score == 0.0


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A shell hit the market.", {"a market"}),
        ("Снаряд влучив у ринок.", {"a market"}),
        ("Снаряд попал в больницу.", {"a hospital"}),
        ("The marketing manager was banking on it.", {"a market"}),
        ("Buses and a bus stop burned.", {"a bus"}),
        ("A house-to-house search", {"homes"}),
        ("", set()),
    ],
)
def test_things_are_named_alike_in_every_language(text: str, things: set[str]) -> None:
    assert words_of(Event("e", "Riots", quote=text)).things == things


def test_a_toll_that_falls_counts_against() -> None:
    one, other = (
        Event(
            name,
            "Explosions/Remote violence",
            SHELLING,
            when=TimeSpan.day(date(2023, 1, 1)),
            place=KHERSON,
            quote="A shell hit a bakery.",
            fatalities=Fatalities(best=dead),
            sources=(Source(published=date(2023, 1, told)),),
        )
        for name, dead, told in (("a", 3, 1), ("b", 5, 3))
    )
    rises = likeness(one, other)
    falls = likeness(replace(one, fatalities=other.fatalities), replace(other, fatalities=one.fatalities))
    assert rises.score > falls.score
    assert "the later report tells of more dead: 3, then 5" in rises.reasons
    assert "5 dead in one, 3 in the other" in falls.doubts


def test_a_raised_figure_is_no_number() -> None:
    assert words_of(replace(PAIRS[0].one, title="Deaths ¹ and ³⁴ in a market"))
