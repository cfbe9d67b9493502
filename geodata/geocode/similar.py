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

    _places: dict[str, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    """Sound -> places, each with its areas, as row numbers."""
    _sounds: dict[int, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """Area's row number, or 0 for the whole country -> sounds, in the order of the file so that ties fall alike."""

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int, int, int]]) -> "SimilarNames":
        """From rows of (folded name, place row, kind, area1 row, area2 row)."""
        names = cls()
        for folded, place, _kind, area1, area2 in rows:
            if len(folded) < 3 or not folded.isascii():
                continue
            sound = skeleton(folded)
            names._places[sound].append((place, area1, area2))
            for area in (0, area1, area2):
                names._sounds[area][sound] = None
        return names

    def alike(self, folded: str, areas: Iterable[int] = ()) -> list[tuple[float, int]]:
        """(likeness 0..100, place row), best first: in the first of `areas` that has any; with no areas, in all."""
        sound = skeleton(folded)
        if len(sound) < _SHORTEST - 1:
            return []
        for area in areas or (0,):
            choices = list(self._sounds.get(area, ()))
            hits = process.extract(sound, choices, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=5)
            found = {
                place: float(score)
                for name, score, _ in reversed(hits)
                for place, *inside in self._places[name]
                if not area or area in inside
            }
            if found:
                return sorted(((score, place) for place, score in found.items()), key=lambda hit: (-hit[0], hit[1]))
        return []
