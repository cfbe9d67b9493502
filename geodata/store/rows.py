"""Events and documents as rows, and back; exact both ways. Lists and mappings are JSON text, days are numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from geodata.model import Document, Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.timespan import DatePrecision, TimeSpan

EPOCH = date(1970, 1, 1).toordinal()
DECIMALS = 7
"""Of the degrees of a position, 1 cm: what the index in memory holds too, so that both answer the same."""
PLACE_FIELDS = ("country", "admin1", "admin2", "place_id", "radius_m", "feature", "population")
SOURCE_FIELDS = ("url", "title", "publisher", "sha256", "archive_url")
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Row = dict[str, Any]
Fields = Mapping[Any, Any]
"""A row by column name, of whatever mapping type the database gives it in."""


def day_number(day: date) -> int:
    """Days since 1970-01-01; negative before."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    return date.fromordinal(number + EPOCH)


def day_of_text(text: str | None) -> date | None:
    """A day as the columns `published` hold it."""
    return date.fromisoformat(text) if text else None


def event_row(event: Event) -> Row:
    """Every column of `events` but row_id."""
    return {
        "event_id": event.event_id,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "title": event.title,
        **_when_columns(event.when),
        **_place_columns(event.place),
        "quote": event.quote,
        **_span_columns("quote", event.quote_span),
        **_span_columns("when", event.when_span),
        **_span_columns("place", event.place_span),
        "doc_id": event.doc_id,
        "actors": _json(event.actors),
        **_fatalities_columns(event.fatalities),
        "confidence": event.confidence,
        "status": str(event.status),
        "notes": _json(event.notes),
        "tags": _json(event.tags),
        "properties": _json(dict(event.properties)),
    }


def event_of(row: Fields, sources: Iterable[Fields]) -> Event:
    """The event of a row of `events` and of its rows of `event_sources`, in order."""
    return Event(
        event_id=row["event_id"],
        event_type=row["event_type"],
        sub_event_type=row["sub_event_type"],
        title=row["title"],
        when=_when_of(row),
        place=_place_of(row),
        quote=row["quote"],
        quote_span=_span_of("quote", row),
        when_span=_span_of("when", row),
        place_span=_span_of("place", row),
        doc_id=row["doc_id"],
        sources=tuple(source_of(source) for source in sources),
        actors=tuple(json.loads(row["actors"])),
        fatalities=_fatalities_of(row),
        confidence=row["confidence"],
        status=Status(row["status"]),
        notes=tuple(json.loads(row["notes"])),
        tags=tuple(json.loads(row["tags"])),
        properties=json.loads(row["properties"]),
    )


def source_columns(source: Source) -> Row:
    return {
        **{name: getattr(source, name) for name in SOURCE_FIELDS},
        "published": source.published.isoformat() if source.published else None,
        "retrieved": source.retrieved.isoformat() if source.retrieved else None,
    }


def source_of(row: Fields) -> Source:
    return Source(
        **{name: row[name] for name in SOURCE_FIELDS},
        published=day_of_text(row["published"]),
        retrieved=datetime.fromisoformat(row["retrieved"]) if row["retrieved"] else None,
    )


def source_rows(event_id: str, sources: Sequence[Source]) -> list[Row]:
    """The rows of `event_sources` of one event; `position` counts from 0."""
    return [{"event_id": event_id, "position": i, **source_columns(source)} for i, source in enumerate(sources)]


def document_row(document: Document) -> Row:
    return {
        "doc_id": document.doc_id,
        "text": document.text,
        "language": document.language,
        "notes": _json(document.notes),
        "sample": document.sample,
        **source_columns(document.source),
    }


def document_of(row: Fields) -> Document:
    return Document(
        doc_id=row["doc_id"],
        text=row["text"],
        source=source_of(row),
        language=row["language"],
        notes=tuple(json.loads(row["notes"])),
        sample=bool(row["sample"]),
    )


def before_json(row: Fields, sources: Sequence[Fields] = ()) -> str:
    """A row as it was before a change, for the history: its columns, and an event's sources."""
    kept = {name: value for name, value in row.items() if name != "row_id"}
    if sources:
        kept["sources"] = [{k: v for k, v in source.items() if k != "event_id"} for source in sources]
    return _json(kept)


def _when_columns(when: TimeSpan | None) -> Row:
    if when is None:
        return {"start_day": None, "end_day": None, "date_precision": None}
    return {
        "start_day": day_number(when.start),
        "end_day": day_number(when.end),
        "date_precision": str(when.precision),
    }


def _when_of(row: Fields) -> TimeSpan | None:
    if row["start_day"] is None:
        return None
    return TimeSpan(day_of(row["start_day"]), day_of(row["end_day"]), DatePrecision(row["date_precision"]))


def _place_columns(place: Place | None) -> Row:
    if place is None:
        return dict.fromkeys(("place_name", "lon", "lat", "precision", *PLACE_FIELDS))
    return {
        "place_name": place.name,
        "lon": round(place.lon, DECIMALS),
        "lat": round(place.lat, DECIMALS),
        "precision": str(place.precision),
        **{name: getattr(place, name) for name in PLACE_FIELDS},
    }


def _place_of(row: Fields) -> Place | None:
    if row["lon"] is None:
        return None
    return Place(
        name=row["place_name"],
        lon=row["lon"],
        lat=row["lat"],
        precision=Precision(row["precision"]),
        **{name: row[name] for name in PLACE_FIELDS},
    )


def _span_columns(name: str, span: Span | None) -> Row:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


def _span_of(name: str, row: Fields) -> Span | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None else Span(start, end)


def _fatalities_columns(deaths: Fatalities | None) -> Row:
    given = deaths or Fatalities()
    return {
        "has_fatalities": deaths is not None,
        "fatalities_low": given.low,
        "fatalities_best": given.best,
        "fatalities_high": given.high,
    }


def _fatalities_of(row: Fields) -> Fatalities | None:
    if not row["has_fatalities"]:
        return None
    return Fatalities(row["fatalities_low"], row["fatalities_best"], row["fatalities_high"])
