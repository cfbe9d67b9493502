"""Many events into PostgreSQL at once, by COPY; the triggers, which run once a COPY, keep the rest right."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select

from geodata.model import Event, Status, publisher_of
from geodata.store.postgis_connection import array_text, copy_rows
from geodata.store.postgis_words import TEXT_COLUMNS, keep_names, text_values
from geodata.store.rows import EVENT_COLUMNS, SOURCE_COLUMNS, event_values, source_values
from geodata.store.schema import metadata

MANY = 10_000
"""From so many new rows on the statistics that queries are planned by are made anew."""
_NEXT = "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM events_row_id_seq"
_KNOWN = "SELECT event_id, row_id FROM event_keys WHERE event_id = ANY (CAST(%s AS text[]))"


class PostgisBulk:
    """Satisfies `backend.Bulk`, over a connection that holds the write lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = int(connection.exec_driver_sql(_NEXT).scalar_one())
        self._first = self._next

    @property
    def next_row(self) -> int:
        return self._next

    def known(self, event_ids: Sequence[str]) -> dict[str, int]:
        found = self._connection.exec_driver_sql(_KNOWN, (array_text(event_ids),))
        return {row[0]: row[1] for row in found}

    def add(self, new_events: Sequence[Event]) -> None:
        rows = [(row, *event_values(event)) for row, event in enumerate(new_events, self._next)]
        sources = [
            source_values(event.event_id, position, source)
            for event in new_events
            for position, source in enumerate(event.sources)
        ]
        names = [publisher_of(event.sources) for event in new_events]
        keep_names(self._connection, "actor", {name for event in new_events for name in event.actors if name})
        keep_names(self._connection, "source", set(names) - {""})
        driver: Any = self._connection.connection.driver_connection
        cursor = driver.cursor()
        copy_rows(cursor, "events", ("row_id", *EVENT_COLUMNS), rows)
        copy_rows(cursor, "event_sources", SOURCE_COLUMNS, sources)
        # behind the sources, whose trigger looks for these rows
        texts = (
            (row, *text_values(event.title, event.quote, event.place.name if event.place else "", event.actors),
             name, event.status is Status.REJECTED)
            for row, (event, name) in enumerate(zip(new_events, names, strict=True), self._next)
        )  # fmt: skip
        copy_rows(cursor, "event_text", ("row_id", *TEXT_COLUMNS, "source", "rejected"), texts)
        self._next += len(rows)

    def remove(self, ranges: Sequence[tuple[int, int]], version: int) -> None:
        for each in ranges:
            self._connection.exec_driver_sql("DELETE FROM events WHERE row_id BETWEEN %s AND %s", each)

    def pause(self) -> None:
        """Nothing stands in the way of other statements."""

    def close(self) -> None:
        if self._next - self._first >= MANY:
            _analyze(self._connection)


@contextmanager
def bulk(connection: Connection) -> Iterator[PostgisBulk]:
    """A load's way into the tables; see `Backend.bulk`."""
    loader = PostgisBulk(connection)
    yield loader
    loader.close()


@contextmanager
def restoring(connection: Connection) -> Iterator[None]:
    """See `Backend.restoring`. Triggers see to the numbers of events and of the history."""
    yield
    for table in metadata.sorted_tables:
        if (number := table.autoincrement_column) is not None and table.name not in ("events", "history"):
            sequence = f"pg_get_serial_sequence('{table.name}', '{number.name}')"
            newest = connection.execute(select(func.max(number))).scalar()
            if newest:
                connection.exec_driver_sql(f"SELECT setval({sequence}, {newest})")
    _analyze(connection)


def _analyze(connection: Connection) -> None:
    for table in ("events", "event_keys", "event_sources", "event_text", "history"):
        connection.exec_driver_sql(f"ANALYZE {table}")
