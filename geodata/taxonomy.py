"""A table's own words for what happened, put to the taxonomy: nothing that a row said is lost."""

from collections.abc import Mapping
from dataclasses import replace

from geodata.contracts import EventType
from geodata.errors import UsageError, shown
from geodata.model import Event

FALLBACK = ("Strategic developments", "Other")  # ACLED's own catch-all (codebook, "Strategic developments: Other")


def classified(event: Event, event_types: Mapping[str, EventType]) -> Event:
    """The event with a type and sub-type of the taxonomy, matched without regard to case.

    A sub-type's name given as type is taken for both. Words that name neither become ACLED's "Other", stay in
    `properties` as `type_as_given` and are said in a note.
    """
    kinds = {name.casefold(): name for name in event_types}
    subs = {sub.casefold(): (name, sub) for name, kind in event_types.items() for sub in kind.sub_types}
    kind = kinds.get(event.event_type.casefold(), "")
    found = subs.get(event.sub_event_type.casefold()) or subs.get(event.event_type.casefold())
    if found and kind in ("", found[0]):
        return replace(event, event_type=found[0], sub_event_type=found[1])
    given = " / ".join(text for text in (event.event_type, event.sub_event_type) if text)
    if kind and not event.sub_event_type:
        return replace(event, event_type=kind)
    note = f"its type '{given}' is not in the taxonomy" if given else "no type was given"
    kept = {**event.properties, **({"type_as_given": given} if given else {})}
    name, sub = (kind, "") if kind else FALLBACK
    return replace(event, event_type=name, sub_event_type=sub, notes=(*event.notes, note), properties=kept)


def titled(event: Event) -> Event:
    """The event with a title: its own, else what it was and where, so that no list shows an empty line."""
    if event.title:
        return event
    what = event.properties.get("type_as_given") or event.sub_event_type or event.event_type
    where = event.place.name if event.place else event.properties.get("place", "")
    return replace(event, title=f"{what}: {where}" if where else what)


def check_type(event: Event, event_types: Mapping[str, EventType]) -> None:
    """UsageError where the event's type or sub-type is not one of the taxonomy's; it lists those that are."""
    kind = event_types.get(event.event_type)
    if kind is None:
        raise UsageError(f"event type {shown(event.event_type)} is unknown; accepted: {', '.join(event_types)}")
    if event.sub_event_type and event.sub_event_type not in kind.sub_types:
        accepted = ", ".join(kind.sub_types)
        raise UsageError(f"{shown(event.sub_event_type)} is no sub-type of {event.event_type}; accepted: {accepted}")
