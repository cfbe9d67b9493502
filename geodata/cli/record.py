"""export, samples: out of the store, and what it starts with."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from geodata.allowed import Release
from geodata.cli.common import Run, watched
from geodata.cli.importing import print_receipt
from geodata.contracts import Exported, Exporter, ExportOptions
from geodata.errors import UsageError
from geodata.export import format_of
from geodata.features import Found
from geodata.model import Event
from geodata.query import EventQuery


def _exporters(run: Run) -> Mapping[str, Exporter]:
    """The formats of the stages, and those that `mapping` makes: the map as a page, as a picture, as a sheet."""
    from mapping.exporters import further_exporters

    run.workspace.add_exporters(further_exporters(run.workspace))
    return run.workspace.exporters


def _list_formats(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    for name, exporter in _exporters(context.obj).items():
        again = " Can be imported again without loss." if exporter.lossless else ""
        click.echo(f"{name:11}{exporter.suffix:15}{exporter.title}: {exporter.good_for}.{again}")
    context.exit()


@click.command("export")
@click.option("--format", "format_name", default="", help="As --list has it; else by the suffix of -o, else geojson.")
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list_formats, help="List the formats."
)
@click.option("--bbox", default="", metavar="W,S,E,N", help="Box in degrees; west > east crosses the antimeridian.")
@click.option("--datetime", default="", metavar="A/B", help="Day, month, year or interval; '..' leaves an end open.")
@click.option("--type", "types", multiple=True, metavar="T", help="Event type; may be given several times.")
@click.option("--sub-type", "sub_types", multiple=True, metavar="T", help="Sub-type; may be given several times.")
@click.option("-q", "--q", default="", metavar="WORDS", help="Words of the title, quote or place.")
@click.option("--precision", default="", help="The least exact precision wanted, as admin1.")
@click.option("--status", multiple=True, help="draft, reviewed or rejected; else all but rejected.")
@click.option("--near", default="", metavar="LON,LAT,KM", help="At most so many kilometres from a position.")
@click.option("--polygon", default="", metavar="LON,LAT,...", help="Inside this ring of corners.")
@click.option(
    "--country", multiple=True, metavar="CODE", help="Country of the place, as UA; may be given several times."
)
@click.option("--admin1", default="", metavar="NAME", help="First-level area of the place; with its --country.")
@click.option("--source", multiple=True, metavar="NAME", help="Publisher, in full; may be given several times.")
@click.option("--actor", default="", metavar="WORDS", help="Words of an actor.")
@click.option("--fatalities", default="", metavar="N", help="At least so many deaths reported.")
@click.option("--surely", is_flag=True, help="Only events all of whose possible days lie in --datetime.")
@click.option("--undated", default="", help="include, exclude or only the events without a date.")
@click.option("--unplaced", default="", help="include, exclude or only the events without a place.")
@click.option(
    "--areas",
    type=click.Choice(["point", "circle"]),
    default="point",
    help="circle: places as wide as they are known (GeoJSON, KML).",
)
@click.option("--generalise", default=0, type=click.IntRange(0), metavar="KM", help="Round positions to so many km.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File; else standard output.")
@click.pass_obj
def export_command(
    run: Run,
    /,
    format_name: str,
    types: Sequence[str],
    sub_types: Sequence[str],
    output: Path | None,
    surely: bool,
    areas: str,
    generalise: int,
    **given: object,
) -> None:
    """Export the events that answer a query.

    Events whose source's terms do not allow passing them on (ACLED) are left out unless DATELINE_EXPORT_RESTRICTED is
    yes; what is left out is told.

    \b
    Example:
      python -m geodata export --bbox 22,44,40,52 --datetime 2022-02/.. --type Battles -o battles.gpkg
      python -m geodata export --near 38.0,48.6,25 --country UA --fatalities 1 -q shelling --format csv
    """
    exporters = _exporters(run)
    name = format_of(format_name, output.name if output else "", exporters)
    exporter = exporters[name]
    params = {key: list(value) if isinstance(value, tuple) else [str(value)] for key, value in given.items()}
    params |= {"type": list(types), "sub_type": list(sub_types), "dates": ["surely"] if surely else []}
    query = EventQuery.from_params(params, tuple(run.workspace.event_types))
    release, store = Release.of(run.settings, generalise), run.workspace.store
    options = ExportOptions(areas == "circle", release.left_out(store, query))
    events = _watched(release.found(store, query))
    if output is None:
        done = exporter.write(events, sys.stdout.buffer, query, options)
        sys.stdout.buffer.flush()
    else:
        done = _to_file(exporter, events, output, query, options)
        click.echo(f"{done.count:,} events in {output}", err=True)
    for line in (*options.left_out, *done.left_out):
        click.echo(f"left out: {line}", err=True)
    run.finish()


def _to_file(
    exporter: Exporter, events: Iterable[Event], output: Path, query: EventQuery, options: ExportOptions
) -> Exported:
    part = output.with_name(f"{output.name}.part")  # a broken export never stands under the final name
    try:
        with part.open("wb") as out:
            done = exporter.write(events, out, query, options)
        part.replace(output)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return done


def _watched(found: Iterable[Event]) -> Iterable[Event]:
    """The same with a count that moves, however the exporter reads them."""
    if not isinstance(found, Found):
        return watched(found, "events")
    return Found(
        lambda: watched(found.events(), "events"),
        lambda: watched(found.texts(), "events", lambda piece: piece.count),
    )


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
        print_receipt(receipt)
    else:
        click.echo("; ".join(receipt.notes))
    run.finish()
