"""Days, intervals and open ends: when something happened, and between which days a question asks.

A `TimeSpan` is what an event holds: the earliest and the latest day it can have happened. An `Interval` is what a
query holds: it may be open at either end and follows the `datetime` parameter of OGC API - Features, section 7.15.4.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geodata.errors import UsageError, shown

ACCEPTED = "a day (2022-11-11), a month (2022-11), a year (2022), or an interval A/B, where '..' leaves an end open"
_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ][0-9:.]+(?:[Zz]|[+-]\d{2}:?\d{2})?)?)?)?")


class DatePrecision(StrEnum):
    """How exactly a date is known, the most exact first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """The earliest (`start`) and the latest (`end`) day, both included, on which something can have happened."""

    start: date
    end: date
    precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(f"a time span ends on {self.end}, before it starts on {self.start}")

    @classmethod
    def day(cls, day: date) -> "TimeSpan":
        return cls(day, day, DatePrecision.DAY)

    @classmethod
    def from_param(cls, text: str) -> "TimeSpan":
        """A closed span from ISO 8601 text: `2022-11-11`, `2022-11`, `2022` or `A/B`; precision follows the form."""
        interval = Interval.from_param(text)
        if interval.start is None or interval.end is None:
            raise UsageError(f"{shown(text)} has an open end; an event's date needs both, as 2022-11-01/2022-11-30")
        parts = text.strip().split("/")
        coarsest = min(len(part.split("T")[0].split("-")) for part in parts)
        precision = {1: DatePrecision.YEAR, 2: DatePrecision.MONTH}.get(coarsest, DatePrecision.DAY)
        return cls(interval.start, interval.end, precision)

    @property
    def days(self) -> int:
        """How many days the span holds; 1 for a single day."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        return self.start.isoformat() if self.start == self.end else f"{self.start}/{self.end}"


@dataclass(frozen=True, slots=True)
class Interval:
    """A question's span of days, both ends included; None leaves an end open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise UsageError(f"the interval {self.start}/{self.end} ends before it starts; accepted: {ACCEPTED}")

    @classmethod
    def from_param(cls, text: str) -> "Interval":
        """The `datetime` parameter: an instant, a day, month or year, or `A/B` with `..` or nothing for an open end."""
        parts = text.strip().split("/")
        if len(parts) > 2 or not text.strip():
            raise UsageError(f"{shown(text)} is not a date; accepted: {ACCEPTED}")
        if len(parts) == 1:
            return cls(*_bounds(parts[0], text))
        first = None if parts[0] in ("", "..") else _bounds(parts[0], text)[0]
        last = None if parts[1] in ("", "..") else _bounds(parts[1], text)[1]
        return cls(first, last)

    def overlaps(self, span: TimeSpan) -> bool:
        """Whether some day of `span` lies in the interval: it is possibly in."""
        return (self.start is None or span.end >= self.start) and (self.end is None or span.start <= self.end)

    def holds(self, span: TimeSpan) -> bool:
        """Whether every day of `span` lies in the interval: it is surely in."""
        return (self.start is None or span.start >= self.start) and (self.end is None or span.end <= self.end)

    def __str__(self) -> str:
        if self.start is not None and self.start == self.end:
            return self.start.isoformat()
        return f"{self.start or '..'}/{self.end or '..'}"


def _bounds(part: str, whole: str) -> tuple[date, date]:
    """The first and the last day that an ISO 8601 day, month, year or instant names."""
    match = _PART.fullmatch(part.strip())
    if not match:
        raise UsageError(f"{shown(whole)} is not a date; accepted: {ACCEPTED}")
    year, month, day = (int(x) if x else None for x in match.groups())
    try:
        if year is None or month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if day is None:
            return month_bounds(year, month)
        return date(year, month, day), date(year, month, day)
    except ValueError as error:
        raise UsageError(f"{shown(whole)} names a day that is in no calendar; accepted: {ACCEPTED}") from error


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month (1 to 12); ValueError where there is no such month."""
    first = date(year, month, 1)
    return first, date(year, month, calendar.monthrange(year, month)[1])


def week_bounds(day: date) -> tuple[date, date]:
    """Monday and Sunday of the ISO 8601 week that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
