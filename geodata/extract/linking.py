"""Which place name of a story says where an event was; "none here" leaves it to be inherited."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from geodata.extract.spans import within
from geodata.extract.story import Paragraph, Story
from geodata.extract.toponyms import SURE
from geodata.extract.triggers import clause_head
from geodata.model import Span, Toponym

_PLACE_PREPS = frozenset(
    [
        "in",
        "at",
        "near",
        "outside",
        "inside",
        "around",
        "on",
        "along",
        "across",
        "over",
        "off",
        "throughout",
        "between",
        "within",
        "by",
        "toward",
        "towards",
        "against",
    ]
)
_SOURCE_VERBS = frozenset(["launch", "fire", "come", "arrive", "originate", "travel", "fly"])
_SPEECH = frozenset(
    [
        "say",
        "tell",
        "report",
        "announce",
        "confirm",
        "add",
        "state",
        "claim",
        "note",
        "quote",
        "speak",
        "reveal",
        "declare",
        "accord",
        "write",
        "broadcast",
    ]
)
_SITES = frozenset(
    [
        "suburb",
        "outskirt",
        "area",
        "region",
        "market",
        "airport",
        "museum",
        "city",
        "province",
        "district",
        "town",
        "village",
        "sector",
        "camp",
        "state",
        "suburbs",
        "outskirts",
        "border",
        "neighborhood",
        "neighbourhood",
        "prison",
        "university",
        "underground",
    ]
)
"""Nouns that stay where the name before them is: "a Kyiv suburb"; "a U.S. helicopter" does not."""
_TOWNS = frozenset(["city", "town", "village", "settlement", "port", "outskirt", "suburb"])
LEAVING = frozenset(
    [
        "withdraw",
        "withdrawal",
        "retreat",
        "abduct",
        "kidnap",
        "snatch",
        "pull",
        "evacuate",
        "evacuation",
        "flee",
        "expel",
    ]
)
_ROUTE = re.compile(
    r"\b(?:route|road|highway|railway|way|path|corridor|gateway|border|bound|en\s+route|link|flight|train)\s+(?:\w+\s+)?(?:to|from|for|with|between)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?(?:\w+\s+){0,2}$", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(?:spokes\w+|minister|ministry|embassy|ambassador|mayor|governor|president|headquarters|newspaper|radio|agency|bureau|correspondent)\s+(?:\w+\s+)?(?:in|of|for|at)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_AREA = r"(?:region|oblast|state|province|governorate|department|prefecture|republic|territory|krai)"
_AREA_NAME = re.compile(rf"\s{_AREA}$", re.IGNORECASE)
_AREA_BEFORE = re.compile(rf"\b{_AREA}\s+of\s+(?:the\s+)?$", re.IGNORECASE)
DEFINITE = re.compile(
    r"\b(?:the|this|that|its|their)\s+(?:\w+\s+)?(?:city|town|village|port|museum|airport|base|area|district|region|province|capital|island|market|hospital|school)\b|\b(?:there|here)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A toponym and how well it fits as the place of an event (higher is better)."""

    toponym: Toponym
    score: float


def best_place(
    story: Story, paragraph: Paragraph, sentence: Any, token: Any, triggers: Set[int] = frozenset()
) -> Link | None:
    """The fittest place of the trigger's own sentence, or None; `triggers` are all event words of the sentence."""
    here = _in_sentence(story, paragraph, sentence)
    scored = [Link(toponym, _score(paragraph, toponym, token, triggers)) for toponym in here]
    scored = [link if _is_area(paragraph, link.toponym) else _with_area(link, scored) for link in scored]
    scored = [_around(link, scored) for link in scored]
    best = max(scored, key=lambda link: (link.score, -abs(_at(paragraph, link.toponym) - token.idx)), default=None)
    return _town(paragraph, best, scored, token) if best is not None and best.score > 0 else None


def _in_sentence(story: Story, paragraph: Paragraph, sentence: Any) -> Sequence[Toponym]:
    span = Span(paragraph.start + sentence.start_char, paragraph.start + sentence.end_char)
    line = story.dateline
    return [t for t in within(story.toponyms, span) if not (line and line.covers(t.span))]


def _at(paragraph: Paragraph, toponym: Toponym) -> int:
    return toponym.span.start - paragraph.start


def _token_of(paragraph: Paragraph, toponym: Toponym) -> Any | None:
    start, end = _at(paragraph, toponym), toponym.span.end - paragraph.start
    span = paragraph.doc.char_span(start, end, alignment_mode="expand") if paragraph.doc is not None else None
    return span.root if span is not None else None


def _score(paragraph: Paragraph, toponym: Toponym, trigger: Any, triggers: Set[int]) -> float:
    place = _token_of(paragraph, toponym)
    if place is None:
        return 0.0
    before = paragraph.text[: _at(paragraph, toponym)][-80:]
    score: float = 1.0 if toponym.confidence >= SURE else 0.35
    score += _grammar(place, trigger)
    if place.dep_ == "pobj" and place.head.head.i in triggers - {trigger.i}:
        score -= 0.8  # "after talks in X the army took Y": X is the talks' place
    score -= min(_distance(place, trigger), 10) * 0.12
    score -= min(abs(place.i - trigger.i), 40) * 0.012
    if _same_clause(place, trigger):
        score += 0.5
    if toponym.near:
        score += 0.3
    if _ROUTE.search(before):
        score -= 1.2
    if _FROM.search(before) and trigger.lemma_ not in LEAVING:
        score -= 0.7
    if _OFFICE.search(before) or _speaker(place):
        score -= 1.0
    return score


