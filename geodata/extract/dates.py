"""Date expressions in a text, each resolved to the days it can mean, with the words that say so.

Relative words count from the publication date; without one they resolve to nothing, and a note says so. Words that
count from another day ("two days later") keep their shift until the story's order is known (in_order).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile

from geodata.extract.anchoring import Base, spanning, unit_ago
from geodata.extract.later import Later
from geodata.extract.spans import Taken
from geodata.model import Span
from geodata.timespan import DatePrecision, TimeSpan

NO_BASE = "needs a publication date to be resolved"
SHIFT_REACH_CHARS = 700
"""How far back a day may have been named for "the next day" to count from it."""
_FROM = re.compile(r"\b(?:from|between|since|з|с|від|от)\s+$", re.IGNORECASE)
_SINCE = re.compile(
    r"(?:\bsince|(?<!\w)(?:з|із|с|со|починаючи\s+з|начиная\s+с))\s+(?:early\s+|late\s+|mid-?)?$", re.IGNORECASE
)
_UNTIL = re.compile(r"\s+(?:until|till|to|through|and|до|по)\s+", re.IGNORECASE)
LONG_DAYS = 31
REACH_CHARS = 150
"""No date expression stretches so far from any of its words; the longest known have 90 characters."""
_GAP = re.compile(r"\s")
_LONG_GAP = re.compile(r"\s{12}")
"""White space without end stretches expressions too: such a text is read whole."""
Shift = tuple[int, str]
"""A number of units ("day", "week", "month", "year") after something told before; negative: before it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule read: the days, or the shift in days from the event told before; `note` is a doubt."""

    when: TimeSpan | None = None
    shift: Shift | None = None
    full: bool = False
    weak: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression. `full`: written with its year. `weak`: a bare year or month, which a closer date outdoes."""

    span: Span
    text: str
    when: TimeSpan | None
    shift: Shift | None = None
    full: bool = False
    weak: bool = False
    note: str = ""


