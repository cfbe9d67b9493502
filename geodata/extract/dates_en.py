"""English date expressions: the table of patterns and what each means."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from geodata.extract.anchoring import (
    Base,
    bare_month,
    current_season,
    cut,
    day_month,
    last_season,
    last_unit,
    month_span,
    moved,
    season_span,
    spanning,
    unit_ago,
    weekday,
    year_span,
)
from geodata.extract.dates import Meaning, Reader, Rule
from geodata.extract.later import Later
from geodata.timespan import DatePrecision, TimeSpan

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTS = {
    word: n
    for n, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
_COUNTS |= {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "several": 3, "a few": 3, "few": 3, "some": 3}

MONTH = (
    r"(?P<{0}>jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
WEEKDAY = r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"  # noqa: E501
LONG_WEEKDAY = r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
YEAR = r"(?P<{0}>(?:1[5-9]|20)\d\d)"
DASH = r"\s*(?:-|–|—|to|and|through|until|till)\s*"
COUNT = r"(?P<count>\d{1,3}|a\s+couple\s+of|a\s+few|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|few|some)"  # noqa: E501
UNIT = r"(?P<unit>day|week|month|year)s?"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
PART = r"(?:\s+(?:morning|afternoon|evening|night|at\s+dawn))?"
ABOUT = r"(?:(?P<about>early|mid|middle\s+of|late|beginning\s+of|end\s+of)[\s-]+(?:in\s+)?)?"


def month_number(word: str) -> int:
    """1 to 12, of a month's name or its beginning."""
    return _MONTHS.index(word[:3].lower()) + 1


def _count(word: str) -> int:
    word = " ".join(word.lower().split())
    return int(word) if word.isdigit() else _COUNTS[word]


