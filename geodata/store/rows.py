"""Events and documents as rows, and back; exact both ways. Lists and mappings are JSON text, days are numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

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


PLAIN_COLUMNS = (
    *("event_id", "event_type", "sub_event_type", "title", "start_day", "end_day", "date_precision"),
    *("place_name", "lon", "lat", "precision", *PLACE_FIELDS),
    *("actors", "has_fatalities", "fatalities_low", "fatalities_best", "fatalities_high"),
    *("confidence", "status", "properties"),
)
"""The columns of `plain_values`."""
EVENT_COLUMNS = (
    *PLAIN_COLUMNS,
    *("quote", *(f"{name}_{end}" for name in ("quote", "when", "place") for end in ("start", "end"))),
    *("doc_id", "notes", "tags"),
)
"""The columns of `event_values`, which are those of `event_row`."""
PLAIN_SOURCE_COLUMNS = ("event_id", "position", "title", "publisher", "published")
SOURCE_COLUMNS = (*PLAIN_SOURCE_COLUMNS, "url", "sha256", "archive_url", "retrieved")
"""The columns of `source_values`, which are those of `source_rows`."""
_UNPLACED = (None,) * (4 + len(PLACE_FIELDS))
_NO_SPAN = (None, None)
_UNDATED = (None, None, None)
_SHARE = 10**DECIMALS


def event_values(event: Event) -> tuple[Any, ...]:
    """`event_row` without the names, in a fifth of the time: for a million rows of a table."""
    return (
        *plain_values(event),
        event.quote,
        *(_span_values(event.quote_span)),
        *(_span_values(event.when_span)),
        *(_span_values(event.place_span)),
        event.doc_id,
        list_json(event.notes),
        list_json(event.tags),
    )


def is_plain(event: Event) -> bool:
    """Whether the event was read in no text, and nobody remarked on it: all that `plain_values` leaves out is empty."""
    return not (
        event.quote
        or event.doc_id
        or event.notes
        or event.tags
        or event.quote_span
        or event.when_span
        or event.place_span
    )


def plain_values(event: Event) -> tuple[Any, ...]:
    """The values of PLAIN_COLUMNS: most rows of tables have no others."""
    when, place, deaths = event.when, event.place, event.fatalities
    return (
        event.event_id,
        event.event_type,
        event.sub_event_type,
        event.title,
        *((when.start.toordinal() - EPOCH, when.end.toordinal() - EPOCH, when.precision._value_) if when else _UNDATED),
        *(_place_values(place) if place else _UNPLACED),
        list_json(event.actors),
        deaths is not None,
        *((deaths.low, deaths.best, deaths.high) if deaths else _UNDATED),
        event.confidence,
        event.status._value_,
        _texts_json(event.properties) if event.properties else "{}",
    )


def source_values(event_id: str, position: int, source: Source) -> tuple[Any, ...]:
    """One of `source_rows` without the names; `position` counts from 0."""
    retrieved = source.retrieved
    return (
        *plain_source_values(event_id, position, source),
        source.url,
        source.sha256,
        source.archive_url,
        retrieved.isoformat() if retrieved else None,
    )


def is_plain_source(source: Source) -> bool:
    """Whether all that `plain_source_values` leaves out is empty."""
    return not (source.url or source.sha256 or source.archive_url or source.retrieved)


def plain_source_values(event_id: str, position: int, source: Source) -> tuple[Any, ...]:
    """The values of PLAIN_SOURCE_COLUMNS."""
    published = source.published
    return event_id, position, source.title, source.publisher, published.isoformat() if published else None


def list_json(items: Sequence[str]) -> str:
    return _texts_json(items) if items else "[]"


def _texts_json(texts: Sequence[str] | Mapping[str, str]) -> str:
    """What `_json` gives, in a sixth of the time."""
    try:
        return orjson.dumps(texts).decode()
    except TypeError:  # another kind of mapping, or half a surrogate pair, which the database refuses in its own words
        return _json(dict(texts) if isinstance(texts, Mapping) else texts)


def _place_values(place: Place) -> tuple[Any, ...]:
    return (
        place.name,
        _rounded(place.lon),
        _rounded(place.lat),
        place.precision._value_,
        place.country,
        place.admin1,
        place.admin2,
        place.place_id,
        place.radius_m,
        place.feature,
        place.population,
    )


def _rounded(degrees: float) -> float:
    """To DECIMALS; a number that has no more of them, as most do, is told without being written out as text."""
    return degrees if round(degrees * _SHARE) / _SHARE == degrees else round(degrees, DECIMALS)


def _span_values(span: Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else _NO_SPAN


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
