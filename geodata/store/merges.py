"""Merging two events into one, and taking that back: what happens inside the transaction.

The one merged away leaves `events`, so that counts, exports and the map know one event; its row and sources lie in
`merges`, from where its old id leads to the survivor and from where it comes back. Merges into one survivor are taken
back the latest first, so that each finds the survivor as it left it, but for what a person changed since.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from geodata.answers import Merge
from geodata.errors import NotFound, UsageError, shown
from geodata.model import Event
from geodata.store.duplicate_tables import duplicate_pairs, merges
from geodata.store.merged import ACTIVE, bare, loaded, merged_into, numbered, root_in, roots_of
from geodata.store.rows import Row, before_json, event_of, event_row, source_rows
from geodata.store.saving import Changes, rows_by_id, sources_by_id
from geodata.store.schema import event_sources, events


def merge(connection: Connection, survivor: Event, merged_id: str) -> int:
    """`survivor`, as it is to be, takes in the event `merged_id`; the number of the merge."""
    name = survivor.event_id
    if name == merged_id:
        raise UsageError(f"event {shown(name)} cannot be merged into itself; accepted: the ids of two events")
    there = rows_by_id(connection, [name, merged_id])
    for wanted in (name, merged_id):
        if wanted not in there:
            into = merged_into(connection, wanted)
            raise NotFound(
                f"event {shown(wanted)} is not in the store" + (f"; it was merged into {into}" if into else "")
            )
    sources = sources_by_id(connection, [name, merged_id])
    changes = Changes(connection)
    row, mine = event_row(survivor), source_rows(name, survivor.sources)
    before = {key: before_json(there[key], sources.get(key, [])) for key in (name, merged_id)}
    write_back(connection, name, row, mine)
    connection.execute(delete(events).where(events.c.event_id == merged_id))
    gone = there[merged_id]
    written = connection.execute(
        insert(merges).values(
            merged_at=changes.now,
            survivor_id=name,
            merged_id=merged_id,
            doc_id=gone["doc_id"],
            event_type=gone["event_type"],
            quote_start=gone["quote_start"],
            quote_end=gone["quote_end"],
            merged=before[merged_id],
            survivor_before=before[name],
            survivor_after=before_json(row, mine),
        )
    )
    touching = duplicate_pairs.c.first_id.in_([merged_id]) | duplicate_pairs.c.second_id.in_([merged_id])
    connection.execute(delete(duplicate_pairs).where(duplicate_pairs.c.verdict == "likely", touching))
    changes.record("event", [(merged_id, f"merged into {name}", before[merged_id]), (name, "changed", before[name])])
    changes.close()
    return int((written.inserted_primary_key or (0,))[0])


def undo(connection: Connection, merge_id: int) -> Merge:
    """The event merged away comes back, the survivor loses what it took over; edits made since stay."""
    row = connection.execute(select(merges).where(merges.c.merge_id == merge_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no merge {merge_id} in the store")
    if row["undone_at"]:
        raise UsageError(f"merge {merge_id} was taken back before, at {row['undone_at']}")
    name, merged_id = row["survivor_id"], row["merged_id"]
    later = select(merges.c.merge_id).where(ACTIVE, merges.c.merge_id > merge_id, merges.c.survivor_id == name)
    if (first := connection.execute(later.order_by(merges.c.merge_id.desc())).scalar()) is not None:
        raise UsageError(f"another event was merged into {name} since; take back merge {first} first")
    there = rows_by_id(connection, [name])
    if name not in there:
        raise UsageError(f"event {name} was itself merged into {merged_into(connection, name)}; take that back first")
    changes = Changes(connection)
    now_sources = sources_by_id(connection, [name]).get(name, [])
    back, back_sources = loaded(row["merged"])
    survivor, kept = _without(there[name], now_sources, row["survivor_before"], row["survivor_after"])
    write_back(connection, name, survivor, kept)
    connection.execute(insert(events).values(**back))
    if back_sources:
        connection.execute(insert(event_sources), numbered(merged_id, back_sources))
    connection.execute(update(merges).where(merges.c.merge_id == merge_id).values(undone_at=changes.now))
    log = [(merged_id, f"taken out of {name}", None), (name, "changed", before_json(there[name], now_sources))]
    changes.record("event", log)
    changes.close()
    return _merge_of(row)


def undo_all_of(connection: Connection, doc_ids: Sequence[str]) -> None:
    """Take back every merge that an event of these stories has a part in, and those that stand in its way."""
    rows = connection.execute(select(merges).where(ACTIVE).order_by(merges.c.merge_id.desc())).mappings().all()
    if not rows:
        return
    roots = roots_of(connection)
    wanted = set(doc_ids)
    survivors = rows_by_id(connection, [row["survivor_id"] for row in rows])
    touched = {
        root_in(roots, row["survivor_id"])
        for row in rows
        if row["doc_id"] in wanted or survivors.get(row["survivor_id"], {}).get("doc_id") in wanted
    }
    for row in rows:
        if root_in(roots, row["survivor_id"]) in touched:
            undo(connection, row["merge_id"])


def merges_of(connection: Connection, event_id: str) -> list[Merge]:
    """What was merged into the event, and into those, the latest first."""
    found: list[Merge] = []
    waiting = [event_id]
    while waiting:
        chosen = select(merges).where(ACTIVE, merges.c.survivor_id.in_(waiting))
        step = [_merge_of(row) for row in connection.execute(chosen).mappings()]
        found += step
        waiting = [each.merged.event_id for each in step]
    return sorted(found, key=lambda each: -each.merge_id)


def merges_out_of(connection: Connection, doc_id: str) -> list[Merge]:
    """The events of a story that were merged into others, in the order of its text."""
    chosen = select(merges).where(ACTIVE, merges.c.doc_id == doc_id).order_by(merges.c.quote_start, merges.c.merge_id)
    return [_merge_of(row) for row in connection.execute(chosen).mappings()]


def latest_merges(connection: Connection, limit: int) -> list[Merge]:
    chosen = select(merges).where(ACTIVE).order_by(merges.c.merge_id.desc()).limit(limit)
    return [_merge_of(row) for row in connection.execute(chosen).mappings()]


def _merge_of(row: Mapping[Any, Any]) -> Merge:
    back, sources = loaded(row["merged"])
    return Merge(row["merge_id"], row["survivor_id"], event_of(back, sources), row["merged_at"])


def _without(now: Row, sources: list[Row], before_text: str, after_text: str) -> tuple[Row, list[Row]]:
    """The survivor as it was before the merge, but for the columns and sources that were changed since."""
    before, old_sources = loaded(before_text)
    after, new_sources = loaded(after_text)
    row = {name: before.get(name, value) if value == after.get(name) else value for name, value in now.items()}
    old, new = ([bare(source) for source in each] for each in (old_sources, new_sources))
    taken = [source for source in new if source not in old]
    kept = [source for source in map(bare, sources) if source not in taken]
    return row, kept


def write_back(connection: Connection, event_id: str, row: Row, sources: Sequence[Row]) -> None:
    """An event that is in the store gets these columns and sources."""
    connection.execute(update(events).where(events.c.event_id == event_id).values(**row))
    connection.execute(delete(event_sources).where(event_sources.c.event_id == event_id))
    if sources:
        connection.execute(insert(event_sources), numbered(event_id, sources))
