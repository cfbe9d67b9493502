"""Dates of foreign tables, read without guessing silently: the order of 3/4/2022 is told by its column, or asked."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from geodata.errors import UsageError, shown
from geodata.sources.datewords import ends_of, part_span, plainer, span_between
from geodata.sources.months import month_number
from geodata.timespan import DatePrecision, TimeSpan, month_bounds

ACCEPTED_DATES = "2022-11-11, 2022-11, 2022, 11 November 2022, 11.11.2022, 25/11/2022, 11-13 Nov 2022 or early Nov 2022"
LATEST_SHORT = 68  # a year of two digits: 00..68 is 2000..2068, as POSIX strptime has it
_THREE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[T, ].*)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of Excel, LibreOffice and Google Sheets, for days after February 1900
_SERIAL_DAYS = range(18_264, 73_051)  # 1950 to 2099: below and above, five digits are likelier something else
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:[T ].*)?)?)?")
LONGEST = 100  # characters: beyond, a cell is a text
SHORTEST_SPAN = 8  # characters: longer than 20221112
_ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)?")
_SOLID = re.compile(r"\d{8}")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:(?:de|of)\s+)?([^\W\d_]+)\.?,?[\s-]+(?:de\s+|del\s+)?(\d{4}|\d\d)(?:\D.*)?"
)
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:\D.*)?")
_MONTH = re.compile(r"([^\W\d_]+)\.?,?[\s-]+(?:de\s+)?(\d{4})")


class Orders:
    """Which order the dates of a column are written in, from all its values.

    `dmy` and `mdy` are the first values that can only be read so, with their lines; `open_` the first that can be read
    both ways and means two different days.
    """

    def __init__(self) -> None:
        self.dmy = self.mdy = self.open_ = ""
        self.lines: dict[str, int] = {}
        self.has_short_years = False
        self.serial = ""
        """The first day written as a spreadsheet counts days, in a column that is known to hold dates."""
        self.loose = ""
        """The first that names no day but a part of a month or year: "early November 2022"."""

    def add(self, text: str, line: int = 0) -> None:
        if SHORTEST_SPAN < len(text) <= LONGEST and not _ISO_TIME.fullmatch(text):
            if span_between(text, _either):
                for end in next(ends_of(text)):
                    self.add(end, line)
                return
            if not self.loose and not text[:1].isdigit() and _is_part(text):
                self.loose, self.lines["loose"] = text, line
        match = _THREE.fullmatch(text)
        if not match and not self.serial and serial_day(text):
            self.serial, self.lines["serial"] = text, line
        if not match or len(match[1]) > 2:
            return
        self.has_short_years = self.has_short_years or len(match[4]) < 3
        if match[2] == ".":  # with dots the day leads wherever this form is written (CLDR: de, pl, ru, tr, uk ...)
            return
        first, second = int(match[1]), int(match[3])
        if not 1 <= min(first, second) <= 12 or max(first, second) > 31:  # in no calendar: 31/31/2022 tells no order
            return
        kind = "dmy" if first > 12 else "mdy" if second > 12 else "open_" if first != second else ""
        if kind and not getattr(self, kind):
            setattr(self, kind, text)
            self.lines[kind] = line

    @property
    def order(self) -> str:
        """`dmy` or `mdy` where the column settles it; else empty."""
        return "" if bool(self.dmy) == bool(self.mdy) else "dmy" if self.dmy else "mdy"

    @property
    def is_mixed(self) -> bool:
        return bool(self.dmy and self.mdy)

    @property
    def is_open(self) -> bool:
        """Whether some value means one day or another, and no value says which."""
        return bool(self.open_) and not self.dmy and not self.mdy


def day_first(values: Iterable[str]) -> bool | None:
    """Whether dates such as 3/4/2022 of one column put the day first; None where no value settles it.

    UsageError where some values need the one order and some the other.
    """
    orders = Orders()
    for value in values:
        orders.add(value.strip())
    if orders.is_mixed:
        raise UsageError(f"one column mixes day first ({shown(orders.dmy)}) and month first ({shown(orders.mdy)})")
    return None if not orders.order else orders.order == "dmy"


def time_span(start: str, end: str, days_lead: bool | None, precision: str = "") -> TimeSpan | None:
    """As `span_of`, with the order of days and months as a flag."""
    return span_of(start, end, "" if days_lead is None else "dmy" if days_lead else "mdy", precision)


def span_of(start: str, end: str, order: str = "", precision: str = "") -> TimeSpan | None:
    """The span of a row's cells; None where both are empty. UsageError names the cell that is no date."""
    if not start and not end:
        return None
    first = day_of(start or end, order)
    last = first if not end or end == start or not start else day_of(end, order)
    exactness = precision or max((first.precision, last.precision), key=list(DatePrecision).index)
    try:
        return TimeSpan(first.start, last.end, DatePrecision(exactness))
    except ValueError as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"date_precision {shown(precision)}; accepted: {', '.join(DatePrecision)}") from error


