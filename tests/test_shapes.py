"""Circles and polygons: what is inside, against shapely too; the antimeridian, the poles, the edges."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.geometry import distance_m
from geodata.shapes import Circle, Polygon
from tests.random_events import circles, lats, lons, polygons

SQUARE = Polygon(((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)))
BOW_TIE = Polygon(((0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)))
STAR = Polygon(tuple((10 * math.sin(0.8 * math.pi * i), 10 * math.cos(0.8 * math.pi * i)) for i in range(5)))
FIJI = Polygon(((177.0, -20.0), (182.0, -20.0), (182.0, -15.0), (177.0, -15.0)))
NORTH = Polygon(((-180.0, 80.0), (0.0, 80.0), (180.0, 80.0), (180.0, 90.0), (0.0, 90.0), (-180.0, 90.0)))
NEEDLE = Polygon(((0.0, 5.0), (10.0, 5.0), (20.0, 5.0)))


@pytest.mark.parametrize(
    ("polygon", "lon", "lat", "inside"),
    [
        (SQUARE, 5, 5, True),
        (SQUARE, 11, 5, False),
        (SQUARE, 5, -1, False),
        (SQUARE, 0, 5, True),  # the western and the southern edge belong to it
        (SQUARE, 5, 0, True),
        (SQUARE, 10, 5, False),
        (SQUARE, 5, 10, False),
        (BOW_TIE, 1, 5, True),
        (BOW_TIE, 5, 1, False),
        (STAR, 0, 0, False),  # by the even-odd rule the middle of a pentagram is out
        (STAR, 0, 8, True),
        (FIJI, 179, -17, True),
        (FIJI, -179, -17, True),
        (FIJI, 180, -17, True),
        (FIJI, -180, -17, True),
        (FIJI, 0, -17, False),
        (NORTH, 123, 85, True),
        (NORTH, -123, 79, False),
        (NEEDLE, 5, 5, False),
    ],
)
def test_inside_by_the_even_odd_rule(polygon: Polygon, lon: float, lat: float, inside: bool) -> None:
    assert polygon.contains(lon, lat) is inside


@given(polygons(), lons, lats)
def test_a_polygon_agrees_with_shapely_away_from_its_edges(polygon: Polygon, lon: float, lat: float) -> None:
    ring = shapely.LinearRing(polygon.corners)
    turned = [shapely.Point(lon + turn, lat) for turn in (-360, 0, 360)]
    assume(all(ring.distance(point) > 1e-9 for point in turned))
    # the even-odd rule over a ring that crosses itself: noded, cut into faces, those of odd depth taken
    faces = shapely.get_parts(shapely.polygonize([shapely.node(ring)]))
    inside = [face for face in faces if _odd(polygon, face.representative_point())]
    assume(all(face.area > 1e-6 for face in faces))
    assert polygon.contains(lon, lat) is any(face.contains(point) for face in inside for point in turned)


def _odd(polygon: Polygon, point: shapely.Point) -> bool:
    """How often a line from the point due east crosses the ring, by shapely."""
    ray = shapely.LineString([(point.x, point.y), (1000, point.y + 1e-7)])
    sides = [shapely.LineString(side) for side in polygon.sides()]
    return sum(side.crosses(ray) for side in sides) % 2 == 1


@given(polygons() | circles, st.lists(st.tuples(lons, lats), max_size=20))
def test_many_positions_are_told_as_one_by_one(area: Polygon | Circle, positions: list[tuple[float, float]]) -> None:
    xs, ys = np.array(positions, dtype=float).reshape(-1, 2).T
    told = area.contains_many(xs, ys).tolist()
    if isinstance(area, Circle):  # numpy's sine may differ in the last bit, so that only the very edge may
        edge = [abs(distance_m(area.lon, area.lat, x, y) - 1000 * area.km) < 1e-3 for x, y in positions]
        assert all(a == b or e for a, b, e in zip(told, [area.contains(x, y) for x, y in positions], edge, strict=True))
    else:
        assert told == [area.contains(x, y) for x, y in positions]


@given(polygons() | circles, lons, lats)
def test_the_box_holds_all_that_is_inside(area: Polygon | Circle, lon: float, lat: float) -> None:
    assert not area.contains(lon, lat) or area.bbox().contains(lon, lat)


@pytest.mark.parametrize(
    ("circle", "lon", "lat", "inside"),
    [
        (Circle(179.9, 0, 50), -179.9, 0, True),
        (Circle(179.9, 0, 20), -179.9, 0, False),
        (Circle(0, 90, 112), 77, 89, True),
        (Circle(0, 90, 110), 77, 89, False),
        (Circle(30, 50, 20_040), -150, -50, True),
        (Circle(30, 50, 0.001), 30, 50, True),
    ],
)
def test_within_so_many_kilometres(circle: Circle, lon: float, lat: float, inside: bool) -> None:
    assert circle.contains(lon, lat) is inside
    assert circle.contains_many(np.array([float(lon)]), np.array([float(lat)])).tolist() == [inside]


def test_500_corners_are_told_quickly_and_right() -> None:
    ring = Polygon(
        tuple((20 * math.cos(2 * math.pi * i / 500), 20 * math.sin(2 * math.pi * i / 500)) for i in range(500))
    )
    assert ring.contains(19.9, 0)
    assert not ring.contains(20.1, 0)
    assert Polygon.from_param(str(ring)).bbox().contains(19.99, 0)
