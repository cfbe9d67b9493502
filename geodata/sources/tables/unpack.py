"""A sheet of a workbook as CSV, in a process of its own, which `workbook` starts.

A small workbook can swell to any size in memory, and the library that reads it ends the process when memory does. So it
runs apart, under a limit, and what it writes is read as a stream. The first column is the row's number in the sheet.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MOST_MEMORY_BYTES = 3_000_000_000
HEAD_ROWS = 20
BAD_FILE, TOO_LARGE = 3, 4


def main(command: str, path: str, *more: str) -> int:
    _limit()
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(path)
        if command == "list":
            print(json.dumps([_about(book, name) for name in book.sheet_names]))
        else:
            _write(book.get_sheet_by_name(more[0]), Path(more[1]))
    except calamine.PasswordError:
        print("it has a password", file=sys.stderr)
        return BAD_FILE
    except (calamine.CalamineError, OSError, ValueError) as error:
        print(str(error) or type(error).__name__, file=sys.stderr)
        return BAD_FILE
    except MemoryError:
        return TOO_LARGE
    return 0


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))


def _about(book: Any, name: str) -> Mapping[str, object]:
    """A sheet's name, its size and its first rows."""
    sheet = book.get_sheet_by_name(name)
    head = [row for _, row in zip(range(HEAD_ROWS), _rows(sheet), strict=False)]
    return {"name": name, "rows": sheet.total_height, "head": [cells for _, cells in head]}


def _write(sheet: Any, place: Path) -> None:
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, cells in _rows(sheet):
            writer.writerow([number, *cells])
    print(json.dumps({"merged": len(sheet.merged_cell_ranges or ())}))


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each row, those of ranges merged downward all with the value of their first."""
    first_row, first_column = sheet.start or (0, 0)
    merged = _merged(sheet, first_column)
    held: dict[tuple[int, int], str] = {}
    for number, values in enumerate(sheet.iter_rows(), first_row):
        cells = [_text(value) for value in values]
        for column, origin in merged.get(number, ()):
            if column < len(cells):
                if origin == (number, column):
                    held[origin] = cells[column]
                cells[column] = held.get(origin, cells[column])
        yield number + 1, cells


def _merged(sheet: Any, left: int) -> Mapping[int, Sequence[tuple[int, tuple[int, int]]]]:
    """For each row, its columns that belong to a merged range, with the range's first cell; counted from `left`.

    A range over several columns stands in its first: it is a heading, or a remark over the whole row.
    """
    found: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    for (top, west), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, top + 1_000_000) + 1):
            if west >= left:
                found.setdefault(row, []).append((west - left, (top, west - left)))
    return found


def _text(value: object) -> str:
    """A cell as text: a whole number without decimals, a day without midnight."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) or value is not None else ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
