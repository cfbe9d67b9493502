"""Word vectors of a general-purpose sentence model, one a wordpiece, small enough to ship (models/vectors.npz).

A text's vector is the weighted mean of its pieces' vectors, which `training/vectors` made small for common words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.extract.wordpieces import Wordpieces
from geodata.learned import MODELS, read_arrays

Floats = NDArray[np.float32]
_KEPT_WORDS = 50_000


@dataclass
class Vectors:
    """Vectors of words as the mean of their pieces'; those of words met before are kept."""

    pieces: Wordpieces
    table: NDArray[np.int8]
    """(pieces, dimensions), to be multiplied with `scale`."""
    scale: Floats
    """(dimensions,)"""
    _met: dict[str, Floats] = field(default_factory=dict)

    @property
    def dimensions(self) -> int:
        return int(self.table.shape[1])

    def of_word(self, word: str) -> Floats:
        """(dimensions,) the sum of the vectors of the word's pieces; nothing is zeros."""
        known = self._met.get(word)
        if known is None:
            if len(self._met) >= _KEPT_WORDS:
                self._met.clear()
            rows = self.table[list(self.pieces.of_word(word))].astype(np.float32)
            known = self._met[word] = rows.sum(axis=0) * self.scale
        return known

    def of_words(self, words: Iterable[tuple[str, float]]) -> Floats:
        """(dimensions,) of length 1 for words and their weights, or zeros where there are none."""
        said = list(words)
        if not said:
            return np.zeros(self.dimensions, np.float32)
        weights = np.array([weight for _, weight in said], np.float32)
        total: Floats = (np.array([self.of_word(word) for word, _ in said]) * weights[:, None]).sum(axis=0)
        length = float(np.linalg.norm(total))
        return np.asarray(total / np.float32(length) if length else total, np.float32)


def load_vectors(path: Path) -> Vectors:
    """The vectors of a file that `training/vectors` wrote."""
    arrays = read_arrays(path)
    vocabulary = bytes(arrays["vocabulary"].astype(np.uint8)).decode("utf-8").split("\n")
    return Vectors(Wordpieces(vocabulary), arrays["table"].astype(np.int8), arrays["scale"].astype(np.float32))


@lru_cache(maxsize=1)
def vectors() -> Vectors:
    """The vectors that ship."""
    return load_vectors(MODELS / "vectors.npz")
