"""VIINA 2.0: news reports of the war in Ukraine, labelled and placed by machines, so its events are drafts.

Read are event_1pd, event_info joined with event_labels, and event_info alone. A label is a column `t_...` of 0 or 1
(`t_..._b`), or of probabilities (`t_..._pred`), which count from 0.5. The first label of typenames.VIINA_LABELS that a
report has gives its type; all of them become tags.
"""

from collections.abc import Mapping
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError, shown
from geodata.model import Event, Place, Precision, Source, Status, stable_id
from geodata.sources.formats.columnar import Cells, Header, day_of, kind_of, place_at, remembered, unplaced
from geodata.sources.formats.records import TextRecords, header_line
from geodata.sources.formats.rows import Made, TableKind, TableRows
from geodata.sources.formats.typenames import VIINA_LABELS, Kind
from geodata.timespan import TimeSpan

FROM_PROBABILITY = 0.5
GEO_PRECISION: Mapping[str, Precision] = {
    "STREET": Precision.EXACT,
    "ADM4": Precision.EXACT,
    "PPL": Precision.EXACT,
    "ADM3": Precision.NEAR,  # a hromada: a town with the villages around it
    "ADM2": Precision.ADMIN2,
    "ADM1": Precision.ADMIN1,
    "ADM0": Precision.COUNTRY,
}
ACTORS: Mapping[str, str] = {"rus": "Russian forces", "ukr": "Ukrainian forces", "civ": "Civilians"}
"""`a_...` columns: who the labels say began it."""
NOTES = (
    "VIINA is labelled and placed by machines: its events were taken as drafts; a probability counts as a label from "
    f"{FROM_PROBABILITY:g}",
    "VIINA says when a report was published, not when its event was: that day was taken as the event's",
)
CREDIT = Credit(attribution="VIINA (Zhukov and Ayers), github.com/zhukovyuri/VIINA", licence="ODbL 1.0")
_ID = ("event_id_1pd", "event_id", "id", "report_id")
_PLACE = (("asciiname", "place_text", "address", "location"), ("longitude", "lon"), ("latitude", "lat"),
          ("GEO_PRECISION", "geo_precision"), ("ADM1_NAME", "admin1"), ("ADM2_NAME", "admin2"))  # fmt: skip
_REPORT = ("text", ("url", "source_urls"), ("source", "sources_matching"), "time")
_USED = (
    "date", "text", "url", "source_urls", "source", "sources_matching", "longitude", "lon", "latitude", "lat",
    "asciiname", "place_text", "ADM1_NAME", "admin1", "ADM2_NAME", "admin2",
)  # fmt: skip


class ViinaRows:
    """Makes an event of a record's cells."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        self._id, self._day = header.pick(_ID, "date"), remembered(_span)
        self._place_cells, self._report = header.pick(*_PLACE), header.pick(*_REPORT)
        self._labels = _label_columns(header, "t_", VIINA_LABELS)
        self._who = _label_columns(header, "a_", ACTORS)
        self._rest, self._mapping = header.rest((*_USED, _id_column(header)), CREDIT), mapping
        self._place, self._name = remembered(_place), _PLACE[0]

    def __call__(self, line: int, cells: Cells) -> Made:
        key, day = self._id(cells)
        text, urls, publishers, _ = self._report(cells)
        changes: list[Remark] = []
        properties = self._rest(cells)
        where = self._place_cells(cells)
        labels = tuple(label for label, index in self._labels if _is_set(cells[index]))
        event = Event(
            f"viina-{key}" if key else stable_id("viina", *cells),
            *self._kind(labels),
            title=text if len(text) <= 120 else f"{text[:117].rstrip()}…",
            when=self._dated(day, properties, changes),
            place=self._placed(where, properties, changes),
            quote=text,
            sources=_sources(urls, publishers, day),
            actors=tuple(ACTORS[who] for who, index in self._who if _is_set(cells[index])),
            status=Status.DRAFT,
            tags=labels,
            properties=properties,
        )
        return event, changes

    def _kind(self, labels: tuple[str, ...]) -> Kind:
        first = next(iter(labels), "")
        return kind_of(self._mapping, first, VIINA_LABELS.get(first, ("", "")))

    def _placed(self, where: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> Place | None:
        try:
            place = self._place(*where)
        except UsageError as error:
            unplaced(error, where[0], where[1:3], ("UA", *where[4:]), properties, changes)
            return None
        if where[3] and where[3].upper() not in GEO_PRECISION:
            changes.append(Remark("GEO_PRECISION", f"{shown(where[3])} is not known; the place was taken as an area"))
        return place

    def _dated(self, day: str, properties: dict[str, str], changes: list[Remark]) -> TimeSpan | None:
        try:
            return self._day(day)
        except UsageError as error:
            changes.append(Remark("date", f"{error}; kept without a date"))
            properties["date"] = day
            return None


def _label_columns(header: Header, prefix: str, known: Mapping[str, object]) -> list[tuple[str, int]]:
    """(label, column) in the order of `known`; where a table has 0/1 and probabilities, 0/1 are read."""
    found = []
    for label in known:
        column = header.index(f"{prefix}{label}_b", f"{prefix}{label}", f"{prefix}{label}_pred")
        if column < header.width:
            found.append((label, column))
    return found


def _is_set(cell: str) -> bool:
    try:
        return float(cell) >= FROM_PROBABILITY
    except ValueError:
        return False


def _id_column(header: Header) -> str:
    return next((name for name in _ID if name in header), "")


def _sources(urls: str, publishers: str, day: str) -> tuple[Source, ...]:
    """A source for each address; names of publishers go with them in order, where there are as many."""
    addresses = [url.strip() for url in urls.split(";" if ";" in urls else "|") if url.strip()]
    names = [name.strip() for name in publishers.split(";" if ";" in publishers else ",") if name.strip()]
    try:
        published = day_of(day)
    except UsageError:
        published = None
    if len(names) != len(addresses):
        names = [publishers] * max(len(addresses), bool(publishers))
    addresses += [""] * (len(names) - len(addresses))
    return tuple(Source(url=url, publisher=who, published=published) for url, who in zip(addresses, names, strict=True))


def _place(name: str, lon: str, lat: str, exactness: str, admin1: str, admin2: str) -> Place:
    precision = GEO_PRECISION.get(exactness.upper(), Precision.REGION) if exactness else Precision.EXACT
    return place_at(name, lon, lat, precision, "UA", admin1, admin2)


def _span(day: str) -> TimeSpan:
    return TimeSpan.day(day_of(day))


KIND = TableKind(ViinaRows, CREDIT, NOTES)


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a VIINA table."""
    return TableRows(TextRecords(path, name), name, KIND, mapping)


def looks_like(head: str) -> bool:
    """Whether a text begins with a header of VIINA: its labels, its geocoder's columns, or its lists of sources."""
    names = {cell.strip(' "\r').casefold() for cell in header_line(head).split(",")}
    labelled = {"t_mil", "t_mil_b", "t_mil_pred"} & names
    placed = {"geonameid", "geo_precision"} & names
    reports = {"report_id", "event_id_1pd", "viina_version"} & names
    return bool(
        (labelled and placed) or (placed and reports) or {"geonameid", "sources_matching", "source_urls"} <= names
    )
