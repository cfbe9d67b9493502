"""The ground that towns stand for."""

import pytest
from shapely.geometry import box

from geodata.geocode.records import Record
from geodata.geocode.territory import territories


def town(name: str, lon: float, lat: float, admin1: str, admin2: str = "") -> Record:
    return Record(name, name, lon, lat, "P.PPL", "XX", admin1=admin1, admin2=admin2)


def test_each_area_gets_the_land_nearest_to_its_towns() -> None:
    towns = [town("a", 1, 1, "west"), town("b", 1.2, 1, "west"), town("c", 3, 1, "east", "inner")]
    found = territories({"XX": box(0, 0, 6, 2), "YY": box(10, 0, 12, 2)}, towns)
    assert set(found) == {"west", "east", "inner"}
    assert (found["west"].lon, found["east"].lon) == pytest.approx((1.05, 4.05), abs=0.1)
    assert found["east"].bounds == pytest.approx((2.1, 0, 6, 2), abs=0.2)
    assert found["inner"] == found["east"]


def test_an_area_across_the_antimeridian_has_its_middle_there() -> None:
    towns = [town("a", 179, 0, "isles"), town("b", -179, 0, "isles")]
    outline = box(178, -1, 180, 1).union(box(-180, -1, -178, 1))
    isles = territories({"XX": outline}, towns)["isles"]
    assert abs(isles.lon) == pytest.approx(180, abs=0.1)
    assert isles.bounds[0] > 0 > isles.bounds[2]
