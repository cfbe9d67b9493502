"""A question, parsed once, that can say itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import UsageError
from geodata.geometry import BBox
from geodata.model import Event, Place, Precision, Status
from geodata.query import EventQuery
from geodata.timespan import Interval, TimeSpan

WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=20)


@given(
    st.builds(
        EventQuery,
        bbox=st.none() | st.just(BBox(22, 44, 40, 52)) | st.just(BBox(170, -20, -170, -10)),
        datetime=st.sampled_from([Interval(), Interval(date(2022, 2, 24)), Interval(None, date(2023, 1, 1))]),
        types=st.sampled_from([(), ("Battles",), ("Battles", "Explosions/Remote violence")]),
        text=WORDS,
        precision=st.none() | st.sampled_from(Precision),
        statuses=st.sampled_from([(), (Status.DRAFT,), (Status.REVIEWED, Status.REJECTED)]),
        undated=st.sampled_from(["include", "exclude", "only"]),
        unplaced=st.sampled_from(["include", "exclude", "only"]),
    )
)
def test_a_query_survives_its_own_parameters(query: EventQuery) -> None:
    assert EventQuery.from_params(query.to_params()) == query


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"type": ["Battels"]}, "accepted: Battles"),
        ({"status": ["maybe"]}, "accepted: draft, reviewed, rejected"),
        ({"precision": ["roughly"]}, "accepted: exact, near"),
        ({"undated": ["yes"]}, "accepted: include, exclude, only"),
        ({"datetime": ["2023-13-45"]}, "accepted"),
        ({"bbox": ["a"]}, "accepted"),
        ({"q": ["x" * 201]}, "at most 200"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(params: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        EventQuery.from_params(params, known_types=("Battles", "Riots"))


EVENT = Event(
    "e1",
    "Battles",
    "Armed clash",
    "Trenches attacked near Bakhmut",
    TimeSpan(date(2023, 2, 1), date(2023, 2, 28)),
    Place("Bakhmut", 38.0, 48.6, Precision.NEAR, "UA"),
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
    ("params", "sentence"),
    [
        ({}, "All event types."),
        ({"type": ["Battles,Riots"], "datetime": ["2022-02"]}, "Battles or Riots, from 2022-02-01 to 2022-02-28."),
        ({"datetime": ["../2022-03-01"], "q": ["mine"]}, "All event types, up to 2022-03-01, with the words 'mine'."),
        ({"undated": ["exclude"]}, "All event types, leaving out those without a date."),
    ],
)
def test_a_query_says_itself(params: dict[str, list[str]], sentence: str) -> None:
    assert str(EventQuery.from_params(params)) == sentence
