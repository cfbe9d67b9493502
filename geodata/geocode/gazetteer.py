"""The gazetteer as the rest of Dateline asks it: by name, by id, by position. Read-only; safe between threads."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geodata.errors import NotFound, SetupError, shown
from geodata.geocode.fold import LONGEST_NAME, fold
from geodata.geocode.inflection import nominatives, word_forms
from geodata.geocode.records import NameKind
from geodata.geocode.schema import VERSION
from geodata.geocode.swap import MARK, stamp_of
from geodata.geocode.typos import alike
from geodata.geometry import check_lon_lat, distance_m
from geodata.model import Candidate, Place, Precision

_COLUMNS = """p.id, p.place_id, p.name, p.lon, p.lat, p.feature, p.precision, p.country, p.population, p.radius_m,
    coalesce(a.name, ''), coalesce(b.name, ''), coalesce(p.admin1, 0), coalesce(p.admin2, 0)"""
_AREAS = "LEFT JOIN places a ON a.id = p.admin1 LEFT JOIN places b ON b.id = p.admin2"
_BY_ID = f"SELECT 0, 0, {_COLUMNS} FROM places p {_AREAS} WHERE p.place_id = ?"  # noqa: S608
_COUNTRY = f"SELECT 0, 0, {_COLUMNS} FROM places p {_AREAS} WHERE p.country = ? AND p.feature = 'A.PCLI'"  # noqa: S608
_CAPITAL = f"SELECT 0, 0, {_COLUMNS} FROM places p {_AREAS} WHERE p.country = ? AND p.feature = 'P.PPLC'"  # noqa: S608
_LARGEST = f"""SELECT 0, 0, {_COLUMNS} FROM places p {_AREAS}
    WHERE p.admin1 = (SELECT id FROM places WHERE place_id = ?) AND p.feature LIKE 'P.%'
    ORDER BY p.population DESC, p.id LIMIT ?"""  # noqa: S608
_NAMES_OF = """SELECT n.fold, n.kind FROM places p JOIN names n ON n.place = p.id
    WHERE p.place_id = ? ORDER BY n.kind, n.fold"""
_BY_ROWS = f"SELECT 0, 0, {_COLUMNS} FROM json_each(?) j JOIN places p ON p.id = j.value {_AREAS}"  # noqa: S608
_BY_NAME = f"""SELECT n.kind, n.rank, {_COLUMNS} FROM names n JOIN places p ON p.id = n.place {_AREAS}
    WHERE n.fold = ? ORDER BY n.rank DESC, p.id"""  # noqa: S608
_BY_NAMES = f"""SELECT n.fold, n.kind, n.rank, {_COLUMNS} FROM json_each(?) j JOIN names n ON n.fold = j.value
    JOIN places p ON p.id = n.place {_AREAS} ORDER BY j.key, n.rank DESC, p.id"""  # noqa: S608
_IN_BOX = f"""SELECT 0, 0, {_COLUMNS} FROM points r JOIN places p ON p.id = r.id {_AREAS}
    WHERE r.west >= ? AND r.east <= ? AND r.south >= ? AND r.north <= ? LIMIT ?"""  # noqa: S608
_BY_BEGINNING = f"""SELECT n.kind, n.rank, {_COLUMNS} FROM (
      SELECT place, min(kind) AS kind, max(rank) AS rank FROM (
        SELECT place, kind, rank FROM names WHERE fold >= ? AND fold < ? AND kind < ? LIMIT ?)
      GROUP BY place ORDER BY max(rank) - 180 * min(1, min(kind)) DESC, place LIMIT ?) n
    JOIN places p ON p.id = n.place {_AREAS}"""  # noqa: S608
_TOWNS_BEGINNING = """SELECT n.fold, n.place FROM names n JOIN places p ON p.id = n.place
    WHERE n.fold >= ? AND n.fold < ? AND n.kind < 4 AND p.country = ? AND p.feature LIKE 'P.%'"""
_MOST_PREFIX_ROWS = 20_000
_REVERSE_REACHES_DEG = (0.1, 0.5, 2.0, 10.0)
_CACHED_NAMES = 50_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the gazetteer holds it, and the name it was found by. `area1`, `area2` are row numbers, 0 for none."""

    row: int
    place: Place
    kind: NameKind
    rank: int
    area1: int = 0
    area2: int = 0

    @property
    def is_town(self) -> bool:
        return self.place.feature.startswith("P.")


