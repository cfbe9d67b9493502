"""Functions of ours that SQLite calls in queries and triggers; every connection to a store needs them (`add_to`)."""

import ast
import json
import sqlite3
from functools import lru_cache

from geodata.features import dumps, own_properties
from geodata.model import host_of
from geodata.query.words import NO_WORD, searchable, tokens
from geodata.shapes import Circle, Polygon

_KEPT = 32
"""Areas that are kept parsed: one for each query that runs at a time."""


def add_to(connection: sqlite3.Connection) -> None:
    """Makes them known to a connection."""
    connection.create_function("in_circle", 3, _in_circle, deterministic=True)
    connection.create_function("in_polygon", 3, _in_polygon, deterministic=True)
    connection.create_function("host_of", 1, host_of, deterministic=True)
    connection.create_function("publisher_or_host", 2, _publisher_or_host, deterministic=True)
    connection.create_function("searchable", 1, _searchable, deterministic=True)
    connection.create_function("searchable_names", 1, _searchable_names, deterministic=True)
    connection.create_function("folded_words", 1, folded_words, deterministic=True)
    connection.create_function("casefolded", 1, _casefolded, deterministic=True)
    connection.create_function("python_number", 1, _python_number, deterministic=True)
    connection.create_function("own_properties", 1, _own_properties, deterministic=True)


def folded_words(text: str) -> str:
    """Its words folded, a space before each: what begins a word is found behind a space."""
    return "".join(f" {word}" for word in tokens(text))


def _searchable(text: str | None) -> str:
    return searchable(text) if text else ""


def _searchable_names(names: str) -> str:
    """Of a JSON list; between two names stands what no search can ask for, so that no phrase reaches across."""
    return NO_WORD.join(map(searchable, json.loads(names)))


def _publisher_or_host(publisher: str, url: str) -> str:
    return publisher or host_of(url)


def _casefolded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _in_circle(lon: float | None, lat: float | None, circle: str) -> bool:
    return lon is not None and lat is not None and _circle(circle).contains(lon, lat)


def _in_polygon(lon: float | None, lat: float | None, corners: str) -> bool:
    return lon is not None and lat is not None and _polygon(corners).contains(lon, lat)


def _python_number(number: float | None) -> str | None:
    return None if number is None else dumps(number)


def _own_properties(properties: str) -> str:
    """The members of a feature that a row's own properties make, each after a comma."""
    return f",{dumps(own_properties(json.loads(properties)))[1:-1]}"


@lru_cache(_KEPT)
def _circle(text: str) -> Circle:
    return Circle(*ast.literal_eval(text))


@lru_cache(_KEPT)
def _polygon(text: str) -> Polygon:
    return Polygon(ast.literal_eval(text))
