"""Names of one country compared by likeness: spellings that transliteration or typing set apart."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_ARTICLE = re.compile(r"^(?:al|el|ad|ar|as|at|az|an|ash|the)\s+(?=\w{2})")
_SOUNDS = (
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("sh", "s"),
    ("ch", "c"), ("zh", "z"), ("ay", "ai"), ("ey", "ai"), ("ei", "ai"), ("aw", "au"), ("ow", "au"), ("y", "i"),
    ("q", "k"), ("w", "u"), ("e", "i"), ("o", "u"), ("j", "g"), ("ts", "s"), ("h", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
LEAST_LIKENESS = 86.0
_SHORTEST = 4


def skeleton(folded: str) -> str:
    """The sounds of a folded name: no article, space or doubled letter, and vowels that spellings differ in as one."""
    text = _ARTICLE.sub("", folded).replace(" ", "")
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    text = _DOUBLED.sub(r"\1", text)
    return text[:-1] if len(text) > _SHORTEST and text[-1] in "aiu" else text


@dataclass(slots=True)
class SimilarNames:
    """The names of a country's places, by sound and by area, for names that are not found as written."""

    _by_sound: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _by_area: dict[int, dict[str, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int, int, int]]) -> "SimilarNames":
        """From rows of (folded name, place row, kind, area1 row, area2 row)."""
        names = cls()
        for folded, place, _kind, area1, area2 in rows:
            if not folded.isascii() or len(folded) < 3:
                continue
            sound = skeleton(folded)
            names._by_sound[sound].add(place)
            for area in {0, area1, area2}:
                names._by_area[area][sound].add(place)
        return names

    def alike(self, folded: str, areas: Iterable[int] = ()) -> list[tuple[float, int]]:
        """(likeness 0..100, place row), best first: in the first of `areas` that has any; with no areas, in all."""
        sound = skeleton(folded)
        if len(sound) < _SHORTEST - 1:
            return []
        for area in areas or (0,):
            choices = self._by_area.get(area)
            if not choices:
                continue
            hits = process.extract(sound, list(choices), scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=5)
            if hits:
                return [(float(score), place) for name, score, _ in hits for place in sorted(choices[name])]
        return []
