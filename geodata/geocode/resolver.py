"""Toponyms of one document, together -> places. Satisfies contracts.Resolver.

The first round weighs each name by itself and by the countries that the document names; the next ones let the likely
places of the other names speak. The same name means the same place throughout a document.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.contracts import Choices
from geodata.geocode.chosen import CHOSEN_SCORE, Chosen, ChosenPlaces
from geodata.geocode.confidence import StoryEvidence, story_evidence, story_judge
from geodata.geocode.context import Areas, Evidence, Mention, context_areas, read_evidence, read_mention
from geodata.geocode.doubt import beside_context, by_name, refusal
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.ranking import Features, Surroundings, features_of, ranker, shares, surroundings
from geodata.geocode.reasons import reasons_for
from geodata.geocode.seats import at_seat
from geodata.geocode.spellings import corrected
from geodata.geometry import distance_m
from geodata.learned import Linear
from geodata.model import Candidate, Document, Place, Precision, Resolution, Toponym

NEAR_RADIUS_M = 25_000.0
SUBURB_RADIUS_M = 10_000.0
MOST_CANDIDATES = 10
_MOST_WEIGHED = 60
ROUNDS = 2
"""Rounds in which the document's names speak for each other."""
_NOT_FOUND = "not in the gazetteer"

_LIES = re.compile(
    r"(?:(?:\s+[a-z][\w-]*){0,3},?\s+(?:(?:which|that)\s+(?:is|lies|stands)|located|situated|lying)|(?:\s+[a-z]+)?\s+"
    r"(?:area|barracks|base|bridge|camp|canton|church|district|estate|farm|hamlet|hotel|hospital|mill|mine|neighbou?rhood|"
    r"park|quarter|school|sector|settlement|square|station|street|suburb|town|university|village|zone))?"
    r"\s+(?:in|near|outside|close\s+to|on\s+the\s+outskirts\s+of)\s+(?:the\s+(?:city|town|village|port)\s+of\s+)?"
)
"""What stands between a place and the one that it is said to lie in or near."""

