"""A story and its events as the review page is told them. Longitude first; offsets count code points of the text."""

from collections.abc import Mapping, Sequence
from typing import Any

from geodata.answers import KeptStory
from geodata.contracts import EventType, Receipt
from geodata.model import (
    Candidate,
    Document,
    Event,
    Place,
    PlaceChoice,
    Resolution,
    Source,
    Span,
    Status,
    StoryDraft,
    text_hash,
)
from mapping.looks import needs_a_look
from mapping.style import type_styles

MAX_CANDIDATES = 12


def draft_json(draft: StoryDraft, kept: Sequence[Event] = ()) -> dict[str, Any]:
    """A story that was read: everything that the review needs, in one answer.

    `kept` are its events in the store, where it was saved before: what a person said of them wins over the drafts.
    """
    said = {event.event_id: event for event in kept if event.status is not Status.DRAFT}
    by_hand = [event for event in kept if all(event.event_id != fresh.event_id for fresh in draft.events)]
    events = [*(said.get(event.event_id, event) for event in draft.events), *by_hand]
    notes = [*draft.document.notes, *draft.notes]
    if kept:
        notes.append("This story is kept already; events that were reviewed or discarded are shown as they were left.")
    return {
        "kept": bool(kept),
        "document": document_json(draft.document),
        "notes": list(dict.fromkeys(notes)),
        "events": [_read_event(draft, event) for event in events],
        "toponyms": [_toponym(item) for item in draft.toponyms],
    }


def kept_json(document: Document, events: Sequence[Event]) -> dict[str, Any]:
    """A story of the store, opened again, as it is kept; `reading_json` tells the rest when it has been read again."""
    return {
        "kept": True,
        "document": document_json(document),
        "notes": list(document.notes),
        "events": [event_json(event) for event in events],
        "toponyms": [],
    }


def reading_json(draft: StoryDraft, events: Sequence[Event]) -> dict[str, Any]:
    """What was not kept of a story, read again now: its place names, and of each event the candidates and the trigger.

    Events that only this reading finds stay out: what a person kept of the story is not added to unasked.
    """
    fields = ("event_id", "candidates", "place_note", "place_confidence", "looks", "trigger_span")
    return {
        "events": [{name: told[name] for name in fields} for told in (_read_event(draft, event) for event in events)],
        "toponyms": [_toponym(item) for item in draft.toponyms],
    }


def _read_event(draft: StoryDraft, event: Event) -> dict[str, Any]:
    """The event with its candidates and its trigger: by its id, else by the words that it came from."""
    resolution = draft.resolutions.get(event.event_id) or _by_span(draft, event.place_span)
    return {**event_json(event, resolution), "trigger_span": _span(_trigger(draft, event))}


def _by_span(draft: StoryDraft, span: Span | None) -> Resolution | None:
    if span is None:
        return None
    return next((item for item in draft.toponyms if item.toponym.span.overlaps(span)), None)


def _trigger(draft: StoryDraft, event: Event) -> Span | None:
    if event.event_id in draft.triggers:
        return draft.triggers[event.event_id]
    same = (each for each in draft.events if event.quote_span and each.quote_span == event.quote_span)
    return next((draft.triggers[each.event_id] for each in same if each.event_id in draft.triggers), None)


def document_json(document: Document) -> dict[str, Any]:
    return {
        "doc_id": document.doc_id,
        "text": document.text,
        "sha256": text_hash(document.text),
        "language": document.language,
        "notes": list(document.notes),
        "sample": document.sample,
        "source": source_json(document.source),
    }


def source_json(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "url": source.url,
        "publisher": source.publisher,
        "published": source.published.isoformat() if source.published else "",
        "retrieved": source.retrieved.isoformat() if source.retrieved else "",
        "sha256": source.sha256,
        "archive_url": source.archive_url,
    }


def event_json(event: Event, resolution: Resolution | None = None) -> dict[str, Any]:
    when, dead = event.when, event.fatalities
    return {
        "event_id": event.event_id,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "title": event.title,
        "start": when.start.isoformat() if when else "",
        "end": when.end.isoformat() if when else "",
        "date_precision": when.precision.value if when else "day",
        "place": place_json(event.place) if event.place else None,
        "quote_span": _span(event.quote_span),
        "when_span": _span(event.when_span),
        "place_span": _span(event.place_span),
        "actors": list(event.actors),
        "fatalities": {"low": dead.low, "best": dead.best, "high": dead.high} if dead else None,
        "confidence": event.confidence,
        "status": event.status.value,
        "notes": list(event.notes),
        "tags": list(event.tags),
        "properties": dict(event.properties),
        "candidates": [candidate_json(item) for item in resolution.candidates[:MAX_CANDIDATES]] if resolution else [],
        "place_note": resolution.note if resolution else "",
        "place_confidence": resolution.confidence if resolution else None,
        "looks": list(needs_a_look(event, resolution)),
    }


def place_json(place: Place) -> dict[str, Any]:
    return {
        "place_id": place.place_id,
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "precision": place.precision.value,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "radius_m": place.radius_m,
        "feature": place.feature,
        "population": place.population,
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "place": place_json(candidate.place),
        "score": round(candidate.score, 3),
        "reasons": list(candidate.reasons),
    }


def choice_json(choice: PlaceChoice) -> dict[str, Any]:
    return {
        "choice_id": choice.choice_id,
        "name": choice.name,
        "level": choice.level,
        "chosen_at": choice.chosen_at.isoformat(),
        "doc_id": choice.doc_id,
        "place": place_json(choice.place),
    }


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "added": receipt.added,
        "changed": receipt.changed,
        "unchanged": receipt.unchanged,
        "undated": receipt.undated,
        "unplaced": receipt.unplaced,
        "notes": list(receipt.notes),
        "problems": [problem.message for problem in receipt.problems],
    }


def types_json(event_types: Mapping[str, EventType]) -> list[dict[str, Any]]:
    """The taxonomy with its drawing, in the order of the legend, for the type list of each card."""
    return [
        {
            **style,
            "sub_types": [
                {"name": item.name, "definition": item.definition}
                for item in event_types[style["name"]].sub_types.values()
            ],
        }
        for style in type_styles(event_types)
    ]


def story_line(story: KeptStory) -> dict[str, Any]:
    return {
        "doc_id": story.doc_id,
        "title": story.title,
        "url": story.url,
        "publisher": story.publisher,
        "published": story.published.isoformat() if story.published else "",
        "published_text": f"{story.published.day} {story.published:%b %Y}" if story.published else "",
        "sample": story.sample,
        "draft": story.draft,
        "reviewed": story.reviewed,
        "rejected": story.rejected,
    }


def _toponym(resolution: Resolution) -> dict[str, Any]:
    name = resolution.toponym
    return {
        "text": name.text,
        "span": _span(name.span),
        "place": place_json(resolution.place) if resolution.place else None,
        "note": resolution.note,
    }


def _span(span: Span | None) -> dict[str, int] | None:
    return {"start": span.start, "end": span.end} if span else None
