"""Words cut into pieces of a general vocabulary, so that every word, known or not, has vectors to stand for it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_WORDS = re.compile(r"[^\W_]+|[^\w\s]|_")
LONGEST = 40
"""Characters of a word; what is longer is no word (BERT's own limit is 100)."""
UNKNOWN = "[UNK]"


class Wordpieces:
    """BERT's uncased way: small letters without accents, then the longest known piece from the left; `##` goes on."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number: Mapping[str, int] = {piece: i for i, piece in enumerate(vocabulary)}
        self._unknown = (self._number[UNKNOWN],) if UNKNOWN in self._number else ()
        self._of_word = lru_cache(maxsize=50_000)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text's pieces in the vocabulary, in order."""
        return [number for word in _WORDS.findall(text) for number in self.of_word(word)]

    def of_word(self, word: str) -> tuple[int, ...]:
        """The numbers of one word's pieces; the unknown piece, or nothing, where it cannot be cut."""
        return self._of_word(word)

    def _cut(self, word: str) -> tuple[int, ...]:
        word = _plain(word)
        if len(word) > LONGEST:
            return self._unknown
        found: list[int] = []
        at = 0
        while at < len(word):
            end = len(word)
            while (piece := self._number.get(("##" if at else "") + word[at:end])) is None:
                end -= 1
                if end == at:
                    return self._unknown
            found.append(piece)
            at = end
        return tuple(found)


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
