"""The index, with the rows that the store allows, answers as the store's own SQL does: which events, in which order."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.index import ColumnIndex
from geodata.model import Event
from geodata.query import EventQuery
from geodata.store import open_store
from tests.random_events import plain_events, queries, worded_events, worded_queries
from tests.stores import KINDS, new_store


def check(kind: str, events: list[Event], later: list[Event], asked: list[EventQuery]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_store(kind, Path(folder)) as url:
        store = open_store(url)
        store.save(events)
        index = ColumnIndex.build(store.columns())
        store.save(later)
        changes = store.changes_since(index.version)
        assert changes is not None
        for each in (index.extended(changes), ColumnIndex.build(store.columns())):
            for query in asked:
                allowed = store.rows_matching(query)
                total, rows = each.rows(query, allowed)
                expected = [event.event_id for event in store.find(query)]
                assert [event.event_id for event in store.get_rows(rows.tolist())] == expected
                assert total == each.view(query, 3, allowed).matched == store.count(query) == len(expected)
                page = each.rows(query, allowed, limit=2, offset=1)[1]
                assert [event.event_id for event in store.get_rows(page.tolist())] == expected[1:3]
        store.close()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    events=st.one_of(plain_events(), worded_events()),
    asked=st.lists(queries | worded_queries, min_size=4, max_size=4),
    data=st.data(),
)
def test_the_index_answers_as_the_store(
    kind: str, events: list[Event], asked: list[EventQuery], data: st.DataObject
) -> None:
    count = len(events)
    later = [
        replace(event, event_id=events[data.draw(st.integers(0, count - 1))].event_id)
        for event in data.draw(st.permutations(events))[: count // 3]
    ]
    unique = {event.event_id: event for event in later}
    check(kind, events, list(unique.values()), [*asked, EventQuery()])
