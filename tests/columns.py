"""Events as the store's columns, without a store: the row id is an event's place in the list."""

from collections.abc import Sequence

import numpy as np

from geodata.answers import E7, UNKNOWN, EventColumns, Named
from geodata.model import Event, publisher_of
from geodata.store.rows import day_number


def columns_of(events: Sequence[Event]) -> EventColumns:
    places, spans = [event.place for event in events], [event.when for event in events]
    figures = [event.fatalities.figure if event.fatalities else None for event in events]
    return EventColumns(
        row_id=np.arange(len(events)),
        lon_e7=numbers([round(place.lon * E7) if place else UNKNOWN for place in places]),
        lat_e7=numbers([round(place.lat * E7) if place else UNKNOWN for place in places]),
        start_day=numbers([day_number(span.start) if span else UNKNOWN for span in spans]),
        end_day=numbers([day_number(span.end) if span else UNKNOWN for span in spans]),
        event_type=named([event.event_type for event in events]),
        sub_event_type=named([event.sub_event_type for event in events]),
        precision=named([place.precision.value if place else "" for place in places]),
        status=named([event.status.value for event in events]),
        source=named([publisher_of(event.sources) for event in events]),
        fatalities=numbers([-1 if figure is None else figure for figure in figures]),
    )


def numbers(column: Sequence[int]) -> np.ndarray:
    return np.array(column, dtype=np.int32)


def named(column: Sequence[str]) -> Named:
    names = tuple(dict.fromkeys(column))
    return Named(names, np.array([names.index(name) for name in column], dtype=np.int32))
