"""What a survey found -> what is known without doubt, told in notes, and what must be asked."""

from collections.abc import Iterator
from dataclasses import replace

from geodata.contracts.tables import DATE_ORDERS, ColumnMapping, Option, Question
from geodata.errors import UsageError, shown
from geodata.sources.dates import Orders, day_of, serial_day
from geodata.sources.tables.survey import Seen, Survey

MOST = 0.5
"""The share of positions that must be odd before the whole table is taken to be; fewer are told row by row."""
FEW = 0.05
"""The share of swapped positions below which they are slips: most positions can be read either way."""


def settled(mapping: ColumnMapping, found: Survey) -> tuple[ColumnMapping, tuple[str, ...]]:
    """The mapping with what the table itself says without doubt, and notes on that."""
    notes = []
    orders = found.orders
    if not mapping.date_order and orders.order:
        mapping = replace(mapping, date_order=orders.order)
        shows = orders.dmy or orders.mdy
        notes.append(f"dates were read as {DATE_ORDERS[orders.order]}, as {shown(shows)} in line {_line(orders)} shows")
    if orders.serial:
        line = orders.lines["serial"]
        read = f"{orders.serial} in line {line:,} is {serial_day(orders.serial)}"
        notes.append(f"dates that are numbers were read as days that a spreadsheet counted: {read}")
    if orders.loose:
        line, span = orders.lines["loose"], day_of(orders.loose, mapping.date_order)
        notes.append(
            f"dates in words were read as the days that they can mean: {shown(orders.loose)} in line {line:,} is "
            f"{span.start} to {span.end}"
        )
    if orders.has_short_years:
        notes.append("years of two digits were read as 1969 to 2068")
    return mapping, tuple(notes)


def questions(mapping: ColumnMapping, found: Survey) -> Iterator[Question]:
    """What is to be answered before a row is taken."""
    if not mapping.date_order and (found.orders.is_mixed or found.orders.is_open):
        yield _dates(found.orders)
    seen = found.seen
    if not seen.positions:
        return
    if not mapping.crs and seen.outside > seen.positions * MOST:
        if seen.grouped > seen.positions * MOST:
            yield _decimal(seen)
        yield _crs(seen)
    elif mapping.crs and not mapping.decimal and seen.grouped > seen.positions * MOST:
        yield _decimal(seen)
    elif mapping.swap_lon_lat is None and _look_swapped(seen):
        yield _swapped(seen)


def _look_swapped(seen: Seen) -> bool:
    """Whether swapping helps more positions than it harms, and these are not a slip or two among many."""
    few = seen.swapped < seen.positions and (seen.swapped < 2 or seen.swapped < seen.positions * FEW)
    return seen.swapped > (seen.fits + seen.swapped) * MOST and not few


def _dates(orders: Orders) -> Question:
    if orders.is_mixed:
        first, second = (f"{shown(getattr(orders, kind))} in line {orders.lines[kind]:,}" for kind in ("dmy", "mdy"))
        text = (
            f"one column mixes day first ({first}) and month first ({second}): which order do its dates have? "
            "Those that do not fit it are kept without a date, and listed"
        )
    else:
        text = f"does {shown(orders.open_)} (line {orders.lines['open_']:,}) name the day first or the month?"
    example = orders.open_ or orders.dmy
    return Question(
        "date_order",
        text,
        tuple(Option(order, DATE_ORDERS[order], _read(example, order)) for order in ("dmy", "mdy")),
    )


def _read(text: str, order: str) -> str:
    try:
        day = day_of(text, order).start
    except UsageError:
        return f"{text}: no such day"
    return f"{text}: {day.day} {day:%B %Y}"


def _decimal(seen: Seen) -> Question:
    line, text = seen.first["grouped"]
    options = (
        Option(",", "the comma is a decimal comma", f"{text}: as if with a point"),
        Option(".", "the comma groups thousands", f"{text.replace(',', '')}" if text.count(",") == 1 else text),
    )
    return Question("decimal", f"what is the comma in {shown(text)} (line {line:,})?", options)


def _crs(seen: Seen) -> Question:
    line, text = seen.first["outside"]
    return Question(
        "crs",
        f"positions such as {shown(text)} (line {line:,}) are not degrees: which coordinate system are they in? "
        "An EPSG code, as EPSG:3857 (web maps) or EPSG:32636 (UTM zone 36 north); 4326 if they are meant as degrees",
    )


def _swapped(seen: Seen) -> Question:
    line, text = seen.first["swapped"]
    count = f"{seen.swapped:,} of {seen.positions:,} different positions"
    return Question(
        "swap_lon_lat",
        f"longitude and latitude look swapped: {count} make sense only the other way round, as {shown(text)} "
        f"(line {line:,}). Swap them?",
        (
            Option("yes", "swap them", f"{text} is read as latitude, longitude"),
            Option("no", "take them as they stand", "rows that do not fit are kept without a place, and listed"),
        ),
        suggested="yes",
    )


def _line(orders: Orders) -> str:
    return f"{orders.lines['dmy' if orders.dmy else 'mdy']:,}"
