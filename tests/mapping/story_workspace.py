"""A workspace whose reading, pipeline and store are real, and whose extractor and gazetteer know one small world."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from geodata.errors import NotFound
from geodata.model import Candidate, Document, Draft, Extraction, Place, Precision, Resolution, Span, Toponym
from geodata.timespan import TimeSpan
from geodata.workspace import DatelineWorkspace

TITLE = "A night of shelling on the lower Dnipro"
PUBLISHED = date(2024, 5, 13)
SHELLING = "Shells hit a row of houses in Kherson on Saturday, killing two people."
CLASH = "The day before, soldiers had fought for a trench near Bakhmut."
MARCH = "In Springfield, some 300 people marched against the war on 4 May."
FIRE = "A warehouse burned down after a blast, but officials would not say when or where."
TEXT = f"{SHELLING}\n\n{CLASH} 🎈 {MARCH}\n\n{FIRE}\n\nTrains from Kherson to Odesa ran late."

KHERSON = Place("Kherson", 32.6178, 46.6354, country="UA", admin1="Kherson Oblast", place_id="geonames:706448",
                feature="P.PPLA", population=283_649)  # fmt: skip
BAKHMUT = Place("Bakhmut", 38.0008, 48.5945, Precision.NEAR, "UA", "Donetsk Oblast", place_id="geonames:709611",
                radius_m=25_000, feature="P.PPL", population=77_620)  # fmt: skip
ODESA = Place("Odesa", 30.7326, 46.4775, country="UA", admin1="Odesa Oblast", place_id="geonames:698740",
              population=1_015_826)  # fmt: skip
MELITOPOL = Place("Melitopol", 35.3654, 46.8489, country="UA", admin1="Zaporizhzhia Oblast",
                  place_id="geonames:701404", population=154_839)  # fmt: skip
SPRINGFIELDS = tuple(
    Place("Springfield", lon, lat, country="US", admin1=state, place_id=f"geonames:{number}", population=people)
    for state, lon, lat, number, people in (
        ("Illinois", -89.6437, 39.8017, 4250542, 116_565),
        ("Missouri", -93.2982, 37.2153, 4409896, 166_810),
        ("Massachusetts", -72.5898, 42.1015, 4951788, 154_341),
    )
)
WORLD: Mapping[str, Sequence[Place]] = {
    "Kherson": (KHERSON,),
    "Bakhmut": (BAKHMUT,),
    "Odesa": (ODESA,),
    "Melitopol": (MELITOPOL,),
    "Springfield": SPRINGFIELDS,
}
EXPLOSIONS, SHELLED = "Explosions/Remote violence", "Shelling/artillery/missile attack"


class SmallExtractor:
    """Finds the four sentences of the fixture, and each name of `WORLD`."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document, names in self.toponyms(documents):
            yield Extraction(document, names, tuple(_drafts(document, names)))

    def toponyms(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Toponym, ...]]]:
        for document in documents:
            found = [
                Toponym(Span(at, at + len(name)), name, name, near=name == "Bakhmut")
                for name in WORLD
                for at in _places_of(name, document.text)
            ]
            yield document, tuple(sorted(found, key=lambda item: item.span))


def _places_of(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _drafts(document: Document, names: Sequence[Toponym]) -> Iterator[Draft]:
    saturday, marched = TimeSpan.day(date(2024, 5, 11)), TimeSpan.day(date(2024, 5, 4))
    known = document.published is not None
    for sentence, event_type, sub_type, title, trigger, words, when in (
        (SHELLING, EXPLOSIONS, SHELLED, "Shelling of houses in Kherson", "Shells", "on Saturday", saturday),
        (CLASH, "Battles", "Armed clash", "Fight for a trench near Bakhmut", "fought", "The day before",
         TimeSpan.day(date(2024, 5, 10))),
        (MARCH, "Protests", "Peaceful protest", "March against the war in Springfield", "marched", "on 4 May", marched),
        (FIRE, "Disaster", "Man-made disaster", "Warehouse burns down after a blast", "burned", "", None),
    ):  # fmt: skip
        start = document.text.find(sentence)
        if start < 0:
            continue
        quote = Span(start, start + len(sentence))
        at = document.text.find(trigger, start)
        when_at = document.text.find(words, start) if words else -1
        yield Draft(
            event_type,
            sub_type,
            title,
            quote,
            Span(at, at + len(trigger)),
            when if known else None,
            Span(when_at, when_at + len(words)) if words else None,
            next((name for name in names if quote.covers(name.span)), None),
            confidence=0.7,
            notes=("the year is the publication date's; check",) if sentence == MARCH and known else (),
        )


class SmallGazetteer:
    """Place search over `WORLD`, and a resolver that takes the first of each name."""

    def search(self, text: str, limit: int = 10, near: tuple[float, float] | None = None) -> Sequence[Candidate]:
        found = [place for name, places in WORLD.items() if text.casefold() in name.casefold() for place in places]
        return [Candidate(place, 0.9, ("the name is the same",)) for place in found[:limit]]

    def place(self, place_id: str) -> Place:
        for places in WORLD.values():
            for place in places:
                if place.place_id == place_id:
                    return place
        raise NotFound(f"no place has the id {place_id}")

    def nearest(self, lon: float, lat: float) -> Place | None:
        return KHERSON

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]:
        return [self._resolution(name) for name in toponyms]

    def _resolution(self, name: Toponym) -> Resolution:
        reasons = ("the only place of that name",), ("larger", "named first"), ("same country as the rest",)
        places = WORLD[name.name]
        candidates = tuple(
            Candidate(place, 0.9 - 0.1 * at, reasons[0] if len(places) == 1 else reasons[1 + at % 2])
            for at, place in enumerate(places)
        )
        sure = 0.9 if len(places) == 1 else 0.5
        return Resolution(name, places[0], sure, candidates)


class SmallWorkspace(DatelineWorkspace):
    """Everything real but the model and the gazetteer."""

    @property
    def extractor(self) -> SmallExtractor:
        return SmallExtractor()

    @property
    def resolver(self) -> SmallGazetteer:
        return SmallGazetteer()

    def readers(self) -> tuple[SmallExtractor, SmallGazetteer]:
        return self.extractor, self.resolver

    @property
    def gazetteer(self) -> SmallGazetteer:  # type: ignore[override]
        return SmallGazetteer()
