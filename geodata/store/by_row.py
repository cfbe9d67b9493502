"""Events by their row ids, which the index answers with: as features, and by their own ids."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from geodata.store.saving import BATCH, batches
from geodata.store.schema import events

if TYPE_CHECKING:
    from geodata.answers import Ints


def event_ids(connection: Connection, rows: "Ints") -> list[str]:
    """The ids of the events of these rows, in their order; empty where a row is there no more."""
    found: dict[int, str] = {}
    for some in batches(rows.tolist(), BATCH):
        # past SQLAlchemy's rows, which would take longer than the search
        named = select(events.c.row_id, events.c.event_id).where(events.c.row_id.in_(some))
        cursor = connection.execute(named).cursor
        found.update(cursor.fetchall() if cursor else ())
    return [found.get(row, "") for row in rows.tolist()]
