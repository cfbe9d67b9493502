"""One suite for every kind of store: see tests/stores.py."""

import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.contracts import EventStore
from geodata.errors import NotFound, StoreError, UsageError
from geodata.model import Document, Event, Place, Source, Span, Status
from geodata.query import EventQuery
from geodata.store import open_store
from geodata.timespan import TimeSpan
from tests.random_events import (
    documents,
    event_lists,
    latest_first,
    plain_events,
    queries,
    worded_events,
    worded_queries,
)
from tests.stores import SERVER

BATTLE = Event(
    "b1",
    "Battles",
    "Armed clash",
    "Trenches attacked near Bakhmut",
    TimeSpan.day(date(2023, 2, 1)),
    Place("Bakhmut", 38.0, 48.6),
    quote="They came at dawn.",
    doc_id="s1",
    sources=(Source("https://example.org/1", "One"), Source(title="Two")),
    actors=("Volunteers of the 5th",),
)
UNDATED = Event("u1", "Protests", title="A march", place=Place("Київ", 30.5, 50.45))
UNPLACED = Event("p1", "Riots", title="Shops looted", when=TimeSpan.day(date(2022, 5, 1)))
STORY = Document("s1", "They came at dawn.", Source("https://example.org/1", "One", published=date(2023, 2, 2)))
SAMPLE = Document("s2", "A sample.", sample=True)


def emptied(store: EventStore) -> EventStore:
    """The store without its events, by way of the samples: every event of the tests is made to belong to one."""
    store.remove_samples()
    assert store.count(EventQuery(statuses=tuple(Status))) == 0
    return store


def test_a_saved_event_and_story_come_back_as_they_were(store: EventStore) -> None:
    receipt = store.save([BATTLE, UNDATED, UNPLACED], [STORY])
    assert (receipt.added, receipt.stories, receipt.undated, receipt.unplaced) == (3, 1, 1, 1)
    assert [store.get(event.event_id) for event in (BATTLE, UNDATED, UNPLACED)] == [BATTLE, UNDATED, UNPLACED]
    assert store.document("s1") == STORY
    assert list(store.find(EventQuery())) == [BATTLE, UNPLACED, UNDATED]


@settings(max_examples=20 if SERVER else 40, deadline=None)
@given(event_lists, st.lists(documents, max_size=3, unique_by=lambda document: document.doc_id))
def test_every_field_survives(shared: EventStore, events: list[Event], stories: list[Document]) -> None:
    sample = Document("all", "", sample=True)
    events = [replace(event, doc_id="all") for event in events]
    stories = [replace(story, sample=True) for story in stories]
    emptied(shared).save(events, [sample, *stories])
    assert [shared.get(event.event_id) for event in events] == events
    assert [shared.document(story.doc_id) for story in stories] == stories
    assert len(shared.columns()) == len(events)
    again = shared.save(events, [sample, *stories])
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(events))


@settings(max_examples=30 if SERVER else 80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain_events(), queries, st.integers(0, 9))
def test_finds_and_counts_what_matches_by_brute_force(
    shared: EventStore, events: list[Event], query: EventQuery, offset: int
) -> None:
    events = [replace(event, doc_id="all") for event in events]
    emptied(shared).save(events, [Document("all", "", sample=True)])
    expected = latest_first([event for event in events if query.matches(event)])
    assert list(shared.find(query)) == expected
    assert shared.count(query) == len(expected)
    assert list(shared.find(query, 5, offset)) == expected[offset : offset + 5]


@pytest.mark.parametrize(
    ("kept", "incoming", "outcome"),
    [
        (Status.DRAFT, Status.DRAFT, "changed"),
        (Status.REVIEWED, Status.DRAFT, "unchanged"),
        (Status.REJECTED, Status.DRAFT, "unchanged"),
        (Status.DRAFT, Status.REVIEWED, "changed"),
        (Status.REVIEWED, Status.REJECTED, "changed"),
        (Status.REJECTED, Status.REVIEWED, "changed"),
    ],
)
def test_a_draft_never_overwrites_what_a_person_said(
    store: EventStore, kept: Status, incoming: Status, outcome: str
) -> None:
    first, second = replace(BATTLE, status=kept), replace(BATTLE, title="Otherwise", sources=(), status=incoming)
    store.save([first])
    receipt = store.save([second])
    assert getattr(receipt, outcome) == 1
    assert store.get("b1") == (second if outcome == "changed" else first)
    assert bool(receipt.notes) == (outcome == "unchanged")


