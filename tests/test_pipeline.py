"""documents -> drafts -> events, with stages that are fakes: what the pipeline itself decides."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from geodata.contracts import Reading, RowProblem
from geodata.looks import looks_of
from geodata.model import (
    Document,
    Event,
    Resolution,
    Source,
    Span,
    Status,
    Toponym,
    stable_id,
)
from geodata.pipeline import date_doubt, import_reading, joined, place_rows, read_drafts, spans_fit
from geodata.query import EventQuery
from geodata.store import open_store
from tests.fake_stages import DAY, PLACES, TEXT, FakeExtractor, FakeLocator, FakeResolver


def document(text: str = TEXT, **more: object) -> Document:
    return Document("d1", text, Source(title="A story", published=date(2022, 11, 12)), **more)  # type: ignore[arg-type]


def events_of(given: Document) -> tuple[Event, ...]:
    (story,) = read_drafts([given], FakeExtractor(), FakeResolver())
    return story.events


def test_each_draft_becomes_an_event_with_its_quote_place_and_source() -> None:
    first = events_of(document())[0]
    assert first.quote == "Shelling hit Kherson and Bucha."
    assert first.quote_span == Span(0, 31)
    assert first.place == PLACES["Kherson"]
    assert first.place_span == Span(13, 20)
    assert first.confidence == pytest.approx(0.4)
    assert (first.status, first.doc_id, first.sources) == (Status.DRAFT, "d1", (document().source,))
    assert first.when == DAY


def test_ids_are_stable_and_two_events_of_one_sentence_keep_apart() -> None:
    events = events_of(document())
    assert [event.event_id for event in events] == [event.event_id for event in events_of(document())]
    assert len({event.event_id for event in events}) == len(events) == 5
    assert events[0].event_id == stable_id("d1", 0, 31, "Armed clash")


def test_doubts_are_said() -> None:
    notes = {event.quote: " | ".join(event.notes) for event in events_of(document())}
    assert "could also be Bucha, Rivne, UA" in notes["Shelling hit Kherson and Bucha."]
    assert "near Kherson, not in it" in notes["A clash was near Kherson."]
    assert "'Atlantis': not in the gazetteer" in notes["A fire burned in Atlantis."]
    assert notes["Someone was robbed."] == (
        "no date was found in the words around it | no place was found in the words around it"
    )


@pytest.mark.parametrize(("confidence", "unsure"), [(0.74, True), (0.75, False)])
def test_the_lists_and_the_review_call_the_same_places_unsure(confidence: float, unsure: bool) -> None:
    class Resolver(FakeResolver):
        def _one(self, name: Toponym) -> Resolution:
            return replace(super()._one(name), confidence=confidence)

    (story,) = read_drafts([document()], FakeExtractor(), Resolver())
    clash = next(event for event in story.events if event.quote == "A clash was near Kherson.")
    assert ("'Kherson' could also be a place that the gazetteer lacks" in clash.notes) == unsure
    assert ("place" in looks_of(clash)) == unsure


def test_every_name_of_a_document_is_resolved_once_and_together() -> None:
    resolver = FakeResolver()
    (story,) = read_drafts([document()], FakeExtractor(), resolver)
    assert resolver.calls == [4]
    assert [resolution.toponym.text for resolution in story.toponyms] == ["Kherson", "Bucha", "Kherson", "Atlantis"]
    assert set(story.resolutions) == {event.event_id for event in story.events if event.place_span}


def test_a_story_that_names_300_places() -> None:
    text = " ".join(f"Shelling {n} hit Kherson." for n in range(300))
    assert len({event.event_id for event in events_of(document(text))}) == 300


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (Document("", "Nothing of note."), "no event was found"),
        (Document("", "Nothing of note."), "no place name was found"),
        (Document("", "In Kherson."), "no publication date"),
        (Document("", "In Kherson.", notes=("read as cp1251",)), "read as cp1251"),
    ],
)
def test_a_story_says_what_is_missing(given: Document, note: str) -> None:
    (story,) = read_drafts([given], FakeExtractor(), FakeResolver())
    assert any(note in each for each in story.notes)
    assert story.document.doc_id == stable_id(given.text)


TODAY = date(2024, 5, 13)
FETCHED = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (Source(), ""),
        (Source(published=TODAY), ""),
        (Source(published=date(2024, 5, 14)), ""),  # it is tomorrow already further east
        (Source(published=date(2024, 5, 15)), "2024-05-15 is in the future"),
        (Source(published=date(2204, 5, 15), retrieved=FETCHED), "is in the future"),
        (Source(published=date(2024, 5, 2), retrieved=FETCHED), ""),
        (Source(published=date(2024, 5, 3), retrieved=FETCHED), "is after 2024-05-01, when the story was fetched"),
    ],
)
def test_a_publication_date_that_cannot_be_is_flagged(source: Source, words: str) -> None:
    doubt = date_doubt(source, TODAY)
    assert words in doubt if words else not doubt


def test_events_dated_from_a_wrong_publication_date_say_so() -> None:
    wrong = Document("d1", TEXT, Source(published=date(2999, 1, 1)))
    (story,) = read_drafts([wrong], FakeExtractor(), FakeResolver())
    assert "is in the future" in " ".join(story.notes)
    flagged = [any("is in the future" in note for note in event.notes) for event in story.events]
    assert flagged == [event.when is not None for event in story.events]


def row(event_id: str, **properties: str) -> Event:
    return Event(event_id, "Battles", status=Status.REVIEWED, properties=properties)


def test_rows_are_placed_by_the_words_for_their_place() -> None:
    given = [row("a", place="Kherson", country="UA", x="y"), row("b", place="Atlantis"), row("c", title="none")]
    placed, lost, plain = place_rows(given, FakeLocator())
    assert placed.place == PLACES["Kherson"]
    assert (placed.status, placed.confidence, placed.properties) == (Status.DRAFT, 0.5, {"x": "y"})
    assert "placed by its name, 'Kherson, UA'" in placed.notes[0]
    assert lost.place is None
    assert lost.properties == {"place": "Atlantis"}
    assert "'Atlantis': not in the gazetteer" in lost.notes[0]
    assert plain == given[2]


def test_import_keeps_all_of_it_and_twice_changes_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    try:
        reading = Reading(documents=(document(),))
        first = import_reading(reading, FakeExtractor(), FakeResolver(), None, store)
        assert (first.added, first.stories, first.undated, first.unplaced) == (5, 1, 1, 2)
        again = import_reading(reading, FakeExtractor(), FakeResolver(), None, store)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 5)
        assert store.count(EventQuery()) == 5
        assert store.document("d1").text == TEXT
    finally:
        store.close()


def test_problems_stay_on_the_receipt(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    try:
        problem = RowProblem("t.csv", 3, "bad")
        reading = Reading(events=(row("a", place="Kherson"),), problems=(problem,))
        receipt = import_reading(reading, None, None, FakeLocator(), store)
        assert (receipt.added, receipt.unplaced, receipt.problems) == (1, 0, (problem,))
        with pytest.raises(TypeError):
            import_reading(Reading(documents=(document(),)), None, None, None, store)
    finally:
        store.close()


def test_readings_join_and_say_what_was_given_twice() -> None:
    whole = joined([Reading((document(),), (row("a"),)), Reading((document("New."),), (row("a", x="y"), row("b")))])
    assert [each.text for each in whole.documents] == ["New."]
    assert [(event.event_id, dict(event.properties)) for event in whole.events] == [("a", {"x": "y"}), ("b", {})]
    assert len(whole.problems) == 2


@pytest.mark.parametrize(("span", "fits"), [(Span(0, 3), True), (Span(0, 4), False), (Span(2, 1), False), (None, True)])
def test_spans_must_lie_in_the_text(span: Span | None, fits: bool) -> None:
    event = Event("e", "Battles", quote_span=span, doc_id="d")
    assert spans_fit(event, {"d": Document("d", "abc")}) is fits