Reader = Callable[[re.Match[str], Base], Meaning | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it means; a reader's ValueError says that there is no such day."""

    pattern: Later
    read: Reader
    needs: re.Pattern[str] | None = None
    """What stands, in small letters, in all that the pattern matches, and is quicker to look for; None: unknown."""


def find_dates(text: str, rules: Sequence[Rule], base: Base, offset: int = 0) -> list[DateMention]:
    """Every expression of `text` that the rules know, the longest where several overlap, in text order."""
    near = _Near(text)
    found = [
        mention
        for rule in rules
        for start, end in near.pieces(rule)
        for mention in _matches(text, rule, base, offset, start, end)
    ]
    found.sort(key=lambda m: (m.span.start - m.span.end, m.span.start))
    taken = Taken()
    kept = sorted((mention for mention in found if taken.add(mention.span)), key=lambda m: m.span)
    kept = [_since(text, mention, base, offset) for mention in kept]
    return _with_written_year(kept, text, rules, base, offset)


class _Near:
    """The pieces of a text where a rule can match at all: most rules are long, and most of a text names no date."""

    def __init__(self, text: str) -> None:
        self._small = text.lower()
        self._length = len(text)
        self._whole = len(self._small) != self._length or bool(_LONG_GAP.search(text))
        self._known: dict[re.Pattern[str], list[tuple[int, int]]] = {}

    def pieces(self, rule: Rule) -> Sequence[tuple[int, int]]:
        """Start and end of each, in order, apart from each other; the ends are those of words."""
        needs = rule.needs
        if needs is None or (self._whole and needs.search(self._small)):
            return ((0, self._length),)
        found = self._known.get(needs)
        if found is None:
            found = self._known[needs] = []
            for match in needs.finditer(self._small):
                start, end = max(0, match.start() - REACH_CHARS), self._word_end(match.end() + REACH_CHARS)
                if found and found[-1][1] >= start:
                    found[-1] = found[-1][0], end
                else:
                    found.append((start, end))
        return found

    def _word_end(self, at: int) -> int:
        gap = _GAP.search(self._small, at)
        return gap.start() if gap else self._length


def _matches(text: str, rule: Rule, base: Base, offset: int, start: int, end: int) -> Iterable[DateMention]:
    for match in rule.pattern.finditer(text, start, end):
        span = Span(offset + match.start(), offset + match.end())
        try:
            meaning = rule.read(match, base)
        except (ValueError, OverflowError):
            yield DateMention(span, match[0], None, note=_impossible(match[0]))
            continue
        if meaning is not None:
            note = meaning.note
            if meaning.when is None and meaning.shift is None and not note:
                note = f"'{match[0]}' {NO_BASE}"
            yield DateMention(span, match[0], meaning.when, meaning.shift, meaning.full, meaning.weak, note)


def _since(text: str, mention: DateMention, base: Base, offset: int) -> DateMention:
    """ "Since 2014", "з понеділка": from then until publication; a stretch over a month yields to any closer date."""
    when, latest = mention.when, base.published
    if when is None or latest is None or when.end >= latest:
        return mention
    said = _SINCE.search(text[max(0, mention.span.start - offset - 16) : mention.span.start - offset])
    if not said or _UNTIL.match(text[mention.span.end - offset :][:8]):
        return mention
    until = spanning(when.start, latest)
    return replace(mention, when=until, weak=mention.weak or until.days > LONG_DAYS)


def _impossible(words: str) -> str:
    return f"the text says '{words}', which is in no calendar: not used"


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


def in_order(text: str, found: Sequence[DateMention]) -> tuple[DateMention, ...]:
    """A whole story's expressions: "from A until B" made one, "two days later" counted from the day named before."""
    made: list[DateMention] = []
    for mention in found:
        last = made[-1] if made else None
        gap = text[last.span.end : mention.span.start] if last else ""
        if last and last.when and mention.when and _UNTIL.fullmatch(gap) and _begins(text, last, mention):
            span = Span(last.span.start, mention.span.end)
            when = spanning(last.when.start, mention.when.end)
            made[-1] = DateMention(span, span.of(text), when, None, last.full or mention.full)
            continue
        made.append(_counted(mention, made))
    return tuple(made)


def _counted(mention: DateMention, made: Sequence[DateMention]) -> DateMention:
    """ "Two days later" with its days, where a day within reach before it says what it counts from."""
    if mention.shift is None or mention.when is not None:
        return mention
    near = takewhile(lambda m: mention.span.start - m.span.end <= SHIFT_REACH_CHARS, reversed(made))
    base = next((m for m in near if m.when and m.when.days <= 31), None)
    if base is None or base.when is None:
        return mention
    try:
        when = shifted(base.when, mention.shift)
    except (ValueError, OverflowError):
        return replace(mention, note=_impossible(mention.text))
    return replace(mention, when=when, note=f"'{mention.text}' is counted from '{base.text}' ({base.when})")


def _begins(text: str, first: DateMention, last: DateMention) -> bool:
    """Whether the words say "from" before the first of two dates, and the second is not before it."""
    said = _FROM.search(text[max(0, first.span.start - 12) : first.span.start])
    return bool(said and first.when and last.when and first.when.start <= last.when.end)


def shifted(when: TimeSpan, shift: Shift) -> TimeSpan:
    """The days `shift` after a span; longer units than days are as vague as they are said."""
    count, unit = shift
    if unit == "day":
        move = timedelta(days=count)
        return TimeSpan(when.start + move, when.end + move, when.precision)
    return unit_ago(when.end, -count, unit)


def compatible(one: TimeSpan | None, other: TimeSpan | None) -> bool:
    """Whether two dates can be of one event: they overlap, or one is not known."""
    return one is None or other is None or (one.start <= other.end and other.start <= one.end)


def finer(one: TimeSpan, other: TimeSpan) -> TimeSpan:
    """The more exact of two dates of one event; the first where they are alike."""
    order = list(DatePrecision)
    ranks = [(order.index(when.precision), when.days) for when in (one, other)]
    return other if ranks[1] < ranks[0] else one
