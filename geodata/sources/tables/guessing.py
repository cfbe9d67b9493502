"""What the columns of a table mean: by their names, then by what they hold; and which row is the header."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from geodata.contracts.tables import ColumnMapping
from geodata.errors import UsageError, shown
from geodata.event_types import load_event_types
from geodata.features import SOMETIMES
from geodata.sources.columns import NAMES, normal
from geodata.sources.coordinates import degrees_of, is_missing, split_pair
from geodata.sources.dates import day_of, serial_day
from geodata.sources.formats.countries import iso2
from geodata.sources.headers import is_media, recognised
from geodata.sources.tables.making import FIELDS, is_address
from geodata.taxonomy import kind_for

SAMPLE_ROWS = 200
HEADER_WITHIN = 20
NO_HEADER = -1
"""What `header_row` says of a table whose first row is an event already."""
_DECIMAL = re.compile(r"-?\d+[.,]\d+")
MOST = 0.8
"""The share of a column's cells that must be of a kind for the column to be taken for it by content."""
SOME = 0.2
"""The share below which a column named for a kind is not taken for it: a `time` of 14:30 is no date."""
WANTED = ("title", "quote", "event_type", "start", "end", "place", "lon", "position")
_EVENTS = frozenset((
    "event", "event_name", "name", "label", "incident", "ereignis", "vorfall", "evento", "evenement", "подія",
    "событие", "what",
))  # fmt: skip
"""Columns that may hold titles or types, by their names."""
_LONG = 40  # characters: a column of cells longer than this on average is the text of an event
Test = Callable[[str], bool]


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows names the columns: the one that most are known by; else the first that is no title.

    NO_HEADER where none is, as the first is an event already.
    """
    known = [len(recognised(filter(str.strip, row))) for row in rows[:HEADER_WITHIN]]
    best = max(known, default=0)
    if best > 1:
        return known.index(best)
    several = (at for at, row in enumerate(rows[:HEADER_WITHIN]) if len({*filter(str.strip, row)}) > 1)
    first = next(several, 0)  # above it, a title stands alone, or in merged cells
    return NO_HEADER if rows and _holds_values(rows[first]) else first


def _holds_values(cells: Sequence[str]) -> bool:
    """Whether a row is no header but an event: it has a whole date, or two numbers with decimals."""
    dates = [cell for cell in cells if not cell.strip().isdigit() and is_date(cell)]
    numbers = [cell for cell in cells if _DECIMAL.fullmatch(cell.strip())]
    return len(dates) == 1 or len(numbers) > 1


def named(header: Sequence[str]) -> tuple[str, ...]:
    """The columns' names, each once: nameless ones are called by their number, a second "date" is "date (2)"."""
    names: list[str] = []
    for number, cell in enumerate(header, 1):
        name = " ".join(cell.split()) or f"column {number}"
        copy = 2
        unique = name
        while unique in names:
            unique, copy = f"{name} ({copy})", copy + 1
        names.append(unique)
    return tuple(names)


def guess(columns: Sequence[str], rows: Sequence[Sequence[str]], given: ColumnMapping | None) -> ColumnMapping:
    """The mapping given, with columns guessed for the fields that it says nothing of.

    A field that it gives no column is left without. UsageError where it names a column or a field that is not there.
    """
    given = given or ColumnMapping()
    _check(given, columns)
    taken = {name for names in given.columns.values() for name in names}
    cells = {
        name: [row[index] for row in rows if index < len(row) and not is_missing(row[index])]
        for index, name in enumerate(columns)
    }
    found: dict[str, tuple[str, ...]] = {field: names for field, names in given.columns.items() if names}
    free = [name for name in columns if name not in taken]
    for field, name in (_by_name(free) | _parts_of_dates(free, cells)).items():
        names = (name,) if isinstance(name, str) else name
        if field not in given.columns and _may_be(field, names, cells):
            found[field] = names
    used = {name for names in found.values() for name in names}
    _by_content(found, [name for name in free if name not in used], cells, given)
    return replace(given, columns=found)


def passed_over(
    columns: Sequence[str], rows: Sequence[Sequence[str]], found: ColumnMapping, given: ColumnMapping | None
) -> tuple[str, ...]:
    """A note for each field that is read from no column, though one is called so: what it holds is something else."""
    notes = []
    for field in ("start", "position"):
        name = recognised(columns).get(field, "")
        if not name or field in found.columns or (given and field in given.columns) or "lon" in found.columns:
            continue
        at = columns.index(name)
        held = next((row[at] for row in rows if at < len(row) and not is_missing(row[at])), "")
        if held and name not in {each for names in found.columns.values() for each in names}:
            what = "dates" if field == "start" else "positions"
            notes.append(f"column {shown(name)} was not read as {what}: it holds such as {shown(held)}")
    return tuple(notes)


def says_something(mapping: ColumnMapping) -> bool:
    return any(mapping.columns.get(field) or mapping.defaults.get(field) for field in WANTED)


def _check(given: ColumnMapping, columns: Sequence[str]) -> None:
    for field, names in given.columns.items():
        if field not in FIELDS:
            raise UsageError(f"no field is called {shown(field)}; accepted: {', '.join(FIELDS)}")
        for name in names:
            if name not in columns:
                raise UsageError(f"the table has no column {shown(name)} for {field}; it has {', '.join(columns)}")


def _by_name(columns: Sequence[str]) -> dict[str, str | tuple[str, ...]]:
    ours = {name: name for name in SOMETIMES if name in columns}  # as our own CSV export writes them
    return {**ours, **recognised(columns)}


