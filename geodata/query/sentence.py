"""An `EventQuery` as an English sentence: what a person reads above a map, a file or a citation."""

from typing import TYPE_CHECKING

from geodata.errors import shown

if TYPE_CHECKING:
    from geodata.query.event_query import EventQuery


def sentence_of(query: "EventQuery") -> str:
    parts = [" or ".join(query.sub_types or query.types) or "All event types"]
    first, last = query.datetime.start, query.datetime.end
    surely = "surely " if query.asks_surely else ""
    if first and last:
        parts.append(surely + (f"on {first}" if first == last else f"from {first} to {last}"))
    elif first or last:
        parts.append(surely + (f"from {first} on" if first else f"up to {last}"))
    parts += _where(query)
    if query.text:
        parts.append(f"with the words {shown(query.text)}")
    if query.precision:
        parts.append(f"placed at least as exactly as {query.precision.value}")
    if query.source:
        parts.append(f"reported by {' or '.join(query.source)}")
    if query.actor:
        parts.append(f"with the actor {shown(query.actor)}")
    if query.fatalities is not None:
        parts.append(f"with at least {query.fatalities} deaths")
    if query.statuses:
        parts.append(" or ".join(query.statuses) + " only")
    for name, value in (("a date", query.undated), ("a place", query.unplaced)):
        if value != "include":
            parts.append(f"{'leaving out' if value == 'exclude' else 'only'} those without {name}")
    return ", ".join(parts) + "."


def _where(query: "EventQuery") -> list[str]:
    parts = []
    if box := query.bbox:
        parts.append(f"within {box.west:g}, {box.south:g} to {box.east:g}, {box.north:g}")
    if query.near:
        parts.append(f"within {query.near.km:g} km of {query.near.lon:g}, {query.near.lat:g}")
    if query.polygon:
        parts.append(f"inside a polygon of {len(query.polygon.corners)} corners")
    if query.country:
        parts.append(f"in {query.admin1 + ', ' if query.admin1 else ''}{' or '.join(query.country)}")
    return parts
