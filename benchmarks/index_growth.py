"""What a view of the map costs as the data grows ten times, and again: the index of 100,000 to 10 million events.

    python -m benchmarks.index_growth [COUNT...]        by default 100000 1000000 10000000

The views are index_clusters' (a screen at a zoom from the world to a town, an interval of days, some types), drawn
around events of each size of data. Processor time, the least of some runs of each view, so that a busy machine says
the same.
"""

import sys
import time

from benchmarks.index_data import View, made_columns, quantiles, random_views
from geodata.index import ColumnIndex
from geodata.query import EventQuery

VIEWS, TIMES = 60, 3
REACH = 3.0


def least_ms(index: ColumnIndex, view: View) -> float:
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        index.view(view.query, view.zoom)
        taken.append(1000 * (time.process_time() - begun))
    return min(taken)


def main() -> None:
    counts = [int(text) for text in sys.argv[1:]] or [100_000, 1_000_000, 10_000_000]
    print(f"{'events':>12}{'median ms':>12}{'p95 ms':>12}{'world ms':>12}{'x median':>12}{'x p95':>12}{'x world':>12}")
    before: list[float] = []
    for count in counts:
        columns = made_columns(count)
        views = list(random_views(columns, VIEWS))
        index = ColumnIndex.build(columns)
        del columns
        world = least_ms(index, View(EventQuery(), 2))
        found = [*quantiles([least_ms(index, view) for view in views]), world]
        grown = [f"{now / then:>12.2f}" for now, then in zip(found, before, strict=False)]
        print(f"{count:>12,}{''.join(f'{ms:>12.2f}' for ms in found)}{''.join(grown)}", flush=True)
        before = found
    print(f"interaction is to grow less than {REACH:g}x for ten times the events")


if __name__ == "__main__":
    main()
