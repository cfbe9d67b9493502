"""Adds names of added places to the word list of running text: of large places, and of villages alone in their name.

The rules are the word list's own; the base's file is read and extended rather than made anew.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import ahocorasick

from geodata.geocode.additions.kinds import NOTABLE
from geodata.geocode.fold import is_cased
from geodata.geocode.records import NameKind
from geodata.geocode.wordlist import (
    SMALLEST_FOR_ALTERNATES,
    SMALLEST_TOWN,
    everyday_words,
    load_wordlist,
    name_weight,
    pack,
    person_names,
    unpack,
)

MOST_SMALL = 150_000
"""Names of villages that the list takes: each costs some 200 bytes of memory in every process that reads text."""
_SHORTEST_SMALL = 6
"""Letters: shorter names of villages are words or surnames too often."""
_PACE = 20
"""Rows beyond `MOST_SMALL` that are looked at, as a multiple of it, before the rest is left."""
_LARGE = """SELECT n.fold, n.kind, n.rank, p.feature, p.population FROM names n JOIN places p ON p.id = n.place
    WHERE n.kind < 5 AND ((p.feature LIKE 'P.%' AND p.population >= ? AND (n.kind IN (0, 3) OR p.population >= ?))
        OR p.feature IN (SELECT value FROM json_each(?))) AND p.id > ? ORDER BY n.fold"""
_GAINED = """SELECT n.fold, n.kind, n.rank, p.feature, p.population FROM gained g JOIN places p ON p.id = g.place
    JOIN names n INDEXED BY names_by_place ON n.place = p.id
    WHERE n.kind < 5 AND (p.feature NOT LIKE 'P.%' AND p.feature <> 'A.ADM2'
        OR p.population >= ? AND (n.kind IN (0, 3) OR p.population >= ?)) ORDER BY n.fold"""
_SMALL = """SELECT n.fold, n.kind, n.rank, p.feature, p.population FROM places p
    JOIN names n INDEXED BY names_by_place ON n.place = p.id
    WHERE p.id > ? AND p.feature LIKE 'P.%' AND p.population < ? AND n.kind < 2 LIMIT ?"""
_HOLDERS = "SELECT count(*) FROM (SELECT 1 FROM names WHERE fold = ? LIMIT 2)"


def extend_wordlist(base: Path, db: sqlite3.Connection, last: int, target: Path) -> int:
    """Writes to `target` the list of `base` with names of rows after `last` and of places that gained names.

    How many words are new.
    """
    automaton = load_wordlist(base)
    before = len(automaton)
    for key, weight, capitals_only in _words(db, last):
        known = automaton.get(" " + key, None)
        if known is not None:
            _length, known_weight, known_capitals = unpack(known)
            weight, capitals_only = max(weight, known_weight), capitals_only and known_capitals
        automaton.add_word(" " + key, pack(len(key) + 1, weight, capitals_only))
    new = len(automaton) - before
    if len(automaton):
        _save(automaton, target)
    return new


def _save(automaton: ahocorasick.Automaton, target: Path) -> None:
    automaton.make_automaton()
    automaton.save(str(target))


def _words(db: sqlite3.Connection, last: int) -> Iterator[tuple[str, float, bool]]:
    for key, kind, rank, feature, population in _rows(db, last):
        letters = len(key.replace(" ", ""))
        if kind == NameKind.ABBREVIATION:
            if letters >= 2 and population >= SMALLEST_FOR_ALTERNATES:
                yield key, name_weight(key, kind, rank, feature), True
        elif _long_enough(key, letters) and not (key in everyday_words() and population < 100_000):
            yield key, name_weight(key, kind, rank, feature), False
    yield from _small(db, last)


def _long_enough(key: str, letters: int) -> bool:
    return letters >= 4 or (not is_cased(key[0]) and letters == 3)


def _rows(db: sqlite3.Connection, last: int) -> Iterator[tuple[str, int, int, str, int]]:
    values = (SMALLEST_TOWN, SMALLEST_FOR_ALTERNATES, json.dumps(sorted(NOTABLE)))
    yield from db.execute(_LARGE, (*values, last))
    yield from db.execute(_GAINED, values[:2])  # places that were there before: new names, or people enough by now


def _small(db: sqlite3.Connection, last: int) -> Iterator[tuple[str, float, bool]]:
    taken = 0
    for key, kind, rank, feature, _ in db.execute(_SMALL, (last, SMALLEST_TOWN, MOST_SMALL * _PACE)):
        if len(key) < _SHORTEST_SMALL or not is_cased(key[0]) or any(c.isdigit() for c in key):
            continue
        if key in everyday_words() or key in person_names() or db.execute(_HOLDERS, (key,)).fetchone()[0] > 1:
            continue
        taken += 1
        if taken > MOST_SMALL:
            return
        yield key, name_weight(key, kind, rank, feature), False
