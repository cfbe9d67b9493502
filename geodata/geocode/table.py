"""Rows of a table -> places: the phrase read, the row's country and areas as filters, and an honest fallback.

Satisfies contracts.TableGeocoder. A place that is not found falls back to its second level area, first level area or
country, with that precision and a note; never to another country.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from geodata.contracts import Choices, PlaceRow
from geodata.geocode.areas import AreaFinder, RowAreas
from geodata.geocode.chosen import CHOSEN_SCORE, Chosen, ChosenNames, ChosenPlaces
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.phrases import Phrase, moved, read_phrase, strip_designator
from geodata.geocode.ranking import shares
from geodata.geocode.rows import (
    Found,
    RowCandidates,
    RowEvidence,
    apart,
    evidence_of,
    features_of,
    inside_of,
    own_area,
    row_judge,
    row_ranker,
    stand_in,
)
from geodata.learned import Linear
from geodata.model import Candidate, Place, Precision, Resolution, Span, Toponym

NEAR_RADIUS_M = 25_000.0
_MOST_CANDIDATES = 10
_CACHED_AREAS = 20_000
_AT_ONCE = 512
"""Rows judged together: the trees are walked for all their candidates in one go."""
_LEAST_SURE = 0.2
"""A place that is only spelled like the row's must be so likely the right one, and likelier than the row's area is
near it, to be taken."""
_MOST_SURE_STAND_IN = 0.8
"""An area that stands in for a place is never among the answers to be sure of, even where it is small."""
_BLANK = re.compile(r"[\s\x00-\x1f]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A row read, and what it can mean, in no order; `area` stands in where nothing of that is taken."""

    toponym: Toponym
    phrase: Phrase
    areas: RowAreas
    found: tuple[Found, ...] = ()
    area: Found | None = None
    note: str = ""
    chosen: Chosen | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row's candidates, the likeliest first, with their shares of one, and what the judge looks at: of the first of
    them, then of the area that stands in, as far as there are such."""

    asked: Asked
    found: tuple[Found, ...]
    shares: tuple[float, ...]
    evidence: tuple[RowEvidence, ...]


class TablePlaces:
    """Geocodes rows with the gazetteer and what people chose; the same row gets the same answer."""

    def __init__(self, gazetteer: SqliteGazetteer, choices: Choices | None = None, model: Linear | None = None) -> None:
        self._gazetteer = gazetteer
        self._choices = ChosenPlaces(gazetteer, choices)
        self._areas = AreaFinder(gazetteer)
        self._candidates = RowCandidates(gazetteer, self._areas)
        self._ranker = model or row_ranker()

    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        """One resolution a row, in order, some hundred rows at a time; place None and a note where there is nothing to
        go by."""
        waiting = iter(rows)
        while batch := list(islice(waiting, _AT_ONCE)):
            said = self._choices.now()
            phrases = [read_phrase(row.place) for row in batch]
            self._gazetteer.look_ahead(fold(name) for phrase in phrases for name in phrase.names)
            asked = (self._asked(row, phrase, said) for row, phrase in zip(batch, phrases, strict=True))
            ranked = self.ranked(asked)
            sure = iter(row_judge().confidences([item for one in ranked for item in one.evidence]))
            for one in ranked:
                yield _answer(one, list(islice(sure, len(one.evidence))))

    def ask(self, row: PlaceRow, said: ChosenNames | None = None) -> Asked:
        """What a row can mean."""
        return self._asked(row, read_phrase(row.place), said)

    def _asked(self, row: PlaceRow, phrase: Phrase, said: ChosenNames | None) -> Asked:
        name = phrase.names[0] if phrase.names else ""
        toponym = Toponym(Span(0, len(row.place)), row.place, name, near=phrase.near, context=phrase.context)
        areas = self._areas.of_row(row.admin1, row.admin2, row.country)
        if row.country.strip() and not areas.country:
            return Asked(toponym, phrase, areas, note=f"country {row.country.strip()[:60]!r} is not known")
        named = _named_area(phrase, row, areas)
        found = [own_area(named)] if named else self._candidates.find(phrase, areas) if name else []
        chosen = self._choose(phrase, areas, said) if said and not named else None
        return Asked(toponym, phrase, areas, tuple(found), stand_in(areas), chosen=chosen)

    def ranked(self, every: Iterable[Asked]) -> list[Ranked]:
        """The rows' candidates in order, weighed all together: also what training learns from."""
        every = list(every)
        rows = [features_of(item, asked.phrase) for asked in every for item in asked.found]
        scores = iter(self._ranker.margins(np.array(rows, dtype=np.float32))[:, 0].tolist() if rows else ())
        return [_ranked(asked, list(islice(scores, len(asked.found)))) for asked in every]

    def _choose(self, phrase: Phrase, areas: RowAreas, said: ChosenNames) -> Chosen | None:
        """What people chose for the name, where the row's country and areas and the phrase leave room for it."""
        chosen = self._choices.of_words(phrase.names, phrase.level, phrase.context, said)
        if chosen is None or (areas.country and chosen.entry.place.country not in (areas.country, "")):
            return None
        return chosen if inside_of(chosen.entry, areas) is not None else None


