"""What people have chosen that a name means in this project: found for a mention or a table's row, and put first.

A choice counts for the name in any case ending, and in another script where its place is a candidate there. What the
text or the row itself says of where the name lies wins: "Bucha, Ternopil oblast" is not the Bucha that was chosen.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from geodata.contracts import Choices
from geodata.errors import UsageError, shown
from geodata.geocode.context import Mention, area_level, context_areas
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.inflection import nominatives
from geodata.geocode.phrases import strip_designator
from geodata.geocode.records import NameKind
from geodata.model import Candidate, Document, Place, PlaceChoice, Precision, Span, Toponym

CHOSEN_SCORE = 0.98
"""A person's word, less the chance that this text means a namesake of which nothing in it tells."""
LEVELS: Mapping[Precision | None, int] = {None: 0, Precision.ADMIN1: 1, Precision.ADMIN2: 2}
_NOT_IN_GAZETTEER = -1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that counts for a name, and its place as the gazetteer has it now, or as it was copied."""

    entry: Entry
    choice: PlaceChoice

    @property
    def reason(self) -> str:
        day = self.choice.chosen_at.astimezone()
        return f"you chose this for {self.choice.name} on {day.day} {day:%b %Y}"

    def first(self, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates with the chosen one first, whose own reasons stay; the others share what is left."""
        place = self.entry.place
        mine = [item for item in candidates if _same(item.place, place)]
        rest = [item for item in candidates if not _same(item.place, place)]
        total = sum(item.score for item in rest) or 1.0
        others = [replace(item, score=round(item.score / total * (1 - CHOSEN_SCORE), 4)) for item in rest]
        reasons = mine[0].reasons if mine else ()
        return (Candidate(place, CHOSEN_SCORE, (self.reason, *reasons)), *others)


def choose(span: Span, document: Document, place: Place) -> PlaceChoice:
    """A person's word that the name at `span` of the document's text means `place`, from now on."""
    words = span.of(document.text)
    level = area_level(Toponym(span, words, words), document.text)
    return choose_name(strip_designator(words)[0] if level else words, place, level, document.doc_id)


def choose_name(name: str, place: Place, level: int = 0, doc_id: str = "") -> PlaceChoice:
    """The same for a name by itself. UsageError where nothing of it is a letter or digit."""
    name = " ".join(name.split())
    key = fold(name)
    if not key:
        raise UsageError(f"{shown(name)} is no name; accepted: a place's name, with at least one letter or digit")
    return PlaceChoice(name, key, place, datetime.now(UTC).replace(microsecond=0), level, doc_id)


class ChosenNames:
    """The choices at one moment, arranged by name and by place. False where there are none."""

    def __init__(self, choices: Sequence[PlaceChoice]) -> None:
        self._by_name: dict[tuple[str, int], PlaceChoice] = {}
        self._by_place: dict[tuple[str, int], PlaceChoice] = {}
        for choice in choices:
            self._by_name.setdefault((choice.key, choice.level), choice)
            if choice.place.place_id:
                self._by_place.setdefault((choice.place.place_id, choice.level), choice)
        for choice in choices:  # a name as written goes before what an ending may stand for
            for form in _forms(choice.name):
                self._by_name.setdefault((form, choice.level), choice)

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def find(self, names: Iterable[str], level: int, entries: Sequence[Entry]) -> PlaceChoice | None:
        """The choice for one of these spellings; else for a candidate chosen under a name in another script."""
        names = [name for name in names if name]
        for name in (*names, *(strip_designator(name)[0] for name in names if level)):
            for form in _forms(name):
                if choice := self._by_name.get((form, level)):
                    return choice
        for entry in entries:
            choice = self._by_place.get((entry.place.place_id, level))
            if choice and names and _script(choice.name) != _script(names[0]):
                return choice
        return None


class ChosenPlaces:
    """Asks a project's choices, and arranges them anew only where they have changed. Safe between threads."""

    def __init__(self, gazetteer: SqliteGazetteer, choices: Choices | None) -> None:
        self._gazetteer = gazetteer
        self._choices = choices
        self._arranged: tuple[Sequence[PlaceChoice], ChosenNames] = ((), ChosenNames(()))

    def now(self) -> ChosenNames:
        """The choices as they are now: take them once for each document or table."""
        known = self._choices.known() if self._choices else ()
        if known is not self._arranged[0]:
            self._arranged = known, ChosenNames(known)
        return self._arranged[1]

    def of_mention(self, mention: Mention, names: ChosenNames) -> Chosen | None:
        """What was chosen for a name of a text, unless the text binds it to somewhere else."""
        toponym = mention.toponym
        choice = names.find((toponym.name, toponym.text), mention.area_level, mention.entries) if names else None
        if choice is None:
            return None
        entry = self._entry(choice, mention.entries)
        return Chosen(entry, choice) if self._agrees(entry, toponym.context) else None

    def of_words(
        self, words: Sequence[str], level: Precision | None, context: tuple[str, ...], names: ChosenNames
    ) -> Chosen | None:
        """What was chosen for the spellings of a table's phrase, unless the phrase itself puts it elsewhere."""
        if not names or not words:
            return None
        entries = self._gazetteer.lookup(fold(words[0]))
        choice = names.find(words, LEVELS.get(level, 0), entries)
        if choice is None:
            return None
        entry = self._entry(choice, entries)
        return Chosen(entry, choice) if self._agrees(entry, context) else None

    def _entry(self, choice: PlaceChoice, entries: Sequence[Entry]) -> Entry:
        """The chosen place as the gazetteer has it, found by its id; else the copy that the choice holds."""
        for entry in (*entries, *self._gazetteer.lookup(fold(choice.place.name))):
            if choice.place.place_id and entry.place.place_id == choice.place.place_id:
                return entry
        return Entry(_NOT_IN_GAZETTEER, choice.place, NameKind.NAME, 0)

    def _agrees(self, entry: Entry, context: tuple[str, ...]) -> bool:
        """Whether the place lies in every area and country that its name is bound to, as far as they are known."""
        return all(self._inside(entry, name) for name in context)

    def _inside(self, entry: Entry, name: str) -> bool:
        rows, countries, _ = context_areas(self._gazetteer, Toponym(Span(0, 0), "", "", context=(name,)))
        if not rows and not countries:
            return True  # says nothing that the gazetteer knows
        if entry.place.country in countries or {entry.row, entry.area1, entry.area2} & rows:
            return True
        said = {fold(name), fold(strip_designator(name)[0])}
        areas = [area for area in (entry.place.admin1, entry.place.admin2) if area]
        return bool(said & {fold(form) for area in areas for form in (area, strip_designator(area)[0])})


def _same(one: Place, other: Place) -> bool:
    if one.place_id and other.place_id:
        return one.place_id == other.place_id
    return (one.name, one.lon, one.lat) == (other.name, other.lon, other.lat)


def _forms(name: str) -> Iterator[str]:
    """The folded name, without a possessive 's, and what its case ending may stand for."""
    key = fold(name)
    if key:
        yield key
        if key.endswith(" s"):
            yield key[:-2]
    for form in nominatives(name):
        if folded := fold(form):
            yield folded


def _script(name: str) -> str:
    """LATIN, CYRILLIC, ARABIC, CJK…: of the first letter; empty where there is none."""
    letter = next((char for char in name if char.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
