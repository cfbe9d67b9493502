"""Takes dumps into a draft of the gazetteer: places new or merged, their names, prominence and areas.

Memory is bounded: rows stream by in batches, names wait in a temporary table and are sorted there on disk.
"""

import sqlite3
import time
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geodata.geocode.additions.areas import AreaOf, Areas
from geodata.geocode.additions.dump import DumpFile, DumpPlace, Problems
from geodata.geocode.additions.kinds import precision_of, radius_of, rank
from geodata.geocode.additions.towns import Towns
from geodata.geocode.additions.twins import Known, Twins
from geodata.geocode.fold import fold
from geodata.geocode.records import NameKind, Progress
from geodata.geocode.schema import INDEXES
from geodata.geometry import distance_m
from geodata.model import Precision

BATCH = 5_000
_SAID_EVERY = 100_000
_LOOSE = ("names_by_place", "places_by_admin2", "places_by_admin1", "places_by_country")
"""Indexes that loading does not read: made anew at its end, which is faster than keeping them."""
_STAGED = "CREATE TEMP TABLE staged (fold TEXT, place INTEGER, kind INTEGER, rank INTEGER)"
_GROWN = "CREATE TEMP TABLE grown (place INTEGER PRIMARY KEY, rank INTEGER)"
_GAINED = "CREATE TEMP TABLE gained (place INTEGER PRIMARY KEY)"
_NOTE_GAINED = "INSERT OR IGNORE INTO gained SELECT place FROM staged WHERE place <= ?"
_PLACE = f"INSERT INTO places VALUES ({','.join('?' * 12)},NULL,NULL,NULL,NULL)"  # noqa: S608
# at the end of a file: while it is read, only what was known before it is asked for by position
_POINTS = "INSERT INTO points SELECT id, lon, lon, lat, lat FROM places WHERE id >= ? AND feature LIKE 'P.%'"
_NAMES = """INSERT OR IGNORE INTO names SELECT fold, place, min(kind), max(rank) FROM staged
    GROUP BY fold, place ORDER BY fold, place"""
_GROW = """UPDATE names SET rank = (SELECT g.rank FROM grown g WHERE g.place = names.place)
    WHERE place IN (SELECT place FROM grown)"""


@dataclass(slots=True)
class Merged:
    """What taking one file in did: rows read, places new and merged, names, rows left out."""

    rows: int = 0
    added: int = 0
    merged: int = 0
    names: int = 0
    bad: int = 0
    bad_shown: tuple[str, ...] = ()


