"""What of the events may leave: those under restricted terms stay, and positions can be made less exact.

One helper for all ways out (files, API, tiles, feeds, frames, previews): `Release`. The map page itself, an editor's
tool, shows all events as they are.

Some tables may be used but not passed on (ACLED's terms); their events have the tag `restricted`. And a newsroom may
have to protect people: then every position leaves moved to the middle of a grid cell, with the doubt that it now has,
and without the words that would give the exact spot away. No program can tell which words of a text do, so all free
text stays here: titles, quotes, notes, a table's own columns, and the titles and addresses of the sources, which stay
named.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from geodata.credits import ATTRIBUTION, LICENCE
from geodata.errors import UsageError
from geodata.geometry import EARTH_RADIUS_M
from geodata.model import Event, Place, Precision, Source, host_of
from geodata.query import EventQuery
from geodata.settings import Settings

RESTRICTED = "restricted"
"""The tag of an event whose source's terms do not let others have it from us."""
MOST_KM = 500
"""Of `generalise_km`: beyond, a position says no more than its continent."""
WORDS_STAY = (
    "titles, quotes, notes, actors as a story calls them, columns of its own that a table had, names of smaller "
    "places, and the titles and addresses of sources"
)
"""What goes with exact positions: any of it may name the spot."""
_SPOTS = (Precision.EXACT, Precision.NEAR)
"""Precisions of places that have a town's name."""
_DEGREE_KM = math.pi * EARTH_RADIUS_M / 180_000


class Releasing(Protocol):
    """What is needed of a store (`contracts.EventStore`)."""

    def found(
        self, query: EventQuery, limit: int | None = None, offset: int = 0, restricted: bool = True
    ) -> Iterable[Event]: ...

    def count(self, query: EventQuery, restricted: bool = True) -> int: ...


def is_restricted(event: Event) -> bool:
    return any(tag.casefold() == RESTRICTED for tag in event.tags)


@dataclass(frozen=True, slots=True)
class Release:
    """On what terms events leave. `generalise_km` 0 leaves positions as they are.

    `hidden_km` is what the site itself rounds to, whoever asks: positions are first rounded to that, so that many
    wider grids laid over one another do not give an exact one away.
    """

    restricted: bool = False
    generalise_km: int = 0
    hidden_km: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.generalise_km <= MOST_KM:
            raise UsageError(f"positions can be rounded to 1 to {MOST_KM} km (0: not at all), not {self.generalise_km}")

    @classmethod
    def of(cls, settings: Settings, generalise_km: int = 0) -> "Release":
        """As the settings say; who asks may have positions rounded more, never less."""
        hidden = settings.generalise_km
        return cls(settings.export_restricted, max(hidden, generalise_km), hidden)

    def event(self, event: Event) -> Event | None:
        """As it may leave; None where it may not."""
        if not self.restricted and is_restricted(event):
            return None
        return self.less_exact(event)

    def found(self, store: Releasing, query: EventQuery, limit: int | None = None, offset: int = 0) -> Iterable[Event]:
        """The events of a query that may leave, as they may: what `EventStore.found` gives otherwise."""
        found = store.found(query, limit, offset, restricted=self.restricted)
        return self._rounded(found) if self.generalise_km else found

    def _rounded(self, events: Iterable[Event]) -> Iterator[Event]:
        return map(self.less_exact, events)

    def less_exact(self, event: Event) -> Event:
        """The event as it may be told, whatever its source's terms."""
        for km in sorted({self.hidden_km, self.generalise_km} - {0}):
            event = generalised(event, km)
        return without_words(event) if self.generalise_km else event

    def count(self, store: Releasing, query: EventQuery) -> int:
        """How many of a query's events may leave."""
        return store.count(query, restricted=self.restricted)

    def left_out(self, store: Releasing, query: EventQuery) -> tuple[str, ...]:
        """In words, what of a query's events stays here."""
        return self.told(0 if self.restricted else store.count(query) - store.count(query, restricted=False))

    def told(self, staying: int) -> tuple[str, ...]:
        """The same where it is known how many events stay."""
        said = []
        if staying:
            events = "1 event" if staying == 1 else f"{staying:,} events"
            said.append(f"{events} whose source's terms do not allow passing on")
        if self.generalise_km:
            said.append(f"exact positions: they are rounded to {self.generalise_km} km; with them {WORDS_STAY}")
        return tuple(said)


def generalised(event: Event, km: int) -> Event:
    """With its place moved to the middle of a grid cell `km` wide, and a radius that reaches its corners.

    The grid hangs on the Earth, not on the event: the same spot always gives the same answer, so that many events do
    not give it away by their average. An area that is no smaller than a cell stays as it is; a town does not, however
    far from it the event may have been: its name and its middle are what is to be hidden.
    """
    place = event.place
    if place is None or (place.radius_m >= km * 1000 and place.precision not in _SPOTS):
        return event
    return replace(event, place=_in_cell(place, km), place_span=None)


def without_words(event: Event) -> Event:
    """Without free text, of whose words any may name the spot; its title says what and in which area."""
    what, where = event.sub_event_type or event.event_type, event.place.name if event.place else ""
    terms = {name: text for name in (LICENCE, ATTRIBUTION) if (text := event.properties.get(name, ""))}
    return replace(
        event,
        title=f"{what}: {where}" if where else what,
        quote="",
        notes=(),
        properties=terms,
        sources=tuple(map(_named_only, event.sources)),
        actors=() if event.doc_id else event.actors,
        doc_id="",
        quote_span=None,
        when_span=None,
        place_span=None,
    )


def _named_only(source: Source) -> Source:
    return Source(publisher=source.publisher or host_of(source.url), published=source.published)


def _in_cell(place: Place, km: int) -> Place:
    step = km / _DEGREE_KM
    lat = (math.floor((place.lat + 90) / step) + 0.5) * step - 90
    lat = min(lat, 90.0)
    # at least one cell around the Earth; near the poles they are few
    cells = max(1, round(360 * math.cos(math.radians(min(abs(lat), 89.9))) / step))
    lon = (math.floor((place.lon + 180) / 360 * cells) % cells + 0.5) * 360 / cells - 180
    named = place.admin2 if place.precision in _SPOTS else place.name
    return Place(
        name=named or place.admin1,
        lon=round(lon, 6),
        lat=round(lat, 6),
        precision=Precision.NEAR if place.precision == Precision.EXACT else place.precision,
        country=place.country,
        admin1=place.admin1,
        admin2=place.admin2,
        # from the middle to a corner of the cell, and from there as far as it was in doubt before
        radius_m=1000.0 * max(km, math.ceil(place.radius_m / 1000 + km * math.sqrt(0.5))),
    )
