"""Several rows of one table under one id: the event that they make together, and what is said of them."""

from collections.abc import Collection, Iterable
from functools import reduce

from sqlalchemy import delete, select

from geodata.duplicates.union import differing, union
from geodata.model import Event
from geodata.store.rows import before_json
from geodata.store.saving import BATCH, Changes, batches, rows_by_id, sources_by_id
from geodata.store.schema import history

_SAID = {"type": "type", "when": "date", "place": "place"}
"""In a receipt's words, what `differing` names and two reports of one event seldom differ in."""


def united(rows: Iterable[Event]) -> Event:
    """The event that rows of one id make, in their order."""
    return reduce(union, rows)


def same_id(line: int, first: Event | None = None, other: Event | None = None) -> str:
    """What is said of a row that was joined; a person sees by it where a column of ids is none."""
    said = f"line {line} has the same id"
    differs = [_SAID[name] for name in differing(first, other) if name in _SAID] if first and other else []
    return f"{said} and says another {', '.join(differs)}: both were made one event" if differs else said


def forget_returned(changes: Changes, event_ids: Collection[str]) -> int:
    """How many of these events are, after all, what they were before this version; its history forgets them."""
    connection, mine = changes.connection, history.c.version == changes.version
    count = 0
    for names in batches(sorted(event_ids), BATCH):
        chosen = select(history.c.item_id, history.c.before).where(mine, history.c.item_id.in_(names))
        before: dict[str, str | None] = {}
        for name, text in connection.execute(chosen.order_by(history.c.history_id)):
            before.setdefault(name, text)
        there, sources = rows_by_id(connection, names), sources_by_id(connection, names)
        same = [name for name in before if before[name] == before_json(there[name], sources.get(name, []))]
        connection.execute(delete(history).where(mine, history.c.item_id.in_(same)))
        count += len(same)
    if count:
        changes.any = connection.execute(select(history.c.history_id).where(mine).limit(1)).first() is not None
    return count
