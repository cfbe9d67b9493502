"""copy: a whole store into another one, of whatever kind of database."""

import sys

import click


@click.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_command(source: str, target: str) -> None:
    """Copy a store into an empty one, as from SQLite to PostGIS, and prove that both hold the same.

    FROM and TO are addresses: sqlite:///path/to/file.sqlite or postgresql://user:password@host:5432/database. All of
    it is copied or nothing: events with their row numbers, stories, history, choices, merges, tokens. For each table
    the count of its rows and a hash of what they hold are worked out in both stores; they must be the same. FROM may
    be served meanwhile; what is written to it after the start is not copied.

    \b
    Example:
      python -m geodata copy sqlite:///data/dateline.sqlite postgresql://dateline@localhost/dateline
    """
    from geodata.store.copying import copy_store

    def progress(table: str, rows: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{table}: {rows:,} rows ", err=True, nl=False)

    proofs = copy_store(source, target, progress)
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    for proof in proofs:
        click.echo(f"{proof.table:<20} {proof.rows:>12,} rows  {proof.digest}")
    click.echo("the same in both stores, each counted and hashed by itself")
