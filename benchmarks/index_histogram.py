"""Events by day and type inside a box: the column index against SQLite's R*Tree and GROUP BY, on the same events.

    python -m benchmarks.index_histogram [COUNT] [QUERIES]        by default 1000000 100

The peer has the columns that the question needs and its R*Tree, all of it in memory. Both answers are compared.
"""

import sqlite3
import sys
import time
from datetime import timedelta
from typing import Any

import numpy as np

from benchmarks.index_data import DAY_0, made_columns, quantiles, random_views
from geodata.answers import E7, UNKNOWN, EventColumns
from geodata.geometry import BBox
from geodata.index import ColumnIndex
from geodata.timespan import Interval


def make_peer(columns: EventColumns) -> sqlite3.Connection:
    """In memory: no disk slows the peer down. Rejected events, the undated and the unplaced are left out of it."""
    peer = sqlite3.connect(":memory:")
    peer.execute("CREATE TABLE e (id INTEGER PRIMARY KEY, day INTEGER, type INTEGER)")
    peer.execute("CREATE VIRTUAL TABLE r USING rtree(id, west, east, south, north)")
    rejected = columns.status.names.index("rejected")
    kept = np.flatnonzero(
        (columns.lon_e7 != UNKNOWN) & (columns.start_day != UNKNOWN) & (columns.status.code != rejected)
    )
    lon, lat = (columns.lon_e7[kept] / E7).tolist(), (columns.lat_e7[kept] / E7).tolist()
    ids = columns.row_id[kept].tolist()
    days, types = columns.start_day[kept].tolist(), columns.event_type.code[kept].tolist()
    peer.executemany("INSERT INTO e VALUES (?, ?, ?)", zip(ids, days, types, strict=True))
    peer.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?)", zip(ids, lon, lon, lat, lat, strict=True))
    peer.execute("ANALYZE")
    return peer


def peer_counts(peer: sqlite3.Connection, box: BBox) -> list[tuple[int, int, int]]:
    inside = " OR ".join(["west <= ? AND east >= ? AND south <= ? AND north >= ?"] * len(box.parts()))
    values = [edge for part in box.parts() for edge in (part.east, part.west, part.north, part.south)]
    sql = f"SELECT day, type, count(*) FROM r JOIN e USING (id) WHERE {inside} GROUP BY day, type"  # noqa: S608
    return peer.execute(sql, values).fetchall()


def timed(work: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return 1000 * (time.perf_counter() - begun), answer


def main() -> None:
    count, queries = (int(text) for text in (*sys.argv[1:3], *("1000000", "100")[len(sys.argv) - 1 :]))
    columns = made_columns(count)
    index, peer = ColumnIndex.build(columns), make_peer(columns)
    reach = index.extent()
    axis = Interval(reach.first, reach.last)
    ours, theirs, differing = [], [], 0
    for view in random_views(columns, queries):
        query = view.query.without("datetime", "types")
        taken, answer = timed(lambda: index.histogram(query, None, "day", axis, by_type=True))  # noqa: B023
        ours.append(taken)
        taken, rows = timed(lambda: peer_counts(peer, query.bbox))  # noqa: B023
        theirs.append(taken)
        start = (answer.start - DAY_0) // timedelta(days=1)
        names = columns.event_type.names
        # The R*Tree keeps 32-bit coordinates, so that an event just on an edge may fall on its other side.
        told = sum(answer.by_type[names[kind]][day - start] for day, kind, _ in rows if names[kind] in answer.by_type)
        differing += abs(told - sum(row[2] for row in rows)) + abs(sum(answer.counts) - told)
    print(f"{count:,} events, {queries} boxes; {differing} events counted differently (edges of the R*Tree)")
    print(f"{'':24}{'median ms':>12}{'p95 ms':>12}")
    (our_median, our_p95), (their_median, their_p95) = quantiles(ours), quantiles(theirs)
    print(f"{'column index':24}{our_median:>12.2f}{our_p95:>12.2f}")
    print(f"{'SQLite R*Tree, GROUP BY':24}{their_median:>12.2f}{their_p95:>12.2f}")
    print(f"{'ratio':24}{our_median / their_median:>12.3f}{our_p95 / their_p95:>12.3f}")


if __name__ == "__main__":
    main()
