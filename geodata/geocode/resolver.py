"""Toponyms of one document, together -> places. Satisfies contracts.Resolver.

The first round weighs each name by itself and by the countries that the document names; the next ones let the likely
places of the other names speak. The same name means the same place throughout a document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geodata.contracts import Choices
from geodata.geocode.chosen import Chosen, ChosenPlaces
from geodata.geocode.context import Evidence, Mention, context_areas, read_evidence, read_mention
from geodata.geocode.doubt import beside_context, by_name, refusal
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.ranking import features_of, reasons_for, shares, surroundings, weigh
from geodata.model import Candidate, Document, Place, Precision, Resolution, Toponym

NEAR_RADIUS_M = 25_000.0
SUBURB_RADIUS_M = 10_000.0
MOST_CANDIDATES = 10
_MOST_WEIGHED = 60
ROUNDS = 2
"""Rounds in which the document's names speak for each other."""
_NOT_FOUND = "not in the gazetteer"

Key = tuple[str, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A distinct name of a document with its candidates, the likeliest first."""

    mention: Mention
    candidates: tuple[Candidate, ...] = ()
    top: Entry | None = None
    refused: str = ""
    """Why not even the likeliest candidate is taken for the place; empty where it is."""


class GazetteerResolver:
    """Ranks the gazetteer's places for each name of a document; what people chose for a name goes first."""

    def __init__(self, gazetteer: SqliteGazetteer, choices: Choices | None = None) -> None:
        self._gazetteer = gazetteer
        self._choices = ChosenPlaces(gazetteer, choices)

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]:
        """As many resolutions as toponyms, in order; place None and a note where the gazetteer has no such name."""
        mentions = [read_mention(self._gazetteer, toponym, document.text) for toponym in toponyms]
        mentions = _share_context(_bind_unknown(mentions, document.text))
        names: dict[Key, Mention] = {}
        for mention in mentions:
            names.setdefault(_key(mention), mention)
        evidence = read_evidence(self._gazetteer, document, list(names.values()))
        said = self._choices.now()
        chosen = {key: self._choices.of_mention(mention, said) for key, mention in names.items()}
        ranked = {key: self._rank(mention, evidence, (), chosen[key]) for key, mention in names.items()}
        for _ in range(ROUNDS):
            tops = [(key, found.top) for key, found in ranked.items() if found.top and not found.refused]
            ranked = {
                key: self._rank(mention, evidence, [top for other, top in tops if other != key], chosen[key])
                for key, mention in names.items()
            }
        found = [self._resolution(mention.toponym, ranked[_key(mention)], document) for mention in mentions]
        known = by_name(found)
        placed = [item if item.place else beside_context(item, known) for item in found]
        return [replace(item, toponym=toponym) for item, toponym in zip(placed, toponyms, strict=True)]

    def _rank(self, mention: Mention, evidence: Evidence, others: Sequence[Entry], chosen: Chosen | None) -> _Ranked:
        """The candidates of a name, the likeliest first; `others` is what the document's other names likely mean."""
        around = surroundings(evidence, others, *context_areas(self._gazetteer, mention.toponym))
        entries = mention.entries[:_MOST_WEIGHED]
        features = [features_of(entry, mention, around) for entry in entries]
        scores = [weigh(item) for item in features]
        order = sorted(range(len(entries)), key=lambda n: -scores[n])
        share = shares(scores)
        candidates = tuple(
            Candidate(entries[n].place, round(share[n], 4), reasons_for(entries[n], features[n], around, entries))
            for n in order[:MOST_CANDIDATES]
        )
        if chosen:
            return _Ranked(mention, chosen.first(candidates), chosen.entry)
        if not order:
            return _Ranked(mention)
        top = entries[order[0]]
        refused = refusal(top, share[order[0]], features[order[0]], around)
        return _Ranked(mention, candidates, top, refused)

    def _resolution(self, toponym: Toponym, ranked: _Ranked, document: Document) -> Resolution:
        if not ranked.candidates:
            return Resolution(toponym, None, 0.0, (), _NOT_FOUND)
        if ranked.refused:
            return Resolution(toponym, None, 0.0, ranked.candidates, ranked.refused)
        best = ranked.candidates[0]
        note = "; ".join(best.reasons[:3])
        close = [c for c in ranked.candidates[1:] if c.score > best.score / 3]
        if close:
            note = f"{note}; could also be {_described(close[0].place)}" if note else f"or {_described(close[0].place)}"
        place = _beside(best.place, toponym, document.text) if toponym.near else best.place
        return Resolution(toponym, place, round(best.score * min(1.0, toponym.confidence), 4), ranked.candidates, note)


def _key(mention: Mention) -> Key:
    return fold(mention.toponym.name), mention.area_level, mention.toponym.context


def _bind_unknown(mentions: list[Mention], text: str) -> list[Mention]:
    """A name that the gazetteer lacks, bound to what is called an area behind it: "El Tomate, Cordoba Department".

    Known names are left as extraction bound them: "Lviv, Kharkiv region and Odesa" is a list.
    """
    bound = list(mentions)
    for i in range(len(bound) - 2, -1, -1):
        own, area = bound[i].toponym, bound[i + 1].toponym
        gap = text[own.span.end : area.span.start]
        if not bound[i].entries and not own.context and gap.strip() == "," and bound[i + 1].area_level:
            bound[i] = replace(bound[i], toponym=replace(own, context=(area.name, *area.context)))
    return bound


def _share_context(mentions: list[Mention]) -> list[Mention]:
    """A name whose context is written once ("Paris, Texas") keeps it where it is written alone later."""
    known = {fold(m.toponym.name): m.toponym.context for m in reversed(mentions) if m.toponym.context}
    return [
        mention
        if mention.toponym.context or fold(mention.toponym.name) not in known
        else replace(mention, toponym=replace(mention.toponym, context=known[fold(mention.toponym.name)]))
        for mention in mentions
    ]


def _beside(place: Place, toponym: Toponym, text: str) -> Place:
    """A place that the words put the event beside: within 25 km, or 10 km for a suburb; areas stay as they are."""
    if place.precision is not Precision.EXACT:
        return place
    around = text[max(0, toponym.span.start - 30) : toponym.span.end + 20].casefold()
    radius_m = SUBURB_RADIUS_M if "suburb" in around or "outskirts" in around else NEAR_RADIUS_M
    return replace(place, precision=Precision.NEAR, radius_m=radius_m)


def _described(place: Place) -> str:
    return ", ".join(part for part in (place.name, place.admin1, place.country) if part)
