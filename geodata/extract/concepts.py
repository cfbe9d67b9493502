"""Groups of words by meaning (event_types/concepts.txt), counted in a sentence: what it speaks of, in any words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.errors import UsageError
from geodata.event_types import FOLDER

_LONGEST = 3


class Concepts:
    """The groups, and which of them a word or phrase belongs to."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(groups)
        self._groups: dict[tuple[str, ...], list[int]] = {}
        for number, phrases in enumerate(groups.values()):
            for phrase in dict.fromkeys(phrases):
                self._groups.setdefault(tuple(phrase.split()), []).append(number)
        self._begins = {phrase[0] for phrase in self._groups}

    def found(self, words: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        """(word number, group number) of each hit; a word is (as written, dictionary form), in small letters."""
        hits: list[tuple[int, int]] = []
        for at, forms in enumerate(words):
            for first in dict.fromkeys(forms):
                if first in self._begins:
                    hits += [(at, group) for group in self._at(words, at, first)]
        return hits

    def _at(self, words: Sequence[tuple[str, str]], at: int, first: str) -> Iterable[int]:
        found: dict[int, None] = dict.fromkeys(self._groups.get((first,), ()))
        for length in range(2, _LONGEST + 1):
            rest = words[at + 1 : at + length]
            if len(rest) == length - 1:
                for form in (0, 1):
                    found.update(dict.fromkeys(self._groups.get((first, *(word[form] for word in rest)), ())))
        return found

    def counts(self, words: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(groups,) how many different words of each group there are, the first counting most: log2(1 + n)."""
        seen = {(words[at], group) for at, group in self.found(words)}
        counts = np.zeros(len(self.names), np.float32)
        for _, group in seen:
            counts[group] += 1
        return np.log2(1 + counts)


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """The groups of event_types/concepts.txt."""
    return Concepts(read_groups(FOLDER / "concepts.txt"))


def read_groups(path: Path) -> Mapping[str, Sequence[str]]:
    """A file of groups. UsageError names a line that is none."""
    groups: dict[str, Sequence[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, words = line.partition(":")
        phrases = [" ".join(word.split()) for word in words.split(",") if word.strip()]
        if not colon or not phrases or name in groups:
            raise UsageError(f"{path.name}, line {number}: a group is `name: word, two words, ...`, named once")
        groups[name] = phrases
    return groups
