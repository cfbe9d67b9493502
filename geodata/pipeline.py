"""documents -> extract -> geocode -> events, and a receipt of what became of every item.

The stages are handed in, so that this file knows none of them. What a machine made is a draft with its doubts as notes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from geodata.contracts import EventStore, Extractor, PlaceRow, Reading, Receipt, Resolver, RowProblem, TableGeocoder
from geodata.errors import shown
from geodata.geometry import distance_m
from geodata.looks import RIVAL, SURE
from geodata.model import (
    Document,
    Draft,
    Event,
    Extraction,
    Precision,
    Resolution,
    Source,
    Span,
    Status,
    StoryDraft,
    Toponym,
    stable_id,
)

RIVAL_SHARE = 1 / 3  # a second candidate with this share of the first one's score is named as a doubt
RIVAL_M = 50_000.0  # and only where it lies this far away: nearer ones change little on a map
Watch = Callable[[Iterable[Document]], Iterator[Document]]
DAY = timedelta(days=1)
PLACE_WORDS = ("place", "admin1", "admin2", "country")


def identified(document: Document) -> Document:
    """The document with an id (the caller's, else a hash of its text), and with a note where its date cannot be."""
    document = document if document.doc_id else replace(document, doc_id=stable_id(document.text))
    doubt = date_doubt(document.source, datetime.now(UTC).date())
    if doubt and doubt not in document.notes:
        return replace(document, notes=(*document.notes, doubt))
    return document


def date_doubt(source: Source, today: date) -> str:
    """What is wrong with a publication date: in the future, or after the day the story was fetched. Empty: nothing.

    A day's grace, because it is tomorrow already further east.
    """
    if source.published is None:
        return ""
    if source.published > today + DAY:
        return f"the publication date {source.published} is in the future: check it, the events' dates rest on it"
    if source.retrieved and source.published > source.retrieved.date() + DAY:
        day = source.retrieved.date()
        return f"the publication date {source.published} is after {day}, when the story was fetched: check it"
    return ""


def read_drafts(documents: Iterable[Document], extractor: Extractor, resolver: Resolver) -> Iterator[StoryDraft]:
    """One StoryDraft a document, in order, lazily."""
    for extraction in extractor.extract(map(identified, documents)):
        yield story_draft(extraction, resolver)


def story_draft(extraction: Extraction, resolver: Resolver) -> StoryDraft:
    """The drafts of one document as events, each with its place, its sources and its doubts."""
    document = extraction.document
    toponyms = _all_toponyms(extraction)
    resolved = dict(zip(toponyms, resolver.resolve(toponyms, document), strict=True)) if toponyms else {}
    seen: Counter[tuple[object, ...]] = Counter()
    events, resolutions, triggers = [], {}, {}
    for draft in extraction.drafts:
        key = (document.doc_id, draft.quote.start, draft.quote.end, draft.sub_event_type)
        # one sentence can tell of two events of a kind, in two places: the later ones are numbered
        event_id = stable_id(*key, *([seen[key]] if seen[key] else []))
        seen[key] += 1
        resolution = resolved.get(draft.toponym) if draft.toponym else None
        events.append(_event(event_id, draft, document, resolution))
        triggers[event_id] = draft.trigger
        if resolution:
            resolutions[event_id] = resolution
    notes = _story_notes(extraction)
    return StoryDraft(document, tuple(events), resolutions, tuple(resolved.values()), notes, triggers)


def _all_toponyms(extraction: Extraction) -> tuple[Toponym, ...]:
    """Every place name once, in the order of the text, those that only a draft holds too."""
    drafted = (draft.toponym for draft in extraction.drafts if draft.toponym)
    return tuple(sorted(dict.fromkeys((*extraction.toponyms, *drafted)), key=lambda name: name.span))


def _event(event_id: str, draft: Draft, document: Document, resolution: Resolution | None) -> Event:
    place = resolution.place if resolution else None
    share = resolution.confidence if resolution and place else 1.0
    return Event(
        event_id=event_id,
        event_type=draft.event_type,
        sub_event_type=draft.sub_event_type,
        title=draft.title,
        when=draft.when,
        place=place,
        quote=draft.quote.of(document.text),
        quote_span=draft.quote,
        when_span=draft.when_span,
        place_span=draft.toponym.span if draft.toponym else None,
        doc_id=document.doc_id,
        sources=(document.source,),
        actors=draft.actors,
        fatalities=draft.fatalities,
        confidence=round(draft.confidence * share, 4),
        status=Status.DRAFT,
        notes=tuple(dict.fromkeys((*draft.notes, *_doubts(draft, resolution), *_date_doubts(draft, document)))),
        tags=("sample",) if document.sample else (),
        properties=draft.properties,
    )


def _doubts(draft: Draft, resolution: Resolution | None) -> Iterator[str]:
    """What a person should check, as sentences."""
    if draft.when is None:
        yield "no date was found in the words around it"
    if resolution is None:
        yield "no place was found in the words around it"
        return
    if resolution.place is None:
        yield f"{shown(resolution.toponym.name)}: {resolution.note or 'not in the gazetteer'}"
        return
    if not resolution.candidates and resolution.note:
        yield f"{shown(resolution.toponym.name)}: {resolution.note}"
    elif resolution.toponym.near or resolution.place.precision is Precision.NEAR:
        yield f"near {resolution.place.name}, not in it: the exact place is not told"
    if rival := _rival(resolution):
        yield f"{shown(resolution.toponym.text)} {RIVAL} {rival}"


def _date_doubts(draft: Draft, document: Document) -> Iterator[str]:
    """Where the story's publication date cannot be, every date that rests on it is doubtful."""
    doubt = date_doubt(document.source, datetime.now(UTC).date())
    if doubt and draft.when is not None:
        yield doubt


def _rival(resolution: Resolution) -> str:
    """The best candidate that lies elsewhere and scores nearly as well, or that an unsure choice leaves, in words."""
    chosen = resolution.place
    if chosen is None or not resolution.candidates:
        return ""
    unsure = resolution.confidence < SURE
    best = resolution.candidates[0].score
    for candidate in resolution.candidates[1:]:
        place = candidate.place
        far = distance_m(chosen.lon, chosen.lat, place.lon, place.lat) > RIVAL_M
        if far and (unsure or candidate.score >= best * RIVAL_SHARE):
            return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part))
    return "a place that the gazetteer lacks" if unsure else ""


