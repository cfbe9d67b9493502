"""Every extension point on one page. Satisfy a Protocol; do not inherit.

Each folder keeps its table, a `Mapping[str, TheProtocol]`, in its `__init__.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

from geodata.answers import DraftLine, DuplicatePair, EventColumns, KeptStory, MapView, Merge
from geodata.model import (
    Candidate,
    Document,
    Event,
    Extraction,
    NameMatch,
    Place,
    PlaceChoice,
    Resolution,
    Span,
    Status,
    StoryDraft,
    Toponym,
)
from geodata.query import EventQuery
from geodata.settings import Settings


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A line or row that was not taken as it stood: `line` counts from 1 (0: the whole file)."""

    where: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an importer made of a file: stories, or rows that are events already, and what it could not take.

    `notes` says what reading the file as a whole had to decide (the encoding used).
    """

    documents: tuple[Document, ...] = ()
    events: tuple[Event, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of a table of places to geocode; empty where the table says nothing."""

    row_id: str
    place: str
    admin1: str = ""
    admin2: str = ""
    country: str = ""


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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of every item of an import; counts of events unless said otherwise."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    stories: int = 0
    undated: int = 0
    unplaced: int = 0
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()


class ChoiceBook(Choices, Protocol):
    """geodata/store: the choices as they are kept. Every writing call is one transaction, with its history."""

    def get(self, choice_id: str) -> PlaceChoice:
        """NotFound where no such choice is kept."""
        ...

    def remember(self, choices: Sequence[PlaceChoice]) -> Sequence[PlaceChoice]:
        """Keep each, in the place of an earlier one for the same name; those that were not kept so already."""
        ...

    def forget(self, choice_id: str) -> PlaceChoice:
        """Take one out; what it was. NotFound where no such choice is kept."""
        ...

    def undo(self, choice_id: str) -> PlaceChoice | None:
        """Take back the last change of a choice; what the name means now. NotFound where nothing was changed."""
        ...


class DuplicateBook(Protocol):
    """geodata/store/duplicates.py: events of different stories that are likely one, what a person said of them, merges.

    NotFound for an id that the store does not have.
    """

    def look(self, seconds: float = 0.5, most: int | None = None) -> int:
        """Compare what changed since the last look with its neighbours, for about so long; how many changes are left.

        It never waits long for another process that writes: what is left is for the next look. Where more than `most`
        changes wait, it leaves them all.
        """
        ...

    def count(self) -> int:
        """How many pairs are suggested."""
        ...

    def pairs(self, limit: int = 20, offset: int = 0, event_id: str = "") -> Sequence[DuplicatePair]:
        """The likely pairs, the likeliest first; those of one event where its id is given."""
        ...

    def partners(self, event_id: str) -> Sequence[str]:
        """The ids of the events that are likely the same as this one, the likeliest first."""
        ...

    def set_different(self, one: str, other: str, different: bool = True) -> None:
        """Keep that two events are not one, so that they are not suggested again; or take that back."""
        ...

    def merge(self, survivor: Event, merged_id: str) -> int:
        """Keep `survivor` as it is given and take `merged_id` out of the events; the number of the merge."""
        ...

    def undo(self, merge_id: int) -> Merge:
        """Take a merge back: both events as before, but for what a person changed in the survivor since."""
        ...

    def merged_into(self, event_id: str) -> str:
        """The id of the event that holds this one now; empty where it was not merged away."""
        ...

    def merges_of(self, event_id: str) -> Sequence[Merge]:
        """What was merged into an event, and into those, the latest first."""
        ...

    def merges_out_of(self, doc_id: str) -> Sequence[Merge]:
        """The events of a story that were merged into others, in the order of its text."""
        ...

    def latest_merges(self, limit: int = 20) -> Sequence[Merge]:
        """The latest merges that stand, the latest first."""
        ...


class StoryLists(Protocol):
    """geodata/store/lists.py: stories, and drafts across stories, a page at a time, each with the count of all pages.

    `order` is confidence, date or title (UsageError for another), what has none last; `look` leaves only what a person
    should look at (`looks.LOOKS`).
    """

    def stories(
        self, order: str = "date", descending: bool = True, look: bool = False, limit: int = 50, offset: int = 0
    ) -> tuple[int, Sequence[KeptStory]]: ...

    def drafts(
        self, order: str = "confidence", descending: bool = False, look: bool = False, limit: int = 50, offset: int = 0
    ) -> tuple[int, Sequence[DraftLine]]: ...


