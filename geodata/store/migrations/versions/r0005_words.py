"""Words of any script found by an index, after our own folding; names of sources and actors counted; events by area."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError
from geodata.store import sqlite_functions
from geodata.store.migrations import postgis

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VIEW = """CREATE VIEW event_words AS SELECT row_id, searchable(title) AS title, searchable(quote) AS quote,
    searchable(place_name) AS place_name, searchable_names(actors) AS actors FROM events"""
# `ascii` parts words at what is not alphanumeric in ASCII and takes all beyond it for letters: `searchable` has done
# the rest. Ranks are not asked for, so that sizes of columns need not be kept.
TEXT = """CREATE VIRTUAL TABLE event_text USING fts5(title, quote, place_name, actors, content='event_words',
    content_rowid='row_id', columnsize=0, tokenize='ascii')"""
WORDS = "title, quote, place_name, actors"
ADD_WORDS = f"INSERT INTO event_text(rowid, {WORDS}) SELECT row_id, {WORDS} FROM event_words WHERE row_id = new.row_id"
# FTS5 can only forget words that it is told; so this must run while the row still holds them.
FORGET_WORDS = f"""INSERT INTO event_text(event_text, rowid, {WORDS})
    SELECT 'delete', row_id, {WORDS} FROM event_words WHERE row_id = old.row_id"""
ADD_PLACE = "INSERT INTO event_places SELECT new.row_id, new.lon, new.lon, new.lat, new.lat WHERE new.lon IS NOT NULL"
FORGET_PLACE = "DELETE FROM event_places WHERE row_id = old.row_id"
NEW_WORDS = " OR ".join(f"old.{name} IS NOT new.{name}" for name in WORDS.split(", "))
NEW_NAMES = "old.actors IS NOT new.actors OR (old.status = 'rejected') <> (new.status = 'rejected')"


def actors_of(row: str) -> str:
    """The actors of a row of `events`, which count once each; none where it is rejected."""
    return f"SELECT DISTINCT value AS name FROM json_each({row}.actors) WHERE {row}.status <> 'rejected'"


def source_of(row: str) -> str:
    """The name of a row of `event_sources` if it is the first of an event that is not rejected."""
    return (
        f"SELECT publisher_or_host({row}.publisher, {row}.url) AS name FROM events"
        f" WHERE event_id = {row}.event_id AND {row}.position = 0 AND status <> 'rejected'"
    )


def first_source_of(row: str) -> str:
    """The name of the first source of a row of `events`, whatever its status."""
    chosen = f"event_id = {row}.event_id AND position = 0"
    return f"SELECT publisher_or_host(publisher, url) AS name FROM event_sources WHERE {chosen}"


def count(kind: str, names: str) -> str:
    return (
        f"INSERT INTO event_names (kind, name, folded, count) SELECT '{kind}', name, folded_words(name), 1"
        f" FROM ({names}) WHERE name <> '' ON CONFLICT (kind, name) DO UPDATE SET count = count + 1"
    )


def discount(kind: str, names: str) -> str:
    return f"UPDATE event_names SET count = count - 1 WHERE kind = '{kind}' AND name IN ({names})"


ADD = f"{ADD_WORDS}; {ADD_PLACE}; {count('actor', actors_of('new'))}"
# The sources go first, while the status of their event can still be read.
REMOVE = (
    f"{FORGET_WORDS}; {FORGET_PLACE}; {discount('actor', actors_of('old'))}; "
    "DELETE FROM event_sources WHERE event_id = old.event_id"
)
TRIGGERS = {
    "events_added": f"AFTER INSERT ON events BEGIN {ADD}; END",
    "events_removed": f"BEFORE DELETE ON events BEGIN {REMOVE}; END",
    "events_unworded": f"BEFORE UPDATE ON events WHEN {NEW_WORDS} BEGIN {FORGET_WORDS}; END",
    "events_reworded": f"AFTER UPDATE ON events WHEN {NEW_WORDS} BEGIN {ADD_WORDS}; END",
    "events_renamed": (
        f"AFTER UPDATE ON events WHEN {NEW_NAMES} BEGIN"
        f" {discount('actor', actors_of('old'))}; {count('actor', actors_of('new'))}; END"
    ),
    "events_rejected": (
        "AFTER UPDATE ON events WHEN new.status = 'rejected' AND old.status <> 'rejected' BEGIN"
        f" {discount('source', first_source_of('new'))}; END"
    ),
    "events_restored": (
        "AFTER UPDATE ON events WHEN new.status <> 'rejected' AND old.status = 'rejected' BEGIN"
        f" {count('source', first_source_of('new'))}; END"
    ),
    "sources_added": f"AFTER INSERT ON event_sources BEGIN {count('source', source_of('new'))}; END",
    "sources_removed": f"BEFORE DELETE ON event_sources BEGIN {discount('source', source_of('old'))}; END",
}
FILL_ACTORS = """INSERT INTO event_names SELECT 'actor', value, folded_words(value), count(DISTINCT row_id)
    FROM events, json_each(actors) WHERE status <> 'rejected' AND value <> '' GROUP BY value"""
FILL_SOURCES = """INSERT INTO event_names SELECT 'source', name, folded_words(name), count(*)
    FROM (SELECT publisher_or_host(publisher, url) AS name FROM event_sources JOIN events USING (event_id)
    WHERE position = 0 AND status <> 'rejected') WHERE name <> '' GROUP BY name"""


def upgrade() -> None:
    op.create_table(
        "event_names",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("events_by_area", "events", ["country", "admin1", "status"])
    if op.get_bind().dialect.name == "sqlite":
        driver: Any = op.get_bind().connection.driver_connection
        sqlite_functions.add_to(driver)
        for name in ("events_added", "events_removed", "events_unworded", "events_reworded"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE event_text")
        for statement in (VIEW, TEXT, FILL_ACTORS, FILL_SOURCES):
            op.execute(statement)
        op.execute("INSERT INTO event_text(event_text) VALUES ('rebuild')")
        for name, body in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
    if postgis.is_postgis():
        postgis.create_words()


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
