"""Dates of tables in more words than a day: spans ("12-14 Nov 2022"), parts ("early November 2022"), quarters, weeks.

Nothing is guessed: a part is a third of its month or year, as in stories; what is only about a day is not read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from geodata.errors import UsageError
from geodata.sources.months import SEASONS, WEEKDAYS, bare, month_number
from geodata.timespan import DatePrecision, TimeSpan, month_bounds, week_bounds

DayOf = Callable[[str], TimeSpan]
_WORD = r"[^\W\d_]+"
_DAY = r"(0?[1-9]|[12]\d|3[01])"
_TO = r"to|until|till|through|bis|au|à|al|hasta|по|до|—|–|-"
_FROM = r"(?:(?:from|between|du|von|vom|del|desde|с|з|від|от)\s+)?"
_SPACED = re.compile(rf"{_FROM}(.+?)\s+(?:{_TO})\s+(.+)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:between|zwischen|entre|між|между)\s+(.+?)\s+(?:and|und|et|y|і|й|та|и)\s+(.+)", re.IGNORECASE)
_TIGHT = re.compile(
    rf"(\d{{1,2}}\.?)\s*[-–—/]\s*(\d{{1,2}}[.\s]+(?:{_WORD}|\d{{1,2}}\.).*)"  # 12-14 Nov 2022, 12.-14.11.2022
    rf"|(\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)?)\s*[-–—]\s*(\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
    rf"|({_WORD}\.?\s+\d{{1,2}})\s*[-–—]\s*(\d{{1,2}},?\s+\d{{4}})"  # Nov 12-14, 2022
    rf"|({_WORD}\.?(?:\s+\d{{4}})?)\s*[-–—/]\s*({_WORD}\.?\s+\d{{4}})"  # Nov-Dec 2022
    r"|(\d{4})\s*-\s*(\d{4})"
    r"|(\d.*?\d)\s*[–—]\s*(\d.*)"
)
_MARKS = re.compile(rf"[–—/]|\s(?:{_TO}|and|und|et|y|і|й|та|и)\s|-", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"(?:{_DAY}(?:st|nd|rd|th|er|\.|º)?(?:\s+|$))?(?:(?:of|de)\s+)?(?:({_WORD})\.?,?)?(?:\s+(?:del?\s+)?(\d{{4}}))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"({_WORD})\.?\s+{_DAY}(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?", re.IGNORECASE)
_DAY_ALONE = re.compile(rf"{_DAY}\.?(?:,?\s+(\d{{4}}))?")
_NUMBERS = re.compile(r"\d{1,2}([./])\d{1,2}([./]\d{2,4})")
_TAIL = re.compile(r"[\s,]*(?:\b(?:р|г|року|года|год|рік)\.?)?(?:\s*\([^()]*\))?$", re.IGNORECASE)
_PARTS = (
    r"(?P<first>early|beginning\s+of|start\s+of|anfang|début|debut|principios\s+de|inicios\s+de|поч(?:аток|\.)|"
    r"(?:на\s+)?початку|нач(?:ало|\.)|(?:в\s+)?начале)|(?P<mid>mid(?:dle\s+of)?|mitte|mi|mediados\s+de|сер(?:едина|\.)|"
    r"(?:в\s+|у\s+)?середині|(?:в\s+)?середин[аеу])|"
    r"(?P<last>late|end\s+of|ende|fin|finales\s+de|fines\s+de|кінець|(?:на)?прикінці|в\s+кінці|кон(?:ец|\.)|(?:в\s+)?конце)"
)
_PART = re.compile(rf"(?:{_PARTS})(?:\s*-\s*|\s+)(?:(?:de|in|of)\s+)?(.+)", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?:(?:q|t)\s*([1-4])|([1-4])(?:st|nd|rd|th|\.|-?й)?\s*(?:quarter|quartal|trimestre|кв\.?|квартал)|(i{1,3}|iv)\s*"
    r"(?:quarter|quartal|кв\.?|квартал))[\s,/-]*(?:of\s+)?(\d{4})|(\d{4})[\s,/-]*q\s*([1-4])",
    re.IGNORECASE,
)
_HALF = re.compile(r"(?:h|s)\s*([12])[\s,/-]*(\d{4})|(\d{4})[\s,/-]*h\s*([12])", re.IGNORECASE)
_SEASON = re.compile(rf"({_WORD})\s+(?:(?:of|in|de)\s+)?(\d{{4}})(?:\s*[/-]\s*\d{{2,4}})?", re.IGNORECASE)
_ISO_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})|(?:week|kw|wk)\.?\s*(\d{1,2})[\s,/-]+(?:of\s+)?(\d{4})", re.IGNORECASE)
_WEEK_OF = re.compile(r"(?:the\s+)?week\s+(?:of|beginning|commencing)\s+(.+)|w/c\s+(.+)", re.IGNORECASE)
_WEEKDAY = re.compile(rf"({_WORD}(?:['’]{_WORD})?)\.?,?\s+(.+)")
_ARABIC = (
    ("كانون الثاني", "january"),
    ("كانون الأول", "december"),
    ("تشرين الأول", "october"),
    ("تشرين الثاني", "november"),
)


class _Side(NamedTuple):
    """One end of a span, as far as it says."""

    day: int = 0
    month: int = 0
    year: int = 0


def plainer(text: str) -> str:
    """Without a weekday before, a word for "year" and what is in brackets behind; months of two words as one."""
    for theirs, ours in _ARABIC:
        text = text.replace(theirs, ours)
    match = _WEEKDAY.fullmatch(text)
    if match and match[1].casefold() in WEEKDAYS and not month_number(match[1]) * (match[2][:1].isdigit()):
        text = match[2]
    return _TAIL.sub("", text, count=1)


def ends_of(text: str) -> Iterator[tuple[str, str]]:
    """The two ends that a span may be of, the likeliest first."""
    if not _MARKS.search(text):
        return
    for form in (_BETWEEN, _SPACED, _TIGHT):
        if match := form.fullmatch(text):
            first, second, *_ = (group for group in match.groups() if group)
            yield first.strip(), second.strip()


def span_between(text: str, day_of: DayOf) -> TimeSpan | None:
    """From the first day of one end to the last of the other; None where a text is no such span.

    UsageError where it ends before it starts.
    """
    error: UsageError | None = None
    for first, second in ends_of(text):
        try:
            one, other = _completed(plainer(first), plainer(second), day_of)
            precision = max((one.precision, other.precision), key=list(DatePrecision).index)
        except ValueError:  # UsageError is one
            continue
        try:
            return TimeSpan(one.start, other.end, precision)
        except UsageError as reversed_:
            error = reversed_
    if error:
        raise error
    return None


def part_span(text: str, day_of: DayOf) -> TimeSpan | None:
    """A third of a month or year, a quarter, half a year, a season or a week; None where it is none."""
    text = " ".join(text.split())
    if match := _PART.fullmatch(text):
        return _third(day_of(match[4]), 0 if match["first"] else 1 if match["mid"] else 2)
    if match := _QUARTER.fullmatch(text):
        number = match[1] or match[2] or match[6]
        quarter = int(number) if number else len(match[3]) if match[3].casefold() != "iv" else 4
        return _months(int(match[4] or match[5]), quarter * 3 - 2, 3)
    if match := _HALF.fullmatch(text):
        return _months(int(match[2] or match[3]), int(match[1] or match[4]) * 6 - 5, 6)
    if (match := _SEASON.fullmatch(text)) and (month := SEASONS.get(bare(match[1].casefold()))):
        return _months(int(match[2]), month, 3)
    if match := _ISO_WEEK.fullmatch(text):
        year, week = (match[1], match[2]) if match[1] else (match[4], match[3])
        return _week(date.fromisocalendar(int(year), int(week), 1))
    if match := _WEEK_OF.fullmatch(text):
        return _week(day_of(match[1] or match[2]).start)
    return None


def _completed(first: str, second: str, day_of: DayOf) -> tuple[TimeSpan, TimeSpan]:
    """Both ends; what the first leaves out (a month, a year) the second says, or the other way round."""
    if match := _NUMBERS.fullmatch(second):
        lacks = first.rstrip("./")
        if lacks.isdigit():
            first = second.replace(second.partition(match[1])[0], lacks, 1)
        elif len(lacks) <= 5 and lacks.count(match[1]) == 1:
            first = f"{lacks}{match[2]}"
        return day_of(first), day_of(second)
    if second.isdigit() and len(first) != len(second):
        raise UsageError(f"{second} is no date")  # an hour, behind a date
    one, other = _side(first), _side(second)
    if one is None or other is None:
        return day_of(first), day_of(second)
    other = other._replace(month=other.month or one.month)
    one = one._replace(month=one.month or other.month)
    year = one.year or other.year - (one.month > other.month)
    return _span(one._replace(year=year)), _span(other)


def _side(text: str) -> _Side | None:
    """None where it is written otherwise."""
    if match := _DAY_ALONE.fullmatch(text):
        return _Side(int(match[1]), 0, int(match[2] or 0))
    if (match := _MONTH_FIRST.fullmatch(text)) and (month := month_number(match[1])):
        return _Side(int(match[2]), month, int(match[3] or 0))
    if (match := _DAY_FIRST.fullmatch(text)) and match[2] and (month := month_number(match[2])):
        return _Side(int(match[1] or 0), month, int(match[3] or 0))
    return None


def _span(side: _Side) -> TimeSpan:
    """ValueError where there is no such day."""
    if side.day:
        return TimeSpan.day(date(side.year, side.month, side.day))
    return TimeSpan(*month_bounds(side.year, side.month), DatePrecision.MONTH)


def _third(span: TimeSpan, which: int) -> TimeSpan | None:
    """None of what is neither a month nor a year. The same thirds as stories get (geodata/extract/dates_en.py)."""
    if span.precision not in (DatePrecision.MONTH, DatePrecision.YEAR) or span.days > 366:
        return None
    days = span.days // 3
    start = span.start + timedelta(which * days)
    end = span.end if which == 2 else start + timedelta(days - 1)
    precision = DatePrecision.SEASON if span.precision is DatePrecision.YEAR else span.precision
    return replace(span, start=start, end=end, precision=precision)


def _months(year: int, first: int, count: int) -> TimeSpan:
    last = first + count - 1
    start, end = month_bounds(year, first)[0], month_bounds(year + (last > 12), (last - 1) % 12 + 1)[1]
    return TimeSpan(start, end, DatePrecision.SEASON)


def _week(day: date) -> TimeSpan:
    return TimeSpan(*week_bounds(day), DatePrecision.WEEK)
