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


class Senses:
    """The names of a sentence by what the words around them mean; what all its events share is looked up once."""

    def __init__(self, words: Words, spots: Sequence[Spot], phrases: Sequence[Phrase]) -> None:
        self._words, self._phrases = words, phrases
        self._vectors = word_vectors(words)
        singles = [_beside(words, spot, phrase) for spot, phrase in zip(spots, phrases, strict=True)]
        made = np.empty((len(spots), len(PARTS), self._vectors.shape[1]), np.float32)
        made[:, len(OF_EVENT) - 1] = self._vectors[[i for i, pos in enumerate(words.pos) if pos in _TELLING]].sum(
            axis=0
        )
        made[:, len(OF_EVENT) : -1] = self._vectors[np.array(singles, np.intp)]
        self._shared = made

    def of(self, trigger: int) -> Floats:
        """(spots, parts, dimensions), each vector of length 1, or zeros where no common word plays the part."""
        made = self._shared.copy()
        for part, numbers in enumerate(_of_event(self._words, trigger)):
            made[:, part] = self._vectors[numbers].sum(axis=0)
        ways = ancestors(self._words, trigger)
        for row, phrase in zip(made, self._phrases, strict=True):
            row[-1] = self._vectors[_between(self._words, ways, phrase.top)].sum(axis=0)
        length = np.maximum(np.linalg.norm(made, axis=2, keepdims=True), np.float32(1e-6))
        return np.asarray(made / length, np.float32)


def _of_event(words: Words, trigger: int) -> tuple[list[int], ...]:
    """Numbers of the words that play each part of OF_EVENT but the last, which is the same for all events."""
    below = [i for i, head in enumerate(words.head) if head == trigger and i != trigger]
    above = words.head[trigger]
    return (
        [trigger],
        [i for i in below if words.dep[i] in _SUBJECTS],
        [i for i in below if words.dep[i] in _OBJECTS],
        [above] if above != trigger else [],
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
