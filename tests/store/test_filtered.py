"""A filter means the same to the store's SQL, to the index and to `conditions.holds`."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geodata.index import ColumnIndex
from geodata.model import Event
from geodata.query import EventQuery
from geodata.query.conditions import PROPERTIES as NAMES
from geodata.query.conditions import Kind, Property, holds, value_of
from geodata.query.cql2 import Filter
from geodata.store import open_store
from tests.random_events import latest_first, plain_events, worded_events
from tests.stores import KINDS, new_store

SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
DAYS = st.sampled_from(["1969-12-31", "1970-01-01", "2022-02-28", "2022-03", "2022", "2024-02-29"])
_RELATIONS = (
    "after before contains disjoint during equals finishedBy finishes intersects meets metBy overlappedBy overlaps "
    "startedBy starts"
)
TIMES = [f"t_{name}" for name in re.split(" ", _RELATIONS)]
SPANS = [
    "DATE('2022-03-01')",
    "INTERVAL('2022-03-01','..')",
    "INTERVAL(start,end)",
    "INTERVAL('1970-01-01','2022-02-28')",
]
SHAPES = [
    "BBOX(-10,-10,40,60)",
    "BBOX(170,-90,-170,90)",
    "POINT(0 0)",
    "POLYGON((0 0,50 0,50 60,0 60,0 0),(10 10,30.5 10,30 48,10 48,10 10))",
    "MULTIPOLYGON(((170 -80,190 -80,190 80,170 80,170 -80)),((0 0,1 0,1 1,0 0)))",
]


def text_of(event: Event, name: str) -> st.SearchStrategy[str]:
    """Texts that the event has, and others near them, as literals."""
    own = str(value_of(event, Property(name)) or "Battles")
    return st.sampled_from([own, own.upper(), own[:2], "", "Armed clash", "%", "a*[?b", "\\"]).map(
        lambda text: "'" + text.replace("'", "''") + "'"
    )


@st.composite
def filters(draw: st.DrawFn, events: list[Event]) -> str:
    event = draw(st.sampled_from(events)) if events else Event("e", "Battles")

    def predicate() -> str:
        name = draw(st.sampled_from(sorted(NAMES)))
        if draw(st.integers(0, 5)) == 0:
            return f"{name} IS {draw(st.sampled_from(['', 'NOT ']))}NULL"
        match NAMES[name]:
            case Kind.TEXT:
                fold = draw(st.booleans())
                left = f"casei({name})" if fold else name
                literal = draw(text_of(event, name))
                literal = f"casei({literal})" if fold else literal
                word = draw(SIGNS | st.sampled_from(["LIKE", "NOT LIKE", "IN", "NOT IN"]))
                return f"{left} {word} ({literal})" if "IN" in word else f"{left} {word} {literal}"
            case Kind.NUMBER:
                return f"{name} {draw(SIGNS)} {draw(st.sampled_from([0, 1, 0.5, 2, 25000]))}"
            case Kind.DAY:
                return f"{name} {draw(SIGNS)} {draw(st.sampled_from(['start', 'end']) | DAYS.map(repr))}"
            case Kind.SPAN:
                ends = draw(st.sampled_from(SPANS))
                return f"{draw(st.sampled_from(TIMES))}(datetime, {ends})"
            case Kind.GEOMETRY:
                function = draw(st.sampled_from(["s_intersects", "s_disjoint"]))
                return f"{function}(geometry, {draw(st.sampled_from(SHAPES))})"

    parts = [f"{draw(st.sampled_from(['', 'NOT ']))}{predicate()}" for _ in range(draw(st.integers(1, 3)))]
    return f" {draw(st.sampled_from(['AND', 'OR']))} ".join(parts)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(events=st.one_of(plain_events(), worded_events()), data=st.data())
def test_store_index_and_brute_force_agree(kind: str, events: list[Event], data: st.DataObject) -> None:
    if kind == "postgresql":  # it keeps NUL as two other characters, which are ordered and counted otherwise
        assume(not any("\0" in str(value_of(event, Property(name))) for event in events for name in NAMES))
    asked = [Filter.from_params(data.draw(filters(events))) for _ in range(12)]
    with tempfile.TemporaryDirectory() as folder, new_store(kind, Path(folder)) as url:
        store = open_store(url)
        store.save(events)
        index, kept = ColumnIndex.build(store.columns()), latest_first(list(store.find(EventQuery(statuses=STATES))))
        for each in asked:
            expected = [event.event_id for event in kept if holds(each.condition, event)]
            query = EventQuery(statuses=STATES, filter=each)
            assert [event.event_id for event in store.find(query)] == expected, each.text
            allowed = store.rows_matching(query)
            assert allowed is not None
            assert len(allowed) == len(expected)
            held = index.matching(each.condition)
            assert held is None or sorted(held.tolist()) == allowed.tolist(), each.text
        store.close()


STATES = tuple(EventQuery.from_params({"status": ["draft,reviewed,rejected"]}).statuses)


def test_the_index_answers_what_it_holds(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    index = ColumnIndex.build(store.columns())
    assert index.matching(Filter.from_params("event_type = 'Battles' AND start > '2022'").condition) is not None
    assert index.matching(Filter.from_params("title = 'x'").condition) is None
    store.close()