def test_saving_the_same_again_changes_nothing(store: EventStore) -> None:
    store.save([BATTLE, UNDATED], [STORY])
    version = store.version()
    assert store.save([BATTLE, UNDATED], [STORY]).unchanged == 2
    assert store.version() == version


def test_an_id_that_comes_twice_is_changed_by_its_second_coming(store: EventStore) -> None:
    other = replace(BATTLE, title="Otherwise", sources=())
    receipt = store.save([BATTLE, other, other])
    assert (receipt.added, receipt.changed, receipt.unchanged) == (1, 1, 1)
    assert store.get("b1") == other


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bakhmut", ["b1"]),
        ("BAKH", ["b1"]),
        ("dawn trench", ["b1"]),
        ('"at dawn"', ["b1"]),
        ('"dawn at"', []),
        ('"at daw"', []),
        ("volunteers", ["b1"]),
        ("київ", ["u1"]),
        ("Ки", ["u1"]),
        ("sao tome", ["n1"]),
        ("São Tomé", ["n1"]),
        ("Sa\u0303o", ["n1"]),
        ("القاهرة", ["n2"]),
        ("爆炸", ["n3"]),
        ("北京 爆", ["n3"]),
        ("京爆", ["n3"]),
        ("爆京", []),
        ("ระเบิด", ["n4"]),
        ("п'ять", ["n4"]),
        ("пʼят", ["n4"]),
        ("إحتجاج", ["n4"]),
        ("lodz", ["n4"]),
        ("समाचार", ["n2"]),
        ("?!", []),
        ("", ["b1", "n1", "n2", "n3", "n4", "p1", "u1"]),
        ('bakhmut AND " OR ( NEAR*', []),
        ("title:x", []),
        ("zz\0zz", []),
        ("bakhmut%", ["b1"]),
        ("'; DROP TABLE events; --", []),
    ],
)
def test_finds_words_in_any_script(store: EventStore, text: str, found: list[str]) -> None:
    names = [
        Event("n1", "Riots", title="Looting in São Tomé"),
        Event("n2", "Riots", title="القاهرة", quote="हिन्दी समाचार"),
        Event("n3", "Riots", title="北京爆炸"),
        Event("n4", "Riots", title="П’ять (احتجاج)", quote="เกิดระเบิด", actors=("Łódź Ltd",)),
    ]
    store.save([BATTLE, UNDATED, UNPLACED, *names])
    assert sorted(event.event_id for event in store.find(EventQuery(text=text))) == found
    assert store.count(EventQuery(text=text)) == len(found)
    if text:
        rows = store.rows_matching(EventQuery(text=text))
        assert rows is not None
        assert sorted(event.event_id for event in store.get_rows(rows)) == found


@settings(max_examples=30 if SERVER else 80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worded_events(), worded_queries)
def test_words_actors_and_areas_are_found_as_by_brute_force(
    shared: EventStore, events: list[Event], query: EventQuery
) -> None:
    events = [replace(event, doc_id="all") for event in events]
    emptied(shared).save(events, [Document("all", "", sample=True)])
    expected = [event for event in events if query.matches(event)]
    assert sorted(event.event_id for event in shared.find(query)) == sorted(event.event_id for event in expected)
    rows = shared.rows_matching(query)
    if rows is None:
        assert (query.text.strip(), query.actor.strip(), query.country) == ("", "", ())
    else:
        assert rows.tolist() == sorted(set(rows.tolist()))
        assert sorted(event.event_id for event in shared.get_rows(rows)) == sorted(e.event_id for e in expected)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text('"*():^-+ANDORNT{} ', max_size=20))
