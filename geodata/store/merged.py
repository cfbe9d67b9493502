"""What was merged away: where an old id leads, what a merge kept, and what earlier merges mean for a batch to save."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from geodata.model import Event
from geodata.store.duplicate_tables import merges
from geodata.store.rows import Row

ACTIVE = merges.c.undone_at.is_(None)


def merged_into(connection: Connection, event_id: str) -> str:
    """The id of the event that holds this one now; empty where it was not merged away."""
    seen, name = {event_id}, event_id
    while True:
        found = connection.execute(select(merges.c.survivor_id).where(ACTIVE, merges.c.merged_id == name)).scalar()
        if found is None or found in seen:
            return "" if name == event_id else name
        seen.add(found)
        name = found


def roots_of(connection: Connection) -> Mapping[str, str]:
    """Every id merged away, to the id it was merged into; that one may have been merged away too."""
    found = connection.execute(select(merges.c.merged_id, merges.c.survivor_id).where(ACTIVE))
    return {row.merged_id: row.survivor_id for row in found}


def root_in(into: Mapping[str, str], name: str) -> str:
    """The event that holds `name` by `roots_of`'s answer; itself where it was not merged away."""
    while name in into:
        name = into[name]
    return name


def loaded(text: str) -> tuple[Row, list[Row]]:
    row = json.loads(text)
    return row, row.pop("sources", [])


def bare(source: Mapping[str, Any]) -> Row:
    return {name: value for name, value in source.items() if name not in ("event_id", "position")}


def numbered(event_id: str, sources: Sequence[Row]) -> list[Row]:
    return [{**bare(source), "event_id": event_id, "position": at} for at, source in enumerate(sources)]


class Merged:
    """What earlier merges mean for a batch that is saved: none comes back, and no survivor loses a source."""

    def __init__(self, connection: Connection) -> None:
        columns = (merges.c.merged_id, merges.c.survivor_id, merges.c.doc_id, merges.c.event_type)
        chosen = select(*columns, merges.c.quote_start, merges.c.quote_end, merges.c.merged).where(ACTIVE)
        rows = connection.execute(chosen).mappings().all()
        self._away = {row["merged_id"] for row in rows}
        self._words: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._sources: dict[str, list[Row]] = {}
        for row in rows:
            if row["doc_id"] and row["quote_start"] is not None:
                spans = self._words.setdefault((row["doc_id"], row["event_type"]), [])
                spans.append((row["quote_start"], row["quote_end"]))
            self._sources.setdefault(row["survivor_id"], []).extend(map(bare, loaded(row["merged"])[1]))

    def away(self, event: Event, is_new: bool, is_draft: bool) -> bool:
        """Whether the event was merged away: by its id, or a draft under a new id read from the same words."""
        if event.event_id in self._away:
            return True
        span = event.quote_span
        if not (is_new and is_draft and span):
            return False
        told = self._words.get((event.doc_id, event.event_type), ())
        return any(span.start < end and start < span.end for start, end in told)

    def survives(self, event_id: str) -> bool:
        return event_id in self._sources

    def with_sources(self, event_id: str, mine: list[Row]) -> list[Row]:
        """The rows of `event_sources` of a survivor: its own and those that it took over."""
        own = [bare(source) for source in mine]
        return numbered(event_id, [*own, *(source for source in self._sources[event_id] if source not in own)])
