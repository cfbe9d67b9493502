"""The rows of a table of places: CSV as people send it, each oddity told with its line, none taken silently."""

import csv
from collections.abc import Iterator
from typing import IO

import click

from geodata.cli.common import Run, hint
from geodata.contracts import PlaceRow
from geodata.errors import UsageError, shown
from geodata.sources.encoding import clean_in_place

PLACE_COLUMNS = ("id", "place", "admin1", "admin2", "country")
MOST_CELL_CHARS = 131_072
MOST_IDS = 2_000_000
"""Ids that are remembered to tell one that comes again; some 150 MB."""
_MOST_TOLD = 5


def place_rows(source: IO[bytes], run: Run) -> Iterator[PlaceRow]:
    """Each row as the geocoder wants it. UsageError where the header lacks a column or the file is no text."""
    name = getattr(source, "name", "input")
    hint(source)
    csv.field_size_limit(MOST_CELL_CHARS)  # the process's own, which reading tables of events raises
    reader = csv.reader(_lines(source, name), strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader)]
    except StopIteration:  # nothing in, nothing out
        return
    except csv.Error as error:
        raise UsageError(f"{name}, line 1: {error}; the first line must name the columns") from error
    at = _columns(header)
    seen = _Ids(name)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            run.report(name, reader.line_num, f"{error}; the row is left out")
            continue
        if not cells:
            continue
        if len(cells) > len(header):
            run.report(name, reader.line_num, "more cells than the header; the rest was passed over")
        elif len(cells) < len(header):
            run.report(name, reader.line_num, f"{len(cells)} of {len(header)} cells; those missing are taken as empty")
        row = PlaceRow(*(clean_in_place(cells[n]).strip() if 0 <= n < len(cells) else "" for n in at))
        seen.check(row.row_id, reader.line_num)
        yield row


def _columns(header: list[str]) -> list[int]:
    """Where each of our columns stands in the header, -1 where it does not."""
    missing = {"id", "place"} - set(header)
    if missing:
        raise UsageError(
            f"the table lacks the columns {', '.join(sorted(missing))}; accepted: {', '.join(PLACE_COLUMNS)}, "
            f"separated by commas; the first line is {shown(','.join(header))}"
        )
    twice = [column for column in PLACE_COLUMNS if header.count(column) > 1]
    if twice:
        raise UsageError(f"the first line names the column {twice[0]} more than once; which is meant?")
    return [header.index(column) if column in header else -1 for column in PLACE_COLUMNS]


def _lines(source: IO[bytes], name: str) -> Iterator[str]:
    """The lines as text: UTF-8, and one that is not as Windows-1252, which holds all that Latin-1 writes."""
    told = False
    for number, line in enumerate(source, 1):
        if number == 1:
            if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise UsageError(f"{name} is UTF-16; save it as UTF-8")
            if b"\x00" in line:
                raise UsageError(f"{name} is no text (its first line holds NUL bytes); accepted is CSV in UTF-8")
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            if not told:
                told = True
                message = "not UTF-8; it and other such lines are read as Windows-1252 (Latin-1)"
                click.echo(f"{name}, line {number}: {message}", err=True)
            yield line.decode("cp1252", errors="replace")


class _Ids:
    """Tells ids that come again: each row is answered, but who joins the answers by id should know."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[int] = set()
        self._told = 0

    def check(self, row_id: str, line: int) -> None:
        key = hash(row_id)
        if key in self._seen:
            self._told += 1
            if self._told <= _MOST_TOLD:
                more = "; further ones are not told" if self._told == _MOST_TOLD else ""
                click.echo(f"{self._name}, line {line}: the id {shown(row_id)} comes again{more}", err=True)
        elif len(self._seen) < MOST_IDS:
            self._seen.add(key)
