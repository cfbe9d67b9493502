"""A note in words that the lexicon lacks still tells of an event: a trigger is proposed from what it speaks of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from geodata.extract.concepts import concepts
from geodata.extract.factuality import is_event
from geodata.extract.kinds import Kinds
from geodata.extract.lexicon import Pattern
from geodata.extract.reading import Reading, mood_row, passage_row
from geodata.extract.triggers import Mention

LEAST_SHARE = 0.3
"""Of the likeliest kind; below it the note is taken to tell of no event."""
SURE_REAL = 0.8
"""So likely to have happened, a note is believed against the rules that left its trigger out."""
_SAYING = frozenset(
    [
        "say",
        "tell",
        "report",
        "announce",
        "state",
        "claim",
        "add",
        "accord",
        "believe",
        "quote",
        "confirm",
        "show",
        "be",
        "have",
        "do",
        "see",
        "know",
        "describe",
        "note",
        "write",
        "think",
        "mean",
        "seem",
        "warn",
        "read",
        "explain",
    ]
)


def propose(readings: Sequence[Reading], model: Kinds, owners: Mapping[str, str]) -> None:
    """Put one mention into the reading that holds the best trigger, if the passage's kind is sure enough."""
    row = passage_row(readings, model.sub_types)[None]
    shares, real = model.shares(row)[0], float(model.real(row, mood_row(readings)[None])[0])
    leading = int(shares.argmax())
    sub_type = model.sub_types[leading]
    if shares[leading] < LEAST_SHARE or sub_type not in owners:  # NO_EVENT is in none
        return
    weights = model.linear.weights[: len(concepts().names), leading]
    best: tuple[float, Reading, Mention] | None = None
    for reading in readings:
        if real < SURE_REAL and any(hint.pattern.sub_type == sub_type for hint in reading.hints):
            continue  # it speaks of just that, and not as of something that happened
        for token, weight in _candidates(reading.sentence, weights):
            pattern = Pattern(owners[sub_type], sub_type, token.lemma_.lower(), "")
            mention = Mention(token, pattern, (token,))
            if (best is None or weight > best[0]) and is_event(mention, reading.sentence):
                best = (weight, reading, mention)
    if best is not None:
        best[1].told.append(best[2])


def _candidates(sentence: Any, weights: np.ndarray) -> Iterator[tuple[Any, float]]:
    """Words that may name the event, with how much their groups speak for the kind: verbs, and nouns that do."""
    words = [(token.lower_, token.lemma_.lower()) for token in sentence]
    said = np.zeros(len(words))
    for at, group in concepts().found(words):
        said[at] += weights[group]
    for token, weight in zip(sentence, said, strict=True):
        verb = token.pos_ == "VERB" and token.lemma_.lower() not in _SAYING
        if verb or (token.pos_ == "NOUN" and weight > 0):
            yield token, float(weight) + 0.25 * verb
