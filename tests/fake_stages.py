"""Stages that are fakes: they know three place names and one kind of event, and need no model and no gazetteer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from geodata.contracts import PlaceRow
from geodata.errors import NotFound
from geodata.model import Candidate, Document, Draft, Extraction, Place, Resolution, Span, Toponym
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


class FakeGazetteer:
    def place(self, place_id: str) -> Place:
        if place_id != "t:bucha":
            raise NotFound(f"the gazetteer has no place {place_id}")
        return replace(PLACES["Bucha"], place_id=place_id)


class FakeLocator:
    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        for row in rows:
            name = Toponym(Span(0, len(row.place)), row.place, row.place)
            place = PLACES.get(row.place)
            yield Resolution(name, place, 0.5 if place else 0.0)
