"""Which candidates are place names: a small trained model weighs them, and the likelier of two that overlap stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geodata.extract.candidates import Bounds
from geodata.extract.spans import Taken
from geodata.extract.spotfeatures import FEATURES, features_of
from geodata.extract.story import Paragraph, dateline_end
from geodata.learned import MODELS, Floats, Trees, load_trees
from geodata.model import Span

MODEL = MODELS / "spans.npz"
LEAST = 0.5
"""Likelihood from which a candidate counts as a place name."""
FILED = 0.9
"""Likelihood of the name that opens a dateline: the place where a story was filed."""


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
    likelihoods = (1 / (1 + np.exp(-_model().margins(rows)[:, 0]))).astype(np.float32)
    return choose(spans, np.maximum(likelihoods, _filed(paragraphs, spans)))


def _filed(paragraphs: Sequence[Paragraph], spans: Sequence[tuple[int, Bounds]]) -> Floats:
    """What the form alone says: a name of the gazetteer that opens a dateline with its agency ("Kyiv (Agency) - ")."""
    filed = {
        (at, (match.span.start, match.span.end))
        for at, paragraph in enumerate(paragraphs)
        if (end := paragraph.text.find("(", 0, dateline_end(paragraph.text))) > 0
        for match in paragraph.matches
        if match.span.end <= end and not paragraph.text[: match.span.start].strip()
    }
    return np.array([FILED if span in filed else 0.0 for span in spans], dtype=np.float32)


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
