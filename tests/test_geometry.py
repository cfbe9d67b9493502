"""Boxes and distances, longitude first."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import UsageError
from geodata.geometry import BBox, check_lon_lat, distance_m

LON = st.floats(-180, 180).map(lambda x: round(x, 6))
LAT = st.floats(-90, 90).map(lambda x: round(x, 6))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "accepted"),
        ("1,2,3", "3 numbers"),
        ("1,2,3,four", "not all numbers"),
        ("1,2,3,4,5", "5 numbers"),
        ("10,50,20,40", "south above its north"),
        ("-200,0,0,10", "off the map"),
        ("0,0,nan,10", "finite"),
        ("0,-91,1,2", "lat -90..90"),
    ],
)
def test_a_bbox_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        BBox.from_param(text)


def test_six_numbers_are_a_bbox_with_heights() -> None:
    assert BBox.from_param("1,2,0,3,4,100") == BBox(1, 2, 3, 4)


def test_a_swapped_pair_is_named() -> None:
    with pytest.raises(UsageError, match="swapped"):
        check_lon_lat(46.8, 135.4)


@given(LON, LAT, LON, LAT)
def test_a_bbox_survives_its_own_text(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    box = BBox(lon1, min(lat1, lat2), lon2, max(lat1, lat2))
    assert BBox.from_param(str(box)) == box


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [(179, -17, True), (-179, -17, True), (0, -17, False), (180, -17, True), (-180, -17, True), (179, 10, False)],
)
def test_a_bbox_over_the_antimeridian(lon: float, lat: float, inside: bool) -> None:
    assert BBox(177, -20, -178, -15).contains(lon, lat) is inside


@pytest.mark.parametrize(
    ("a", "b", "km"),
    [
        ((30.5234, 50.4501), (24.0297, 49.8397), 468),  # Kyiv to Lviv
        ((179.5, 0), (-179.5, 0), 111),
        ((0, 90), (0, -90), 20015),
    ],
)
def test_distances(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    assert math.isclose(distance_m(*a, *b) / 1000, km, rel_tol=0.01)
