"""documents -> drafts -> events, with stages that are fakes: what the pipeline itself decides."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from geodata.contracts import PlaceRow, Reading, RowProblem
from geodata.model import (
    Candidate,
    Document,
    Draft,
    Event,
    Extraction,
    Place,
    Resolution,
    Source,
    Span,
    Status,
    Toponym,
    stable_id,
)
from geodata.pipeline import import_documents, import_reading, joined, place_rows, read_drafts, spans_fit
from geodata.query import EventQuery
from geodata.store import open_store
from geodata.timespan import TimeSpan

PLACES = {
    "Kherson": Place("Kherson", 32.6, 46.6, country="UA", admin1="Kherson"),
    "Bucha": Place("Bucha", 30.2, 50.5, country="UA", admin1="Kyiv"),
}
RIVAL = Place("Bucha", 26.1, 50.0, country="UA", admin1="Rivne")
DAY = TimeSpan.day(date(2022, 11, 11))
TEXT = "Shelling hit Kherson and Bucha. A clash was near Kherson. A fire burned in Atlantis. Someone was robbed."


class FakeExtractor:
    """One draft for every place name of PLACES or Atlantis; one without a place for "robbed"."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            names = tuple(self._names(document.text))
            drafts = [self._draft(document.text, name) for name in names]
            if "robbed" in document.text:
                end = len(document.text)
                drafts.append(
                    Draft("Crime", "Organised crime", "Robbery", Span(end - 19, end), Span(end - 7, end), None)
                )
            yield Extraction(document, names[:1], tuple(drafts))

    def toponyms(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Toponym, ...]]]:
        for document in documents:
            yield document, tuple(self._names(document.text))

    def _names(self, text: str) -> Iterator[Toponym]:
        for name in ("Kherson", "Bucha", "Atlantis"):
            start = text.find(name)
            while start >= 0:
                near = text[:start].endswith("near ")
                yield Toponym(Span(start, start + len(name)), name, name, near=near)
                start = text.find(name, start + 1)

    def _draft(self, text: str, name: Toponym) -> Draft:
        start = text.rfind(". ", 0, name.span.start)
        quote = Span(start + 2 if start >= 0 else 0, text.find(".", name.span.start) + 1)
        return Draft("Battles", "Armed clash", "Clash", quote, quote, DAY, toponym=name, confidence=0.8)


class FakeResolver:
    def __init__(self) -> None:
        self.calls: list[int] = []

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]:
        self.calls.append(len(toponyms))
        return [self._one(name) for name in toponyms]

    def _one(self, name: Toponym) -> Resolution:
        place = PLACES.get(name.name)
        if place is None:
            return Resolution(name, None, 0.0)
        rivals = (Candidate(RIVAL, 0.8),) if name.name == "Bucha" else ()
        return Resolution(name, place, 0.5, (Candidate(place, 0.9), *rivals))


class FakeLocator:
    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        for row in rows:
            name = Toponym(Span(0, len(row.place)), row.place, row.place)
            place = PLACES.get(row.place)
            yield Resolution(name, place, 0.5 if place else 0.0)


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
    assert "'Atlantis' was not found" in notes["A fire burned in Atlantis."]
    assert notes["Someone was robbed."] == (
        "no date was found in the words around it | no place was found in the words around it"
    )


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
    assert "'Atlantis' was not found" in lost.notes[0]
    assert plain == given[2]


def test_import_keeps_all_of_it_and_twice_changes_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    try:
        first = import_documents([document()], FakeExtractor(), FakeResolver(), store)
        assert (first.added, first.stories, first.undated, first.unplaced) == (5, 1, 1, 2)
        again = import_documents([document()], FakeExtractor(), FakeResolver(), store)
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
