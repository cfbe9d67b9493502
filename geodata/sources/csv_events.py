"""A table of events (.csv, .tsv): one row an event, columns known by their names (geodata/sources/columns.py).

Rows need a title, text, type, date or place. Rows without coordinates stay unplaced; their place, admin1, admin2 and
country stay in `properties`, from which the pipeline geocodes them. Bad rows are reported by line and left out; a bad
date or position alone keeps the row, undated or unplaced, and is reported too.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace

from geodata.contracts import Reading, RowProblem
from geodata.errors import UsageError
from geodata.features import SOMETIMES, dumps
from geodata.geometry import check_lon_lat
from geodata.model import Event, Status, stable_id
from geodata.sources.columns import assign, day_first, time_span
from geodata.sources.coordinates import degrees_of
from geodata.sources.encoding import clean, decode, encoding_note
from geodata.sources.features import event_from, misfits
from geodata.timespan import TimeSpan

DELIMITERS = ",;\t|"
MOST_CELL_CHARS = 1_000_000
WANTED = ("title", "quote", "event_type", "start", "end", "place", "lon")
UNQUOTED = "=+-@\t\r"  # what our own CSV export puts an apostrophe before, so that no spreadsheet runs it


def read(data: bytes, name: str) -> Reading:
    text, encoding = decode(data, name)
    text = text.removeprefix("\ufeff")
    csv.field_size_limit(MOST_CELL_CHARS)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter(text), restkey="", restval="")
    try:
        header = [column for column in rows.fieldnames or [] if column and column.strip()]
        numbered = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise UsageError(f"{name}, line {rows.line_num}: not readable as a table: {error}") from error
    columns = assign(header)
    if not any(wanted in columns for wanted in WANTED):
        raise UsageError(f"{name} has no column that says what, when or where; accepted: {', '.join(WANTED)}")
    reading = _Table(name, columns, header).read(numbered)
    return replace(reading, notes=tuple(f"{name}: {note}" for note in encoding_note(encoding)))


def delimiter(text: str) -> str:
    """The one of comma, semicolon, tab and bar that the header line holds most of; a comma where it holds none."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=head.count)


class _Table:
    def __init__(self, name: str, columns: Mapping[str, str], header: list[str]) -> None:
        ours = {name: name for name in SOMETIMES if name in header}  # as our own CSV export writes them
        self.name, self.columns, self.header = name, {**ours, **columns}, header
        self.problems: list[RowProblem] = []
        self.seen: dict[str, int] = {}

    def read(self, numbered: list[tuple[int, dict[str, str]]]) -> Reading:
        order = self._day_first([row for _, row in numbered])
        events = []
        for line, row in numbered:
            if "" in row:
                self._report(line, f"has more cells than the header's {len(self.header)}; the rest was passed over")
            cells = {column: clean(row[column] or "")[0].strip() for column in self.header}
            if not any(cells.values()) or all(cell.startswith("#") for cell in cells.values() if cell):
                continue  # an empty line, or HXL's second header of #tags
            try:
                events.append(self._event(line, cells, order))
            except UsageError as error:
                self._report(line, str(error))
        if not events and self.problems:
            first = self.problems[0]
            raise UsageError(f"{self.name}: no row could be read; line {first.line}: {first.message}")
        return Reading(events=tuple(events), problems=tuple(self.problems))

    def _day_first(self, rows: list[dict[str, str]]) -> bool | None:
        try:
            return day_first(
                row[self.columns[ours]] or "" for ours in ("start", "end") if ours in self.columns for row in rows
            )
        except UsageError as error:
            raise UsageError(f"{self.name}: {error}; write its dates as 2022-11-11") from error

    def _report(self, line: int, message: str) -> None:
        self.problems.append(RowProblem(self.name, line, message))

    def _event(self, line: int, cells: dict[str, str], order: bool | None) -> Event:
        props: dict[str, object] = {
            ours: plain(cells[column]) for ours, column in self.columns.items() if cells[column]
        }
        theirs = misfits(props)
        when, unread = self._when(line, props, order)
        lon_lat = self._lon_lat(line, str(props.pop("lon", "")), str(props.pop("lat", "")))
        event_id = str(props.pop("id", "")) or stable_id(self.name, *sorted(cells.items()))
        props.setdefault("status", Status.REVIEWED.value)  # a coder's row is no machine's draft
        event = replace(event_from(self._unique(line, event_id), props, lon_lat), when=when)
        event = replace(event, properties={**self._extra(cells), **theirs, **unread})
        return event if event.place else with_place_words(event, props)

    def _extra(self, cells: dict[str, str]) -> dict[str, str]:
        """The cells of columns that are none of ours, and what our own CSV export packs into `properties`."""
        used = set(self.columns.values())
        extra = {column.strip(): plain(cells[column]) for column in self.header if column not in used and cells[column]}
        if extra.get("properties", "").startswith("{"):
            extra |= unpacked(extra.pop("properties"))
        return extra

    def _when(self, line: int, props: dict[str, object], order: bool | None) -> tuple[TimeSpan | None, dict[str, str]]:
        """The row's span; where it cannot be read, None and the cells as they stood."""
        cells = {name: str(props.pop(name, "")) for name in ("start", "end", "date_precision")}
        try:
            return time_span(cells["start"], cells["end"], order, cells["date_precision"]), {}
        except UsageError as error:
            self._report(line, f"{error}; kept without a date")
            return None, {f"{name}_as_given": text for name, text in cells.items() if text}

    def _lon_lat(self, line: int, lon: str, lat: str) -> tuple[float, float] | None:
        if not lon and not lat:
            return None
        try:
            return check_lon_lat(degrees_of(lon).value, degrees_of(lat).value)
        except UsageError as error:
            self._report(line, f"{error}; kept without a place")
            return None

    def _unique(self, line: int, event_id: str) -> str:
        earlier = self.seen.setdefault(event_id, line)
        if earlier != line:
            raise UsageError(f"repeats the id {event_id!r} of line {earlier}; left out")
        return event_id


def plain(cell: str) -> str:
    """A cell without the apostrophe that our CSV export sets before what a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in UNQUOTED else cell


def unpacked(packed: str) -> dict[str, str]:
    """The properties of a JSON object as text; the whole as one property where it is none."""
    try:
        found = json.loads(packed)
    except (ValueError, RecursionError):
        return {"properties": packed}
    if not isinstance(found, dict):
        return {"properties": packed}
    return {name: value if isinstance(value, str) else dumps(value) for name, value in found.items()}


def with_place_words(event: Event, props: Mapping[str, object]) -> Event:
    """An unplaced event keeps the words for its place, for the geocoder and for a person."""
    words = {name: str(props[name]) for name in ("place", "admin1", "admin2", "country") if props.get(name)}
    return replace(event, properties={**event.properties, **words}) if words else event
