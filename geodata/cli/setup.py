"""gazetteer, settings, serve: setting up, and starting the web application."""

from dataclasses import fields, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.cli.common import Run
from geodata.settings import PREFIX, Settings, hidden

if TYPE_CHECKING:
    from geodata.webhooks import Courier
    from geodata.workspace import DatelineWorkspace


@click.group("gazetteer")
def gazetteer_group() -> None:
    """Build the gazetteer, add GeoNames dumps to it, tell what is in it, search it."""


@gazetteer_group.command("build")
@click.option("--force", is_flag=True, help="Build it again even where it is there.")
@click.pass_obj
def build_command(run: Run, force: bool) -> None:
    """Build the gazetteer from the installed packages, once; what was added to it is put back.

    \b
    Example:
      python -m geodata gazetteer build --force
    """
    from geodata.geocode.additions import build_with_additions

    target = run.settings.gazetteer_path
    target.parent.mkdir(parents=True, exist_ok=True)
    report = build_with_additions(target, force=force, progress=_tell)
    what = f"built in {report.seconds:.1f} s" if report.built else "up to date"
    size_mb = report.size_bytes / 1e6
    click.echo(f"{report.path}: {what}, {report.places:,} places, {report.names:,} names, {size_mb:.0f} MB")


@gazetteer_group.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--credit", default="", help="Whom the data is to be credited to, and its licence; `info` shows it.")
@click.pass_obj
def add_command(run: Run, files: tuple[Path, ...], credit: str) -> None:
    """Add GeoNames country dumps, or alternateNamesV2, to the gazetteer: .zip or .txt, parted by tabs, in UTF-8.

    A dump has GeoNames' 19 columns. A place that is there already (the same geonameid, or a shared name within
    3 km) gains names; a place without admin codes gets the areas of the known towns around it. Rows that cannot be
    used are told with their line and left out; where many are bad, nothing is changed. A dump of the same name
    replaces the former. A running server moves to the new gazetteer with its next answer.

    \b
    Example:
      python -m geodata gazetteer add UA.zip --credit "GeoNames, CC BY 4.0"
      python -m geodata gazetteer add PL.zip RO.zip alternateNamesV2.zip
    """
    from geodata.geocode.additions import add_dumps

    for done in add_dumps(run.settings.gazetteer_path, files, credit, _tell):
        left_out = f", {done.bad:,} rows left out" if done.bad else ""
        what = f"{done.added:,} places added, {done.merged:,} merged, " if done.is_places else ""
        click.echo(f"{done.name}: {done.rows:,} rows, {what}{done.names:,} names{left_out}")


@gazetteer_group.command("remove")
@click.argument("name")
@click.pass_obj
def remove_command(run: Run, name: str) -> None:
    """Take a dump that was added out of the gazetteer again, by the name that `info` shows.

    \b
    Example:
      python -m geodata gazetteer remove UA
    """
    from geodata.geocode.additions import remove_dump

    gone = remove_dump(run.settings.gazetteer_path, name, _tell)
    click.echo(f"{gone.name}: removed, with {gone.added:,} places and {gone.names:,} names")


def _tell(line: str) -> None:
    click.echo(line, err=True)


@gazetteer_group.command("info")
@click.pass_obj
def info_command(run: Run) -> None:
    """What the gazetteer holds, where it comes from, and what was added to it.

    \b
    Example:
      python -m geodata gazetteer info
    """
    from geodata.geocode.additions import additions
    from geodata.geocode.build import gazetteer_info

    info = gazetteer_info(run.settings.gazetteer_path)
    click.echo(f"{info.path}: version {info.version}, {info.places:,} places, {info.names:,} names")
    for kind, count in info.counts.items():
        click.echo(f"  {count:>9,} {kind}")
    added = additions(run.settings.gazetteer_path)
    for source in info.sources:
        if source["package"] not in {entry.name for entry in added}:
            click.echo(f"  from {', '.join(source.values())}")
    for entry in added:
        what = f"{entry.added:,} places, {entry.merged:,} merged, " if entry.is_places else ""
        left_out = f", {entry.bad:,} of {entry.rows:,} rows left out" if entry.bad else ""
        credit = entry.credit or "not told"
        click.echo(f"  added {entry.name} on {entry.date}: {what}{entry.names:,} names{left_out}; credit: {credit}")


