"""Names of the gazetteer that a misspelled one may mean: few are compared, those that begin or nearly begin alike."""

import sqlite3
from collections.abc import Iterable

LEAST_ALIKE = 0.74
"""Share of the letters that must stand: one slip in four to seven letters, two in eight to eleven."""
SHORTEST = 4
_BLOCK = """SELECT fold, place, rank FROM names
    WHERE fold >= ? AND fold < ? AND kind < 4 AND length(fold) BETWEEN ? AND ? ORDER BY rank DESC LIMIT ?"""
_MOST_IN_BLOCK = 40_000
_MOST_ALIKE = 200
_WEIGHT_OF_RANK = 0.6
"""Of two names as much alike, the larger place's is meant; a slip more outweighs a village against a city."""


def alike(db: sqlite3.Connection, key: str, most: int) -> list[tuple[int, float, str]]:
    """(place row, likeness 0..1, its folded name) for a folded name of `SHORTEST` letters or more, the likeliest first.

    Slips of one letter, and two letters in each other's place, count one each.
    """
    if len(key) < SHORTEST:
        return []
    from rapidfuzz import process  # half a second to load: only when a name is misspelled
    from rapidfuzz.distance import OSA

    slack = max(1, int(len(key) * (1 - LEAST_ALIKE)))
    names: dict[tuple[str, int], int] = {}
    for start in _beginnings(key):
        box = (start, start + "\U0010ffff", len(key) - slack, len(key) + slack, _MOST_IN_BLOCK)
        for name, place, rank in db.execute(_BLOCK, box):
            names[name, place] = rank
    choices = dict(enumerate(names))
    found = process.extract(
        key,
        {number: name for number, (name, _place) in choices.items()},
        scorer=OSA.normalized_similarity,
        score_cutoff=LEAST_ALIKE,
        limit=_MOST_ALIKE,
    )
    hits = [(float(likeness), *choices[number]) for _name, likeness, number in found]
    hits.sort(key=lambda hit: (-hit[0] - _WEIGHT_OF_RANK * names[hit[1], hit[2]] / 1000, hit[1]))
    best: dict[int, tuple[int, float, str]] = {}
    for likeness, name, place in hits:
        best.setdefault(place, (place, likeness, name))
    return list(best.values())[:most]


def _beginnings(key: str) -> Iterable[str]:
    """The first two letters as written, exchanged, without the second, and without the first."""
    first, second, third = key[0], key[1], key[2]
    return dict.fromkeys((first + second, second + first, first + third, second + third))
