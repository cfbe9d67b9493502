"""A feature as an event, and as the cells that a receipt writes of it.

Properties are known by name as a table's columns are (geodata/sources/columns.py), or by the mapping; all others are
kept. `when` is that of Linked Places.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from geodata.contracts.tables import ColumnMapping, Credit, Question, Remark, Row
from geodata.errors import UsageError, shown
from geodata.features import ALWAYS, SOMETIMES, dumps, properties
from geodata.model import Event, Fatalities, Status, stable_id
from geodata.sources.columns import assign
from geodata.sources.encoding import clean
from geodata.sources.features import event_from, misfits, with_place_words
from geodata.sources.figures import DEATHS, read_deaths
from geodata.sources.formats.columnar import remembered, type_said
from geodata.sources.formats.countries import iso2
from geodata.sources.formats.positions import Reproject, position_of
from geodata.sources.formats.whens import span_of

COLUMNS = ("id", "lon", "lat", *ALWAYS, *SOMETIMES, "properties")
"""What a receipt writes of a feature: the columns of our own tables, so that it can be mended and sent again as one."""
OWN = frozenset({"event_type", "status", "confidence"})
"""What every feature of our own exports has, whatever the format."""
NO_NUMBERS = frozenset({"nan", "inf", "-inf"})
"""What JSON may not hold as a number: it is told, and not passed over as an empty cell."""
OWN_ID_CHARS = 16  # of `stable_id`, which could be all digits
_TIME = re.compile(r"\dT\d")
_PARTS = ("T", "t", " ")  # between a day and an hour in ISO 8601 and RFC 3339


@dataclass(frozen=True, slots=True)
class Item:
    """One feature of a file; `problem` says why it is none. `changes` are what reading it decided."""

    number: int
    feature: object = None
    problem: str = ""
    changes: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Plan:
    """How the features of a file are read; `notes` may grow while they are."""

    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    credit: Credit = field(default_factory=Credit)
    reproject: Reproject | None = None
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    status: Status = Status.REVIEWED  # a coder's feature is no machine's draft
    prefix: str = ""
    """Set before ids that are but numbers: those are unique in one file only, and would meet another's."""


