"""Days counted per day, week, month or year, exactly, with bins that stay few whatever the dates are."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from geodata.answers import Histogram
from geodata.errors import UsageError, shown
from geodata.timespan import Interval

EPOCH = date(1970, 1, 1).toordinal()
UNITS = ("day", "week", "month", "year")
FINE_BINS = 200
"""A unit picked for the caller gives fewer bins than this, or is the year."""
MOST_BINS = 50_000
"""A unit asked for that would give more bins is made coarser; years are at most 9,999, the calendar's own end."""
_CODES = {"day": "D", "month": "M", "year": "Y"}


Days = npt.NDArray[np.integer[Any]]


def histogram(
    first: Days,
    last: Days,
    count: Days,
    unit: str = "",
    axis: Interval | None = None,
    types: tuple[Any, tuple[str, ...]] | None = None,
) -> Histogram:
    """Events in bins: `count` of them for each pair of a first and a last possible day (numbers from 1970-01-01).

    The empty unit picks the finest of few bins. `axis` (None, or an end of it None: as far as the events reach) is the
    days that the bins cover. `types` is a number of a name for each pair, and the names.
    """
    check_unit(unit)
    ends = _ends(first, axis)
    if ends is None:
        return Histogram(unit or "week")
    unit = _fitting(*ends, UNITS[UNITS.index(unit) :], MOST_BINS) if unit else _fitting(*ends, UNITS, FINE_BINS - 1)
    start = bin_of(ends[0], unit)
    size = bin_of(ends[1], unit) - start + 1
    one, other = bins_of(first, unit) - start, bins_of(last, unit) - start
    inside = (one >= 0) & (one < size)
    begun, ended = (
        _summed(np.clip(one, 0, size), count, size + 1),
        _summed(np.clip(other + 1, 0, size), count, size + 1),
    )
    return Histogram(
        unit,
        bin_start(start, unit),
        _summed(one[inside], count[inside], size).tolist(),
        _summed(one[inside & (one == other)], count[inside & (one == other)], size).tolist(),
        (np.cumsum(begun[:size]) - np.cumsum(ended[:size])).tolist(),
        _by_type(one[inside], count[inside], size, types[0][inside], types[1]) if types else {},
    )


def check_unit(unit: str) -> None:
    if unit and unit not in UNITS:
        raise UsageError(f"unit {shown(unit)} is unknown; accepted: {', '.join(UNITS)}, or empty")


def _by_type(bins: Days, count: Days, size: int, code: Days, names: tuple[str, ...]) -> dict[str, list[int]]:
    table = _summed(code * size + bins, count, size * len(names)).reshape(len(names), size)
    return {name: row.tolist() for name, row in zip(names, table, strict=True) if row.any()}


def _summed(number: Days, count: Days, size: int) -> npt.NDArray[np.int64]:
    return np.bincount(number, weights=count, minlength=size).astype(np.int64)


def _ends(first: Days, axis: Interval | None) -> tuple[int, int] | None:
    """The first and the last day that the bins must hold."""
    low = axis.start.toordinal() - EPOCH if axis and axis.start else int(first.min()) if len(first) else None
    high = axis.end.toordinal() - EPOCH if axis and axis.end else int(first.max()) if len(first) else None
    if low is None or high is None:
        return None
    return low, max(low, high)


def bins_of(days: Days, unit: str) -> npt.NDArray[np.int64]:
    """`bin_of` of many days."""
    return np.asarray(bin_of(days.astype(np.int64), unit), dtype=np.int64)


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
