"""A feature's flat properties back to an event: the reverse of geodata/features.py, one check a property."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import partial
from typing import TypeVar

from geodata.errors import UsageError, shown
from geodata.features import PREFIX, PROPERTIES, dumps
from geodata.model import Event, Fatalities, Place, Precision, Source, Span, Status
from geodata.timespan import DatePrecision, TimeSpan

T = TypeVar("T", Precision, Status, DatePrecision)


def misfits(props: dict[str, object]) -> dict[str, str]:
    """Takes out of a foreign row's `props` what has a name of ours but not a value of ours, as text to be kept.

    A feed's "status: automatic" or "confidence: high" is no error of its: it means something else by the name.
    """
    kinds: dict[str, type[StrEnum]] = {"status": Status, "precision": Precision, "date_precision": DatePrecision}
    tests: dict[str, Callable[[str], object]] = {
        **{name: partial(_one_of, kind, props) for name, kind in kinds.items()},  # type: ignore[type-var]
        **{name: partial(_whole, props) for name in ("fatalities_low", "fatalities_best", "fatalities_high")},
        "population": partial(_whole, props),
        "confidence": partial(_share, props),
        "radius_m": partial(_number, props),
        "source_published": lambda _: _source(props, "source_"),
    }
    found = {}
    for name, test in tests.items():
        try:
            test(name)
        except UsageError:
            found[name] = _text(props, name)
            del props[name]
    return found


def event_from(event_id: str, props: Mapping[str, object], lon_lat: tuple[float, float] | None) -> Event:
    """The event of a feature that `feature` made. UsageError names the property that does not fit."""
    start, end = _text(props, "start"), _text(props, "end")
    when = None
    if start:
        span = TimeSpan.from_param(f"{start}/{end or start}")
        precision = _one_of(DatePrecision, props, "date_precision")
        when = TimeSpan(span.start, span.end, precision) if precision else span
    deaths = Fatalities(*(_whole(props, f"fatalities_{name}") for name in ("low", "best", "high")))
    return Event(
        event_id=event_id,
        event_type=_text(props, "event_type"),
        sub_event_type=_text(props, "sub_event_type"),
        title=_text(props, "title"),
        when=when,
        place=_place(props, *lon_lat) if lon_lat else None,
        quote=_text(props, "quote"),
        quote_span=_span(props, "quote"),
        when_span=_span(props, "when"),
        place_span=_span(props, "place"),
        doc_id=_text(props, "doc_id"),
        sources=_sources(props),
        actors=_texts(props, "actors"),
        fatalities=None if deaths == Fatalities() else deaths,
        confidence=_share(props, "confidence"),
        status=_one_of(Status, props, "status") or Status.DRAFT,
        notes=_texts(props, "notes"),
        tags=_texts(props, "tags"),
        properties={
            name.removeprefix(PREFIX): value if isinstance(value, str) else dumps(value)
            for name, value in props.items()
            if name not in PROPERTIES and value is not None
        },
    )


def event_from_cells(cells: Mapping[str, object]) -> Event:
    """The event of a row of one of our own tables (geodata/export/cells.py): a feature's columns, `id`, `lon`, `lat`.

    Cells may be text or typed as their file has them; lists are text, `properties` is a JSON object. UsageError names
    the cell that does not fit.
    """
    props = {name: _iso(value) for name, value in cells.items() if value is not None and value != ""}
    lon, lat = _number(props, "lon"), _number(props, "lat")
    own = props.pop("properties", None)
    event_id = _text(props, "id")
    event = event_from(event_id, {name: props[name] for name in props if name not in ("id", "lon", "lat")}, None)
    if lon is not None and lat is not None:
        event = replace(event, place=_place(props, lon, lat))
    return replace(event, properties={**event.properties, **_own(own)}) if own else event


def _own(packed: object) -> dict[str, str]:
    try:
        found = json.loads(packed) if isinstance(packed, str) else packed
    except (ValueError, RecursionError) as error:
        raise UsageError(f"properties {shown(str(packed))} is not a JSON object") from error
    if not isinstance(found, Mapping):
        raise UsageError(f"properties {shown(str(packed))} is not a JSON object")
    return {name: value if isinstance(value, str) else dumps(value) for name, value in found.items()}


def _iso(value: object) -> object:
    """A day of a typed table as text; all else as it is."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date) else value