class EventMaker:
    """Makes rows of items, and events of features."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._mapping = plan, plan.mapping
        self.renames = remembered(self._renames)
        credit = plan.credit
        self._said = {
            name: text for name, text in (("licence", credit.licence), ("attribution", credit.attribution)) if text
        }

    def row(self, item: Item, whole: bool = True) -> Row:
        """The row of an item; one that was taken as it stands has cells only where the row is wanted whole."""
        changes = list(item.changes)
        try:
            if item.problem:
                raise UsageError(item.problem)
            event = self.event(item.feature, changes)
        except UsageError as error:
            return Row(item.number, None, self._refused(item.feature), problems=(Remark("", str(error)),))
        told = cells_of(event) if changes or whole else ()
        return Row(item.number, event, told, changes=tuple(changes))

    def _refused(self, feature: object) -> tuple[str, ...]:
        """What could not be taken, in COLUMNS, as far as it can be told apart."""
        item: Mapping[str, object] = (
            feature if isinstance(feature, dict) else {"properties": {"properties": str(feature)}}
        )
        given = item.get("properties")
        props = dict(self._renamed(given)) if isinstance(given, dict) else {}
        lon, lat = _lon_lat(item.get("geometry"))
        said = {"lon": lon, "lat": lat, **props, "id": item.get("id", props.get("id"))}
        if rest := {name: value for name, value in props.items() if name not in COLUMNS and value not in (None, "")}:
            said["properties"] = dumps(rest)
        return tuple(_cell(said.get(name)) for name in COLUMNS)

    def event(self, feature: object, changes: list[Remark]) -> Event:
        """The event of a feature; `changes` gets what was decided."""
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise UsageError("is not a Feature")
        given = feature.get("properties") or {}
        if not isinstance(given, dict):
            raise UsageError("its properties are not an object")
        own = dict(self._renamed(given))
        theirs = _deaths(own, changes) if not own.keys().isdisjoint(DEATHS) else {}
        theirs |= misfits(own)
        theirs |= self._dated(own, feature.get("when"), changes)
        position = position_of(feature.get("geometry"), self._plan.reproject)
        if position:
            theirs |= _country(own)
        if position and position.remark:
            changes.append(Remark("geometry", position.remark))
            own.setdefault("precision", position.precision.value)
            own.setdefault("radius_m", position.radius_m)
        theirs |= self._typed(own)
        own.setdefault("status", self._plan.status.value)
        for name, text in {**self._mapping.defaults, **self._said}.items():
            own.setdefault(name, text)
        event_id = self._id(feature, own)
        event = event_from(event_id, own, (position.lon, position.lat) if position else None)
        more = {**theirs, **(position.extra if position and position.extra else {})}
        packed = event.properties.get("properties", "")
        if more or packed:
            event = replace(event, properties={**_unpacked(event.properties, packed), **more})
        if not self._plan.credit.reexport and "restricted" not in event.tags:
            event = replace(event, tags=(*event.tags, "restricted"))
        return event if event.place else with_place_words(event, own)

    def _renamed(self, given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
        names = self.renames(tuple(given))
        for name, value in given.items():
            if isinstance(value, str):
                value = value if value.isprintable() else clean(value)[0]
            elif isinstance(value, float) and not math.isfinite(value):
                value = str(value)
            elif isinstance(value, list | dict):
                value = _strict(value)
            yield names.get(name, name), value

    def _renames(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """Their name -> ours. Our own export has our names already; a name that is no text is cleaned."""
        if "event_type" in names and "source_url" in names:
            return {}
        columns = {column: ours for ours, column in assign(names).items()}
        said = {column: ours for ours, theirs in self._mapping.columns.items() for column in theirs}
        taken = set(said.values())
        kept = {column: ours for column, ours in columns.items() if ours not in taken}
        return {**{name: clean(name)[0] for name in names if not name.isprintable()}, **kept, **said}

    def _dated(self, own: dict[str, object], when: object, changes: list[Remark]) -> dict[str, str]:
        """Sets start, end and date_precision; what could not be read is told and given back as properties."""
        given = {name: own.pop(name, None) for name in ("start", "end", "date_precision")}
        try:
            span = span_of(given, when, self._mapping.date_order)
        except UsageError as error:
            changes.append(Remark("when" if isinstance(when, dict) else "start", f"{error}; kept without a date"))
            kept = {f"{name}_as_given": str(value) for name, value in given.items() if value not in (None, "")}
            return {**kept, **({"when": dumps(_strict(when))} if isinstance(when, dict) else {})}
        if span is None:
            return {}
        own.update(start=str(span.start), end=str(span.end), date_precision=span.precision.value)
        times = {
            f"{name}_time": text for name, text in given.items() if isinstance(text, str) and text[10:11] in _PARTS
        }
        return {**times, **({"when": dumps(_strict(when))} if _says_more(when) else {})}

    def _typed(self, own: dict[str, object]) -> dict[str, str]:
        theirs = str(own.get("event_type") or "")
        said = self._mapping.type_names.get(theirs)
        if not said:
            return {}
        own["event_type"], own["sub_event_type"] = type_said(said)
        return {"type_as_given": theirs}

    def _id(self, feature: Mapping[str, object], own: dict[str, object]) -> str:
        given = own.pop("id", None)
        event_id = feature.get("id", given)
        if event_id is None or event_id == "":
            return stable_id(dumps(_strict({k: v for k, v in feature.items() if k != "geometry"})), _where(feature))
        if isinstance(event_id, bool) or not isinstance(event_id, str | int | float):
            raise UsageError(f"its id {shown(str(event_id))} is not a string or a number")
        text = clean(str(event_id))[0]
        properties = feature.get("properties")
        if not text.isdigit() or len(text) >= OWN_ID_CHARS:
            return text
        ours = isinstance(properties, dict) and properties.keys() >= OWN  # our own export's ids stay
        return text if ours else f"{self._plan.prefix}{text}"


def _unpacked(properties: Mapping[str, str], packed: str) -> dict[str, str]:
    """What a row had, where our own export put it into one column as a JSON object; other text stays as it is."""
    try:
        found = json.loads(packed) if packed.startswith("{") else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return dict(properties)
    own = {name: value if isinstance(value, str) else dumps(_strict(value)) for name, value in found.items()}
    return {**{name: text for name, text in properties.items() if name != "properties"}, **own}


def _says_more(when: object) -> bool:
    """Whether a `when` holds more than one span of days: hours, several spans, a label."""
    if not isinstance(when, dict):
        return False
    spans = when.get("timespans")
    several = isinstance(spans, list) and len(spans) > 1
    return several or bool(set(when) - {"timespans"}) or _TIME.search(dumps(_strict(when))) is not None


def _deaths(own: dict[str, object], changes: list[Remark]) -> dict[str, str]:
    """Sets deaths that are said in words, or as text; what is no number is told and given back as properties."""
    given = [own.get(name) for name in DEATHS]
    if all(each is None or (type(each) is int and each >= 0) for each in given):
        return {}
    low, best, high = ("" if each is None else str(each) for each in given)
    found = read_deaths(low, best, high, NO_NUMBERS)
    changes += [Remark(name, said) for name, said in found.remarks]
    own.update(zip(DEATHS, astuple(found.deaths or Fatalities()), strict=True))
    return found.kept


def _country(own: dict[str, object]) -> dict[str, str]:
    """Sets the ISO code of a placed feature's country; a name that is not known is given back as a property."""
    given = str(own.get("country") or "")
    code = iso2(given)
    own["country"] = code
    return {"country": given} if given and not code else {}


def cells_of(event: Event) -> tuple[str, ...]:
    """The event in COLUMNS: sent again, it is the same event."""
    place = event.place
    said = {**properties(event), "id": event.event_id, "properties": dict(event.properties) or None}
    if place:
        said |= {"lon": place.lon, "lat": place.lat}
    return tuple(_cell(said.get(name)) for name in COLUMNS)


def _cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else dumps(value)


def _lon_lat(geometry: object) -> tuple[str, str]:
    pair = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    return (str(pair[0]), str(pair[1])) if isinstance(pair, list) and len(pair) > 1 else ("", "")


def _where(feature: Mapping[str, object]) -> str:
    geometry = feature.get("geometry")
    return geometry.wkt if hasattr(geometry, "wkt") else dumps(_strict(geometry))


def _strict(value: Any) -> Any:
    """The value as JSON can hold it: numbers that are none as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _strict(each) for name, each in value.items()}
    return [_strict(each) for each in value] if isinstance(value, list | tuple) else value
