"""The temporal functions of CQL2 (OGC 21-065r2, 7.6) as comparisons of days.

Our dates are days: an instant counts as its day, and an interval as all of its days.
"""

from collections.abc import Callable, Mapping
from datetime import date

from geodata.errors import UsageError, shown
from geodata.query.conditions import (
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    PROPERTIES,
    All,
    Compare,
    Condition,
    Kind,
    Operand,
    Property,
    Some,
)
from geodata.timespan import Interval

ACCEPTED = "DATE('2022-03-05'), TIMESTAMP('2022-03-05T10:00:00Z'), INTERVAL('2022-03-01','..'), start, end or datetime"
Ends = tuple[Operand, Operand]
_Relation = Callable[[Ends, Ends], tuple[tuple[Operand, str, Operand], ...]]
_RELATIONS: Mapping[str, _Relation] = {
    "t_after": lambda a, b: ((a[0], ">", b[1]),),
    "t_before": lambda a, b: ((a[1], "<", b[0]),),
    "t_contains": lambda a, b: ((a[0], "<", b[0]), (a[1], ">", b[1])),
    "t_during": lambda a, b: ((a[0], ">", b[0]), (a[1], "<", b[1])),
    "t_equals": lambda a, b: ((a[0], "=", b[0]), (a[1], "=", b[1])),
    "t_finishedby": lambda a, b: ((a[0], "<", b[0]), (a[1], "=", b[1])),
    "t_finishes": lambda a, b: ((a[0], ">", b[0]), (a[1], "=", b[1])),
    "t_intersects": lambda a, b: ((a[0], "<=", b[1]), (a[1], ">=", b[0])),
    "t_meets": lambda a, b: ((a[1], "=", b[0]),),
    "t_metby": lambda a, b: ((a[0], "=", b[1]),),
    "t_overlappedby": lambda a, b: ((a[0], ">", b[0]), (a[0], "<", b[1]), (a[1], ">", b[1])),
    "t_overlaps": lambda a, b: ((a[0], "<", b[0]), (a[1], ">", b[0]), (a[1], "<", b[1])),
    "t_startedby": lambda a, b: ((a[0], "=", b[0]), (a[1], ">", b[1])),
    "t_starts": lambda a, b: ((a[0], "=", b[0]), (a[1], "<", b[1])),
}
"""What must hold of the first and the last day of both, as the standard's table of these functions has it."""
FUNCTIONS = frozenset({*_RELATIONS, "t_disjoint"})


def temporal(name: str, first: object, second: object) -> Condition:
    """The function of two instants or intervals, as CQL2-JSON has them."""
    one, other = ends_of(first), ends_of(second)
    if name == "t_disjoint":
        return Some((Compare(one[1], "<", other[0]), Compare(one[0], ">", other[1])))
    return All(tuple(Compare(*relation) for relation in _RELATIONS[name](one, other)))


def ends_of(value: object) -> Ends:
    """The first and the last day of an instant, an interval or a property."""
    match value:
        case {"property": str(name)}:
            if PROPERTIES.get(name) == Kind.SPAN:
                return Property("start"), Property("end")
            if PROPERTIES.get(name) == Kind.DAY:
                return Property(name), Property(name)
        case {"date": str(text)} | {"timestamp": str(text)} | str(text):
            return day_of(text), day_of(text, last=True)
        case {"interval": [first, last]}:
            return _end(first, 0), _end(last, 1)
    raise UsageError(f"{shown(str(value))} is no time in a filter; accepted: {ACCEPTED}")


def day_of(text: str, last: bool = False) -> int:
    """The day of a date or an instant; of a month or year its first, or its `last`."""
    try:
        interval = Interval.from_param(text) if "/" not in text else Interval()
    except UsageError as error:
        raise UsageError(f"filter: {error}") from error
    day = interval.end if last else interval.start
    if not isinstance(day, date):
        raise UsageError(f"{shown(text)} is no day in a filter; accepted: {ACCEPTED}")
    return day.toordinal() - EPOCH


def _end(value: object, side: int) -> Operand:
    """One end of an interval; an open one is beyond all days."""
    if value in ("..", ""):
        return (FIRST_DAY, LAST_DAY)[side]
    return ends_of(value)[side]
