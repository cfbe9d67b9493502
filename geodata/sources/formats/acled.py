"""ACLED exports, with the columns of before and after the change of 2023 (and the upper-case ones of before 2018).

`geo_precision` 1, 2, 3 is exact, near, admin1; `time_precision` 1, 2, 3 is a day, the week around the date, its month
(ACLED codebook). ACLED's data may be used but not passed on: its events are marked, and no export holds them unless a
setting allows it.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError, shown
from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.sources.columns import time_span
from geodata.sources.formats.columnar import (
    BadCell,
    Cells,
    Header,
    actors_of,
    country_words,
    kind_of,
    place_at,
    remembered,
    unplaced,
    whole,
)
from geodata.sources.formats.records import TextRecords, header_line
from geodata.sources.formats.rows import Made, TableKind, TableRows, day_order
from geodata.sources.formats.typenames import ACLED_BEFORE_2018
from geodata.timespan import DatePrecision, TimeSpan, month_bounds

NEEDED = ("event_id_cnty", "event_date", "event_type", "actor1", "geo_precision")
GEO_PRECISION: Mapping[str, Precision] = {"1": Precision.EXACT, "2": Precision.NEAR, "3": Precision.ADMIN1}
HALF_WEEK = timedelta(days=3)  # time_precision 2: "the week", of which the date is the middle
NOTES = (
    "geo_precision 1, 2, 3 was taken as exact, near, admin1; time_precision 1, 2, 3 as the day, the week around it, "
    "its month",
    "ACLED's terms do not allow its data to be passed on: these events are shown on the map, and left out of every "
    "export, feed and API answer unless the setting that allows it is on",
)
RESTRICTED = "restricted"
LICENCE = "ACLED terms and conditions; not to be passed on"
CREDIT = Credit(
    attribution="ACLED (Armed Conflict Location & Event Data), acleddata.com", licence=LICENCE, reexport=False
)
_WHERE = ("location", "longitude", "latitude", "geo_precision", "country", "admin1", "admin2")
_ACTORS = ("actor1", ("assoc_actor_1", "ally_actor_1"), "actor2", ("assoc_actor_2", "ally_actor_2"))
_USED = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "assoc_actor_1", "ally_actor_1",
    "assoc_actor_2", "ally_actor_2", "location", "longitude", "latitude", "country", "admin1", "admin2", "source",
    "notes", "fatalities", "tags",
)  # fmt: skip


class AcledRows:
    """Makes an event of a record's cells."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        self._ids = header.pick(("event_id_cnty", "event_id_no_cnty", "data_id"), "event_type", "sub_event_type")
        self._where, self._when = header.pick(*_WHERE), header.pick("event_date", "time_precision")
        self._texts = header.pick("notes", "source", "fatalities", "tags")
        self._actors, self._rest = header.pick(*_ACTORS), header.rest(_USED, CREDIT)
        self._mapping, self._day_first = mapping, day_order(mapping)
        self._place, self._span, self._country = remembered(_place), remembered(_span), remembered(country_words)
        self._people, self._deaths = remembered(_people), remembered(_deaths)

    def __call__(self, line: int, cells: Cells) -> Made:
        key, kind, sub = self._ids(cells)
        if not key:
            raise BadCell("event_id_cnty", "is empty; every ACLED event has one")
        notes, source, deaths, tags = self._texts(cells)
        changes: list[Remark] = []
        properties = self._rest(cells)
        where = self._where(cells)
        ours = (kind, sub) if sub else ACLED_BEFORE_2018.get(kind.casefold(), (kind, ""))
        event = Event(
            f"acled-{key}",
            *kind_of(self._mapping, sub or kind, ours),
            title=f"{sub or kind}: {where[0]}" if where[0] else sub or kind,
            when=self._dated(self._when(cells), properties, changes),
            place=self._placed(where, properties, changes),
            quote=notes,
            sources=tuple(Source(publisher=name.strip()) for name in source.split(";") if name.strip()),
            actors=self._people(*self._actors(cells)),
            fatalities=self._deaths(deaths),
            status=Status.REVIEWED,
            tags=(*(tag.strip() for tag in tags.split(";") if tag.strip()), RESTRICTED),
            properties=properties,
        )
        return event, changes

    def _placed(self, where: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> Place | None:
        code, words = self._country(where[4])
        properties.update(words)
        try:
            place = self._place(where, code)
        except UsageError as error:
            unplaced(error, where[0], where[1:3], where[4:], properties, changes)
            return None
        if where[3] not in GEO_PRECISION:
            changes.append(Remark("geo_precision", f"{shown(where[3])} is none of 1 to 3; taken as an area"))
        return place

    def _dated(self, when: tuple[str, ...], properties: dict[str, str], changes: list[Remark]) -> TimeSpan | None:
        try:
            return self._span(*when, self._day_first)
        except UsageError as error:
            changes.append(Remark("event_date", f"{error}; kept without a date"))
            properties["event_date"] = when[0]
            return None


def _place(where: tuple[str, ...], country: str) -> Place:
    name, lon, lat, exactness, _, admin1, admin2 = where
    return place_at(name, lon, lat, GEO_PRECISION.get(exactness, Precision.REGION), country, admin1, admin2)


def _span(day: str, exactness: str, days_lead: bool | None) -> TimeSpan:
    span = time_span(day, "", days_lead)
    if span is None:
        raise BadCell("event_date", "is empty")
    if exactness == "2":
        return TimeSpan(span.start - HALF_WEEK, span.end + HALF_WEEK, DatePrecision.WEEK)
    if exactness == "3":
        return TimeSpan(*month_bounds(span.start.year, span.start.month), DatePrecision.MONTH)
    return span


def _deaths(text: str) -> Fatalities | None:
    number = whole("fatalities", text)
    return None if number is None else Fatalities(best=number)


def _people(*names: str) -> tuple[str, ...]:
    """Actors and those beside them, whom ACLED parts by semicolons."""
    return actors_of(*(part.strip() for name in names for part in name.split(";")))


KIND = TableKind(AcledRows, CREDIT, NOTES, dates=("event_date",))


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The events of an ACLED export. Old ones date as 02/03/2017: which comes first is asked."""
    return TableRows(TextRecords(path, name), name, KIND, mapping)


def looks_like(head: str) -> bool:
    """Whether a text begins with ACLED's header."""
    first = header_line(head).casefold()
    return all(name in first for name in NEEDED)
