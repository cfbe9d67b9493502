"""Which column or property of a foreign table means what, and its dates and numbers read without guessing silently."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from geodata.errors import UsageError, shown
from geodata.timespan import DatePrecision, TimeSpan

NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "event_id", "event_id_cnty", "data_id"),
    "start": ("start", "date", "start_date", "date_start", "event_date", "datetime", "time", "day", "when"),
    "end": ("end", "end_date", "date_end"),
    "date_precision": ("date_precision",),
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "place": ("place", "location", "place_name", "city", "town", "where", "where_coordinates"),
    "precision": ("precision",),
    "radius_m": ("radius_m",),
    "admin1": ("admin1", "adm_1", "state", "province", "region", "oblast"),
    "admin2": ("admin2", "adm_2", "district", "county", "raion"),
    "country": ("country", "country_name", "iso2", "country_code"),
    "event_type": ("event_type", "type", "category", "kind"),
    "sub_event_type": ("sub_event_type", "sub_type", "subtype"),
    "title": ("title", "headline", "name", "label", "source_headline"),
    "quote": ("quote", "text", "notes_text", "description", "summary"),
    "status": ("status",),
    "confidence": ("confidence",),
    "actors": ("actors", "actor"),
    "fatalities_low": ("fatalities_low", "low"),
    "fatalities_best": ("fatalities_best", "fatalities", "deaths", "best"),
    "fatalities_high": ("fatalities_high", "high"),
    "notes": ("notes",),
    "tags": ("tags", "keywords"),
    "source_url": ("source_url", "url", "link"),
    "source_title": ("source_title",),
    "source_publisher": ("source_publisher", "publisher", "source", "outlet"),
    "source_published": ("source_published", "published", "publication_date"),
}
ACCEPTED_DATES = "2022-11-11, 2022-11, 2022, 11 November 2022, 11.11.2022 or 25/11/2022"
_FORMATS = ("%Y/%m/%d", "%Y%m%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d-%b-%Y")
_THREE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[ T].*)?")
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?:[T ].*)?")


def normal(name: str) -> str:
    """A column's name as NAMES has it: "Event Date" and "event-date" -> "event_date"."""
    return re.sub(r"[\s\-.]+", "_", name.strip().strip("#").casefold())


def assign(header: Iterable[str]) -> dict[str, str]:
    """For each of our names the column that it is read from; the first alias that the table has wins."""
    columns = {normal(column): column for column in reversed(list(header))}
    return {
        ours: next(columns[alias] for alias in aliases if alias in columns)
        for ours, aliases in NAMES.items()
        if any(alias in columns for alias in aliases)
    }


def day_first(values: Iterable[str]) -> bool | None:
    """Whether dates such as 3/4/2022 of one column put the day first; None where no value settles it.

    UsageError where some values need the one order and some the other.
    """
    day_leads = month_leads = ""
    for value in values:
        match = _THREE.fullmatch(value.strip())
        if match and int(match[1]) > 12:
            day_leads = value
        elif match and int(match[3]) > 12:
            month_leads = value
    if day_leads and month_leads:
        raise UsageError(f"one column mixes day first ({shown(day_leads)}) and month first ({shown(month_leads)})")
    return None if not day_leads and not month_leads else bool(day_leads)


def time_span(start: str, end: str, days_lead: bool | None, precision: str = "") -> TimeSpan | None:
    """The span of a row's cells; None where both are empty. UsageError names the cell that is no date."""
    if not start and not end:
        return None
    first, last = _bounds(start or end, days_lead), _bounds(end or start, days_lead)
    exactness = precision or max((first.precision, last.precision), key=list(DatePrecision).index)
    try:
        return TimeSpan(first.start, last.end, DatePrecision(exactness))
    except ValueError as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"date_precision {shown(precision)}; accepted: {', '.join(DatePrecision)}") from error


def _bounds(text: str, days_lead: bool | None) -> TimeSpan:
    text = text.strip()
    if _ISO.fullmatch(text) or ("/" in text and text[:4].isdigit() and "-" in text):
        return TimeSpan.from_param(text)
    match = _THREE.fullmatch(text)
    if match:
        return TimeSpan.day(_three(match, days_lead))
    for form in _FORMATS:
        try:
            return TimeSpan.day(datetime.strptime(text, form).date())
        except ValueError:
            continue
    raise UsageError(f"{shown(text)} is not a date; accepted: {ACCEPTED_DATES}")


def _three(match: re.Match[str], days_lead: bool | None) -> date:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2] == ".":  # with dots the day leads wherever this form is written (CLDR: de, pl, ru, tr, uk ...)
        days_lead = True
    if days_lead is None and first != second:
        raise UsageError(f"{shown(match[0])} can be day/month or month/day; accepted: {ACCEPTED_DATES}")
    day, month = (first, second) if days_lead else (second, first)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UsageError(f"{shown(match[0])} is in no calendar; accepted: {ACCEPTED_DATES}") from error


def degrees(text: str, name: str) -> float:
    """A cell of degrees, with a decimal point or comma; UsageError says what it held."""
    try:
        return float(text.strip().replace(",", ".") if text.count(",") == 1 else text)
    except ValueError as error:
        raise UsageError(f"{name} {shown(text)} is not a number of degrees; accepted: 35.3708") from error
