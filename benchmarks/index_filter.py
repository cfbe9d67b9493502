"""Filter and count over the column index, against one pass over the index's bytes at memory speed (numpy's sum).

python -m benchmarks.index_filter [COUNT...]        by default 1000000 10000000
"""

import sys
from datetime import date

import numpy as np

from benchmarks.index_data import made_columns, milliseconds
from geodata.geometry import BBox
from geodata.index import ColumnIndex
from geodata.query import EventQuery
from geodata.timespan import Interval

YEAR = Interval(date(2023, 7, 1), date(2024, 6, 30))
UKRAINE = BBox(22, 44, 40.3, 52.5)
TYPES = ("Battles", "Protests", "Violence against civilians")
QUESTIONS = {
    "all that is not rejected": EventQuery(),
    "a year": EventQuery(datetime=YEAR),
    "a year, surely": EventQuery(datetime=YEAR, dates="surely"),
    "three types": EventQuery(types=TYPES),
    "a year, three types": EventQuery(datetime=YEAR, types=TYPES),
    "a year, three types, a country's box": EventQuery(bbox=UKRAINE, datetime=YEAR, types=TYPES),
    "a box of half of all": EventQuery(bbox=BBox(20, 20, 60, 60)),
    "two sub-types": EventQuery(sub_types=("Armed clash", "Peaceful protest")),
    "a source, ten deaths at least": EventQuery(source=("Paper 0",), fatalities=10),
}


def one_pass(index: ColumnIndex) -> list[np.ndarray]:
    """The index's columns as words of 8 bytes, so that numpy adds them up at the speed of memory."""
    layout = index.layout
    columns = (getattr(layout, name) for name in ("row_id", "lon", "lat", "code", "start", "kind", "source", "deaths"))
    return [column[: len(column) // 8 * 8].view(np.int64) for column in columns]


def main() -> None:
    for count in [int(text) for text in sys.argv[1:]] or [1_000_000, 10_000_000]:
        index = ColumnIndex.build(made_columns(count))
        words = one_pass(index)
        peer = milliseconds(lambda: [column.sum() for column in words], 15)  # noqa: B023
        print(f"\n{count:,} events, {index.bytes_used / count:.1f} bytes each; numpy's sum over them {peer:.2f} ms")
        print(f"{'filter':40}{'counted':>12}{'ms':>9}{'ratio':>8}")
        for name, query in QUESTIONS.items():
            taken = milliseconds(lambda: index.rows(query, limit=0), 15)  # noqa: B023
            counted = index.rows(query, limit=0)[0]
            print(f"{name:40}{counted:>12,}{taken:>9.2f}{taken / peer:>8.2f}")


if __name__ == "__main__":
    main()
