"""An `EventQuery` as an English sentence: what a person reads above a map, in a file or in a citation."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from geodata.errors import shown
from geodata.geometry import BBox, degrees
from geodata.model import Precision
from geodata.query.countries import in_sentence
from geodata.timespan import Interval

if TYPE_CHECKING:
    from geodata.query.event_query import EventQuery

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""Not strftime's, which are in the language that the process is set to."""
_PLACED = {
    Precision.EXACT: "placed exactly",
    Precision.NEAR: "placed within 25 km or better",
    Precision.ADMIN2: "placed to the district or better",
    Precision.ADMIN1: "placed to the province or better",
    Precision.REGION: "placed to the region or better",
    Precision.COUNTRY: "placed to the country or better",
}
_MOST_CHARS = 200


def sentence_of(query: "EventQuery") -> str:
    """Which events they are, then the filters one by one; "All events." where there is none."""
    subject = _subject(query)
    filters = [part for part in (_where(query), *_clauses(query)) if part]
    if not filters:
        return f"{subject if subject != 'Events' else 'All events'}."
    return f"{subject} {', '.join(filters)}."


def days_in_words(days: Interval) -> str:
    """`in February 2022`, `from 3 to 9 November 2023`, `up to 1 March 2022`; empty where both ends are open."""
    first, last = days.start, days.end
    if first and last:
        return _span(first, last)
    if first:
        return f"from {_day(first)} on"
    return f"up to {_day(last)}" if last else ""


def _subject(query: "EventQuery") -> str:
    named = _all_of(query.types) or "Events"
    if not query.sub_types:
        return named
    several = "s" if len(query.sub_types) > 1 else ""
    return f"{named} of the sub-type{several} {_all_of(query.sub_types)}"


def _where(query: "EventQuery") -> str:
    found = []
    if query.near:
        found.append(f"within {query.near.km:g} km of {_position(query.near.lon, query.near.lat)}")
    if query.polygon:
        found.append(f"inside a drawn area of {len(query.polygon.corners)} corners")
    if query.country:
        countries = _any_of([in_sentence(code) for code in query.country])
        found.append(f"in {query.admin1}, {countries}" if query.admin1 else f"in {countries}")
    if query.bbox:
        found.append(_between(query.bbox))
    return ", ".join(found)


def _clauses(query: "EventQuery") -> Iterator[str]:
    if days := days_in_words(query.datetime):
        yield f"certainly {days}" if query.asks_surely else days
    if query.text:
        yield f"with the words {shown(query.text, _MOST_CHARS)}"
    if query.source:
        yield f"reported by {_any_of(query.source)}"
    if query.actor:
        yield f"with an actor named {shown(query.actor, _MOST_CHARS)}"
    if query.fatalities is not None:
        deaths = f"at least {query.fatalities:,} death{'' if query.fatalities == 1 else 's'}"
        yield f"with {deaths} reported" if query.fatalities else "with a number of deaths reported"
    if query.precision:
        yield _PLACED[query.precision]
    if query.statuses:
        yield f"with the status {_any_of([str(status) for status in query.statuses])}"
    if query.filter:
        yield f"that answer {shown(query.filter.text, _MOST_CHARS)}"
    for name, share in (("date", query.undated), ("place", query.unplaced)):
        if share != "include":
            yield f"{'leaving out' if share == 'exclude' else 'only'} those without a {name}"


def _span(first: date, last: date) -> str:
    after = last + timedelta(days=1) if last < date.max else last
    if first == last:
        return f"on {_day(first)}"
    if (first.day, first.month, after.day, after.month) == (1, 1, 1, 1):
        return f"in {first.year}" if after.year == first.year + 1 else f"from {first.year} to {last.year}"
    if first.day == after.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"in {MONTHS[first.month - 1]} {first.year}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"from {MONTHS[first.month - 1]}{year} to {MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"from {first.day} to {_day(last)}"
    start = _day(first).removesuffix(f" {last.year}")
    return f"from {start} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _position(lon: float, lat: float) -> str:
    return f"{_side(lat, 'N', 'S')}, {_side(lon, 'E', 'W')}"


def _between(box: BBox) -> str:
    south_north = f"{_side(box.south, 'N', 'S')} and {_side(box.north, 'N', 'S')}"
    return f"between {south_north}, {_side(box.west, 'E', 'W')} and {_side(box.east, 'E', 'W')}"


def _side(number: float, positive: str, negative: str) -> str:
    """`48.6° N`; to about 10 m."""
    written = degrees(abs(number), 4)
    return f"{written}°" if written == "0" else f"{written}° {positive if number > 0 else negative}"


def _all_of(names: Sequence[str]) -> str:
    return _joined(names, "and")


def _any_of(names: Sequence[str]) -> str:
    return _joined(names, "or")


def _joined(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
