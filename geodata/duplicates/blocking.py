"""Which events are worth comparing with one: of a related type, possible on its days, within reach of its place.

All three are ranges that an index answers, so that no event is compared with all the others.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.geometry import BBox
from geodata.model import Event, Place, Precision

SLACK_DAYS = 1
"""Reports of one night disagree about its date, and time zones shift it: a day apart is still compared."""
MOST_DAYS = 31
"""An event dated no better than to the month is the widest that is compared: more says too little."""
SAME_TOWN_M = 10_000.0
"""Points closer than this are compared even where both are exact: gazetteers disagree where a town's middle is."""
MOST_REACH_M = 300_000.0
"""Half-width of the widest doubt that counts as near; larger countries are cut to it."""
M_PER_DEG = 111_195.0  # of latitude, on a sphere of mean Earth radius

# Reports of one happening put it into these types by what they stress: a bomb is an explosion to one desk, an attack on
# civilians or a crime to another; a march that is broken up is a protest or a riot.
_RELATED = (
    ("Battles", "Explosions/Remote violence"),
    ("Battles", "Violence against civilians"),
    ("Battles", "Strategic developments"),
    ("Explosions/Remote violence", "Violence against civilians"),
    ("Explosions/Remote violence", "Crime"),
    ("Explosions/Remote violence", "Disaster"),
    ("Explosions/Remote violence", "Strategic developments"),
    ("Violence against civilians", "Crime"),
    ("Violence against civilians", "Riots"),
    ("Protests", "Riots"),
    ("Diplomacy", "Strategic developments"),
)


def _neighbours() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one, other in _RELATED:
        found.setdefault(one, [one]).append(other)
        found.setdefault(other, [other]).append(one)
    return {name: tuple(names) for name, names in found.items()}


RELATED: Mapping[str, tuple[str, ...]] = _neighbours()


@dataclass(frozen=True, slots=True)
class Block:
    """Where an event's candidates lie. Days are both included; `box` None: those without a place.

    A candidate starts from `first_start` to `last_start` and ends on `first_end` or later. `reach_m` is the event's own
    half-width; a candidate's is added to it by whoever compares.
    """

    types: tuple[str, ...]
    first_start: date
    last_start: date
    first_end: date
    box: BBox | None
    reach_m: float


def block_of(event: Event) -> Block | None:
    """None where the event is undated or its date too wide to be compared."""
    when = event.when
    if when is None or when.days > MOST_DAYS:
        return None
    first, last = _moved(when.start, -SLACK_DAYS), _moved(when.end, SLACK_DAYS)
    return Block(
        types=RELATED.get(event.event_type, (event.event_type,)),
        first_start=_moved(first, 1 - MOST_DAYS),
        last_start=last,
        first_end=first,
        box=_around(event.place, reach_m(event.place) + MOST_REACH_M) if event.place else None,
        reach_m=reach_m(event.place) if event.place else 0.0,
    )


def reach_m(place: Place) -> float:
    """How far from its point a place's event can have been, in metres."""
    if place.precision is Precision.EXACT:
        return SAME_TOWN_M
    return min(max(place.radius_m, SAME_TOWN_M), MOST_REACH_M)


def _moved(day: date, days: int) -> date:
    """The day so many days later, within the calendar."""
    number = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(number)


def _around(place: Place, wide_m: float) -> BBox:
    """A box that holds every point up to `wide_m` metres away; it may cross the antimeridian."""
    high = wide_m / M_PER_DEG
    south, north = max(-90.0, place.lat - high), min(90.0, place.lat + high)
    narrowest = math.cos(math.radians(max(abs(south), abs(north))))
    wide = high / narrowest if narrowest > 1e-6 else 180.0
    if wide >= 180.0:
        return BBox(-180.0, south, 180.0, north)
    west, east = place.lon - wide, place.lon + wide
    return BBox(west + 360.0 if west < -180.0 else west, south, east - 360.0 if east > 180.0 else east, north)


def days_apart(one: Event, other: Event) -> int | None:
    """Days between the two spans, 0 where they overlap; None where one is undated."""
    if one.when is None or other.when is None:
        return None
    gap: timedelta = max(one.when.start, other.when.start) - min(one.when.end, other.when.end)
    return max(0, gap.days)
