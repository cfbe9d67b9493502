"""The names that are looked for in running text, as an Aho-Corasick automaton in a file beside the gazetteer.

Each key is a folded name behind a space, so that a match starts at a word; its value packs the length of the key, the
weight (how likely these words mean a place, 0..1000) and whether only capitals mean it (US, UAE).
"""

import math
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import ahocorasick

from geodata.geocode.fold import is_cased
from geodata.geocode.readers.facts import FACTS
from geodata.geocode.records import NameKind

SMALLEST_TOWN = 2_000
"""People a town must have for its own name to be looked for in a text; much of what news names is far larger."""
SMALLEST_FOR_ALTERNATES = 15_000
_CAPITALS_ONLY = 1 << 30
_SHORTEST = 3


def names_path(gazetteer: Path) -> Path:
    return gazetteer.with_name(gazetteer.name + ".names")


def pack(length: int, weight: float, capitals_only: bool) -> int:
    return length | int(weight * 1000) << 12 | (_CAPITALS_ONLY if capitals_only else 0)


def unpack(value: int) -> tuple[int, float, bool]:
    """Length of the key, weight, whether only capitals mean the place."""
    return value & 0xFFF, (value >> 12 & 0x3FFFF) / 1000, bool(value & _CAPITALS_ONLY)


def build_automaton(db: sqlite3.Connection) -> ahocorasick.Automaton:
    """The automaton over the names of the larger places of a gazetteer."""
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for key, weight, capitals_only in _weighted_names(db):
        automaton.add_word(" " + key, pack(len(key) + 1, weight, capitals_only))
    if len(automaton):
        automaton.make_automaton()
    return automaton


def write_wordlist(gazetteer: Path, target: Path) -> None:
    """Builds the automaton of `gazetteer` and writes it to `target`."""
    db = sqlite3.connect(f"{gazetteer.resolve().as_uri()}?mode=ro", uri=True)
    try:
        automaton = build_automaton(db)
    finally:
        db.close()
    automaton.save(str(target))


def load_wordlist(path: Path) -> ahocorasick.Automaton:
    """The automaton from its file; nothing in it is unpickled, for its values are numbers."""
    return ahocorasick.load(str(path), _no_objects)


def _no_objects(_data: bytes) -> int:
    raise ValueError("a word list holds numbers only")


def _weighted_names(db: sqlite3.Connection) -> Iterator[tuple[str, float, bool]]:
    """Each name once, with the weight of the place it most likely means."""
    rows = db.execute(
        """SELECT n.fold, n.kind, n.rank, p.feature, p.population FROM names n JOIN places p ON p.id = n.place
           WHERE n.kind < ? AND (p.feature NOT LIKE 'P.%' AND p.feature <> 'A.ADM2'
               OR p.population >= ? AND (n.kind IN (0, 3) OR p.population >= ?)) ORDER BY n.fold""",
        (int(NameKind.DEMONYM), SMALLEST_TOWN, SMALLEST_FOR_ALTERNATES),
    )
    last, best, capitals = "", 0.0, True
    for key, kind, rank, feature, population in rows:
        if not _worth_looking_for(key, kind, population):
            continue
        if key != last and last:
            yield last, best, capitals
        if key != last:
            last, best, capitals = key, 0.0, True
        best = max(best, name_weight(key, kind, rank, feature))
        capitals = capitals and (kind == NameKind.ABBREVIATION or len(key) < _SHORTEST)
    if last:
        yield last, best, capitals


def _worth_looking_for(key: str, kind: int, population: int) -> bool:
    letters = len(key.replace(" ", ""))
    if kind == NameKind.ABBREVIATION:
        return letters >= 2
    if not is_cased(key[0]):  # no capitals to go by: two characters of a big place, or more
        return letters >= 3 or (letters == 2 and (population >= 300_000 or population == 0))
    if letters < _SHORTEST or (key in everyday_words() and 0 < population < 100_000):
        return False
    return not (kind == NameKind.ALTERNATE and letters == _SHORTEST and population < 1_000_000)


def name_weight(key: str, kind: int, rank: int, feature: str) -> float:
    """How likely the words, capitalised in a text, mean a place: by prominence, and by what else they could mean."""
    weight = 0.25 + 0.7 * min(1.0, rank / 700)
    if feature[:1] != "P" and feature != "A.ADM2":
        weight = max(weight, 0.9)
    if kind == NameKind.ALTERNATE and feature[:1] == "P":
        weight *= 0.85
    if kind == NameKind.ABBREVIATION:
        return weight
    if key in everyday_words():
        weight *= 0.4
    elif key in person_names():
        weight *= 0.35 if rank < 600 else 0.7
    if len(key) <= 4 and feature[:1] == "P":
        weight *= 0.8
    if " " in key:
        weight = 1 - (1 - weight) * 0.6
    return math.floor(weight * 1000) / 1000


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Folded words that are names of places somewhere but mean something else nearly always (Of, March, Police)."""
    return _words("everyday.txt")


@lru_cache(maxsize=1)
def person_names() -> frozenset[str]:
    """Folded given names and surnames that are names of places too (Ivanov, Washington)."""
    return _words("persons.txt")


def _words(file_name: str) -> frozenset[str]:
    lines = (FACTS / file_name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
