"""Tables with HXL hashtags (hxlstandard.org 1.1): a row of tags says what each column is, whatever its header says.

The row of tags is one of the first 25. Columns whose tags are no field of ours stay in `properties`, by their header.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Question, Remark, RowSource
from geodata.errors import UsageError, shown
from geodata.features import ALWAYS
from geodata.geometry import check_lon_lat
from geodata.sources.formats.columnar import Cells, Header
from geodata.sources.formats.eventmaker import EventMaker, Plan
from geodata.sources.formats.records import RECEIPT_COLUMNS, TextRecords, header_line, is_receipt, unescaped
from geodata.sources.formats.rows import Made, TableKind, TableRows, is_tags

TAG_ROWS = 25  # "within the first 25 rows" (HXL standard, 1.1, section 3)
FIELDS: Sequence[tuple[str, frozenset[str], str]] = tuple(
    (tag, frozenset(attributes.split()), field)
    for tag, attributes, field in (
        ("#date", "start", "start"),
        ("#date", "end", "end"),
        ("#date", "occurred", "start"),
        ("#date", "published", "source_published"),
        ("#date", "reported", "source_published"),
        ("#date", "year", ""),
        ("#date", "", "start"),
        ("#event", "id", "id"),
        ("#event", "code", "id"),
        ("#event", "type", "event_type"),
        ("#event", "subtype", "sub_event_type"),
        ("#event", "description", "quote"),
        ("#event", "", "title"),
        ("#crisis", "type", "event_type"),
        ("#crisis", "", "title"),
        ("#cause", "", "event_type"),
        ("#description", "", "quote"),
        ("#geo", "lat", "lat"),
        ("#geo", "lon", "lon"),
        ("#geo", "coord", "coord"),
        ("#loc", "code", ""),
        ("#loc", "type", ""),
        ("#loc", "", "place"),
        ("#adm1", "code", ""),
        ("#adm1", "", "admin1"),
        ("#adm2", "code", ""),
        ("#adm2", "", "admin2"),
        ("#country", "", "country"),
        ("#affected", "killed min", "fatalities_low"),
        ("#affected", "killed max", "fatalities_high"),
        ("#affected", "killed", "fatalities_best"),
        ("#affected", "dead", "fatalities_best"),
        ("#group", "name", "actors"),
        ("#org", "name", "actors"),
        ("#org", "", "actors"),
        ("#meta", "id", "id"),
        ("#meta", "source", "source_publisher"),
        ("#meta", "url", "source_url"),
        ("#item", "url", "source_url"),
    )
)
"""Tag, the attributes it must have, our field; the first that fits counts. Empty: a property of its own."""
MANY = ("actors",)
_MARKS = re.compile(r"[,;\t|]")
_TAG = re.compile(r"#[a-z]\w*(?:\s*\+\w+)*", re.IGNORECASE)


class HxlRows:
    """Makes an event of a record's cells by their tags. Columns are called by header and tag: "Dead #affected"."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        said = {column: ours for ours, columns in mapping.columns.items() for column in columns}
        parts = [_split(column) for column in header.names]
        self._names = [name or tag or f"column {number}" for number, (name, tag) in enumerate(parts, 1)]
        ours = set(ALWAYS) <= set(self._names)  # our own export says by its header what each column is
        fields = [name if ours else field_of(tag) for name, tag in parts]
        self._fields = [said.get(column, field) for column, field in zip(header.names, fields, strict=True)]
        self._called = {field: name for field, name in zip(self._fields, self._names, strict=True) if field}
        self._maker = EventMaker(Plan(mapping))

    def __call__(self, line: int, cells: Cells) -> Made:
        properties: dict[str, object] = {}
        for name, field, cell in zip(self._names, self._fields, map(unescaped, cells), strict=False):
            if not cell:
                continue
            if field in MANY:
                properties[field] = [*_list(properties.get(field)), *filter(None, map(str.strip, cell.split(";")))]
            else:
                properties[name if not field or field in properties else field] = cell
        changes: list[Remark] = []
        position = _position(properties, changes)
        geometry = {"type": "Point", "coordinates": position} if position else None
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        event = self._maker.event(feature, changes)
        return event, [replace(each, column=self._called.get(each.column, each.column)) for each in changes]


