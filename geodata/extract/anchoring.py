"""Days reckoned from a base day: what "on Saturday", "last summer" or "11 November" comes to. All ends included."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.timespan import DatePrecision, TimeSpan, month_bounds, week_bounds

SEASON_MONTHS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}
"""The first of three months; meteorological seasons of the northern hemisphere, as most newswires mean them."""


@dataclass(frozen=True, slots=True)
class Base:
    """What relative words count from: the publication date, or a year that the text itself gave."""

    published: date | None = None
    year: int | None = None
    future: bool = False

    @property
    def latest(self) -> date | None:
        return self.published


def moved(day: date, days: int) -> date:
    """`days` after `day` (negative: before it), or the calendar's first or last day: for the ends of a window.

    A day that the text names exactly is not bent like this: there an OverflowError says that it is in no calendar.
    """
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def spanning(start: date, end: date) -> TimeSpan:
    """A span with the precision that its length allows."""
    days = (end - start).days + 1
    for most, precision in (
        (2, DatePrecision.DAY),
        (9, DatePrecision.WEEK),
        (31, DatePrecision.MONTH),
        (100, DatePrecision.SEASON),
    ):
        if days <= most:
            return TimeSpan(start, end, precision)
    return TimeSpan(start, end, DatePrecision.YEAR)


def month_span(year: int, month: int) -> TimeSpan:
    return TimeSpan(*month_bounds(year, month), DatePrecision.MONTH)


def year_span(year: int, last: int | None = None) -> TimeSpan:
    return TimeSpan(date(year, 1, 1), date(last or year, 12, 31), DatePrecision.YEAR)


def season_span(year: int, season: str) -> TimeSpan:
    """The season that begins in `year`; winter runs into the next."""
    first = date(year, SEASON_MONTHS[season], 1)
    return TimeSpan(first, add_months(first, 3) - timedelta(days=1), DatePrecision.SEASON)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_month(base: Base, day: int, month: int) -> date | None:
    """A day without a year: the last such day up to publication, or the year that the text gave.

    ValueError where no year of the calendar has such a day; None where nothing says the year.
    """
    date(2024, month, day)  # a leap year: 29 February may stand
    if base.published is None:
        return date(base.year, month, day) if base.year else None
    year = base.published.year
    years = range(min(year + 1, date.max.year), max(year - 9, date.min.year - 1), -1)
    days = [date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1]]
    if base.future:
        return min(found for found in days if found >= base.published)
    # A report may be dated the day before its event's local day; a week's lead is more likely a typo than a year's lag.
    return max(found for found in days if found <= moved(base.published, 1))


def bare_month(base: Base, month: int) -> TimeSpan | None:
    """A month without a year: the last one that had begun by publication."""
    if base.published is None:
        return month_span(base.year, month) if base.year else None
    later = month > base.published.month
    year = base.published.year - (1 if later and not base.future else 0)
    return cut(month_span(year, month), None if base.future else base.published)


def weekday(base: date, number: int, *, strict: bool = False, ahead: bool = False) -> date:
    """The last such weekday (Monday 0) on or before `base`; `strict`: before it; `ahead`: the next one instead."""
    back = (base.weekday() - number) % 7
    if ahead:
        return base + timedelta(days=(7 - back) % 7 or (7 if strict else 0))
    return base - timedelta(days=back or (7 if strict else 0))


def last_season(base: date, season: str) -> TimeSpan:
    """The latest such season that had ended before `base`."""
    span = season_span(base.year, season)
    while span.end >= base:
        span = season_span(span.start.year - 1, season)
    return span


def current_season(base: date, season: str) -> TimeSpan:
    """The latest such season that had begun by `base`, cut off there."""
    span = season_span(base.year, season)
    return cut(span if span.start <= base else season_span(base.year - 1, season), base)


def cut(span: TimeSpan, latest: date | None) -> TimeSpan:
    """The span without the days after `latest`, for what has already happened."""
    if latest is None or span.end <= latest or span.start > latest:
        return span
    return TimeSpan(span.start, latest, span.precision)


def unit_ago(base: date, count: int, unit: str, *, loose: bool = False) -> TimeSpan:
    """`count` units before `base` (negative: after it): days are exact, longer units as vague as they are said."""
    if unit == "day":
        day = base - timedelta(days=count)
        return TimeSpan.day(day) if not loose else spanning(moved(day, -1), moved(day, 1))
    if unit == "week":
        middle = base - timedelta(weeks=count)
        return TimeSpan(moved(middle, -3), moved(middle, 3), DatePrecision.WEEK)
    if unit == "month":
        middle = add_months(base, -count)
        return month_span(middle.year, middle.month)
    return year_span(base.year - count)


def last_unit(base: date, unit: str, step: int = -1) -> TimeSpan:
    """The calendar week, weekend, month or year before `base` (step -1), around it (0, cut at it) or after it (1)."""
    if unit == "week":
        span = TimeSpan(*week_bounds(base + timedelta(weeks=step)), DatePrecision.WEEK)
    elif unit == "weekend":
        sunday = base - timedelta(days=(base.weekday() + 1) % 7) if step <= 0 else week_bounds(base)[1]
        span = TimeSpan(sunday - timedelta(days=1), sunday, DatePrecision.DAY)
    elif unit == "month":
        middle = add_months(base, step)
        span = month_span(middle.year, middle.month)
    else:
        span = year_span(base.year + step)
    return cut(span, base) if step == 0 else span
