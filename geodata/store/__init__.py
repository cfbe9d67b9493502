"""The record: events, stories, sources and their history in a database. One line per kind of database in `STORES`."""

from collections.abc import Callable, Mapping

from geodata.contracts import EventStore
from geodata.errors import UsageError, shown
from geodata.settings import hidden
from geodata.store.sqlite import open_sqlite


def _open_postgis(url: str) -> EventStore:
    from geodata.store.postgis import open_postgis  # its driver takes a tenth of a second to load

    return open_postgis(url)


STORES: Mapping[str, Callable[[str], EventStore]] = {
    "sqlite": open_sqlite,
    "postgresql": _open_postgis,
    "postgres": _open_postgis,
}
ACCEPTED = "sqlite:///path, postgresql://user:password@host:5432/database"


def open_store(url: str) -> EventStore:
    """The store at an SQLAlchemy URL (ACCEPTED), made or brought up to date where needed.

    UsageError for a kind of database that is not in `STORES`; StoreError where it cannot be opened, is no store of
    Dateline's, or was made by a newer version.
    """
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme not in STORES or "://" not in url:
        raise UsageError(f"{shown(hidden(url))} names no kind of store that is known; accepted: {ACCEPTED}")
    return STORES[scheme](url)
