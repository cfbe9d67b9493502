"""A geometry of any kind -> the point that an event has, with the half-width of what it covers.

A point stays as it is. A line, an area or a collection gives a point on it, `near` up to 25 km and `region` beyond, and
keeps its outline as the property `geometry`, where that is not too long. Coordinates are longitude first.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.contracts.tables import Option, Question
from geodata.errors import UsageError, shown
from geodata.features import dumps
from geodata.geometry import check_lon_lat, distance_m
from geodata.model import Precision

MOST_NEAR_M = 25_000.0  # what `near` means: UCDP's where_prec 2
MOST_OUTLINE_CHARS = 10_000  # of a geometry kept as a property
Reproject = Callable[[Any], Any]
"""A shapely geometry in the file's own coordinate system -> the same in WGS84, longitude first."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a feature is; `remark` says what was decided, empty for a plain point. `extra` are properties to keep."""

    lon: float
    lat: float
    precision: Precision = Precision.EXACT
    radius_m: float = 0.0
    remark: str = ""
    extra: Mapping[str, str] | None = None


def position_of(geometry: object, reproject: Reproject | None = None) -> Position | None:
    """The position of a GeoJSON geometry, or of a shapely one; None where it has none. UsageError: what is wrong."""
    if geometry is None:
        return None
    if isinstance(geometry, dict):
        if geometry.get("type") == "Point" and reproject is None:
            return _point(geometry.get("coordinates"))
        geometry = _shape(geometry)
    return _middle(geometry, reproject)


def swapped(reproject: Reproject | None) -> Reproject:
    """For a file whose positions have latitude first: they are turned before anything else is done to them."""

    def turned(geometry: Any) -> Any:
        import shapely

        there = shapely.transform(geometry, lambda xy: xy[:, ::-1])
        return reproject(there) if reproject else there

    return turned


def swap_question(geometries: Sequence[object]) -> Question | None:
    """What to ask where most of the points are off the map as they stand, and on it the other way round."""
    pairs = [pair for pair in map(_pair, geometries) if pair]
    off = [(x, y) for x, y in pairs if abs(y) > 90 >= abs(x) and abs(y) <= 180]
    if len(off) * 2 <= len(pairs):
        return None
    example = f"{off[0][0]:g}, {off[0][1]:g}"
    text = (
        f"longitude and latitude look swapped: {len(off):,} of {len(pairs):,} positions make sense only the other way "
        f"round, as {example}. Swap them?"
    )
    swap = Option("yes", "swap them", f"{off[0][1]:g}, {off[0][0]:g}")
    return Question("swap_lon_lat", text, (swap, Option("no", "take them as they stand", example)), suggested="yes")


def _pair(geometry: object) -> tuple[float, float] | None:
    pair = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(pair, list) or len(pair) < 2 or not all(isinstance(x, int | float) for x in pair[:2]):
        return None
    return pair[0], pair[1]


def _point(pair: object) -> Position | None:
    if pair == []:
        return None  # RFC 7946, section 3.1: an empty array of coordinates is a null geometry
    numbers = pair if isinstance(pair, list) else []
    if len(numbers) < 2 or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in numbers):
        raise UsageError(f"its coordinates {shown(_text(pair))} are not [lon, lat]")
    try:
        lon, lat = check_lon_lat(float(numbers[0]), float(numbers[1]))
    except OverflowError as error:
        raise UsageError(f"its coordinates {shown(_text(pair))} are not degrees") from error
    return Position(lon, lat, extra={"altitude": _text(numbers[2])} if len(numbers) > 2 and numbers[2] else None)


def _shape(geometry: dict[str, object]) -> Any:
    import shapely  # its library takes a third of a second to load: only for what is not a point
    from shapely.geometry import shape

    try:
        return shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise UsageError(f"its geometry is not one of RFC 7946: {shown(str(error))}") from error
    except RecursionError as error:
        raise UsageError("its geometry is nested too deep; accepted: RFC 7946") from error


def _middle(whole: Any, reproject: Reproject | None) -> Position | None:
    import shapely

    if whole is None or whole.is_empty:
        raise UsageError("its geometry is empty; write null where the place is not known")
    if not all(map(math.isfinite, whole.bounds)):
        raise UsageError("its coordinates are not all finite numbers")
    there = reproject(whole) if reproject else whole
    west, south, east, north = there.bounds
    if there.geom_type == "Point":
        check_lon_lat(west, south)
        height = {"altitude": f"{whole.z:g}"} if whole.has_z and math.isfinite(whole.z) and whole.z else None
        return Position(west, south, extra=height)
    check_lon_lat(west, south)
    check_lon_lat(east, north)
    joined = _across_antimeridian(there) if east - west > 180 else there
    point = shapely.point_on_surface(joined)
    west, south, east, north = joined.bounds
    radius = round(distance_m(west, south, east, north) / 2)
    kind = there.geom_type
    remark = f"a {kind}: a point on it was taken, with {_km(radius)} around it"
    outline = dumps(shapely.geometry.mapping(there))
    if len(outline) > MOST_OUTLINE_CHARS:
        remark += f"; its outline ({len(outline):,} characters) was not kept"
        outline = ""
    lon = point.x - 360 if point.x > 180 else point.x
    precision = Precision.NEAR if radius <= MOST_NEAR_M else Precision.REGION
    return Position(lon, point.y, precision, max(radius, 1.0), remark, {"geometry": outline} if outline else None)


def _across_antimeridian(whole: Any) -> Any:
    """Parts that RFC 7946 (3.1.9) cut at 180 degrees, side by side again; as it is where it only reaches far."""
    import shapely

    turned = shapely.transform(whole, lambda xy: _turned(xy))
    return turned if turned.bounds[2] - turned.bounds[0] < whole.bounds[2] - whole.bounds[0] else whole


def _turned(xy: Any) -> Any:
    import numpy as np

    return np.column_stack([np.where(xy[:, 0] < 0, xy[:, 0] + 360, xy[:, 0]), xy[:, 1:]])


def _km(radius_m: float) -> str:
    return f"{radius_m / 1000:,.0f} km" if radius_m >= 1000 else f"{radius_m:,.0f} m"


def _text(value: object) -> str:
    try:
        return dumps(value)
    except ValueError:  # NaN
        return str(value)
