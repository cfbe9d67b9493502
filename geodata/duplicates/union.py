"""Two events told of one happening -> which of them stays, what they say differently, and the event that holds both."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geodata.duplicates.blocking import days_apart
from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.timespan import DatePrecision, TimeSpan

_EXACTNESS = {precision: rank for rank, precision in enumerate(Precision)}
_FINENESS = {precision: rank for rank, precision in enumerate(DatePrecision)}
SAMPLE_TAG = "sample"


def survivor_first(one: Event, other: Event) -> tuple[Event, Event]:
    """The one that stays by default, then the other: the reviewed, else the more precise, else the earlier told."""
    first, second = sorted((one, other), key=_rank)
    return first, second


def _rank(event: Event) -> tuple[int, int, int, int, str]:
    place, when = event.place, event.when
    told = min((source.published.toordinal() for source in event.sources if source.published), default=10**7)
    return (
        event.status is not Status.REVIEWED,
        _EXACTNESS[place.precision] if place else len(_EXACTNESS),
        when.days if when else 10**7,
        told,
        event.event_id,
    )


def differing(one: Event, other: Event) -> tuple[str, ...]:
    """The names of the fields in which the two say different things; a field that one leaves empty is no difference."""
    found = []
    if (one.event_type, one.sub_event_type) != (other.event_type, other.sub_event_type):
        found.append("type")
    if one.when and other.when and (one.when.start, one.when.end) != (other.when.start, other.when.end):
        found.append("when")
    if one.place and other.place and _spot(one.place) != _spot(other.place):
        found.append("place")
    if one.fatalities and other.fatalities and one.fatalities != other.fatalities:
        found.append("fatalities")
    if one.actors and other.actors and set(one.actors) != set(other.actors):
        found.append("actors")
    return tuple(found)


def _spot(place: Place) -> tuple[str, float, float, Precision]:
    return place.name, round(place.lon, 4), round(place.lat, 4), place.precision


def union(survivor: Event, other: Event) -> Event:
    """The survivor with all that the other adds: sources, actors, the narrower date, the more exact place, all deaths.

    Its id, story, title and words stay its own; the other's are kept by the store. Where the two disagree a note says
    how, so that a person can check it.
    """
    place = _place(survivor.place, other.place)
    return replace(
        survivor,
        sub_event_type=survivor.sub_event_type or _sub_type(survivor, other),
        when=united_when(survivor.when, other.when),
        place=place,
        place_span=survivor.place_span if place is survivor.place else None,
        sources=_sources((*survivor.sources, *other.sources)),
        actors=_once((*survivor.actors, *other.actors)),
        fatalities=united_deaths(survivor, other),
        confidence=max(survivor.confidence, other.confidence),
        status=Status.REVIEWED if Status.REVIEWED in (survivor.status, other.status) else survivor.status,
        notes=_once((*survivor.notes, *other.notes, *_conflicts(survivor, other))),
        tags=_once((*survivor.tags, *(tag for tag in other.tags if tag != SAMPLE_TAG))),
        properties={**other.properties, **survivor.properties},
    )


def united_when(one: TimeSpan | None, other: TimeSpan | None) -> TimeSpan | None:
    """The days that both allow; where they share none, all days from the first to the last of either."""
    if one is None or other is None:
        return one or other
    start, end = max(one.start, other.start), min(one.end, other.end)
    if start > end:
        return TimeSpan(min(one.start, other.start), max(one.end, other.end), _finer(one, other))
    for span in (one, other):
        if (span.start, span.end) == (start, end):
            return span
    return TimeSpan(start, end, DatePrecision.DAY if start == end else _finer(one, other))


def _finer(one: TimeSpan, other: TimeSpan) -> DatePrecision:
    return min(one.precision, other.precision, key=_FINENESS.__getitem__)


def united_deaths(one: Event, other: Event) -> Fatalities | None:
    """The lowest low, the highest high, and the best figure of the report published last."""
    a, b = one.fatalities, other.fatalities
    if a is None or b is None:
        return a or b
    if a == b:
        return a
    figures = [n for n in (a.low, a.best, a.high, b.low, b.best, b.high) if n is not None]
    highs = [n for n in (a.high, a.best, b.high, b.best) if n is not None]
    bests = [event.fatalities.best for event in sorted((one, other), key=_told) if event.fatalities]
    best = next((n for n in reversed(bests) if n is not None), None)
    return Fatalities(min(figures, default=None), best, max(highs, default=None))


def _told(event: Event) -> int:
    return max((source.published.toordinal() for source in event.sources if source.published), default=0)


def _place(mine: Place | None, theirs: Place | None) -> Place | None:
    if mine is None or theirs is None:
        return mine or theirs
    return theirs if _EXACTNESS[theirs.precision] < _EXACTNESS[mine.precision] else mine


def _sub_type(survivor: Event, other: Event) -> str:
    return other.sub_event_type if other.event_type == survivor.event_type else ""


def _sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Each once: the same text, or the same address, title and day, is one source however often it was fetched."""
    found: dict[tuple[object, ...], Source] = {}
    for source in sources:
        key = (source.url, source.title, source.publisher, source.published, source.sha256)
        found.setdefault(key, source)
    return tuple(found.values())


def _once(items: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for item in items:
        found.setdefault(item.casefold(), item)
    return tuple(found.values())


def _conflicts(one: Event, other: Event) -> Iterable[str]:
    if days_apart(one, other):
        yield f"the sources disagree about the date: {one.when} or {other.when}"
    a, b = one.fatalities, other.fatalities
    if a and b and a != b:
        yield f"the sources disagree about the dead: {_said(a)} or {_said(b)}"


def _said(deaths: Fatalities) -> str:
    if deaths.best is not None:
        return str(deaths.best)
    parts = (
        f"at least {deaths.low}" if deaths.low is not None else "",
        f"at most {deaths.high}" if deaths.high is not None else "",
    )
    return " and ".join(part for part in parts if part) or "not told"
