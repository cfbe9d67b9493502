"""What the default gazetteer knows of what news names: a table of names, present and former, in four scripts."""

import csv
import math
from pathlib import Path

import pytest

from geodata.geocode import SqliteGazetteer
from geodata.geocode.gazetteer import Entry
from geodata.model import Precision

with (Path(__file__).parent / "world_names.csv").open(encoding="utf-8", newline="") as lines:
    NAMES = [(row["name"], float(row["lon"]), float(row["lat"])) for row in csv.DictReader(lines)]
AWAY_KM = {Precision.EXACT: 30.0, Precision.COUNTRY: 400.0}
"""Our table says where a thing is to a tenth of a degree or a degree; of an area, wherever its middle may be."""


@pytest.mark.parametrize(("name", "lon", "lat"), NAMES, ids=[name for name, _lon, _lat in NAMES])
def test_known_and_where_it_is(real: SqliteGazetteer, name: str, lon: float, lat: float) -> None:
    assert any(fits(entry, lon, lat) for entry in real.named(name)), [entry.place for entry in real.named(name)]


def fits(entry: Entry, lon: float, lat: float) -> bool:
    place = entry.place
    away_km = math.hypot((place.lon - lon) * math.cos(math.radians(lat)), place.lat - lat) * 111
    return away_km <= max(AWAY_KM.get(place.precision, 60.0), place.radius_m / 1000 * 1.2)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("у Мелітополі", "Melitopol"),
        ("Херсоні", "Kherson"),
        ("Бахмутом", "Bakhmut"),
        ("Херсоне", "Kherson"),
        ("Харкова", "Kharkiv"),
        ("Києва", "Kyiv"),
        ("Львові", "Lviv"),
        ("Маріуполя", "Mariupol"),
        ("Москвы", "Moscow"),
        ("Донецької області", "Donetsk Oblast"),
    ],
)
def test_in_another_case(real: SqliteGazetteer, written: str, name: str) -> None:
    found = real.named(written.removeprefix("у "))
    assert name in {entry.place.name for entry in found}


@pytest.mark.parametrize(
    ("town", "areas"),
    [
        ("Dobropillia", ["Pokrovsk Raion", "Donetsk Oblast", "Ukraine"]),
        ("Guadalajara", ["Guadalajara", "Jalisco", "Mexico"]),
    ],
)
def test_the_areas_above_a_town(real: SqliteGazetteer, town: str, areas: list[str]) -> None:
    found = [real.above(hit.place.place_id) for hit in real.search(town) if hit.place.feature.startswith("P.")]
    assert areas in [[area.name for area in above] for above in found]
