"""Toponyms and table rows -> places: what the workspace opens."""

from pathlib import Path

from geodata.contracts import Choices, NameMatcher, Resolver, TableGeocoder
from geodata.geocode.build import BuildReport, GazetteerInfo, build_gazetteer, gazetteer_info
from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.matcher import AutomatonMatcher
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.swap import WordsDiffer, stamp_of
from geodata.settings import Settings

__all__ = [
    "BuildReport",
    "GazetteerInfo",
    "SqliteGazetteer",
    "WordsDiffer",
    "build_gazetteer",
    "gazetteer_info",
    "make_resolver",
    "make_table_geocoder",
    "open_gazetteer",
    "open_matcher",
    "stamp_of",
]


def open_gazetteer(path: Path) -> SqliteGazetteer:
    """The gazetteer file; SetupError, naming `make setup`, where it is missing or of another version."""
    return SqliteGazetteer(path)


def open_matcher(path: Path, mark: str = "") -> NameMatcher:
    """The names of the gazetteer at `path`, to be found in running text; with a `mark`, those that belong to it.

    WordsDiffer where they are another gazetteer's: it is being replaced.
    """
    return AutomatonMatcher.open(path, mark)


def make_resolver(gazetteer: SqliteGazetteer, settings: Settings, choices: Choices | None = None) -> Resolver:
    """The resolver of a document's toponyms that `settings` asks for; it heeds what people chose for a name."""
    offline = GazetteerResolver(gazetteer, choices)
    if not settings.online_geocoder:
        return offline
    from geodata.geocode.online import with_online  # geopy's HTTP parts are for those who turn this on

    return with_online(offline, settings)


def make_table_geocoder(gazetteer: SqliteGazetteer, choices: Choices | None = None) -> TableGeocoder:
    """The geocoder of table rows, offline; it heeds what people chose for a name."""
    from geodata.geocode.table import TablePlaces  # and rapidfuzz with it, which stories do not need

    return TablePlaces(gazetteer, choices)
