"""Likely duplicates in a store: found step by step, decided by a person, merged with nothing lost, taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from geodata.contracts import EventStore
from geodata.duplicates import union
from geodata.errors import NotFound, UsageError
from geodata.model import Document, Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.query import EventQuery
from geodata.store import schema as tables
from geodata.timespan import TimeSpan

EXPLOSIONS, SHELLING = "Explosions/Remote violence", "Shelling/artillery/missile attack"
KHERSON = Place("Kherson", 32.6178, 46.6354, country="UA", admin1="Kherson Oblast")
FIJI = Place("Taveuni", 179.99, -16.85, country="FJ")
ACROSS = Place("Taveuni", -179.99, -16.85, country="FJ")
DAY = TimeSpan.day(date(2023, 11, 12))
EVERYTHING = EventQuery(statuses=tuple(Status))


def told(
    name: str, *, quote: str = "Shells hit a bakery in Kherson, killing three.", doc: str = "", **more: object
) -> Event:
    source = Source(f"https://example.org/{name}", f"Story {name}", "Wire", date(2023, 11, 13))
    event = Event(
        name, EXPLOSIONS, SHELLING, f"Shelling of Kherson ({name})", DAY, KHERSON, quote, Span(0, len(quote)),
        doc_id=doc or f"story-{name}", sources=(source,), fatalities=Fatalities(best=3), confidence=0.6,
    )  # fmt: skip
    return replace(event, **more)  # type: ignore[arg-type]


A, B, C = told("a"), told("b"), told("c")
FAR = told("far", place=Place("Lyon", 4.8, 45.7, country="FR"))
STORIES = [Document(f"story-{name}", "x" * 80) for name in ("a", "b", "c", "far")]


def suggested(store: EventStore) -> set[str]:
    assert store.duplicates.look(10) == 0
    found = store.duplicates.pairs(100)
    assert len(found) == store.duplicates.count()
    return {f"{pair.first.event_id}-{pair.second.event_id}" for pair in found}


def merge(store: EventStore, stays: str, goes: str) -> int:
    return store.duplicates.merge(union(store.get(stays), store.get(goes)), goes)


def history(store: EventStore, item_id: str) -> list[str]:
    found = select(tables.history.c.action).where(tables.history.c.item_id == item_id)
    with store.reading() as connection:  # type: ignore[attr-defined]
        return list(connection.execute(found.order_by(tables.history.c.history_id)).scalars())


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (A, B, True),
        (A, FAR, False),
        (A, told("b", doc="story-a"), False),
        (A, told("b", status=Status.REJECTED), False),
        (A, told("b", when=TimeSpan.day(date(2023, 11, 16))), False),
        (A, told("b", when=TimeSpan(date(2023, 10, 20), date(2023, 11, 15))), True),
        (A, told("b", when=None), False),
        (A, told("b", event_type="Protests", sub_event_type=""), False),
        (A, told("b", place=Place("Kherson Oblast", 33.9, 46.5, Precision.ADMIN1, "UA", radius_m=110_000)), True),
        (told("a", place=FIJI), told("b", place=ACROSS), True),
        (told("a", place=None), told("b", place=None), True),
        (told("a", doc=" "), told("b", doc_id=""), True),
        (replace(A, doc_id=""), replace(B, doc_id=""), False),
    ],
    ids=["same", "far", "one story", "rejected", "other day", "wide date", "undated", "other type", "area",
         "antimeridian", "unplaced", "story and row", "two rows"],
)  # fmt: skip
def test_what_is_suggested(store: EventStore, one: Event, other: Event, found: bool) -> None:
    store.save([one])
    suggested(store)
    store.save([other])
    assert bool(suggested(store)) is found


def test_a_suggestion_says_why_and_names_its_partners(store: EventStore) -> None:
    store.save([A, B, C])
    assert suggested(store) == {"a-b", "a-c", "b-c"}
    pair = store.duplicates.pairs(1)[0]
    assert pair.first == A
    assert 0.9 < pair.score <= 1
    assert "at the same place, Kherson" in pair.reasons
    assert set(store.duplicates.partners("b")) == {"a", "c"}
    assert len(store.duplicates.pairs(2, 1)) == 2
    assert store.duplicates.partners("far") == ()


def test_looking_changes_no_version_and_an_edit_is_looked_at_again(store: EventStore) -> None:
    store.save([A, B])
    version = store.version()
    assert suggested(store) == {"a-b"}
    assert store.version() == version
    store.save([replace(B, place=FAR.place, status=Status.REVIEWED)])
    assert suggested(store) == set()
    store.set_status(["b"], Status.DRAFT)
    store.save([B])
    assert suggested(store) == {"a-b"}
    store.set_status(["a"], Status.REJECTED)
    assert store.duplicates.count() == 0, "a rejected event is gone from the list before the next look"
    assert suggested(store) == set()


def test_a_look_is_short_and_goes_on_where_it_ended(store: EventStore) -> None:
    days = [DAY.start + timedelta(days=10 * n) for n in range(500)]
    store.save([told(f"{kind}{n}", when=TimeSpan.day(day)) for n, day in enumerate(days) for kind in "ab"])
    left = [store.duplicates.look(0)]
    while left[-1]:
        left.append(store.duplicates.look(0))
    assert left == [800, 600, 400, 200, 0]
    assert store.duplicates.count() == 500


def test_a_look_does_not_wait_for_a_writer(store: EventStore) -> None:
    store.save([A, B])
    with store.writing():  # type: ignore[attr-defined]
        assert store.duplicates.look(5) > 0
    assert suggested(store) == {"a-b"}


def test_different_is_remembered_and_can_be_taken_back(store: EventStore) -> None:
    store.save([A, B])
    suggested(store)
    store.duplicates.set_different("b", "a")
    assert suggested(store) == set()
    store.save([replace(B, title="Told anew", status=Status.REVIEWED)])
    assert suggested(store) == set(), "an edit does not make it a question again"
    store.duplicates.set_different("a", "b", False)
    assert suggested(store) == {"a-b"}


def test_different_holds_for_what_one_of_them_was_merged_into(store: EventStore) -> None:
    store.save([A, B, C])
    suggested(store)
    store.duplicates.set_different("b", "c")
    merge(store, "a", "b")
    assert suggested(store) == set()


@pytest.mark.parametrize(("one", "other", "error"), [("a", "a", UsageError), ("a", "nothing", NotFound)])
def test_different_needs_two_events(store: EventStore, one: str, other: str, error: type[Exception]) -> None:
    store.save([A, B])
    with pytest.raises(error):
        store.duplicates.set_different(one, other)


def test_a_merge_leaves_one_event_with_all_sources(store: EventStore) -> None:
    store.save([A, B], STORIES[:2])
    suggested(store)
    merge_id = merge(store, "a", "b")
    assert [event.event_id for event in store.find(EVERYTHING)] == ["a"]
    assert store.count(EVERYTHING) == len(store.columns()) == 1
    assert store.get("a").sources == (*A.sources, *B.sources)
    with pytest.raises(NotFound):
        store.get("b")
    assert store.duplicates.merged_into("b") == "a"
    assert store.duplicates.merged_into("a") == ""
    kept = store.duplicates.merges_of("a")
    assert [(each.merge_id, each.merged) for each in kept] == [(merge_id, B)]
    assert history(store, "b") == ["added", "merged into a"]
    assert suggested(store) == set()
    assert not store.count(EventQuery(text='"(b)"')), (
        "the words of the one merged away are not found beside the survivor"
    )


def test_undo_brings_both_back_as_they_were(store: EventStore) -> None:
    store.save([A, replace(B, actors=("crowd",), properties={"k": "v"}, fatalities=Fatalities(1, 2, 9))])
    before = [store.get(name) for name in "ab"]
    undone = store.duplicates.undo(merge(store, "a", "b"))
    assert undone.survivor_id == "a"
    assert [store.get(name) for name in "ab"] == before
    assert store.duplicates.merged_into("b") == ""
    assert store.duplicates.merges_of("a") == store.duplicates.latest_merges() == ()
    assert suggested(store) == {"a-b"}
    assert history(store, "b")[-1] == "taken out of a"


def test_undo_keeps_what_a_person_changed_since(store: EventStore) -> None:
    store.save([A, replace(B, fatalities=Fatalities(best=9))])
    merge_id = merge(store, "a", "b")
    store.save([replace(store.get("a"), title="Mended by hand", status=Status.REVIEWED)])
    store.duplicates.undo(merge_id)
    survivor = store.get("a")
    assert (survivor.title, survivor.status) == ("Mended by hand", Status.REVIEWED)
    assert (survivor.fatalities, survivor.sources) == (A.fatalities, A.sources)


def test_merges_are_taken_back_the_latest_first(store: EventStore) -> None:
    store.save([A, B, C])
    first, second = merge(store, "a", "b"), merge(store, "a", "c")
    with pytest.raises(UsageError, match=f"take back merge {second} first"):
        store.duplicates.undo(first)
    store.duplicates.undo(second)
    store.duplicates.undo(first)
    assert [store.get(event.event_id) for event in (A, B, C)] == [A, B, C]
    with pytest.raises(UsageError, match="taken back before"):
        store.duplicates.undo(first)
    with pytest.raises(NotFound):
        store.duplicates.undo(99)


def test_a_chain_of_merges_leads_to_its_end(store: EventStore) -> None:
    store.save([A, B, C])
    first = merge(store, "b", "c")
    merge(store, "a", "b")
    assert store.duplicates.merged_into("c") == "a"
    assert store.get("a").sources == (*A.sources, *B.sources, *C.sources)
    assert {each.merged.event_id for each in store.duplicates.merges_of("a")} == {"b", "c"}
    with pytest.raises(UsageError, match="itself merged into a"):
        store.duplicates.undo(first)


@pytest.mark.parametrize(
    ("stays", "goes", "error", "words"),
    [
        ("a", "a", UsageError, "into itself"),
        ("a", "x", NotFound, "not in the store"),
        ("a", "b", NotFound, "merged into a"),
    ],
)
def test_what_cannot_be_merged(store: EventStore, stays: str, goes: str, error: type[Exception], words: str) -> None:
    store.save([A, B])
    merge(store, "a", "b")
    with pytest.raises(error, match=words):
        store.duplicates.merge(store.get(stays), goes)
    assert store.get("a").sources == (*A.sources, *B.sources)


def test_reading_the_stories_again_brings_nothing_back(store: EventStore) -> None:
    store.save([A, B], STORIES[:2])
    merge(store, "a", "b")
    merged = store.get("a")
    receipt = store.save([A, B], STORIES[:2])
    assert (receipt.added, receipt.changed, receipt.unchanged) == (0, 0, 2)
    assert any("merged into others" in note for note in receipt.notes)
    assert [store.get(event.event_id) for event in store.find(EVERYTHING)] == [merged]
    renamed = replace(B, event_id="b-by-a-newer-reader", quote_span=Span(2, 50))
    assert store.save([renamed]).added == 0, "the same words under another id"
    assert store.save([replace(renamed, quote_span=Span(60, 70))]).added == 1, "other words of that story"


def test_a_person_may_still_edit_the_survivor_and_no_source_is_lost(store: EventStore) -> None:
    store.save([A, B])
    merge(store, "a", "b")
    store.save([replace(A, title="Mended", status=Status.REVIEWED)])
    assert store.get("a").title == "Mended"
    assert store.get("a").sources == (*A.sources, *B.sources)


def test_removing_the_samples_gives_back_what_was_merged_with_them(store: EventStore) -> None:
    store.save([A, B, C], [replace(STORIES[0], sample=True), *STORIES[1:3]])
    merge(store, "a", "b")
    merge(store, "c", "a")
    assert store.remove_samples() == 1
    assert sorted(store.find(EVERYTHING), key=lambda event: event.event_id) == [B, C]
