"""backup, restore, check: keeping a store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geodata.cli.common import Run
from geodata.errors import UsageError

if TYPE_CHECKING:
    from geodata.store.checking import Finding


@click.command("backup")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup_command(run: Run, target: Path) -> None:
    """Copy the store into a new FILE, also while it is served: writers go on meanwhile.

    The copy is the store as it was at one moment, in one file, checked against that moment. The gazetteer and the
    basemap are not in it: set-up makes them.

    \b
    Example:
      python -m geodata backup backups/dateline-2026-11-23.sqlite
    """
    from geodata.store.backup import back_up

    proof = back_up(run.settings.store_url, target, _progress)
    _end_of_line()
    counts = proof.counts
    click.echo(
        f"{proof.path}: version {proof.version}, {counts['events']:,} events, {counts['documents']:,} stories, "
        f"{proof.size_bytes / 1e6:,.0f} MB; checked"
    )


@click.command("restore")
@click.argument("backup", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Where there is a store: keep it beside, and put FILE in its place.")
@click.pass_obj
def restore_command(run: Run, backup: Path, replace: bool) -> None:
    """Put a FILE that `backup` has written back as the store.

    A store that is there already is only replaced with --replace, and is then kept beside it. Restart servers that
    have it open.

    \b
    Example:
      python -m geodata restore backups/dateline-2026-11-23.sqlite --replace
    """
    from geodata.store.backup import restore

    run.settings.data.mkdir(parents=True, exist_ok=True)
    proof, kept = restore(backup, run.settings.store_url, replace, _progress)
    _end_of_line()
    run.settings.index_path.unlink(missing_ok=True)
    if kept:
        click.echo(f"what was there is kept as {kept}")
    click.echo(f"{proof.path}: version {proof.version}, {proof.counts['events']:,} events")


@click.command("check")
@click.argument("backup", metavar="[FILE]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--mend", is_flag=True, help="Make anew what is derived from the events, where it is wrong.")
@click.pass_obj
def check_command(run: Run, backup: Path | None, mend: bool) -> None:
    """Look whether the store holds together, or the store in FILE: a line a part, and what helps where it does not.

    The file, its schema and references, events, version and history, places, words, counted names, and the index in
    the data folder. It may be served meanwhile. Exit code 1: something was wrong.

    \b
    Example:
      python -m geodata check --mend
    """
    from geodata.jobs.checking import check_index
    from geodata.store.checking import check_store

    if backup is not None and not backup.is_file():
        raise UsageError(f"there is no file {backup}; accepted: a store in SQLite, or a backup of one")
    url = f"sqlite:///{backup.absolute()}" if backup else run.settings.store_url
    wrong = 0
    for finding in check_store(url, mend):
        wrong += _tell(finding, mend)
    if backup is None:
        wrong += _tell(check_index(run.workspace, mend), mend)
    run.finish()
    if wrong:
        raise click.exceptions.Exit(1)


def _tell(finding: "Finding", mend: bool) -> bool:
    """A line, or two where something is wrong; whether it is."""
    if not finding.wrong:
        click.echo(f"{finding.part:<20} right")
        return False
    click.echo(f"{finding.part:<20} WRONG: {finding.wrong}")
    click.echo(f"{'':<20} {'made anew' if mend and finding.is_derived else f'to mend it: {finding.mend}'}")
    return True


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done / 1e6:,.0f} of {total / 1e6:,.0f} MB ", err=True, nl=False)


def _end_of_line() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
