"""Places as areas: a circle on the globe as wide as the doubt, as RFC 7946 wants rings.

The outer ring runs counter-clockwise (section 3.1.6); a circle across the antimeridian is cut there in two (3.1.9);
one around a pole reaches up to it.
"""

import math
from collections import Counter

from geodata.credits import keys_of
from geodata.features import FeatureTexts, degrees_of, dumps, feature
from geodata.geometry import EARTH_RADIUS_M
from geodata.model import Event

CORNERS = 64
MOST_M = 9_900_000.0
"""Just under a quarter of the way around the Earth: a larger circle holds more than half of it."""

Ring = list[list[float]]


def drawn(event: Event) -> FeatureTexts:
    """The event's feature with an area for its place, and the middle of it as `lon` and `lat`."""
    made = feature(event)
    place = event.place
    corners: list[tuple[float, float]] = []
    if place:
        lon, lat = degrees_of(place.lon), degrees_of(place.lat)
        corners = [(place.lon, place.lat)]
        if place.radius_m:
            made["geometry"] = area(lon, lat, place.radius_m)
            made["properties"] = {**dict(made["properties"]), "lon": lon, "lat": lat}  # type: ignore[call-overload]
            found = rings(lon, lat, place.radius_m)
            corners = [(x, y) for ring in found for x, y in ring]
            if {lat for _, lat in corners} & {90.0, -90.0}:  # all the way round, however far apart its corners are
                corners += [(float(x), place.lat) for x in range(-180, 180, 5)]
    return FeatureTexts(1, dumps(made).encode(), tuple(corners), Counter(keys_of(event)))


def area(lon: float, lat: float, radius_m: float) -> dict[str, object]:
    """A GeoJSON Polygon, or a MultiPolygon where it crosses the antimeridian."""
    found = rings(lon, lat, radius_m)
    if len(found) == 1:
        return {"type": "Polygon", "coordinates": found}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in found]}


def rings(lon: float, lat: float, radius_m: float) -> list[Ring]:
    """Closed outer rings of [lon, lat], counter-clockwise, none of which crosses the antimeridian."""
    angle = min(radius_m, MOST_M) / EARTH_RADIUS_M
    edge = [_towards(lon, lat, angle, -2 * math.pi * i / CORNERS) for i in range(CORNERS)]
    reach = math.degrees(angle)
    if lat + reach >= 90 or lat - reach <= -90:
        return [_around_pole(edge, 90.0 if lat + reach >= 90 else -90.0)]
    parts = [_clipped(edge, shift) for shift in (-360.0, 0.0, 360.0)]
    return [_closed(part) for part in parts if len(part) > 2]


def _towards(lon: float, lat: float, angle: float, bearing: float) -> tuple[float, float]:
    """The point at an angle from a middle; its longitude may be beyond 180, next to the middle's."""
    a = math.radians(lat)
    b = math.asin(math.sin(a) * math.cos(angle) + math.cos(a) * math.sin(angle) * math.cos(bearing))
    turn = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(a), math.cos(angle) - math.sin(a) * math.sin(b))
    return lon + math.degrees(turn), math.degrees(b)


def _around_pole(edge: list[tuple[float, float]], pole: float) -> Ring:
    """From one side of the antimeridian to the other along the edge, and back along the pole."""
    turned = sorted(((lon + 180) % 360 - 180, lat) for lon, lat in edge)
    (first, a), (last, b) = turned[0], turned[-1]
    gap = first + 360 - last
    cut = b + (a - b) * (180 - last) / gap if gap else a
    line = [(-180.0, cut), *turned, (180.0, cut)]
    if pole < 0:
        line.reverse()
    return _closed([*line, (line[-1][0], pole), (line[0][0], pole)])


def _clipped(edge: list[tuple[float, float]], shift: float) -> list[tuple[float, float]]:
    """What of a ring, moved by `shift` degrees of longitude, lies between -180 and 180 (Sutherland and Hodgman)."""
    ring = [(lon + shift, lat) for lon, lat in edge]
    for side, limit in ((1, 180.0), (-1, -180.0)):
        kept: list[tuple[float, float]] = []
        for (x0, y0), (x1, y1) in zip(ring[-1:] + ring[:-1], ring, strict=True):
            inside, was = side * x1 < side * limit, side * x0 < side * limit
            if inside != was:
                kept.append((limit, y0 + (y1 - y0) * (limit - x0) / (x1 - x0)))
            if inside:
                kept.append((x1, y1))
        ring = kept
        if not ring:
            break
    return ring


def _closed(ring: list[tuple[float, float]]) -> Ring:
    rounded = [[degrees_of(lon), degrees_of(lat)] for lon, lat in ring]
    return [*rounded, list(rounded[0])]
