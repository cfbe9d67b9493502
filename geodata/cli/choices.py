"""choices: what people said that names mean in this project."""

import click

from geodata.cli.common import Run
from geodata.errors import UsageError
from geodata.model import Place, PlaceChoice

LEVELS = ("", "first level area ", "second level area ")


@click.group("choices")
def choices_group() -> None:
    """What people chose that a name means; every later story and table heeds it."""


@choices_group.command("list")
@click.pass_obj
def list_command(run: Run) -> None:
    """The choices, the latest first: id, day, name, place, lon, lat, place id.

    \b
    Example:
      python -m geodata choices list
    """
    known = run.workspace.choices.known() if run.workspace.has_store() else ()
    for choice in known:
        click.echo(f"{choice.choice_id}  {choice.chosen_at.astimezone():%Y-%m-%d}  {_said(choice)}")
    if not known:
        click.echo("nothing was chosen yet", err=True)
    run.finish()


@choices_group.command("add")
@click.argument("name")
@click.argument("place_id")
@click.option(
    "--level", default=0, type=click.IntRange(0, 2), help="1 or 2: the name as that of an area of this level."
)
@click.pass_obj
def add_command(run: Run, name: str, place_id: str, level: int) -> None:
    """NAME means the place with this id from now on, in the place of an earlier choice.

    `gazetteer search NAME` lists places with their ids. With --level 1, "Kherson region" is meant, not "Kherson".

    \b
    Example:
      python -m geodata choices add Bucha geonames:711369
    """
    choice = run.workspace.remember_name(name, run.workspace.gazetteer.place(place_id), level)
    click.echo(f"{choice.choice_id}  {_said(choice)}")
    run.finish()


@choices_group.command("remove")
@click.argument("choice")
@click.pass_obj
def remove_command(run: Run, choice: str) -> None:
    """Take a choice out, by its id or its name; `choices undo ID` brings it back.

    \b
    Example:
      python -m geodata choices remove Bucha
    """
    gone = run.workspace.choices.forget(_wanted(run, choice).choice_id)
    click.echo(f"removed: {gone.choice_id}  {_said(gone)}")
    run.finish()


@choices_group.command("undo")
@click.argument("choice_id")
@click.pass_obj
def undo_command(run: Run, choice_id: str) -> None:
    """Take back the last change of the choice with this id; done twice, it is as before.

    \b
    Example:
      python -m geodata choices undo 5d41402abc4b2a76
    """
    now = run.workspace.choices.undo(choice_id)
    click.echo(f"{choice_id}  {_said(now) if now else 'not chosen any more'}")
    run.finish()


def _wanted(run: Run, text: str) -> PlaceChoice:
    known = run.workspace.choices.known()
    found = [choice for choice in known if text == choice.choice_id]
    found = found or [choice for choice in known if text.casefold() == choice.name.casefold()]
    if len(found) != 1:
        what = f"{len(found)} choices are" if found else "no choice is"
        raise UsageError(f"{what} called '{text[:60]}'; accepted: a name or an id that `choices list` shows")
    return found[0]


def _said(choice: PlaceChoice) -> str:
    place = choice.place
    return f"{LEVELS[choice.level]}{choice.name} = {_where(place)}  {place.lon:.4f} {place.lat:.4f}  {place.place_id}"


def _where(place: Place) -> str:
    return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part))
