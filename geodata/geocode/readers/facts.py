"""Our own facts: seas, rivers, regions and sites with positions (CSV), and names that places had (renamed.csv).

Columns of a file of places: name, feature, lon, lat, radius_km, country (ISO code, empty for none or several), aliases
parted by |. Columns of renamed.csv: old, now, country: the largest place called `now` in that country also gets `old`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from geodata.geocode.fold import fold
from geodata.geocode.readers.extent import Extent, extent_around, half_width_m
from geodata.geocode.records import NameKind, Record
from geodata.model import Precision

FACTS = Path(__file__).parent.parent / "facts"
PLACE_FILES = ("seas.csv", "waters.csv", "regions.csv", "sites.csv")
_POINTS_UP_TO_M = 5_000.0


def read_fact_places(folder: Path = FACTS) -> Iterator[Record]:
    """Every place of our facts: a region, or an exact point where its radius is 5 km or less."""
    for file_name in PLACE_FILES:
        with (folder / file_name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                radius_m = float(row["radius_km"]) * 1000
                record = Record(
                    "dateline:" + fold(row["name"]).replace(" ", "-"),
                    row["name"],
                    float(row["lon"]),
                    float(row["lat"]),
                    row["feature"],
                    row["country"],
                    Precision.REGION if radius_m > _POINTS_UP_TO_M else Precision.EXACT,
                    radius_m=radius_m if radius_m > _POINTS_UP_TO_M else 0.0,
                )
                record.add_name(row["name"], NameKind.NAME)
                for alias in row["aliases"].split("|"):
                    record.add_name(alias, NameKind.ALTERNATE)
                yield record


def read_renamed(folder: Path = FACTS) -> Iterator[tuple[str, str, str]]:
    """Old name, present name and country code of places that stories call by an old name."""
    with (folder / "renamed.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["old"], row["now"], row["country"]


def read_country_centres(folder: Path = FACTS) -> dict[str, tuple[float, float]]:
    """ISO code -> lon, lat of a country's centre as The World Factbook (CIA, public domain) rounds it.

    The United States have the middle of the 48 contiguous states instead (National Geodetic Survey).
    """
    with (folder / "country_centres.csv").open(encoding="utf-8", newline="") as lines:
        return {row["country"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)}


def read_area_extents(folder: Path = FACTS) -> Iterator[tuple[str, Extent]]:
    """GeoNames code of an area ("UA.08", "NG.43.35012") with where it is; of a code told twice the later holds.

    area_extents.csv is Natural Earth's outlines in numbers (tools/area_extents.py makes it); area_centres.csv is ours,
    to some 10 km: second level areas of which no outline and few towns are at hand.
    """
    with (folder / "area_extents.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            west, south, east, north = (float(row[edge]) for edge in ("west", "south", "east", "north"))
            radius_m = half_width_m(west, south, east, north)
            yield row["code"], Extent(float(row["lon"]), float(row["lat"]), (west, south, east, north), radius_m)
    with (folder / "area_centres.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield row["code"], extent_around(float(row["lon"]), float(row["lat"]), float(row["radius_km"]) * 1000)


def read_spellings(table: str, folder: Path = FACTS) -> dict[str, str]:
    """Code -> the name that English news uses, of town_spellings, area_names or country_names.

    Codes are GeoNames' ids of towns, its codes of areas ("UA.11"), ISO codes of countries. An empty name: the map has
    no label there, such as for a part of a city.
    """
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}
