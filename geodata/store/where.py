"""`EventQuery` -> SQL conditions that say the same as `EventQuery.matches`."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.filtered import filtered
from geodata.store.rows import day_number
from geodata.store.schema import event_sources, events


def conditions(query: EventQuery, backend: Backend) -> list[ColumnElement[bool]]:
    """All of them must hold."""
    found: list[ColumnElement[bool]] = [events.c.status.in_([str(status) for status in query.wanted_statuses()])]
    if query.types:
        found.append(events.c.event_type.in_(query.types))
    if query.sub_types:
        found.append(or_(events.c.sub_event_type.in_(query.sub_types), _without_sub_type(query.sub_types)))
    if query.source:
        found.append(_reported_by(query.source, backend))
    if query.fatalities is not None:
        found.append(func.coalesce(events.c.fatalities_best, events.c.fatalities_low) >= query.fatalities)
    if query.text.strip() or query.actor.strip():
        found.append(backend.has_words(query.text, query.actor))
    if query.filter:
        found.append(filtered(query.filter.condition, backend))
    found += _shared(query.undated, events.c.start_day.is_(None), _in_time(query), query.asks_surely)
    found += _shared(query.unplaced, events.c.lon.is_(None), _in_place(query, backend), query.asks_where)
    return found


def _without_sub_type(types: Sequence[str]) -> ColumnElement[bool]:
    return and_(events.c.sub_event_type == "", events.c.event_type.in_(types))


def _shared(
    share: str, missing: ColumnElement[bool], known: list[ColumnElement[bool]], strict: bool
) -> list[ColumnElement[bool]]:
    """Conditions on what is known bind only events that have it; `share` says what becomes of the others.

    `strict`: events that do not have it never answer.
    """
    if share == "only":
        return [false()] if strict else [missing]
    if strict:
        return known
    if share == "exclude":
        return [~missing, *known]
    return [or_(missing, and_(*known))] if known else []


def _in_time(query: EventQuery) -> list[ColumnElement[bool]]:
    first, last = (
        (events.c.start_day, events.c.end_day) if query.asks_surely else (events.c.end_day, events.c.start_day)
    )
    found: list[ColumnElement[bool]] = []
    if query.datetime.start:
        found.append(first >= day_number(query.datetime.start))
    if query.datetime.end:
        found.append(last <= day_number(query.datetime.end))
        if query.asks_surely:  # it follows, and lets the index of first days begin there
            found.append(events.c.start_day <= day_number(query.datetime.end))
    return found


def _in_place(query: EventQuery, backend: Backend) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.precision:
        found.append(events.c.precision.in_([str(precision) for precision in query.wanted_precisions()]))
    if query.country:
        found.append(events.c.country.in_(query.country))
    if query.admin1:
        found.append(events.c.admin1 == query.admin1)
    boxes = [area.bbox() for area in (query.near, query.polygon) if area]
    for box in [query.bbox, *boxes] if query.bbox else boxes:
        found.append(or_(*(backend.in_box(part) for part in box.parts())))
    if query.near:
        found.append(backend.in_circle(query.near))
    if query.polygon:
        found.append(backend.in_polygon(query.polygon))
    return found


def _reported_by(publishers: tuple[str, ...], backend: Backend) -> ColumnElement[bool]:
    """As `model.publisher_of` has it: the first source's publisher, or the host of its address."""
    named = event_sources.c.publisher.in_(publishers)
    unnamed = and_(event_sources.c.publisher == "", backend.host_of(event_sources.c.url).in_(publishers))
    found = select(event_sources.c.event_id).where(event_sources.c.position == 0, or_(named, unnamed))
    return events.c.event_id.in_(found)
