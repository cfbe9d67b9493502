"""Functions of ours that SQLite calls in queries and triggers; every connection to a store needs them (`add_to`)."""

import ast
import sqlite3
from functools import lru_cache

from geodata.model import host_of
from geodata.shapes import Circle, Polygon

_KEPT = 32
"""Areas that are kept parsed: one for each query that runs at a time."""


def add_to(connection: sqlite3.Connection) -> None:
    """Makes them known to a connection."""
    connection.create_function("in_circle", 3, _in_circle, deterministic=True)
    connection.create_function("in_polygon", 3, _in_polygon, deterministic=True)
    connection.create_function("host_of", 1, host_of, deterministic=True)


def _in_circle(lon: float | None, lat: float | None, circle: str) -> bool:
    return lon is not None and lat is not None and _circle(circle).contains(lon, lat)


def _in_polygon(lon: float | None, lat: float | None, corners: str) -> bool:
    return lon is not None and lat is not None and _polygon(corners).contains(lon, lat)


@lru_cache(_KEPT)
def _circle(text: str) -> Circle:
    return Circle(*ast.literal_eval(text))


@lru_cache(_KEPT)
def _polygon(text: str) -> Polygon:
    return Polygon(ast.literal_eval(text))
