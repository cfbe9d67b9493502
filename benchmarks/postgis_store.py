"""A store in PostgreSQL with PostGIS against one in SQLite, with the same made events in one run: load, index, words.

    tools/postgres.sh .venv/bin/python -m benchmarks.postgis_store 100000

The server is the private one that `tools/postgres.sh` starts (fsync off), or the one at DATELINE_TEST_POSTGIS. Each
line is the best of `--rounds`, but for the load, which is done once. CPU time is ours; the server's comes on top.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from benchmarks.make_events import make
from benchmarks.write_events import events
from geodata.contracts.loading import Origin
from geodata.contracts.tables import Row
from geodata.query import EventQuery
from geodata.store import open_store
from geodata.store.copying import copy_store
from geodata.store.sql import SqlStore

WORDS = ("kherson", "war*", '"told of it"', "повідомлення", "附近")
ORIGIN = Origin("made", "made")


@click.command(help=__doc__)
@click.argument("count", type=click.IntRange(1_000, 10_000_000), default=100_000)
@click.option("--rounds", default=3, show_default=True)
@click.option("--copy", is_flag=True, help="Measure copying the store in SQLite to the server too.")
def main(count: int, rounds: int, copy: bool) -> None:
    server = os.environ.get("DATELINE_TEST_POSTGIS", "")
    if not server:
        raise click.UsageError("DATELINE_TEST_POSTGIS is not set; start this by tools/postgres.sh")
    made = make(count)

    def rows() -> Iterator[Row]:
        for line, event in enumerate(events(made), 1):
            yield Row(line, event, ())

    begun = time.process_time()
    for _ in rows():
        pass
    making = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        file = f"sqlite:///{Path(folder)}/dateline.sqlite"
        stores = {"SQLite": _opened(file), "PostGIS": _opened(server)}
        click.echo(f"{count:,} events; {making:.1f} s of the loads is making them")
        _line("", *stores, "PostGIS : SQLite")
        loads = [_timed(lambda store=store: store.load(rows(), ORIGIN)) for store in stores.values()]
        _line("load, rows a second", *(f"{count / (wall - making):,.0f}" for wall, _ in loads), _ratio(loads, 0))
        _line("load, our CPU seconds", *(f"{cpu:.1f}" for _, cpu in loads), _ratio(loads, 1))
        asked: dict[str, Callable[[SqlStore], object]] = {
            "columns (index at start), s": lambda store: store.columns(),
            **{f"rows with {words}, s": _words(words) for words in WORDS},
            "1,000 events by row, s": lambda store: store.get_rows(range(1, count, max(1, count // 1_000))),
            "one event by id, s": lambda store: store.get("made-00000123"),
            "version, s": lambda store: store.version(),
            "save one event, s": _save,
        }
        for name, ask in asked.items():
            times = [_best(lambda store=store, ask=ask: ask(store), rounds) for store in stores.values()]
            _line(name, *(f"{wall:.4f}" for wall, _ in times), _ratio(times, 0))
        if copy:
            for store in stores.values():
                store.close()
            _copied(file, server, count)


def _opened(url: str) -> SqlStore:
    store = open_store(url)
    assert isinstance(store, SqlStore)
    return store


def _words(words: str) -> Callable[[SqlStore], object]:
    return lambda store: store.rows_matching(EventQuery(text=words))


def _save(store: SqlStore) -> object:
    event = store.get("made-00000123")
    return store.set_status([event.event_id], type(event.status)("reviewed" if event.status == "draft" else "draft"))


def _copied(file: str, server: str, count: int) -> None:
    from sqlalchemy import create_engine

    address = make_url(server)
    engine = create_engine(address.set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE copied")
    try:
        target = address.set(database="copied").render_as_string(hide_password=False)
        wall, cpu = _timed(lambda: copy_store(file, target))
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE copied WITH (FORCE)")
    click.echo(f"copy from SQLite with proof: {count / wall:,.0f} events a second, our CPU {cpu:.1f} s")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of our processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def _best(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    return min(_timed(work) for _ in range(rounds))


def _ratio(times: list[tuple[float, float]], which: int) -> str:
    return f"{times[1][which] / times[0][which]:.1f}x the time"


def _line(name: str, *values: str) -> None:
    click.echo(f"{name:<32}" + "".join(f"{value:>20}" for value in values))


if __name__ == "__main__":
    main()
