"""Questions of the map page to a workspace: one view, one page of a list, the span of days of the whole store.

Index and store are asked together here, so that the views need not know which of the two answers what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock

from geodata.answers import EventColumns, Histogram, MapView
from geodata.contracts import Workspace
from geodata.geometry import BBox
from geodata.model import Event, Status
from geodata.query import EventQuery
from geodata.timespan import Interval

UNITS = ("day", "week", "month", "year")
MOST_BINS = 200
EPOCH = date(1970, 1, 1)
_DAYS_OF = {"day": 1, "week": 7, "month": 30.44, "year": 365.25}


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the store reaches, rejected events left out, whatever the filters; None where nothing is dated, placed.

    `first` and `last` are days that events can have started on; `bbox` is drawn around every placed event.
    """

    first: date | None = None
    last: date | None = None
    bbox: BBox | None = None

    def auto_unit(self) -> str:
        """The finest unit that shows the whole extent in at most `MOST_BINS` bins."""
        days = (self.last - self.first).days + 1 if self.first and self.last else 1
        return next((unit for unit in UNITS if days / _DAYS_OF[unit] <= MOST_BINS), UNITS[-1])


class Asking:
    """Answers for the map page; what is the same until the store changes is worked out once a version."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._extent_of: tuple[str, Extent] = ("", Extent())

    def view(self, query: EventQuery, zoom: float, unit: str = "") -> MapView:
        """The view with its histogram stretched over the whole store's extent, so that the axis keeps still."""
        extent = self.extent()
        unit = unit or extent.auto_unit()
        found = self._workspace.index().view(query, zoom, self._text_ids(query), unit)
        undated, unplaced = self.trays(query)
        return replace(found, histogram=stretched(found.histogram, extent, unit), undated=undated, unplaced=unplaced)

    def page(self, query: EventQuery, limit: int, offset: int) -> tuple[int, Sequence[Event]]:
        """How many events answer, and `limit` of them from `offset` on, latest first and undated last."""
        ids = self._workspace.index().ids(query, self._text_ids(query))
        return len(ids), self.events(ids[offset : offset + limit])

    def events(self, ids: Sequence[str]) -> Sequence[Event]:
        """The events of `ids`, in order; one that was removed since the index was built is left out."""
        return self._workspace.store.get_many(ids)

    def extent(self) -> Extent:
        """How far the store reaches, worked out once a version."""
        version = self._workspace.store.version()
        with self._lock:
            if self._extent_of[0] != version:
                self._extent_of = (version, extent_of(self._workspace.store.columns()))
            return self._extent_of[1]

    def trays(self, query: EventQuery) -> tuple[int, int]:
        """How many events are undated, and how many unplaced, of those that answer the rest of the query.

        The bbox is left out: a tray holds what the map cannot show, wherever the map is.
        """
        index, ids = self._workspace.index(), self._text_ids(query)
        return len(index.ids(tray(query, "undated"), ids)), len(index.ids(tray(query, "unplaced"), ids))

    def _text_ids(self, query: EventQuery) -> Sequence[str] | None:
        return self._workspace.store.ids_matching_text(query.text) if query.text else None


def tray(query: EventQuery, name: str) -> EventQuery:
    """The query of a tray, `undated` or `unplaced`: the same filters without what such an event cannot answer."""
    rest = query.without("bbox", "datetime") if name == "undated" else query.without("bbox")
    return replace(
        rest,
        undated="only" if name == "undated" else "include" if rest.datetime == Interval() else "exclude",
        unplaced="only" if name == "unplaced" else "include",
    )


def extent_of(columns: EventColumns) -> Extent:
    """The extent of a store's columns."""
    kept = [row for row, status in enumerate(columns.status) if status != Status.REJECTED]
    days = [day for row in kept if (day := columns.start_day[row]) is not None]
    lons = [lon for row in kept if (lon := columns.lon_deg[row]) is not None]
    lats = [lat for row in kept if (lat := columns.lat_deg[row]) is not None]
    return Extent(
        first=EPOCH + timedelta(days=min(days)) if days else None,
        last=EPOCH + timedelta(days=max(days)) if days else None,
        bbox=BBox(min(lons), min(lats), max(lons), max(lats)) if lons and lats else None,
    )


def stretched(histogram: Histogram, extent: Extent, unit: str) -> Histogram:
    """The same counts with empty bins before and after, from the bin of the first to that of the last day."""
    if extent.first is None or extent.last is None:
        return Histogram(unit)
    size = bins_between(extent.first, extent.last, unit) + 1
    counts = [0] * size
    if histogram.start is not None:
        shift = bins_between(extent.first, histogram.start, unit)
        for position, count in enumerate(histogram.counts):
            if count and 0 <= position + shift < size:
                counts[position + shift] = count
    return Histogram(unit, bin_start(extent.first, unit), counts)


def bin_start(day: date, unit: str) -> date:
    """The first day of the bin that holds `day`; weeks start on Monday."""
    starts: Mapping[str, date] = {
        "day": day,
        "week": day - timedelta(days=day.weekday()) if day.toordinal() > 7 else day,
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    return starts[unit]


def bins_between(first: date, later: date, unit: str) -> int:
    """How many bins the one of `later` is after the one of `first`; negative where it is before."""
    if unit == "year":
        return later.year - first.year
    if unit == "month":
        return (later.year - first.year) * 12 + later.month - first.month
    days = (bin_start(later, unit) - bin_start(first, unit)).days
    return days // 7 if unit == "week" else days
