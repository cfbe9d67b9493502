"""How likely two events are one: evidence for and against added up as log-odds, each piece with its reason in words.

The weights were set by hand on half of the sample pairs in tests/duplicates/pairs.py and checked on the other half.
Nothing here is learned from a corpus, so every score can be traced to the sentences that it comes with.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from rapidfuzz import fuzz

from geodata.duplicates.blocking import RELATED, SAME_TOWN_M, days_apart, reach_m
from geodata.duplicates.words import CONTEXT_THINGS, WORD, stem, words_of
from geodata.geometry import distance_m
from geodata.model import Event, Fatalities, Place, Precision

LIKELY = 0.5
"""From this score on a pair is suggested."""
BIAS = -2.8
SAME_SPOT_M = 3_000.0
COPY_RATIO = 88.0  # rapidfuzz's token_set_ratio, 0..100, of the quotes; agency copy with a word changed lies above
FEW_WORDS = 3  # an overlap is of at least so many words, or one shared word of a short title would decide
ACTOR_RATIO = 80.0
AREAS = (Precision.ADMIN2, Precision.ADMIN1, Precision.REGION, Precision.COUNTRY)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0..1; `reasons` for, then `doubts` against, each the weightiest first."""

    score: float
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: its weight in log-odds (below 0: against) and what it says, or how to say it; no words: not shown."""

    weight: float
    words: str | Callable[[], str]


def likeness(one: Event, other: Event) -> Likeness:
    """The same for both orders. 0 where types or dates cannot be of one event; an unlikely pair is given no reasons."""
    if other.event_type not in RELATED.get(one.event_type, (one.event_type,)) or days_apart(one, other) is None:
        return Likeness(0.0)
    if one.event_id > other.event_id:
        one, other = other, one
    found = [*_of_type(one, other), *_of_date(one, other), *_of_place(one, other), *_of_words(one, other)]
    found += [*_of_deaths(one, other), *_of_actors(one, other)]
    score = round(1.0 / (1.0 + math.exp(-BIAS - sum(piece.weight for piece in found))), 4)
    if score < LIKELY:
        return Likeness(score)
    found.sort(key=lambda piece: -abs(piece.weight))
    said = [(piece.weight > 0, piece.words if isinstance(piece.words, str) else piece.words()) for piece in found]
    pro, contra = (tuple(words for is_pro, words in said if words and is_pro is wanted) for wanted in (True, False))
    return Likeness(score, pro, contra)


def _of_type(one: Event, other: Event) -> Iterator[Evidence]:
    if one.event_type != other.event_type:
        yield Evidence(-0.4, f"related types: {one.event_type} and {other.event_type}")
    elif one.sub_event_type and one.sub_event_type == other.sub_event_type:
        yield Evidence(0.9, f"both are {one.sub_event_type}")
    else:
        yield Evidence(0.4, f"both are {one.event_type}")


def _of_date(one: Event, other: Event) -> Iterator[Evidence]:
    gap = days_apart(one, other)
    assert gap is not None
    assert one.when
    assert other.when
    widest = max(one.when.days, other.when.days)
    if gap > 1:
        yield Evidence(-4.0, f"{gap} days apart")
    elif gap == 1:
        yield Evidence(-1.0, "a day apart")
    elif widest == 1:
        yield Evidence(1.1, f"on the same day, {one.when.start.day} {one.when.start:%b %Y}")
    elif widest <= 8:
        yield Evidence(0.6, "their dates overlap, within about a week")
    else:
        yield Evidence(0.1, f"their dates overlap, one is only known within {widest} days")


def _of_place(one: Event, other: Event) -> Iterator[Evidence]:
    a, b = one.place, other.place
    if a is None or b is None:
        yield Evidence(-0.6, "neither has a place" if a is b else "only one has a place")
        return
    apart = distance_m(a.lon, a.lat, b.lon, b.lat)
    rough = [place for place in (a, b) if place.precision is not Precision.EXACT]
    if not rough:
        if (a.place_id and a.place_id == b.place_id) or apart <= SAME_SPOT_M:
            yield Evidence(1.2, f"at the same place, {a.name}")
        elif apart <= SAME_TOWN_M:
            yield Evidence(-0.5, f"{apart / 1000:.0f} km apart, {a.name} and {b.name}")
        else:
            yield Evidence(-3.0, f"{apart / 1000:.0f} km apart, {a.name} and {b.name}")
    elif len(rough) == 2 and a.precision is b.precision and (a.name == b.name or apart <= SAME_SPOT_M):
        yield Evidence({Precision.NEAR: 1.0, Precision.ADMIN2: 0.8}.get(a.precision, 0.3), f"both in or near {a.name}")
    elif (wide := _area_of(a, b)) is not None:
        inner = b if wide is a else a
        weight = {Precision.NEAR: 0.8, Precision.ADMIN2: 0.7, Precision.ADMIN1: 0.4}.get(wide.precision, 0.1)
        yield Evidence(weight, f"{inner.name} lies in or near {wide.name}, which is all that the other one says")
    elif apart <= reach_m(a) + reach_m(b):
        yield Evidence(0.0, f"{apart / 1000:.0f} km apart, within what is known of their places")
    else:
        yield Evidence(-3.0, f"{apart / 1000:.0f} km apart, farther than their places are unsure")


def _area_of(a: Place, b: Place) -> Place | None:
    """The one of the two that the other lies in or beside, by name or by distance; None where neither."""
    for wide, inner in sorted(((a, b), (b, a)), key=lambda pair: -pair[0].radius_m):
        if wide.precision is Precision.EXACT:
            continue
        if wide.precision in AREAS and wide.country == inner.country and wide.name in (inner.admin1, inner.admin2):
            return wide
        if wide.precision is Precision.COUNTRY and wide.country and wide.country == inner.country:
            return wide
        if distance_m(a.lon, a.lat, b.lon, b.lat) <= wide.radius_m:
            return wide
    return None


def _of_words(one: Event, other: Event) -> Iterator[Evidence]:
    a, b = words_of(one), words_of(other)
    if both := a.things & b.things:
        yield Evidence(1.5 if both - CONTEXT_THINGS else 0.5, f"both tell of {_listed(both)}")
    elif a.things - CONTEXT_THINGS and b.things - CONTEXT_THINGS:
        yield Evidence(-2.0, f"one tells of {_listed(a.things)}, the other of {_listed(b.things)}")
    if numbers := a.numbers & b.numbers:
        yield Evidence(0.9, f"both say {_listed(numbers)}")
    if a.latin != b.latin:
        yield Evidence(0.3, "")  # told in another script: shared words cannot be expected
        return
    if one.quote and other.quote and fuzz.token_set_ratio(one.quote.casefold(), other.quote.casefold()) >= COPY_RATIO:
        yield Evidence(2.2, "told in nearly the same words")
        return
    shared = a.stems & b.stems
    fewest = min(len(a.stems), len(b.stems))
    share = len(shared) / max(FEW_WORDS, fewest)
    if fewest == 0:
        return
    words = partial(_shared_words, one, other, shared) if shared else "no telling word in common"
    yield Evidence(4.0 * min(share, 0.6) - 1.1, words)


def _shared_words(one: Event, other: Event, shared: frozenset[str]) -> str:
    """The words themselves, as one of the two writes them."""
    seen: dict[str, str] = {}
    for word in WORD.findall(f"{one.title} {one.quote} {other.title} {other.quote}"):
        if stem(word.casefold()) in shared:
            seen.setdefault(stem(word.casefold()), word)
    words = list(seen.values())[:4]
    return f"both say “{'”, “'.join(words)}”"


def _of_deaths(one: Event, other: Event) -> Iterator[Evidence]:
    a, b = one.fatalities, other.fatalities
    if a is None or b is None or _figure(a) is None or _figure(b) is None:
        return
    x, y = _figure(a) or 0, _figure(b) or 0
    if x == y:
        if x:
            yield Evidence(1.1 if x > 2 else 0.7, f"both report {x} dead")
        return
    first, last = sorted((one, other), key=_told)
    more = (_figure(last.fatalities) or 0) >= (_figure(first.fatalities) or 0)
    later = _told(first) < _told(last)
    if max(x, y) > 4 * max(1, min(x, y)) and max(x, y) > 10:
        yield Evidence(-1.6, f"{min(x, y)} dead in one, {max(x, y)} in the other")
    elif later and more:
        yield Evidence(0.2, f"the later report tells of more dead: {min(x, y)}, then {max(x, y)}")
    else:
        yield Evidence(-0.7, f"{x} dead in one, {y} in the other")


def _figure(deaths: Fatalities | None) -> int | None:
    if deaths is None:
        return None
    return next((n for n in (deaths.best, deaths.low, deaths.high) if n is not None), None)


def _told(event: Event) -> int:
    """When it was published, as a number; 0 where that is not known."""
    return max((source.published.toordinal() for source in event.sources if source.published), default=0)


def _of_actors(one: Event, other: Event) -> Iterator[Evidence]:
    pairs = [(a, b) for a in one.actors for b in other.actors]
    alike = [a for a, b in pairs if fuzz.token_set_ratio(a.casefold(), b.casefold()) >= ACTOR_RATIO]
    if alike:
        yield Evidence(0.6, f"both name {alike[0]}")
    elif pairs and words_of(one).latin == words_of(other).latin:
        yield Evidence(-0.3, f"{one.actors[0]} in one, {other.actors[0]} in the other")


def _listed(names: frozenset[str]) -> str:
    return " and ".join(sorted(names)[:3])
