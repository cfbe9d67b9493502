"""A row's cells -> an event. What many rows share (days, places, types, sources) is made once and remembered.

Cells repeat in every table of events, so that most of what is made here is found in a cache; it lives as long as the
maker. What does not fit is told with its column and kept as the row's own property; the row is still taken.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from geodata.contracts.tables import ColumnMapping, Credit, Remark
from geodata.errors import UsageError, shown
from geodata.features import ALWAYS, SOMETIMES, dumps
from geodata.model import Event, Place, Source, Status, stable_id
from geodata.sources.columns import NAMES, SEVERAL
from geodata.sources.coordinates import is_missing
from geodata.sources.dates import day_of, serial_day, span_of
from geodata.sources.features import event_from, misfits
from geodata.sources.figures import DEATHS, read_deaths
from geodata.sources.formats.countries import iso2
from geodata.sources.tables.placing import Positions, country_boxes, in_country
from geodata.sources.tables.totals import is_total
from geodata.timespan import DatePrecision

FIELDS = (*NAMES, *SOMETIMES)
"""What columns can mean: the names of an event's properties."""
TERMS = ("licence", "attribution", "restricted")
"""Defaults that are no field: on what terms all rows of a table are had; `restricted`: they may not be passed on."""
REMEMBERED = 20_000
OWN_ID_CHARS = 16  # of `stable_id`, which could be all digits
_QUOTED = re.compile(r"'+\s*[=+\-@\t\r]")
_ADDRESSES = re.compile(r"[\s,;|]+(?=https?://)")
_WHEN = ("start", "end", "date_precision")
_WHERE = (
    "lon", "lat", "position", "place", "admin1", "admin2", "country", "precision", "radius_m", "place_id",
    "place_feature", "population",
)  # fmt: skip
_WORDS = frozenset({"place", "admin1", "admin2", "country"})
_KIND = ("event_type", "sub_event_type")
_SOURCE = (
    "source_url", "source_title", "source_publisher", "source_published", "source_retrieved", "source_sha256",
    "source_archive_url", "sources",
)  # fmt: skip
_RARE = (
    "status", "confidence", "actors", "notes", "tags", "doc_id", "quote_start", "quote_end", "when_start", "when_end",
    "place_start", "place_end",
)  # fmt: skip
_NOTHING: Mapping[str, str] = {}
_EARTH = (-180.0, -90.0, 180.0, 90.0)
Cells = Sequence[str]


class Part(NamedTuple):
    """One part of an event, what of its cells is kept as properties, and what is to be told of them."""

    value: Any
    kept: Mapping[str, str] = _NOTHING
    remarks: tuple[Remark, ...] = ()


class _About(NamedTuple):
    """What rows say of a place: its name, its fields behind the position, and what is kept as properties."""

    name: str
    rest: tuple[Any, ...]
    kept: Mapping[str, str]
    unplaced: Mapping[str, str]
    box: tuple[float, float, float, float]


