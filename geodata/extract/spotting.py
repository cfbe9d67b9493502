"""Which candidates are place names: a small trained model weighs them, and the likelier of two that overlap stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geodata.extract.candidates import Bounds
from geodata.extract.spans import Taken
from geodata.extract.spotfeatures import FEATURES, features_of
from geodata.extract.story import Paragraph
from geodata.learned import MODELS, Floats, Trees, load_trees
from geodata.model import Span

MODEL = MODELS / "spans.npz"
LEAST = 0.5
"""Likelihood from which a candidate counts as a place name."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place name: the number of its paragraph, its span there, and how likely it is one."""

    paragraph: int
    start: int
    end: int
    likelihood: float


def spot(paragraphs: Sequence[Paragraph]) -> list[Spotted]:
    """The place names of a document's paragraphs, which `Parser.mark` has read, in text order."""
    spans, rows = features_of(paragraphs)
    if not spans:
        return []
    return choose(spans, (1 / (1 + np.exp(-_model().margins(rows)[:, 0]))).astype(np.float32))


def choose(spans: Sequence[tuple[int, Bounds]], likelihoods: Floats, least: float = LEAST) -> list[Spotted]:
    """The likely ones of a document's candidates, none overlapping another: the likelier wins."""
    taken: dict[int, Taken] = {}
    found = []
    for number in np.argsort(-likelihoods, kind="stable"):
        if likelihoods[number] < least:
            break
        at, (start, end) = spans[number]
        if taken.setdefault(at, Taken()).add(Span(start, end)):
            found.append(Spotted(at, start, end, float(likelihoods[number])))
    return sorted(found, key=lambda item: (item.paragraph, item.start))


@lru_cache(maxsize=1)
def _model() -> Trees:
    return load_trees(MODEL, FEATURES)
