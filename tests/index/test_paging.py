"""Pages of the list: by offset, behind an event's place, and before it, are pieces of one and the same order."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.answers import RowKey
from geodata.errors import UsageError
from geodata.index import ColumnIndex
from geodata.index.paging import Ordered
from geodata.model import Event
from geodata.query import EventQuery
from geodata.timespan import TimeSpan
from tests.columns import columns_of
from tests.random_events import plain_events, queries


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain_events(), queries, st.integers(1, 5))
def test_every_way_of_paging_gives_the_same_order(events: list[Event], query: EventQuery, limit: int) -> None:
    index, query = ColumnIndex.build(columns_of(events)), query.without("text", "country", "admin1", "actor")
    total, whole = index.rows(query)
    expected = whole.tolist()
    by_offset = [row for offset in range(0, total, limit) for row in index.page(query, limit, offset=offset).rows]
    assert by_offset == expected
    forwards, page = [], index.page(query, limit)
    while True:
        forwards += page.rows.tolist()
        assert page.total == total
        assert page.has_after == (len(forwards) < total)
        if not page.has_after or page.last is None:
            break
        page = index.page(query, limit, after=page.last)
    assert forwards == expected
    backwards: list[int] = []
    while page.first:
        backwards = page.rows.tolist() + backwards
        page = index.page(query, limit, before=page.first)
    assert backwards[-len(expected) :] == expected


def index_of(days: list[int | None]) -> ColumnIndex:
    """One event a day of March 2022, in this order of row ids; None: undated."""
    when = [None if day is None else TimeSpan.day(date(2022, 3, day)) for day in days]
    return ColumnIndex.build(columns_of([Event(f"e{n}", "Battles", when=each) for n, each in enumerate(when)]))


FIRST = int(index_of([1]).rows(EventQuery())[1][0])
"""The row id that the first event gets."""


@pytest.mark.parametrize(
    ("after", "rows"),
    [
        (RowKey(date(2022, 3, 9), 5), [1, 3, 0, 2, 4]),  # a day that no event has, beyond all
        (RowKey(date(2022, 3, 5), 99), [3, 0, 2, 4]),
        (RowKey(date(2022, 3, 4), 0), [3, 0, 2, 4]),  # between two days
        (RowKey(date(2022, 3, 3), FIRST + 1), [3, 0, 2, 4]),  # an event that was removed
        (RowKey(date(2022, 2, 1), 1), [2, 4]),
        (RowKey(None, FIRST + 2), [4]),
        (RowKey(None, 99), []),
    ],
)
def test_a_place_need_not_be_an_events(after: RowKey, rows: list[int]) -> None:
    index = index_of([1, 5, None, 3, None])
    assert [row - FIRST for row in index.page(EventQuery(), 9, after=after).rows] == rows
    rest = [row for row in [1, 3, 0, 2, 4] if row not in rows]
    if (after.day, after.row - FIRST) not in {(date(2022, 3, 5), 1), (None, 2)}:
        assert [row - FIRST for row in index.page(EventQuery(), 9, before=after).rows] == rest


def test_what_is_added_before_moves_no_page_behind() -> None:
    page = index_of([5, 4, 3, 2]).page(EventQuery(), 2)
    grown = index_of([5, 4, 3, 2, 9, 8, 5])
    assert page.last is not None
    assert [row - FIRST for row in grown.page(EventQuery(), 9, after=page.last).rows] == [2, 3]


def test_a_guess_that_falls_short_is_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.index.paging._DRAWN", 1)
    looked: list[tuple[int, int]] = []
    plain = Ordered._sorted

    def counted(self: Ordered, low: int, high: int) -> object:
        looked.append((low, high))
        return plain(self, low, high)

    monkeypatch.setattr(Ordered, "_sorted", counted)
    index = index_of([1 + n % 28 for n in range(280)])
    index.page(EventQuery(), 2, after=RowKey(date(2022, 3, 20), 10_000))
    assert max(high - low for low, high in looked) < 5


@pytest.mark.parametrize("text", ["", "2022-03-05", "2022-02-30,1", "never,1", "2022-03-05,-1", "2022-03-05,1.5"])
def test_what_is_no_place_is_said(text: str) -> None:
    with pytest.raises(UsageError, match=r"after .* is not accepted; accepted: a day and a number"):
        RowKey.from_param("after", text)


@pytest.mark.parametrize("key", [RowKey(date(2022, 3, 5), 12), RowKey(None, 7)])
def test_a_place_is_read_as_it_is_written(key: RowKey) -> None:
    assert RowKey.from_param("after", str(key)) == key
