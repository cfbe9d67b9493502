"""The stages: what reads, extracts, geocodes, indexes and exports."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Protocol

from geodata.answers import Charts, Extent, Grid, Histogram, MapView, RowKey, RowPage, TileAt, TileRows
from geodata.contracts.values import AS_USUAL, Exported, ExportOptions, PlaceRow, Reading
from geodata.model import Candidate, Document, Event, Extraction, NameMatch, Place, PlaceChoice, Resolution, Toponym
from geodata.query import EventQuery
from geodata.query.conditions import Condition
from geodata.timespan import Interval

if TYPE_CHECKING:
    from geodata.answers import Ints


class Importer(Protocol):
    """geodata/sources: bytes of one file -> documents or events. UsageError where nothing of it can be read."""

    def __call__(self, data: bytes, name: str) -> Reading: ...


class NameMatcher(Protocol):
    """geodata/geocode/matcher.py: finds names of the gazetteer in running text, longest match, in text order."""

    def matches(self, text: str) -> Sequence[NameMatch]: ...


class Extractor(Protocol):
    """geodata/extract: documents -> toponyms and drafts. Lazy, in order, one extraction a document."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]: ...

    def toponyms(self, documents: Iterable[Document]) -> Iterator[tuple[Document, tuple[Toponym, ...]]]: ...


class Resolver(Protocol):
    """geodata/geocode: the toponyms of one document, together -> places; as many resolutions as toponyms, in order."""

    def resolve(self, toponyms: Sequence[Toponym], document: Document) -> Sequence[Resolution]: ...


class Choices(Protocol):
    """What people have said that names mean in this project; resolvers and table geocoders heed it."""

    def known(self) -> Sequence[PlaceChoice]:
        """Every choice as it is now, the latest first; the same object again as long as nothing has changed."""
        ...


class TableGeocoder(Protocol):
    """geodata/geocode: rows of a table -> resolutions, in order. The place may be a phrase ("town near Bakhmut")."""

    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]: ...


class Gazetteer(Protocol):
    """geodata/geocode: looking places up by name, id or position."""

    def search(self, text: str, limit: int = 10, near: tuple[float, float] | None = None) -> Sequence[Candidate]: ...

    def place(self, place_id: str) -> Place:
        """NotFound where the gazetteer has no such place."""
        ...

    def nearest(self, lon: float, lat: float) -> Place | None: ...


class EventIndex(Protocol):
    """geodata/index: the column index in memory; answers equal the store's own.

    `rows` (not None) are the row ids of the only events allowed: those that the store found for the filters that the
    index does not hold (`EventStore.rows_matching`). ValueError where a query has such filters and `rows` is None.

    `unit` of a histogram is day, week, month or year; empty picks the finest that keeps it under 200 bins. `axis` is
    the days that it covers, from the bin of its first day to that of its last; an open end reaches as far as the events
    do, and no axis from the first to the last bin that counts anything. UsageError for an unknown unit.
    """

    def view(
        self,
        query: EventQuery,
        zoom: float,
        rows: "Ints | None" = None,
        unit: str = "",
        axis: Interval | None = None,
        by_type: bool = False,
    ) -> MapView:
        """The view at a Web Mercator zoom; the histogram also by type where `by_type` says so."""
        ...

    def histogram(
        self,
        query: EventQuery,
        rows: "Ints | None" = None,
        unit: str = "",
        axis: Interval | None = None,
        by_type: bool = False,
    ) -> Histogram:
        """The histogram of the view alone: of every filter but the date's."""
        ...

    def rows(
        self, query: EventQuery, rows: "Ints | None" = None, limit: int | None = None, offset: int = 0
    ) -> "tuple[int, Ints]":
        """How many events answer, and the row ids of `limit` of them from `offset` on.

        In the order of `EventStore.find`: latest first (by first day, then row id ascending), undated last.
        """
        ...

    def page(
        self,
        query: EventQuery,
        limit: int,
        rows: "Ints | None" = None,
        offset: int = 0,
        after: RowKey | None = None,
        before: RowKey | None = None,
    ) -> RowPage:
        """A page in the same order: from `offset` on, or behind the place `after`, or before the place `before`.

        A place need not be an event's that is there: what is added or removed elsewhere moves no such page.
        """
        ...

    def matching(self, condition: Condition, generalise_km: int = 0) -> "Ints | None":
        """The row ids of the events that answer a filter, in no order; None: it asks what the index does not hold.

        `generalise_km` as for `tile`: an area then asks where the middles of the cells are.
        """
        ...

    def charts(
        self, query: EventQuery, rows: "Ints | None" = None, unit: str = "", axis: Interval | None = None
    ) -> Charts: ...

    def grid(self, query: EventQuery, zoom: float, rows: "Ints | None" = None) -> Grid:
        """Where the events that match are dense, for a heat map."""
        ...

    def tile(self, query: EventQuery, at: TileAt, rows: "Ints | None" = None, generalise_km: int = 0) -> TileRows:
        """What a vector tile shows: every placed event that answers is in just one tile of a zoom.

        `generalise_km` (0: not) moves each to the middle of its cell, as `allowed.generalised` does.
        """
        ...

    def extent(self, generalise_km: int = 0) -> Extent:
        """How far the events reach, whatever the filters; `generalise_km` as for `tile`."""
        ...

    def rounded(self, km: int) -> "EventIndex":
        """An index of the same rows with all positions in the middle of their cells, and none exact."""
        ...


class Exporter(Protocol):
    """geodata/export: events -> one file, streamed: memory does not grow with the number of events.

    `media_type` and `suffix` say what it makes, `title` and `good_for` say so to people. `lossless`: what it writes can
    be imported again and is the same, but for positions beyond the 6th decimal (10 cm), and in tables for white space
    at the ends of a text and control characters. `traits`: "only placed" and
    "only dated" where it holds no other events, "circles" where it can draw places as areas.
    """

    media_type: str
    suffix: str
    title: str
    good_for: str
    lossless: bool
    traits: frozenset[str]

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        """Writes all events, and their credits, and says what the format could not hold. `out` need not seek."""
        ...
