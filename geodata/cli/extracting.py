"""extract: stories in, their events out, a line each; by several processes and gone on with where it broke off."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import IO

import click

from geodata.cli.common import Run, hint, watched
from geodata.cli.parts import Mark, MarkedLines, PartFile
from geodata.cli.several import processes
from geodata.cli.streams import BIG_STORIES, DECIMALS, DOCUMENTS_A_BATCH, FILE, JOBS, documents
from geodata.errors import UsageError
from geodata.jobs.crew import Crew
from geodata.jobs.worker import Told, read_batch
from geodata.model import Document, Event, Resolution, StoryDraft

CHARS_A_BATCH = 60_000
STOPPED = 130
"""What a shell says of a command that Ctrl-C ended."""
Read = tuple[Sequence[Document], list[Told], Mark]
"""Documents, what each gave, and how far the input was read with the last of them."""


@click.command("extract")
@FILE
@JOBS
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; else standard output.")
@click.option(
    "--resume", is_flag=True, help="Go on with the OUTPUT that was broken off; the same input is given again."
)
@click.pass_obj
def extract_command(run: Run, source: IO[bytes], jobs: int, output: Path | None, resume: bool) -> None:
    """Find the events of each text: what, when and where.

    Reads JSON Lines {"doc_id", "text", "published"}; `published` (a day) is the base of "on Saturday". Writes a line an
    event: {"doc_id", "event_type", "sub_event_type", "start", "end", "place", "quote", "confidence"}. start and end are
    null where no date was found, place is null where none is named; its lon and lat are null where it was not resolved.
    A text that cannot be read is told on standard error and left out.

    \b
    Example:
      python -m geodata extract < stories.jsonl > events.jsonl
      python -m geodata extract stories.jsonl --jobs 4 -o events.jsonl --resume
    """
    if resume and output is None:
        raise UsageError("--resume goes on with a file: name it with -o")
    if resume and output is not None and PartFile.is_finished(output):
        click.echo(f"{output} is finished; nothing to go on with", err=True)
        return
    jobs = processes(jobs, run.settings, source, BIG_STORIES)
    try:
        with PartFile(output, resume) if output else nullcontext() as part:
            _extract(run, source, jobs, part)
    except KeyboardInterrupt:
        if output:
            click.echo(f"\nstopped; --resume goes on with {output}", err=True)
        raise click.exceptions.Exit(STOPPED) from None
    run.finish()


def _extract(run: Run, source: IO[bytes], jobs: int, part: PartFile | None) -> None:
    hint(source)
    lines = MarkedLines(source)
    if part:
        lines.skip(part.done)
    for given, told, mark in watched(_read(run, _batches(run, source, lines), jobs), "batches of documents"):
        for document, answer in zip(given, told, strict=True):
            if answer.problem:
                run.report(f"document {document.doc_id}", 0, answer.problem)
        found = [line for answer in told for line in answer.lines]
        if part:
            part.write(found, mark)
        else:
            for line in found:
                click.echo(line)


def _batches(run: Run, source: IO[bytes], lines: MarkedLines) -> Iterator[tuple[list[Document], Mark]]:
    """A few documents at a time, the same for any number of processes, and the mark behind them."""
    batch: list[Document] = []
    chars = 0
    name, first = getattr(source, "name", "input"), lines.mark.lines + 1
    for document in documents(lines, run, name, first):
        batch.append(document)
        chars += len(document.text)
        if len(batch) >= DOCUMENTS_A_BATCH or chars >= CHARS_A_BATCH:
            yield batch, lines.mark
            batch, chars = [], 0
    if batch:
        yield batch, lines.mark


def _read(run: Run, batches: Iterator[tuple[list[Document], Mark]], jobs: int) -> Iterator[Read]:
    if jobs == 1:
        for batch, mark in batches:
            yield batch, read_batch(run.workspace, batch, tell_lines), mark
        return
    marks: deque[Mark] = deque()

    def given() -> Iterator[list[Document]]:
        for batch, mark in batches:
            marks.append(mark)
            yield batch

    with Crew(type(run.workspace), run.settings, jobs, tell=tell_lines) as crew:
        for read, told in crew.read(given()):
            yield read, told, marks.popleft()


def tell_lines(story: StoryDraft) -> Told:
    """The lines of a story's events."""
    rows = (_event_row(event, story.resolutions.get(event.event_id)) for event in story.events)
    return Told(lines=tuple(json.dumps(row, ensure_ascii=False) for row in rows))


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