def serial_day(text: str) -> date | None:
    """The day that a spreadsheet means by a number of days, as 44877; None for any other text.

    Five digits are a date only where a column is known to hold dates.
    """
    match = _SERIAL.fullmatch(text.strip())
    return _SERIAL_EPOCH + timedelta(int(match[1])) if match and int(match[1]) in _SERIAL_DAYS else None


def day_of(text: str, order: str = "") -> TimeSpan:
    """The day, month or year of one cell; a time behind it is passed over. UsageError where it is none."""
    text = text.strip()
    if len(text) > LONGEST:
        raise UsageError(f"{shown(text)} is not a date; accepted: {ACCEPTED_DATES}")
    if len(text) > SHORTEST_SPAN and not _ISO_TIME.fullmatch(text):
        # an end is no span itself: one in another, each tried in several ways, would take a second a cell
        span = span_between(text, lambda end: _plain_day(end.strip(), order))
        if span is not None:
            return span
    return _plain_day(text, order)


def _plain_day(text: str, order: str) -> TimeSpan:
    """As `day_of`, of what is no span between two dates."""
    if _ISO.fullmatch(text):
        return TimeSpan.from_param(text.replace(" ", "T", 1).partition("T")[0])
    if "/" in text and text[:4].isdigit() and "-" in text:
        return TimeSpan.from_param(text)
    if match := _THREE.fullmatch(text):
        return TimeSpan.day(_three(match, order))
    if _SOLID.fullmatch(text):
        return TimeSpan.day(_calendar(int(text[:4]), int(text[4:6]), int(text[6:]), text))
    return _in_words(text, order)


def _in_words(text: str, order: str) -> TimeSpan:
    """11 November 2022, Nov 11, 2022, 11 листопада 2022, November 2022, early November 2022, Q3 2022."""
    given = text
    text = plainer(text)
    if (match := _DAY_MONTH.fullmatch(text)) and (month := month_number(match[2])):
        return TimeSpan.day(_calendar(_year(match[3]), month, int(match[1]), text))
    if (match := _MONTH_DAY.fullmatch(text)) and (month := month_number(match[1])):
        return TimeSpan.day(_calendar(int(match[3]), month, int(match[2]), text))
    if (match := _MONTH.fullmatch(text)) and (month := month_number(match[1])) and int(match[2]):
        return TimeSpan(*month_bounds(int(match[2]), month), DatePrecision.MONTH)
    if text != given and (_THREE.fullmatch(text) or _ISO.fullmatch(text)):
        return _plain_day(text, order)
    try:
        found = part_span(text, lambda part: _plain_day(part.strip(), order))
    except ValueError as error:  # UsageError is one
        raise UsageError(f"{shown(given)} is not a date; accepted: {ACCEPTED_DATES}") from error
    if found is None:
        raise UsageError(f"{shown(given)} is not a date; accepted: {ACCEPTED_DATES}")
    return found


def _either(text: str) -> TimeSpan:
    """A date in whichever order."""
    try:
        return day_of(text, "dmy")
    except UsageError:
        return day_of(text, "mdy")


def _is_part(text: str) -> bool:
    try:
        return part_span(plainer(text), _either) is not None
    except ValueError:
        return False


def _three(match: re.Match[str], order: str) -> date:
    first, second, third = match[1], int(match[3]), match[4]
    if len(first) > 2:
        return _calendar(int(first), second, int(third), match[0])
    if order == "ymd" and len(third) < 3:
        return _calendar(_year(first), second, int(third), match[0])
    if match[2] == "." and order != "mdy":
        order = "dmy"
    if order not in ("dmy", "mdy") and int(first) != second:
        raise UsageError(f"{shown(match[0])} can be day/month or month/day; accepted: {ACCEPTED_DATES}")
    day, month = (int(first), second) if order == "dmy" else (second, int(first))
    return _calendar(_year(third), month, day, match[0])


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else int(text) + (2000 if int(text) <= LATEST_SHORT else 1900)


def _calendar(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UsageError(f"{shown(text)} is in no calendar") from error