def _iso(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(TimeSpan.day(date(int(m["y"]), int(m["m"]), int(m["d"]))), full=True)


def _numeric(m: re.Match[str], base: Base) -> Meaning:
    first, second, year = int(m["a"]), int(m["b"]), int(m["y"])
    if m["sep"] == "/" and first <= 12 < second:
        return Meaning(TimeSpan.day(date(year, first, second)), full=True)
    unclear = m["sep"] == "/" and first <= 12 and first != second
    note = f"'{m[0]}' is read as day/month/year: check" if unclear else ""
    return Meaning(TimeSpan.day(date(year, second, first)), full=True, note=note)


def _day(m: re.Match[str], base: Base) -> Meaning:
    day, month = int(m["d"]), month_number(m["m"])
    if m["y"]:
        return Meaning(TimeSpan.day(date(int(m["y"]), month, day)), full=True)
    found = day_month(base, day, month)
    return Meaning(TimeSpan.day(found) if found else None)


def _range(m: re.Match[str], base: Base) -> Meaning:
    groups = m.groupdict()
    last_month = month_number(groups.get("m2") or m["m"])
    first_month = month_number(m["m"])
    if m["y"]:
        year = int(m["y"])
        first = date(year - (first_month > last_month), first_month, int(m["d"]))
        return Meaning(spanning(first, date(year, last_month, int(m["d2"]))), full=True)
    end = day_month(base, int(m["d2"]), last_month)
    if end is None:
        return Meaning()
    start = date(end.year - (first_month > last_month), first_month, int(m["d"]))
    return Meaning(spanning(start, end)) if start <= end else Meaning(TimeSpan.day(end))


def part_of(span: TimeSpan, about: str | None) -> TimeSpan:
    """The first, middle or last third of a month or year ("early February", "late 2021")."""
    if not about:
        return span
    third = span.days // 3
    step = 0 if about.startswith(("early", "beg")) else 1 if about.startswith("mid") else 2
    start = span.start + timedelta(days=step * third)
    end = span.end if step == 2 else start + timedelta(days=third - 1)
    return TimeSpan(start, end, DatePrecision.SEASON if span.days > 200 else span.precision)


def _month_year(m: re.Match[str], base: Base) -> Meaning:
    return Meaning(part_of(month_span(int(m["y"]), month_number(m["m"])), m["about"]), full=True)


def _month_alone(m: re.Match[str], base: Base) -> Meaning:
    if m["last"] and base.published and month_number(m["m"]) == base.published.month and m["last"].lower() == "last":
        span: TimeSpan | None = month_span(base.published.year - 1, base.published.month)
    else:
        span = bare_month(base, month_number(m["m"]))
    return Meaning(part_of(span, m["about"]) if span else None, weak=True)


def _month_of(m: re.Match[str], base: Base) -> Meaning:
    """ "in August last year"."""
    if base.published is None:
        return Meaning()
    year = base.published.year - (m["which"].lower() in ("last", "the previous"))
    return Meaning(part_of(month_span(year, month_number(m["m"])), m["about"]))


def _year(m: re.Match[str], base: Base) -> Meaning:
    span = part_of(year_span(int(m["y"])), m["about"])
    return Meaning(cut(span, base.latest), full=True, weak=True)


def _years(m: re.Match[str], base: Base) -> Meaning | None:
    first, last = int(m["y"]), int(m["y2"])
    return Meaning(year_span(first, last), full=True, weak=True) if first <= last else None


def _decade(m: re.Match[str], base: Base) -> Meaning:
    first = int(m["y"])
    lo, hi = {"e": (0, 3), "m": (3, 6), "l": (6, 9)}.get((m["about"] or " ")[0].lower(), (0, 9))
    return Meaning(year_span(first + lo, first + hi), full=True, weak=True)


def _season(m: re.Match[str], base: Base) -> Meaning | None:
    season = m["season"].lower().replace("fall", "autumn")
    if m["y"]:
        return Meaning(season_span(int(m["y"]), season), full=True)
    if base.published is None:
        return Meaning(season_span(base.year, season)) if base.year and not m["which"] else Meaning()
    last = (m["which"] or "").lower() in ("last", "previous")
    return Meaning((last_season if last else current_season)(base.published, season))


def _weekday(m: re.Match[str], base: Base) -> Meaning:
    if base.published is None:
        return Meaning()
    which = (m["which"] or "").lower()
    number = _WEEKDAYS.index(m["weekday"][:3].lower())
    ahead = which in ("next", "coming", "this coming") or base.future
    day = weekday(base.published, number, strict=which in ("last", "next", "past"), ahead=ahead)
    return Meaning(TimeSpan.day(day))


def _since(m: re.Match[str], base: Base) -> Meaning:
    inner = _weekday(m, base)
    if inner.when is None or base.published is None:
        return inner
    return Meaning(spanning(inner.when.start, base.published))


def _days_back(first: int, last: int | None = None) -> Reader:
    def read(m: re.Match[str], base: Base) -> Meaning:
        if base.published is None:
            return Meaning()
        start, end = (base.published - timedelta(days=n) for n in (first, first if last is None else last))
        return Meaning(TimeSpan(start, end))

    return read


def _unit(step: int) -> Reader:
    def read(m: re.Match[str], base: Base) -> Meaning:
        return Meaning(last_unit(base.published, m["unit"].lower(), step)) if base.published else Meaning()

    return read


def _ago(m: re.Match[str], base: Base) -> Meaning:
    if base.published is None:
        return Meaning()
    loose = m["count"].lower() in ("several", "few", "some") or "few" in m["count"].lower()
    return Meaning(unit_ago(base.published, _count(m["count"]), m["unit"].lower(), loose=loose))


def _past_units(m: re.Match[str], base: Base) -> Meaning:
    """ "in the past three days": from then until publication."""
    if base.published is None:
        return Meaning()
    start = unit_ago(base.published, _count(m["count"] or "one"), m["unit"].lower()).start
    return Meaning(spanning(start, base.published))


def _recent(m: re.Match[str], base: Base) -> Meaning:
    if base.published is None:
        return Meaning()
    back = {"day": 7, "week": 31, "month": 180, "year": 1100}[m["unit"].lower()]
    return Meaning(spanning(moved(base.published, -back), base.published), weak=True)


def _later(sign: int) -> Reader:
    def read(m: re.Match[str], base: Base) -> Meaning | None:
        count = _count(m["count"])
        return Meaning(shift=(sign * count, m["unit"].lower())) if count < 400 else None

    return read


def _shift(days: int) -> Reader:
    return lambda m, base: Meaning(shift=(days, "day"))


MONTHS = (
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
"""What holds every month that MONTH finds."""
_YEARS = r"(?:1[5-9]|20)\d\d"
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"


def _rule(pattern: str, read: Callable[[re.Match[str], Base], Meaning | None], needs: str = MONTHS) -> Rule:
    expression = Later(rf"(?<![\w/.-])(?:{pattern})(?![\w/])")
    return Rule(expression, read, re.compile(needs))


_OPT_YEAR = rf"(?:\s*,?\s*(?:of\s+|-\s+)?{YEAR.format('y')})?"
_WEEKDAY_BEFORE = r"(?:(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?"
# A figure too long for a year, that counts nothing: "1 January 10000" but not "on 1 January 10000 people marched".
_LONG_YEAR = (
    r"(?P<y>\d{5,6})(?!\s*[\d%]|[.,]\d"
    r"|\s+(?!(?:an?|the|in|at|on|near|and|or|but|by|from|to|as|when|after|before|of|is|was|were)\b)\w)"
)
_FEW_HOURS = r"(?:an?|one|two|three|four|five|six|several|a\s+few|few|\d)"
"""Of hours: so few that the day is most likely the same."""
_SEASONS = "spring|summer|autumn|fall|winter"
RULES = (
    _rule(
        rf"(?:in\s+)?{ABOUT}{MONTH.format('m')}\s+(?:of\s+)?(?P<which>last|this|the\s+same|the\s+previous)\s+year",
        _month_of,
    ),
    _rule(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?:T[\d:.]+Z?)?", _iso, r"\d{4}-\d"),
    _rule(r"(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d)", _numeric, r"\d[./]\d"),
    _rule(
        rf"(?:between\s+|from\s+)?(?:the\s+)?{DAY.format('d')}{DASH}(?:the\s+)?{DAY.format('d2')}\s+(?:of\s+)?{MONTH.format('m')}{_OPT_YEAR}",
        _range,
    ),
    _rule(
        rf"(?:between\s+|from\s+)?{MONTH.format('m')}\s+{DAY.format('d')}{DASH}{DAY.format('d2')}{_OPT_YEAR}", _range
    ),
    _rule(
        rf"(?:between\s+|from\s+)?{DAY.format('d')}\s+{MONTH.format('m')}{DASH}{DAY.format('d2')}\s+{MONTH.format('m2')}{_OPT_YEAR}",
        _range,
    ),
    _rule(
        rf"(?:between\s+|from\s+)?{MONTH.format('m')}\s+{DAY.format('d')}{DASH}{MONTH.format('m2')}\s+{DAY.format('d2')}{_OPT_YEAR}",
        _range,
    ),
    _rule(rf"{DAY.format('d')}\s+(?:of\s+)?{MONTH.format('m')}\s*,?\s+{_LONG_YEAR}", _day),
    _rule(rf"{MONTH.format('m')}\s+{DAY.format('d')}\s*,?\s+{_LONG_YEAR}", _day),
    _rule(rf"(?:(?<=in\s)|(?<=since\s)){MONTH.format('m')},?\s+{_LONG_YEAR}(?P<about>)", _month_year),
    _rule(rf"{_WEEKDAY_BEFORE}{DAY.format('d')}\s+(?:of\s+)?{MONTH.format('m')}{_OPT_YEAR}", _day),
    _rule(rf"{_WEEKDAY_BEFORE}{MONTH.format('m')}\s*{DAY.format('d')}(?!\d|:\d|,\d{{3}}(?!\d)){_OPT_YEAR}", _day),
    _rule(rf"{ABOUT}{MONTH.format('m')},?\s+(?:of\s+)?{YEAR.format('y')}", _month_year),
    _rule(
        rf"(?:(?<=in\s)|(?<=since\s)|(?<=during\s)|(?<=until\s)|(?=early|mid|late|last|this|end\sof|beginning\sof)){ABOUT}(?:(?P<last>last|this|past)\s+)?{MONTH.format('m')}(?!\s*\d)",
        _month_alone,
    ),
    _rule(
        rf"(?:(?<=in\s)|(?<=since\s)|(?<=during\s)|(?<=from\s)|(?<=by\s)|(?<=until\s)|(?<=of\s)|(?<=year\s)|(?=early|mid|late|end\sof)|(?<=\()){ABOUT}{YEAR.format('y')}(?!\s+(?:people|soldiers|men|troops|homes|houses|families))",
        _year,
        _YEARS,
    ),
    _rule(rf"(?:between\s+|from\s+)?{YEAR.format('y')}{DASH}{YEAR.format('y2')}", _years, _YEARS),
    _rule(rf"(?:the\s+)?{ABOUT}(?P<y>(?:1[5-9]|20)\d0)s", _decade, r"\d0s"),
    _rule(
        rf"(?:(?P<which>last|this|past|previous)\s+)?{SEASON}\s+(?:of\s+|in\s+)?{YEAR.format('y')}", _season, _SEASONS
    ),
    _rule(rf"(?P<which>last|this|past|previous)\s+{SEASON}(?P<y>)", _season, _SEASONS),
    _rule(
        rf"(?:(?<=in\s)|(?<=in\sthe\s)|(?<=during\sthe\s)){SEASON}(?!\s+\w*(?:offensive|campaign|of))(?P<which>)(?P<y>)",
        _season,
        _SEASONS,
    ),
    _rule(
        rf"(?:(?:early|late|on|by|overnight)\s+)*(?:on\s+|into\s+)?(?:(?P<which>last|next|this\s+coming|coming|this|past)\s+)?{LONG_WEEKDAY}{PART}",
        _weekday,
        _DAYS,
    ),
    _rule(rf"since\s+(?:(?P<which>last)\s+)?{LONG_WEEKDAY}", _since, r"since\s"),
    _rule(r"the\s+day\s+before\s+yesterday", _days_back(2), "yesterday"),
    _rule(r"yesterday(?:\s+(?:morning|afternoon|evening|night))?", _days_back(1), "yesterday"),
    _rule(r"today|tonight|this\s+(?:morning|afternoon|evening)|earlier\s+today", _days_back(0), "today|tonight|this"),
    _rule(r"last\s+night|overnight", _days_back(1, 0), r"last\s+night|overnight"),
    _rule(r"last\s+evening", _days_back(1), r"last\s+evening"),
    _rule(r"tomorrow", _days_back(-1), "tomorrow"),
    _rule(
        r"(?:earlier\s+|late(?:r)?\s+)?(?:last|previous)\s+(?P<unit>week(?:end)?|month|year)",
        _unit(-1),
        r"(?:last|previous)\s+(?:week|month|year)",
    ),
    _rule(r"(?:earlier\s+|late(?:r)?\s+|over\s+)?(?:this|the)\s+(?P<unit>weekend)", _unit(0), "weekend"),
    _rule(r"(?:earlier\s+|late(?:r)?\s+)?this\s+(?P<unit>week|month|year)", _unit(0), r"this\s+(?:week|month|year)"),
    _rule(r"next\s+(?P<unit>week(?:end)?|month|year)", _unit(1), r"next\s+(?:week|month|year)"),
    _rule(rf"(?:(?:about|some|around|nearly|almost)\s+)?{COUNT}\s+{UNIT}\s+ago", _ago, r"\sago"),
    _rule(
        rf"(?:in|over|during|for|within)\s+the\s+(?:past|last)\s+(?:{COUNT}\s+)?{UNIT}",
        _past_units,
        r"the\s+(?:past|last)\s",
    ),
    _rule(r"(?:in\s+)?recent\s+(?P<unit>day|week|month|year)s", _recent, "recent"),
    _rule(rf"{COUNT}\s+{UNIT}\s+(?:later|after(?:wards?)?)", _later(1), r"(?:day|week|month|year)s?\s+(?:later|after)"),
    _rule(rf"{COUNT}\s+{UNIT}\s+(?:earlier|before)", _later(-1), r"(?:day|week|month|year)s?\s+(?:earlier|before)"),
    _rule(
        r"(?:on\s+)?the\s+same\s+(?:day|morning|afternoon|evening|night)|that\s+(?:same\s+)?(?:day|night|evening|morning)",
        _shift(0),
        r"(?:same|that)\s+(?:day|morning|afternoon|evening|night|same)",
    ),
    _rule(r"(?:on\s+)?the\s+(?:next|following)\s+(?:day|morning)", _shift(1), r"(?:next|following)\s+(?:day|morning)"),
    _rule(r"the\s+day\s+after(?=[,;.])", _shift(1), r"day\s+after"),
    _rule(
        rf"(?:(?:just|about|some|only)\s+)?(?:{_FEW_HOURS}\s+)?(?:hours?|minutes)\s+(?:later|earlier|before(?=[,;.])|afterwards?)",
        _shift(0),
        r"(?:hours?|minutes)\s+(?:later|earlier|before|after)",
    ),
    _rule(
        r"(?:on\s+)?the\s+(?:previous\s+day|day\s+before|night\s+before)",
        _shift(-1),
        r"previous\s+day|(?:day|night)\s+before",
    ),
)