def _grammar(place: Any, trigger: Any) -> float:
    """What the words between say: a locative preposition speaks for it; an owner or a doer against it."""
    dep, head = place.dep_, place.head
    while dep in ("compound", "conj", "appos", "nmod") and head.pos_ in ("NOUN", "PROPN") and head.i != place.i:
        if dep == "compound" and head.lemma_.lower() in _SITES:
            return 0.7
        if dep in ("compound", "nmod") and head.pos_ == "NOUN":
            return -0.6  # "a U.S. helicopter" is not in the U.S.
        place, dep, head = head, head.dep_, head.head
    if dep == "pobj":
        word = head.lower_
        if word == "from" and trigger.lemma_ in LEAVING:
            return 1.2 if head.head.i == trigger.i else 0.6
        if word in _PLACE_PREPS:
            return 0.9 if head.head.i == trigger.i else 0.6
        return 0.5 if word == "of" else -0.1 if word in ("to", "from", "with", "for") else 0.0
    if dep in ("dobj", "nsubjpass"):
        return 0.7 if head.i == trigger.i else 0.2
    if dep == "nsubj":
        return 0.5 if head.i == trigger.i and trigger.lemma_ in ("fall", "shake", "come") else -0.6
    if dep == "poss":
        return 0.1 if head.i == trigger.i or head.dep_ in ("dobj", "nsubjpass") else -0.5
    return 0.0


def _speaker(place: Any) -> bool:
    """Whether the name hangs on who said it, not on what happened ("officials in X said", "X's ministry said")."""
    above = place
    for _ in range(5):
        if above.dep_ in ("nsubj",) and above.head.lemma_.lower() in _SPEECH:
            return True
        if above.head.i == above.i or above.dep_ in ("ccomp", "relcl", "advcl"):
            return False
        above = above.head
    return False


def _distance(one: Any, other: Any) -> int:
    """Steps along the dependency tree between two words of a sentence."""
    up = {one.i: 0}
    steps = 0
    while one.head.i != one.i and steps < 30:
        one, steps = one.head, steps + 1
        up[one.i] = steps
    steps = 0
    while other.i not in up:
        if other.head.i == other.i or steps > 30:
            return 20
        other, steps = other.head, steps + 1
    return up[other.i] + steps


def _same_clause(place: Any, trigger: Any) -> bool:
    return bool(clause_head(place).i == clause_head(trigger).i)


def _with_area(link: Link, others: Sequence[Link]) -> Link:
    """ "Kupiansk, Kharkiv region": what speaks for either name of such a phrase speaks for the first."""
    scores = [other.score for other in others if _is_context(other, link)]
    return Link(link.toponym, max(link.score, *scores)) if scores and link.score > 0 else link


def _around(link: Link, others: Sequence[Link]) -> Link:
    """A name that is only the larger area around another of the sentence gives way to it ("Kherson, Ukraine")."""
    inner = [o.score for o in others if o.score > 0 and link.toponym is not o.toponym and _names(o, link)]
    return Link(link.toponym, min(link.score - 0.8, max(inner) - 0.1)) if inner else link


def _names(inner: Link, outer: Link) -> bool:
    return outer.toponym.name in inner.toponym.context


def _is_context(outer: Link, inner: Link) -> bool:
    """Whether `outer` is told as the area behind `inner`."""
    return _names(inner, outer) and inner.toponym.span.end <= outer.toponym.span.start


def _town(paragraph: Paragraph, best: Link, others: Sequence[Link], trigger: Any) -> Link:
    """Where the best is a region or province by its words, a town named in the same clause instead, if one is."""
    if not _is_area(paragraph, best.toponym):
        return best
    towns = [o for o in others if o.score > 0 and o.toponym.confidence >= SURE and not _names(best, o)]
    towns = [o for o in towns if not _is_area(paragraph, o.toponym) and _stands_in(paragraph, o.toponym, trigger)]
    return max(towns, key=lambda link: link.score, default=best)


def _stands_in(paragraph: Paragraph, toponym: Toponym, trigger: Any) -> bool:
    """Whether the trigger's clause says "in" the place, or does something to it; an owner or "of" is not enough."""
    place = _token_of(paragraph, toponym)
    if place is None or not _same_clause(place, trigger):
        return False
    if place.dep_ in ("compound", "nmod") and place.head.lemma_.lower() in _SITES:
        place = place.head
    if place.dep_ == "pobj" and place.head.lower_ == "of" and place.head.head.lemma_.lower() in _TOWNS:
        place = place.head.head
    return place.dep_ in ("dobj", "nsubjpass") or (place.dep_ == "pobj" and place.head.lower_ in _PLACE_PREPS)


def _is_area(paragraph: Paragraph, toponym: Toponym) -> bool:
    """Whether the words say that the name is of an area with towns in it: "Borno State", "the state of Sinaloa"."""
    before = paragraph.text[: _at(paragraph, toponym)][-40:]
    return bool(_AREA_NAME.search(toponym.name) or _AREA_BEFORE.search(before))
