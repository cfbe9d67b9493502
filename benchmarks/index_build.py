"""Building the column index, its bytes, reading its columns from a store, extending it, and how all grows with data.

    python -m benchmarks.index_build [COUNT...] [--store FOLDER]        by default 100000 1000000 10000000

With --store, the columns are read from the store in that data folder (make_events --store makes one), which is then
brought up to date by one changed event; the store is left as it was found. The growth is of the same question at ten
times as many events.
"""

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.index_data import made_columns, milliseconds, screen
from geodata.answers import EventColumns, StoreChanges
from geodata.geometry import BBox
from geodata.index import ColumnIndex
from geodata.model import Status
from geodata.query import EventQuery
from geodata.store import open_store
from geodata.timespan import Interval

WEEKS, MONTHS = Interval(date(2023, 3, 1), date(2023, 4, 15)), Interval(date(2023, 3, 1), date(2023, 8, 31))
FIVE_YEARS = Interval(date(2022, 1, 1), date(2026, 12, 31))
KYIV = (30.52, 50.45)


def one_changed(columns: EventColumns) -> StoreChanges:
    """The first event, with another day."""
    first = slice(0, 1)
    named = {
        name: replace(column, code=column.code[first])
        for name in ("event_type", "sub_event_type", "precision", "status", "source")
        for column in [getattr(columns, name)]
    }
    numbers = {
        name: getattr(columns, name)[first]
        for name in ("row_id", "lon_e7", "lat_e7", "start_day", "end_day", "fatalities")
    }
    return StoreChanges(columns.row_id[first], EventColumns(**numbers, **named))


def questions(index: ColumnIndex) -> dict[str, Callable[[], Any]]:
    """What a person does on the page; each is asked of the whole world or of one screen."""

    def view(box: BBox | None, zoom: int, **fields: Any) -> Callable[[], Any]:
        return lambda: index.view(EventQuery(bbox=box, **fields), zoom, unit="week", axis=FIVE_YEARS)

    battles = ("Battles", "Protests")
    return {
        "count, half a year and two types": lambda: index.rows(EventQuery(datetime=MONTHS, types=battles), limit=0),
        "first page of the list": lambda: index.rows(EventQuery(), limit=50),
        "world, all": view(None, 2),
        "world, six weeks": view(None, 2, datetime=WEEKS),
        "world, half a year and two types": view(None, 2, datetime=MONTHS, types=battles),
        "zoom 6, six weeks": view(screen(*KYIV, 6), 6, datetime=WEEKS),
        "zoom 9, half a year": view(screen(*KYIV, 9), 9, datetime=MONTHS),
        "zoom 12, all": view(screen(*KYIV, 12), 12),
    }


def measure(count: int) -> dict[str, float]:
    columns = made_columns(count)
    begun = time.process_time()
    index = ColumnIndex.build(columns)
    found = {"build, s of processor": time.process_time() - begun, "bytes an event": index.bytes_used / count}
    changes = one_changed(columns)
    found["extend by one event, ms"] = milliseconds(lambda: index.extended(changes), 3)
    found.update({f"{name}, ms": milliseconds(work, 9) for name, work in questions(index).items()})
    return found


def print_growth(counts: list[int]) -> None:
    results = [measure(count) for count in counts]
    print(f"{'':42}" + "".join(f"{count:>12,}" for count in counts) + "   growth")
    for name in results[0]:
        values = [result[name] for result in results]
        growth = " ".join(f"{after / before:.1f}x" for before, after in pairwise(values))
        print(f"{name:42}" + "".join(f"{value:>12.2f}" for value in values) + f"   {growth}")


def print_store(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder / 'dateline.sqlite'}")

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        answer = work()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        print(f"{name:42}{processor:>9.2f} s of processor{wall:>9.2f} s")
        return answer

    columns = timed("columns of the store", store.columns)
    index = timed(f"index of {len(columns):,} events", lambda: ColumnIndex.build(columns))
    row = int(columns.row_id[np.argmax(columns.row_id)])
    (event,) = store.get_rows([row])
    other = Status.REVIEWED if event.status is Status.DRAFT else Status.DRAFT
    try:
        store.set_status([event.event_id], other)
        changes = timed("what changed: one event", lambda: store.changes_since(columns.version))
        timed("index extended", lambda: index.extended(changes))
    finally:
        store.set_status([event.event_id], event.status)
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("counts", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args()
    if asked.store:
        print_store(asked.store)
    else:
        print_growth(asked.counts)
    print(f"most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB")


if __name__ == "__main__":
    main()
