"""Everything that `Settings` names, as the web and the command line see it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from geodata.contracts.stages import EventIndex, Exporter, Gazetteer
from geodata.contracts.store import ChoiceBook, EventStore
from geodata.contracts.values import EventType, Receipt
from geodata.model import Document, Event, Place, PlaceChoice, Span, StoryDraft
from geodata.settings import Settings


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
        doc_id: str = "",
    ) -> StoryDraft:
        """Read, extract and geocode one story; nothing is kept. What is given wins over what the file itself says."""
        ...

    def read_address(
        self, address: str, *, title: str = "", publisher: str = "", published: date | None = None
    ) -> StoryDraft | int:
        """The same for the page at a web address; how many stories there are where it is a feed of several."""
        ...

    def placed(self, events: Sequence[Event]) -> Sequence[Event]:
        """The events; those without coordinates that name a place in `properties` are geocoded and are drafts then."""
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