class Draft:
    """A copy of the gazetteer that files are taken into. Without a journal: it is thrown away where anything fails.

    `last_known` is the last row of the base; the temporary table `gained` holds those of its rows that got names.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.progress = progress
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144; BEGIN;")
        self.ranks = self._known_ranks()
        for index in _LOOSE:
            self.db.execute(f"DROP INDEX IF EXISTS {index}")
        self.db.execute(_GROWN)
        self.db.execute(_GAINED)
        self.last_known = len(self.ranks) - 1

    def take_in(self, file: DumpFile, label: str) -> Merged:
        """Takes one file in; UsageError where it is no good."""
        first = len(self.ranks)
        self.db.execute(_STAGED)
        problems = Problems(file.called)
        loader = _Loader(self, label, _Said(file, self.progress))
        if file.is_places:
            loader.places(file, problems)
        else:
            loader.names(file, problems)
        problems.check(whole=True)
        self.progress(f"{file.called}: sorting names")
        self.db.execute(_NOTE_GAINED, (self.last_known,))
        self.db.execute(_POINTS, (first,))
        before = self.db.total_changes
        self.db.execute(_NAMES)
        done = loader.done
        done.names = self.db.total_changes - before
        done.rows, done.bad, done.bad_shown = problems.rows, problems.bad, tuple(problems.shown)
        self.db.execute("DROP TABLE staged")
        return done

    def finish(self) -> None:
        """After the last file: prominence of what has grown, indexes, extents of new areas."""
        self.progress("indexing places and names")
        for statement in INDEXES.split(";"):
            if any(f" {name} " in statement for name in _LOOSE):
                self.db.execute(statement)
        self.db.execute(_GROW)
        _shape_areas(self.db)

    def close(self) -> None:
        self.db.close()

    def _known_ranks(self) -> "array[int]":
        """The prominence of each place, by row: two bytes each."""
        last = int(self.db.execute("SELECT coalesce(max(id), 0) FROM places").fetchone()[0])
        ranks = array("H", bytes(2 * (last + 1)))
        for row, known in self.db.execute("SELECT place, max(rank) FROM names GROUP BY place"):
            ranks[row] = known
        return ranks


def _shape_areas(db: sqlite3.Connection) -> None:
    """New areas get the extent of the places in them, at least the half-width they have."""
    for column, feature in (("admin2", "A.ADM2"), ("admin1", "A.ADM1")):
        rows = db.execute(
            f"""SELECT a.id, min(p.lon), min(p.lat), max(p.lon), max(p.lat) FROM places a
                JOIN places p ON p.{column} = a.id AND p.id <> a.id
                WHERE a.feature = ? AND a.west IS NULL AND p.feature LIKE 'P.%' GROUP BY a.id""",  # noqa: S608
            (feature,),
        ).fetchall()
        fits = [(w, s, e, n, distance_m(w, s, e, n) / 2, row) for row, w, s, e, n in rows if e - w < 180]
        update = "UPDATE places SET west=?, south=?, east=?, north=?, radius_m=max(radius_m, ?) WHERE id=?"
        db.executemany(update, fits)


class _Said:
    """Tells how far it is, every hundred thousand rows."""

    def __init__(self, file: DumpFile, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self._started = time.perf_counter()

    def __call__(self, rows: int) -> None:
        if rows % _SAID_EVERY == 0:
            speed = rows / max(0.001, time.perf_counter() - self._started)
            self._progress(f"{self._file.called}: {rows:,} rows, {speed:,.0f} a second")


class _Loader:
    """One file on its way into the draft."""

    def __init__(self, draft: Draft, label: str, said: _Said) -> None:
        self.done = Merged()
        self._db = draft.db
        self._ranks = draft.ranks
        self._label = label
        self._said = said
        self._next = self._written = len(draft.ranks)
        self._towns = Towns(draft.db, self._next - 1)
        self._twins = Twins(draft.db, self._next - 1, self._towns)
        self._places: list[tuple[object, ...]] = []
        self._staged: list[tuple[str, int, int, int]] = []
        self._waiting: dict[str, Known] = {}

    def places(self, file: DumpFile, problems: Problems) -> None:
        """Areas first, so that towns find them by their codes; then all else."""
        areas = AreaOf(self._db, self._next - 1, self._towns)
        own = [place for place in file.places(Problems(file.called), _is_area) if _level(place) is not None]
        for place in sorted(own, key=lambda place: place.feature):
            self._area(place, areas)
        self._flush()
        for place in file.places(problems):
            self._said(problems.rows)
            if _level(place) is None:
                self._take(place, areas.find(place.country, place.admin1, place.admin2, place.lon, place.lat))
        self._flush()

    def names(self, file: DumpFile, problems: Problems) -> None:
        last, row = 0, 0
        for name in file.names(problems):
            self._said(problems.rows)
            if name.geonameid != last:
                known = self._twins.of_geonames(name.geonameid)
                last, row = name.geonameid, known.row if known else 0
            if row:
                self._stage(row, {name.name: name.kind})
        self._flush()

    def _area(self, place: DumpPlace, areas: AreaOf) -> None:
        first = place.feature == "A.ADM1"
        inside = (None, None) if first else areas.find(place.country, place.admin1, "", place.lon, place.lat)
        row = self._take(place, (inside[0], None), own_area="admin1" if first else "admin2")
        if first and place.admin1:
            areas.learn(f"{place.country}.{place.admin1}", row)
        elif place.admin1 and place.admin2:
            areas.learn(f"{place.country}.{place.admin1}.{place.admin2}", row)

    def _take(self, place: DumpPlace, areas: Areas, own_area: str = "") -> int:
        """Merges the place into the one that is there, or adds it; its row."""
        place_id = f"geonames:{place.geonameid}" if place.geonameid > 0 else f"{self._label}:{place.geonameid}"
        names = dict.fromkeys(place.others, NameKind.ALTERNATE)
        known = self._waiting.get(place_id)
        if known is None:
            own = place.geonameid > 0
            known = self._twins.of_geonames(place.geonameid) if own else self._twins.by_id(place_id)
        if known is None:
            keys = {_folded(name) for name in (place.name, *names)} - {""}
            known = self._twins.by_name(place, keys)
        if known is not None:
            self.done.merged += 1
            self._grow(known, place)
            self._stage(known.row, {place.name: NameKind.ALTERNATE, **names})
            return known.row
        self.done.added += 1
        row = self._next
        self._next += 1
        self._ranks.append(rank(place.feature, place.population))
        areas = {"admin1": (row, None), "admin2": (areas[0], row)}.get(own_area, areas)
        precision = precision_of(place.feature)
        if precision is Precision.COUNTRY:  # the base has every country; this one has gone, or is claimed
            precision = Precision.REGION
        head = (row, place_id, place.name, place.lon, place.lat, place.feature, precision.value, place.country)
        self._places.append((*head, *areas, place.population, radius_of(place.feature)))
        self._waiting[place_id] = Known(row, place.feature, place.population)
        if place.geonameid > 0:
            self._twins.mark(place.geonameid)
        self._stage(row, {**names, place.name: NameKind.NAME})
        if len(self._places) >= BATCH:
            self._flush()
        return row

    def _grow(self, known: Known, place: DumpPlace) -> None:
        """A population where none was known, and the prominence that comes with it."""
        if place.population and not known.population and not known.feature.startswith("A.PCL"):
            if known.row >= self._written:
                self._flush()
            self._ranks[known.row] = max(self._ranks[known.row], rank(known.feature, place.population))
            self._db.execute("UPDATE places SET population = ? WHERE id = ?", (place.population, known.row))
            self._db.execute("INSERT OR REPLACE INTO grown VALUES (?,?)", (known.row, self._ranks[known.row]))

    def _stage(self, row: int, names: dict[str, NameKind]) -> None:
        rank_now = self._ranks[row]
        for name, kind in names.items():
            key = _folded(name)
            if key:
                self._staged.append((key, row, int(kind), rank_now))
            if "'" in name or "’" in name:
                other = fold(name.replace("'", "").replace("’", ""))
                if other and other != key:
                    self._staged.append((other, row, int(kind), rank_now))
        if len(self._staged) >= 10 * BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(_PLACE, self._places)
        self._db.executemany("INSERT INTO staged VALUES (?,?,?,?)", self._staged)
        self._places, self._staged, self._waiting = [], [], {}
        self._written = self._next


_folded = lru_cache(maxsize=1_000)(fold)
"""A place's names are folded to look for its twin, and again to be written."""


def _is_area(line: bytes) -> bool:
    return b"\tA\tADM1\t" in line or b"\tA\tADM2\t" in line


def _level(place: DumpPlace) -> str | None:
    return place.feature if place.feature in ("A.ADM1", "A.ADM2") else None
