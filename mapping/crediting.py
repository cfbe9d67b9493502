"""Who is to be credited where no event carries its own credit: for tiles, and for the collection as a whole."""

from collections.abc import Sequence
from dataclasses import replace

from geodata.allowed import Release
from geodata.contracts import EventStore
from geodata.credits import ATTRIBUTION, LICENCE, UNNAMED
from geodata.query import EventQuery
from mapping.asking import Now
from mapping.describing import others

MOST_NAMED = 8
"""Sources in a line under a map; the others are counted."""


def credit_line(now: Now, store: EventStore, query: EventQuery, release: Release) -> str:
    """The sources with the most of the events that leave, each with its terms; empty where there are none.

    The index knows sources and how many events each has; on what terms, its latest event says.
    """
    return now.credited(query, release, lambda: _line(now, store, query, release))


def _line(now: Now, store: EventStore, query: EventQuery, release: Release) -> str:
    counts = now.leaving_sources(query, release)
    named = [_credit(now, store, query, release, name) for name in list(counts)[:MOST_NAMED]]
    return f"Events: {'; '.join([*named, *others(len(counts) - len(named), counts)])}" if named else ""


def _credit(now: Now, store: EventStore, query: EventQuery, release: Release, name: str) -> str:
    rows = now.leaving(replace(query, source=(name,)), release, 1).rows.tolist() if name else []
    events = store.get_rows(rows) if rows else ()
    terms: Sequence[str] = [events[0].properties.get(each, "") for each in (ATTRIBUTION, LICENCE)] if events else ()
    said = [part.strip().rstrip(".") for part in terms if part.strip()]
    return f"{name} ({'. '.join(said)})" if said else name or UNNAMED
