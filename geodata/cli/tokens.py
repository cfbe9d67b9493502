"""tokens: who may write by program."""

from datetime import UTC, datetime, timedelta

import click

from geodata.cli.common import Run
from geodata.tokens import SCOPES, Scope, Token

DAYS = 365
MOST_DAYS = 36_500
_SAID = "; ".join(f"{scope.value}: {words}" for scope, words in SCOPES.items())


@click.group("tokens")
def tokens_group() -> None:
    """Make, list and revoke the tokens that programs write with (see docs/api.md)."""


@tokens_group.command("add")
@click.argument("name")
@click.option(
    "--scope", type=click.Choice([scope.value for scope in Scope]), default="write", show_default=True, help=f"{_SAID}."
)
@click.option(
    "--days", type=click.IntRange(0, MOST_DAYS), default=DAYS, show_default=True, help="How long it holds; 0: for ever."
)
@click.pass_obj
def add_command(run: Run, name: str, scope: str, days: int) -> None:
    """Make a token, and show it: this once, for only its hash is kept.

    \b
    Example:
      python -m geodata tokens add newsroom-cms --scope review --days 90
    """
    ends = datetime.now(UTC) + timedelta(days=days) if days else None
    whole = run.workspace.store.tokens.add(name, Scope(scope), ends)
    click.echo(whole)
    until = f"until {ends:%Y-%m-%d}" if ends else "until it is revoked"
    click.echo(f"This is shown once; keep it as a password. Scope {scope}, good {until}.", err=True)
    run.finish()


@tokens_group.command("list")
@click.pass_obj
def list_command(run: Run) -> None:
    """List the tokens: name, scope, when made, when used last, when it ends.

    \b
    Example:
      python -m geodata tokens list
    """
    known = run.workspace.store.tokens.known()
    for token in known:
        click.echo(_line(token, datetime.now(UTC)))
    if not known:
        click.echo("there are no tokens; `tokens add NAME` makes one", err=True)
    run.finish()


@tokens_group.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke_command(run: Run, name: str) -> None:
    """End a token, by its name or its id; running servers refuse it with the next request.

    \b
    Example:
      python -m geodata tokens revoke newsroom-cms
    """
    token = run.workspace.store.tokens.revoke(name)
    click.echo(f"{token.name} ({token.token_id}) is revoked")
    run.finish()


def _line(token: Token, now: datetime) -> str:
    used = f"used {token.used_at:%Y-%m-%d %H:%M}" if token.used_at else "never used"
    if token.revoked_at:
        state = f"revoked {token.revoked_at:%Y-%m-%d}"
    elif not token.holds(now):
        state = f"ended {token.expires_at:%Y-%m-%d}"
    else:
        state = f"ends {token.expires_at:%Y-%m-%d}" if token.expires_at else "has no end"
    return f"{token.token_id}  {token.name}: {token.scope.value}, made {token.made_at:%Y-%m-%d}, {used}, {state}"
