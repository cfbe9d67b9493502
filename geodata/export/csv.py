"""CSV (RFC 4180, UTF-8): one row an event, the columns of a feature's properties behind id, lon and lat.

A cell that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's page on CSV injection has
it; our importer takes it off again. A row's own further properties share one column, as a JSON object.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.features import ALWAYS, DECIMALS, SOMETIMES, dumps, properties
from geodata.model import Event
from geodata.query import EventQuery

COLUMNS = ("id", "lon", "lat", *ALWAYS, *SOMETIMES, "properties")
RISKY = ("=", "+", "-", "@", "\t", "\r")


class CsvExporter:
    media_type = "text/csv; charset=utf-8"
    suffix = ".csv"
    title = "CSV table"
    good_for = "spreadsheets, statistics, databases: one row an event"
    lossless = True

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        count = 0
        for number, line in enumerate(lines(events)):
            out.write(line)
            count = number
        return Exported(count, ("the list of credits: each row has its own source, licence and attribution",))


def lines(events: Iterable[Event]) -> Iterator[bytes]:
    """The header, then a row an event, each in UTF-8 with its line end."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for event in events:
        yield _taken(buffer)
        writer.writerow(_row(event))
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _row(event: Event) -> list[object]:
    props = properties(event)
    place = event.place
    lon_lat = (round(place.lon, DECIMALS), round(place.lat, DECIMALS)) if place else ("", "")
    own = dumps(dict(event.properties)) if event.properties else ""
    return [safe(event.event_id), *lon_lat, *(_cell(props.get(name)) for name in (*ALWAYS, *SOMETIMES)), own]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, list):
        flat = all(isinstance(each, str) for each in value)
        return safe("; ".join(value) if flat else dumps(value))
    return safe(value) if isinstance(value, str) else value


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(RISKY) or text.startswith(RISKY) else text
