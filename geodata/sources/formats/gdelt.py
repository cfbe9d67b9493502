"""GDELT 2.0 events (.export.CSV): 61 tab-separated columns without a header; GDELT 1.0's 57 or 58, BigQuery's header.

What GDELT holds was read and placed by machines: its events are drafts. The place is that of the action; actors'
places stay in `properties`. CAMEO codes become our types by the tables of `typenames`.
"""

from collections.abc import Mapping
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError
from geodata.model import Event, Place, Precision, Source, Status
from geodata.sources.formats.columnar import BadCell, Cells, Header, actors_of, day_of, kind_of, place_at, remembered
from geodata.sources.formats.countries import iso2_of_fips
from geodata.sources.formats.delimited import Dialect, dialect_of, head_of, text_head
from geodata.sources.formats.records import TextRecords, header_line
from geodata.sources.formats.rows import Made, TableKind, TableRows
from geodata.sources.formats.typenames import CAMEO_CODES, CAMEO_ROOTS, Kind
from geodata.timespan import TimeSpan

_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
          "Type2Code", "Type3Code")  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{n}{part}" for n in (1, 2) for part in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{part}" for who in ("Actor1", "Actor2", "Action") for part in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
"""The 61 columns of GDELT-Event_Codebook-V2.0."""
BEFORE_2 = tuple(name for name in COLUMNS if not name.endswith("ADM2Code"))
"""GDELT 1.0's daily files have no second level areas; those of before April 2013 no SOURCEURL either."""
LAYOUTS: Mapping[int, tuple[str, ...]] = {61: COLUMNS, 58: BEFORE_2, 57: BEFORE_2[:-1]}
GEO_TYPE: Mapping[str, Precision] = {
    "1": Precision.COUNTRY,
    "2": Precision.ADMIN1,  # a state of the USA
    "3": Precision.EXACT,  # a town of the USA
    "4": Precision.EXACT,  # a town elsewhere
    "5": Precision.ADMIN1,
}
NOTES = (
    "GDELT is made by machines from news: its events were taken as drafts; one report can be several rows",
    "CAMEO codes were taken as the nearest type of ours; the codes themselves stay with each event",
)
CREDIT = Credit(attribution="The GDELT Project (gdeltproject.org)", licence="Unlimited use with citation and a link")
_WHERE = ("ActionGeo_FullName", "ActionGeo_Long", "ActionGeo_Lat", "ActionGeo_Type", "ActionGeo_CountryCode")
_USED = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", "Actor1Name", "Actor2Name", *_WHERE, "SOURCEURL",
)  # fmt: skip


class GdeltRows:
    """Makes an event of a record's cells."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        self._ids = header.pick("GLOBALEVENTID", "EventCode", "EventRootCode", ("SQLDATE", "Day"), "SOURCEURL")
        self._names, self._where = header.pick("Actor1Name", "Actor2Name"), header.pick(*_WHERE)
        self._rest, self._mapping = header.rest((*_USED, "Day"), CREDIT), mapping
        self._place, self._span = remembered(_place), remembered(_span)
        self._kind, self._actors = remembered(self._kind_of), remembered(actors_of)

    def __call__(self, line: int, cells: Cells) -> Made:
        key, code, root, day, url = self._ids(cells)
        if not key.isdigit():
            raise BadCell("GLOBALEVENTID", "is not a number: is this a GDELT event table?")
        changes: list[Remark] = []
        properties = self._rest(cells)
        where = self._where(cells)
        words, kind = self._kind(code, root)
        first, second = self._names(cells)
        what = " – ".join(name.title() for name in (first, second) if name)
        event = Event(
            f"gdelt-{key}",
            *kind,
            title=": ".join(part for part in (words.capitalize() or f"CAMEO {code}", what) if part),
            when=self._dated(day, properties, changes),
            place=self._placed(where, properties, changes),
            sources=(Source(url=url),) if url.startswith("http") else (Source(title=url),) if url else (),
            actors=self._actors(first, second),
            status=Status.DRAFT,
            properties=properties,
        )
        return event, changes

    def _kind_of(self, code: str, root: str) -> tuple[str, Kind]:
        """CAMEO's words for the root, and our type: that of the longest code that is in the table."""
        words, kind = CAMEO_ROOTS.get((root or code[:2]).zfill(2), ("", (f"CAMEO {code}", "")))
        kind = CAMEO_CODES.get(code[:4]) or CAMEO_CODES.get(code[:3]) or kind
        return words, kind_of(self._mapping, code, kind)

    def _placed(self, where: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> Place | None:
        if not where[1] and not where[2]:  # GDELT found no place for the action: nothing to mend
            return None
        try:
            return self._place(where)
        except UsageError as error:
            changes.append(Remark("ActionGeo_Lat", f"{error}; kept without a place"))
            properties.update(zip(("place", "ActionGeo_Long", "ActionGeo_Lat"), where, strict=False))
            return None

    def _dated(self, day: str, properties: dict[str, str], changes: list[Remark]) -> TimeSpan | None:
        try:
            return self._span(day)
        except UsageError as error:
            changes.append(Remark("SQLDATE", f"{error}; kept without a date"))
            properties["SQLDATE"] = day
            return None


def _place(where: tuple[str, ...]) -> Place:
    name, lon, lat, kind, country = where
    parts = [part.strip() for part in name.split(",")]
    precision = GEO_TYPE.get(kind, Precision.REGION)
    admin1 = parts[-2] if len(parts) == 3 and precision is Precision.EXACT else ""
    return place_at(parts[0], lon, lat, precision, iso2_of_fips(country), admin1)


def _span(day: str) -> TimeSpan:
    return TimeSpan.day(day_of(day))


KIND = TableKind(GdeltRows, CREDIT, NOTES)


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a GDELT event table; UsageError where its number of columns is none of GDELT's."""
    how, header = layout_of(head_of(path), name)
    return TableRows(TextRecords(path, name, how, header), name, KIND, mapping)


def layout_of(head: bytes, name: str) -> tuple[Dialect | None, tuple[str, ...]]:
    """How the file is written, and the columns of one without a header; UsageError for any other table."""
    first = header_line(text_head(head, name)[0])
    unquoted = dialect_of(head, name, "\t", quoted=False)
    if "globaleventid" in first.casefold():
        return unquoted if "\t" in first else None, ()
    count = first.count("\t") + 1
    if count not in LAYOUTS:
        raise UsageError(f"{name} has {count} tab-separated columns; accepted: GDELT's 61 (2.0), 58 or 57 (1.0)")
    return unquoted, LAYOUTS[count]


def looks_like(head: str) -> bool:
    """Whether a text begins with a GDELT event: as many columns as GDELT has, a number and a day in front."""
    first = header_line(head)
    cells = first.split("\t")
    if "globaleventid" in first.casefold():
        return "eventrootcode" in first.casefold()
    return len(cells) in LAYOUTS and cells[0].isdigit() and cells[1].isdigit() and len(cells[1]) == 8