class RowMaker:
    """Makes events of the cells of one table. `columns` are its names, each once.

    `prefix` is set before ids that are plain numbers: those count the rows of one table, and another has the same.
    """

    def __init__(self, columns: Sequence[str], mapping: ColumnMapping, prefix: str = "") -> None:
        self._mapping, self._prefix = mapping, prefix
        self._cells = _Layout(columns, mapping)
        self._columns = self._cells.first_columns
        self._is_ours = set(ALWAYS) <= set(columns)  # our own export writes 0, 0 for nothing but that spot
        self._positions = Positions(mapping)
        self._about = lru_cache(REMEMBERED)(self._about_place)
        self._tags = ("restricted",) if mapping.defaults.get("restricted") else ()
        self._terms = {name: mapping.defaults[name] for name in TERMS[:2] if mapping.defaults.get(name)}
        pick, has = self._cells.pick, self._cells.has
        self._texts = pick(("id", "title", "quote"))
        self._parts = [
            (pick(fields), lru_cache(REMEMBERED)(make)) if has(fields) else (None, make)
            for fields, make in (
                (_WHEN, self._when),
                (_WHERE, self._where),
                (_KIND, self._kind),
                (DEATHS, self._deaths),
                (_SOURCE, self._sources),
                (_RARE, self._rare),
            )
        ]
        self._empty = [Part(None), Part(None), Part(("", "")), Part(None), Part(()), Part(self._rare_event({}))]
        self._rest = self._cells.rest

    def __call__(self, cells: list[str], event_id: str = "") -> tuple[Event, tuple[Remark, ...]]:
        """The event of a row's stripped cells, one for each column; UsageError where it is none.

        `event_id` is that of a row that names none, where it is known; else it is made of the cells.
        """
        given = cells
        properties = self._rest(cells)
        cells = self._cells.filled(cells)
        when, where, kind, deaths, sources, rare = (
            make(*pick(cells)) if pick else empty for (pick, make), empty in zip(self._parts, self._empty, strict=True)
        )
        key, title, quote = self._texts(cells)
        if key.isdigit() and len(key) < OWN_ID_CHARS:
            key = self._prefix + key
        if when.value is None and where.value is None and (sums := next(filter(is_total, given), "")):
            raise UsageError(f"looks like a row of sums ({shown(sums)}); an event needs a date or a position")
        if not (title or quote or when.value or where.value or kind.value[0] or where.kept.keys() & _WORDS):
            told = "; ".join(map(str, (*when.remarks, *where.remarks)))
            raise UsageError(f"says neither what, when nor where{f' ({told})' if told else ''}")
        if "properties" in properties and properties["properties"][:1] == "{":
            properties |= unpacked(properties.pop("properties"))
        for part in (when, where, deaths, sources, rare):
            if part.kept:
                properties.update(part.kept)
        if self._terms:
            properties = {**self._terms, **properties}
        base: Event = rare.value
        event = Event(
            key or event_id or stable_id(*given),
            kind.value[0],
            kind.value[1],
            title,
            when.value,
            where.value,
            quote,
            base.quote_span,
            base.when_span,
            base.place_span,
            base.doc_id,
            sources.value,
            base.actors,
            deaths.value,
            base.confidence,
            base.status,
            base.notes,
            base.tags,
            properties,
        )
        return event, (*when.remarks, *where.remarks, *deaths.remarks, *sources.remarks, *rare.remarks)

    def _told(self, field: str, message: str) -> tuple[Remark, ...]:
        return (Remark(self._columns.get(field, ""), message),)

    def _when(self, start: str, end: str, precision: str) -> Part:
        start, end = ("" if is_missing(text) else str(serial_day(text) or text) for text in (start, end))
        kept = {} if precision in (*DatePrecision, "") else {"date_precision": precision}
        try:
            return Part(span_of(start, end, self._mapping.date_order, "" if kept else precision), kept)
        except UsageError as error:
            given = {"start_as_given": start, "end_as_given": end, "date_precision_as_given": precision}
            remarks = self._told("start" if start else "end", f"{error}; kept without a date")
            return Part(None, {name: text for name, text in given.items() if text}, remarks)

    def _where(self, lon: str, lat: str, position: str, *more: str) -> Part:
        about = self._about(*more)
        try:
            lon_lat = self._positions.plain(lon, lat)
            if lon_lat is None:
                pair = self._positions.pair(lon, lat, position)
                if pair is None:
                    return Part(None, about.unplaced)
                lon_lat = self._positions.lon_lat(pair)
        except UsageError as error:
            given = {"lon_as_given": lon, "lat_as_given": lat, "position_as_given": position}
            kept = {name: text for name, text in given.items() if text}
            field = getattr(error, "field", "lon") if "lon" in self._columns else "position"
            return Part(None, {**about.unplaced, **kept}, self._told(field, f"{error}; kept without a place"))
        lon_deg, lat_deg = lon_lat
        if lon_deg == 0 == lat_deg and not self._is_ours:
            field = "lat" if "lat" in self._columns else "position"
            message = "0, 0 lies in the open sea and stands for 'not known' in tables; kept without a position"
            return Part(None, {**about.unplaced, "position_as_given": "0, 0"}, self._told(field, message))
        place = Place(about.name, lon_deg, lat_deg, *about.rest)
        west, south, east, north = about.box
        if west <= lon_deg <= east and south <= lat_deg <= north:
            return Part(place, about.kept)
        return Part(place, about.kept, self._doubt(place.country, lon_deg, lat_deg) if place.country else ())

    def _about_place(self, *cells: str) -> "_About":
        """What a row says of its place beside the position."""
        props: dict[str, object] = {name: text for name, text in zip(_WHERE[3:], cells, strict=True) if text}
        theirs = misfits(props)
        words = {
            name: str(props[name]) for name in sorted(_WORDS) if props.get(name)
        }  # for the geocoder and for a person
        country = words.get("country", "")
        props["country"] = iso2(country) or (country if len(country) == 2 else "")
        kept = theirs if props["country"] or not country else {**theirs, "country": country}
        place = event_from("", props, (0.0, 0.0)).place
        assert place
        rest = (
            place.precision,
            place.country,
            place.admin1,
            place.admin2,
            place.place_id,
            place.radius_m,
            place.feature,
            place.population,
        )
        box = country_boxes().get(place.country)
        sides = (box.west, box.south, box.east, box.north) if box else _EARTH
        return _About(place.name, rest, kept, {**words, **theirs}, sides)

    def _doubt(self, country: str, lon: float, lat: float) -> tuple[Remark, ...]:
        if in_country(country, lon, lat) is not False or not in_country(country, lat, lon):
            return ()
        message = f"lon {lon:g}, lat {lat:g} is outside {country}, and inside if swapped; taken as it stands"
        return self._told("lat" if "lat" in self._columns else "position", message)

    def _kind(self, kind: str, sub: str) -> Part:
        names = self._mapping.type_names
        ours = names.get(sub) or names.get(kind) if names else None
        if ours:
            kind, _, sub = ours.partition("/")
        return Part((kind.strip(), sub.strip()))

    def _deaths(self, *figures: str) -> Part:
        found = read_deaths(*figures)
        remarks = tuple(remark for name, said in found.remarks for remark in self._told(name, said))
        return Part(found.deaths, found.kept, remarks)

    def _sources(self, url: str, title: str, publisher: str, published: str, *more: str) -> Part:
        if not url and is_address(publisher):
            url, publisher = publisher, ""  # a column "source" that holds links
        if len(urls := _ADDRESSES.split(url)) > 1 and not any(more):
            first, *others = (self._sources(each, title, publisher, published, *more) for each in urls)
            return first._replace(value=tuple(dict.fromkeys(sum((part.value for part in others), first.value))))
        if not published and not any(more):
            return Part((Source(url, title, publisher),) if url or title or publisher else ())
        props: dict[str, object] = {
            name: text for name, text in zip(_SOURCE, (url, title, publisher, published, *more), strict=True) if text
        }
        if published:
            with suppress(UsageError):  # misfits takes it out then, to be kept as it stands
                props["source_published"] = day_of(published, self._mapping.date_order).start.isoformat()
        theirs = misfits(props)
        return Part(event_from("", props, None).sources, theirs)

    def _rare(self, *cells: str) -> Part:
        props: dict[str, object] = {name: text for name, text in zip(_RARE, cells, strict=True) if text}
        theirs = misfits(props)
        return Part(self._rare_event(props), theirs)

    def _rare_event(self, props: dict[str, object]) -> Event:
        props.setdefault("status", Status.REVIEWED.value)  # a coder's row is no machine's draft
        event = event_from("", props, None)
        return replace(event, tags=tuple(dict.fromkeys((*event.tags, *self._tags)))) if self._tags else event