def _story_notes(extraction: Extraction) -> tuple[str, ...]:
    document = extraction.document
    notes = list(document.notes)
    if not extraction.drafts:
        notes.append("no event was found in this story")
    if not extraction.toponyms:
        notes.append("no place name was found in this story")
    if document.published is None:
        notes.append("no publication date was given, so 'on Saturday' or 'last week' could not be dated")
    return tuple(notes)


def place_rows(events: Iterable[Event], locator: TableGeocoder) -> Iterator[Event]:
    """The same events in order; those of a table that are unplaced but name a place in `properties` are geocoded."""
    listed = list(events)
    found = locator.locate([_place_row(event) for event in listed if wants_place(event)])
    for event in listed:
        yield _placed(event, next(found)) if wants_place(event) else event


def wants_place(event: Event) -> bool:
    """Whether the event is an unplaced row of a table that names its place in words."""
    return event.place is None and bool(event.properties.get("place"))


def _place_row(event: Event) -> PlaceRow:
    return PlaceRow(event.event_id, *(event.properties.get(name, "") for name in PLACE_WORDS))


def _placed(event: Event, resolution: Resolution) -> Event:
    words = ", ".join(event.properties[name] for name in PLACE_WORDS if event.properties.get(name))
    if resolution.place is None:
        note = f"{shown(words)}: {resolution.note or 'not in the gazetteer'}"
        # told once, however often the row is sent again
        return event if note in event.notes else replace(event, notes=(*event.notes, note))
    note = f"placed by its name, {shown(words)}, not by coordinates"
    kept = {name: text for name, text in event.properties.items() if name not in PLACE_WORDS}
    return replace(
        event,
        place=resolution.place,
        confidence=round(event.confidence * resolution.confidence, 4),
        status=Status.DRAFT if event.status is Status.REVIEWED else event.status,
        notes=tuple(note for note in (*event.notes, note, resolution.note) if note),
        properties=kept,
    )


def import_reading(
    reading: Reading,
    extractor: Extractor | None,
    resolver: Resolver | None,
    locator: TableGeocoder | None,
    store: EventStore,
    watch: Watch = iter,
) -> Receipt:
    """What an importer read into the store, in one transaction; its problems stay on the receipt.

    `watch` is handed the stories as they are read, to show progress. `extractor` and `resolver` may be None where the
    reading holds no story, `locator` where no row is to be geocoded.
    """
    stories = list(read_drafts(watch(reading.documents), extractor, resolver)) if extractor and resolver else []
    if reading.documents and not stories:
        raise TypeError("stories need an extractor and a resolver")
    rows: Iterable[Event] = place_rows(reading.events, locator) if locator else reading.events
    events = [*(event for story in stories for event in story.events), *rows]
    receipt = store.save(events, [story.document for story in stories])
    notes = [f"{_label(story.document)}: {note}" for story in stories for note in story.document.notes]
    notes += [f"{_label(story.document)}: no event was found in it" for story in stories if not story.events]
    return replace(
        receipt, problems=(*receipt.problems, *reading.problems), notes=(*receipt.notes, *reading.notes, *notes)
    )


def joined(readings: Sequence[Reading]) -> Reading:
    """Several files' readings as one. Of two items with one id the later wins, and the earlier is reported."""
    documents: dict[str, Document] = {}
    events: dict[str, Event] = {}
    problems = [problem for reading in readings for problem in reading.problems]
    for reading in readings:
        for document in map(identified, reading.documents):
            if document.doc_id in documents:
                problems.append(RowProblem(_label(document), 0, f"given twice (id {document.doc_id}); taken once"))
            documents[document.doc_id] = document
        for event in reading.events:
            if event.event_id in events:
                problems.append(RowProblem(event.event_id, 0, "this id was given twice; the later one was taken"))
            events[event.event_id] = event
    notes = tuple(note for reading in readings for note in reading.notes)
    return Reading(tuple(documents.values()), tuple(events.values()), tuple(problems), notes)


def _label(document: Document) -> str:
    return document.source.title or document.doc_id


def spans_fit(event: Event, documents: Mapping[str, Document]) -> bool:
    """Whether every span of the event lies in the text of its document; True where the document is not at hand."""
    document = documents.get(event.doc_id)
    spans: list[Span] = [span for span in (event.quote_span, event.when_span, event.place_span) if span]
    return document is None or all(0 <= span.start <= span.end <= len(document.text) for span in spans)
