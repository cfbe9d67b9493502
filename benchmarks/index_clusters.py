"""Clusters for 200 random views with date and type filters: the column index against PostGIS grouping by a grid.

    apt-get install -y postgresql-15 postgresql-15-postgis-3
    python -m benchmarks.index_clusters [COUNT] [VIEWS]        by default 1000000 200

The peer runs in a temporary folder as the user `postgres`, reached by a socket in that folder only, and is stopped at
the end. Its positions are stored in Web Mercator, as PostGIS would have to transform them otherwise; the table is
clustered by its spatial index, analysed, and held in memory. Its times are psql's own (`\\timing`), the index's are of
whole views: counts by type, sub-type and status and the histogram of all days come with the clusters. Each view is
asked of both in turn, five times, and the least counts, so that the ratio does not depend on what else is running.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
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
TIMES = 5
_TIME = re.compile(r"Time: ([0-9.]+) ms")
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


@contextmanager
def asking(psql: list[str]) -> Iterator[Callable[[str], float]]:
    """A session of psql that tells the milliseconds of each statement; its rows go nowhere."""
    at = psql.index("psql")  # psql keeps what it writes to a pipe until there is more of it
    command = [*psql[:at], "stdbuf", "-oL", *psql[at:], "-o", "/dev/null"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/") as session:
        assert session.stdin
        assert session.stdout
        send, said = session.stdin, session.stdout

        def ask(sql: str) -> float:
            send.write(f"{sql}\n")
            send.flush()
            for line in said:
                if found := _TIME.match(line):
                    return float(found[1])
            sys.exit("psql ended before it answered")

        send.write("\\timing on\n")
        try:
            yield ask
        finally:
            send.close()


def counted(psql: list[str], statements: Sequence[str]) -> list[int]:
    """How many events each statement's clusters hold."""
    totals = [f"SELECT coalesce(sum(count), 0) FROM ({sql[:-1]}) t;" for sql in statements]  # noqa: S608
    return list(map(int, run([*psql, "-At"], "\n".join(totals)).split()))


def least_of_both(
    index: ColumnIndex, views: Sequence[View], ask: Callable[[str], float], statements: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each view: ours and the peer's, asked in turn, the least of some runs of each.

    What else the machine does can only add to a time, so the least is nearest to what the work takes.
    """
    ours, theirs = [], []
    for view, sql in zip(views, statements, strict=True):
        taken: list[tuple[float, float]] = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            index.view(view.query, view.zoom)
            taken.append((1000 * (time.perf_counter() - begun), ask(sql)))
        ours.append(min(own for own, _ in taken))
        theirs.append(min(peer for _, peer in taken))
    return ours, theirs


def main() -> None:
    count, number = (int(text) for text in (*sys.argv[1:3], *("1000000", "200")[len(sys.argv) - 1 :]))
    columns = made_columns(count)
    index = ColumnIndex.build(columns)
    views = list(random_views(columns, number))
    statements = [statement(view, columns.event_type.names) for view in views]
    with postgis() as psql:
        fill(psql, columns)
        counts = counted(psql, statements)
        with asking(psql) as ask:
            ours, theirs = least_of_both(index, views, ask, statements)
    for view, number_there in zip(views, counts, strict=True):
        matched = index.view(view.query, view.zoom).matched
        # Edges of a screen turned into metres round otherwise than in degrees.
        if abs(matched - number_there) > 5 + number_there // 1000:
            sys.exit(f"{view}: the index counts {matched}, PostGIS {number_there}")
    print(f"{count:,} events, {number} views of {np.mean(counts):,.0f} events on average")
    print(f"{'':32}{'median ms':>12}{'p95 ms':>12}")
    (our_median, our_p95), (their_median, their_p95) = quantiles(ours), quantiles(theirs)
    print(f"{'column index, whole view':32}{our_median:>12.2f}{our_p95:>12.2f}")
    print(f"{'PostGIS, clusters only':32}{their_median:>12.2f}{their_p95:>12.2f}")
    print(f"{'ratio':32}{our_median / their_median:>12.3f}{our_p95 / their_p95:>12.3f}")


if __name__ == "__main__":
    main()
