"""CSV (RFC 4180, UTF-8): one row an event, the columns of geodata/export/cells.py; and the same tagged with HXL.

A cell that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's page on CSV injection has
it; our importer takes it off again. A row's own further properties share one column, as a JSON object.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.export.cells import COLUMNS, cells
from geodata.model import Event
from geodata.query import EventQuery

_RISKY = re.compile(r"'*\s*[=+\-@\t\r]")
NO_LIST = "the list of credits: each row has its own source, licence and attribution"
HXL_TAGS: Mapping[str, str] = {
    "id": "#event+id",
    "lon": "#geo+lon",
    "lat": "#geo+lat",
    "event_type": "#event+type",
    "sub_event_type": "#event+subtype",
    "title": "#event+title",
    "start": "#date+start",
    "end": "#date+end",
    "date_precision": "#date+precision",
    "place": "#loc+name",
    "precision": "#geo+precision",
    "radius_m": "#geo+radius+m",
    "country": "#country+code+v_iso2",
    "admin1": "#adm1+name",
    "admin2": "#adm2+name",
    "quote": "#description",
    "status": "#status",
    "confidence": "#indicator+confidence+num",
    "actors": "#actor+name",
    "fatalities_low": "#affected+killed+min",
    "fatalities_best": "#affected+killed",
    "fatalities_high": "#affected+killed+max",
    "notes": "#meta+notes",
    "tags": "#meta+tags",
    "source_url": "#meta+url",
    "source_title": "#meta+title",
    "source_publisher": "#meta+source",
    "source_published": "#date+published",
    "source_retrieved": "#date+retrieved",
    "population": "#population",
    "place_id": "#loc+code",
}
"""After the HXL 1.1 dictionary; a column without a tag there is one of `#meta`."""


class CsvExporter:
    media_type = "text/csv; charset=utf-8"
    suffix = ".csv"
    title = "CSV table"
    good_for = "spreadsheets, statistics, databases: one row an event"
    lossless = True
    traits: frozenset[str] = frozenset()

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        return _written(lines(events, [COLUMNS]), out, 1)


class HxlExporter:
    media_type = "text/csv; charset=utf-8"
    suffix = ".hxl.csv"
    title = "HXL table"
    good_for = "humanitarian data (HDX): the CSV table with a second row of hashtags"
    lossless = False  # its readers go by tags, which know no lists
    traits: frozenset[str] = frozenset()

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        tags = [HXL_TAGS.get(name, f"#meta+{name.replace('_', '')}") for name in COLUMNS]
        return _written(lines(events, [COLUMNS, tags]), out, 2)


def _written(text: Iterator[bytes], out: IO[bytes], heads: int) -> Exported:
    count = -heads
    for line in text:
        out.write(line)
        count += 1
    return Exported(count, (NO_LIST,))


def lines(events: Iterable[Event], heads: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """The head rows, then a row an event, each in UTF-8 with its line end."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for head in heads:
        writer.writerow(head)
        yield _taken(buffer)
    for event in events:
        row = cells(event)
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row.values()])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; what begins like such a cell gets one more mark."""
    return f"'{text}" if _RISKY.match(text) else text
