"""What the words around an event and around a name mean: vectors of general word meaning, one for each part they play.

Our lists of words (rolewords) name only the commonest; the vectors (models/vectors.npz) let the linker's models take
"besieged" like "attacked". Names have no say: only common words are looked at.
"""

from collections.abc import Sequence

import numpy as np

from geodata.extract.phrases import Phrase, ancestors
from geodata.extract.spots import Spot, Words
from geodata.extract.vectors import vectors
from geodata.learned import Floats

OF_EVENT = ("trigger", "subject", "object", "above", "sentence")
OF_NAME = ("governor", "phrase", "before", "second_before", "after", "second_after", "between")
PARTS = (*OF_EVENT, *OF_NAME)
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "agent"))
_OBJECTS = frozenset(("dobj", "nsubjpass", "prt"))
_TELLING = frozenset(("VERB", "NOUN", "ADJ"))


def word_vectors(words: Words) -> Floats:
    """(words + 1, dimensions), each of length 1; zeros for names, and in the last row, which stands for no word."""
    known = vectors()
    made = np.zeros((len(words.lower) + 1, known.dimensions), np.float32)
    for at, (word, pos, label) in enumerate(zip(words.lower, words.pos, words.ent, strict=True)):
        if pos != "PROPN" and not label:
            made[at] = known.of_word(word)
    return made


def meanings(
    words: Words, vectors_of: Floats, trigger: int, spots: Sequence[Spot], phrases: Sequence[Phrase]
) -> Floats:
    """(spots, parts, dimensions), each vector of length 1, or zeros where no common word plays the part."""
    made = np.empty((len(spots), len(PARTS), vectors_of.shape[1]), np.float32)
    for part, numbers in enumerate(_of_event(words, trigger)):
        made[:, part] = vectors_of[numbers].sum(axis=0)
    ways = ancestors(words, trigger)
    singles = [_beside(words, spot, phrase) for spot, phrase in zip(spots, phrases, strict=True)]
    made[:, len(OF_EVENT) : -1] = vectors_of[np.array(singles, np.intp)]
    for row, phrase in zip(made, phrases, strict=True):
        row[-1] = vectors_of[_between(words, ways, phrase.top)].sum(axis=0)
    length = np.maximum(np.linalg.norm(made, axis=2, keepdims=True), np.float32(1e-6))
    return np.asarray(made / length, np.float32)


def _of_event(words: Words, trigger: int) -> tuple[list[int], ...]:
    """Numbers of the words that play each part of OF_EVENT."""
    below = [i for i, head in enumerate(words.head) if head == trigger and i != trigger]
    above = words.head[trigger]
    return (
        [trigger],
        [i for i in below if words.dep[i] in _SUBJECTS],
        [i for i in below if words.dep[i] in _OBJECTS],
        [above] if above != trigger else [],
        [i for i, pos in enumerate(words.pos) if pos in _TELLING],
    )


def _beside(words: Words, spot: Spot, phrase: Phrase) -> list[int]:
    """Numbers of the words that play each part of OF_NAME but the last; the number behind the last word for none."""
    none = len(words.lower)
    first, last = spot.first, spot.last
    return [
        phrase.governor,
        phrase.top,
        *(at if at >= 0 else none for at in (first - 1, first - 2)),
        *(at if at < none else none for at in (last + 1, last + 2)),
    ]


def _between(words: Words, ways: dict[int, int], at: int) -> list[int]:
    """The words on the way up from a name's phrase to those above the event."""
    found = []
    while at not in ways and words.head[at] != at:
        at = words.head[at]
        found.append(at)
    return found
