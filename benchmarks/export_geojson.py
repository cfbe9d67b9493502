"""GeoJSON export of a whole store, streamed to a file, against geopandas' `to_json` of the same events.

Each runs in a process of its own. Ours reads the store, as it is and as a server leaves it that has been up for some
minutes: with the texts of features made ahead, in a copy that is made for this. geopandas is given its frame in memory,
and only `to_json` and the writing of its text are timed. Memory is the most that a process had in real memory while it
wrote.

    python -m benchmarks.make_events 1000000 --store /tmp/million
    python -m benchmarks.export_geojson /tmp/million/dateline.sqlite

geopandas is needed here only: `pip install --require-hashes -r requirements-bench.txt`, into this environment or into
another one that `--peer-python` names.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

NAMES = {"ours": "Dateline, as it is", "ahead": "Dateline, made ahead", "peer": "geopandas to_json"}
PEER_COLUMNS = """SELECT e.event_id AS id, event_type, sub_event_type, e.title,
    date(start_day * 86400, 'unixepoch') AS start, date(end_day * 86400, 'unixepoch') AS end, date_precision,
    place_name AS place, precision, radius_m, country, admin1, quote, status, confidence, actors, fatalities_low,
    fatalities_best, fatalities_high, e.notes, tags, s.url AS source_url, s.title AS source_title,
    s.publisher AS source_publisher, s.published AS source_published, place_id, feature AS place_feature, population,
    lon, lat FROM events e LEFT JOIN event_sources s ON s.event_id = e.event_id AND s.position = 0
    WHERE status <> 'rejected'"""


def ours(store: str, out: Path) -> int:
    """Exports the store; how many events."""
    from geodata.export import EXPORTERS
    from geodata.query import EventQuery
    from geodata.store import open_store

    opened = open_store(f"sqlite:///{store}")
    with out.open("wb") as file:
        return EXPORTERS["geojson"].write(opened.found(EventQuery()), file, EventQuery()).count


def make_ahead(store: Path) -> str:
    """Makes the texts of features of a store; what that took, in words."""
    from geodata.store import open_store

    opened = open_store(f"sqlite:///{store}")
    size, cpu = store.stat().st_size, time.process_time()
    while opened.make_ahead():
        pass
    cpu = time.process_time() - cpu
    opened.close()  # which takes what was written over into the file
    return f"made ahead in {cpu:.1f} s of processor time, {(store.stat().st_size - size) / 1e6:,.0f} MB"


def peer(store: str, out: Path) -> tuple[int, float, float]:
    """geopandas' rows, seconds of processor time and of wall time."""
    import sqlite3

    import geopandas
    import pandas

    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        frame = pandas.read_sql(PEER_COLUMNS, connection)
    for name in ("actors", "notes", "tags"):
        frame[name] = frame[name].map(json.loads)
    points = geopandas.points_from_xy(frame.pop("lon"), frame.pop("lat"), crs="EPSG:4326")
    made = geopandas.GeoDataFrame(frame, geometry=points)
    forget_peak()
    cpu, wall = time.process_time(), time.monotonic()
    with out.open("w", encoding="utf-8") as file:
        file.write(made.to_json())
    return len(made), time.process_time() - cpu, time.monotonic() - wall


def forget_peak() -> None:
    """Linux: the peak of real memory counts from here on."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """The most real memory that this process has had, in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run(who: str, store: str) -> dict[str, float]:
    """One side, here, in this process: rows, seconds, megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "events.geojson"
        if who == "ours":
            cpu, wall = time.process_time(), time.monotonic()
            rows = ours(store, out)
            helper = resource.getrusage(resource.RUSAGE_CHILDREN)  # the second process
            cpu = time.process_time() - cpu + helper.ru_utime + helper.ru_stime
            wall = time.monotonic() - wall
        else:
            rows, cpu, wall = peer(store, out)
        return {"rows": rows, "cpu_s": cpu, "wall_s": wall, "peak_mb": peak_mb(), "file_mb": out.stat().st_size / 1e6}


def run_apart(python: str, store: str, who: str) -> dict[str, float]:
    """One side, in a process of its own."""
    command = [python, "-m", "benchmarks.export_geojson", store, "--only", who]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said))


@click.command(help=__doc__)
@click.argument("store", type=click.Path(exists=True, dir_okay=False))
@click.option("--peer-python", default=sys.executable, help="A Python that has geopandas and click; else this one.")
@click.option("--only", type=click.Choice(["ours", "peer"]), hidden=True)
def main(store: str, peer_python: str, only: str | None) -> None:
    if only:
        click.echo(json.dumps(run(only, store)))
        return
    from geodata.store.backup import back_up

    found = {"ours": run_apart(sys.executable, store, "ours")}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dateline.sqlite"
        back_up(f"sqlite:///{store}", copy)
        print(make_ahead(copy))
        found["ahead"] = run_apart(sys.executable, str(copy), "ours")
    found["peer"] = run_apart(peer_python, store, "peer")
    print(f"{'':24}{'rows':>10}{'rows/s':>10}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'file MB':>9}")
    for who, name in NAMES.items():
        it = found[who]
        rate = it["rows"] / it["wall_s"]
        figures = f"{it['rows']:>10,.0f}{rate:>10,.0f}{it['cpu_s']:>8.1f}{it['wall_s']:>8.1f}"
        print(f"{name:24}{figures}{it['peak_mb']:>9,.0f}{it['file_mb']:>9,.0f}")
    theirs = found["peer"]
    for who in ("ours", "ahead"):
        it = found[who]
        rate = (it["rows"] / it["wall_s"]) / (theirs["rows"] / theirs["wall_s"])
        by_cpu = (it["rows"] / it["cpu_s"]) / (theirs["rows"] / theirs["cpu_s"])
        print(f"{NAMES[who]}: {rate:.1f} times the rows/s (per second of processor time {by_cpu:.1f}); ", end="")
        print(f"memory: {100 * it['peak_mb'] / theirs['peak_mb']:.1f} %")


if __name__ == "__main__":
    main()
