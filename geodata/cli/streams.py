"""toponyms, geocode: rows in by stdin, rows out by stdout, each written as soon as it is known."""

import csv
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING

import click

from geodata.cli.common import Run, hint, numbered_lines, watched
from geodata.cli.several import in_processes, processes
from geodata.cli.tables import place_rows
from geodata.contracts import PlaceRow
from geodata.errors import UsageError
from geodata.model import Document, Resolution, Source, stable_id
from geodata.sources.encoding import clean_in_place
from geodata.sources.jsonl import field, parse_line
from geodata.sources.stories import day

if TYPE_CHECKING:
    from geodata.workspace import DatelineWorkspace

LOCATED_COLUMNS = ("id", "name", "lon", "lat", "precision", "country", "confidence", "note")
DECIMALS = 6
FILE = click.argument("source", type=click.File("rb"), default="-", metavar="[FILE]")
JOBS = click.option(
    "--jobs",
    default=0,
    type=click.IntRange(0, 64),
    help="Processes to read with; 0, the default: one, or for a big FILE one for each core (DATELINE_WORKERS).",
)
BIG_STORIES, BIG_TABLE = 2_000_000, 8_000_000
"""Bytes of a file from which several processes are done before one, their start included."""
DOCUMENTS_A_BATCH, ROWS_A_BATCH = 16, 1_000


def documents(source: Iterable[bytes], run: Run, name: str, first: int = 1) -> Iterator[Document]:
    """One document a line of {"doc_id"?, "text", "published"?}; offsets are those of the text as given. `first`: the
    number of the source's first line."""
    for number, line in numbered_lines(source, run, name, first):
        try:
            yield _document(line, run.settings.max_story_chars)
        except UsageError as error:
            run.report(name, number, str(error))


def _document(line: str, most: int) -> Document:
    row = parse_line(line)
    text = str(row["text"])
    if len(text) > most:
        raise UsageError(
            f"the text has {len(text):,} characters; accepted: at most {most:,} (DATELINE_MAX_STORY_CHARS)"
        )
    published: date | None = day(field(row, "published"))
    source = Source(url=field(row, "url"), title=field(row, "title"), published=published)
    return Document(field(row, "doc_id") or stable_id(text), clean_in_place(text), source, field(row, "language"))


@click.command("toponyms")
@FILE
@JOBS
@click.pass_obj
def toponyms_command(run: Run, source: IO[bytes], jobs: int) -> None:
    """Find the place names of each text, and where they are.

    Reads JSON Lines {"doc_id", "text"}; writes a line a name: {"doc_id", "start", "end", "text", "name", "lon", "lat",
    "country", "precision", "confidence"}. Offsets count code points; lon and lat are null where the name was not
    resolved.

    \b
    Example:
      echo '{"doc_id": "1", "text": "Shelling hit Kherson."}' | python -m geodata toponyms
    """
    hint(source)
    given = documents(source, run, getattr(source, "name", "input"))
    found: Iterator[list[str]]
    if (jobs := processes(jobs, run.settings, source, BIG_STORIES)) > 1:
        found = in_processes(given, toponym_lines, run.settings, jobs, DOCUMENTS_A_BATCH)
    else:
        found = _toponym_lines(run.workspace, given)
    for lines in watched(found, "documents"):
        for line in lines:
            click.echo(line)
    run.finish()


def toponym_lines(workspace: "DatelineWorkspace", given: Sequence[Document]) -> list[list[str]]:
    """The lines of each document, in order."""
    return list(_toponym_lines(workspace, given))


def _toponym_lines(workspace: "DatelineWorkspace", given: Iterable[Document]) -> Iterator[list[str]]:
    extractor, resolver = workspace.readers()
    for document, names in extractor.toponyms(given):
        found = resolver.resolve(names, document) if names else ()
        yield [json.dumps(_toponym_row(document, resolution), ensure_ascii=False) for resolution in found]


def _toponym_row(document: Document, resolution: Resolution) -> dict[str, object]:
    name, place = resolution.toponym, resolution.place
    return {
        "doc_id": document.doc_id,
        "start": name.span.start,
        "end": name.span.end,
        "text": name.text,
        "name": place.name if place else name.name,
        "lon": round(place.lon, DECIMALS) if place else None,
        "lat": round(place.lat, DECIMALS) if place else None,
        "country": place.country if place else None,
        "precision": place.precision.value if place else None,
        "confidence": round(resolution.confidence if place else name.confidence, 4),
    }


@click.command("geocode")
@FILE
@JOBS
@click.pass_obj
def geocode_command(run: Run, source: IO[bytes], jobs: int) -> None:
    """Locate the places of a table.

    Reads CSV with the columns id, place and any of admin1, admin2, country; writes CSV id, name, lon, lat, precision,
    country, confidence, note. lon and lat are empty where nothing was found. country is ISO 3166-1 alpha-2. A line that
    is not UTF-8 is read as Windows-1252; further columns are passed over.

    \b
    Example:
      printf 'id,place,country\\n1,Bakhmut,Ukraine\\n' | python -m geodata geocode
    """
    rows = place_rows(source, run)
    first = next(rows, None)  # the header is checked before anything is written
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(LOCATED_COLUMNS)
    if first is not None:
        given = chain([first], rows)
        found: Iterator[list[object]]
        if (jobs := processes(jobs, run.settings, source, BIG_TABLE)) > 1:
            found = in_processes(given, located_rows, run.settings, jobs, ROWS_A_BATCH)
        else:
            found = _located_rows(run.workspace, given)
        for row in watched(found, "places"):
            out.writerow(row)
    run.finish()


def located_rows(workspace: "DatelineWorkspace", given: Sequence[PlaceRow]) -> list[list[object]]:
    """The cells of each row's answer, in order."""
    return list(_located_rows(workspace, given))


def _located_rows(workspace: "DatelineWorkspace", given: Iterable[PlaceRow]) -> Iterator[list[object]]:
    asked: deque[PlaceRow] = deque()  # rows taken by the geocoder whose answer is still to come
    for resolution in workspace.table_geocoder.locate(_remembered(given, asked)):
        yield _located(asked.popleft(), resolution)


def _remembered(rows: Iterable[PlaceRow], asked: "deque[PlaceRow]") -> Iterator[PlaceRow]:
    for row in rows:
        asked.append(row)
        yield row


def _located(row: PlaceRow, resolution: Resolution) -> list[object]:
    place = resolution.place
    if place is None:
        note = resolution.note or ("nothing found" if row.place else "no place was given")
        return [row.row_id, "", "", "", "", "", "", note]
    lon, lat = round(place.lon, DECIMALS), round(place.lat, DECIMALS)
    found = [place.name, lon, lat, place.precision.value, place.country, round(resolution.confidence, 4)]
    return [row.row_id, *found, resolution.note]