Key = tuple[str, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A distinct name of a document with what it can mean, the likeliest first; `shares` of one, in that order."""

    mention: Mention
    around: Surroundings
    entries: tuple[Entry, ...] = ()
    features: tuple[Features, ...] = ()
    shares: tuple[float, ...] = ()
    refused: str = ""
    """Why not even the likeliest is taken for the place; empty where it is."""
    chosen: Chosen | None = None

    @property
    def top(self) -> Entry | None:
        """What other names take this one for; None where it is nothing to go by."""
        if self.chosen:
            return self.chosen.entry
        return self.entries[0] if self.entries and not self.refused else None

    def evidence(self) -> StoryEvidence:
        """What the judge of confidence looks at, of the likeliest."""
        place, around = self.entries[0].place, self.around
        elsewhere = (
            share
            for entry, share in zip(self.entries, self.shares, strict=True)
            if distance_m(place.lon, place.lat, entry.place.lon, entry.place.lat) > NEAR_RADIUS_M
        )
        lead = self.shares[0] - next(elsewhere, 0.0)
        alone = not (around.evidence.countries or around.others)
        return story_evidence(place, self.features[0], self.shares[0], lead, len(self.entries), alone)


class GazetteerResolver:
    """Ranks the gazetteer's places for each name of a document; what people chose for a name goes first."""

    def __init__(self, gazetteer: SqliteGazetteer, choices: Choices | None = None, model: Linear | None = None) -> None:
        self._gazetteer = gazetteer
        self._choices = ChosenPlaces(gazetteer, choices)
        self._ranker = model or ranker()

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]:
        """As many resolutions as toponyms, in order; place None and a note where the gazetteer has no such name."""
        mentions = self._mentions(toponyms, document)
        ranked = self._ranked(mentions, document)
        judged = [item for item in ranked.values() if item.entries]
        sure = story_judge().confidences([item.evidence() for item in judged])
        answers = {id(item): self._candidates(item) for item in judged}
        confidence = {id(item): value for item, value in zip(judged, sure, strict=True)}
        found = []
        for mention in mentions:
            item = ranked[_key(mention)]
            found.append(
                _resolution(mention.toponym, item, answers.get(id(item), ()), confidence.get(id(item), 0.0), document)
            )
        known = by_name(found)
        found = _told_beside(found, document.text)
        placed = [at_seat(item, self._gazetteer) if item.place else beside_context(item, known) for item in found]
        return [replace(item, toponym=toponym) for item, toponym in zip(placed, toponyms, strict=True)]

    def ranked(self, toponyms: Sequence[Toponym], document: Document) -> list[Ranked]:
        """Each toponym with its candidates' features as they were weighed last: what training learns from."""
        mentions = self._mentions(toponyms, document)
        ranked = self._ranked(mentions, document)
        return [ranked[_key(mention)] for mention in mentions]

    def _mentions(self, toponyms: Sequence[Toponym], document: Document) -> list[Mention]:
        mentions = [read_mention(self._gazetteer, toponym, document.text) for toponym in toponyms]
        return _share_context(_bind_unknown(mentions, document.text))

    def _ranked(self, mentions: Sequence[Mention], document: Document) -> dict[Key, Ranked]:
        names: dict[Key, Mention] = {}
        for mention in mentions:
            names.setdefault(_key(mention), mention)
        evidence = read_evidence(self._gazetteer, document, list(names.values()))
        names = {key: corrected(self._gazetteer, mention, evidence) for key, mention in names.items()}
        said = self._choices.now()
        chosen = {key: self._choices.of_mention(mention, said) for key, mention in names.items()}
        areas = {key: context_areas(self._gazetteer, mention.toponym) for key, mention in names.items()}
        ranked = {key: self._rank(mention, evidence, (), areas[key], chosen[key]) for key, mention in names.items()}
        tops: list[tuple[Key, Entry]] = []
        for _ in range(ROUNDS):
            before, tops = tops, [(key, top) for key, item in ranked.items() if (top := item.top)]
            if len(before) == len(tops) and all(a[1] is b[1] for a, b in zip(before, tops, strict=True)):
                break  # nobody has anything new to say
            ranked = {
                key: self._rank(
                    mention, evidence, [top for other, top in tops if other != key], areas[key], chosen[key]
                )
                for key, mention in names.items()
            }
        return ranked

    def _rank(
        self, mention: Mention, evidence: Evidence, others: Sequence[Entry], areas: Areas, chosen: Chosen | None
    ) -> Ranked:
        """The candidates of a name, the likeliest first; `others` is what the document's other names likely mean."""
        around = surroundings(evidence, others, *areas)
        entries = mention.entries[:_MOST_WEIGHED]
        if not entries:
            return Ranked(mention, around, chosen=chosen)
        features = features_of(entries, mention, around)
        scores = self._ranker.margins(np.array(features, dtype=np.float32))[:, 0]
        order = np.argsort(-scores, kind="stable").tolist()
        share = shares(scores[order])
        best = order[0]
        refused = "" if chosen else refusal(entries[best], share[0], features[best], around)
        in_order = tuple(entries[n] for n in order), tuple(features[n] for n in order)
        return Ranked(mention, around, *in_order, tuple(share), refused, chosen)

    def _candidates(self, ranked: Ranked) -> tuple[Candidate, ...]:
        many = zip(ranked.entries[:MOST_CANDIDATES], ranked.features, ranked.shares, strict=False)
        return tuple(
            Candidate(
                entry.place,
                round(share, 4),
                reasons_for(entry, features, ranked.around, ranked.entries, self._ranker),
            )
            for entry, features, share in many
        )


def _resolution(
    toponym: Toponym, ranked: Ranked, candidates: tuple[Candidate, ...], sure: float, document: Document
) -> Resolution:
    if ranked.chosen:
        candidates, sure = ranked.chosen.first(candidates), CHOSEN_SCORE
    if not candidates:
        return Resolution(toponym, None, 0.0, (), _NOT_FOUND)
    if ranked.refused:
        return Resolution(toponym, None, 0.0, candidates, ranked.refused)
    best = candidates[0]
    note = "; ".join(best.reasons[:3])
    close = [c for c in candidates[1:] if c.score > best.score / 3]
    if close:
        note = f"{note}; could also be {_described(close[0].place)}" if note else f"or {_described(close[0].place)}"
    place = _beside(best.place, toponym, document.text) if toponym.near else best.place
    return Resolution(toponym, place, round(sure * min(1.0, toponym.confidence), 4), candidates, note)


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


def _told_beside(found: Sequence[Resolution], text: str) -> list[Resolution]:
    """Each name that has no place, bound to the next one, if the words between say that it lies in or near that one."""
    bound = list(found)
    for i in range(len(bound) - 2, -1, -1):
        own, other = bound[i].toponym, bound[i + 1].toponym
        if bound[i].place is None and not own.context and _LIES.fullmatch(text, own.span.end, other.span.start):
            bound[i] = replace(bound[i], toponym=replace(own, context=(other.name, *other.context)))
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
