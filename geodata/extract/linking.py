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
    scored = [_finest(link, scored) for link in scored]
    best = max(scored, key=lambda link: (link.score, -abs(_at(paragraph, link.toponym) - token.idx)), default=None)
    return best if best is not None and best.score > 0 else None


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
        if dep == "compound" and head.lemma_.lower() in (
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
        ):
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


def _finest(link: Link, others: Sequence[Link]) -> Link:
    """A name that is only the larger area around another of the sentence gives way to it ("Kherson, Ukraine")."""
    name = link.toponym.name
    around = any(name in o.toponym.context and o.score > 0 for o in others if o.toponym is not link.toponym)
    return Link(link.toponym, link.score - 0.8) if around else link
