"""What the makers of rows share: columns by name, and places, days, deaths and actors made of cells.

Cells of a table repeat (a town, a day, a pair of sides), so the functions here are wrapped in an `lru_cache` by the
maker that uses them: it lives as long as one import.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from geodata.contracts.tables import ColumnMapping, Credit, Remark
from geodata.errors import UsageError, shown
from geodata.event_types import load_event_types
from geodata.geometry import check_lon_lat
from geodata.model import DEFAULT_RADIUS_M, Fatalities, Place, Precision
from geodata.quick import quick
from geodata.sources.formats.countries import iso2
from geodata.sources.formats.typenames import Kind

T = TypeVar("T")
Cells = Sequence[str]
MOST_REMEMBERED = 20_000
MOST_DEATHS = 10_000_000  # of one event; beyond, a cell holds something else
_made_place = quick(Place)


class BadCell(UsageError):
    """What one column holds cannot be taken."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(f"{column} {message}" if column else message)
        self.column, self.message = column, message


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """The function with its last MOST_REMEMBERED answers at hand; errors are not remembered."""
    return lru_cache(MOST_REMEMBERED)(function)


class Header:
    """A table's columns by name, without regard to case. Records are given one empty cell more, for what is lacking."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(name.strip() for name in names)
        self.width = len(self.names)
        self._at = {name.casefold(): index for index, name in reversed(list(enumerate(self.names)))}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._at

    def index(self, *names: str) -> int:
        """Where the first of these columns is that the table has; else the empty cell behind the last."""
        return next((self._at[name.casefold()] for name in names if name.casefold() in self._at), self.width)

    def pick(self, *names: str | tuple[str, ...]) -> Callable[[Cells], tuple[str, ...]]:
        """Takes these columns' cells out of a record; a tuple of names stands for the first that the table has."""
        return itemgetter(*(self.index(*((name,) if isinstance(name, str) else name)) for name in names))

    def rest(self, used: Sequence[str], credit: Credit) -> Callable[[Cells], dict[str, str]]:
        """Takes out of a record what no column of `used` holds: name -> cell, without empty ones; and the credit."""
        said = {"licence": credit.licence, "attribution": credit.attribution}
        passed = {name.casefold() for name in used}
        kept = [(name, index) for index, name in enumerate(self.names) if name and name.casefold() not in passed]
        if len(kept) < 2:
            return lambda cells: {**{name: cells[index] for name, index in kept if cells[index]}, **said}
        names, take = tuple(name for name, _ in kept), itemgetter(*(index for _, index in kept))
        if len(set(names)) < len(names):
            return lambda cells: {**{name: cell for name, cell in zip(names, take(cells), strict=True) if cell}, **said}

        def taken(cells: Cells) -> dict[str, str]:
            found = dict(zip(names, take(cells), strict=True))
            if "" in found.values():
                found = {name: cell for name, cell in found.items() if cell}
            found.update(said)
            return found

        return taken


def place_at(
    name: str, lon: str, lat: str, precision: Precision, country: str = "", admin1: str = "", admin2: str = "",
    radius_m: float = 0.0,
) -> Place:  # fmt: skip
    """A place of cells; `country` is an ISO code or empty. UsageError where lon and lat are no position."""
    x, y = check_lon_lat(degrees(lon, "longitude"), degrees(lat, "latitude"))
    doubt = radius_m if radius_m > 0 else DEFAULT_RADIUS_M[precision]
    return _made_place(name, x, y, precision, country, admin1, admin2, radius_m=doubt)


def degrees(text: str, column: str) -> float:
    """Degrees with a decimal point; BadCell says what the column held."""
    try:
        return float(text)
    except ValueError as error:
        what = "is empty" if not text else f"{shown(text)} is not a number of degrees"
        raise BadCell(column, f"{what}; accepted: 35.3708") from error


def day_of(text: str) -> date:
    """The day of an ISO 8601 date, or of YYYYMMDD; a time behind it is passed over. UsageError says what it was."""
    try:
        return date.fromisoformat(text[:10] if "-" in text[:5] else text[:8])
    except ValueError as error:
        what = "its date is empty" if not text else f"{shown(text)} is not a date"
        raise UsageError(f"{what}; accepted: 2022-11-11") from error


def deaths_of(low: str, best: str, high: str) -> Fatalities | None:
    """Deaths of UCDP's three columns; None where all are empty. BadCell where one is no whole number from 0 up."""
    if not (low or best or high):
        return None
    return Fatalities(whole("low", low), whole("best", best), whole("high", high))


def whole(column: str, text: str) -> int | None:
    """A whole number from 0 up ("3", "3.0"), None for an empty cell; BadCell says what it was."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= MOST_DEATHS or number != int(number):
        raise BadCell(column, f"{shown(text)} is not a whole number from 0 to {MOST_DEATHS:,}")
    return int(number)


def actors_of(*names: str) -> tuple[str, ...]:
    """The names that are not empty, each once, in order."""
    return tuple(dict.fromkeys(name for name in names if name))


def country_words(text: str) -> tuple[str, Mapping[str, str]]:
    """The ISO code of a country cell and, where it is not known, the cell as a property."""
    code = iso2(text)
    return (code, {}) if code or not text else ("", {"country": text})


def kind_of(mapping: ColumnMapping, theirs: str, ours: Kind) -> Kind:
    """Our type for a word of theirs: what a person said of it, else what the format's table says."""
    said = mapping.type_names.get(theirs)
    return type_said(said) if said else ours


def type_said(text: str) -> Kind:
    """ "Battles/Armed clash" -> its two names; a type's own name may hold a slash too."""
    parts = text.split("/")
    for cut in range(len(parts), 0, -1):
        if (name := "/".join(parts[:cut])) in load_event_types():
            return name, "/".join(parts[cut:])
    return text, ""


def unplaced(
    error: UsageError, name: str, position: Sequence[str], areas: Sequence[str], properties: dict[str, str],
    changes: list[Remark],
) -> None:  # fmt: skip
    """Tells that an event stays without a place, and keeps its words for the geocoder: country, admin1, admin2."""
    column = error.column if isinstance(error, BadCell) else "latitude"
    changes.append(Remark(column, f"{error}; kept without a place"))
    lon, lat = position
    words = zip(
        ("place", "longitude", "latitude", "country", "admin1", "admin2"), (name, lon, lat, *areas), strict=False
    )
    properties.update((key, word) for key, word in words if word)
