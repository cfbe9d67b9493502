"""Finds the place that is in the gazetteer already: by geonameid, else by a shared name within 3 km."""

import json
import math
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from geodata.geocode.additions.dump import DumpPlace
from geodata.geocode.additions.kinds import compatible, precision_of
from geodata.geocode.additions.towns import Towns
from geodata.geocode.phrases import strip_designator
from geodata.geometry import distance_m
from geodata.model import Precision

SAME_PLACE_M = 3_000.0
_REACH_DEG = SAME_PLACE_M / 111_000
_BY_ID = "SELECT id, feature, population FROM places WHERE place_id = ?"
_POPULATION = "SELECT population FROM places WHERE id = ?"
_CALLED = """SELECT p.id, p.feature, p.population, p.lon, p.lat, p.radius_m FROM json_each(?) j
    JOIN names n ON n.fold = j.value JOIN places p ON p.id = n.place
    WHERE p.id <= ? AND p.country IN (?, '') AND n.kind < 5"""
_SHARES = "SELECT 1 FROM json_each(?) j JOIN names n ON n.fold = j.value AND n.place = ? LIMIT 1"
_AREA_NAMES = """SELECT p.country, p.precision, n.fold, p.id FROM names n CROSS JOIN places p ON p.id = n.place
    WHERE p.precision IN ('admin1', 'admin2') AND p.id <= ? AND n.kind < 4"""
_AREA = "SELECT id, feature, population, lon, lat, radius_m FROM places WHERE id = ?"
_MOST_MARKED = 1 << 26
"""Geonameids below this are marked in 8 MB of bits; they have come to 13 million in twenty years."""
_AREA_LEVELS = (Precision.ADMIN1, Precision.ADMIN2)


@dataclass(frozen=True, slots=True)
class Known:
    """A place that is there already: its row, feature and population."""

    row: int
    feature: str
    population: int


class Twins:
    """Asks the gazetteer's rows up to `last`: a dump's own rows are told apart by their ids alone."""

    def __init__(self, db: sqlite3.Connection, last: int, towns: Towns) -> None:
        self._db = db
        self._last = last
        self._near = towns
        self._seen = bytearray(_MOST_MARKED // 8)
        for (place_id,) in db.execute("SELECT place_id FROM places WHERE place_id LIKE 'geonames:%'"):
            number = place_id.removeprefix("geonames:")
            if number.isdecimal():  # areas whose geonameid is not told have their code there
                self.mark(int(number))
        self._area_names: dict[tuple[str, str, str], list[int]] = {}

    def mark(self, geonameid: int) -> None:
        """Notes that there is a place of this id from now on."""
        if 0 <= geonameid < _MOST_MARKED:
            self._seen[geonameid >> 3] |= 1 << (geonameid & 7)

    def of_geonames(self, geonameid: int) -> Known | None:
        """The place of a geonameid; of one that was never noted, the database is not asked."""
        if 0 <= geonameid < _MOST_MARKED and not self._seen[geonameid >> 3] >> (geonameid & 7) & 1:
            return None
        return self.by_id(f"geonames:{geonameid}")

    def by_id(self, place_id: str) -> Known | None:
        found = self._db.execute(_BY_ID, (place_id,)).fetchone()
        return Known(*found) if found else None

    def by_name(self, place: DumpPlace, keys: Collection[str]) -> Known | None:
        """The nearest place of a compatible kind, in the same country, that shares one of the folded names."""
        level = precision_of(place.feature)
        if place.feature.startswith("P."):
            return self._nearest(place, self._towns(place), keys)
        if level in _AREA_LEVELS:
            return self._nearest(place, self._areas(place, level, keys), ())
        asked = (json.dumps(list(keys), ensure_ascii=False), self._last, place.country)
        return self._nearest(place, self._db.execute(_CALLED, asked).fetchall(), ())

    def _towns(self, place: DumpPlace) -> list[tuple[int, str, int, float, float, float]]:
        wide = _REACH_DEG / max(0.01, math.cos(math.radians(place.lat)))
        return [
            (town.row, town.feature, self._population(town.row), town.lon, town.lat, 0.0)
            for town in self._near.within(place.country, place.lon, place.lat, wide, _REACH_DEG)
        ]

    def _population(self, row: int) -> int:
        """As it is by now: the dump may have told it since."""
        return int(self._db.execute(_POPULATION, (row,)).fetchone()[0])

    def _areas(
        self, place: DumpPlace, level: Precision, keys: Collection[str]
    ) -> list[tuple[int, str, int, float, float, float]]:
        """Areas called so without their kind: "Bolhrad" is "Bolhrad Raion" where it lies in it."""
        if not self._area_names:
            for country, precision, key, row in self._db.execute(_AREA_NAMES, (self._last,)):
                self._area_names.setdefault((country, precision, strip_designator(key)[0]), []).append(row)
        asked = {(place.country, level.value, strip_designator(key)[0]) for key in keys}
        rows = {row for key in asked for row in self._area_names.get(key, ())}
        return [self._db.execute(_AREA, (row,)).fetchone() for row in sorted(rows)]

    def _nearest(
        self, place: DumpPlace, rows: list[tuple[int, str, int, float, float, float]], keys: Collection[str]
    ) -> Known | None:
        near = []
        for row, feature, population, lon, lat, radius_m in rows:
            away_m = distance_m(place.lon, place.lat, lon, lat)
            if away_m <= max(SAME_PLACE_M, radius_m) and compatible(feature, place.feature):
                near.append((away_m, Known(row, feature, population)))
        asked = json.dumps(list(keys), ensure_ascii=False) if near else ""
        for _away, known in sorted(near, key=lambda item: item[0]):
            if not keys or self._db.execute(_SHARES, (asked, known.row)).fetchone():
                return known
        return None