def field_of(tag: str) -> str:
    """Our field for a tag with its attributes, as "#geo+lat"; empty for one that has none."""
    name, *attributes = (part.strip().casefold() for part in tag.replace(" ", "").split("+"))
    found = set(attributes)
    return next((field for wanted, needed, field in FIELDS if wanted == name and needed <= found), "")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _position(properties: dict[str, object], changes: list[Remark]) -> list[float] | None:
    lat, lon = (str(properties.pop(name, "")) for name in ("lat", "lon"))
    if not (lat or lon) and "coord" in properties:
        lat, _, lon = str(properties.pop("coord")).partition(",")  # #geo+coord is "lat,lon" (HXL dictionary)
    if not (lat or lon):
        return None
    try:
        return list(check_lon_lat(float(lon), float(lat)))
    except ValueError:  # check_lon_lat's UsageError is one
        said = f"latitude {shown(lat)}, longitude {shown(lon)} are no position; kept without a place"
        changes.append(Remark("#geo", said))
        properties.update(latitude_as_given=lat, longitude_as_given=lon)
        return None


class HxlRecords:
    """The records below the row of tags, of a table or of a receipt of one."""

    questions: Sequence[Question] = ()
    sheet = ""

    def __init__(self, path: Path, name: str) -> None:
        self._inner = TextRecords(path, name)
        self._from = len(RECEIPT_COLUMNS) if is_receipt(self._inner.header) else 0
        self.meter, self.notes = self._inner.meter, self._inner.notes
        self._above, self.header = self._tagged(name)

    def _tagged(self, name: str) -> tuple[int, Sequence[str]]:
        """How many records end with the tags, and the columns by header and tag."""
        header = self._inner.header
        if any(_split(column)[1] for column in header[self._from :]):
            return 0, header  # tags alone, or a receipt's columns
        for count, (_, cells) in enumerate(islice(self._inner, TAG_ROWS), 1):
            if is_tags(cells):
                names = header if len(header) == len(cells) else [""] * len(cells)
                return count, [f"{own} {tag}".strip() for own, tag in zip(names, cells, strict=True)]
            header = cells
        raise UsageError(f"{name} has no row of HXL tags (#date, #geo+lat ...) among its first {TAG_ROWS}")

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return islice(self._inner, self._above, None)


def _split(column: str) -> tuple[str, str]:
    """("Killed", "#affected+killed") of a column called by both; the tag is empty where it has none."""
    name, mark, tag = column.rpartition("#")
    return (name.strip(), f"#{tag}".strip()) if mark and _TAG.fullmatch(f"#{tag}".strip()) else (column, "")


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a table with a row of HXL tags."""
    found = HxlRecords(path, name)
    days = [column for column in found.header if field_of(_split(column)[1]) in ("start", "end")]
    return TableRows(found, name, TableKind(HxlRows, Credit(), dates=days, fixed=False), mapping)


def looks_like(head: str) -> bool:
    """Whether one of the first lines of a text is a row of HXL tags, two at least that say what, when or where."""
    if RECEIPT_COLUMNS[0] in head and _tells(tag for _, tag in map(_split, _cells(header_line(head))) if tag):
        return True
    for line in head.split("\n")[:TAG_ROWS]:
        held = [cell for cell in _cells(line) if cell]
        if held and all(map(_TAG.fullmatch, held)) and _tells(held):
            return True
    return False


def _cells(line: str) -> list[str]:
    return [part.strip(' "\r') for part in _MARKS.split(line)]


def _tells(tags: Iterable[str]) -> bool:
    return sum(bool(field_of(tag)) for tag in tags) > 1
