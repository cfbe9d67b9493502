"""gazetteer, settings, serve: setting up, and starting the web application."""

from dataclasses import fields, replace

import click

from geodata.cli.common import Run
from geodata.settings import PREFIX, Settings


@click.group("gazetteer")
def gazetteer_group() -> None:
    """Build the gazetteer, tell what is in it, search it."""


@gazetteer_group.command("build")
@click.option("--force", is_flag=True, help="Build it again even where it is there.")
@click.pass_obj
def build_command(run: Run, force: bool) -> None:
    """Build the gazetteer from the installed packages, once.

    \b
    Example:
      python -m geodata gazetteer build --force
    """
    from geodata.geocode.build import build_gazetteer

    target = run.settings.gazetteer_path
    target.parent.mkdir(parents=True, exist_ok=True)
    report = build_gazetteer(target, force=force, progress=lambda line: click.echo(line, err=True))
    what = f"built in {report.seconds:.1f} s" if report.built else "up to date"
    size_mb = report.size_bytes / 1e6
    click.echo(f"{report.path}: {what}, {report.places:,} places, {report.names:,} names, {size_mb:.0f} MB")


@gazetteer_group.command("info")
@click.pass_obj
def info_command(run: Run) -> None:
    """What the gazetteer holds and where it comes from.

    \b
    Example:
      python -m geodata gazetteer info
    """
    from geodata.geocode.build import gazetteer_info

    info = gazetteer_info(run.settings.gazetteer_path)
    click.echo(f"{info.path}: version {info.version}, {info.places:,} places, {info.names:,} names")
    for kind, count in info.counts.items():
        click.echo(f"  {count:>9,} {kind}")
    for source in info.sources:
        click.echo(f"  from {', '.join(source.values())}")


@gazetteer_group.command("search")
@click.argument("text")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.pass_obj
def search_command(run: Run, text: str, limit: int) -> None:
    """Places of that name, the likeliest first: score, name, admin1, country, lon, lat, id.

    \b
    Example:
      python -m geodata gazetteer search Bucha
    """
    found = run.workspace.gazetteer.search(text, limit=limit)
    for candidate in found:
        place = candidate.place
        where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
        click.echo(f"{candidate.score:.2f}  {where}  {place.lon:.4f} {place.lat:.4f}  {place.place_id}")
    if not found:
        click.echo(f"nothing found for '{text}'", err=True)
        raise click.exceptions.Exit(1)


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
        default = item.default if str(item.default) else "nothing"
        click.echo(f"{PREFIX}{item.name.upper()}={value}\n    {item.metadata['help']} (default: {default})")


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
    try:
        serve(create_app(settings, workspace), settings.host, settings.port, settings.threads, say=click.echo)
    finally:
        workspace.close()
