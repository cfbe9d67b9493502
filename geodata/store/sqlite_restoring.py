"""Rows that come as they were in another store, into an empty one in SQLite: what finds them is made at the end."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from geodata.store.sqlite_rtree import rebuild

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('events', 'event_sources')"
_FILL = (
    "INSERT INTO event_text(event_text) VALUES ('rebuild')",
    """INSERT INTO event_names (kind, name, folded, count)
    SELECT 'actor', value, folded_words(value), count(DISTINCT row_id)
    FROM events, json_each(actors) WHERE status <> 'rejected' AND value <> '' GROUP BY value""",
    """INSERT INTO event_names (kind, name, folded, count)
    SELECT 'source', name, folded_words(name), count(*)
    FROM (SELECT publisher_or_host(publisher, url) AS name FROM event_sources JOIN events USING (event_id)
    WHERE position = 0 AND status <> 'rejected') WHERE name <> '' GROUP BY name""",
)


@contextmanager
def restoring(connection: Connection) -> Iterator[None]:
    """See `Backend.restoring`."""
    driver: Any = connection.connection.driver_connection
    cursor: sqlite3.Cursor = driver.cursor()
    triggers = cursor.execute(_TRIGGERS).fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for statement in _FILL:
        cursor.execute(statement)
    rebuild(cursor)
    for _, sql in triggers:
        cursor.execute(sql)
