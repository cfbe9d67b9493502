"""Dates as people and OGC clients write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import UsageError
from geodata.timespan import DatePrecision, Interval, TimeSpan, month_bounds, week_bounds

DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022-11-11", date(2022, 11, 11), date(2022, 11, 11)),
        ("2022-11", date(2022, 11, 1), date(2022, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-11-11T08:42:00Z", date(2022, 11, 11), date(2022, 11, 11)),
        ("2022-11-11T08:42:00+02:00", date(2022, 11, 11), date(2022, 11, 11)),
        ("2022-02-24/2022-03-01", date(2022, 2, 24), date(2022, 3, 1)),
        ("2022-02/2022-03", date(2022, 2, 1), date(2022, 3, 31)),
        ("../2022-03-01", None, date(2022, 3, 1)),
        ("/2022-03-01", None, date(2022, 3, 1)),
        ("2022-03-01/..", date(2022, 3, 1), None),
        ("../..", None, None),
        (" 2022-11-11 ", date(2022, 11, 11), date(2022, 11, 11)),
    ],
)
def test_interval_reads_the_datetime_parameter(text: str, start: date | None, end: date | None) -> None:
    assert Interval.from_param(text) == Interval(start, end)


@pytest.mark.parametrize(
    "text",
    ["", " ", "2023-13-45", "2023-02-29", "11.11.2022", "yesterday", "2022/2023/2024", "2023-01-02/2022-01-01", "0000"],
)
def test_a_date_that_is_none_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(UsageError, match="accepted"):
        Interval.from_param(text)


@given(DAYS, DAYS)
def test_an_interval_survives_its_own_text(a: date, b: date) -> None:
    interval = Interval(min(a, b), max(a, b))
    assert Interval.from_param(str(interval)) == interval


@given(DAYS, DAYS, DAYS, DAYS)
def test_overlap_is_what_sharing_a_day_means(a: date, b: date, c: date, d: date) -> None:
    interval, span = Interval(min(a, b), max(a, b)), TimeSpan(min(c, d), max(c, d))
    assert interval.start
    assert interval.end
    shares = max(interval.start, span.start) <= min(interval.end, span.end)
    assert interval.overlaps(span) is shares
    assert Interval().overlaps(span)


@pytest.mark.parametrize(
    ("text", "precision", "days"),
    [
        ("2022-11-11", DatePrecision.DAY, 1),
        ("2022-02", DatePrecision.MONTH, 28),
        ("2022", DatePrecision.YEAR, 365),
        ("2022-11-11/2022-11-13", DatePrecision.DAY, 3),
    ],
)
def test_a_time_span_takes_its_precision_from_the_form(text: str, precision: DatePrecision, days: int) -> None:
    span = TimeSpan.from_param(text)
    assert (span.precision, span.days) == (precision, days)


def test_a_time_span_has_no_open_end_and_does_not_run_backwards() -> None:
    with pytest.raises(UsageError, match="open end"):
        TimeSpan.from_param("2022-11-11/..")
    with pytest.raises(UsageError, match="before it starts"):
        TimeSpan(date(2022, 2, 2), date(2022, 2, 1))


def test_weeks_start_on_monday_and_months_know_leap_years() -> None:
    assert week_bounds(date(2022, 11, 11)) == (date(2022, 11, 7), date(2022, 11, 13))
    assert month_bounds(2024, 2) == (date(2024, 2, 1), date(2024, 2, 29))
