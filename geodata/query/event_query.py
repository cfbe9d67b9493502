"""`EventQuery`: a question to the store, parsed once from parameters; it can say itself in an English sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from geodata.geometry import BBox
from geodata.model import Event, Place, Precision, Status, publisher_of
from geodata.query.conditions import All, Area, Condition, Inside, Known, Some, holds
from geodata.query.cql2 import Filter
from geodata.query.params import fields_of, params_of
from geodata.query.sentence import sentence_of
from geodata.query.words import holds_words
from geodata.shapes import Circle, Polygon
from geodata.timespan import Interval


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events: every field narrows; an empty field does not.

    `types` and `sub_types` are names of the taxonomy; a type's name in `sub_types` stands for its events that have no
    sub-type, so that a tree of types can be filtered by its leaves. `statuses` empty means all but rejected.
    `precision` is the least exact precision still wanted. `undated` and `unplaced` say what becomes of events without
    date or place: `include` (as OGC API - Features has it: datetime and bbox do not drop them), `exclude`, or `only`.

    `near`, `polygon`, `country` (ISO 3166-1 alpha-2) and `admin1` (the name of a first-level area of one of those
    countries) ask where an event is, so that no unplaced event answers them, whatever `unplaced` says. `dates` is
    `possibly` (some day of the event lies in `datetime`) or `surely` (all do; no undated event then answers a
    `datetime` that is not open at both ends). `source` is the publisher of an event's first source, or the host of its
    address where that names none (`model.publisher_of`). `actor` is words of one event's actors. `fatalities` is the
    least number of deaths, by the figure that counts (`model.Fatalities.figure`). `filter` is a filter in CQL2.
    """

    bbox: BBox | None = None
    datetime: Interval = Interval()
    types: tuple[str, ...] = ()
    sub_types: tuple[str, ...] = ()
    text: str = ""
    precision: Precision | None = None
    statuses: tuple[Status, ...] = ()
    undated: str = "include"
    unplaced: str = "include"
    near: Circle | None = None
    polygon: Polygon | None = None
    country: tuple[str, ...] = ()
    admin1: str = ""
    source: tuple[str, ...] = ()
    actor: str = ""
    fatalities: int | None = None
    dates: str = "possibly"
    filter: Filter | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]], known_types: Sequence[str] = ()) -> Self:
        """From URL parameters, each a list of values; a value of a list may hold several, comma-separated.

        A publisher may have a comma in its name, so `source` is given once for each. Parameters that are not a query's
        are passed over. UsageError names the value and what is accepted.
        """
        return cls(**fields_of(params, known_types))

    def to_params(self) -> dict[str, list[str]]:
        """The URL parameters that `from_params` reads this very query from."""
        return params_of(self)

    def without(self, *names: str) -> Self:
        """The same query with these fields as if never given."""
        fresh: dict[str, Any] = {name: getattr(EventQuery(), name) for name in names}
        return replace(self, **fresh)

    def matches(self, event: Event) -> bool:
        """Whether an event answers this query, by brute force."""
        return (
            event.status in self.wanted_statuses()
            and (not self.types or event.event_type in self.types)
            and (not self.sub_types or event.sub_event_type in self.sub_types or self._names_bare(event))
            and self._in_time(event)
            and (self._in_place(event.place) if event.place else self._keeps_unplaced())
            and (not self.source or publisher_of(event.sources) in self.source)
            and (self.fatalities is None or _deaths(event) >= self.fatalities)
            and (self.filter is None or holds(self.filter.condition, event))
            and holds_words(self.actor, event.actors)
            and holds_words(
                self.text, (event.title, event.quote, event.place.name if event.place else "", *event.actors)
            )
        )

    def _in_time(self, event: Event) -> bool:
        if event.when is None:
            return self.undated != "exclude" and not self.asks_surely
        if self.undated == "only":
            return False
        return self.datetime.holds(event.when) if self.asks_surely else self.datetime.overlaps(event.when)

    def _in_place(self, place: Place) -> bool:
        return (
            self.unplaced != "only"
            and (self.bbox is None or self.bbox.contains(place.lon, place.lat))
            and place.precision in self.wanted_precisions()
            and (self.near is None or self.near.contains(place.lon, place.lat))
            and (self.polygon is None or self.polygon.contains(place.lon, place.lat))
            and (not self.country or place.country in self.country)
            and (not self.admin1 or place.admin1 == self.admin1)
        )

    def _keeps_unplaced(self) -> bool:
        return self.unplaced != "exclude" and not self.asks_where

    @property
    def areas(self) -> Condition | None:
        """What `bbox`, `near` and `polygon` ask, as a condition: the box of placed events only; None: nothing."""
        found: list[Condition] = []
        if self.bbox:
            found.append(Some((Inside(Area(boxes=(self.bbox,))), Known("geometry", negated=True))))
        found += [Inside(Area(circles=(self.near,)))] if self.near else []
        found += [Inside(Area(areas=((self.polygon,),)))] if self.polygon else []
        return All(tuple(found)) if found else None

    @property
    def asks_where(self) -> bool:
        """Whether it names a place, so that only placed events answer; a `bbox` is a view, and names none."""
        return bool(self.near or self.polygon or self.country or self.admin1)

    @property
    def asks_surely(self) -> bool:
        """Whether all days of an event must lie in `datetime`, so that only dated events answer."""
        return self.dates == "surely" and self.datetime != Interval()

    def _names_bare(self, event: Event) -> bool:
        return not event.sub_event_type and event.event_type in self.sub_types

    def wanted_statuses(self) -> tuple[Status, ...]:
        return self.statuses or (Status.DRAFT, Status.REVIEWED)

    def wanted_precisions(self) -> tuple[Precision, ...]:
        """The precisions at least as exact as asked; all where none was asked."""
        every = tuple(Precision)
        return every if self.precision is None else every[: every.index(self.precision) + 1]

    def __str__(self) -> str:
        """The query as an English sentence."""
        return sentence_of(self)


def _deaths(event: Event) -> int:
    """The figure of deaths that counts; -1 where the event has none."""
    figure = event.fatalities.figure if event.fatalities else None
    return -1 if figure is None else figure
