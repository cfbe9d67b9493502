"""Questions of the map page to a workspace: a view, a page of a list, charts, how far the events reach.

Index and store are asked together here, so that the views need not know which of the two answers what. What is the same
until the store changes is worked out once a version: a brush moved under a text search does not search again.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import orjson

from geodata.allowed import Release
from geodata.answers import Charts, Cluster, Extent, Grid, MapView, RowKey, RowPage, TileAt, TileRows
from geodata.contracts import EventIndex, Workspace
from geodata.errors import UsageError
from geodata.model import Event
from geodata.query import EventQuery
from geodata.query.conditions import (
    PROPERTIES,
    All,
    Condition,
    Constant,
    Known,
    OneOf,
    Property,
    Some,
    properties_of,
)
from geodata.query.cql2 import Filter
from geodata.timespan import Interval
from mapping import plain
from mapping.asked import UNITS
from mapping.framed import near_enough, tray
from mapping.recent import Recent
from mapping.restricted import Restricted

if TYPE_CHECKING:
    from geodata.answers import Ints

BINS = 200
"""Bins that a histogram has at most where nobody chose their length."""
MOST_BINS = 50_000
"""And where somebody did: 137 years of days."""
FILTER_BYTES = 64_000_000
"""Room for the row ids that filters of the store left: eight texts that every one of a million events holds."""
BRIEF_BYTES = 10_000_000
"""Room for events as JSON: the last 20,000 or so that map and list showed."""
MOST_AREAS = 20_000
MOST_APART = 20_000
"""More events than this in a box that is larger at its zoom are shown as from further out: a million are 130 MB."""
_ASK_EXACTLY = frozenset({"place", "place_id", "radius_m", "title", "quote", "doc_id"})
"""Properties that do not leave where positions are rounded: to ask them would be to ask where an event is."""
_OF_TABLES = Filter("", "", Known("doc_id", negated=True))
"""Events that no story told: their actors are names, not words of a text."""
NO_WORDS = (
    "words (q) cannot choose what leaves here: positions are rounded, and titles, quotes and names of places are not "
    "told; accepted: actor, type, sub_type, country, admin1, source, dates and areas, or the command: "
    "python -m geodata export"
)
MOST_SOURCES = 200
_DAYS_OF = {"day": 1, "week": 7, "month": 30.44, "year": 365.25}


class Asking:
    """What was worked out for a workspace lately. Safe to share between threads."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.filters: Recent[Ints] = Recent(FILTER_BYTES, lambda rows: int(rows.nbytes))
        self.briefs: Recent[bytes] = Recent(BRIEF_BYTES, sys.getsizeof)
        self.areas: Recent[plain.Plain] = Recent(MOST_AREAS)
        self.facts: Recent[int] = Recent(1)
        self.sources: Recent[Mapping[str, int]] = Recent(MOST_SOURCES)
        self.credits: Recent[str] = Recent(MOST_SOURCES)
        self.restricted = Restricted()
        self._extent: dict[int, tuple[EventIndex, Extent]] = {}
        self._rounding = Lock()
        self._rounded: tuple[EventIndex, EventIndex] | None = None

    def now(self, version: str = "") -> "Now":
        """The store as it stands; `version` spares asking for it again."""
        return Now(self, version or self.workspace.store.version())

    def rounded(self, index: EventIndex, km: int) -> EventIndex:
        """An index with the positions that leave; made once an index, in half a second a million events."""
        with self._rounding:
            if self._rounded is None or self._rounded[0] is not index:
                self._rounded = index, index.rounded(km)
            return self._rounded[1]

    def extent(self, index: EventIndex, generalise_km: int = 0) -> Extent:
        """How far the events reach, whatever the filters; worked out once an index."""
        held = self._extent.get(generalise_km)
        if held is None or held[0] is not index:
            held = self._extent[generalise_km] = index, index.extent(generalise_km)
        return held[1]


