"""The first schema: documents, events, their sources, history; places in an R*Tree and words in FTS5 on SQLite."""

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError
from geodata.store.migrations import postgis

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Actors are indexed as the JSON list they are: its brackets and quotes are no words to FTS5.
TEXT = """
CREATE VIRTUAL TABLE event_text USING fts5(title, quote, place_name, actors, content='events',
    content_rowid='row_id', tokenize='unicode61 remove_diacritics 2')
"""
PLACES = "CREATE VIRTUAL TABLE event_places USING rtree(row_id, min_lon, max_lon, min_lat, max_lat)"
ADD_WORDS = """INSERT INTO event_text(rowid, title, quote, place_name, actors)
    SELECT row_id, title, quote, place_name, actors FROM events WHERE row_id = new.row_id"""
# FTS5 can only forget words that it is told; so this must run while the row still holds them.
FORGET_WORDS = """INSERT INTO event_text(event_text, rowid, title, quote, place_name, actors)
    SELECT 'delete', row_id, title, quote, place_name, actors FROM events WHERE row_id = old.row_id"""
ADD_PLACE = "INSERT INTO event_places SELECT new.row_id, new.lon, new.lon, new.lat, new.lat WHERE new.lon IS NOT NULL"
FORGET_PLACE = "DELETE FROM event_places WHERE row_id = old.row_id"
NEW_WORDS = " OR ".join(f"old.{name} IS NOT new.{name}" for name in ("title", "quote", "place_name", "actors"))
NEW_PLACE = "old.lon IS NOT new.lon OR old.lat IS NOT new.lat"
TRIGGERS = {
    "events_added": f"AFTER INSERT ON events BEGIN {ADD_WORDS}; {ADD_PLACE}; END",
    "events_removed": f"BEFORE DELETE ON events BEGIN {FORGET_WORDS}; {FORGET_PLACE}; END",
    "events_unworded": f"BEFORE UPDATE ON events WHEN {NEW_WORDS} BEGIN {FORGET_WORDS}; END",
    "events_reworded": f"AFTER UPDATE ON events WHEN {NEW_WORDS} BEGIN {ADD_WORDS}; END",
    "events_moved": f"AFTER UPDATE ON events WHEN {NEW_PLACE} BEGIN {FORGET_PLACE}; {ADD_PLACE}; END",
}


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def source() -> list[sa.Column[str]]:
    names = ("url", "title", "publisher", "published", "retrieved", "sha256", "archive_url")
    return [text(name, nullable=name in ("published", "retrieved")) for name in names]


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("doc_id", sa.String, primary_key=True),
        text("text"),
        text("language"),
        text("notes"),
        sa.Column("sample", sa.Boolean, nullable=False),
        *source(),
    )
    create_events()
    keys = "event_keys" if postgis.is_postgis() else "events"
    op.create_table(
        "event_sources",
        sa.Column("event_id", sa.String, sa.ForeignKey(f"{keys}.event_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *source(),
        sqlite_with_rowid=False,
    )
    create_history()
    if op.get_bind().dialect.name == "sqlite":
        for statement in (TEXT, PLACES):
            op.execute(statement)
        for name, body in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")


def create_events() -> None:
    spans = [f"{name}_{end}" for name in ("quote", "when", "place") for end in ("start", "end")]
    columns: list[sa.Column[Any]] = [
        sa.Column("row_id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.String, nullable=False, unique=True),
        *map(text, ("event_type", "sub_event_type", "title")),
        sa.Column("start_day", sa.Integer),
        sa.Column("end_day", sa.Integer),
        text("date_precision", nullable=True),
        text("place_name", nullable=True),
        sa.Column("lon", sa.Float),
        sa.Column("lat", sa.Float),
        *(text(name, nullable=True) for name in ("precision", "country", "admin1", "admin2", "place_id")),
        sa.Column("radius_m", sa.Float),
        text("feature", nullable=True),
        sa.Column("population", sa.Integer),
        text("quote"),
        *(sa.Column(name, sa.Integer) for name in spans),
        sa.Column("doc_id", sa.String, nullable=False),
        text("actors"),
        sa.Column("has_fatalities", sa.Boolean, nullable=False),
        *(sa.Column(f"fatalities_{name}", sa.Integer) for name in ("low", "best", "high")),
        sa.Column("confidence", sa.Float, nullable=False),
        *map(text, ("status", "notes", "tags", "properties")),
    ]
    if postgis.is_postgis():
        postgis.create_events(columns)
    else:
        op.create_table("events", *columns)
    op.create_index("events_latest_first", "events", [sa.text("start_day DESC"), "event_id"])
    op.create_index("events_by_document", "events", ["doc_id"])


def create_history() -> None:
    op.create_table(
        "history",
        sa.Column("history_id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        text("changed_at"),
        text("kind"),
        sa.Column("item_id", sa.String, nullable=False),
        text("action"),
        text("before", nullable=True),
    )
    op.create_index("history_by_item", "history", ["kind", "item_id"])
    op.create_index("history_by_version", "history", ["version"])
    if postgis.is_postgis():
        postgis.trigger("history_numbered", "history", "INSERT", postgis.HISTORY, "new")
    meta = op.create_table("meta", sa.Column("name", sa.String, primary_key=True), text("value"))
    op.bulk_insert(meta, [{"name": "store_id", "value": uuid.uuid4().hex[:8]}, {"name": "version", "value": "0"}])


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