class SqliteGazetteer:
    """Satisfies contracts.Gazetteer over a file that build.py made.

    It is a snapshot: where the file is replaced by another, this one goes on with what it opened. `stamp` tells the
    file it opened, `words` the mark of the word list that belongs to it.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SetupError(f"there is no gazetteer at {path}; run `make setup`")
        self.path = path
        self.stamp = stamp_of(path)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            self._first = self._opened()
            meta = dict(self._first.execute("SELECT key, value FROM meta WHERE key IN ('version', ?)", (MARK,)))
        except sqlite3.DatabaseError as error:
            raise SetupError(f"{path} is no gazetteer ({error}); run `make setup`") from error
        self.words = meta.get(MARK, "")
        if meta.get("version") != VERSION:
            raise SetupError(f"the gazetteer at {path} was made by another version; run `make setup`")
        self._known: dict[str, tuple[Entry, ...]] = {}
        self._begun: dict[tuple[str, str], Sequence[tuple[str, int]]] = {}

    def search(self, text: str, limit: int = 10, near: tuple[float, float] | None = None) -> Sequence[Candidate]:
        """Places whose name is, or begins with, `text`: whole names first, then the more prominent, or the nearer.

        `near` is lon, lat: places near it move up. Where no name begins so, those that are spelled much like it.
        """
        key = fold(text)
        if not key or limit < 1:
            return []
        exact = {entry.row: entry for entry in self.lookup(key) if entry.kind < NameKind.DEMONYM}
        begun = self._begins(key, limit * 5)
        entries = {**{entry.row: entry for entry in begun if entry.row not in exact}, **exact}
        found = [self._candidate(entry, entry.row in exact, near) for entry in entries.values()]
        found = found or self._misspelled(key, limit * 2, near)
        return sorted(found, key=lambda candidate: -candidate.score)[:limit]

    def place(self, place_id: str) -> Place:
        """NotFound where the gazetteer has no such place."""
        rows = self._rows(_BY_ID, (place_id,))
        if not rows:
            raise NotFound(f"the gazetteer has no place {shown(place_id)}")
        return rows[0].place

    def above(self, place_id: str) -> tuple[Place, ...]:
        """The areas a place lies in, the smallest first, its country last; NotFound where there is no such place."""
        rows = self._rows(_BY_ID, (place_id,))
        if not rows:
            raise NotFound(f"the gazetteer has no place {shown(place_id)}")
        own = rows[0]
        found = {entry.row: entry for entry in self.entries((own.area2, own.area1))}
        areas = [found[row] for row in (own.area2, own.area1) if row in found and row != own.row]
        country = self._rows(_COUNTRY, (own.place.country,)) if own.place.precision is not Precision.COUNTRY else []
        return tuple(entry.place for entry in (*areas, *country[:1]))

    def capital(self, country: str) -> Place | None:
        """The capital of a country by its ISO code; None where it has several, or the gazetteer marks none."""
        found = self._rows(_CAPITAL, (country,))
        return found[0].place if len(found) == 1 else None

    def largest_towns(self, place_id: str, most: int) -> list[Place]:
        """The towns of a first-level area with the most people, the largest first."""
        return [entry.place for entry in self._rows(_LARGEST, (place_id, most))]

    def names(self, place_id: str) -> tuple[tuple[str, NameKind], ...]:
        """The folded names of a place, the strongest first."""
        found = self._db().execute(_NAMES_OF, (place_id,))
        return tuple((name, NameKind(kind)) for name, kind in found)

    def nearest(self, lon: float, lat: float) -> Place | None:
        """The nearest town within about 10 degrees, or None (mid-ocean, the poles)."""
        check_lon_lat(lon, lat)
        for reach in _REVERSE_REACHES_DEG:
            near = self.within(lon, lat, reach)
            if near:
                best = min(near, key=lambda e: distance_m(lon, lat, e.place.lon, e.place.lat))
                if reach == _REVERSE_REACHES_DEG[-1] or abs(best.place.lat - lat) < reach / 2:
                    return best.place
        return None

    def within(self, lon: float, lat: float, reach_deg: float, most: int = 2_000) -> list[Entry]:
        """Towns in a box of `reach_deg` either way; across the antimeridian too. At most `most` of them."""
        found: list[Entry] = []
        for middle in (lon, lon - 360, lon + 360):
            west, east = middle - reach_deg, middle + reach_deg
            if west <= 180 and east >= -180:
                found += self._rows(_IN_BOX, (west, east, lat - reach_deg, lat + reach_deg, most))
        return found

    def lookup(self, key: str) -> tuple[Entry, ...]:
        """Every place that has the folded name `key`, the most prominent first; demonyms lead to their country."""
        found = self._known.get(key)
        if found is None:
            found = tuple(self._rows(_BY_NAME, (key,)))
            self._remember({key: found})
        return found

    def look_ahead(self, keys: Iterable[str]) -> None:
        """Asks for many folded names at once, which `lookup` then knows: a tenth of the time of one after the other."""
        wanted = [key for key in dict.fromkeys(keys) if key and key not in self._known]
        if not wanted:
            return
        found: dict[str, list[Entry]] = {key: [] for key in wanted}
        for name, *row in self._db().execute(_BY_NAMES, (json.dumps(wanted),)):
            found[name].append(_entry(row))
        self._remember({key: tuple(entries) for key, entries in found.items()})

    def _remember(self, found: dict[str, tuple[Entry, ...]]) -> None:
        if len(self._known) + len(found) > _CACHED_NAMES:
            self._known.clear()
        self._known.update(found)

    def named(self, name: str) -> tuple[Entry, ...]:
        """Places called `name`, or, of a Cyrillic name in another case, by its nominative; demonyms left out."""
        for form in (name, *nominatives(name), *_several_words(name)):
            found = tuple(entry for entry in self.lookup(fold(form)) if entry.kind < NameKind.DEMONYM)
            if found:
                return found
        return ()

    def country_places(self, country: str, features: str = "P.%") -> list[tuple[str, int, int, int, int]]:
        """(folded name, place row, kind, area1 row, area2 row) of all names in a country, for a fuzzy search."""
        query = """SELECT n.fold, n.place, n.kind, coalesce(p.admin1, 0), coalesce(p.admin2, 0)
            FROM places p JOIN names n INDEXED BY names_by_place ON n.place = p.id
            WHERE p.country = ? AND p.feature LIKE ? AND n.kind < 4 ORDER BY p.id, n.fold"""
        return list(self._db().execute(query, (country, features)))

    def towns_beginning(self, country: str, beginning: str) -> Sequence[tuple[str, int]]:
        """(folded name, place row) of the names of a country's towns that begin so."""
        found = self._begun.get((country, beginning))
        if found is None:
            found = list(self._db().execute(_TOWNS_BEGINNING, (beginning, beginning + "\U0010ffff", country)))
            if sum(map(len, list(self._begun.values()))) + len(found) > _CACHED_NAMES:
                self._begun.clear()
            self._begun[country, beginning] = found
        return found

    def entries(self, rows: Iterable[int]) -> list[Entry]:
        """The places with these row numbers."""
        return self._rows(_BY_ROWS, (json.dumps(list(dict.fromkeys(rows))),))

    def _begins(self, key: str, most: int) -> list[Entry]:
        return self._rows(_BY_BEGINNING, (key, key + "\U0010ffff", int(NameKind.DEMONYM), _MOST_PREFIX_ROWS, most))

    def _misspelled(self, key: str, most: int, near: tuple[float, float] | None) -> list[Candidate]:
        """Places whose name is much like `key`, a third less sure than if it were theirs."""
        likeness = {row: share for row, share, _name in alike(self._db(), key, most)}
        found = []
        for entry in self.entries(likeness):
            meant = self._candidate(replace(entry, rank=self._rank(entry.row)), False, near)
            score = round(meant.score * likeness[entry.row] * 2 / 3, 4)
            reasons = (f"spelled much like it ({likeness[entry.row]:.0%})", *meant.reasons[1:])
            found.append(Candidate(meant.place, score, reasons))
        return found

    def _rank(self, row: int) -> int:
        found = self._db().execute("SELECT max(rank) FROM names WHERE place = ?", (row,)).fetchone()
        return int(found[0] or 0)

    def _candidate(self, entry: Entry, exact: bool, near: tuple[float, float] | None) -> Candidate:
        own = entry.kind is NameKind.NAME
        score = 0.55 * entry.rank / 1000 + (0.3 if own else 0.18) * exact + (0.1 if own else 0.0)
        reasons = ["the very name" if exact else "begins so"]
        if near is not None:
            away_m = distance_m(*near, entry.place.lon, entry.place.lat)
            score += 0.15 / (1 + away_m / 100_000)
            reasons.append(f"{away_m / 1000:.0f} km from there")
        if entry.place.population:
            reasons.append(f"{entry.place.population:,} people")
        return Candidate(entry.place, round(min(1.0, max(0.0, score)), 4), tuple(reasons))

    def _rows(self, query: str, values: Sequence[object]) -> list[Entry]:
        return [_entry(row) for row in self._db().execute(query, values)]

    def _db(self) -> sqlite3.Connection:
        """This thread's connection; where the file has been replaced since, the first one, which threads share."""
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = self._opened() if stamp_of(self.path) == self.stamp else self._first
            if db is not self._first and stamp_of(self.path) != self.stamp:  # replaced just then: which one is open?
                db = self._first
            self._local.db = db
        return db

    def _opened(self) -> sqlite3.Connection:
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        with self._lock:
            self._connections.append(db)
        return db

    def close(self) -> None:
        """Closes every thread's connection; the gazetteer cannot be asked after."""
        with self._lock:
            for db in self._connections:
                db.close()
            self._connections.clear()


def _several_words(name: str) -> list[str]:
    """Nominatives of a Cyrillic name of two or three words: Донецької області."""
    words = name.split() if name[:1] >= "\u0400" and len(name) < LONGEST_NAME else []
    return word_forms(words) if 1 < len(words) < 4 else []


def _entry(row: Sequence[Any]) -> Entry:
    kind, rank, number, place_id, name, lon, lat, feature, precision, country, people, radius_m, *areas = row
    admin1, admin2, area1, area2 = areas
    words = {"admin1": admin1, "admin2": admin2, "place_id": place_id, "feature": feature}
    place = Place(name, lon, lat, Precision(precision), country, radius_m=radius_m, population=people, **words)
    return Entry(number, place, NameKind(kind), rank, area1, area2)
