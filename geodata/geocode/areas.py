"""A row's country and areas, found by name: "DR Congo (Zaire)", "Aleppo Governorate", "Artemivsk raion"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.phrases import strip_designator
from geodata.geocode.records import NameKind
from geodata.geocode.similar import SimilarByCountry
from geodata.geometry import distance_m
from geodata.model import Precision

SEAT_RADIUS_M = 25_000.0
"""Half-width of a second level area that is known by its seat alone."""
_PARENS = re.compile(r"[()\[\]/]")
_CENTRAL = re.compile(r"^(?:mintaqat\s+|markaz\s+|mu[hḩ]afa[zz̧]at\s+|qa[dḑ][aā]\W?\s+)+", re.IGNORECASE)
_FEATURES = {Precision.ADMIN1: "A.ADM1", Precision.ADMIN2: "A.ADM2", Precision.EXACT: "P.%"}
_DIRECTIONS = re.compile(r"\b(?:north|south|east|west|upper|lower|central)")
"""Areas are told apart by them: the North Eastern Province is no spelling of the North Western."""
_BEYOND = 2.0
"""How many half-widths of the row's first level area away an area may lie that it is said to be in."""
PARTED: Mapping[str, tuple[str, ...]] = {
    "ET": ("ER",),
    "ID": ("TL",),
    "RS": ("BA", "HR", "ME", "MK", "SI", "XK"),
    "SD": ("SS",),
}
"""Countries that parted since 1989, when conflict tables begin: an area of the old one is looked for in these too."""
_CACHED_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class RowAreas:
    """What a row says of where it is: country code (empty: not said), its entry, and the areas that are known."""

    country: str = ""
    whole: Entry | None = None
    admin1: Entry | None = None
    admin2: Entry | None = None
    unknown: bool = False
    """Whether it names an area that is not known."""

    def rows(self) -> set[int]:
        return {area.row for area in (self.admin1, self.admin2) if area}


class AreaFinder:
    """Finds countries and areas in one gazetteer, and keeps what rows of a table ask for again and again."""

    def __init__(self, gazetteer: SqliteGazetteer) -> None:
        self._gazetteer = gazetteer
        self.similar = SimilarByCountry(gazetteer).names
        self.of_row = lru_cache(maxsize=_CACHED_ROWS)(self._of_row)

    def _of_row(self, admin1: str, admin2: str, country: str, context: tuple[str, ...] = ()) -> RowAreas:
        """The areas that the texts name, each within the larger one; `context` is names of any level."""
        whole = self.country(country)
        first = self.area(Precision.ADMIN1, admin1, whole)
        if first is None and whole is not None and admin1.strip():
            whole, first = self._parted(whole, admin1)
        second = self.area(Precision.ADMIN2, admin2, whole, first)
        if second is None and whole is not None and (first is not None or not admin1):
            second = self._seat(admin2, whole, first)
        unknown = bool((admin1.strip() and not first) or (admin2.strip() and not second))
        for name in context:
            whole = whole or self.country(name)
            first = first or self.area(Precision.ADMIN1, name, whole)
            second = second or self.area(Precision.ADMIN2, name, whole, first)
        return RowAreas(whole.place.country if whole else "", whole, first, second, unknown)

    def _parted(self, whole: Entry, admin1: str) -> tuple[Entry, Entry | None]:
        """The country that an area has left `whole` with, and the area; `whole` itself where there is none."""
        for code in PARTED.get(whole.place.country, ()):
            state = self.country(code)
            named = self.country(strip_designator(admin1.strip())[0])
            if state and named and named.row == state.row:  # "Kosovo province"
                return state, None
            area = self._exact(Precision.ADMIN1, admin1, state, None) if state else None
            if state and area:
                return state, area
        return whole, None

    def country(self, text: str) -> Entry | None:
        """The country by name in any language, former name or ISO code; of "A (B)" by A, then by B."""
        for part in (text, *_PARENS.split(text)):
            for entry in self._gazetteer.lookup(fold(part)):
                if entry.place.precision is Precision.COUNTRY and entry.kind is not NameKind.DEMONYM:
                    return entry
        return None

    def area(self, level: Precision, text: str, country: Entry | None, parent: Entry | None = None) -> Entry | None:
        """The area of a level by its name, with or without its kind, inside `country` and `parent` where given."""
        if not text.strip():
            return None
        found = self._exact(level, text, country, parent)
        if found is None and parent is not None:
            found = self._beyond(level, text, parent)
        return found or (self._alike(level, text, country, parent) if country else None)

    def _exact(self, level: Precision, text: str, country: Entry | None, parent: Entry | None) -> Entry | None:
        for name in _spellings(text):
            found = [entry for entry in self._gazetteer.lookup(fold(name)) if entry.place.precision is level]
            fits = [e for e in found if country is None or e.place.country == country.place.country]
            fits = [e for e in fits if parent is None or e.area1 == parent.row]
            if fits:
                return fits[0]
        return None

    def _beyond(self, level: Precision, text: str, parent: Entry) -> Entry | None:
        """An area that the row puts into another one than the gazetteer does: borders were drawn anew.

        Only where it alone has the name in its country, and not far from where the row puts it.
        """
        country = parent.place.country
        for name in _spellings(text):
            found = {e.row: e for e in self._gazetteer.lookup(fold(name)) if e.place.precision is level}
            fits = [entry for entry in found.values() if entry.place.country == country]
            if len(fits) == 1:
                one, other = fits[0].place, parent.place
                away_m = distance_m(one.lon, one.lat, other.lon, other.lat)
                return fits[0] if away_m < _BEYOND * other.radius_m else None
        return None

    def _seat(self, text: str, country: Entry, parent: Entry | None) -> Entry | None:
        """The town that a second level area is named after, standing for it: districts come and go, seats stay."""
        if not text.strip():
            return None
        for name in _spellings(text):
            for entry in self._gazetteer.lookup(fold(name)):
                fits = entry.is_town and entry.place.country == country.place.country
                if fits and (parent is None or entry.area1 == parent.row):
                    return _as_area(entry)
        found = self._alike(Precision.EXACT, text, country, parent)
        return _as_area(found) if found else None

    def _alike(self, level: Precision, text: str, country: Entry, parent: Entry | None) -> Entry | None:
        similar = self.similar(country.place.country, _FEATURES[level])
        for name in _spellings(text):
            folded = fold(name)
            said = _DIRECTIONS.findall(folded)
            hits = similar.spelled(folded, (parent.row,) if parent else ())
            hits = [hit for hit in hits if _DIRECTIONS.findall(hit[2]) == said]
            if hits:
                best = max(hits)[0]
                rows = sorted({row for score, row, _ in hits if score == best})
                return max(self._gazetteer.entries(rows), key=lambda entry: entry.place.population)
        return None


def _spellings(text: str) -> list[str]:
    """The text, without its kind, without "central", and the parts of it that brackets or slashes divide."""
    text = text.strip()
    plain = strip_designator(text)[0]
    parts = [part.strip() for part in _PARENS.split(plain)]
    return list(dict.fromkeys(name for name in (text, plain, _CENTRAL.sub("", plain), *parts) if name))


def _as_area(town: Entry) -> Entry:
    place = replace(town.place, precision=Precision.ADMIN2, radius_m=SEAT_RADIUS_M)
    return replace(town, place=place)
