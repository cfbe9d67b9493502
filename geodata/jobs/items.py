"""What an import is given and what it tells of itself: items to read, how far it has come, what each file gave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geodata.contracts.tables import ColumnMapping
from geodata.jobs.tables import TableFile, TableProgress, TableResult, table_of
from geodata.sources.pieces import Piece, count_stories, is_stream
from geodata.sources.web import is_web_address
from geodata.workspace import DatelineWorkspace


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come. `total` is 0 where it is not known; `done` counts stories read, known or bad, tables.

    `table` is that which is being read, and how far; None between tables.
    """

    total: int = 0
    done: int = 0
    stories: int = 0
    known: int = 0
    events: int = 0
    problems: int = 0
    table: TableProgress | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something to import: the path of a file, or a web address; and the name to tell it by.

    `format` and `mapping` (`ColumnMapping.to_json`) are what a person said of it; empty: told by the file.
    """

    place: str
    name: str
    format: str = ""
    mapping: str = ""


@dataclass(slots=True)
class FileTally:
    """What one file or address gave; of a table also what became of its rows, and where the receipt lies."""

    stories: int = 0
    events: int = 0
    known: int = 0
    problems: int = 0
    table: TableResult | None = None


def pieces_of(
    workspace: DatelineWorkspace, items: Iterable[Item], format_name: str = ""
) -> Iterator[Piece | TableFile]:
    """The pieces of files and web addresses; a table, which is read when its turn comes, is none."""
    for item in items:
        if is_web_address(item.place):
            yield workspace.intake.fetched_piece(item.place)
            continue
        path, kind = Path(item.place), item.format or format_name
        mapping = ColumnMapping.from_json(item.mapping) if item.mapping else None
        table = table_of(path, item.name, kind, mapping)
        if table is not None:
            yield table
        else:
            yield from workspace.intake.pieces(path, item.name, kind)


def count_of(items: Iterable[Item], format_name: str = "") -> int:
    """How many stories there are to read, as far as that is seen from outside: lines of JSON Lines, else one a file."""
    count = 0
    for item in items:
        try:
            is_long = not is_web_address(item.place) and is_stream(Path(item.place), format_name)
            count += count_stories(Path(item.place)) if is_long else 1
        except OSError:
            count += 1  # told when it is read
    return count
