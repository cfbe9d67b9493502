"""Toponyms and table rows -> places. The tables of geocoders, and what the workspace opens."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from geodata.contracts import Gazetteer, NameMatcher, Resolver, TableGeocoder
from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.matcher import AutomatonMatcher
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.table import TablePlaces
from geodata.settings import Settings


def open_gazetteer(path: Path) -> SqliteGazetteer:
    """The gazetteer file; SetupError, naming `make setup`, where it is missing or of another version."""
    return SqliteGazetteer(path)


def open_matcher(path: Path) -> NameMatcher:
    """The names of the gazetteer at `path`, to be found in running text."""
    return AutomatonMatcher.open(path)


def make_resolver(gazetteer: SqliteGazetteer, settings: Settings) -> Resolver:
    return GazetteerResolver(gazetteer)


def make_table_geocoder(gazetteer: SqliteGazetteer) -> TableGeocoder:
    return TablePlaces(gazetteer)
