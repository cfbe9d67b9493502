"""Towns near a place, as adding dumps asks for them."""

import sqlite3

import pytest

from geodata.geocode.additions.towns import Towns
from geodata.geocode.schema import TABLES

PLACES = [  # row, lon, lat, feature, country
    (1, 30.05, 50.05, "P.PPL", "UA"),
    (2, 29.96, 50.0, "P.PPL", "UA"),
    (3, 30.05, 50.05, "P.PPL", "BY"),
    (4, 30.05, 50.05, "H.STM", "UA"),
    (5, -0.01, -0.01, "P.PPL", "UA"),
    (6, 30.06, 50.06, "P.PPL", "UA"),
]


@pytest.mark.parametrize(
    ("lon", "lat", "reach", "expected"),
    [
        (30.0, 50.0, 0.06, [1, 2]),
        (30.0, 50.0, 0.045, [2]),
        (0.0, 0.0, 0.02, [5]),
        (0.0, 0.0, 0.005, []),
        (29.5, 49.5, 0.6, [1, 2]),
    ],
)
def test_towns_in_a_box_are_those_of_the_country_known_before(
    lon: float, lat: float, reach: float, expected: list[int]
) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(TABLES)
    for row, x, y, feature, country in PLACES:
        values = (row, str(row), "", x, y, feature, "exact", country, None, None, 0, 0.0, None, None, None, None)
        db.execute(f"INSERT INTO places VALUES ({','.join('?' * 16)})", values)
    found = Towns(db, last=5).within("UA", lon, lat, reach, reach)
    assert sorted(town.row for town in found) == expected
