"""Views of the map with day histograms: the column index against SQLite's R*Tree and GROUP BY, in one run on one data.

    python benchmarks/index_view.py [NUMBER_OF_EVENTS]

The events are synthetic (fixed seed): towns of very different size, bursts in time, uneven types. The peer is the same
SQLite file that the store would hold, with the columns that the questions need, its R*Tree, and an index on the day.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.answers import EventColumns
from geodata.geometry import BBox
from geodata.index import ColumnIndex
from geodata.query import EventQuery
from geodata.timespan import Interval

TYPES = ("Battles", "Explosions/Remote violence", "Protests", "Riots", "Strategic developments", "Disaster")
FIRST_DAY, DAYS = 18_993, 1_826  # five years from 2022-01-01


def make_columns(number: int) -> EventColumns:
    random = np.random.default_rng(20240501)
    towns = 4_000
    lon, lat = random.uniform(-170, 178, towns), np.degrees(np.arcsin(random.uniform(-0.7, 0.95, towns)))
    lon[::3], lat[::3] = random.uniform(23, 40, len(lon[::3])), random.uniform(45, 52, len(lon[::3]))
    town = random.choice(towns, number, p=(weights := 1 / np.arange(1, towns + 1)) / weights.sum())
    start = FIRST_DAY + np.minimum(random.beta(0.8, 1.3, number) * DAYS, DAYS - 1).astype(int)
    end = start + random.choice([0, 0, 0, 6, 30], number)
    kinds = random.choice(len(TYPES), number, p=[0.3, 0.3, 0.2, 0.1, 0.06, 0.04])
    precision = random.choice(["exact", "near", "admin1"], number, p=[0.6, 0.3, 0.1])
    return EventColumns(
        event_id=[f"{i:016x}" for i in range(number)],
        lon_deg=np.round(lon[town] + random.normal(0, 0.05, number), 5).clip(-180, 180).tolist(),
        lat_deg=np.round(lat[town] + random.normal(0, 0.05, number), 5).clip(-90, 90).tolist(),
        start_day=start.tolist(),
        end_day=end.tolist(),
        event_type=[TYPES[i] for i in kinds],
        sub_event_type=[""] * number,
        precision=precision.tolist(),
        status=["reviewed"] * number,
    )


def make_peer(columns: EventColumns, path: Path) -> sqlite3.Connection:
    """A table with an R*Tree. Web Mercator cells are stored, not computed, which favours the peer."""
    peer = sqlite3.connect(path)
    peer.execute("PRAGMA cache_size=-400000")
    peer.execute(
        "CREATE TABLE e (id INTEGER PRIMARY KEY, lon REAL, lat REAL, day INTEGER, last INTEGER, type TEXT,"
        " x INTEGER, y INTEGER)"
    )
    peer.execute("CREATE VIRTUAL TABLE r USING rtree(id, west, east, south, north)")
    lon, lat = np.array(columns.lon_deg), np.clip(np.array(columns.lat_deg), -85.05, 85.05)
    x = ((lon / 360 + 0.5) * 65536).astype(int).tolist()
    y = ((0.5 - np.arctanh(np.sin(np.radians(lat))) / (2 * np.pi)) * 65536).astype(int).tolist()
    rows = zip(
        columns.lon_deg, columns.lat_deg, columns.start_day, columns.end_day, columns.event_type, x, y, strict=True
    )
    peer.executemany("INSERT INTO e(lon, lat, day, last, type, x, y) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    peer.execute("INSERT INTO r SELECT id, lon, lon, lat, lat FROM e")
    peer.execute("CREATE INDEX e_day ON e(day)")
    peer.commit()
    return peer


def peer_view(peer: sqlite3.Connection, query: EventQuery, zoom: int) -> int:
    """Clusters by type, counts by type and the day histogram, as a view needs them; how many events matched."""
    where, values = "1", []
    if box := query.bbox:
        where += " AND id IN (SELECT id FROM r WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?)"
        values += [box.east, box.west, box.north, box.south]
    by_day = f"SELECT day, count(*) FROM e WHERE {where} GROUP BY day"  # noqa: S608 - only our own words
    peer.execute(by_day, values).fetchall()
    if query.datetime.start and query.datetime.end:
        where += " AND day <= ? AND last >= ?"
        values += [day.toordinal() - 719163 for day in (query.datetime.end, query.datetime.start)]
    shift = 14 - zoom
    columns = "count(*), avg(lon), avg(lat), min(lon), max(lon), min(lat), max(lat)"
    by_cell = f"SELECT x >> {shift}, y >> {shift}, type, {columns} FROM e WHERE {where} GROUP BY 1, 2, 3"  # noqa: S608
    cells = peer.execute(by_cell, values).fetchall()
    return sum(cell[3] for cell in cells)


def milliseconds(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Median of several runs, and the answer."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        answer = work()
        taken.append((time.perf_counter() - begun) * 1000)
    return float(np.median(taken)), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", type=int, nargs="?", default=1_000_000)
    number = parser.parse_args().number
    columns = make_columns(number)
    begun = time.perf_counter()
    index = ColumnIndex.build(columns)
    print(f"{number:,} events: index built in {time.perf_counter() - begun:.2f} s,", end=" ")
    print(f"{index.bytes_used / number:.1f} bytes an event besides ids")
    spring = Interval(date(2023, 3, 1), date(2023, 5, 31))
    views = {
        "world, zoom 2": (EventQuery(), 2),
        "world, zoom 2, three months": (EventQuery(datetime=spring), 2),
        "continent, zoom 5": (EventQuery(bbox=BBox(20, 30, 60, 60)), 5),
        "country, zoom 7, three months": (EventQuery(bbox=BBox(22, 44, 40, 52), datetime=spring), 7),
        "district, zoom 10": (EventQuery(bbox=BBox(30, 48, 32, 49)), 10),
    }
    with tempfile.TemporaryDirectory() as folder:
        peer = make_peer(columns, Path(folder) / "peer.sqlite")
        print(f"{'view':32}{'events':>10}{'clusters':>10}{'index ms':>10}{'SQLite ms':>11}{'ratio':>8}")
        for name, (query, zoom) in views.items():
            ours, view = milliseconds(lambda: index.view(query, zoom), 9)  # noqa: B023
            theirs, matched = milliseconds(lambda: peer_view(peer, query, zoom), 3)  # noqa: B023
            assert matched == view.matched, f"{name}: the peer found {matched}, the index {view.matched}"
            print(f"{name:32}{matched:>10,}{len(view.clusters):>10,}{ours:>10.1f}{theirs:>11.1f}{ours / theirs:>8.3f}")
        peer.close()


if __name__ == "__main__":
    main()
