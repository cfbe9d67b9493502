"""Events as columns for static/js/onefile/answers.js: what many of them share is named once."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from geodata.model import Event, Fatalities, Place
from mapping import plain

DECIMALS = 5
"""Of degrees: about a metre."""
_EPOCH = date(1970, 1, 1).toordinal()
K = TypeVar("K", bound=Hashable)


class Names(Generic[K]):
    """Values that many events share; each has a number."""

    def __init__(self) -> None:
        self._numbers: dict[K, int] = {}

    def number(self, value: K) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def numbers(self, values: Sequence[K]) -> list[int]:
        return [self.number(value) for value in values]

    def all(self) -> list[K]:
        return list(self._numbers)


def latest_first(events: Sequence[Event]) -> list[Event]:
    """In the order of lists: by first day, those without a date last."""
    return sorted(events, key=lambda event: event.when.start if event.when else date.min, reverse=True)


def columns_of(events: Sequence[Event]) -> dict[str, Any]:
    """One list a column, in the order of `events`; days count from 1970-01-01, `days` is the last less the first."""
    types, sub_types, statuses, dated = Names[str](), Names[str](), Names[str](), Names[str]()
    places, sources = Names[Place](), Names[Any]()
    actors, tags, notes = Names[str](), Names[str](), Names[str]()
    spans = [event.when for event in events]
    columns: dict[str, Any] = {
        "type": [types.number(event.event_type) for event in events],
        "sub_type": [sub_types.number(event.sub_event_type) for event in events],
        "status": [statuses.number(event.status.value) for event in events],
        "title": [event.title for event in events],
        "quote": [event.quote for event in events],
        "start": [span.start.toordinal() - _EPOCH if span else None for span in spans],
        "days": [(span.end - span.start).days if span else 0 for span in spans],
        "date_precision": [dated.number(span.precision.value) if span else 0 for span in spans],
        "place": [places.number(_seen(event.place)) if event.place else -1 for event in events],
        "source": [sources.numbers(event.sources) for event in events],
        "actor": [actors.numbers(event.actors) for event in events],
        "tag": [tags.numbers(event.tags) for event in events],
        "note": [notes.numbers(event.notes) for event in events],
        "fatalities": [_deaths(event.fatalities) for event in events],
        "confidence": [round(event.confidence, 2) for event in events],
    }
    return {
        **columns,
        "types": types.all(),
        "sub_types": sub_types.all(),
        "statuses": statuses.all(),
        "date_precisions": dated.all(),
        "places": [_place(place) for place in places.all()],
        "sources": [plain.source(source) for source in sources.all()],
        "actors": actors.all(),
        "tags": tags.all(),
        "notes": notes.all(),
    }


def _seen(place: Place) -> Place:
    """What the page shows of a place."""
    return Place(
        name=place.name,
        lon=round(place.lon, DECIMALS),
        lat=round(place.lat, DECIMALS),
        precision=place.precision,
        country=place.country,
        admin1=place.admin1,
        admin2=place.admin2,
        radius_m=float(round(place.radius_m)),
    )


def _place(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "precision": place.precision.value,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "radius_m": int(place.radius_m),
    }


def _deaths(deaths: Fatalities | None) -> list[int | None] | None:
    return [deaths.low, deaths.best, deaths.high] if deaths else None