class _Layout:
    """Where the cells of each field are. Behind a row's own cells come an empty one, defaults, and joined ones."""

    def __init__(self, columns: Sequence[str], mapping: ColumnMapping) -> None:
        at = {name: index for index, name in enumerate(columns)}
        known = {field: [at[name] for name in names if name in at] for field, names in mapping.columns.items()}
        constants = {name: text for name, text in mapping.defaults.items() if text and name in FIELDS}
        single = {field: found[0] for field, found in known.items() if len(found) == 1}
        several = {field: found for field, found in known.items() if len(found) > 1}
        alone = [field for field in constants if not known.get(field)]
        width = len(columns)
        self.first_columns = {field: columns[found[0]] for field, found in known.items() if found}
        self._fill = [(single[field], text) for field, text in constants.items() if field in single]
        self._behind = ["", *(constants[field] for field in alone)]
        self._joins = [_joiner(field, found, constants.get(field, "")) for field, found in several.items()]
        self._index = single | {field: index for index, field in enumerate((*alone, *several), width + 1)}
        self._empty = width
        used = {index for indices in known.values() for index in indices}
        self._kept = [(name, index) for name, index in at.items() if index not in used]
        self._take = itemgetter(*(index for _, index in self._kept)) if len(self._kept) > 1 else None
        self._names = tuple(name for name, _ in self._kept)

    def has(self, fields: Sequence[str]) -> bool:
        return any(field in self._index for field in fields)

    def pick(self, fields: Sequence[str]) -> Callable[[Cells], tuple[str, ...]]:
        return itemgetter(*(self._index.get(field, self._empty) for field in fields))

    def filled(self, cells: list[str]) -> list[str]:
        """The row with its empty cell, its defaults and what is joined of several columns."""
        row = cells + self._behind
        for index, text in self._fill:
            if not row[index]:
                row[index] = text
        for join in self._joins:
            row.append(join(cells))
        return row

    def rest(self, cells: Cells) -> dict[str, str]:
        """The cells of columns that no field is read from, without empty ones."""
        if self._take is None:
            return {name: cells[index] for name, index in self._kept if cells[index]}
        return {name: cell for name, cell in zip(self._names, self._take(cells), strict=True) if cell}


