"""webhooks: which servers are told of changes, and how that goes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import click

from geodata.cli.common import Run
from geodata.contracts import Delivery, Hook
from geodata.errors import UsageError

SETTING = "DATELINE_WEBHOOKS"


@click.group("webhooks")
def webhooks_group() -> None:
    """Tell other servers of changes: signed messages, sent again until they arrive (see docs/api.md).

    `serve` sends them where DATELINE_WEBHOOKS=yes.
    """


@webhooks_group.command("add")
@click.argument("url")
@click.option("--query", default="", metavar="PARAMS", help="Filters as in an address: 'type=Battles&country=UA'.")
@click.option("--secret", default="", help="whsec_ and base64, where the receiver gives one; else one is made.")
@click.option("--from-start", is_flag=True, help="Tell all that is in the history, not only what comes.")
@click.pass_obj
def add_command(run: Run, url: str, query: str, secret: str, from_start: bool) -> None:
    """Tell the server at URL of every change of the events that answer a query, or did.

    \b
    Example:
      python -m geodata webhooks add https://cms.example.org/dateline --query "type=Battles&country=UA"
    """
    from geodata.query import EventQuery
    from geodata.webhooks import checked_url, new_secret
    from geodata.webhooks.courier import query_of
    from geodata.webhooks.signing import key_of

    checked = checked_url(url, run.settings)
    asked = query_of(query)
    if query and asked == EventQuery():
        raise UsageError(f"the query '{query}' narrows nothing; accepted: filters as in an address, or nothing")
    EventQuery.from_params({"type": list(asked.types)}, tuple(run.workspace.event_types))
    key_of(secret := secret or new_secret())
    store = run.workspace.store
    hook = store.hooks.add(checked, query, secret, "" if from_start else store.changes.now())
    click.echo(f"{hook.hook_id} {secret}")
    click.echo(f"{asked} The secret is what the receiver checks the signatures with.", err=True)
    if not run.settings.webhooks:
        click.echo(f"Nothing is sent yet: {SETTING}=yes lets `serve` do it.", err=True)
    run.finish()


@webhooks_group.command("list")
@click.pass_obj
def list_command(run: Run) -> None:
    """List the webhooks, and how the last message of each went.

    \b
    Example:
      python -m geodata webhooks list
    """
    hooks = run.workspace.store.hooks.known()
    for hook in hooks:
        click.echo(_line(hook, next(iter(run.workspace.store.hooks.deliveries(hook.hook_id, 1)), None)))
    if not hooks:
        click.echo("there are no webhooks; `webhooks add URL` makes one", err=True)
    if hooks and not run.settings.webhooks:
        click.echo(f"nothing is sent: {SETTING} is not yes", err=True)
    run.finish()


@webhooks_group.command("remove")
@click.argument("hook_id")
@click.pass_obj
def remove_command(run: Run, hook_id: str) -> None:
    """Remove a webhook and its log.

    \b
    Example:
      python -m geodata webhooks remove 1f2e3d4c
    """
    hook = run.workspace.store.hooks.remove(hook_id)
    click.echo(f"{hook.hook_id} {hook.url} is told no more")
    run.finish()


@webhooks_group.command("resume")
@click.argument("hook_id")
@click.option("--from-now", is_flag=True, help="Leave out what it was not told meanwhile.")
@click.pass_obj
def resume_command(run: Run, hook_id: str, from_now: bool) -> None:
    """Go on with a webhook that was paused, or try again at once.

    \b
    Example:
      python -m geodata webhooks resume 1f2e3d4c
    """
    store = run.workspace.store
    hook = replace(store.hooks.get(hook_id), paused="", failures=0, next_at=None)
    store.hooks.put(replace(hook, cursor=store.changes.now(), until="") if from_now else hook)
    click.echo(f"{hook.hook_id} {hook.url} is told again")
    run.finish()


@webhooks_group.command("test")
@click.argument("hook_id")
@click.pass_obj
def test_command(run: Run, hook_id: str) -> None:
    """Send a message of the type `test` now, and say what came of it.

    \b
    Example:
      python -m geodata webhooks test 1f2e3d4c
    """
    from geodata.model import stable_id
    from geodata.webhooks import Sender

    store = run.workspace.store
    hook, now = store.hooks.get(hook_id), datetime.now(UTC)
    body = {"type": "test", "timestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"), "data": {}}
    delivery = Sender(run.settings).send(hook, f"msg_{stable_id(hook_id, now)}", json.dumps(body).encode(), 0)
    store.hooks.put(hook, delivery)
    click.echo(_told(delivery))
    run.finish()
    if not delivery.arrived:
        raise click.exceptions.Exit(1)


@webhooks_group.command("log")
@click.argument("hook_id", required=False, default="")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.pass_obj
def log_command(run: Run, hook_id: str, limit: int) -> None:
    """The last messages, the latest first: of one webhook, or of all.

    \b
    Example:
      python -m geodata webhooks log --limit 5
    """
    found = list(run.workspace.store.hooks.deliveries(hook_id, limit))
    for delivery in found:
        click.echo(_told(delivery))
    if not found:
        click.echo("no message was sent yet; `webhooks test ID` sends one", err=True)
    run.finish()


def _line(hook: Hook, last: Delivery | None) -> str:
    state = f"paused: {hook.paused}" if hook.paused else "told of all" if not hook.failures else _waits(hook)
    query = f" ?{hook.params.lstrip('?')}" if hook.params else ""
    return f"{hook.hook_id}  {hook.url}{query}\n    {state}{f'; last: {_told(last)}' if last else ''}"


def _waits(hook: Hook) -> str:
    again = f"{hook.next_at:%Y-%m-%d %H:%M:%S} UTC" if hook.next_at else "now"
    return f"{hook.failures} tries failed, the next: {again}"


def _told(delivery: Delivery) -> str:
    changes = f"{delivery.changes} change{'' if delivery.changes == 1 else 's'}"
    came = f"{delivery.status or 'no answer'}" if not delivery.said else delivery.said
    when = f"{delivery.sent_at:%Y-%m-%d %H:%M:%S}"
    return f"{when} {delivery.hook_id} {delivery.message_id} {changes}, {delivery.took_ms} ms: {came}"
