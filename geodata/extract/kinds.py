"""What kind of event words tell of: a learned choice among the sub-types, from all that the lexicon and vectors see.

A passage is a sentence, or a note of a few sentences. What it is judged by: which groups of words it has (`concepts`),
which patterns of the lexicon hold, in events and in plans alike, who takes ground from whom, and the mean of its
words' vectors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.extract.concepts import concepts
from geodata.extract.moods import NAMES as MOODS
from geodata.extract.roles import NAMES as ROLES
from geodata.extract.roles import roles
from geodata.extract.triggers import Mention
from geodata.extract.vectors import vectors
from geodata.learned import MODELS, Calibration, Linear, load_calibration, load_linear, read_arrays

Floats = NDArray[np.float32]
MOST_TERMS = 2.2
"""Terms of a pattern that count; a longer one hardly says more."""
VECTOR_WEIGHT = 4.0
"""Brings a vector of length 1 to the size of the other features, which the regularisation sees."""
_CONTENT = frozenset(("VERB", "NOUN", "ADJ", "ADV"))
_MAIN = frozenset(("ROOT", "nsubj", "nsubjpass", "dobj", "pobj", "ccomp"))
"""Words in these places carry the sentence, and count twice in its vector."""
_NAMED = frozenset(("GPE", "PERSON", "DATE", "CARDINAL", "LOC", "FAC", "TIME"))


@lru_cache(maxsize=1)
def feature_names(sub_types: tuple[str, ...]) -> tuple[str, ...]:
    """Names of a passage's features, in order."""
    return (
        *(f"words: {name}" for name in concepts().names),
        *(f"lexicon: {name}" for name in sub_types),
        *(f"told: {name}" for name in sub_types),
        *(f"role: {name}" for name in ROLES),
        *(f"vector {i}" for i in range(vectors().dimensions)),
    )


def features(
    tokens: Iterable[Any], hints: Sequence[Mention], told: Sequence[Mention], sub_types: Sequence[str]
) -> Floats:
    """One passage's features. `hints` are all patterns that hold in it, `told` those that tell of an event."""
    words: list[tuple[str, str]] = []
    said: list[tuple[str, float]] = []
    places: frozenset[int] | set[int] = frozenset()
    doc = None
    tokens = list(tokens)
    for token in tokens:
        if token.doc is not doc:
            doc = token.doc
            places = doc.places
        words.append((token.lower_, token.lemma_.lower()))
        if token.pos_ in _CONTENT and token.ent_type_ not in _NAMED and token.i not in places:
            said.append((token.lower_, 2.0 if token.dep_ in _MAIN else 1.0))
    number = {name: i for i, name in enumerate(sub_types)}
    lexicon, events = np.zeros((2, len(sub_types)), np.float32)
    for mention in hints:
        at = number.get(mention.pattern.sub_type)
        if at is not None:
            lexicon[at] = max(lexicon[at], min(mention.terms, MOST_TERMS))
    for mention in told:
        at = number.get(mention.pattern.sub_type)
        if at is not None:
            events[at] = 1
    hits = concepts().found(words)
    groups: dict[int, set[str]] = {}
    for at, group in hits:
        groups.setdefault(at, set()).add(concepts().names[group])
    vector = vectors().of_words(said) * np.float32(VECTOR_WEIGHT)
    return np.concatenate([concepts().counts(words, hits), lexicon, events, roles(tokens, groups), vector]).astype(
        np.float32
    )


@dataclass(frozen=True)
class Kinds:
    """The models: features to the log-odds of each sub-type, and, with moods, to those of telling of an event."""

    sub_types: tuple[str, ...]
    linear: Linear
    happened: Linear
    calibration: Calibration
    """Share of the likeliest kind -> how often that one is right."""

    def shares(self, rows: Floats) -> Floats:
        """(passages, features) -> (passages, sub-types), each row adding up to 1."""
        margins = self.linear.margins(rows)
        odds = np.exp(margins - margins.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)

    def real(self, rows: Floats, mood_rows: Floats) -> Floats:
        """(passages,) how likely each tells of something that happened."""
        margins = self.happened.margins(np.hstack([rows, mood_rows]))[:, 0]
        return np.asarray(1 / (1 + np.exp(-margins)), np.float32)


def load_kinds(path: Path) -> Kinds:
    """The models that `training/types` wrote: this file, and happened.npz beside it."""
    sub_types = tuple(str(name) for name in read_arrays(path)["sub_types"])
    names = feature_names(sub_types)
    happened = load_linear(path.with_name("happened.npz"), (*names, *MOODS))
    return Kinds(sub_types, load_linear(path, names), happened, load_calibration(path))


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """The model that ships."""
    return load_kinds(MODELS / "types.npz")
