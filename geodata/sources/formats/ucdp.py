"""UCDP GED (Georeferenced Event Dataset): 49 columns, as UCDP publishes it or as HDX does, with a row of #HXL tags.

`where_prec` 1..7 and `date_prec` 1..5 (codebook, sections on precision) become our precisions. Sources come from
`source_article`; where it is written otherwise, all four source columns stay as they are. `geom_wkt` says the point
once more and is passed over where it does; all other columns stay in `properties`.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError, shown
from geodata.model import Event, Place, Precision, Source, Status
from geodata.quick import quick
from geodata.sources.formats.columnar import (
    BadCell,
    Cells,
    Header,
    actors_of,
    country_words,
    day_of,
    deaths_of,
    kind_of,
    place_at,
    remembered,
    unplaced,
)
from geodata.sources.formats.records import TextRecords, header_line
from geodata.sources.formats.rows import Made, TableKind, TableRows
from geodata.sources.formats.typenames import UCDP_VIOLENCE
from geodata.timespan import DatePrecision, TimeSpan

NEEDED = ("type_of_violence", "where_prec", "date_prec", "date_start", "date_end", "side_a", "side_b")
"""Columns by which the format is known; UCDP's own names, unchanged since GED 1.0."""
WHERE_PREC: Mapping[str, Precision] = {
    "1": Precision.EXACT,
    "2": Precision.NEAR,
    "3": Precision.ADMIN2,
    "4": Precision.ADMIN1,
    "5": Precision.REGION,  # a linear feature, or an area without official bounds
    "6": Precision.COUNTRY,
    "7": Precision.REGION,  # international waters or airspace
}
DATE_PREC: Mapping[str, DatePrecision] = {
    "1": DatePrecision.DAY,
    "2": DatePrecision.WEEK,  # 2 to 6 days
    "3": DatePrecision.WEEK,
    "4": DatePrecision.MONTH,  # 8 to 30 days
    "5": DatePrecision.YEAR,  # more than a month, up to a year
}
NOTES = (
    "UCDP says who fought whom, not by which weapon: types of violence 1 and 2 were taken as Battles: Armed clash, "
    "3 as Violence against civilians: Attack",
    "where_prec 1 to 7 was taken as exact, near, admin2, admin1, region, country, region; date_prec 1 to 5 as day, "
    "week, week, month, year, between the first and the last day that the row has",
)
CREDIT = Credit(
    attribution="UCDP Georeferenced Event Dataset, Uppsala Conflict Data Program, Uppsala University",
    licence="CC BY 4.0",
)
_ARTICLE = re.compile(r"(.*?),(\d{4}-\d{2}-\d{2})[^,]*,(.*)", re.DOTALL)
_made_event, _made_source = quick(Event), quick(Source)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_POINT = re.compile(r"POINT ?\((-?[0-9.]+) (-?[0-9.]+)\)")
_WHERE = ("where_coordinates", "longitude", "latitude", "where_prec", "country", "adm_1", "adm_2")
_SOURCES = ("source_article", "source_office", "source_date", "source_headline")
_USED = (
    "id", "side_a", "side_b", "where_coordinates", "adm_1", "adm_2", "country", "latitude", "longitude",
    "date_start", "date_end", "best", "high", "low", *_SOURCES,
)  # fmt: skip


