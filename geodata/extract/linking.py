"""Which names of a sentence say where each of its events was; none leaves the place to be inherited.

A small model weighs every name against the trigger (`placement` has the numbers), a second one weighs the names of one
event against each other. Both are trained by training/places.py; geodata/models/README.md has their card.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from geodata.extract.placement import FEATURES, describe
from geodata.extract.rivals import RIVALRY, rivalry
from geodata.extract.spots import Spot, Words, find_spots
from geodata.extract.story import Paragraph, Story
from geodata.learned import MODELS, Floats, Trees, load_trees
from geodata.model import Toponym

LEAST = 0.35
"""Share of right answers from which a name is taken as the place; from 0.3 to 0.45 the sentences' F1 is the same."""
LEAST_UNKNOWN = 0.4
"""The same of a name that is in no gazetteer: a wrong one takes the place of what the story told before."""
LEAST_INNER = 0.15
"""The same of a name that stands before the likeliest one as what lies in it ("X, a village in Y")."""
DOUBT = 0.4
"""What is left of the share of a route's end ("the road to A") or a launch site: too rare in the corpus to learn."""
FIRST_MODEL = MODELS / "places.npz"
SECOND_MODEL = MODELS / "places_among.npz"
_MOST = 6
"""Places of one event at most: a longer list is an enumeration of something else."""
_AND = re.compile(
    r"(?:'s)?,?\s+(?:and|or|as\s+well\s+as|&)\s+(?:\w+\s+){0,3}|,\s+(?:\w+\s+){0,2}|\s+(?:and|or)\s+(?:in|at|on|near|of)\s+"
)
_LIES_IN = re.compile(r",\s+an?\s+(?:[\w-]+\s+){1,4}(?:in|of|near)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}")
"""What stands between a name and the area that it lies in: "X, a village in Y"."""
_GOES_ON = re.compile(r"(?:'s)?,?\s+(?:and|or|as\s+well\s+as|&)\s|,\s+(?:\w+\s+){0,2}[A-Z]")
_ROLES = [FEATURES.index(name) for name in ("route", "launched_from")]
_PLACED = [FEATURES.index(name) for name in ("prep_in", "prep_at", "prep_on", "prep_near", "dep_dobj", "dep_nsubjpass")]
_WIDE = FEATURES.index("wide")


@dataclass(frozen=True, slots=True)
class Link:
    """A toponym, and how likely it is that the event was there (0..1)."""

    toponym: Toponym
    score: float
    unlisted: bool = False
    """Whether no gazetteer has the name or any part of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence and the words that tell of its events, as numbers in it."""

    paragraph: Paragraph
    words: Words
    triggers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One event and the names of its sentence; `rows` has their numbers."""

    sentence: int
    spots: Sequence[Spot]
    rows: Floats


@cache
def _models() -> tuple[Trees, Trees]:
    return load_trees(FIRST_MODEL, FEATURES), load_trees(SECOND_MODEL, (*FEATURES, *RIVALRY))


def link(story: Story, asked: Sequence[Asked | None]) -> list[tuple[Asked, list[tuple[Link, ...]]] | None]:
    """For each sentence the places of each of its events, the surest first; several where the text lists them ("in A
    and B"). All of a story go through the models together: each pass costs more than the rows in it."""
    cases = [
        _Case(n, spots, np.array(describe(item.words, trigger, spots), dtype=np.float32))
        for n, item in enumerate(asked)
        if item is not None
        for spots in [find_spots(story, item.paragraph, item.words)]
        for trigger in item.triggers
    ]
    shares = _shares([case for case in cases if case.spots])
    made: list[list[tuple[Link, ...]]] = [[] for _ in asked]
    for case in cases:
        item = asked[case.sentence]
        found = choose(case.spots, item.words, case.rows, next(shares)) if item and case.spots else ()
        made[case.sentence].append(tuple(found))
    return [None if item is None else (item, links) for item, links in zip(asked, made, strict=True)]


def _shares(cases: Sequence[_Case]) -> Iterator[list[float]]:
    """Of each case, how likely each of its names is the place."""
    if not cases:
        return
    first, second = _models()
    ends = np.cumsum([len(case.spots) for case in cases])[:-1]
    before = np.split(_likely(first, np.concatenate([case.rows for case in cases])), ends)
    rivals = [rivalry(case.spots, share.tolist()) for case, share in zip(cases, before, strict=True)]
    rows = [np.hstack([case.rows, np.array(more, np.float32)]) for case, more in zip(cases, rivals, strict=True)]
    for share in np.split(_likely(second, np.concatenate(rows)), ends):
        yield share.tolist()


def _likely(model: Trees, rows: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-model.margins(rows)[:, 0])), dtype=np.float32)


def choose(spots: Sequence[Spot], words: Words, rows: Floats, shares: Sequence[float]) -> Iterator[Link]:
    """The likeliest name, and those of a list with it; a town before the area that it is told with."""
    likely = [share * float(DOUBT ** row[_ROLES].sum()) for share, row in zip(shares, rows, strict=True)]
    fit = [n for n, spot in enumerate(spots) if likely[n] >= (LEAST if spot.known else LEAST_UNKNOWN)]
    if not fit:
        return
    best = max(fit, key=lambda n: likely[n])
    if rows[best][_WIDE]:
        towns = [n for n in fit if spots[n].known and not rows[n][_WIDE] and rows[n][_PLACED].any()]
        best = max(towns, key=lambda n: likely[n], default=best)
    best = _closest(spots, words, best, likely)
    yield Link(spots[best].toponym, likely[best], spots[best].weight == 0)
    taken = [spots[best].toponym]
    for n in sorted(fit, key=lambda n: abs(spots[n].first - spots[best].first)):
        toponym = spots[n].toponym
        apart = not any(other.span.overlaps(toponym.span) for other in taken)
        if apart and len(taken) < _MOST and any(_listed(words, spots[n], other) for other in taken):
            taken.append(toponym)
            yield Link(toponym, likely[n], spots[n].weight == 0)


def _closest(spots: Sequence[Spot], words: Words, best: int, likely: Sequence[float]) -> int:
    """Rather than an area, the name that the text puts in it, if that may be the place at all."""
    inner = [n for n in range(len(spots)) if likely[n] >= LEAST_INNER and _lies_in(words, spots[n], spots[best])]
    return max(inner, key=lambda n: likely[n], default=best)


def _lies_in(words: Words, one: Spot, other: Spot) -> bool:
    offset = one.toponym.span.start - words.at[one.first]
    between = words.text[one.toponym.span.end - offset : other.toponym.span.start - offset]
    return one.last < other.first and bool(_LIES_IN.fullmatch(between))


def _listed(words: Words, one: Spot, other: Toponym) -> bool:
    """Whether two names stand side by side in a list, neither as what the other lies in."""
    mine = one.toponym
    if mine.name in other.context or other.name in mine.context:
        return False
    offset = mine.span.start - words.at[one.first]
    first, second = sorted((mine.span, other.span))
    between, after = words.text[first.end - offset : second.start - offset], words.text[second.end - offset :]
    # "A, B" that neither goes on nor is joined by "and" is a place and what it lies in, unless both are known.
    joined = one.known or " " in between.strip(" ,") or between.strip() != "," or bool(_GOES_ON.match(after))
    return joined and bool(_AND.fullmatch(between))
