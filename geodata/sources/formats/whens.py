"""When a feature happened: its own dates, numbers of milliseconds, or `when` of Linked Places (timespans)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from geodata.contracts.tables import DATE_ORDERS, Option, Question
from geodata.errors import UsageError, shown
from geodata.sources.columns import day_first, time_span
from geodata.timespan import DatePrecision, TimeSpan

LEADS: Mapping[str, bool | None] = {"": None, "ymd": None, "dmy": True, "mdy": False}
_ORDER = list(DatePrecision)


def span_of(given: Mapping[str, object], when: object, date_order: str = "") -> TimeSpan | None:
    """The span of a feature's `start`, `end` and `date_precision`, else of its `when`; None where it has neither.

    UsageError says what could not be read.
    """
    start, end = date_text(given.get("start")), date_text(given.get("end"))
    precision = str(given.get("date_precision") or "")
    if not start and not end and isinstance(when, dict):
        return timespans_of(when, date_order)
    return time_span(start, end, LEADS[date_order], precision)


def date_text(value: object) -> str:
    """A date as text; a large number is milliseconds since 1970, as GeoJSON feeds (USGS, Esri) write time."""
    if isinstance(value, bool):
        raise UsageError(f"{shown(value)} is not a date")
    if isinstance(value, int | float) and abs(value) > 10**10:
        try:
            return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
        except (OverflowError, ValueError, OSError) as error:
            raise UsageError(f"{shown(value)} is not a time in milliseconds since 1970") from error
    return "" if value is None else str(value).strip()


def timespans_of(when: Mapping[str, object], date_order: str = "") -> TimeSpan | None:
    """From the first to the last day of all timespans of Linked Places (LPF 1.2); None where there is none."""
    spans = when.get("timespans")
    found = [
        span
        for each in (spans if isinstance(spans, list) else ())
        if isinstance(each, dict) and (span := _timespan(each, date_order))
    ]
    if not found:
        return None
    precision = max((span.precision for span in found), key=_ORDER.index)
    return TimeSpan(min(span.start for span in found), max(span.end for span in found), precision)


def _timespan(each: Mapping[str, object], date_order: str) -> TimeSpan | None:
    starts, ends = _named(each.get("start")), _named(each.get("end"))
    first = starts.get("in") or starts.get("earliest") or ends.get("earliest") or starts.get("latest") or ""
    last = (
        ends.get("in") or ends.get("latest") or ends.get("earliest") or starts.get("in") or starts.get("latest") or ""
    )
    return time_span(first, last, LEADS[date_order])


def _named(end: object) -> Mapping[str, str]:
    if isinstance(end, dict):
        return {str(name): str(value) for name, value in end.items() if value}
    return {"in": str(end)} if end else {}


def order_of(values: Iterable[str]) -> tuple[str, Question | None]:
    """The order that dates such as 3/4/2022 are in, where other dates of theirs settle it, or what to ask where not."""
    listed = [value.strip() for value in values]
    unclear = next((value for value in listed if _unclear(value)), "")
    if not unclear:
        return "", None
    said = ""
    try:
        leads = day_first(listed)
    except UsageError as error:
        leads, said = None, f"{error}. "
    if leads is not None:
        return "dmy" if leads else "mdy", None
    text = f"{said}Dates such as {shown(unclear)} can be read two ways. What comes first?"
    orders = ("dmy", "mdy")
    options = (Option(order, DATE_ORDERS[order], str(time_span(unclear, "", LEADS[order]))) for order in orders)
    return "", Question("date_order", text, tuple(options))


def _unclear(text: str) -> bool:
    try:
        time_span(text, "", None)
    except UsageError:
        return _reads(text, True) and _reads(text, False)
    return False


def _reads(text: str, days_lead: bool) -> bool:
    try:
        return time_span(text, "", days_lead) is not None
    except UsageError:
        return False