def test_no_search_text_is_a_syntax_error(shared: EventStore, text: str) -> None:
    shared.count(EventQuery(text=text, actor=text))


def test_words_follow_every_change(store: EventStore) -> None:
    def found(text: str) -> list[str]:
        return [event.event_id for event in store.find(EventQuery(text=text))]

    store.save([BATTLE], [replace(STORY, sample=True)])
    store.save([replace(BATTLE, title="A quiet day", actors=("Nobody",), place=Place("Soledar", 38.1, 48.7))])
    assert not found("trenches")
    assert not found("volunteers")
    assert found("soledar nobody quiet") == ["b1"]
    store.set_status(["b1"], Status.REVIEWED)
    assert found("soledar") == ["b1"]
    store.remove_samples()
    assert not found("soledar")


def test_names_are_listed_by_how_many_events_have_them(store: EventStore) -> None:
    odesa = Place("Odesa", 30.7, 46.5, country="UA", admin1="Odesa Oblast")
    others = [
        Event("o1", "Riots", place=odesa, sources=(Source("https://www.paper.example/1"),), actors=("Police",)),
        Event("o2", "Riots", place=odesa, sources=(Source(publisher="Paper One"),), actors=("Police", "Police")),
        Event("o3", "Riots", place=replace(odesa, admin1="Kyiv"), sources=(Source(publisher="Paper One"),)),
        Event("o4", "Riots", place=odesa, actors=("Riot police",), status=Status.REJECTED),
        Event("o5", "Riots", place=replace(odesa, country="RO", admin1="Tulcea")),
    ]
    store.save([BATTLE, *others])
    assert store.names("actor") == [("Police", 2), ("Volunteers of the 5th", 1)]
    assert store.names("actor", "POL") == [("Police", 2)]
    assert store.names("actor", "of the 5") == [("Volunteers of the 5th", 1)]
    assert store.names("actor", "olice") == []
    assert store.names("source") == [("Paper One", 2), ("example.org", 1), ("paper.example", 1)]
    assert store.names("source", "paper", limit=1) == [("Paper One", 2)]
    assert store.names("country") == [("UA", 3), ("RO", 1)]
    assert store.names("admin1", country="UA") == [("Odesa Oblast", 2), ("Kyiv", 1)]
    assert store.names("admin1", "ob", country="UA") == [("Odesa Oblast", 2)]
    store.set_status(["o4"], Status.DRAFT)
    assert store.names("actor", "riot") == [("Riot police", 1)]
    with pytest.raises(UsageError, match="accepted: source, actor, country, admin1"):
        store.names("colour")
    with pytest.raises(UsageError, match="without their country"):
        store.names("admin1")


def test_set_status(store: EventStore) -> None:
    store.save([BATTLE, UNDATED])
    version = store.version()
    assert store.set_status(["b1", "u1", "b1"], Status.REVIEWED) == 2
    assert store.get("b1") == replace(BATTLE, status=Status.REVIEWED)
    assert store.version() != version
    assert store.set_status(["b1"], Status.REVIEWED) == 0
    with pytest.raises(NotFound, match="nowhere"):
        store.set_status(["b1", "nowhere"], Status.REJECTED)
    assert store.get("b1").status == Status.REVIEWED


def test_samples_go_with_their_events_and_stay_gone(store: EventStore) -> None:
    sample = replace(UNDATED, doc_id="s2", status=Status.REVIEWED)
    store.save([BATTLE, sample], [STORY, SAMPLE])
    assert (store.sample_count(), store.samples_removed()) == (1, False)
    assert store.remove_samples() == 1
    assert (store.sample_count(), store.samples_removed()) == (0, True)
    assert list(store.find(EventQuery())) == [BATTLE]
    with pytest.raises(NotFound, match="s2"):
        store.document("s2")
    store.save([sample], [SAMPLE])
    assert (store.sample_count(), store.samples_removed()) == (1, False)


