"""toponyms, geocode, extract: rows in by stdin, rows out by stdout, each written as soon as it is known."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import IO

import click

from geodata.cli.common import Run, hint, numbered_lines, watched
from geodata.contracts import PlaceRow
from geodata.errors import UsageError, shown
from geodata.model import Document, Event, Resolution, Source, stable_id
from geodata.pipeline import read_drafts
from geodata.sources.encoding import clean_in_place
from geodata.sources.jsonl import field, parse_line
from geodata.sources.stories import day

PLACE_COLUMNS = ("id", "place", "admin1", "admin2", "country")
LOCATED_COLUMNS = ("id", "name", "lon", "lat", "precision", "country", "confidence", "note")
DECIMALS = 6
FILE = click.argument("source", type=click.File("rb"), default="-", metavar="[FILE]")


def write_json(row: dict[str, object]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))


def documents(source: IO[bytes], run: Run) -> Iterator[Document]:
    """One document a line of {"doc_id"?, "text", "published"?}; offsets are those of the text as given."""
    name = getattr(source, "name", "input")
    for number, line in numbered_lines(source, run, name):
        try:
            yield _document(line, run.settings.max_story_chars)
        except UsageError as error:
            run.report(name, number, str(error))


def _document(line: str, most: int) -> Document:
    row = parse_line(line)
    text = str(row["text"])
    if len(text) > most:
        raise UsageError(f"the text has {len(text):,} characters; accepted: at most {most:,}")
    published: date | None = day(field(row, "published"))
    source = Source(url=field(row, "url"), title=field(row, "title"), published=published)
    return Document(field(row, "doc_id") or stable_id(text), clean_in_place(text), source, field(row, "language"))


@click.command("toponyms")
@FILE
@click.pass_obj
def toponyms_command(run: Run, source: IO[bytes]) -> None:
    """Find the place names of each text, and where they are.

    Reads JSON Lines {"doc_id", "text"}; writes a line a name: {"doc_id", "start", "end", "text", "name", "lon", "lat",
    "country", "precision", "confidence"}. Offsets count code points; lon and lat are null where the name was not
    resolved.

    \b
    Example:
      echo '{"doc_id": "1", "text": "Shelling hit Kherson."}' | python -m geodata toponyms
    """
    extractor, resolver = run.workspace.readers()
    for document, names in watched(extractor.toponyms(documents(source, run)), "documents"):
        for resolution in resolver.resolve(names, document) if names else ():
            write_json(_toponym_row(document, resolution))
    run.finish()


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


@click.command("extract")
@FILE
@click.pass_obj
def extract_command(run: Run, source: IO[bytes]) -> None:
    """Find the events of each text: what, when and where.

    Reads JSON Lines {"doc_id", "text", "published"}; `published` (a day) is the base of "on Saturday". Writes a line an
    event: {"doc_id", "event_type", "sub_event_type", "start", "end", "place", "quote", "confidence"}. start and end are
    null where no date was found, place is null where none is named; its lon and lat are null where it was not resolved.

    \b
    Example:
      python -m geodata extract < stories.jsonl > events.jsonl
    """
    extractor, resolver = run.workspace.readers()
    for story in watched(read_drafts(documents(source, run), extractor, resolver), "documents"):
        for event in story.events:
            write_json(_event_row(event, story.resolutions.get(event.event_id)))
    run.finish()


def _event_row(event: Event, resolution: Resolution | None) -> dict[str, object]:
    return {
        "doc_id": event.doc_id,
        "event_type": event.event_type,
        "sub_event_type": event.sub_event_type,
        "start": event.when.start.isoformat() if event.when else None,
        "end": event.when.end.isoformat() if event.when else None,
        "place": _place(event, resolution),
        "quote": {"start": event.quote_span.start, "end": event.quote_span.end} if event.quote_span else None,
        "confidence": event.confidence,
    }


def _place(event: Event, resolution: Resolution | None) -> dict[str, object] | None:
    if resolution is None:
        return None
    place, span = event.place, resolution.toponym.span
    return {
        "name": place.name if place else resolution.toponym.name,
        "lon": round(place.lon, DECIMALS) if place else None,
        "lat": round(place.lat, DECIMALS) if place else None,
        "precision": place.precision.value if place else None,
        "country": place.country if place else None,
        "start": span.start,
        "end": span.end,
    }


@click.command("geocode")
@FILE
@click.pass_obj
def geocode_command(run: Run, source: IO[bytes]) -> None:
    """Locate the places of a table.

    Reads CSV with the columns id, place and any of admin1, admin2, country; writes CSV id, name, lon, lat, precision,
    country, confidence, note. lon and lat are empty where nothing was found. country is ISO 3166-1 alpha-2.

    \b
    Example:
      printf 'id,place,country\\n1,Bakhmut,Ukraine\\n' | python -m geodata geocode
    """
    rows = place_rows(source, run)
    first = next(rows, None)  # the header is checked before anything is written
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(LOCATED_COLUMNS)
    if first is not None:
        asked: list[PlaceRow] = []  # rows taken by the geocoder whose answer is still to come
        answers = run.workspace.table_geocoder.locate(_remembered(first, rows, asked))
        for resolution in watched(answers, "places"):
            out.writerow(_located(asked.pop(0), resolution))
    run.finish()


def place_rows(source: IO[bytes], run: Run) -> Iterator[PlaceRow]:
    name = getattr(source, "name", "input")
    hint(source)
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.DictReader(text, restkey="", restval="")
    if reader.fieldnames is None:  # nothing in, nothing out
        return
    missing = {"id", "place"} - set(reader.fieldnames)
    if missing:
        raise UsageError(
            f"the table lacks the columns {', '.join(sorted(missing))}; accepted: {', '.join(PLACE_COLUMNS)}, "
            f"separated by commas; the first line is {shown(','.join(reader.fieldnames))}"
        )
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            run.report(name, reader.line_num, str(error))
            continue
        if "" in row:
            run.report(name, reader.line_num, "more cells than the header; the rest was passed over")
        cells = [clean_in_place(row.get(column) or "").strip() for column in PLACE_COLUMNS]
        if any("\ufffd" in cell for cell in cells):
            run.report(name, reader.line_num, "not UTF-8; what could not be read was replaced")
        yield PlaceRow(*cells)


def _remembered(first: PlaceRow, rows: Iterator[PlaceRow], asked: list[PlaceRow]) -> Iterator[PlaceRow]:
    asked.append(first)
    yield first
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
