"""import, export, samples: into the store and out of it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from geodata.cli.common import Run, watched
from geodata.contracts import Receipt
from geodata.errors import UsageError
from geodata.export import EXPORTERS
from geodata.query import EventQuery
from geodata.sources import IMPORTERS, SUFFIXES


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option("--format", "format_name", default="", help=f"One of {', '.join(IMPORTERS)}; else told by the content.")
@click.pass_obj
def import_command(run: Run, paths: tuple[Path, ...], format_name: str) -> None:
    """Import stories and event tables into the store, all in one transaction, and print a receipt.

    A PATH may be a folder: its files whose names end as an importer's do are taken. The same file twice changes
    nothing. Files and rows that could not be taken are named with file and line; the others are imported.

    \b
    Example:
      python -m geodata --data ./data import story.html events.csv
    """
    files = [file for path in paths for file in _files(path)]
    receipt = run.workspace.import_files(files, format_name, lambda stories: watched(stories, "stories"))
    _print(run, receipt)
    run.finish()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix.casefold() in SUFFIXES)
    if not found:
        raise UsageError(f"{path} holds no file to import; accepted: {', '.join(SUFFIXES)}")
    return found


def _print(run: Run, receipt: Receipt) -> None:
    total = receipt.added + receipt.changed + receipt.unchanged
    stories = "story" if receipt.stories == 1 else "stories"
    click.echo(f"{total} event{'s' * (total != 1)}, {receipt.stories} {stories}")
    counts = ("added", "changed", "unchanged", "undated", "unplaced")
    for name in counts:
        click.echo(f"  {name:<10} {getattr(receipt, name):>7,}")
    if not total and not receipt.stories and not receipt.notes:
        click.echo("  nothing was imported: the files hold no event and no story")
    for note in receipt.notes:
        click.echo(f"  note: {note}")
    for problem in receipt.problems:
        run.report(problem.where, problem.line, problem.message)


@click.command("export")
@click.option("--format", "format_name", default="geojson", show_default=True, help=f"One of {', '.join(EXPORTERS)}.")
@click.option("--bbox", default="", metavar="W,S,E,N", help="Box in degrees; west > east crosses the antimeridian.")
@click.option("--datetime", default="", metavar="A/B", help="Day, month, year or interval; '..' leaves an end open.")
@click.option("--type", "types", multiple=True, metavar="T", help="Event type; may be given several times.")
@click.option("--sub-type", "sub_types", multiple=True, metavar="T", help="Sub-type; may be given several times.")
@click.option("--q", default="", metavar="WORDS", help="Words of the title, quote or place.")
@click.option("--precision", default="", help="The least exact precision wanted, as admin1.")
@click.option("--status", multiple=True, help="draft, reviewed or rejected; else all but rejected.")
@click.option("--undated", default="", help="include, exclude or only the events without a date.")
@click.option("--unplaced", default="", help="include, exclude or only the events without a place.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; else standard output.")
@click.pass_obj
def export_command(
    run: Run,
    /,
    format_name: str,
    types: Sequence[str],
    sub_types: Sequence[str],
    output: Path | None,
    **given: object,
) -> None:
    """Export the events that answer a query.

    \b
    Example:
      python -m geodata export --bbox 22,44,40,52 --datetime 2022-02/.. --type Battles -o battles.geojson
    """
    if format_name not in EXPORTERS:
        raise UsageError(f"format '{format_name}' is unknown; accepted: {', '.join(EXPORTERS)}")
    params = {name: list(value) if isinstance(value, tuple) else [str(value)] for name, value in given.items()}
    params |= {"type": list(types), "sub_type": list(sub_types)}
    query = EventQuery.from_params(params, tuple(run.workspace.event_types))
    events = watched(run.workspace.store.find(query), "events")
    if output is None:
        EXPORTERS[format_name].write(events, sys.stdout.buffer, query)
        sys.stdout.buffer.flush()
    else:
        part = output.with_name(f"{output.name}.part")  # a broken export never stands under the final name
        try:
            with part.open("wb") as out:
                count = EXPORTERS[format_name].write(events, out, query)
            part.replace(output)
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror or error}") from error
        finally:
            part.unlink(missing_ok=True)
        click.echo(f"{count:,} events in {output}", err=True)
    run.finish()


@click.command("samples")
@click.option("--again", is_flag=True, help="Import them even where this store had them before.")
@click.option("--remove", is_flag=True, help="Take the sample stories and their events out.")
@click.pass_obj
def samples_command(run: Run, again: bool, remove: bool) -> None:
    """Import the sample stories, once: after they were removed, only --again brings them back.

    \b
    Example:
      python -m geodata samples --remove
    """
    if remove:
        click.echo(f"{run.workspace.store.remove_samples()} sample events removed")
        run.finish()
        return
    receipt = run.workspace.import_samples(again, lambda stories: watched(stories, "sample stories"))
    if receipt.stories:
        _print(run, receipt)
    else:
        click.echo("; ".join(receipt.notes))
    run.finish()