def _parts_of_dates(columns: Sequence[str], cells: Mapping[str, Sequence[str]]) -> dict[str, str | tuple[str, ...]]:
    """A date in three columns, or two, of numbers: year, month and day."""
    by_name = {normal(name): name for name in reversed(columns)}
    for names in (
        ("year", "month", "day"), ("iyear", "imonth", "iday"), ("ano", "mes", "dia"), ("annee", "mois", "jour"),
        ("рік", "місяць", "день"), ("год", "месяц", "день"),
    ):  # fmt: skip
        found = tuple(by_name[name] for name in names if name in by_name)
        whole_date = [name for name in columns if normal(name) in ("start", "date", "start_date", "event_date")]
        if len(found) > 1 and names[0] in by_name and not whole_date and _share(found[1], cells, str.isdigit) > MOST:
            return {"start": found}
    return {}


def _may_be(field: str, names: Sequence[str], cells: Mapping[str, Sequence[str]]) -> bool:
    """Whether what the columns hold does not speak against what their names say."""
    tests: Mapping[str, Test] = {
        "start": may_be_date, "end": may_be_date, "position": is_position, "lon": _is_degrees, "lat": _is_degrees,
        "source_url": lambda cell: "." in cell, "place": lambda cell: not _is_degrees(cell),
    }  # fmt: skip
    test = tests.get(field)
    if field in ("lon", "lat", "source_url", "place") and normal(names[0]) in NAMES[field]:
        return True  # surely called so: what it holds instead is told row by row
    if test is None or len(names) > 1 or not cells[names[0]]:
        return True
    return _share(names[0], cells, test) >= SOME


def _by_content(
    found: dict[str, tuple[str, ...]],
    free: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    given: ColumnMapping,
) -> None:
    """Fills the fields that no name spoke for, from columns that are nothing else but of a kind."""
    tests: tuple[tuple[str, Test], ...] = (
        ("start", is_date),
        ("lat", lambda cell: _letter(cell) in ("N", "S")),
        ("lon", lambda cell: _letter(cell) in ("E", "W")),
        ("position", _is_plain_position),
        ("country", lambda cell: bool(iso2(cell)) and not cell.isdigit()),
    )
    left = list(free)
    for field, test in tests:
        if field in found or field in given.columns or (field == "position" and "lon" in found):
            continue
        name = next((name for name in left if _share(name, cells, test) >= MOST), "")
        if name:
            found[field] = (name,)
            left.remove(name)
    _types(found, left, cells, given)
    _links(found, left, cells, given)
    if not {"title", "quote"} & {*found, *given.columns}:
        longest = max(left, key=lambda name: _length(cells[name]), default="")
        if longest and _length(cells[longest]) > _LONG:
            found["quote"] = (longest,)


def _types(
    found: dict[str, tuple[str, ...]], left: list[str], cells: Mapping[str, Sequence[str]], given: ColumnMapping
) -> None:
    """A column of nothing but names of types, which may be called "Event" or "What" as if it were a title or a text."""
    if {"event_type", "sub_event_type"} & {*found, *given.columns}:
        return
    called = {
        name: field
        for field in ("title", "quote")
        if field not in given.columns
        for name in found.get(field, ())
        if normal(name) in _EVENTS
    }
    name = next((name for name in (*called, *left) if _share(name, cells, _is_type) >= MOST), "")
    if name:
        found["event_type"] = (name,)
        if name in called:
            del found[called[name]]
        else:
            left.remove(name)


def _links(
    found: dict[str, tuple[str, ...]], left: list[str], cells: Mapping[str, Sequence[str]], given: ColumnMapping
) -> None:
    """Columns of nothing but addresses: of all of them, an event has the sources."""
    if {"source_url", "source_publisher"} & given.columns.keys():
        return
    publisher = [name for name in found.get("source_publisher", ()) if _share(name, cells, is_address) >= MOST]
    others = [name for name in left if _share(name, cells, is_address) >= MOST and not is_media(name)]
    if links := (*found.get("source_url", ()), *publisher, *others):
        found["source_url"] = links
    if publisher:
        del found["source_publisher"]
    left[:] = [name for name in left if name not in others]


def _is_type(cell: str) -> bool:
    return kind_for(cell, "", load_event_types()).is_known


def _share(name: str, cells: Mapping[str, Sequence[str]], test: Test) -> float:
    held = cells[name]
    return sum(map(test, held)) / len(held) if held else 0.0


def _length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def is_date(cell: str) -> bool:
    """Whether a cell is a date in some order; a bare year of four digits is one."""
    for order in ("dmy", "mdy"):
        try:
            day_of(cell, order)
        except UsageError:
            continue
        return True
    return False


def may_be_date(cell: str) -> bool:
    """As `is_date`, for a column that is called so: also a spreadsheet's number of days."""
    return serial_day(cell) is not None or is_date(cell)


def _is_plain_position(cell: str) -> bool:
    """As `is_position`, for a column that nothing calls so: "46,63" is one number with a decimal comma."""
    first, _, second = cell.partition(",")
    return is_position(cell) and not (first.strip().lstrip("-").isdigit() and second.strip().isdigit())


def is_position(cell: str) -> bool:
    """Whether a cell holds a whole position, in degrees or in metres."""
    try:
        first, second, _ = split_pair(cell)
        values = [degrees_of(half) for half in (first, second)]
    except UsageError:
        return False
    return any(mark in cell for mark in ".,°") or all(value.letter for value in values)


def _is_degrees(cell: str) -> bool:
    try:
        degrees_of(cell)
    except UsageError:
        return False
    return True


def _letter(cell: str) -> str:
    try:
        return degrees_of(cell).letter
    except UsageError:
        return ""
