"""Realistic events for the benchmarks, from ten thousand to ten million, the same for the same count and seed.

They cluster around real towns (of the gazetteer that set-up makes), come in uneven types, in five years with quiet
weeks and bursts, with titles in several scripts, and with the doubts that real events have: areas instead of points,
weeks and months instead of days, some without a date or a place.

    python -m benchmarks.make_events 1000000 --store /tmp/million      a data folder for DATELINE_DATA
    python -m benchmarks.make_events 10000 --geojson events.geojson    or --csv events.csv
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from geodata.event_types import load_event_types
from geodata.settings import Settings

FIRST_DAY = 18_809
"""2021-07-01, in days from 1970-01-01."""
DAYS = 5 * 365 + 1
TOWNS = 6_000
COUNTRY_WEIGHT = {
    "UA": 90.0,
    "SD": 25.0,
    "MM": 25.0,
    "SY": 20.0,
    "NG": 12.0,
    "YE": 12.0,
    "MX": 8.0,
    "ET": 8.0,
    "RU": 6.0,
}
"""How much more happens in some countries than in others; 1 where none is given."""
TYPE_WEIGHT = {"Explosions/Remote violence": 8.0, "Battles": 6.0, "Protests": 5.0, "Violence against civilians": 3.0}
PRECISIONS = {"exact": 0.42, "near": 0.30, "admin2": 0.11, "admin1": 0.12, "region": 0.02, "country": 0.03}
LENGTHS = {1: 0.86, 2: 0.04, 7: 0.05, 31: 0.03, 92: 0.01, 365: 0.01}
"""Days in which an event can have happened, and its share."""
STATUSES = {"draft": 0.58, "reviewed": 0.37, "rejected": 0.05}
UNPLACED, UNDATED = 0.012, 0.008
SOURCES = 400
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Towns:
    """Places of the gazetteer, the likeliest first; `weight` adds up to 1."""

    name: list[str]
    country: list[str]
    admin1: list[str]
    place_id: list[str]
    population: list[int]
    lon: Floats
    lat: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Made:
    """Columns of `count` events in order of row; `town`, `kind`, `source` ... are numbers into their lists.

    `start` and `end` count days from 1970-01-01 and mean nothing where `dated` is False; so do lon and lat, in degrees,
    where `placed` is.
    """

    towns: Towns
    kinds: tuple[tuple[str, str], ...]
    town: Ints
    kind: Ints
    lon: Floats
    lat: Floats
    start: Ints
    end: Ints
    placed: Bools
    dated: Bools
    precision: Ints
    status: Ints
    source: Ints
    fatalities: Ints
    """-1: nothing said."""
    confidence: Floats
    language: Ints

    def __len__(self) -> int:
        return len(self.kind)


def make(count: int, seed: int = 7, gazetteer: Path | None = None) -> Made:
    """`count` events; `gazetteer` is the file that set-up makes, by default the one of `Settings`."""
    towns = read_towns(gazetteer or Settings.from_environment().gazetteer_path)
    rng = np.random.default_rng(seed)
    kinds, weights = _kinds(rng)
    town = _shares(rng, count, towns.weight)
    start, town = _days(rng, count, town)
    precision = _shares(rng, count, np.array(list(PRECISIONS.values())))
    length = np.array(list(LENGTHS), dtype=np.int32)[_shares(rng, count, np.array(list(LENGTHS.values())))]
    lon, lat = _positions(rng, towns, town, precision)
    told = rng.random(count) < 0.35
    return Made(
        towns=towns,
        kinds=kinds,
        town=town,
        kind=_shares(rng, count, weights),
        lon=lon,
        lat=lat,
        start=start,
        end=start + length - 1,
        placed=rng.random(count) >= UNPLACED,
        dated=rng.random(count) >= UNDATED,
        precision=precision,
        status=_shares(rng, count, np.array(list(STATUSES.values()))),
        source=_shares(rng, count, 1 / np.arange(1, SOURCES + 1)),
        fatalities=np.where(told, rng.geometric(0.25, count) - 1, -1).astype(np.int32),
        confidence=np.round(rng.beta(6, 2, count), 3),
        language=_shares(rng, count, np.array([0.5, 0.14, 0.12, 0.08, 0.05, 0.04, 0.04, 0.03])),
    )


def read_towns(path: Path, most: int = TOWNS) -> Towns:
    """The towns where most happens: the larger, and more of those in the countries of `COUNTRY_WEIGHT`."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT p.name, p.country, coalesce(a.name, ''), p.place_id, p.population, p.lon, p.lat FROM places p"
            " LEFT JOIN places a ON a.id = p.admin1 WHERE p.feature LIKE 'P.%' AND p.population > 2000"
            " ORDER BY p.population DESC, p.place_id"
        ).fetchall()
    connection.close()
    weight = np.array([COUNTRY_WEIGHT.get(row[1], 1.0) * row[4] ** 0.4 for row in found])
    chosen = np.argsort(-weight, kind="stable")[:most]
    name, country, admin1, place_id, population, lon, lat = zip(*(found[i] for i in chosen.tolist()), strict=True)
    return Towns(
        name=list(name),
        country=list(country),
        admin1=list(admin1),
        place_id=list(place_id),
        population=list(population),
        lon=np.array(lon),
        lat=np.array(lat),
        weight=weight[chosen] / weight[chosen].sum(),
    )


def _kinds(rng: np.random.Generator) -> tuple[tuple[tuple[str, str], ...], Floats]:
    pairs = [(kind.name, sub) for kind in load_event_types().values() for sub in kind.sub_types]
    weights = np.array([TYPE_WEIGHT.get(name, 1.0) for name, _ in pairs]) * rng.uniform(0.2, 2.0, len(pairs))
    return tuple(pairs), weights


def _shares(rng: np.random.Generator, count: int, weights: Floats) -> Ints:
    """`count` numbers from 0 on, each as often as its weight says."""
    limits = np.cumsum(weights) / np.sum(weights)
    return np.minimum(np.searchsorted(limits, rng.random(count), "right"), len(weights) - 1).astype(np.int32)


def _days(rng: np.random.Generator, count: int, town: Ints) -> tuple[Ints, Ints]:
    """First days, more of them at the end of the week and in bursts, each of which has a few towns of its own."""
    day = np.arange(DAYS)
    level = 1 + 0.5 * np.sin(day / 90) + 0.25 * ((day + FIRST_DAY) % 7 >= 4) + day / DAYS
    found = _shares(rng, count, level)
    for _ in range(40):
        middle, width, share = rng.integers(DAYS), rng.uniform(2, 25), rng.uniform(0.001, 0.012)
        mine = rng.random(count) < share
        size = int(mine.sum())
        found[mine] = np.clip(rng.normal(middle, width, size), 0, DAYS - 1).astype(np.int32)
        town[mine] = rng.choice(rng.integers(0, int(town.max()) + 1, 12), size)
    return (found + FIRST_DAY).astype(np.int32), town


def _positions(rng: np.random.Generator, towns: Towns, town: Ints, precision: Ints) -> tuple[Floats, Floats]:
    """Exact events lie around their town, the others at one spot for each: its middle, or that of its area."""
    lon, lat = towns.lon[town].copy(), towns.lat[town].copy()
    exact = precision == 0
    size = int(exact.sum())
    lon[exact] += rng.normal(0, 0.06, size)
    lat[exact] += rng.normal(0, 0.04, size)
    areas: dict[tuple[str, str], list[int]] = {}
    for number, key in enumerate(zip(towns.country, towns.admin1, strict=True)):
        areas.setdefault(key, []).append(number)
    middle = np.empty((2, len(towns.name)))
    for members in areas.values():
        middle[:, members] = np.array([[towns.lon[members].mean()], [towns.lat[members].mean()]])
    wide = precision >= 2
    lon[wide], lat[wide] = middle[0, town[wide]], middle[1, town[wide]]
    lon, lat = (lon + 180) % 360 - 180, np.clip(lat, -85, 85)
    return np.round(lon, 7), np.round(lat, 7)


@click.command(help=__doc__)
@click.argument("count", type=click.IntRange(1, 20_000_000))
@click.option("--seed", default=7, show_default=True)
@click.option("--store", type=click.Path(path_type=Path), help="Data folder to put a store of these events into.")
@click.option("--geojson", type=click.Path(path_type=Path), help="File for a GeoJSON FeatureCollection.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="File for a table.")
def main(count: int, seed: int, store: Path | None, geojson: Path | None, table: Path | None) -> None:
    from benchmarks import write_events

    outputs: list[tuple[Any, Path | None]] = [
        (write_events.to_store, store),
        (write_events.to_geojson, geojson),
        (write_events.to_csv, table),
    ]
    if not any(path for _, path in outputs):
        raise click.UsageError("say where to: --store, --geojson or --csv")
    made = make(count, seed)
    for write, path in outputs:
        if path:
            write(made, path)
            click.echo(f"{count:,} events in {path}", err=True)


if __name__ == "__main__":
    main()
