"""What a request asks of the map, from its parameters: the filters, and what is of the page alone.

A route is strict: it answers 400 in words. A link that somebody kept is not: what an older or broken one has wrong is
left out, as the page itself does (static/js/state.js).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from geodata.contracts import Workspace
from geodata.errors import UsageError, shown
from geodata.geometry import BBox
from geodata.query import PARAMETERS, EventQuery
from geodata.timespan import Interval

UNITS = ("day", "week", "month", "year")
MOST_ZOOM = 30
LINKED = (
    *(name for name in PARAMETERS if name not in ("undated", "unplaced")),
    "map",
    "unit",
    "axis",
    "heat",
    "charts",
)
"""The parameters of a link to a view, in the order that they are given in."""
NO_TYPE = "none"
"""`type=none` in a link: the legend with every type off, which is no query at all."""
Values = Mapping[str, Sequence[str]]


def query_of(workspace: Workspace) -> EventQuery:
    """The filters of this request; UsageError where one cannot be read."""
    return EventQuery.from_params(request.args.to_dict(flat=False), tuple(workspace.event_types))


def zoom_of(text: str) -> float:
    try:
        zoom = float(text or "2")
    except ValueError:
        zoom = math.nan
    if not 0 <= zoom <= MOST_ZOOM:
        raise UsageError(f"zoom {shown(text)} is not a zoom; accepted: a number from 0 to {MOST_ZOOM}")
    return zoom


def unit_of(text: str) -> str:
    if text and text not in UNITS:
        raise UsageError(f"unit {shown(text)} is unknown; accepted: {', '.join(UNITS)}, or nothing")
    return text


def axis_of(text: str) -> Interval | None:
    """The days that a histogram is asked for; None: as far as the events reach."""
    if not text:
        return None
    try:
        axis = Interval.from_param(text)
    except UsageError as error:
        raise UsageError(f"axis: {error}") from error
    return None if axis == Interval() else axis


def whole_of(name: str, default: int, most: int) -> int:
    text = request.args.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise UsageError(f"{name} {shown(text)} is not accepted; accepted: a whole number from 0 to {most}")
    return int(text)


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link to a view shows: filters (`empty`: no type is on), and its middle and zoom or the box it opens at."""

    query: EventQuery
    empty: bool = False
    view: tuple[float, float, float] | None = None
    """Zoom, lat, lon: in the order of the link, which OpenStreetMap's has too."""
    box: BBox | None = None


def linked_view(workspace: Workspace) -> Linked:
    """The view that this request's link shows; what cannot be read of it is left out."""
    values = request.args.to_dict(flat=False)
    kept = _readable(values, tuple(workspace.event_types))
    query = EventQuery.from_params(kept, tuple(workspace.event_types))
    types = [name for value in values.get("type", ()) for name in value.split(",")]
    return Linked(
        query.without("bbox", "undated", "unplaced"),
        empty=NO_TYPE in types,
        view=_view(request.args.get("map", "")),
        box=query.bbox,
    )


def link_params() -> list[tuple[str, str]]:
    """The parameters of this request that belong to a link to the view, unread.

    A box is where a link without `map` opens; beside `map` it says nothing more.
    """
    has_view = bool(_view(request.args.get("map", "")))
    return [
        (name, value)
        for name in LINKED
        for value in request.args.getlist(name)
        if value.strip() and not (name == "bbox" and has_view)
    ]


def _readable(values: Values, known_types: Sequence[str]) -> Values:
    """The parameters that can be read, each by itself; of a list that holds unknown names, the known ones."""
    kept: dict[str, Sequence[str]] = {}
    for name in PARAMETERS:
        given = values.get(name, ())
        if name == "type":
            given = [one.strip() for value in given for one in value.split(",") if one.strip() in known_types]
        beside = {"country": values.get("country", ())} if name == "admin1" else {}
        try:
            EventQuery.from_params({**beside, name: given}, known_types)
        except UsageError:
            continue
        kept[name] = given
    if "country" not in kept:
        kept.pop("admin1", None)
    return kept


def _view(text: str) -> tuple[float, float, float] | None:
    try:
        zoom, lat, lon = (float(part) for part in text.split("/"))
    except ValueError:
        return None
    inside = 0 <= zoom <= MOST_ZOOM and abs(lat) <= 90 and abs(lon) <= 360  # false for what is no number, too
    return (zoom, lat, lon) if inside else None
