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
DOUBT = 0.4
"""What is left of the share of a route's end ("the road to A") or a launch site: too rare in the corpus to learn."""
FIRST_MODEL = MODELS / "places.npz"
SECOND_MODEL = MODELS / "places_among.npz"
_MOST = 6
"""Places of one event at most: a longer list is an enumeration of something else."""
_AND = re.compile(
    r"(?:'s)?,?\s+(?:and|or|as\s+well\s+as|&)\s+(?:\w+\s+){0,3}|,\s+(?:\w+\s+){0,2}|\s+(?:and|or)\s+(?:in|at|on|near|of)\s+"
)
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


@cache
def _models() -> tuple[Trees, Trees]:
    return load_trees(FIRST_MODEL, FEATURES), load_trees(SECOND_MODEL, (*FEATURES, *RIVALRY))


def link(story: Story, paragraph: Paragraph, words: Words, triggers: Sequence[int]) -> list[tuple[Link, ...]]:
    """The places of each event of a sentence, the surest first; several where the text lists them ("in A and B").

    `triggers` are the events' words, as numbers in the sentence.
    """
    spots = find_spots(story, paragraph, words) if triggers else []
    if not spots:
        return [() for _ in triggers]
    rows = [np.array(describe(words, trigger, spots), dtype=np.float32) for trigger in triggers]
    first, second = _models()
    before = _shares(first, np.concatenate(rows)).reshape(len(triggers), len(spots))
    full = [
        np.hstack([row, np.array(rivalry(spots, [float(s) for s in share]), dtype=np.float32)])
        for row, share in zip(rows, before, strict=True)
    ]
    after = _shares(second, np.concatenate(full)).reshape(len(triggers), len(spots))
    return [
        tuple(choose(spots, words, row, [float(share) for share in shares]))
        for row, shares in zip(rows, after, strict=True)
    ]


def _shares(model: Trees, rows: Floats) -> Floats:
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
    yield Link(spots[best].toponym, likely[best], spots[best].weight == 0)
    taken = [spots[best].toponym]
    for n in sorted(fit, key=lambda n: abs(spots[n].first - spots[best].first)):
        toponym = spots[n].toponym
        apart = not any(other.span.overlaps(toponym.span) for other in taken)
        if apart and len(taken) < _MOST and any(_listed(words, spots[n], other) for other in taken):
            taken.append(toponym)
            yield Link(toponym, likely[n], spots[n].weight == 0)


def _listed(words: Words, one: Spot, other: Toponym) -> bool:
    """Whether two names stand side by side in a list, neither as what the other lies in."""
    mine = one.toponym
    if mine.name in other.context or other.name in mine.context:
        return False
    offset = mine.span.start - words.at[one.first]
    first, second = sorted((mine.span, other.span))
    return bool(_AND.fullmatch(words.text[first.end - offset : second.start - offset]))
