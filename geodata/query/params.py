"""The URL parameters of an `EventQuery`, both ways. Each that cannot be read is a UsageError that says what can."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from geodata.errors import UsageError, shown
from geodata.geometry import BBox
from geodata.model import Precision, Status
from geodata.query.cql2 import TEXT, Filter
from geodata.shapes import Circle, Polygon
from geodata.timespan import Interval

if TYPE_CHECKING:
    from geodata.query.event_query import EventQuery

PARAMETERS = (
    "bbox", "datetime", "type", "sub_type", "q", "precision", "status", "undated", "unplaced",
    "near", "polygon", "country", "admin1", "source", "actor", "fatalities", "dates",
)  # fmt: skip
FILTERS = ("filter", "filter-lang", "filter-crs")
"""The parameters of a filter in CQL2: for programs, so that links to the map page do not have them."""
LISTED = frozenset({"type", "sub_type", "status", "country", "source"})
"""Those that may be given several times."""
MOST_VALUES = 300
"""Of a list: more than there are countries, few enough for any database."""
MAX_TEXT_CHARS = 200
MOST_FATALITIES = 10_000_000
_SHARES = ("include", "exclude", "only")
_DATES = ("possibly", "surely")
_CODE = re.compile(r"[A-Za-z]{2}")
T = TypeVar("T", Precision, Status)


def fields_of(params: Mapping[str, Sequence[str]], known_types: Sequence[str] = ()) -> dict[str, Any]:
    """The fields of the query that these parameters ask."""

    def last(name: str) -> str:
        values = params.get(name) or ("",)
        return values[-1].strip()

    def read(name: str, parse: Callable[[str], Any], empty: Any = None) -> Any:
        return parse(last(name)) if last(name) else empty

    def listed(name: str) -> tuple[str, ...]:
        parts = (part.strip() for value in params.get(name, ()) for part in value.split(","))
        return _bounded(name, tuple(dict.fromkeys(filter(None, parts))))

    countries = tuple(dict.fromkeys(map(_country, listed("country"))))
    if last("admin1") and not countries:
        raise UsageError(f"admin1 {shown(last('admin1'))} is given without its country; accepted: both, as country=UA")
    return {
        "bbox": read("bbox", BBox.from_param),
        "datetime": read("datetime", Interval.from_param, Interval()),
        "types": tuple(_known(name, known_types) for name in listed("type")),
        "sub_types": listed("sub_type"),
        "text": _text("q", last("q")),
        "precision": read("precision", lambda value: _one_of(Precision, "precision", value)),
        "statuses": tuple(_one_of(Status, "status", value) for value in listed("status")),
        "undated": _choice("undated", last("undated"), _SHARES),
        "unplaced": _choice("unplaced", last("unplaced"), _SHARES),
        "near": read("near", Circle.from_param),
        "polygon": read("polygon", Polygon.from_param),
        "country": countries,
        "admin1": _text("admin1", last("admin1")),
        "source": _bounded("source", tuple(dict.fromkeys(filter(None, map(str.strip, params.get("source", ())))))),
        "actor": _text("actor", last("actor")),
        "fatalities": read("fatalities", _fatalities),
        "dates": _choice("dates", last("dates"), _DATES),
        "filter": _filter(*map(last, FILTERS)),
    }


def params_of(query: "EventQuery") -> dict[str, list[str]]:
    """The parameters that `fields_of` reads this very query from; what does not narrow is left out."""
    texts = {
        "bbox": str(query.bbox or ""),
        "datetime": str(query.datetime) if query.datetime != Interval() else "",
        "type": query.types,
        "sub_type": query.sub_types,
        "q": query.text,
        "precision": str(query.precision or ""),
        "status": tuple(map(str, query.statuses)),
        "undated": query.undated if query.undated != _SHARES[0] else "",
        "unplaced": query.unplaced if query.unplaced != _SHARES[0] else "",
        "near": str(query.near or ""),
        "polygon": str(query.polygon or ""),
        "country": query.country,
        "admin1": query.admin1,
        "source": query.source,
        "actor": query.actor,
        "fatalities": "" if query.fatalities is None else str(query.fatalities),
        "dates": query.dates if query.dates != _DATES[0] else "",
        "filter": query.filter.text if query.filter else "",
        "filter-lang": query.filter.language if query.filter and query.filter.language != TEXT else "",
    }
    return {name: [value] if isinstance(value, str) else list(value) for name, value in texts.items() if value}


def _filter(text: str, language: str, crs: str) -> Filter | None:
    if not text and (language or crs):
        raise UsageError("filter-lang and filter-crs are given without a filter; accepted: filter=event_type='Battles'")
    return Filter.from_params(text, language, crs) if text else None


def _bounded(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > MOST_VALUES:
        raise UsageError(f"{name} has {len(values):,} values; accepted: at most {MOST_VALUES}")
    return tuple(_text(name, value) for value in values)


def _known(name: str, known_types: Sequence[str]) -> str:
    if known_types and name not in known_types:
        raise UsageError(f"type {shown(name)} is unknown; accepted: {', '.join(known_types)}")
    return name


def _country(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise UsageError(f"country {shown(code)} is no code; accepted: two letters of ISO 3166-1, as UA")
    return code.upper()


def _text(name: str, value: str) -> str:
    if len(value) > MAX_TEXT_CHARS:
        raise UsageError(f"{name} has {len(value)} characters; accepted: at most {MAX_TEXT_CHARS}")
    return value


def _fatalities(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= MOST_FATALITIES):
        raise UsageError(
            f"fatalities {shown(value)} is not accepted; accepted: a whole number from 0 to {MOST_FATALITIES}"
        )
    return int(value)


def _one_of(kind: type[T], name: str, value: str) -> T:
    try:
        return kind(value)
    except ValueError as error:
        raise UsageError(f"{name} {shown(value)} is unknown; accepted: {', '.join(kind)}") from error


def _choice(name: str, value: str, accepted: Sequence[str]) -> str:
    """One of the words accepted; the first where nothing is given."""
    if value and value not in accepted:
        raise UsageError(f"{name} {shown(value)} is unknown; accepted: {', '.join(accepted)}")
    return value or accepted[0]
