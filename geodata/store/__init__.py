"""The record: events, stories, sources and their history in a database. One line per kind of database in `STORES`."""

from collections.abc import Callable, Mapping

from geodata.contracts import EventStore
from geodata.errors import UsageError, shown
from geodata.store.sqlite import open_sqlite

STORES: Mapping[str, Callable[[str], EventStore]] = {"sqlite": open_sqlite}


def open_store(url: str) -> EventStore:
    """The store at an SQLAlchemy URL (`sqlite:////path/to/file.sqlite`), made or brought up to date where needed.

    UsageError for a kind of database that is not in `STORES`; StoreError where it cannot be opened, is no store of
    Dateline's, or was made by a newer version.
    """
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme not in STORES or "://" not in url:
        accepted = ", ".join(f"{name}:///path" for name in STORES)
        raise UsageError(f"{shown(url)} names no kind of store that is known; accepted: {accepted}")
    return STORES[scheme](url)