def _place(props: Mapping[str, object], lon: float, lat: float) -> Place:
    return Place(
        name=_text(props, "place"),
        lon=lon,
        lat=lat,
        precision=_one_of(Precision, props, "precision") or Precision.EXACT,
        country=_text(props, "country"),
        admin1=_text(props, "admin1"),
        admin2=_text(props, "admin2"),
        place_id=_text(props, "place_id"),
        radius_m=_number(props, "radius_m") or 0.0,
        feature=_text(props, "place_feature"),
        population=_whole(props, "population") or 0,
    )


def _source(props: Mapping[str, object], prefix: str) -> Source:
    published, retrieved = _text(props, f"{prefix}published"), _text(props, f"{prefix}retrieved")
    try:
        return Source(
            url=_text(props, f"{prefix}url"),
            title=_text(props, f"{prefix}title"),
            publisher=_text(props, f"{prefix}publisher"),
            published=date.fromisoformat(published[:10]) if published else None,
            retrieved=datetime.fromisoformat(retrieved) if retrieved else None,
            sha256=_text(props, f"{prefix}sha256"),
            archive_url=_text(props, f"{prefix}archive_url"),
        )
    except ValueError as error:
        bad = shown(published or retrieved)
        raise UsageError(f"the source's date {bad} is not one; accepted: 2022-11-11") from error


def _sources(props: Mapping[str, object]) -> tuple[Source, ...]:
    many = props.get("sources")
    if isinstance(many, str) and many.startswith("["):
        many = _listed("sources", many)
    if isinstance(many, list) and many and all(isinstance(each, Mapping) for each in many):
        return tuple(_source(each, "") for each in many)
    one = _source(props, "source_")
    return () if one == Source() else (one,)


def _text(props: Mapping[str, object], name: str) -> str:
    value = props.get(name)
    return "" if value is None else value if isinstance(value, str) else dumps(value)


def _texts(props: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = props.get(name)
    if isinstance(value, str) and value.startswith("["):
        with suppress(UsageError):  # "[unknown]" is a name
            value = _listed(name, value)
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else ()


def _listed(name: str, text: str) -> list[object]:
    """A list that a cell holds as JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} {shown(text)} is not a JSON list") from error
    if not isinstance(found, list):
        raise UsageError(f"{name} {shown(text)} is not a JSON list")
    return found


def _number(props: Mapping[str, object], name: str) -> float | None:
    value = props.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise UsageError(f"{name} {shown(value)} is not a number") from error
    if number != number or abs(number) == float("inf"):
        raise UsageError(f"{name} {shown(value)} is not a finite number")
    return number


def _whole(props: Mapping[str, object], name: str) -> int | None:
    number = _number(props, name)
    if number is not None and (number < 0 or number != int(number)):
        raise UsageError(f"{name} {shown(number)} is not a whole number from 0 up")
    return None if number is None else int(number)


def _share(props: Mapping[str, object], name: str) -> float:
    number = _number(props, name)
    if number is not None and not 0 <= number <= 1:
        raise UsageError(f"{name} {shown(number)} is not between 0 and 1")
    return 1.0 if number is None else number


def _span(props: Mapping[str, object], name: str) -> Span | None:
    start, end = _whole(props, f"{name}_start"), _whole(props, f"{name}_end")
    return None if start is None or end is None else Span(start, end)


def _one_of(kind: type[T], props: Mapping[str, object], name: str) -> T | None:
    value = _text(props, name)
    try:
        return kind(value) if value else None
    except ValueError as error:
        raise UsageError(f"{name} {shown(value)} is unknown; accepted: {', '.join(kind)}") from error


def with_place_words(event: Event, props: Mapping[str, object]) -> Event:
    """An unplaced event keeps the words for its place, for the geocoder and for a person."""
    words = {name: str(props[name]) for name in ("place", "admin1", "admin2", "country") if props.get(name)}
    return replace(event, properties={**event.properties, **words}) if words else event