@gazetteer_group.command("search")
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.pass_obj
def search_command(run: Run, text: str, limit: int) -> None:
    """Places of that name, the likeliest first: score, name, admin2, admin1, country, lon, lat, id.

    A name may be in any script, its beginning, a former name, or misspelled where nothing begins so.

    \b
    Example:
      python -m geodata gazetteer search Bucha
    """
    found = run.workspace.gazetteer.search(text, limit=limit)
    for candidate in found:
        place = candidate.place
        inside = [area for area in (place.admin2, place.admin1) if area != place.name]
        where = ", ".join(part for part in (place.name, *inside, place.country) if part)
        click.echo(f"{candidate.score:.2f}  {where}  {place.lon:.4f} {place.lat:.4f}  {place.place_id}")
    if not found:
        click.echo(f"nothing found for '{text}'", err=True)
        raise click.exceptions.Exit(1)


@gazetteer_group.command("show")
@click.argument("place_id")
@click.pass_obj
def show_command(run: Run, place_id: str) -> None:
    """One place by the id that `search` tells: where it is, what it lies in, and its names as they are compared.

    \b
    Example:
      python -m geodata gazetteer show geonames:703448
    """
    from geodata.geocode import open_gazetteer

    gazetteer = open_gazetteer(run.settings.gazetteer_path)
    place = gazetteer.place(place_id)
    people = f", {place.population:,} people" if place.population else ""
    click.echo(f"{place.name}: {place.feature}, {place.precision.value}, {place.lon:.4f} {place.lat:.4f}{people}")
    for area in gazetteer.above(place_id):
        click.echo(f"  in {area.name} ({area.precision.value}, {area.place_id})")
    for kind, names in groupby(gazetteer.names(place_id), key=lambda item: item[1]):
        click.echo(f"  {kind.name.lower()}: {', '.join(name for name, _kind in names)}")


@click.command("settings")
@click.pass_obj
def settings_command(run: Run) -> None:
    """List every setting: its environment variable, its value now, and what it means.

    \b
    Example:
      DATELINE_PORT=9000 python -m geodata settings
    """
    for item in fields(Settings):
        value = getattr(run.settings, item.name)
        if item.name == "database_url":
            value = hidden(value)
        default = item.default if str(item.default) else "nothing"
        click.echo(f"{PREFIX}{item.name.upper()}={value}\n    {item.metadata['help']} (default: {default})")


LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
EXACT_PAGE = (
    "DATELINE_GENERALISE_KM rounds what leaves, not the map page: whoever reaches this address sees exact positions "
    "there. docs/api.md, 'Rounded positions', says which routes to let through."
)


@click.command("serve")
@click.option("--host", default=None, help="Address to listen on, instead of DATELINE_HOST.")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Port, instead of DATELINE_PORT; 0: any.")
@click.pass_obj
def serve_command(run: Run, host: str | None, port: int | None) -> None:
    """Serve the web application until Ctrl-C.

    \b
    Example:
      python -m geodata serve --port 9000
    """
    # the web is loaded for this command only: every other one starts faster without it
    from app import create_app
    from geodata.workspace import open_workspace
    from mapping.serving import serve

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = replace(run.settings, **given)  # type: ignore[arg-type]
    workspace = open_workspace(settings)
    workspace.warm()
    app = create_app(settings, workspace)
    if settings.generalise_km and settings.host not in LOCAL:
        click.echo(EXACT_PAGE, err=True)
    courier = _courier(workspace) if settings.webhooks else None
    try:
        serve(app, settings.host, settings.port, settings.threads, say=click.echo)
    finally:
        if courier:
            courier.close()
        app.extensions["dateline-imports"].close()
        workspace.close()


def _courier(workspace: "DatelineWorkspace") -> "Courier":
    """What tells other servers of changes, begun."""
    from geodata.allowed import Release
    from geodata.webhooks import Courier, Sender
    from mapping.telling import change_json

    release = Release.of(workspace.settings)
    courier = Courier(lambda: workspace.store, Sender(workspace.settings), lambda change: change_json(change, release))
    courier.start()
    return courier
