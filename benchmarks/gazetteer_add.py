"""How fast a GeoNames dump is added and in how much memory, against a plain insert of its rows into SQLite, in one run.

    python benchmarks/gazetteer_add.py [--rows 1000000]

The dump is synthetic, the same each time: places of all feature classes over the land where towns are, with two further
names each, and every twentieth a place that the gazetteer has already. All of GeoNames is 12 million rows; the time for
those is told by the rows' share, which holds while a row takes no longer: both halves of the dump are timed.
"""

import argparse
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

sys.path.insert(0, str(Path(__file__).parent.parent))

from geodata.geocode.additions import add_dumps
from geodata.geocode.wordlist import names_path
from geodata.settings import Settings

ALL_OF_GEONAMES = 12_000_000
MOST_MINUTES, MOST_GB = 30.0, 24.0
SEED = 12
KINDS = (("P", "PPL"), ("P", "PPL"), ("H", "STM"), ("T", "HLL"), ("S", "SCH"), ("L", "LCTY"))
TOWNS = "SELECT place_id, name, lon, lat, country FROM places WHERE feature LIKE 'P.%' AND place_id LIKE 'geonames:%'"
SOUNDS = [c + v for c in "bdfghklmnprstvz" for v in "aeiou"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    count = parser.parse_args().rows
    gazetteer = Settings.from_environment().gazetteer_path
    with tempfile.TemporaryDirectory(dir=gazetteer.parent) as folder:
        copy, dump = Path(folder) / "gazetteer.sqlite", Path(folder) / "XX.txt"
        shutil.copyfile(gazetteer, copy)
        shutil.copyfile(names_path(gazetteer), names_path(copy))
        with dump.open("w", encoding="utf-8") as file:
            file.writelines(rows(gazetteer, count))
        print(f"{count:,} rows, {dump.stat().st_size / 1e6:,.0f} MB")
        plain_s = plain(dump, Path(folder) / "plain.sqlite")
        seen: list[tuple[float, str]] = []
        started = time.process_time()
        [done] = add_dumps(copy, [dump], progress=lambda line: seen.append((time.process_time() - started, line)))
        seconds = time.process_time() - started
    print(f"  a plain insert (the peer)  {plain_s:7.1f} s CPU  {count / plain_s:9,.0f} rows/s   1.00 x")
    print(
        f"  gazetteer add              {seconds:7.1f} s CPU  {count / seconds:9,.0f} rows/s  {seconds / plain_s:5.2f} x"
    )
    print(f"  {done.added:,} places added, {done.merged:,} merged, {done.names:,} names")
    halves = [at for at, line in seen if " rows, " in line]
    if len(halves) > 2:
        first, last = halves[len(halves) // 2], halves[-1]
        print(f"  reading: the first half {first:.0f} s, the second {last - first:.0f} s")
    gigabytes = getrusage(RUSAGE_SELF).ru_maxrss / 1e6
    minutes = seconds / count * ALL_OF_GEONAMES / 60
    fits = "" if minutes < MOST_MINUTES and gigabytes < MOST_GB else "  too much"
    print(f"  all of GeoNames: {minutes:.0f} minutes; memory at its height {gigabytes:.2f} GB{fits}")


def rows(gazetteer: Path, count: int) -> Iterator[str]:
    """Lines of a country dump."""
    db = sqlite3.connect(f"{gazetteer.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    towns = db.execute(TOWNS).fetchall()
    chance = random.Random(SEED)  # noqa: S311
    for number in range(count):
        place_id, name, lon, lat, country = chance.choice(towns)
        cls, code = "P", "PPL"
        if number % 20:
            place_id, name = str(50_000_000 + number), word(chance)
            lon, lat = lon + chance.uniform(-0.3, 0.3), max(-89.0, min(89.0, lat + chance.uniform(-0.3, 0.3)))
            lon = (lon + 180) % 360 - 180
            cls, code = chance.choice(KINDS)
        others = f"{word(chance)},{word(chance)}"
        cells = [place_id.removeprefix("geonames:"), name, name, others, f"{lat:.5f}", f"{lon:.5f}", cls, code, country]
        yield "\t".join([*cells, "", "", "", "", "", "0", "", "", "", "2024-01-01"]) + "\n"


def word(chance: random.Random) -> str:
    return "".join(chance.choice(SOUNDS) for _ in range(chance.randint(2, 5))).title()


def plain(dump: Path, target: Path) -> float:
    """Seconds of processor time to put the rows, as they are, into a table."""
    started = time.process_time()
    db = sqlite3.connect(target)
    db.execute(f"CREATE TABLE rows ({','.join(f'c{n}' for n in range(19))})")
    with dump.open(encoding="utf-8") as lines:
        values = ",".join("?" * 19)
        db.executemany(f"INSERT INTO rows VALUES ({values})", (line.rstrip("\n").split("\t") for line in lines))  # noqa: S608
    db.commit()
    db.close()
    return time.process_time() - started


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
