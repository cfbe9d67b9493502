"""`EventQuery` -> SQL conditions that say the same as `EventQuery.matches`, but for text, which is the database's."""

from sqlalchemy import ColumnElement, and_, or_

from geodata.query import EventQuery
from geodata.store.backend import Backend
from geodata.store.rows import day_number
from geodata.store.schema import events


def conditions(query: EventQuery, backend: Backend) -> list[ColumnElement[bool]]:
    """All of them must hold."""
    found: list[ColumnElement[bool]] = [events.c.status.in_([str(status) for status in query.wanted_statuses()])]
    if query.types:
        found.append(events.c.event_type.in_(query.types))
    if query.sub_types:
        found.append(events.c.sub_event_type.in_(query.sub_types))
    if query.text.strip():
        found.append(backend.has_words(query.text))
    found += _shared(query.undated, events.c.start_day.is_(None), _in_time(query))
    found += _shared(query.unplaced, events.c.lon.is_(None), _in_place(query, backend))
    return found


def _shared(share: str, missing: ColumnElement[bool], known: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Conditions on what is known bind only events that have it; `share` says what becomes of the others."""
    if share == "only":
        return [missing]
    if share == "exclude":
        return [~missing, *known]
    return [or_(missing, and_(*known))] if known else []


def _in_time(query: EventQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.datetime.start:
        found.append(events.c.end_day >= day_number(query.datetime.start))
    if query.datetime.end:
        found.append(events.c.start_day <= day_number(query.datetime.end))
    return found


def _in_place(query: EventQuery, backend: Backend) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.precision:
        found.append(events.c.precision.in_([str(precision) for precision in query.wanted_precisions()]))
    if query.bbox:
        found.append(or_(*(backend.in_box(box) for box in query.bbox.parts())))
    return found
