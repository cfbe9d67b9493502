"""import: stories, feeds and tables into the store, with progress, and a receipt of what became of each."""

import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from geodata.cli.common import PROGRESS_S, Run
from geodata.cli.mappings import Said, mapped, mapping_options
from geodata.contracts import Receipt, RowProblem
from geodata.errors import UsageError
from geodata.jobs import FileTally, Import, Item, Progress, count_of, pieces_of
from geodata.jobs.tables import TableProgress, TableResult
from geodata.sources import IMPORTERS, SUFFIXES
from geodata.sources.tables.receipt import summary
from geodata.sources.web import is_web_address

if TYPE_CHECKING:
    from geodata.jobs.cluster import Cluster

STOPPED = 130  # what a shell says of a command that Ctrl-C ended
CLEAR = "\r\x1b[K"


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "format_name", default="", help=f"One of {', '.join(IMPORTERS)}; else told by the content.")
@click.option("--again", is_flag=True, help="Read stories anew that were read before, as after an update of Dateline.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row of tables, and change nothing.")
@click.option("--all-or-nothing", is_flag=True, help="Import only if no row of a table is rejected.")
@click.option("--receipt", "copy_to", type=click.Path(path_type=Path), help="Copy the receipt of a table to this file.")
@click.option("--scheduler", default="", help="Let a Dask cluster read: tcp://HOST:PORT, or `local` for one made here.")
@mapping_options
@click.pass_obj
def import_command(
    run: Run,
    paths: tuple[str, ...],
    format_name: str,
    again: bool,
    dry_run: bool,
    all_or_nothing: bool,
    copy_to: Path | None,
    scheduler: str,
    said: Said,
) -> None:
    """Import stories, feeds and event tables into the store, and print a receipt.

    A PATH may be a folder: its files whose names end as an importer's do are taken, those of folders in it too. It may
    be a web address where DATELINE_FETCH_URLS is yes. Stories are kept batch by batch, each table in one transaction.
    Ctrl-C stops: what was read stays, and the same command goes on from there, as it does after a crash. What could
    not be taken is named with file and line; the others are imported. Many stories are read by several processes
    (DATELINE_WORKERS), or by many machines: see `scheduler` and `worker`. Their result is the same.

    The columns of a table are told by their names and contents. What could mean two things (3/4/2022, swapped
    coordinates, sheets) is asked at a terminal, or answered by options; nothing of it is guessed unseen. Each table
    leaves a receipt with what became of every row, and can be taken back: see `imports` and `undo`.

    \b
    Example:
      python -m geodata --data ./data import story.html feed.rss stories/ events.csv
      python -m geodata import incidents.xlsx --map place=Town --date-order dmy --dry-run
    """
    if format_name and format_name not in IMPORTERS:
        raise UsageError(f"format '{format_name}' is unknown; accepted: {', '.join(IMPORTERS)}")
    items = mapped([item for path in paths for item in items_of(path)], said, run.settings, format_name)
    if all_or_nothing and not dry_run:
        _check_all(run, items, format_name)
    line = _Line(run)
    with _stopped_by_ctrl_c() as stop, _cluster(run, scheduler, stop) as cluster:
        job = Import(
            run.workspace, again=again, stop=stop, report=line.report, tell=line.tell, dry_run=dry_run, cluster=cluster
        )
        receipt = job.run(pieces_of(run.workspace, items, format_name), count_of(items, format_name))
    line.end()
    results = {name: tally.table for name, tally in job.files.items() if tally.table is not None}
    took_nothing = not (receipt.stories or receipt.added or receipt.changed or receipt.unchanged)
    if receipt.problems and took_nothing and not job.was_stopped and not job.known and not results:
        raise UsageError("nothing was imported; see above")
    print_receipt(receipt)
    if len(job.files) > 1:
        _print_files(job.files)
    for name, result in results.items():
        print_table(name, result)
    _copy_receipt(copy_to, list(results.values()))
    if job.was_stopped:
        click.echo("stopped: what was read is kept, and the same command goes on from here", err=True)
        raise click.exceptions.Exit(STOPPED)
    run.finish()


def _cluster(run: Run, scheduler: str, stop: Callable[[], bool]) -> "AbstractContextManager[Cluster | None]":
    if not scheduler:
        return nullcontext()
    from geodata.jobs.cluster import Cluster

    return Cluster(run.workspace, scheduler, stop)


def print_table(name: str, result: TableResult) -> None:
    """What became of the rows of a table, where its receipt lies, and how it is taken back."""
    first, *more = summary(name, result.receipt)
    click.echo(first)
    for text in more:
        click.echo(f"  {text}")
    click.echo(f"  receipt: {result.receipt_file}")
    if result.receipt.can_undo:
        click.echo(f"  to take it back: python -m geodata undo {result.receipt.import_id}")


