"""The history as a feed, over every kind of store: cursors, whole imports, the latest changed first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from geodata.contracts import EventStore
from geodata.contracts.loading import Origin
from geodata.contracts.tables import Row
from geodata.errors import Gone, UsageError
from geodata.geometry import BBox
from geodata.model import Event, Place, Status
from geodata.query import EventQuery
from geodata.shapes import Circle
from geodata.store import open_store, recent
from geodata.timespan import TimeSpan
from tests.stores import KINDS, new_store

A = Event("a", "Battles", title="Guns at the bridge", when=TimeSpan.day(date(2022, 1, 1)), place=Place("X", 30.0, 48.0))
B = replace(A, event_id="b", event_type="Riots", place=None)
C = replace(A, event_id="c", title="A quiet day", when=None)
ALL = EventQuery(statuses=tuple(Status))


@pytest.fixture(scope="module", params=KINDS)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    """A store of some age, for the tests that only read it."""
    with new_store(request.param, tmp_path_factory.mktemp("old")) as address:
        opened = open_store(address)
        busy(opened)
        yield opened
        opened.close()


def load(store: EventStore, *events: Event) -> str:
    rows = [Row(line, event) for line, event in enumerate(events, 2)]
    return store.load(iter(rows), Origin("t.csv", "csv", "ab" * 32)).import_id


def told(store: EventStore, cursor: str = "", limit: int = 100, until: str = "") -> list[tuple[str, str, bool]]:
    page = store.changes.since(cursor, limit, until)
    return [(change.action, change.event_id, change.now is not None) for change in page.changes]


def by_steps(store: EventStore, limit: int) -> Iterator[tuple[str, str, bool]]:
    """The whole feed as a client reads it, each page from the cursor of the one before."""
    cursor, more = "", True
    while more:
        page = store.changes.since(cursor, limit)
        yield from ((change.action, change.event_id, change.now is not None) for change in page.changes)
        cursor, more = page.cursor, page.more
    assert cursor == store.changes.now()


def busy(store: EventStore) -> None:
    """A store of some age: events, an import of a table, changes, a merge and a removal."""
    store.save([A, B])
    load(store, *(replace(C, event_id=f"r{number}") for number in range(5)))
    store.save([replace(A, title="Guns at the mill")])
    store.set_status(["r2"], Status.REVIEWED)
    store.duplicates.merge(store.get("a"), "b")
    store.save([C])


STORY = [
    ("added", "a", True),
    ("added", "b", False),
    *[("added", f"r{number}", True) for number in range(5)],
    ("changed", "a", True),
    ("changed", "r2", True),
    ("removed", "b", False),
    ("changed", "a", True),
    ("added", "c", True),
]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_every_change_is_told_once_and_in_order_whatever_the_page(old: EventStore, limit: int) -> None:
    assert list(by_steps(old, limit)) == STORY


def test_each_change_has_a_cursor_to_go_on_from(old: EventStore) -> None:
    changes = old.changes.since().changes
    for number, change in enumerate(changes, 1):
        assert told(old, change.cursor) == STORY[number:], change
        assert told(old, "", until=change.cursor) == STORY[:number]
    merged = next(change for change in changes if change.into)
    assert (merged.event_id, merged.into, merged.before) == ("b", "a", B)


def test_a_version_of_the_store_is_a_cursor(store: EventStore) -> None:
    start = store.version()
    store.save([A])
    then = store.version()
    store.save([C])
    assert told(store, start) == [("added", "a", True), ("added", "c", True)]
    assert told(store, then) == [("added", "c", True)]
    assert told(store, store.version()) == []


def test_an_empty_store_has_a_cursor(store: EventStore) -> None:
    cursor = store.changes.now()
    page = store.changes.since(cursor)
    assert (page.changes, page.cursor, page.more) == ([], cursor, False)
    store.save([A])
    assert told(store, cursor) == [("added", "a", True)]


@pytest.mark.parametrize(
    "cursor", ["x", "12", "a-b", "a-1.2", "a-1.2.zz", "-1", "a-1.2.12345678.9", "ä-1", "a-" + "1" * 30]
)
def test_what_is_no_cursor_is_refused(store: EventStore, cursor: str) -> None:
    with pytest.raises(UsageError, match="is no cursor"):
        store.changes.since(cursor)


def test_a_cursor_of_another_store_or_of_a_time_that_was_not_is_gone(store: EventStore) -> None:
    store.save([A, B])
    own = store.changes.now()
    store_id, _, place = own.rpartition("-")
    version, number, mark = place.split(".")
    wrong = "0" * 8 if mark != "0" * 8 else "1" * 8
    for cursor in (
        f"other-{place}",
        f"{store_id}-{int(version) + 1}",
        f"{store_id}-{version}.{int(number) + 5}.{mark}",
        f"{store_id}-{version}.{number}.{wrong}",  # a store put back from a copy has another change of this number
        f"{store_id}-{int(version) + 1}.{number}.{mark}",
        f"{store_id}-{10**12 - 1}",  # no column of PostgreSQL holds these numbers
        f"{store_id}-{version}.{10**15 - 1}.{mark}",
    ):
        with pytest.raises(Gone):
            store.changes.since(cursor)


def test_an_import_that_is_taken_back(store: EventStore) -> None:
    store.save([A])
    cursor = store.changes.now()
    name = load(store, replace(A, title="Guns at the mill"), B, C)
    between = store.changes.now()
    store.imports.undo(name)
    # what the import had added is not there any more: only that it went is told
    assert sorted(told(store, cursor)) == sorted(
        [("changed", "a", True), ("changed", "a", True), ("removed", "b", False), ("removed", "c", False)]
    )
    assert sorted(told(store, between)) == [("changed", "a", True), ("removed", "b", False), ("removed", "c", False)]


# The latest changed first


def names(store: EventStore, query: EventQuery = ALL, limit: int = 100, before: int = 0) -> list[str]:
    return [event.event_id for event, _, _ in store.changes.recent(query, limit, before).events]


LATEST = ["c", "a", "r2", "r4", "r3", "r1", "r0"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_the_latest_changed_first_by_pages(old: EventStore, limit: int) -> None:
    found: list[str] = []
    before = 0
    while True:
        page = old.changes.recent(ALL, limit, before)
        assert len(page.events) <= limit
        found += [event.event_id for event, _, _ in page.events]
        before = page.before
        if not before:
            break
    assert found == LATEST


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (EventQuery(), LATEST),
        (EventQuery(statuses=(Status.REVIEWED,)), ["r2"]),
        (EventQuery(text="mill"), ["a"]),
        (EventQuery(bbox=BBox(29, 47, 31, 49), unplaced="exclude"), ["c", "a", "r2", "r4", "r3", "r1", "r0"]),
        (EventQuery(bbox=BBox(0, 0, 1, 1)), []),
        (EventQuery(near=Circle(30.0, 48.0, 5.0), text="mill"), ["a"]),
        (EventQuery(text="mill", types=("Riots",)), []),
        (EventQuery(undated="only"), ["c", "r2", "r4", "r3", "r1", "r0"]),
    ],
)
def test_the_latest_changed_of_a_filter(old: EventStore, query: EventQuery, found: list[str]) -> None:
    assert names(old, query) == found


def test_a_rare_filter_gives_a_short_page_and_where_to_go_on(old: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_WALKED", 2)
    monkeypatch.setattr(recent, "STEP_ROWS", 2)
    before, found, pages = 0, [], 0
    while True:
        page = old.changes.recent(EventQuery(text="mill"), 10, before)
        found += [event.event_id for event, _, _ in page.events]
        before, pages = page.before, pages + 1
        if not before:
            break
    assert (found, pages > 1) == (["a"], True)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_few_that_are_known_are_looked_up(old: EventStore, limit: int) -> None:
    rows = old.columns().row_id.tolist()
    found: list[str] = []
    before = 0
    while True:
        page = old.changes.recent(ALL, limit, before, rows)
        found += [event.event_id for event, _, _ in page.events]
        before = page.before
        if not before:
            break
    assert found == LATEST
    assert old.changes.recent(ALL, 100, 0, rows) == old.changes.recent(ALL, 100, 0)
    assert old.changes.recent(ALL, 100, 0, []).events == []


def test_when_it_was_added_and_changed(old: EventStore) -> None:
    for event, updated, published in old.changes.recent(ALL, 100).events:
        assert updated.tzinfo is not None
        assert published <= updated, event
