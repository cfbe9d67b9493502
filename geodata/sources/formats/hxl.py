"""Tables with HXL hashtags (hxlstandard.org 1.1): a row of tags says what each column is, whatever its header says.

The row of tags is one of the first 25. Columns whose tags are no field of ours stay in `properties`, by their header.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError, shown
from geodata.geometry import check_lon_lat
from geodata.sources.formats.columnar import Cells, Header
from geodata.sources.formats.delimited import Dialect, Meter, dialect_of, head_of, records
from geodata.sources.formats.featured import EventMaker, Plan
from geodata.sources.formats.rows import Made, TableRows, dated, is_tags

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
    """Makes an event of a record's cells by their tags."""

    def __init__(self, header: Header, mapping: ColumnMapping, tags: Sequence[str]) -> None:
        said = {column: ours for ours, columns in mapping.columns.items() for column in columns}
        self._header = header
        self._fields = [
            said.get(name) or field_of(tag) for name, tag in zip(header.names, tags, strict=True)
        ]  # fmt: skip
        self._maker = EventMaker(Plan(mapping))

    def __call__(self, line: int, cells: Cells) -> Made:
        properties: dict[str, object] = {}
        for name, field, cell in zip(self._header.names, self._fields, cells, strict=False):
            if not cell:
                continue
            if field in MANY:
                properties[field] = [*_list(properties.get(field)), cell]
            else:
                properties[name if not field or field in properties else field] = cell
        changes: list[Remark] = []
        position = _position(properties, changes)
        geometry = {"type": "Point", "coordinates": position} if position else None
        feature = {"type": "Feature", "geometry": geometry, "properties": properties}
        return self._maker.event(feature, {}, changes), changes


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


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a table with a row of HXL tags."""
    how = dialect_of(head_of(path), name)
    header, tags, line = _tags(path, name, how)
    days = [tag for tag in tags if field_of(tag) in ("start", "end")]
    plan, questions = dated(path, name, days, mapping or ColumnMapping(), line)
    return TableRows(
        path, name, lambda found, given: HxlRows(found, given, tags), plan, credit=Credit(), how=how, header=header,
        after_line=line, questions=questions,
    )  # fmt: skip


def _tags(path: Path, name: str, how: Dialect) -> tuple[list[str], list[str], int]:
    """The header (the tags themselves where there is none above), the tags, and their line."""
    header: list[str] = []
    for count, (line, cells) in enumerate(records(path, name, how, Meter())):
        if is_tags(cells):
            names = header if len(header) == len(cells) else cells
            return (
                [name or tag or f"column {n}" for n, (name, tag) in enumerate(zip(names, cells, strict=True), 1)],
                cells,
                line,
            )
        header = cells
        if count == TAG_ROWS:
            break
    raise UsageError(f"{name} has no row of HXL tags (#date, #geo+lat ...) among its first {TAG_ROWS}")


def looks_like(head: str) -> bool:
    """Whether one of the first lines of a text is a row of HXL tags, two at least that say what, when or where."""
    for line in head.split("\n")[:TAG_ROWS]:
        held = [cell for cell in (part.strip(' "\r') for part in _MARKS.split(line)) if cell]
        if held and all(map(_TAG.fullmatch, held)) and sum(bool(field_of(cell)) for cell in held) > 1:
            return True
    return False
