"""An event as one row of typed cells: what every table of ours has as its columns (CSV, Excel, GIS files).

The way back is `event_from_cells` in geodata/sources/features.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from geodata.features import ALWAYS, SOMETIMES, degrees_of, dumps, properties
from geodata.model import Event

LISTS = frozenset({"actors", "notes", "tags"})
DAYS = frozenset({"start", "end", "source_published"})
WHOLE = frozenset(
    {"fatalities_low", "fatalities_best", "fatalities_high", "population"}
    | {f"{name}_{end}" for name in ("quote", "when", "place") for end in ("start", "end")}
)
NUMBERS = frozenset({"lon", "lat", "radius_m", "confidence"})
NAMES = (*ALWAYS, *SOMETIMES)
COLUMNS = ("id", "lon", "lat", *NAMES, "properties")
"""Of a table: position first, a row's own further properties last, as a JSON object."""

Cell = str | int | float | date | None


def cells(event: Event) -> Mapping[str, Cell]:
    """By the names of COLUMNS; None where nothing is known. Positions have at most 6 decimals."""
    place, when = event.place, event.when
    found: dict[str, Cell] = dict.fromkeys(COLUMNS)
    found["id"] = event.event_id
    if place:
        found["lon"], found["lat"] = degrees_of(place.lon), degrees_of(place.lat)
    given = properties(event)
    for name in NAMES:
        value = given.get(name)
        if isinstance(value, list):
            found[name] = listed(value) or None if name in LISTS else dumps(value)
        elif isinstance(value, str | int | float):
            found[name] = value
    if when:
        found["start"], found["end"] = when.start, when.end
    if event.sources and event.sources[0].published:
        found["source_published"] = event.sources[0].published
    if event.properties:
        found["properties"] = dumps(dict(event.properties))
    return found


def listed(texts: Sequence[str]) -> str:
    """`a; b`; a JSON list where a text itself would not come back out of that."""
    plain = all(text and text == text.strip() and ";" not in text for text in texts)
    joined = "; ".join(texts)
    return dumps(list(texts)) if texts and (not plain or joined.startswith("[")) else joined


def rows(events: Iterator[Event], size: int) -> Iterator[list[Mapping[str, Cell]]]:
    """The cells of events, `size` at a time."""
    batch: list[Mapping[str, Cell]] = []
    for event in events:
        batch.append(cells(event))
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch
