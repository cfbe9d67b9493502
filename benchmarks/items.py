"""A page of 1,000 events of `/collections/events/items`, as a program gets it: how long, by kind of question.

    python -m benchmarks.items /tmp/million                 the data folder of benchmarks.make_events
    python -m benchmarks.items /tmp/million --pygeoapi ENV   beside it pygeoapi, of a virtual environment that has it

Two peers over the same events: the same questions as plain SQL (page and count, as the store asked them before the
index had pages), and pygeoapi's own SQLite provider behind its Flask blueprint, over a table of the same columns.
Times are of whole answers over a connection that is kept, on loopback; medians and 95th percentiles. Before that the
texts of features are made ahead, which `serve` does by itself within some minutes; it writes to the store.
"""

import http.client
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
import numpy as np

from benchmarks.export_geojson import make_ahead
from benchmarks.peer_pygeoapi import pygeoapi
from benchmarks.serving import served
from geodata.query import EventQuery
from geodata.store import open_store

ITEMS = "/collections/events/items"
LIMIT = 1000
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "all": {},
    "a type": {"type": "Battles"},
    "a month": {"datetime": "2023-03", "undated": "exclude"},
    "a box": {"bbox": "30,46,40,52", "unplaced": "exclude"},
    "a small box": {"bbox": "37.5,48.4,38.3,48.9", "unplaced": "exclude"},
    "a common word": {"q": "shelling"},
    "rare words": {"q": "bridge ambush"},
    "a country": {"country": "UA"},
    "many deaths": {"fatalities": "40"},
    "a filter": {"filter": "event_type = 'Battles' AND t_after(datetime, DATE('2024-01-01'))"},
    "a rare filter": {"filter": "fatalities_best > 60 AND country = 'SD'"},
    "box, type, year": {"bbox": "22,44,40,52", "unplaced": "exclude", "type": "Battles", "datetime": "2023"},
}
DEEP = ("all", "a type", "a country")
"""Asked from the middle of their pages, too."""
Ask = Callable[[str], bytes]


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=12, help="Times each question is asked, its order shuffled.")
@click.option("--sql-rounds", default=2, help="Times each question is asked as SQL, which takes longer.")
@click.option("--ahead/--as-it-is", default=True, help="Make texts ahead first; or leave the store as it is.")
@click.option("--pygeoapi", "peer", type=click.Path(exists=True, path_type=Path), help="An environment with pygeoapi.")
def main(data: Path, rounds: int, sql_rounds: int, ahead: bool, peer: Path | None) -> None:
    os.environ["DATELINE_FEATURES_AHEAD"] = "no"  # nor while others are timed
    if ahead:
        click.echo(make_ahead(data / "dateline.sqlite"))
    with served(data) as (address, process), _connection(address) as ask:
        asked = list(_addresses(ask))
        before = _cpu_ms(process)
        _show("Dateline", _timed(ask, asked, rounds))
        each = (_cpu_ms(process) - before) / (len(asked) * (rounds + 1))
        click.echo(f"  {'processor time of the server':32}{each:12.1f} a question")
    _show("the same by SQL alone", _by_sql(data, sql_rounds))
    if peer:
        with pygeoapi(data, peer) as (address, started_s):
            click.echo(f"pygeoapi: {started_s:.1f} s to start")
            with _connection(address) as ask:
                found = {"all": {}, "a type": {"event_type": "Battles"}, "a small box": {"bbox": "37.5,48.4,38.3,48.9"}}
                asked = [(name, _address(params)) for name, params in found.items()]
                asked.append(("all, from the middle", _address({"offset": "450000"})))
                _show("pygeoapi", _timed(ask, asked, max(rounds // 4, 2)))


class _connection:
    """One kept connection to a server."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def __enter__(self) -> Ask:
        return self._ask

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _ask(self, path: str) -> bytes:
        self._connection.request("GET", path, headers={"Accept": "application/geo+json"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
        return body


def _cpu_ms(process: int) -> float:
    """The processor time that a process has used, which other processes do not lengthen much."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _address(params: Mapping[str, str]) -> str:
    return f"{ITEMS}?{urlencode({**params, 'limit': LIMIT})}"


def _addresses(ask: Ask) -> Iterator[tuple[str, str]]:
    """Each question; some also from the middle on: by the cursor of a link, and by offset."""
    for name, params in QUESTIONS.items():
        first = json.loads(ask(_address(params)))
        yield name, _address(params)
        if name in DEEP:
            middle = str(first["numberMatched"] // 2)
            page = json.loads(ask(_address({**params, "offset": middle})))
            following = next(link["href"] for link in page["links"] if link["rel"] == "next")
            yield f"{name}, offset {middle}", _address({**params, "offset": middle})
            yield f"{name}, next of that", following[following.index(ITEMS) :]


def _timed(ask: Ask, asked: Sequence[tuple[str, str]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each question, in an order that is never the same."""
    times: dict[str, list[float]] = {name: [] for name, _ in asked}
    order = np.random.default_rng(7)
    for _, path in asked:
        ask(path)
    for _ in range(rounds):
        for number in order.permutation(len(asked)).tolist():
            name, path = asked[number]
            begun = time.perf_counter()
            ask(path)
            times[name].append(1000 * (time.perf_counter() - begun))
    return times


def _by_sql(data: Path, rounds: int) -> dict[str, list[float]]:
    store = open_store(f"sqlite:///{data}/dateline.sqlite")
    times: dict[str, list[float]] = {}
    for name, params in QUESTIONS.items():
        query = EventQuery.from_params({key: [value] for key, value in params.items()})
        for offset in (0, store.count(query) // 2) if name in DEEP else (0,):
            said = f"{name}, offset {offset}" if offset else name
            times[said] = []
            for _ in range(rounds):
                begun = time.perf_counter()
                store.count(query)
                for _piece in store.found(query, LIMIT, offset).texts():  # type: ignore[attr-defined]
                    pass
                times[said].append(1000 * (time.perf_counter() - begun))
    store.close()
    return times


def _show(title: str, times: Mapping[str, Sequence[float]]) -> None:
    click.echo(f"\n{title:34}{'median ms':>12}{'p95 ms':>12}")
    for name, each in times.items():
        click.echo(f"  {name:32}{np.median(each):12.1f}{np.percentile(each, 95):12.1f}")
    every = [time_ for each in times.values() for time_ in each]
    click.echo(f"  {'all of these':32}{np.median(every):12.1f}{np.percentile(every, 95):12.1f}")


if __name__ == "__main__":
    main()
