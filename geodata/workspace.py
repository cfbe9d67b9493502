"""Opens what `Settings` names, once: the only importer of the stages' tables. Satisfies `contracts.Workspace`.

Heavy parts (the spaCy model, the gazetteer, the name matcher) load at first use, behind a lock, and are shared between
threads; `warm` loads them ahead.
"""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.contracts import (
    ChoiceBook,
    EventIndex,
    EventStore,
    EventType,
    Exporter,
    Extractor,
    Gazetteer,
    Importer,
    Reading,
    Receipt,
    Resolver,
    TableGeocoder,
)
from geodata.errors import GeodataError, NotFound, SetupError, UsageError, shown
from geodata.event_types import load_event_types
from geodata.export import EXPORTERS
from geodata.model import Document, Event, Place, PlaceChoice, Span, StoryDraft
from geodata.once import Once, Renewed
from geodata.pipeline import Watch, identified, import_reading, joined, place_rows, read_drafts, spans_fit, wants_place
from geodata.settings import Settings
from geodata.sources import IMPORTERS
from geodata.sources.intake import Intake, file_bytes
from geodata.sources.stories import DATE_NOTE
from geodata.taxonomy import check_type, classified, titled

if TYPE_CHECKING:
    from geodata.geocode.gazetteer import SqliteGazetteer
    from geodata.index import LiveIndex
    from geodata.store.ahead import Ahead

SHORT_CHARS = 20_000  # a story of up to so many characters is read beside others
SWAP_S = 2.0  # the two files of a gazetteer are replaced within moments of each other
SAMPLES = Path(__file__).parent / "samples"


