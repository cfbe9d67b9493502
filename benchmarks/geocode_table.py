"""How fast rows of a table are located, against a plain look-up of each name in SQLite, in one run.

    python benchmarks/geocode_table.py [--rows 20000]

The rows are towns of the gazetteer itself, drawn with a fixed seed: half as it names them, with their area and country;
a quarter by another of their names, with the country alone; a quarter that no gazetteer has. One process, CPU time;
each side is run once to warm up and then three times, taking turns, of which the best counts. The peer does the least
that any geocoder must: it finds the places of exactly that name in that country and takes the largest.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.contracts import PlaceRow
from geodata.geocode import make_table_geocoder, open_gazetteer
from geodata.geocode.fold import fold
from geodata.settings import Settings

ROUNDS = 3
SEED = 20
LEAST_A_SECOND = 5_000
TOWNS = """SELECT p.name, a.name, c.name, p.country, p.id FROM places p JOIN places a ON a.id = p.admin1
    JOIN places c ON c.country = p.country AND c.feature = 'A.PCLI'
    WHERE p.feature LIKE 'P.%' AND p.id % 97 = 5 ORDER BY p.id"""
OTHER = "SELECT fold FROM names WHERE place = ? AND kind = 1 ORDER BY fold LIMIT 1"
PEER = """SELECT p.lon, p.lat FROM names n JOIN places p ON p.id = n.place
    WHERE n.fold = ? AND p.country = ? ORDER BY n.rank DESC LIMIT 1"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    wanted = parser.parse_args().rows
    path = Settings.from_environment().gazetteer_path
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    rows, countries = drawn(db, wanted)
    geocoder = make_table_geocoder(open_gazetteer(path))

    def ours() -> None:
        for _ in geocoder.locate(rows):
            pass

    def peer() -> None:
        for row, country in zip(rows, countries, strict=True):
            db.execute(PEER, (fold(row.place), country)).fetchone()

    sides = {"a plain look-up in SQLite (the peer)": peer, "geocode": ours}
    best = {name: cpu_s(work) for name, work in sides.items()}
    print(f"{wanted:,} rows; the first time: " + ", ".join(f"{name} {s:.2f} s" for name, s in best.items()))
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(ROUNDS):
        best = {name: min(best[name], cpu_s(work)) for name, work in sides.items()}
    for name, seconds in best.items():
        ratio = seconds / best["a plain look-up in SQLite (the peer)"]
        fits = "" if wanted / seconds >= LEAST_A_SECOND else f"  below {LEAST_A_SECOND:,} rows/s"
        print(f"  {name:<38} {seconds:6.2f} s CPU  {wanted / seconds:9,.0f} rows/s  {ratio:6.2f} x{fits}")


def drawn(db: sqlite3.Connection, wanted: int) -> tuple[list[PlaceRow], list[str]]:
    """Rows, and the country code of each."""
    towns = db.execute(TOWNS).fetchall()
    chance = random.Random(SEED)  # noqa: S311
    rows, countries = [], []
    for number in range(wanted):
        name, admin1, country, code, town = chance.choice(towns)
        kind = chance.random()
        if kind < 0.5:
            row = PlaceRow(str(number), name, admin1, "", country)
        elif kind < 0.75:
            other = db.execute(OTHER, (town,)).fetchone()
            row = PlaceRow(str(number), other[0] if other else name, "", "", country)
        else:
            unknown = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(5)).title()
            row = PlaceRow(str(number), unknown, admin1, "", country)
        rows.append(row)
        countries.append(code)
    return rows, countries


def cpu_s(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
