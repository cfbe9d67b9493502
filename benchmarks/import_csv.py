"""Import of a table like UCDP's (49 columns) into SQLite, against pandas' `read_csv` and `to_sql` of the same file.

Each runs in a process of its own, over the same made file, into a new database. Ours is the whole import as a person
starts it: the file is read and judged, events are made, rows, sources, R*Tree, words, names and history are kept in one
transaction, and a receipt tells of every row. pandas makes one plain table without an index, by pieces of 50,000 rows.

    python -m benchmarks.import_csv 1000000

pandas comes with the development packages. `--again` measures the same file imported twice, `--undo` taking it back.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import click
import numpy as np

from benchmarks.make_events import Made, make
from geodata.store.rows import day_of

COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "iso3", "country_id"),
    *("region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa"),
)
"""UCDP GED's, with its 49 names."""
PIECE = 50_000
WHO = {
    "ours": "Dateline, import",
    "peer": "pandas read_csv + to_sql",
    "plain": "the same past SQLAlchemy",
}
OFFICES = tuple(f"Agency {n}" for n in range(40))


def write_table(made: Made, path: Path, seed: int = 5) -> None:
    """A row an event; one to three articles each, in our own words."""
    rng = np.random.default_rng(seed)
    articles = rng.choice([1, 2, 3], len(made), p=[0.7, 0.2, 0.1])
    towns = made.towns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        columns = (made.town, made.kind, made.lon, made.lat, made.start, made.precision, articles)
        for number, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            town, kind, lon, lat, start, precision, told = row
            day = day_of(start)
            dyad, sub = kind % 90, made.kinds[kind][1]
            sides = f"Government of {towns.country[town]}", f"Movement {dyad}"
            headlines = [f"{sub} reported near {towns.name[town]} on day {start + n}" for n in range(told)]
            offices = [OFFICES[(number + n) % len(OFFICES)] for n in range(told)]
            days = [(day + timedelta(n)).isoformat() for n in range(told)]
            told_by = zip(offices, days, headlines, strict=True)
            article = ";".join(f'"{office},{at},{headline}"' for office, at, headline in told_by)
            deaths = (number % 3, number % 5, number % 2, 0)
            writer.writerow(
                (
                    *(500_000 + number, f"XX-{day.year}-1-{number}", day.year, 1, "Clear", 1 + kind % 3),
                    *(dyad + 400, dyad + 400, f"{towns.country[town]}: Government", dyad + 800, dyad + 800),
                    *(f"{sides[0]} - {sides[1]}", 60, 60, sides[0], dyad + 1000, dyad + 1000, sides[1], told),
                    *(article, ";".join(offices), ";".join(days), ";".join(headlines), "residents, police"),
                    *(1 + precision, f"{towns.name[town]} town", f"{towns.name[town]} and around it"),
                    *(towns.admin1[town], "", f"{lat:.6f}", f"{lon:.6f}", f"POINT ({lon:.6f} {lat:.6f})"),
                    *(200_000 + town, towns.country[town], "XXX", 369, "Europe", 1, 1),
                    *(
                        f"{day} 00:00:00.000",
                        f"{day} 00:00:00.000",
                        *deaths,
                        sum(deaths),
                        sum(deaths),
                        sum(deaths),
                        369,
                    ),
                )
            )


def ours(path: Path, folder: Path, again: bool, undo: bool) -> dict[str, float]:
    """The table imported (again, and taken back where asked): rows and seconds of processor time."""
    from geodata.jobs import Import, Item, pieces_of
    from geodata.settings import Settings
    from geodata.workspace import open_workspace

    workspace = open_workspace(Settings(data=folder, workers=1))
    items = [Item(str(path), path.name)]
    found: dict[str, float] = {}
    for name in ("cpu_s", "again_s")[: 1 + again]:
        cpu, wall = time.process_time(), time.monotonic()
        receipt = Import(workspace).run(pieces_of(workspace, items), 1)
        found |= {name: time.process_time() - cpu, name.replace("cpu", "wall"): time.monotonic() - wall}
        found["rows"] = receipt.added + receipt.unchanged
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    if undo:
        cpu = time.process_time()
        workspace.store.imports.undo(workspace.store.imports.list()[0].import_id)
        found["undo_s"] = time.process_time() - cpu
    workspace.close()
    return found


def peer(path: Path, folder: Path, plain: bool) -> dict[str, float]:
    """pandas, a piece at a time: all at once it needs several times as much memory and is no quicker.

    `plain`: over the driver's own connection, which pandas calls its legacy way, instead of SQLAlchemy.
    """
    import sqlite3

    import pandas
    from sqlalchemy import create_engine

    place = folder / "pandas.sqlite"
    place.unlink(missing_ok=True)
    cpu, wall = time.process_time(), time.monotonic()
    rows = 0
    connection = sqlite3.connect(place) if plain else create_engine(f"sqlite:///{place}")
    for frame in pandas.read_csv(path, chunksize=PIECE):
        rows += len(frame)
        frame.to_sql("events", connection, if_exists="append", index=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"rows": rows, "cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall, "peak_mb": peak}


@click.command(help=__doc__)
@click.argument("count", type=click.IntRange(1000, 20_000_000), default=1_000_000)
@click.option("--again", is_flag=True, help="Import the same file a second time.")
@click.option("--undo", is_flag=True, help="Take the import back at the end.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to work; else a temporary one.")
@click.option("--only", type=click.Choice(list(WHO)), hidden=True)
def main(count: int, again: bool, undo: bool, folder: Path | None, only: str | None) -> None:
    if only and folder:
        click.echo(json.dumps(_one(only, folder, again, undo)))
        return
    with tempfile.TemporaryDirectory(dir=folder) as name:
        write_table(make(count), Path(name) / "table.csv")
        flags = [flag for flag, is_on in (("--again", again), ("--undo", undo)) if is_on]
        found = {}
        for who in WHO:
            command = [sys.executable, "-m", "benchmarks.import_csv", "--folder", name, "--only", who, *flags]
            found[who] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        size_mb = (Path(name) / "table.csv").stat().st_size / 1e6
    print(f"{count:,} rows, {size_mb:,.0f} MB")
    print(f"{'':40}{'rows/CPU s':>12}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'ratio':>7}")
    for who, title in WHO.items():
        it = found[who]
        figures = f"{it['rows'] / it['cpu_s']:>12,.0f}{it['cpu_s']:>8.1f}{it['wall_s']:>8.1f}{it['peak_mb']:>9,.0f}"
        print(f"{title:40}{figures}{it['cpu_s'] / found['ours']['cpu_s']:>7.2f}")
    print("ratio: our rows a second of processor time, of theirs")
    for key, title in (("again_s", "the same file again"), ("undo_s", "taking it back")):
        if key in found["ours"]:
            print(f"{title}: {found['ours'][key]:.1f} s of processor time")


def _one(who: str, folder: Path, again: bool, undo: bool) -> dict[str, float]:
    table = folder / "table.csv"
    return ours(table, folder / "data", again, undo) if who == "ours" else peer(table, folder, who == "plain")


if __name__ == "__main__":
    main()
