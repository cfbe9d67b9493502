"""Days counted per day, week, month or year, exactly, with bins that stay few whatever the dates are."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import Histogram
from geodata.errors import UsageError, shown

EPOCH = date(1970, 1, 1).toordinal()
UNITS = ("day", "week", "month", "year")
FINE_BINS = 200
"""A unit picked for the caller gives fewer bins than this, or is the year."""
MOST_BINS = 5_000
"""A unit asked for that would give more bins is made coarser; years are at most 9,999, the calendar's own end."""
_CODES = {"day": "D", "month": "M", "year": "Y"}


def histogram(days: npt.NDArray[np.int32], unit: str = "") -> Histogram:
    """How many of `days` (numbers from 1970-01-01) lie in each bin; the empty unit picks the finest of few bins."""
    if unit and unit not in UNITS:
        raise UsageError(f"unit {shown(unit)} is unknown; accepted: {', '.join(UNITS)}, or empty")
    if not len(days):
        return Histogram(unit or "week")
    first, last = int(days.min()), int(days.max())
    unit = (
        _fitting(first, last, UNITS[UNITS.index(unit) :], MOST_BINS)
        if unit
        else _fitting(first, last, UNITS, FINE_BINS - 1)
    )
    start = bin_of(first, unit)
    return Histogram(unit, bin_start(start, unit), _counted(days, unit, start))


def bin_of(days: Any, unit: str) -> Any:
    """The number of the bin that a day, or each of an array of days, is in; bin 0 holds 1970-01-01."""
    if unit == "week":
        return (days + 3) // 7  # 1970-01-01 was a Thursday, so Mondays are at -3, 4, 11 ...
    numbers = np.asarray(days, dtype=np.int64)
    found = numbers.astype("datetime64[D]").astype(f"datetime64[{_CODES[unit]}]").astype(np.int64)
    return found if np.ndim(days) else int(found)


def bin_start(number: int, unit: str) -> date:
    """The first day of a bin."""
    if unit == "week":
        return date.fromordinal(EPOCH) + timedelta(days=7 * number - 3)
    found: date = np.array(number).astype(f"datetime64[{_CODES[unit]}]").astype("datetime64[D]").item()
    return found


def _fitting(first: int, last: int, units: Sequence[str], most: int) -> str:
    """The finest of the units that needs at most so many bins, or the coarsest."""
    fitting = (unit for unit in units if bin_of(last, unit) - bin_of(first, unit) < most)
    return next(fitting, units[-1])


def _counted(days: npt.NDArray[np.int32], unit: str, start: int) -> list[int]:
    first, last = int(days.min()), int(days.max())
    if last - first >= len(days):
        counts = np.bincount(bin_of(days, unit) - start)
    else:
        # Counting days first and sharing out the few distinct ones is ten times quicker than dating every event.
        by_day = np.bincount(days - np.int32(first))
        bins = bin_of(np.arange(first, last + 1), unit) - start
        counts = np.bincount(bins, weights=by_day).astype(np.int64)
    found: list[int] = counts.tolist()
    return found
