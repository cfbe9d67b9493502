"""English expressions for stretches of time and for feast days; what is left over from the table of dates_en."""

import re
from datetime import date, timedelta

from geodata.extract.anchoring import Base, bare_month, cut, day_month, spanning, unit_ago, year_span
from geodata.extract.dates import Meaning, Reader, Rule
from geodata.extract.dates_en import DAY, MONTH, MONTHS, YEAR, month_number
from geodata.extract.later import Later
from geodata.timespan import DatePrecision, TimeSpan, month_bounds

_FEASTS = {"new year's eve": (31, 12), "new year's day": (1, 1), "christmas eve": (24, 12), "christmas day": (25, 12)}
_ORDINALS = ("first", "second", "third", "fourth")
_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
_ORDINAL = r"(?P<which>first|second|third|fourth|last)"
_OPT_YEAR = rf"(?:\s*,?\s*(?:of\s+)?{YEAR.format('y')})?"


def months_between(m: re.Match[str], base: Base, first: int, last: int) -> Meaning:
    """From one month to another; the year may stand with the last, with both or with none."""
    groups = m.groupdict()
    end = TimeSpan(*month_bounds(int(m["y"]), last)) if m["y"] else bare_month(base, last)
    if end is None:
        return Meaning()
    written = groups.get("y1")
    year = int(written) if written else end.start.year - (first > last)
    start = date(year, first, 1)
    return Meaning(cut(spanning(start, end.end), base.latest), full=bool(m["y"])) if start <= end.end else Meaning()


def _months(m: re.Match[str], base: Base) -> Meaning:
    return months_between(m, base, month_number(m["m"]), month_number(m["m2"]))


def _feast(m: re.Match[str], base: Base) -> Meaning:
    day, month = _FEASTS[" ".join(m["feast"].lower().replace("’", "'").split())]
    if m["y"]:
        return Meaning(TimeSpan.day(date(int(m["y"]), month, day)), full=True)
    found = day_month(base, day, month)
    return Meaning(TimeSpan.day(found) if found else None)


def _week_of(m: re.Match[str], base: Base) -> Meaning:
    month = month_number(m["m"])
    span = TimeSpan(*month_bounds(int(m["y"]), month)) if m["y"] else bare_month(base, month)
    if span is None:
        return Meaning()
    start, end = month_bounds(span.start.year, month)
    if m["which"].lower() == "last":
        return Meaning(TimeSpan(end - timedelta(days=6), end, DatePrecision.WEEK), full=bool(m["y"]))
    start += timedelta(weeks=_ORDINALS.index(m["which"].lower()))
    return Meaning(TimeSpan(start, start + timedelta(days=6), DatePrecision.WEEK), full=bool(m["y"]))


def _share_of_year(m: re.Match[str], base: Base) -> Meaning:
    """A half or a quarter of a year."""
    months = 6 if m["share"].lower() == "half" else 3
    number = 12 // months - 1 if m["which"].lower() == "last" else _ORDINALS.index(m["which"].lower())
    first = date(int(m["y"]), number * months + 1, 1)
    last = month_bounds(first.year, first.month + months - 1)[1]
    return Meaning(cut(spanning(first, last), base.latest), full=True, weak=True)


def _decade(m: re.Match[str], base: Base) -> Meaning:
    """ "The eighties": the last such ten years that had begun by publication."""
    first = 1920 + 10 * _DECADES.index(m["decade"].lower())
    latest = base.published.year if base.published else 2019
    while first + 100 <= latest:
        first += 100
    return Meaning(year_span(first, first + 9), full=True, weak=True)


def _night(m: re.Match[str], base: Base) -> Meaning:
    """ "The night of 12 November": that evening and the morning after."""
    day, month = int(m["d"]), month_number(m["m"])
    found = date(int(m["y"]), month, day) if m["y"] else day_month(base, day, month)
    return Meaning(TimeSpan(found, found + timedelta(days=1)) if found else None, full=bool(m["y"]))


def _fortnight(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(unit_ago(base.published, 2, "week")) if base.published else Meaning()


def _rule(pattern: str, read: Reader, needs: str) -> Rule:
    return Rule(Later(rf"(?<![\w/.-])(?:{pattern})(?![\w/])"), read, re.compile(needs))


RULES = (
    _rule(
        rf"(?:between|from)\s+{MONTH.format('m')}(?:\s+{YEAR.format('y1')})?\s*(?:-|–|—|to|and|until|till|through)\s*"
        rf"{MONTH.format('m2')}(?!\s*\d{{1,2}}\b){_OPT_YEAR}",
        _months,
        MONTHS,
    ),
    _rule(
        rf"(?P<feast>New\s+Year['’]s\s+(?:Eve|Day)|Christmas\s+(?:Eve|Day)){_OPT_YEAR}", _feast, r"christmas|new\s+year"
    ),
    _rule(
        rf"(?:the\s+)?{_ORDINAL}\s+week\s+(?:of|in)\s+{MONTH.format('m')}{_OPT_YEAR}", _week_of, r"week\s+(?:of|in)\s"
    ),
    _rule(
        rf"(?:the\s+)?{_ORDINAL}\s+(?P<share>half|quarter)\s+of\s+{YEAR.format('y')}",
        _share_of_year,
        r"(?:half|quarter)\s+of\s",
    ),
    _rule(rf"the\s+(?:(?:early|mid|late)[\s-]+)?(?P<decade>{'|'.join(_DECADES)})(?!\s+\w+s\b)", _decade, "ties"),
    _rule(rf"(?:the\s+)?night\s+of\s+{DAY.format('d')}\s+{MONTH.format('m')}{_OPT_YEAR}", _night, r"night\s+of\s"),
    _rule(rf"(?:the\s+)?night\s+of\s+{MONTH.format('m')}\s+{DAY.format('d')}{_OPT_YEAR}", _night, r"night\s+of\s"),
    _rule(r"(?:a|one)\s+fortnight\s+ago", _fortnight, "fortnight"),
    _rule(
        r"(?:on\s+)?the\s+previous\s+(?:night|evening)",
        lambda m, base: Meaning(shift=(-1, "day")),
        r"previous\s+(?:night|evening)",
    ),
)