class Now:
    """Answers of one version of the store, for one request: version and index are asked for once."""

    NAMED = 20
    """How many sources the index names at most."""

    def __init__(self, asking: Asking, version: str) -> None:
        self._asking, self._version = asking, version
        self._store, self._index = asking.workspace.store, asking.workspace.index()

    @property
    def version(self) -> str:
        return self._version

    def view(self, query: EventQuery, zoom: float, unit: str = "", axis: Interval | None = None) -> MapView:
        """The view, its histogram over the days of `axis`, else over the whole store's, so that they keep still."""
        allowed = self.allowed(query)
        axis, unit = self._bins(unit, axis)
        furthest = near_enough(query.bbox, zoom)
        if furthest < zoom and self._index.rows(query, allowed, 0)[0] > MOST_APART:
            zoom = furthest
        found = self._index.view(query, zoom, allowed, unit, axis)
        return replace(found, undated=self._index.rows(tray(query, "undated"), allowed, 0)[0])

    def page(self, query: EventQuery, limit: int, offset: int) -> tuple[int, Sequence[int]]:
        """How many events answer, and the rows of `limit` of them from `offset` on, latest first, undated last."""
        total, rows = self._index.rows(query, self.allowed(query), limit, offset)
        return total, rows.tolist()

    def page_of(self, query: EventQuery, within: "Ints", limit: int) -> tuple[int, Sequence[int]]:
        """The same of those rows only."""
        total, rows = self._index.rows(query, within, limit)
        return total, rows.tolist()

    def leaving(
        self,
        query: EventQuery,
        release: Release,
        limit: int,
        offset: int = 0,
        after: RowKey | None = None,
        before: RowKey | None = None,
    ) -> RowPage:
        """A page of the events that answer and may leave (`allowed.Release`)."""
        query, rows = self.narrowed(query, release)
        return self._index.page(query, limit, rows, offset, after, before)

    def staying(self, query: EventQuery, release: Release) -> int:
        """How many of the events that answer may not leave."""
        everything = self.narrowed(query, replace(release, restricted=True))
        return self._index.rows(*everything, 0)[0] - self._index.rows(*self.narrowed(query, release), 0)[0]

    def tile(self, query: EventQuery, release: Release, at: TileAt) -> TileRows:
        """What a vector tile shows of the events that answer and may leave."""
        query, rows = self.narrowed(query, release)
        return self._index.tile(query, at, rows, release.generalise_km)

    def count(self, query: EventQuery) -> int:
        """How many events answer."""
        return self._index.rows(query, self.allowed(query), 0)[0]

    def charts(self, query: EventQuery, unit: str = "", axis: Interval | None = None) -> Charts:
        """What the charts beside the map show, over the same bins as the timeline."""
        axis, unit = self._bins(unit, axis)
        return self._index.charts(query, self.allowed(query), unit, axis)

    def top_sources(self, query: EventQuery) -> Mapping[str, int]:
        """The publishers with the most events of those that answer."""
        return self._asking.sources.made(self._version, query, lambda: self.charts(query, "year").sources)

    def leaving_sources(self, query: EventQuery, release: Release) -> Mapping[str, int]:
        """The same of the events that may leave."""

        def counted() -> Mapping[str, int]:
            asked, rows = self.narrowed(query, release)
            return self._index.charts(asked, rows, "year").sources

        return self._asking.sources.made(self._version, (query, release), counted)

    def credited(self, query: EventQuery, release: Release, line: Callable[[], str]) -> str:
        """The line that credits them (`crediting`), made once a version."""
        return self._asking.credits.made(self._version, (query, release), line)

    def grid(self, query: EventQuery, zoom: float) -> Grid:
        """Where the events that answer are dense."""
        return self._index.grid(query, zoom, self.allowed(query))

    def extent(self, release: Release | None = None) -> Extent:
        """How far the events reach, whatever the filters; as it may leave, where a release is given."""
        return self._asking.extent(self._index, release.hidden_km if release else 0)

    def events(self, rows: Sequence[int]) -> Mapping[int, Event]:
        """The events of these rows; one that was removed since the index was built is left out."""
        events = self._store.get_rows(rows) if rows else ()
        if len(events) == len(rows):
            return dict(zip(rows, events, strict=True))
        return {row: event for row in rows for event in self._store.get_rows([row])}

    def briefs(self, rows: Sequence[int]) -> list[orjson.Fragment]:
        """The same as JSON, as map and list show them. Those that were shown lately are not read again."""
        held = self._asking.briefs
        found = {row: held.get(self._version, row) for row in rows}
        for row, event in self.events([row for row, text in found.items() if text is None]).items():
            # a copy: what orjson gives holds on to the 4 kB and more that it was written in
            brief = bytes(memoryview(orjson.dumps(plain.brief(event))))
            found[row] = held.put(self._version, row, brief)
        return [orjson.Fragment(text) for row in rows if (text := found[row]) is not None]

    def areas(self, clusters: Sequence[Cluster]) -> Mapping[int, plain.Plain]:
        """The areas of the clusters that are of one, each by its row; those shown lately are not read again."""
        held = self._asking.areas
        found = {row: held.get(self._version, row) for item in clusters if (row := item.row_id) is not None}
        for row, event in self.events([row for row, area in found.items() if area is None]).items():
            if event.place is not None:
                found[row] = held.put(self._version, row, plain.area(event))
        return {row: area for row, area in found.items() if area is not None}

    def sample_count(self) -> int:
        """How many events come from sample stories."""
        return self._asking.facts.made(self._version, "samples", self._store.sample_count)

    def version_hash(self) -> str:
        """Twelve hexadecimal digits that change with anything in the store: what a citation names the data by."""
        return sha256(self._version.encode()).hexdigest()[:12]

    def allowed(self, query: EventQuery) -> "Ints | None":
        """The rows that the filters which the index does not hold leave; None: there is no such filter."""
        key = (query.text.strip(), query.country, query.admin1, query.actor.strip(), query.filter)
        if not any(key):
            return None
        held = self._asking.filters.get(self._version, key)
        if held is not None:
            return held
        rows = self._index.matching(query.filter.condition) if query.filter else None
        if rows is None:
            rows = self._store.rows_matching(query)
        elif any(key[:-1]) and (others := self._store.rows_matching(query.without("filter"))) is not None:
            rows = np.intersect1d(rows, others)
        return rows if rows is None else self._asking.filters.put(self._version, key, rows)

    def narrowed(self, query: EventQuery, release: Release) -> "tuple[EventQuery, Ints | None]":
        """The query as the index is to be asked of what may leave, and the rows that its other filters leave.

        Where the site rounds positions, areas are asked of the rounded ones: a box made smaller step by step would find
        out the others.
        """
        if release.hidden_km and query.text.strip():
            raise UsageError(NO_WORDS)
        rows = self.allowed(told_words(query) if release.hidden_km else query)
        if release.hidden_km:
            inside = self.inside(query, release.hidden_km)
            query = query.without("bbox", "near", "polygon", "filter", "precision")
            rows = inside if rows is None else rows if inside is None else np.intersect1d(rows, inside)
        return query, rows if release.restricted else self._free(rows)

    def inside(self, query: EventQuery, km: int) -> "Ints | None":
        """The rows that answer the query's areas, precision and filter by rounded positions; None: it has none."""
        asked = [each for each in (query.areas, query.filter.condition if query.filter else None) if each]
        if query.precision:
            exact_enough = OneOf(Property("precision"), tuple(each.value for each in query.wanted_precisions()))
            asked.append(Some((exact_enough, Known("geometry", negated=True))))
        if not asked:
            return None
        if hidden := _ASK_EXACTLY & properties_of(All(tuple(asked))):
            raise UsageError(
                f"filter asks {', '.join(sorted(hidden))}; positions are rounded here, so none is told; accepted: "
                f"{', '.join(sorted(PROPERTIES.keys() - _ASK_EXACTLY))}"
            )
        key = ("rounded", km, query.bbox, query.near, query.polygon, query.filter, query.precision)
        return self._asking.filters.made(self._version, key, lambda: self._answering(All(tuple(asked)), km))

    def _answering(self, condition: Condition, km: int) -> "Ints":
        """The rows that answer by their rounded positions: the store, which knows the exact ones, is asked no area."""
        rows = self._index.matching(condition, km)
        if rows is None and isinstance(condition, All | Some):
            parts = [self._answering(part, km) for part in condition.parts]
            return reduce(np.intersect1d if isinstance(condition, All) else np.union1d, parts)
        if rows is None:
            rows = self._store.rows_matching(EventQuery(filter=Filter("", "", condition)))
        return np.zeros(0, np.int64) if rows is None else np.sort(rows)

    def _free(self, rows: "Ints | None") -> "Ints | None":
        """These rows (None: all) without what may not be passed on."""
        stay = self._asking.restricted.rows(self._store, self._version)
        if not len(stay):
            return rows
        if rows is not None:
            return np.setdiff1d(rows, stay)
        return self._asking.filters.made(self._version, "leaving", lambda: np.setdiff1d(self._every(), stay))

    def _every(self) -> "Ints":
        rows = self._index.matching(Constant(True))
        return np.zeros(0, np.int64) if rows is None else rows

    def _bins(self, unit: str, axis: Interval | None) -> tuple[Interval | None, str]:
        """The days and the bins of a histogram; UsageError where there would be too many."""
        extent = self.extent()
        first = (axis and axis.start) or extent.first
        last = (axis and axis.end) or extent.last
        if first is None or last is None:
            return None, unit or UNITS[0]
        first, last = min(first, last), max(first, last)  # an axis that is open at one end may lie past all events
        days = (last - first).days + 1
        unit = unit or next((name for name in UNITS if days / _DAYS_OF[name] <= BINS), UNITS[-1])
        if days / _DAYS_OF[unit] > MOST_BINS:
            raise UsageError(
                f"{days:,} days are too many bins of a {unit}; accepted: at most {MOST_BINS:,}, or a longer unit"
            )
        return Interval(first, last), unit


def told_words(query: EventQuery) -> EventQuery:
    """What of a query the store answers where positions are rounded: no filter, and actors of tables only."""
    return replace(query, filter=_OF_TABLES if query.actor.strip() else None)