class UcdpRows:
    """Makes an event of a record's cells. What many rows share (days, sides, deaths) is made once."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        self._ids = header.pick("id", "type_of_violence", "dyad_name")
        self._where, self._when = header.pick(*_WHERE), header.pick("date_start", "date_end", "date_prec")
        self._sides, self._deaths = header.pick("side_a", "side_b"), header.pick("low", "best", "high")
        self._articles, self._rest = header.pick(*_SOURCES), header.rest(_USED, CREDIT)
        self._kinds = {code: kind_of(mapping, code, kind) for code, (_, kind) in UCDP_VIOLENCE.items()}
        self._span, self._country = remembered(_span), remembered(country_words)
        self._actors, self._day, self._fatalities = remembered(actors_of), remembered(_day), remembered(deaths_of)

    def __call__(self, line: int, cells: Cells) -> Made:
        key, violence, dyad = self._ids(cells)
        if not key:
            raise BadCell("id", "is empty; every UCDP event has one")
        changes: list[Remark] = []
        properties = self._rest(cells)
        where, articles = self._where(cells), self._articles(cells)
        event = _made_event(
            f"ucdp-{key}",
            *self._kinds.get(violence, (violence, "")),
            title=f"{dyad}: {where[0]}" if dyad and where[0] else dyad or where[0],
            when=self._dated(self._when(cells), properties, changes),
            place=self._placed(where, properties, changes),
            sources=self._sources(articles, properties),
            actors=self._actors(*self._sides(cells)),
            fatalities=self._fatalities(*self._deaths(cells)),
            status=Status.REVIEWED,
            properties=properties,
        )
        return event, changes

    def _placed(self, where: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> Place | None:
        code, words = self._country(where[4])
        if words:
            properties.update(words)
        try:
            place = _place(where, code)
        except UsageError as error:
            unplaced(error, where[0], where[1:3], where[4:], properties, changes)
            return None
        if where[3] not in WHERE_PREC:
            changes.append(Remark("where_prec", f"{shown(where[3])} is none of 1 to 7; the place was taken as an area"))
        wkt = properties.get("geom_wkt", "")
        if wkt and (wkt == f"POINT ({where[1]} {where[2]})" or _said_again(wkt, place)):
            del properties["geom_wkt"]
        return place

    def _dated(self, when: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> TimeSpan | None:
        try:
            return self._span(*when)
        except UsageError as error:
            changes.append(Remark("date_start", f"{error}; kept without a date"))
            properties.update(date_start=when[0], date_end=when[1])
            return None

    def _sources(self, cells: tuple[str, ...], properties: dict[str, str]) -> tuple[Source, ...]:
        """One source an article; where an article is written otherwise, its columns go to the properties."""
        found: list[Source] = []
        parts = cells[0][1:-1].split('";"') if cells[0][:1] == '"' else ()
        for part in parts:
            office, written, headline = _article(part)
            day = self._day(written)
            if day is None:
                found.clear()
                break
            found.append(_made_source("", headline.strip(), office.strip(), day))
        if found:
            return tuple(found)
        properties.update((name, cell) for name, cell in zip(_SOURCES, cells, strict=True) if cell)
        return ()


def _article(text: str) -> tuple[str, str, str]:
    """Office, day and headline of "Agency,2022-11-11,Headline"; no day where it is written otherwise."""
    parts = text.split(",", 2)
    if len(parts) == 3 and _DAY.fullmatch(parts[1]):
        return parts[0], parts[1], parts[2]  # by far the most, in half the time
    match = _ARTICLE.fullmatch(text)
    return (match[1], match[2], match[3]) if match else ("", "", "")


def _place(where: tuple[str, ...], country: str) -> Place:
    name, lon, lat, exactness, _, admin1, admin2 = where
    return place_at(name, lon, lat, WHERE_PREC.get(exactness, Precision.REGION), country, admin1, admin2)


def _span(first: str, last: str, exactness: str) -> TimeSpan:
    start = day_of(first or last)
    return TimeSpan(start, day_of(last) if last else start, DATE_PREC.get(exactness, DatePrecision.YEAR))


def _day(text: str) -> date | None:
    try:
        return day_of(text)
    except UsageError:
        return None


def _said_again(wkt: str, place: Place) -> bool:
    """Whether a WKT point is the position that the place has already, but for its last decimals."""
    match = _POINT.fullmatch(wkt)
    return match is not None and abs(float(match[1]) - place.lon) < 1e-4 and abs(float(match[2]) - place.lat) < 1e-4


KIND = TableKind(UcdpRows, CREDIT, NOTES)


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of a UCDP GED file."""
    return TableRows(TextRecords(path, name), name, KIND, mapping)


def looks_like(head: str) -> bool:
    """Whether a text begins with UCDP GED's header."""
    first = header_line(head).casefold()
    return all(name in first for name in NEEDED)
