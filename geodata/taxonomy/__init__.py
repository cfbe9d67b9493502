"""A table's own words for what happened, put to the taxonomy: nothing that a row said is lost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from geodata.contracts import EventType
from geodata.errors import UsageError, shown
from geodata.model import Event
from geodata.taxonomy.names import type_of_name

FALLBACK = ("Strategic developments", "Other")  # ACLED's own catch-all (codebook, "Strategic developments: Other")


class Classified(NamedTuple):
    """Our type and sub-type for a table's words, which are `given`, empty where they are ours already.

    `is_known`: ours, or a common name of one of ours ("shelling"); else it is ACLED's "Other".
    """

    event_type: str
    sub_event_type: str
    given: str = ""
    is_known: bool = True


def kind_for(event_type: str, sub_event_type: str, event_types: Mapping[str, EventType]) -> Classified:
    """The taxonomy's names, matched without regard to case; a sub-type's name given as type is taken for both.

    Else common names of types and sub-types are tried, the sub-type's first, as it says more.
    """
    kinds = {name.casefold(): name for name in event_types}
    subs = {sub.casefold(): (name, sub) for name, kind in event_types.items() for sub in kind.sub_types}
    kind = kinds.get(event_type.casefold(), "")
    found = subs.get(sub_event_type.casefold()) or subs.get(event_type.casefold())
    if found and kind in ("", found[0]):
        return Classified(*found)
    if kind and not sub_event_type:
        return Classified(kind, "")
    given = " / ".join(text for text in (event_type, sub_event_type) if text)
    named = type_of_name(sub_event_type) or (None if kind else type_of_name(event_type))
    if named and named[0] in event_types and kind in ("", named[0]):
        sub = named[1] if named[1] in event_types[named[0]].sub_types else ""
        return Classified(named[0], sub, given)
    return Classified(*((kind, "") if kind else FALLBACK), given, is_known=False)


def classified(event: Event, event_types: Mapping[str, EventType]) -> Event:
    """The event with a type and sub-type of the taxonomy; words of its own stay in `properties` as `type_as_given`.

    Those that are not known are said in a note too.
    """
    return with_kind(event, kind_for(event.event_type, event.sub_event_type, event_types))


def with_kind(event: Event, found: Classified) -> Event:
    """As `classified`, of what `kind_for` said."""
    if found.is_known and not found.given:
        return replace(event, event_type=found.event_type, sub_event_type=found.sub_event_type)
    note = f"its type '{found.given}' is not in the taxonomy" if found.given else "no type was given"
    return replace(
        event,
        event_type=found.event_type,
        sub_event_type=found.sub_event_type,
        notes=event.notes if found.is_known else (*event.notes, note),
        properties={**event.properties, **({"type_as_given": found.given} if found.given else {})},
    )


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
