"""The stages: what reads, extracts, geocodes, indexes and exports."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol

from geodata.answers import MapView
from geodata.contracts.values import PlaceRow, Reading
from geodata.model import Candidate, Document, Event, Extraction, NameMatch, Place, PlaceChoice, Resolution, Toponym
from geodata.query import EventQuery


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
    """geodata/index.py: the column index in memory; answers equal the store's own."""

    def view(self, query: EventQuery, zoom: float, ids: Sequence[str] | None = None, unit: str = "") -> MapView:
        """The view at a Web Mercator zoom. `ids` (not None) are the only events allowed, from a text search.

        `unit` of the histogram is day, week, month or year; empty picks the finest that keeps it under 200 bins.
        """
        ...

    def ids(self, query: EventQuery, ids: Sequence[str] | None = None) -> Sequence[str]:
        """Every event that answers the query, latest first, undated last."""
        ...


class Exporter(Protocol):
    """geodata/export: events -> one file, streamed. `media_type` and `suffix` say what it makes."""

    media_type: str
    suffix: str

    def write(self, events: Iterable[Event], out: IO[bytes], query: EventQuery) -> int:
        """How many events were written."""
        ...