def _ranked(asked: Asked, scores: list[float]) -> Ranked:
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], asked.found[n].entry.row))
    share = shares([scores[n] for n in order])
    found = [asked.found[n] for n in order]
    evidence = [evidence_of(found[0], found, share, asked.phrase, asked.areas)] if found else []
    if asked.area:
        evidence.append(evidence_of(asked.area, (), (), asked.phrase, asked.areas))
    return Ranked(asked, tuple(found), tuple(share), tuple(evidence))


def _answer(ranked: Ranked, sure: Sequence[float]) -> Resolution:
    asked, found = ranked.asked, ranked.found
    many = zip(found[:_MOST_CANDIDATES], ranked.shares, strict=False)
    candidates = tuple(Candidate(item.entry.place, round(share, 4), item.reasons) for item, share in many)
    if asked.chosen:
        first = asked.chosen.first(candidates)
        return Resolution(
            asked.toponym, _placed(first[0].place, asked.phrase), CHOSEN_SCORE, first, first[0].reasons[0]
        )
    area_sure = sure[-1] if asked.area else 0.0
    if found and not (found[0].letters < 1.0 and sure[0] < max(_LEAST_SURE, area_sure)):
        return _chosen(ranked, candidates, sure[0])
    if asked.area:
        return _fallback(asked, asked.area, area_sure)
    return Resolution(asked.toponym, None, 0.0, (), asked.note or _nothing(asked.toponym))


def _chosen(ranked: Ranked, candidates: tuple[Candidate, ...], sure: float) -> Resolution:
    top, asked = ranked.found[0], ranked.asked
    place = top.entry.place
    others = zip(ranked.found[1:], ranked.shares[1:], strict=True)
    rivals = [item for item, share in others if share > ranked.shares[0] / 4 and apart(item.entry.place, place)]
    words = [*top.reasons, f"{len(rivals)} more of that name there" if rivals else ""]
    if len(ranked.found) == 1 and not top.own_area and top.letters == 1.0:
        words.append("the only place of that name there" if asked.areas.country else "the only place of that name")
    note = "; ".join(word for word in words if word) or f"the likeliest of {len(ranked.found)} of that name"
    return Resolution(asked.toponym, _placed(place, asked.phrase), sure, candidates, note)


def _placed(place: Place, phrase: Phrase) -> Place:
    """The place, moved and widened as the phrase says."""
    if phrase.offset:
        lon, lat = moved(place.lon, place.lat, *phrase.offset)
        place = replace(place, lon=lon, lat=lat)
    if phrase.near and place.precision is Precision.EXACT:
        place = replace(place, precision=Precision.NEAR, radius_m=NEAR_RADIUS_M)
    return place


_LEVELS = {Precision.ADMIN2: "second level area", Precision.ADMIN1: "first level area", Precision.COUNTRY: "country"}


def _fallback(asked: Asked, area: Found, sure: float) -> Resolution:
    """The smallest area of the row that is known, said so."""
    place, toponym = area.entry.place, asked.toponym
    name, what = toponym.name or toponym.text.strip(), _LEVELS[place.precision]
    note = f"{name[:60]!r} was not found in {place.name}; the middle of this {what}"
    if _BLANK.fullmatch(toponym.text):
        note = f"no place given; the middle of the {what}, {place.name}"
    return Resolution(toponym, place, round(min(sure, _MOST_SURE_STAND_IN), 4), (), note)


def _nothing(toponym: Toponym) -> str:
    return "no place given" if _BLANK.fullmatch(toponym.name or toponym.text) else "not in the gazetteer"


def _named_area(phrase: Phrase, row: PlaceRow, areas: RowAreas) -> Entry | None:
    """The row's own area where the place column only says it again: "Irimbo municipality" in "Irimbo municipality"."""
    if not (areas.admin1 or areas.admin2):
        return None
    name, level, _ = strip_designator(row.place.strip())
    if level is None and phrase.level is None:
        return None
    said = {fold(name)} if phrase.near or phrase.level is None else {fold(name), *map(fold, phrase.names)}
    for asked, text, area in (
        (Precision.ADMIN2, row.admin2, areas.admin2),
        (Precision.ADMIN1, row.admin1, areas.admin1),
    ):
        if area is not None and asked in (level, phrase.level) and _plain(text) in said:
            return area
    return None


@lru_cache(maxsize=_CACHED_AREAS)
def _plain(area: str) -> str:
    """The folded name of an area without its kind."""
    return fold(strip_designator(area.strip())[0])