def _joiner(field: str, indices: Sequence[int], default: str) -> Callable[[Cells], str]:
    """One cell of several: all of them, a date of its year, month and day, or the first that holds something."""
    take = itemgetter(*indices)
    if field in SEVERAL:
        return lambda cells: "; ".join(dict.fromkeys(filter(None, take(cells)))) or default
    if field == "source_url":
        return lambda cells: " ".join(dict.fromkeys(filter(None, take(cells)))) or default
    if field in ("start", "end"):
        return lambda cells: _date_of(take(cells)) or default
    return lambda cells: next(filter(None, take(cells)), default)


@lru_cache(REMEMBERED)
def _date_of(parts: Sequence[str]) -> str:
    """A date of the cells for its year, month and day; the first that holds something where they are no such parts."""
    given = [part for part in parts if part]
    if given and all(part.isdigit() and len(part) <= 4 for part in given) and len(given[0]) == 4:
        return "-".join([given[0], *(part.zfill(2) for part in given[1:] if part.strip("0"))])
    return given[0] if given else ""


def is_address(cell: str) -> bool:
    """Whether a cell holds a web address."""
    return cell.startswith(("http://", "https://"))


def plain(cell: str) -> str:
    """A cell without the apostrophe that our CSV export sets before what a spreadsheet would run."""
    return cell[1:] if _QUOTED.match(cell) else cell


def unpacked(packed: str) -> dict[str, str]:
    """The properties of a JSON object as text; the whole as one property where it is none."""
    try:
        found = json.loads(packed)
    except (ValueError, RecursionError):
        return {"properties": packed}
    if not isinstance(found, dict):
        return {"properties": packed}
    return {name: value if isinstance(value, str) else dumps(value) for name, value in found.items()}


def credit_of(mapping: ColumnMapping) -> Credit:
    """What the mapping's defaults say of the terms of a table."""
    given = mapping.defaults
    return Credit(given.get("attribution", ""), given.get("licence", ""), reexport=not given.get("restricted"))
