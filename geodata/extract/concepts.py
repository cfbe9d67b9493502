"""Groups of words by meaning (event_types/concepts.txt), counted in a sentence: what it speaks of, in any words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.errors import UsageError
from geodata.event_types import FOLDER


class Concepts:
    """The groups, and which of them a word or phrase belongs to."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(groups)
        self._single: dict[str, list[int]] = {}
        self._longer: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, phrases in enumerate(groups.values()):
            for phrase in dict.fromkeys(phrases):
                first, *rest = phrase.split()
                if rest:
                    self._longer.setdefault(first, []).append((tuple(rest), number))
                else:
                    self._single.setdefault(first, []).append(number)
        self._known = self._single.keys() | self._longer.keys()

    def found(self, words: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        """(word number, group number) of each hit; a word is (as written, dictionary form), in small letters."""
        hits: dict[tuple[int, int], None] = {}
        known = self._known
        for at, (written, lemma) in enumerate(words):
            for form in (written,) if written == lemma else (written, lemma):
                if form not in known:
                    continue
                for group in self._single.get(form, ()):
                    hits[at, group] = None
                for rest, group in self._longer.get(form, ()):
                    if at + 1 < len(words) and rest[0] in words[at + 1] and _follow(words, at + 1, rest):
                        hits[at, group] = None
        return list(hits)

    def counts(self, words: Sequence[tuple[str, str]], hits: Iterable[tuple[int, int]]) -> NDArray[np.float32]:
        """(groups,) how many different words of each group there are, the first counting most: log2(1 + n)."""
        counts = np.zeros(len(self.names), np.float32)
        for _, group in {(words[at], group) for at, group in hits}:
            counts[group] += 1
        return np.log2(1 + counts)


def _follow(words: Sequence[tuple[str, str]], at: int, rest: Sequence[str]) -> bool:
    """Whether these words come next, all as written or all in their dictionary forms."""
    after = words[at : at + len(rest)]
    return len(after) == len(rest) and any(
        all(word[form] == said for word, said in zip(after, rest, strict=True)) for form in (0, 1)
    )


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
