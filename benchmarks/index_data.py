"""What the benchmarks of the index share: made events as the store's columns, views as people ask for them, clocks."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks.make_events import DAYS, FIRST_DAY, PRECISIONS, STATUSES, Made, make
from geodata.answers import E7, UNKNOWN, EventColumns, Named
from geodata.geometry import BBox
from geodata.query import EventQuery
from geodata.timespan import Interval

DAY_0 = date(1970, 1, 1)
SCREEN_PX = (1440, 900)
TILE_PX = 256


@dataclass(frozen=True, slots=True)
class View:
    """A question of the map page: a screen of the map at a zoom, some days, some types."""

    query: EventQuery
    zoom: int


def columns_of(made: Made) -> EventColumns:
    """Made events as `EventStore.columns` would hand them over; the row id is their place, from 1 on."""
    types, subs = (tuple(dict.fromkeys(pair[i] for pair in made.kinds)) for i in (0, 1))
    type_code = np.array([types.index(pair[0]) for pair in made.kinds])[made.kind]
    sub_code = np.array([subs.index(pair[1]) for pair in made.kinds])[made.kind]

    def e7(degrees: Any) -> Any:
        return np.where(made.placed, np.rint(degrees * E7), UNKNOWN).astype(np.int32)

    sources = tuple(f"Paper {number}" for number in range(int(made.source.max()) + 1))
    return EventColumns(
        row_id=np.arange(1, len(made) + 1),
        lon_e7=e7(made.lon),
        lat_e7=e7(made.lat),
        start_day=np.where(made.dated, made.start, UNKNOWN).astype(np.int32),
        end_day=np.where(made.dated, made.end, UNKNOWN).astype(np.int32),
        event_type=Named(types, type_code),
        sub_event_type=Named(subs, sub_code),
        precision=Named((*PRECISIONS, ""), np.where(made.placed, made.precision, len(PRECISIONS))),
        status=Named(tuple(STATUSES), made.status),
        source=Named(sources, made.source),
        fatalities=made.fatalities,
    )


def made_columns(count: int) -> EventColumns:
    return columns_of(make(count))


def random_views(columns: EventColumns, count: int, seed: int = 11) -> Iterator[View]:
    """Screens around events, from the world to a town, each with an interval of days and some of the types."""
    rng = np.random.default_rng(seed)
    placed = np.flatnonzero(columns.lon_e7 != UNKNOWN)
    names = columns.event_type.names
    for _ in range(count):
        zoom, row = int(rng.integers(2, 11)), rng.choice(placed)
        first = DAY_0 + timedelta(days=FIRST_DAY + int(rng.integers(DAYS - 30)))
        days = Interval(first, first + timedelta(days=int(rng.integers(30, 366))))
        types = tuple(rng.choice(names, int(rng.integers(1, len(names))), replace=False).tolist())
        box = screen(columns.lon_e7[row] / E7, columns.lat_e7[row] / E7, zoom)
        yield View(EventQuery(bbox=box, datetime=days, types=types, unplaced="exclude", undated="exclude"), zoom)


def screen(lon: float, lat: float, zoom: int) -> BBox:
    """What a screen around a position shows, in Web Mercator."""
    world = TILE_PX * 2**zoom
    x, y = (lon / 360 + 0.5) * world, (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * world
    wide, high = (size / 2 for size in SCREEN_PX)
    west, east = ((edge / world - 0.5) * 360 for edge in (x - wide, x + wide))
    south, north = (
        math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(edge, 0), world) / world))))
        for edge in (y + high, y - high)
    )
    if east - west >= 360:
        west, east = -180.0, 180.0
    return BBox(
        (west + 180) % 360 - 180 if west < -180 else west,
        south,
        (east + 180) % 360 - 180 if east > 180 else east,
        north,
    )


def milliseconds(work: Callable[[], Any], times: int = 7) -> float:
    """Median of several runs after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return float(np.median(taken))


def quantiles(taken: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    median, high = np.percentile(taken, (50, 95)).tolist()
    return median, high