class DatelineWorkspace:
    """Everything that `Settings` names. The data folder is made where it is not there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.intake = Intake(settings)
        self._more_exporters: Mapping[str, Exporter] = {}
        self._event_types = Once(load_event_types)
        self._store = Once(self._open_store)
        self._places = Renewed(lambda: _stamp(settings.gazetteer_path), lambda: _Places(self))
        self._reading = threading.Lock()  # one long story or import at a time: the memory of parses stays bounded
        self._index = Once(self._open_index)
        self._ahead = Once(self._open_ahead)

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def event_types(self) -> Mapping[str, EventType]:
        return self._event_types()

    @property
    def importers(self) -> Mapping[str, Importer]:
        return IMPORTERS

    @property
    def exporters(self) -> Mapping[str, Exporter]:
        return {**EXPORTERS, **self._more_exporters}

    def add_exporters(self, more: Mapping[str, Exporter]) -> None:
        """For the composition roots (app.py, the command line): formats that show events are made by `mapping`."""
        self._more_exporters = {**self._more_exporters, **more}

    @property
    def store(self) -> EventStore:
        return self._store()

    @property
    def choices(self) -> ChoiceBook:
        return self.store.choices

    @property
    def gazetteer(self) -> Gazetteer:
        return self._places().gazetteer()

    @property
    def extractor(self) -> Extractor:
        from geodata.geocode import WordsDiffer

        until = time.monotonic() + SWAP_S
        while True:
            try:
                return self._places().extractor()
            except WordsDiffer:  # the gazetteer is just being replaced
                if time.monotonic() > until:
                    raise
                time.sleep(SWAP_S / 20)

    @property
    def resolver(self) -> Resolver:
        return self._places().resolver()

    @property
    def table_geocoder(self) -> TableGeocoder:
        return self._places().table_geocoder()

    def readers(self) -> tuple[Extractor, Resolver]:
        """The extractor and the resolver of one gazetteer: where it was replaced between, both of the next one."""
        while True:
            places = self._places()
            found = self.extractor, self.resolver
            if self._places() is places:
                return found

    # The stages are imported where they are opened: spaCy, SQLAlchemy and the name matcher take seconds to load.

    def _open_store(self) -> EventStore:
        from geodata.store import open_store

        _make_folder(self._settings.data)
        return open_store(self._settings.store_url)

    def _open_index(self) -> "LiveIndex":
        from geodata.index import LiveIndex

        # a store elsewhere may have several servers that share no data folder
        return LiveIndex(self.store, None if self._settings.database_url else self._settings.index_path)

    def _open_ahead(self) -> "Ahead":
        from geodata.store.ahead import Ahead

        return Ahead(self.store)

    def warm(self) -> threading.Thread:
        """Starts loading the heavy parts in the background; the thread, which a caller may join."""

        def load() -> None:
            try:
                self.index()
                self._index().follow()
                if self._settings.features_ahead:
                    self._ahead().start()
                self.draft(Document("warm", "Kyiv."))  # the spaCy model loads with the first text
            except GeodataError:
                pass  # whoever asks for the part is told what is missing, and the command that makes it

        thread = threading.Thread(target=load, name="warm", daemon=True)
        thread.start()
        return thread

    def index(self) -> EventIndex:
        return self._index().current()

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
        reading = self.read_file(data, name)
        if doc_id:
            reading = replace(reading, documents=tuple(replace(each, doc_id=doc_id) for each in reading.documents))
        return self.draft_of(reading, name, title=title, url=url, publisher=publisher, published=published)

    def read_address(
        self, address: str, *, title: str = "", publisher: str = "", published: date | None = None
    ) -> StoryDraft | int:
        """The page at a web address, read as a story; how many stories there are where it is a feed of several."""
        reading = self.intake.fetched(address)
        if len(reading.documents) != 1:
            return len(reading.documents)
        return self.draft_of(reading, address, title=title, publisher=publisher, published=published)

    def draft_of(
        self,
        reading: Reading,
        name: str,
        *,
        title: str = "",
        url: str = "",
        publisher: str = "",
        published: date | None = None,
    ) -> StoryDraft:
        if len(reading.documents) != 1:
            count = len(reading.documents) or len(reading.events)
            raise UsageError(f"{name} holds {count} items, not one story; import it: python -m geodata import {name}")
        document = reading.documents[0]
        said = document.source
        source = replace(
            said,
            title=title.strip() or said.title,
            url=url.strip() or said.url,
            publisher=publisher.strip() or said.publisher,
            published=published or said.published,
        )
        notes = tuple(note for note in document.notes if not (published and note.startswith(DATE_NOTE)))
        return self.draft(replace(document, source=source, notes=notes))

    def draft(self, document: Document) -> StoryDraft:
        """Extract and geocode one document; nothing is kept."""
        extractor, resolver = self.readers()
        # a short story does not wait for a long one: the parser takes turns
        with self._reading if len(document.text) > SHORT_CHARS else nullcontext():
            return next(read_drafts([document], extractor, resolver))

    def read_file(self, data: bytes | str, name: str, format_name: str = "") -> Reading:
        """What is in a file, by the format named or detected. UsageError where it is too large, empty or no text."""
        return self.intake.read(data, name, format_name)

    def placed(self, events: Sequence[Event]) -> Sequence[Event]:
        return list(place_rows(events, self.table_geocoder)) if any(map(wants_place, events)) else events

    def save_story(self, document: Document, events: Sequence[Event]) -> Receipt:
        """The document and its events in one transaction; UsageError names an event that does not fit."""
        document = identified(document)
        for event in events:
            self._check_event(event, document)
        return self.store.save(events, [document])

    def remember(self, document: Document, chosen: Iterable[tuple[Span, Place]]) -> Sequence[PlaceChoice]:
        from geodata.geocode.chosen import choose

        return self.choices.remember([choose(span, document, place) for span, place in chosen])

    def remember_name(self, name: str, place: Place, level: int = 0) -> PlaceChoice:
        from geodata.geocode.chosen import choose_name

        choice = choose_name(name, place, level)
        self.choices.remember([choice])
        return self.choices.get(choice.choice_id)

    def has_store(self) -> bool:
        """Whether there is a store to ask: commands that only read text make none."""
        settings = self._settings
        return self._store.made or bool(settings.database_url) or settings.store_path.exists()

    def _check_event(self, event: Event, document: Document) -> None:
        check_type(event, self.event_types)
        if event.doc_id != document.doc_id:
            raise UsageError(f"event {event.event_id} is of document {shown(event.doc_id)}, not {document.doc_id}")
        if not spans_fit(event, {document.doc_id: document}):
            raise UsageError(f"event {event.event_id} has a span outside the text of {len(document.text)} characters")

    def import_readings(self, readings: Sequence[Reading], watch: Watch = iter) -> Receipt:
        """What importers read into the store, in one transaction; rows without coordinates are geocoded."""
        whole = joined(readings)
        known = {document.doc_id for document in whole.documents}
        events = [titled(classified(self._linked(event, known), self.event_types)) for event in whole.events]
        whole = replace(whole, events=tuple(events))
        locator = self.table_geocoder if any(map(wants_place, events)) else None
        if not whole.documents:
            return import_reading(whole, None, None, locator, self.store)
        extractor, resolver = self.readers()
        with self._reading:
            return import_reading(whole, extractor, resolver, locator, self.store, watch)

    def _linked(self, event: Event, known: set[str]) -> Event:
        """The event, without its document and spans where neither the import nor the store has that document."""
        if not event.doc_id or event.doc_id in known:
            return event
        try:
            self.store.document(event.doc_id)
        except NotFound:
            return replace(event, doc_id="", quote_span=None, when_span=None, place_span=None)
        return event

    def import_samples(self, again: bool = False, watch: Watch = iter) -> Receipt:
        """The sample stories, once for this store: not again after they were removed, unless `again` says so."""
        if not again and (self.store.sample_count() or self.store.samples_removed()):
            return Receipt(notes=("the sample stories were imported before",))
        files = sorted(SAMPLES.glob("*.md"))
        readings = [self.read_file(file_bytes(path), path.name, "markdown") for path in files]
        marked = [
            replace(reading, documents=tuple(replace(each, sample=True) for each in reading.documents))
            for reading in readings
        ]
        return self.import_readings(marked, watch)

    def close(self) -> None:
        """Closes the store, if it was opened."""
        if self._ahead.made:
            self._ahead().close()
        if self._index.made:
            self._index().close()
        if self._store.made:
            self._store().close()


class _KnownChoices:
    """The choices of a workspace for its geocoders: read when they are asked, so that a new one counts at once."""

    def __init__(self, workspace: DatelineWorkspace) -> None:
        self._workspace = workspace

    def known(self) -> Sequence[PlaceChoice]:
        return self._workspace.choices.known() if self._workspace.has_store() else ()


class _Places:
    """What is made of one gazetteer; whoever began with one goes on with it while another takes its place."""

    def __init__(self, workspace: DatelineWorkspace) -> None:
        self._workspace = workspace
        self._settings = workspace.settings
        self.gazetteer = Once(self._open)
        self.extractor = Once(self._make_extractor)
        self.resolver = Once(self._make_resolver)
        self.table_geocoder = Once(self._make_table_geocoder)

    def _open(self) -> "SqliteGazetteer":
        from geodata.geocode import open_gazetteer

        return open_gazetteer(self._settings.gazetteer_path)

    def _make_extractor(self) -> Extractor:
        from geodata.extract import make_extractor
        from geodata.geocode import open_matcher

        matcher = open_matcher(self._settings.gazetteer_path, self.gazetteer().words)
        return make_extractor(self._settings, matcher, self._workspace.event_types)

    def _make_resolver(self) -> Resolver:
        from geodata.geocode import make_resolver

        return make_resolver(self.gazetteer(), self._settings, _KnownChoices(self._workspace))

    def _make_table_geocoder(self) -> TableGeocoder:
        from geodata.geocode import make_table_geocoder

        return make_table_geocoder(self.gazetteer(), _KnownChoices(self._workspace))


def _stamp(gazetteer: Path) -> object:
    from geodata.geocode import stamp_of

    return stamp_of(gazetteer)


def open_workspace(settings: Settings) -> DatelineWorkspace:
    """The workspace of these settings; nothing heavy is loaded yet."""
    _make_folder(settings.data)
    return DatelineWorkspace(settings)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"the data folder {path} cannot be made: {error.strerror or error}; set DATELINE_DATA"
        ) from error
