"""imports, undo: the tables that were imported, and taking one of them back."""

import click

from geodata.cli.common import Run
from geodata.contracts.loading import KeptImport

SHOWN = 20


@click.command("imports")
@click.option("--limit", type=click.IntRange(1), default=SHOWN, show_default=True, help="How many, the latest first.")
@click.pass_obj
def imports_command(run: Run, limit: int) -> None:
    """List the imports of tables that changed the store, the latest first.

    \b
    Example:
      python -m geodata imports
    """
    kept = run.workspace.store.imports.list(limit)
    for each in kept:
        click.echo(_line(each))
    if not kept:
        click.echo("no import of a table has changed this store", err=True)
    run.finish()


@click.command("undo")
@click.argument("import_id")
@click.pass_obj
def undo_command(run: Run, import_id: str) -> None:
    """Take back a whole import of a table, all of it or nothing.

    Events that it added are removed, those that it changed are what they were. What was changed since then, by a person
    or another import, stays, and is counted.

    \b
    Example:
      python -m geodata undo 20220311101500abcd1234
    """
    receipt = run.workspace.store.imports.undo(import_id)
    click.echo(f"taken back: {receipt.removed:,} events removed, {receipt.restored:,} as they were before")
    if receipt.stayed:
        some = ", ".join(receipt.examples)
        click.echo(f"  {receipt.stayed:,} changed since then, and left as they are: {some}")
    for note in receipt.notes:
        click.echo(f"  note: {note}")
    run.finish()


def _line(kept: KeptImport) -> str:
    receipt = kept.receipt
    counts = ", ".join(
        f"{count:,} {what}"
        for count, what in ((receipt.added, "added"), (receipt.changed, "changed"), (receipt.rejected, "rejected"))
        if count
    )
    undone = f"; taken back {kept.undone_at:%Y-%m-%d %H:%M}" if kept.undone_at else ""
    return (
        f"{kept.import_id}  {kept.made_at:%Y-%m-%d %H:%M}  {kept.origin.name} ({kept.origin.format}): {counts}{undone}"
    )
