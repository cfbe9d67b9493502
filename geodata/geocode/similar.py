"""Names of one country compared by likeness: spellings that transliteration or typing set apart."""

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
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
_MOST_HITS = 5
MOST_NAMES = 1_500_000
"""Names that are kept for comparing, some 350 bytes each: the base has 720,000 of towns; of more, the last countries
asked for."""


def skeleton(folded: str) -> str:
    """The sounds of a folded name: no article, space or doubled letter, and vowels that spellings differ in as one."""
    text = _ARTICLE.sub("", folded).replace(" ", "")
    for written, sound in _SOUNDS:
        text = text.replace(written, sound)
    text = _DOUBLED.sub(r"\1", text)
    return text[:-1] if len(text) > _SHORTEST and text[-1] in "aiu" else text


class SimilarNames:
    """The names of a country's places, by sound and by area, for names that are not found as written."""

    def __init__(self, rows: Iterable[tuple[str, int, int, int, int]]) -> None:
        """From rows of (folded name, place row, kind, area1 row, area2 row); their order decides ties."""
        numbers: dict[str, int] = {}
        areas: dict[int, dict[int, None]] = defaultdict(dict)
        self._places: list[list[tuple[int, str, int, int]]] = []
        for folded, place, _kind, area1, area2 in rows:
            if len(folded) < 3 or not folded.isascii():
                continue
            number = numbers.setdefault(skeleton(folded), len(numbers))
            if number == len(self._places):
                self._places.append([])
            self._places[number].append((place, folded, area1, area2))
            for area in (0, area1, area2):
                areas[area][number] = None
        self._sounds = list(numbers)
        self._letters = np.array([_letters(sound) for sound in self._sounds], dtype=np.uint64)
        self._in_area = {area: np.fromiter(inside, dtype=np.int64) for area, inside in areas.items()}

    def __len__(self) -> int:
        """How many names it holds."""
        return sum(map(len, self._places))

    def alike(self, folded: str, areas: Iterable[int] = ()) -> list[tuple[float, int]]:
        """(likeness 0..100, place row), best first: in the first of `areas` that has any; with no areas, in all."""
        best: dict[int, float] = {}
        for likeness, place, _written in self.spelled(folded, areas):
            best[place] = max(likeness, best.get(place, 0.0))
        return sorted(((likeness, place) for place, likeness in best.items()), key=lambda hit: (-hit[0], hit[1]))

    def spelled(self, folded: str, areas: Iterable[int] = ()) -> list[tuple[float, int, str]]:
        """(likeness of sound 0..100, place row, its folded name), in no order; see `alike`."""
        sound = skeleton(folded)
        if len(sound) < _SHORTEST - 1:
            return []
        for area in areas or (0,):
            found = [
                (score, place, written)
                for number, score in self._hits(sound, area)
                for place, written, *inside in self._places[number]
                if not area or area in inside
            ]
            if found:
                return found
        return []

    def _hits(self, sound: str, area: int) -> Sequence[tuple[int, float]]:
        """Numbers of the sounds of an area that are like this one, with their likeness."""
        inside = self._in_area.get(area)
        if inside is None:
            return []
        apart = np.bitwise_count(self._letters[inside] ^ np.uint64(_letters(sound)))
        close: NDArray[np.int64] = inside[apart <= _most_apart(len(sound))]
        if not len(close):
            return []
        numbers = close.tolist()
        choices = [self._sounds[number] for number in numbers]
        hits = process.extract(sound, choices, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=_MOST_HITS)
        return [(numbers[at], float(score)) for _name, score, at in hits]


class NamesOfCountries(Protocol):
    """What the names are asked of: the gazetteer."""

    def country_places(self, country: str, features: str) -> list[tuple[str, int, int, int, int]]: ...


class SimilarByCountry:
    """The names of the countries that were asked for last, no more of them than memory has room for.

    A country costs as much as thousands of rows to make: a table that names many must not make one again and again.
    """

    def __init__(self, gazetteer: NamesOfCountries, most: int = MOST_NAMES) -> None:
        self._gazetteer = gazetteer
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[SimilarNames, int]] = OrderedDict()
        self._held = 0

    def names(self, country: str, features: str) -> SimilarNames:
        """The names of a country's places of some kind ("P.%"), made where they are not kept."""
        key = country, features
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = SimilarNames(self._gazetteer.country_places(country, features))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made, len(made)
                self._held += len(made)
            while self._held > self._most and len(self._kept) > 1:
                _oldest, (_names, count) = self._kept.popitem(last=False)
                self._held -= count
            return made


def _letters(sound: str) -> int:
    """The set of letters of a sound, a bit each: one letter put in or taken out turns at most one of them."""
    bits = 0
    for letter in sound:
        bits |= 1 << (ord(letter) % 64)
    return bits


def _most_apart(length: int) -> int:
    """Letters put in or taken out between a sound and one that is like it: likeness counts them over both lengths.

    The other has at most (1 + d) / (1 - d) times the letters of this one, d being the unlikeness allowed.
    """
    unlike = 1 - LEAST_LIKENESS / 100
    return int(unlike * length * (1 + (1 + unlike) / (1 - unlike)))
