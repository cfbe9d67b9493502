"""Places as areas: valid rings, counter-clockwise, none across the antimeridian, poles reached."""

import json
from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.export.circles import area, drawn
from geodata.features import Found, collection
from geodata.geometry import distance_m
from geodata.model import Precision
from tests.export.test_round_trip import EVENT, UNPLACED


def shape_of(lon: float, lat: float, radius_m: float) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(area(lon, lat, radius_m)))


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(1_000, 5_000_000))
def test_any_circle_is_a_valid_area(lon: float, lat: float, radius_m: float) -> None:
    found = shape_of(lon, lat, radius_m)
    assert found.is_valid
    west, south, east, north = found.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    for part in getattr(found, "geoms", [found]):
        assert part.exterior.is_ccw
    assert found.buffer(1e-5).covers(shapely.Point(lon, lat))


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m", "parts"),
    [(38, 48, 25_000, 1), (179.9, -17, 50_000, 2), (-179.99, 66, 20_000, 2), (0, 89, 300_000, 1), (170, -80, 2e6, 1)],
)
def test_its_edge_is_as_far_as_it_says(lon: float, lat: float, radius_m: float, parts: int) -> None:
    found = shape_of(lon, lat, radius_m)
    assert shapely.get_num_geometries(found) == parts
    corners = [corner for corner in shapely.get_coordinates(found) if abs(corner[0]) < 180 and abs(corner[1]) < 90]
    assert all(distance_m(lon, lat, *corner) == pytest.approx(radius_m, rel=0.01) for corner in corners)


def test_a_feature_keeps_the_middle_and_an_exact_place_its_point() -> None:
    made = json.loads(drawn(EVENT).text)
    assert made["geometry"]["type"] == "Polygon"
    assert (made["properties"]["lon"], made["properties"]["lat"]) == (38.000123, 48.59)
    assert EVENT.place
    exact = replace(EVENT, place=replace(EVENT.place, precision=Precision.EXACT, radius_m=0))
    assert json.loads(drawn(exact).text)["geometry"]["type"] == "Point"
    assert json.loads(drawn(UNPLACED).text)["geometry"] is None


@pytest.mark.parametrize(("lon", "lat"), [(10, 89.9), (0, 89), (-179, -89)])
def test_the_box_of_an_area_around_a_pole_goes_all_the_way_round(lon: float, lat: float) -> None:
    assert EVENT.place
    polar = replace(EVENT, place=replace(EVENT.place, lon=lon, lat=lat, precision=Precision.NEAR, radius_m=200_000.0))
    west, south, east, north = json.loads(b"".join(collection(Found(lambda: iter(()), lambda: iter([drawn(polar)])))))[
        "bbox"
    ]
    assert (west, east) == (-180.0, 180.0)
    assert abs(south if lat < 0 else north) == 90
