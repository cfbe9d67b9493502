"""SQLite: room for the texts of features that are made ahead, and what takes them out when their event changes."""

from alembic import op

from geodata.errors import StoreError
from geodata.store.migrations.versions.r0005_words import TRIGGERS as BEFORE

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A row without a text is one whose event has changed: it is found by the index, and made anew.
TABLE = "CREATE TABLE feature_texts (row_id INTEGER PRIMARY KEY, text BLOB, credit TEXT, lon REAL, lat REAL)"
STALE = "CREATE INDEX feature_texts_stale ON feature_texts (row_id) WHERE text IS NULL"
EMPTY = "UPDATE feature_texts SET text = NULL, credit = NULL, lon = NULL, lat = NULL WHERE text IS NOT NULL AND row_id"


def of_source(row: str) -> str:
    return f"{EMPTY} = (SELECT row_id FROM events WHERE event_id = {row}.event_id)"


def with_texts(name: str, row: str) -> str:
    """A trigger of r0005 that does so, too: one that a load takes out is taken out with it."""
    return f"{BEFORE[name].removesuffix('END')}{of_source(row)}; END"


TRIGGERS = {
    "features_changed": f"AFTER UPDATE ON events BEGIN {EMPTY} IN (old.row_id, new.row_id); END",
    "features_removed": "AFTER DELETE ON events BEGIN DELETE FROM feature_texts WHERE row_id = old.row_id; END",
    "features_resourced": f"AFTER UPDATE ON event_sources BEGIN {of_source('old')}; {of_source('new')}; END",
    "sources_added": with_texts("sources_added", "new"),
    "sources_removed": with_texts("sources_removed", "old"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for statement in (TABLE, STALE, *(f"DROP TRIGGER {name}" for name in TRIGGERS if name in BEFORE)):
        op.execute(statement)
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