class EventStore(Protocol):
    """geodata/store: the record. Every writing call is one transaction: all of it or nothing."""

    @property
    def duplicates(self) -> DuplicateBook: ...

    @property
    def lists(self) -> StoryLists: ...

    def save(self, events: Iterable[Event], documents: Iterable[Document] = ()) -> Receipt:
        """Insert, or update by id. A machine's draft never overwrites what a person reviewed or rejected."""
        ...

    def get(self, event_id: str) -> Event: ...

    def get_many(self, event_ids: Sequence[str]) -> Sequence[Event]:
        """The events of those ids, in their order; ids that the store does not have are left out."""
        ...

    def document(self, doc_id: str) -> Document: ...

    def events_of(self, doc_id: str) -> Sequence[Event]:
        """Every event that was read from the document, the rejected too, in the order of its text."""
        ...

    def stories(self, limit: int = 100, offset: int = 0) -> Sequence[KeptStory]:
        """The documents kept, the latest published first, those without a publication date last."""
        ...

    def find(self, query: EventQuery, limit: int | None = None, offset: int = 0) -> Iterator[Event]:
        """Latest first (by start, then id), undated last; lazy."""
        ...

    def count(self, query: EventQuery) -> int: ...

    def set_status(self, event_ids: Sequence[str], status: Status) -> int: ...

    def remove_samples(self) -> int:
        """Take out the sample stories and their events; how many events went."""
        ...

    def sample_count(self) -> int:
        """How many events come from sample stories."""
        ...

    def samples_removed(self) -> bool:
        """Whether the samples were taken out and not imported again since, so that set-up leaves them out."""
        ...

    @property
    def choices(self) -> ChoiceBook:
        """What people have said that names mean."""
        ...

    def version(self) -> str:
        """Changes whenever anything in the store does, also by another process."""
        ...

    def columns(self) -> EventColumns:
        """What the in-memory index is built from."""
        ...

    def ids_matching_text(self, text: str) -> Sequence[str]: ...

    def close(self) -> None: ...


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


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of the taxonomy, from one TOML file in geodata/event_types.

    `symbol` is one of mapping/style.py's shapes; `colour` and `colour_dark` are #rrggbb for light and dark maps.
    """

    name: str
    definition: str
    symbol: str
    colour: str
    colour_dark: str
    sub_types: Mapping[str, "SubType"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubType:
    """A sub-type: its definition in our words and the lexicon that extraction starts from (language -> lemmas)."""

    name: str
    definition: str
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ImportState(StrEnum):
    """What an import is doing. `stopped`: by a person, or because the server ended; it can go on from there."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one file or address of an import gave; `known` stories were read before and passed over."""

    name: str
    stories: int = 0
    events: int = 0
    known: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it stands. `done` of `total` stories; `problems` are the first of `problem_count`.

    `receipt` is there when it has ended; `message` says why it failed.
    """

    import_id: str
    state: ImportState
    made_at: datetime
    names: tuple[str, ...]
    total: int = 0
    done: int = 0
    stories: int = 0
    known: int = 0
    events: int = 0
    problem_count: int = 0
    files: tuple[ImportedFile, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    receipt: Receipt | None = None
    message: str = ""


class Imports(Protocol):
    """geodata/jobs/desk.py: the imports that the page starts, one at a time, in the background. NotFound for no id."""

    def submit(self, uploads: Sequence[tuple[str, Callable[[Path], object]]], addresses: Sequence[str] = ()) -> str:
        """Take files (a name, and what writes its bytes to a path) and web addresses in; the id of their import."""
        ...

    def get(self, import_id: str) -> ImportView: ...

    def latest(self, limit: int = 20) -> Sequence[ImportView]: ...

    def stop(self, import_id: str) -> None: ...

    def resume(self, import_id: str) -> None:
        """Go on with one that was stopped or failed; UsageError for any other."""
        ...

    def remove(self, import_id: str) -> None:
        """Forget an import that is not running, and the copies of its files; what it brought in stays."""
        ...


class Workspace(Protocol):
    """geodata/workspace.py, as the web and the command line see it: everything that `Settings` names, opened once.

    Heavy parts (the spaCy model, the gazetteer) load at first use and are shared between threads.
    """

    @property
    def settings(self) -> Settings: ...

    @property
    def event_types(self) -> Mapping[str, EventType]:
        """The taxonomy by name, in the order of the legend."""
        ...

    @property
    def store(self) -> EventStore: ...

    @property
    def gazetteer(self) -> Gazetteer: ...

    @property
    def exporters(self) -> Mapping[str, Exporter]: ...

    def index(self) -> EventIndex:
        """The index of the store as it is now."""
        ...

    def read_story(
        self,
        data: bytes | str,
        name: str = "story.txt",
        *,
        title: str = "",
        url: str = "",
        publisher: str = "",
        published: date | None = None,
    ) -> StoryDraft:
        """Read, extract and geocode one story; nothing is kept. What is given wins over what the file itself says."""
        ...

    def read_address(
        self, address: str, *, title: str = "", publisher: str = "", published: date | None = None
    ) -> StoryDraft | int:
        """The same for the page at a web address; how many stories there are where it is a feed of several."""
        ...

    def save_story(self, document: Document, events: Sequence[Event]) -> Receipt: ...

    def draft(self, document: Document) -> StoryDraft:
        """Extract and geocode a document again, as a kept one is opened; nothing is kept."""
        ...

    @property
    def choices(self) -> ChoiceBook: ...

    def remember(self, document: Document, chosen: Iterable[tuple[Span, Place]]) -> Sequence[PlaceChoice]:
        """Keep that the names at these spans of a document's text mean these places; what was not kept so already."""
        ...

    def remember_name(self, name: str, place: Place, level: int = 0) -> PlaceChoice:
        """Keep that a name means a place; `level` 1 or 2 for an area of that level ("Kherson region")."""
        ...
