"""Clusters for 200 random views with date and type filters: the column index against PostGIS grouping by a grid.

    apt-get install -y postgresql-15 postgresql-15-postgis-3
    python -m benchmarks.index_clusters [COUNT] [VIEWS]        by default 1000000 200

The peer runs in a temporary folder as the user `postgres`, reached by a socket in that folder only, and is stopped at
the end. Its positions are stored in Web Mercator, as PostGIS would have to transform them otherwise; the table is
clustered by its spatial index, analysed, and held in memory. Its times are psql's own (`\\timing`), the index's are of
whole views: counts by type, sub-type and status and the histogram of all days come with the clusters.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.index_data import View, made_columns, quantiles, random_views
from geodata.answers import E7, UNKNOWN, EventColumns
from geodata.index import ColumnIndex

BINARIES = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"
HALF_WORLD_M = 20_037_508.342789244
MOST_LAT_DEG = 85.0511287
SETTINGS = (
    "listen_addresses=''", "shared_buffers=2GB", "work_mem=256MB", "maintenance_work_mem=1GB", "jit=off", "fsync=off",
    "max_parallel_workers_per_gather=2",
)  # fmt: skip
TABLE = """
CREATE EXTENSION postgis;
CREATE UNLOGGED TABLE e (x float8, y float8, first int, last int, type int, g geometry(Point, 3857));
"""
INDEXES = """
UPDATE e SET g = ST_SetSRID(ST_MakePoint(x, y), 3857);
CREATE INDEX e_place ON e USING gist (g);
CREATE INDEX e_days ON e (first, last);
CLUSTER e USING e_place;
VACUUM ANALYZE e;
"""


@contextmanager
def postgis() -> Iterator[list[str]]:
    """The command that runs psql on a database that lives as long as this context."""
    if not BINARIES.exists():
        sys.exit(__doc__)
    folder = Path(tempfile.mkdtemp(prefix="postgis-"))
    as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, USER)
    data, options = folder / "data", " ".join(f"-c {setting}" for setting in SETTINGS)
    control = [*as_user, str(BINARIES / "pg_ctl"), "-D", str(data), "-w", "-s"]
    try:
        run([*as_user, str(BINARIES / "initdb"), "-D", str(data), "-A", "trust", "--no-sync"])
        run([*control, "-l", str(folder / "log"), "-o", f"{options} -k {folder}", "start"])
        try:
            yield [*as_user, "psql", "-X", "-q", "-h", str(folder), "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
        finally:
            run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(command: Sequence[str], text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def fill(psql: list[str], columns: EventColumns) -> None:
    """The events that the views can show: placed, dated, not rejected."""
    rejected = columns.status.names.index("rejected")
    kept = (columns.lon_e7 != UNKNOWN) & (columns.start_day != UNKNOWN) & (columns.status.code != rejected)
    x = columns.lon_e7[kept] / E7 / 180 * HALF_WORLD_M
    y = mercator_m(columns.lat_e7[kept] / E7)
    rows = zip(
        x.tolist(), y.tolist(), columns.start_day[kept].tolist(), columns.end_day[kept].tolist(),
        columns.event_type.code[kept].tolist(), strict=True,
    )  # fmt: skip
    run(psql, TABLE)
    copied = "".join("\t".join(map(str, row)) + "\n" for row in rows)
    run([*psql, "-c", "COPY e (x, y, first, last, type) FROM STDIN"], copied)
    run(psql, INDEXES)


def mercator_m(lat: np.ndarray | float) -> np.ndarray:
    return np.arctanh(np.sin(np.radians(np.clip(lat, -MOST_LAT_DEG, MOST_LAT_DEG)))) / np.pi * HALF_WORLD_M


def statement(view: View, names: Sequence[str]) -> str:
    """Counts by cell of 64 px and type with mean and bounds, as a cluster tells them."""
    query, size = view.query, 2 * HALF_WORLD_M / 2 ** (view.zoom + 2)
    boxes = [
        f"g && ST_MakeEnvelope({part.west / 180 * HALF_WORLD_M}, {mercator_m(part.south)}, "
        f"{part.east / 180 * HALF_WORLD_M}, {mercator_m(part.north)}, 3857)"
        for part in query.bbox.parts()
    ]
    first, last = (day.toordinal() - date(1970, 1, 1).toordinal() for day in (query.datetime.start, query.datetime.end))
    types = ",".join(str(names.index(name)) for name in query.types)
    corner = -HALF_WORLD_M + size / 2
    return (
        f"SELECT ST_SnapToGrid(g, {corner}, {corner}, {size}, {size}), type, count(*),"  # noqa: S608 - only numbers
        " avg(x), avg(y), min(x), max(x), min(y), max(y) FROM e"
        f" WHERE ({' OR '.join(boxes)}) AND first <= {last} AND last >= {first} AND type IN ({types}) GROUP BY 1, 2;"
    )


def peer_times(psql: list[str], views: Sequence[View], names: Sequence[str]) -> tuple[list[float], list[int]]:
    """Milliseconds of each view, after each was asked once to warm up, and how many events it counted."""
    asked = [statement(view, names) for view in views]
    times = run([*psql, "-o", "/dev/null"], "\n".join(asked) + "\n\\timing on\n" + "\n".join(asked))
    totals = [f"SELECT coalesce(sum(count), 0) FROM ({sql[:-1]}) t;" for sql in asked]  # noqa: S608
    counts = run([*psql, "-At"], "\n".join(totals))
    return [float(text) for text in re.findall(r"Time: ([0-9.]+) ms", times)], list(map(int, counts.split()))


def main() -> None:
    count, number = (int(text) for text in (*sys.argv[1:3], *("1000000", "200")[len(sys.argv) - 1 :]))
    columns = made_columns(count)
    index = ColumnIndex.build(columns)
    views = list(random_views(columns, number))
    with postgis() as psql:
        fill(psql, columns)
        theirs, counts = peer_times(psql, views, columns.event_type.names)
    ours = []
    for view, counted in zip(views, counts, strict=True):
        index.view(view.query, view.zoom)
        begun = time.perf_counter()
        answer = index.view(view.query, view.zoom)
        ours.append(1000 * (time.perf_counter() - begun))
        # Edges of a screen turned into metres round otherwise than in degrees.
        if abs(answer.matched - counted) > 5 + counted // 1000:
            sys.exit(f"{view}: the index counts {answer.matched}, PostGIS {counted}")
    print(f"{count:,} events, {number} views of {np.mean(counts):,.0f} events on average")
    print(f"{'':32}{'median ms':>12}{'p95 ms':>12}")
    (our_median, our_p95), (their_median, their_p95) = quantiles(ours), quantiles(theirs)
    print(f"{'column index, whole view':32}{our_median:>12.2f}{our_p95:>12.2f}")
    print(f"{'PostGIS, clusters only':32}{their_median:>12.2f}{their_p95:>12.2f}")
    print(f"{'ratio':32}{our_median / their_median:>12.3f}{our_p95 / their_p95:>12.3f}")


if __name__ == "__main__":
    main()
