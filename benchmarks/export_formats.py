"""Every export format against geopandas' writer of the same, where it has one: rows/s of processor time, peak memory.

Each runs in a process of its own. Ours reads the store as it writes. The peer is given the same events as a frame in
memory, so that reading is no part of its time; its memory is what it had while it wrote.

    python -m benchmarks.make_events 100000 --store /tmp/hundred
    python -m benchmarks.export_formats /tmp/hundred/dateline.sqlite --peer-python /tmp/peer/bin/python

The peer needs geopandas, pyogrio and, for GeoParquet, pyarrow; for Excel xlsxwriter: `requirements-bench.txt`, and for
what it lacks this environment's own. A format that the peer cannot write there is marked with a dash.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from benchmarks.export_geojson import PEER_COLUMNS, forget_peak, peak_mb

WIDTHS = (10, 9, 9, 10, 9, 7, 8)
PEER_WRITERS: Mapping[str, Callable[[Any, Path], object]] = {
    "geojson": lambda frame, out: frame.to_file(out, driver="GeoJSON", engine="pyogrio"),
    "geojsonl": lambda frame, out: frame.to_file(out, driver="GeoJSONSeq", engine="pyogrio"),
    "csv": lambda frame, out: _flat(frame).to_csv(out, index=False),
    "excel": lambda frame, out: _flat(frame).to_excel(out, index=False, engine="xlsxwriter"),
    "kml": lambda frame, out: frame.to_file(out, driver="LIBKML", engine="pyogrio"),
    "gpkg": lambda frame, out: frame.to_file(out, driver="GPKG", engine="pyogrio"),
    "flatgeobuf": lambda frame, out: frame[~frame.geometry.is_empty & frame.geometry.notna()].to_file(
        out, driver="FlatGeobuf", engine="pyogrio"
    ),
    "geoparquet": lambda frame, out: frame.to_parquet(out, write_covering_bbox=True, compression="zstd"),
}


def ours(name: str, store: str, out: Path, most: int | None) -> int:
    """How many events were written."""
    from geodata.export import EXPORTERS
    from geodata.query import EventQuery
    from geodata.store import open_store

    opened = open_store(f"sqlite:///{store}")
    with out.open("wb") as file:
        return EXPORTERS[name].write(opened.found(EventQuery(), most), file, EventQuery()).count


def peer_frame(store: str, most: int | None) -> Any:
    import sqlite3

    import geopandas
    import pandas

    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        frame = pandas.read_sql(f"{PEER_COLUMNS} LIMIT {-1 if most is None else most}", connection)
    points = geopandas.points_from_xy(frame.pop("lon"), frame.pop("lat"), crs="EPSG:4326")
    return geopandas.GeoDataFrame(frame, geometry=points)


def _flat(frame: Any) -> Any:
    frame["lon"], frame["lat"] = frame.geometry.x, frame.geometry.y
    return frame.drop(columns="geometry")


def run(who: str, name: str, store: str, most: int | None) -> dict[str, float]:
    """One side of one format, here, in this process: rows, seconds, megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"events.{'xlsx' if name == 'excel' else name}"
        frame = peer_frame(store, most) if who == "peer" else None
        forget_peak()
        cpu, wall = time.process_time(), time.monotonic()
        rows = ours(name, store, out, most) if frame is None else len(frame)
        if frame is not None:
            PEER_WRITERS[name](frame, out)
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        return {"rows": rows, "cpu_s": cpu, "wall_s": wall, "peak_mb": peak_mb(), "file_mb": out.stat().st_size / 1e6}


def measured(python: str, who: str, name: str, store: str, most: int | None) -> dict[str, float] | None:
    command = [python, "-m", "benchmarks.export_formats", store, "--side", f"{who}:{name}"]
    done = subprocess.run([*command, *(["--most", str(most)] if most else [])], capture_output=True, text=True)
    if done.returncode:
        print(f"{who} {name}: {(done.stderr.strip().splitlines() or ['failed'])[-1][:160]}", file=sys.stderr)
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@click.command(help=__doc__)
@click.argument("store", type=click.Path(exists=True, dir_okay=False))
@click.option("--peer-python", default=sys.executable, help="A Python that has geopandas and click; else this one.")
@click.option("--most", type=int, help="So many events only; without it all.")
@click.option("--only", multiple=True, help="A format; may be given several times.")
@click.option("--side", hidden=True)
def main(store: str, peer_python: str, most: int | None, only: tuple[str, ...], side: str | None) -> None:
    if side:
        who, _, name = side.partition(":")
        click.echo(json.dumps(run(who, name, store, most)))
        return
    from geodata.export import EXPORTERS

    heads = ("events/s", "peak MB", "file MB", "peer/s", "peer MB", "ratio", "memory")
    print(f"{'':12}{'events':>10}" + "".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    for name in only or EXPORTERS:
        it = measured(sys.executable, "ours", name, store, most)
        if it is None:
            continue
        rate = it["rows"] / it["cpu_s"]
        line = f"{name:12}{it['rows']:>10,.0f}{rate:>10,.0f}{it['peak_mb']:>9,.0f}{it['file_mb']:>9,.1f}"
        other = measured(peer_python, "peer", name, store, most) if name in PEER_WRITERS else None
        if other is None:
            print(line + f"{'-':>10}{'-':>9}{'-':>7}{'-':>8}")
            continue
        theirs = other["rows"] / other["cpu_s"]
        share = 100 * it["peak_mb"] / other["peak_mb"]
        print(line + f"{theirs:>10,.0f}{other['peak_mb']:>9,.0f}{rate / theirs:>7.2f}{share:>7.0f}%")


if __name__ == "__main__":
    main()