def _check_all(run: Run, items: list[Item], format_name: str) -> None:
    """UsageError where a row of a table would be rejected; nothing is changed."""
    line = _Line(run)
    trial = Import(run.workspace, report=line.report, tell=line.tell, dry_run=True)
    trial.run(pieces_of(run.workspace, items, format_name), count_of(items, format_name))
    line.end()
    for name, tally in trial.files.items():
        if tally.table is not None and tally.table.receipt.rejected:
            print_table(name, tally.table)
            rejected = tally.table.receipt.rejected
            raise UsageError(f"{name}: {rejected:,} row{'s' * (rejected != 1)} would be rejected; nothing was imported")
    run.bad_rows = 0  # they are told again when they are taken


def _copy_receipt(place: Path | None, results: list[TableResult]) -> None:
    if place is None:
        return
    if len(results) != 1:
        raise UsageError(f"--receipt is for one table, not {len(results)}; the receipts lie where it is said above")
    try:
        shutil.copyfile(results[0].receipt_file, place)
    except OSError as error:
        raise UsageError(f"the receipt cannot be written to {place}: {error.strerror or error}") from error


def items_of(path: str) -> list[Item]:
    """The files that a path or address names; UsageError where there is none."""
    if is_web_address(path):
        return [Item(path, path)]
    place = Path(path)
    if not place.exists():
        raise UsageError(f"'{path}' does not exist; accepted: a file, a folder, or an address that begins with http")
    if not place.is_dir():
        return [Item(path, place.name)]
    found = sorted(file for file in place.rglob("*") if file.is_file() and file.suffix.casefold() in SUFFIXES)
    if not found:
        raise UsageError(f"{path} holds no file to import; accepted: {', '.join(SUFFIXES)}")
    return [Item(str(file), file.relative_to(place).as_posix()) for file in found]


def print_receipt(receipt: Receipt) -> None:
    total = receipt.added + receipt.changed + receipt.unchanged
    stories = "story" if receipt.stories == 1 else "stories"
    click.echo(f"{total} event{'s' * (total != 1)}, {receipt.stories} {stories}")
    for name in ("added", "changed", "unchanged", "undated", "unplaced"):
        click.echo(f"  {name:<10} {getattr(receipt, name):>7,}")
    if not total and not receipt.stories and not receipt.notes:
        click.echo("  nothing was imported: the files hold no event and no story")
    for note in receipt.notes:
        click.echo(f"  note: {note}")


def _print_files(files: Mapping[str, FileTally]) -> None:
    for name, tally in files.items():
        stories = f"{tally.stories:,} {'story' if tally.stories == 1 else 'stories'}" if tally.stories else ""
        parts = [
            stories,
            f"{tally.events:,} event{'s' * (tally.events != 1)}" if tally.events or tally.stories else "",
            f"{tally.known:,} read before" if tally.known else "",
            f"{tally.problems:,} problem{'s' * (tally.problems != 1)}" if tally.problems else "",
        ]
        click.echo(f"  file {name}: {', '.join(filter(None, parts)) or 'nothing in it'}")


@contextmanager
def _stopped_by_ctrl_c() -> Iterator["_Stop"]:
    stop = _Stop()
    former = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, former)


class _Stop:
    """Asked for by the first Ctrl-C; the second ends the command at once."""

    def __init__(self) -> None:
        self.is_asked = False

    def __call__(self) -> bool:
        return self.is_asked

    def ask(self, number: int, frame: FrameType | None) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        click.echo("\nstopping after the stories that are being read; Ctrl-C again ends it at once", err=True)


class _Line:
    """The line of progress on stderr, where that is a terminal; problems go above it."""

    def __init__(self, run: Run) -> None:
        self._run, self._is_seen = run, sys.stderr.isatty()
        self._started = self._told = time.monotonic()

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if not self._is_seen or now - self._told < PROGRESS_S:
            return
        self._told = now
        rate = progress.stories / max(now - self._started, 0.1)
        parts = [
            f"{progress.done:,} of {progress.total:,}" if progress.total else f"{progress.done:,}",
            f"{progress.events:,} events",
            f"{progress.known:,} read before" if progress.known else "",
            f"{progress.problems:,} problems" if progress.problems else "",
            f"{rate:.1f} stories/s" if progress.stories else "",
            _table_line(progress.table),
        ]
        click.echo(CLEAR + ", ".join(filter(None, parts)), err=True, nl=False)

    def report(self, problem: RowProblem) -> None:
        if self._is_seen:
            click.echo(CLEAR, err=True, nl=False)
        self._run.report(problem.where, problem.line, problem.message)

    def end(self) -> None:
        if self._is_seen:
            click.echo(CLEAR, err=True, nl=False)


def _table_line(table: TableProgress | None) -> str:
    if table is None:
        return ""
    share = f" ({table.done_bytes / table.total_bytes:.0%})" if table.total_bytes else ""
    return f"{table.name}: {table.rows:,} rows{share}"
