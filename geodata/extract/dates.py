"""Date expressions in a text, each resolved to the days it can mean, with the words that say so.

Relative words count from the publication date; without one they resolve to nothing, and a note says so. Words that count
from another event ("two days later") keep their shift in days until the story's order is known (timing.py).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from geodata.extract.anchoring import Base
from geodata.model import Span
from geodata.timespan import DatePrecision, TimeSpan

NO_BASE = "needs a publication date to be resolved"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule read: the days, or the shift in days from the event told before; `note` is a doubt."""

    when: TimeSpan | None = None
    shift_days: int | None = None
    full: bool = False
    weak: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression. `full`: written with its year. `weak`: a bare year or month, which a closer date outdoes."""

    span: Span
    text: str
    when: TimeSpan | None
    shift_days: int | None = None
    full: bool = False
    weak: bool = False
    note: str = ""


Reader = Callable[[re.Match[str], Base], Meaning | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it means; a reader's ValueError says that there is no such day."""

    pattern: re.Pattern[str]
    read: Reader


def find_dates(text: str, rules: Sequence[Rule], base: Base, offset: int = 0) -> list[DateMention]:
    """Every expression of `text` that the rules know, the longest where several overlap, in text order."""
    found = [mention for rule in rules for mention in _matches(text, rule, base, offset)]
    found.sort(key=lambda m: (m.span.start - m.span.end, m.span.start))
    kept: list[DateMention] = []
    for mention in found:
        if not any(mention.span.overlaps(other.span) for other in kept):
            kept.append(mention)
    kept.sort(key=lambda m: m.span)
    return _with_written_year(kept, text, rules, base, offset)


def _matches(text: str, rule: Rule, base: Base, offset: int) -> Iterable[DateMention]:
    for match in rule.pattern.finditer(text):
        span = Span(offset + match.start(), offset + match.end())
        try:
            meaning = rule.read(match, base)
        except (ValueError, OverflowError):
            note = f"the text says '{match[0]}', which is in no calendar: not used"
            yield DateMention(span, match[0], None, note=note)
            continue
        if meaning is not None:
            note = meaning.note
            if meaning.when is None and meaning.shift_days is None and not note:
                note = f"'{match[0]}' {NO_BASE}"
            yield DateMention(span, match[0], meaning.when, meaning.shift_days, meaning.full, meaning.weak, note)


def _with_written_year(
    kept: list[DateMention], text: str, rules: Sequence[Rule], base: Base, offset: int
) -> list[DateMention]:
    """Without a publication date, "14 November" takes the year of the first full date of the text, and says so."""
    if base.published or base.year:
        return kept
    full = next((m.when for m in kept if m.full and m.when), None)
    if full is None or all(m.when for m in kept):
        return kept
    again = {m.span: m for m in find_dates(text, rules, replace(base, year=full.start.year), offset)}
    note = f"no publication date: the year {full.start.year} is taken from the text"
    return [
        replace(again[m.span], note=note) if m.when is None and m.span in again and again[m.span].when else m
        for m in kept
    ]


def shifted(when: TimeSpan, days: int) -> TimeSpan:
    """The span of an event `days` after another (negative: before it)."""
    move = timedelta(days=days)
    return TimeSpan(when.start + move, when.end + move, when.precision)


def compatible(one: TimeSpan | None, other: TimeSpan | None) -> bool:
    """Whether two dates can be of one event: they overlap, or one is not known."""
    return one is None or other is None or (one.start <= other.end and other.start <= one.end)


def finer(one: TimeSpan, other: TimeSpan) -> TimeSpan:
    """The more exact of two dates of one event; the first where they are alike."""
    order = list(DatePrecision)
    ranks = [(order.index(when.precision), when.days) for when in (one, other)]
    return other if ranks[1] < ranks[0] else one
