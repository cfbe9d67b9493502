"""Names that occur in the events, the most frequent first: what filters offer to choose from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from geodata.errors import UsageError, shown
from geodata.model import Status
from geodata.query.words import tokens
from geodata.store.schema import event_names, events

KINDS = ("source", "actor", "country", "admin1")


def names(
    connection: Connection, kind: str, prefix: str = "", limit: int = 20, country: str = ""
) -> Sequence[tuple[str, int]]:
    """See `contracts.EventStore.names`."""
    if kind not in KINDS:
        raise UsageError(f"names of {shown(kind)} are not kept; accepted: {', '.join(KINDS)}")
    if kind in ("source", "actor"):
        return [(name, count) for name, count in connection.execute(_kept(kind, prefix, limit))]
    if kind == "admin1" and not country:
        raise UsageError("first-level areas are asked for without their country; accepted: both, as country=UA")
    asked = tokens(prefix)
    found = [(name, count) for name, count in connection.execute(_areas(kind, country)) if _begins(name, asked)]
    return found[:limit]


def _kept(kind: str, prefix: str, limit: int) -> Select[Any]:
    found = select(event_names.c.name, event_names.c.count).where(event_names.c.kind == kind, event_names.c.count > 0)
    if asked := tokens(prefix):  # folded names hold a space before each word
        found = found.where(func.instr(event_names.c.folded, " " + " ".join(asked)) > 0)
    return found.order_by(event_names.c.count.desc(), event_names.c.name).limit(limit)


def _areas(kind: str, country: str) -> Select[Any]:
    """At most some hundreds; counted from the index `events_by_area` alone."""
    name, count = events.c[kind], func.count()
    found = select(name, count).where(name != "", events.c.status != str(Status.REJECTED))
    if country:
        found = found.where(events.c.country == country)
    return found.group_by(name).order_by(count.desc(), name)


def _begins(name: str, asked: Sequence[str]) -> bool:
    """Whether some word of the name, and those behind it, begin with what is asked."""
    return " " + " ".join(asked) in "".join(f" {word}" for word in tokens(name))
