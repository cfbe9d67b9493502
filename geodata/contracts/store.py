"""The record and its parts: events and stories, choices, duplicates, lists."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from geodata.answers import DraftLine, DuplicatePair, EventColumns, KeptStory, Merge, StoreChanges
from geodata.contracts.loading import ImportBook, ImportReceipt, Origin, Told
from geodata.contracts.stages import Choices
from geodata.contracts.tables import Row
from geodata.contracts.values import Receipt
from geodata.contracts.writing import ChangeBook, EditBook, HookBook, TokenBook
from geodata.model import Document, Event, PlaceChoice, Status
from geodata.query import EventQuery

if TYPE_CHECKING:
    from geodata.answers import Ints


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

    @property
    def tokens(self) -> TokenBook: ...

    @property
    def edits(self) -> EditBook: ...

    @property
    def changes(self) -> ChangeBook: ...

    @property
    def hooks(self) -> HookBook: ...

    def save(self, events: Iterable[Event], documents: Iterable[Document] = ()) -> Receipt:
        """Insert, or update by id. A machine's draft never overwrites what a person reviewed or rejected."""
        ...

    def load(
        self, rows: Iterable[Row], origin: Origin, told: Told = ..., *, import_id: str = "", dry_run: bool = False
    ) -> ImportReceipt:
        """The rows of a table, many times as fast as `save` and by its rules; bounded memory, one transaction.

        Nor does a row change an event that a person changed since it was imported. `told` hears of every row, and
        whatever it or `rows` raises leaves the store as it was. `dry_run` tells all the same and keeps nothing.
        """
        ...

    @property
    def imports(self) -> ImportBook:
        """What `load` did, and how to take it back."""
        ...

    def get(self, event_id: str) -> Event: ...

    def get_many(self, event_ids: Sequence[str]) -> Sequence[Event]:
        """The events of those ids, in their order; ids that the store does not have are left out."""
        ...

    def get_rows(self, row_ids: Iterable[int]) -> Sequence[Event]:
        """The events of those row ids, in their order; ids that the store does not have are left out."""
        ...

    def document(self, doc_id: str) -> Document: ...

    def events_of(self, doc_id: str) -> Sequence[Event]:
        """Every event that was read from the document, the rejected too, in the order of its text."""
        ...

    def stories(self, limit: int = 100, offset: int = 0) -> Sequence[KeptStory]:
        """The documents kept, the latest published first, those without a publication date last."""
        ...

    def find(self, query: EventQuery, limit: int | None = None, offset: int = 0) -> Iterator[Event]:
        """Latest first (by first day, then by row id: the order in which they were kept), undated last; lazy."""
        ...

    def found(
        self, query: EventQuery, limit: int | None = None, offset: int = 0, restricted: bool = True
    ) -> Iterable[Event]:
        """The same events to be written to a file: a `features.Found`, whose GeoJSON takes a fraction of the time.

        `restricted` False leaves out those that may not be passed on (`allowed.RESTRICTED`).

        The features of all events, without limit and offset, come in the order in which they were stored.
        """
        ...

    def count(self, query: EventQuery, restricted: bool = True) -> int: ...

    def found_rows(self, rows: "Ints") -> Iterable[Event]:
        """The events of these rows, in their order; those that are there no more are left out."""
        ...

    def make_ahead(self) -> bool:
        """Makes the texts of some features before they are asked for, where the store keeps such; whether any are left.

        It takes some milliseconds and changes nothing that can be seen, but how long `found` takes. StoreBusy at once
        where another writes.
        """
        ...

    def event_ids(self, rows: "Ints") -> Sequence[str]:
        """The ids of the events of these rows, in their order; empty where one is there no more."""
        ...

    def restricted(self) -> "Ints":
        """The row ids, ascending, of the events that may not be passed on (`allowed.RESTRICTED`)."""
        ...

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

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls `changed`, in a thread of its own, soon after anybody wrote, where the database tells; what ends that.

        A convenience: nobody may depend on being told. `version` is right at any moment.
        """
        ...

    def columns(self) -> EventColumns:
        """What the in-memory index is built from, in ascending order of row ids, with the version that they are of."""
        ...

    def changes_since(self, version: str) -> StoreChanges | None:
        """What became of the events since an earlier `version()`, also by other processes.

        None where the store cannot say (it is another store, or an older version of Dateline wrote to it): read
        `columns` again then.
        """
        ...

    def mark_of(self, version: str) -> str:
        """Tells a version that was written by this store from one that only has its number.

        A copy of the store that is put back counts on from an earlier version; what it then writes gets other marks.
        """
        ...

    def rows_matching(self, query: EventQuery) -> "Ints | None":
        """The row ids, ascending, of the events that answer what of the query the index does not hold.

        That is its words, country, admin1, actor and filter; all else is left out. None: it has none of these.
        """
        ...

    def names(self, kind: str, prefix: str = "", limit: int = 20, country: str = "") -> Sequence[tuple[str, int]]:
        """Names that events have, and of how many events, the most frequent first; rejected events are not counted.

        `kind` is source, actor, country (codes) or admin1 (of a `country`, which has to be given); UsageError for
        another. `prefix` begins a word of the name, capital or not, as in a search.
        """
        ...

    def close(self) -> None: ...
