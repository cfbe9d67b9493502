"""`SqlDuplicates`: likely duplicates, what a person said of them, and merges, over the store's connections."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from geodata.answers import DuplicatePair, Merge
from geodata.errors import NotFound, StoreError, UsageError, shown
from geodata.model import Event
from geodata.store import merges as merging
from geodata.store.backend import Backend
from geodata.store.choices import Connections
from geodata.store.duplicate_tables import duplicate_pairs
from geodata.store.merged import merged_into
from geodata.store.pairs import changes_left, load, next_step, ordered, write_step
from geodata.store.saving import batches
from geodata.store.schema import events

HURRY_S = 0.3
"""How long a look waits for the write lock: whoever asked can ask again, an import may hold it for many seconds."""


class SqlDuplicates:
    """Satisfies `contracts.DuplicateBook`."""

    def __init__(self, store: Connections, backend: Backend) -> None:
        self._store, self._backend = store, backend

    def look(self, seconds: float = 0.5, most: int | None = None) -> int:
        if most is not None:
            with self._store.reading() as connection:
                left = changes_left(connection)
            if left > most:
                return left
        end = time.monotonic() + seconds
        while True:
            with self._store.reading() as connection:
                step = next_step(connection)
            if step is None:
                return 0
            try:
                hurried = self._backend.engine.connect().execution_options(writes=True, wait_s=HURRY_S)
                with hurried, hurried.begin():
                    write_step(hurried, step)
            except DBAPIError as error:
                if not self._backend.is_busy(error):
                    raise StoreError(self._backend.explain(error)) from error
                break
            if time.monotonic() >= end:
                break
        with self._store.reading() as connection:
            return changes_left(connection)

    def count(self) -> int:
        with self._store.reading() as connection:
            return int(connection.execute(_likely(func.count())).scalar_one())

    def pairs(self, limit: int = 20, offset: int = 0, event_id: str = "") -> Sequence[DuplicatePair]:
        columns = (duplicate_pairs.c.first_id, duplicate_pairs.c.second_id)
        best = (duplicate_pairs.c.score.desc(), *columns)
        chosen = _likely(*duplicate_pairs.c).order_by(*best).limit(limit).offset(offset)
        if event_id:
            chosen = chosen.where(or_(*(column == event_id for column in columns)))
        with self._store.reading() as connection:
            rows = connection.execute(chosen).mappings().all()
            ids = {row[name] for row in rows for name in ("first_id", "second_id")}
            found: dict[str, Event] = {}
            for some in batches(sorted(ids), 500):
                found.update((event.event_id, event) for event in load(connection, events.c.event_id.in_(some)))
        return tuple(
            DuplicatePair(found[row["first_id"]], found[row["second_id"]], row["score"], *_reasons(row["reasons"]))
            for row in rows
        )

    def partners(self, event_id: str) -> Sequence[str]:
        first, second = duplicate_pairs.c.first_id, duplicate_pairs.c.second_id
        chosen = _likely(first, second).where(or_(first == event_id, second == event_id))
        with self._store.reading() as connection:
            rows = connection.execute(chosen.order_by(duplicate_pairs.c.score.desc())).all()
        return tuple(row[1] if row[0] == event_id else row[0] for row in rows)

    def set_different(self, one: str, other: str, different: bool = True) -> None:
        if one == other:
            raise UsageError(f"{shown(one)} is given twice; accepted: the ids of two events")
        first, second = ordered(one, other)
        mine = (duplicate_pairs.c.first_id == first, duplicate_pairs.c.second_id == second)
        with self._store.writing() as connection:
            there = set(
                connection.execute(select(events.c.event_id).where(events.c.event_id.in_([one, other]))).scalars()
            )
            for wanted in (one, other):
                if wanted not in there:
                    raise NotFound(f"there is no event with the id {shown(wanted)} in the store")
            verdict = "different" if different else "likely"
            now = datetime.now(UTC).isoformat(timespec="seconds") if different else None
            changed = update(duplicate_pairs).where(*mine).values(verdict=verdict, decided_at=now)
            if not connection.execute(changed).rowcount and different:
                row = {"first_id": first, "second_id": second, "score": 0.0, "reasons": "[[],[]]"}
                connection.execute(insert(duplicate_pairs).values(**row, verdict=verdict, decided_at=now))
            elif not different:
                # a pair that was never suggested has nothing to go back to
                connection.execute(delete(duplicate_pairs).where(*mine, duplicate_pairs.c.score == 0.0))

    def merge(self, survivor: Event, merged_id: str) -> int:
        with self._store.writing() as connection:
            return merging.merge(connection, survivor, merged_id)

    def undo(self, merge_id: int) -> Merge:
        with self._store.writing() as connection:
            return merging.undo(connection, merge_id)

    def merged_into(self, event_id: str) -> str:
        with self._store.reading() as connection:
            return merged_into(connection, event_id)

    def merges_of(self, event_id: str) -> Sequence[Merge]:
        with self._store.reading() as connection:
            return tuple(merging.merges_of(connection, event_id))

    def merges_out_of(self, doc_id: str) -> Sequence[Merge]:
        with self._store.reading() as connection:
            return tuple(merging.merges_out_of(connection, doc_id))

    def latest_merges(self, limit: int = 20) -> Sequence[Merge]:
        with self._store.reading() as connection:
            return tuple(merging.latest_merges(connection, limit))


def _likely(*columns: Any) -> Select[Any]:
    """A SELECT of likely pairs of which both events are still there and not rejected."""
    one, other = events.alias("one"), events.alias("other")
    both = duplicate_pairs.join(one, one.c.event_id == duplicate_pairs.c.first_id)
    both = both.join(other, other.c.event_id == duplicate_pairs.c.second_id)
    chosen: Select[Any] = select(*columns).select_from(both)
    return chosen.where(duplicate_pairs.c.verdict == "likely", one.c.status != "rejected", other.c.status != "rejected")


def _reasons(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pro, contra = json.loads(text)
    return tuple(pro), tuple(contra)