def test_stories_and_their_events(store: EventStore) -> None:
    late = replace(BATTLE, event_id="b0", quote_span=Span(10, 12))
    early = replace(BATTLE, event_id="b9", quote_span=Span(0, 4), status=Status.REJECTED)
    newer = Document("s3", "", Source(published=date(2024, 1, 1)))
    store.save([BATTLE, late, early], [SAMPLE, STORY, newer])
    assert [event.event_id for event in store.events_of("s1")] == ["b9", "b0", "b1"]
    assert [story.doc_id for story in store.stories()] == ["s3", "s1", "s2"]
    (story,) = store.stories(limit=1, offset=1)
    assert (story.title, story.published, story.draft, story.rejected) == ("One", date(2023, 2, 2), 2, 1)
    assert [story.doc_id for story in store.stories() if story.sample] == ["s2"]


@pytest.mark.parametrize("ask", ["get", "document"])
def test_what_is_not_there_is_not_found(store: EventStore, ask: str) -> None:
    with pytest.raises(NotFound, match="'x'"):
        getattr(store, ask)("x")


def test_a_second_opening_sees_the_same_and_each_others_changes(url: str, store: EventStore) -> None:
    store.save([BATTLE])
    other = open_store(url)
    assert other.version() == store.version()
    other.save([UNDATED])
    assert other.version() == store.version()
    assert list(store.find(EventQuery())) == [BATTLE, UNDATED]
    other.close()


def test_reading_is_lazy_and_from_one_state(store: EventStore) -> None:
    store.save([replace(BATTLE, event_id=f"b{i:04}") for i in range(1200)])
    reading = store.find(EventQuery())
    first = next(reading)
    store.save([replace(BATTLE, event_id="a", when=TimeSpan.day(date(2023, 2, 2)))])
    assert [first, *reading][-1].event_id == "b1199"
    assert next(store.find(EventQuery())).event_id == "a"


def test_threads_read_and_write_at_once(store: EventStore) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(10):
                store.save([replace(BATTLE, event_id=f"{number}-{i}")])
                assert store.count(EventQuery()) > i
                assert store.version()
        except (StoreError, AssertionError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert store.count(EventQuery()) == 80


@pytest.mark.parametrize("address", ["", "mysql://host/x", "dateline.sqlite", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_names_no_store_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="accepted: sqlite:///"):
        open_store(address)


def test_half_a_character_is_refused_where_it_is_asked_for(store: EventStore) -> None:
    with pytest.raises(UsageError, match="half a surrogate pair"):
        store.get("\ud83d")
    assert store.count(EventQuery(text="\ud83d")) == 0


def test_many_are_got_in_the_order_asked_for_without_those_that_are_not_there(store: EventStore) -> None:
    store.save([BATTLE, UNDATED, UNPLACED], [STORY])
    assert list(store.get_many(["p1", "nowhere", "b1", "p1"])) == [UNPLACED, BATTLE, UNPLACED]
    assert list(store.get_many([])) == []


@pytest.mark.parametrize("by_rows", [False, True], ids=["by query", "by rows"])
@pytest.mark.parametrize("form", ["events", "texts"])
def test_a_long_download_is_of_one_state(store: EventStore, by_rows: bool, form: str) -> None:
    """Whatever others write while it is read: else an event could be in it twice, or not at all, or half changed."""
    number = 2_100 if form == "texts" else 600  # two pieces of each
    events = [Event(f"d{n:04}", "Riots", title="before", sources=(Source(publisher="before"),)) for n in range(number)]
    store.save(events)
    rows = np.sort(store.columns().row_id)
    found = store.found_rows(rows) if by_rows else store.found(EventQuery())
    told = found.events() if form == "events" else found.texts()
    first = next(told)
    store.save([replace(each, title="after", sources=(Source(publisher="after"),)) for each in events[::2]])
    store.save([Event("new", "Riots", title="after")])
    parts = [first, *told]
    if form == "events":
        assert len(parts) == number
        assert {(each.title, each.sources[0].publisher) for each in parts} == {("before", "before")}  # type: ignore[union-attr]
    else:
        assert sum(part.count for part in parts) == number  # type: ignore[union-attr]
        assert b"after" not in b"".join(part.text for part in parts)  # type: ignore[union-attr]
    assert store.count(EventQuery()) == number + 1
