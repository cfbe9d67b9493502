"""A row's country and areas, found by name: "DR Congo (Zaire)", "Aleppo Governorate", "Artemivsk raion"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.phrases import strip_designator
from geodata.geocode.records import NameKind
from geodata.geocode.similar import SimilarNames
from geodata.model import Precision

_PARENS = re.compile(r"[()\[\]/]")


@dataclass(frozen=True, slots=True)
class RowAreas:
    """What a row says of where it is: country code (empty: not said), its entry, and the areas that are known."""

    country: str = ""
    whole: Entry | None = None
    admin1: Entry | None = None
    admin2: Entry | None = None

    def rows(self) -> set[int]:
        return {area.row for area in (self.admin1, self.admin2) if area}


def find_row_areas(
    gazetteer: SqliteGazetteer, admin1: str, admin2: str, country: str, context: Sequence[str] = ()
) -> RowAreas:
    """The areas that the texts name, the larger first and each within the last; `context` is names of any level."""
    whole = find_country(gazetteer, country)
    first = find_area(gazetteer, Precision.ADMIN1, admin1, whole)
    second = find_area(gazetteer, Precision.ADMIN2, admin2, whole, first)
    for name in context:
        whole = whole or find_country(gazetteer, name)
        first = first or find_area(gazetteer, Precision.ADMIN1, name, whole)
        second = second or find_area(gazetteer, Precision.ADMIN2, name, whole, first)
    return RowAreas(whole.place.country if whole else "", whole, first, second)


def find_country(gazetteer: SqliteGazetteer, text: str) -> Entry | None:
    """The country by name in any language, former name or ISO code; of "A (B)" by A, then by B."""
    for part in (text, *_PARENS.split(text)):
        key = fold(part)
        if not key:
            continue
        for entry in gazetteer.lookup(key):
            if entry.place.precision is Precision.COUNTRY and entry.kind is not NameKind.DEMONYM:
                return entry
    return None


def find_area(
    gazetteer: SqliteGazetteer, level: Precision, text: str, country: Entry | None, parent: Entry | None = None
) -> Entry | None:
    """The area of a level by its name with or without its kind, inside `country` and `parent` where they are known."""
    if not text.strip():
        return None
    plain = strip_designator(text.strip())[0]
    fits = []
    for name in dict.fromkeys((text, plain, *(part for part in _PARENS.split(plain) if part.strip()))):
        for entry in gazetteer.lookup(fold(name)):
            if entry.place.precision is level and (country is None or entry.place.country == country.place.country):
                fits.append(entry)
        if fits:
            break
    if not fits and country is not None:
        fits = _alike(gazetteer, level, plain, country, parent)
    if parent is not None:
        return next((entry for entry in fits if entry.area1 == parent.row), None)
    return fits[0] if fits else None


def _alike(
    gazetteer: SqliteGazetteer, level: Precision, name: str, country: Entry, parent: Entry | None
) -> list[Entry]:
    feature = "A.ADM1" if level is Precision.ADMIN1 else "A.ADM2"
    similar = SimilarNames.of(gazetteer.country_places(country.place.country, feature))
    hits = similar.alike(fold(name), (parent.row,) if parent else ())
    return gazetteer.entries(place for _, place in hits)
