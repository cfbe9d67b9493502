"""Bins of days, weeks, months and years, against the calendar."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.answers import Histogram
from geodata.errors import UsageError
from geodata.index.histogram import EPOCH, FINE_BINS, MOST_BINS, UNITS, bin_of, bin_start, histogram
from geodata.timespan import week_bounds

units = st.sampled_from(["", *UNITS])
near = st.dates(date(2021, 1, 1), date(2023, 12, 31))


def binned(days: np.ndarray, unit: str = "") -> Histogram:
    return histogram(days, days, np.ones(len(days), int), unit)


def numbers(days: list[date]) -> np.ndarray:
    return np.array([day.toordinal() - EPOCH for day in days], dtype=np.int32)


def first_day(day: date, unit: str) -> date:
    """The first day of the bin that holds `day`, by the calendar."""
    if unit == "week":
        return week_bounds(day)[0]
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]


@settings(deadline=None)
@given(
    st.lists(st.dates(), min_size=1, max_size=30) | st.lists(near, min_size=1, max_size=30),
    st.sampled_from(["", *UNITS]),
)
def test_every_day_is_in_its_bin(days: list[date], unit: str) -> None:
    made = binned(numbers(days), unit)
    first = bin_of(made.start.toordinal() - EPOCH, made.unit)
    counted = {bin_start(first + i, made.unit): n for i, n in enumerate(made.counts) if n}
    assert counted == Counter(first_day(day, made.unit) for day in days)
    assert made.start == first_day(min(days), made.unit)
    assert min(made.counts[0], made.counts[-1]) > 0
    assert len(made.counts) <= (MOST_BINS if made.unit != "year" else 9_999)
    if unit == "":
        assert len(made.counts) < FINE_BINS or made.unit == "year"


@pytest.mark.parametrize(
    ("span_days", "unit", "expected"),
    [
        (0, "", "day"),
        (198, "", "day"),
        (199, "", "week"),
        (365 * 5, "", "month"),
        (365 * 30, "", "year"),
        (365 * 5, "day", "day"),
        (50_000, "day", "week"),
        (365 * 1000, "day", "month"),
        (365 * 1000, "week", "month"),
        (365 * 300, "week", "week"),
        (365 * 5, "year", "year"),
    ],
)
def test_the_unit_keeps_the_bins_few(span_days: int, unit: str, expected: str) -> None:
    first = date(2001, 1, 1)
    assert binned(numbers([first, first + timedelta(days=span_days)]), unit).unit == expected


@pytest.mark.parametrize(
    ("day", "unit", "start"),
    [
        (date(2022, 11, 11), "week", date(2022, 11, 7)),
        (date(1970, 1, 1), "week", date(1969, 12, 29)),
        (date(1066, 10, 14), "month", date(1066, 10, 1)),
        (date(1, 1, 1), "week", date(1, 1, 1)),
        (date(9999, 12, 31), "year", date(9999, 1, 1)),
        (date(9999, 12, 31), "week", date(9999, 12, 27)),
    ],
)
def test_where_bins_start(day: date, unit: str, start: date) -> None:
    assert binned(numbers([day]), unit) == Histogram(unit, start, [1], [1], [1])


def test_many_events_on_few_days_count_exactly() -> None:
    days = numbers([date(2022, 1, 31), date(2022, 2, 1), date(2022, 3, 1)]).repeat([500, 300, 7])
    assert binned(days, "month").counts == [500, 300, 7]


def test_nothing_dated_gives_no_bins() -> None:
    assert binned(numbers([])) == Histogram("week")
    assert binned(numbers([]), "year") == Histogram("year")


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(UsageError, match="accepted: day, week, month, year"):
        binned(numbers([]), "fortnight")
