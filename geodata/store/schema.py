"""The tables as SQLAlchemy sees them. The migrations make them; a test holds that the two agree.

Days count from 1970-01-01. The tables of places (R*Tree) and of words (FTS5) belong to one database each and are made
by the migrations; they and `event_names` are kept right by triggers; see sqlite.py.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

HEAD = "0009"
"""The newest revision in migrations/versions, which a store must be at to be used."""

metadata = MetaData()


def _source_columns() -> list[Column[object]]:
    """What is needed to cite a source; of a story, and of each source of an event."""
    names = ("url", "title", "publisher", "published", "retrieved", "sha256", "archive_url")
    return [Column(name, Text, nullable=name in ("published", "retrieved")) for name in names]


documents = Table(
    "documents",
    metadata,
    Column("doc_id", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    *_source_columns(),
)

events = Table(
    "events",
    metadata,
    Column("row_id", Integer, primary_key=True),
    Column("event_id", String, nullable=False, unique=True),
    Column("event_type", Text, nullable=False),
    Column("sub_event_type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("start_day", Integer),
    Column("end_day", Integer),
    Column("date_precision", Text),
    Column("place_name", Text),
    Column("lon", Float),
    Column("lat", Float),
    Column("precision", Text),
    Column("country", Text),
    Column("admin1", Text),
    Column("admin2", Text),
    Column("place_id", Text),
    Column("radius_m", Float),
    Column("feature", Text),
    Column("population", Integer),
    Column("quote", Text, nullable=False),
    *[Column(f"{name}_{end}", Integer) for name in ("quote", "when", "place") for end in ("start", "end")],
    Column("doc_id", String, nullable=False),
    Column("actors", Text, nullable=False),
    Column("has_fatalities", Boolean, nullable=False),
    Column("fatalities_low", Integer),
    Column("fatalities_best", Integer),
    Column("fatalities_high", Integer),
    Column("confidence", Float, nullable=False),
    Column("status", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("properties", Text, nullable=False),
)
Index("events_latest_first", events.c.start_day.desc())
Index("events_by_document", events.c.doc_id)
Index("events_by_area", events.c.country, events.c.admin1, events.c.status)

event_sources = Table(
    "event_sources",
    metadata,
    Column("event_id", String, ForeignKey("events.event_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    *_source_columns(),
    sqlite_with_rowid=False,
)

event_names = Table(
    "event_names",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("folded", Text, nullable=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The publishers of first sources (`source`) and the actors (`actor`) of all events but the rejected; 0: no more."""

place_choices = Table(
    "place_choices",
    metadata,
    Column("choice_id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("chosen_at", Text, nullable=False),
    Column("doc_id", String, nullable=False),
    Column("place_name", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("precision", Text, nullable=False),
    *[Column(name, Text, nullable=False) for name in ("country", "admin1", "admin2", "place_id")],
    Column("radius_m", Float, nullable=False),
    Column("feature", Text, nullable=False),
    Column("population", Integer, nullable=False),
)
"""The place is a copy, not a reference: a gazetteer that is built anew may have lost it."""

history = Table(
    "history",
    metadata,
    Column("history_id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item_id", String, nullable=False),
    Column("action", Text, nullable=False),
    Column("before", Text),
    Column("first_row", Integer),
    Column("last_row", Integer),
)
"""`kind` is event, document or choice: `item_id` names it; or rows, and `first_row` to `last_row` were added or removed
together by the import `item_id`. Such an entry takes the numbers of as many entries as it has rows: its `history_id`
is the last of them, and that of row r is less by `last_row` - r.
"""
Index("history_by_item", history.c.kind, history.c.item_id)
Index("history_by_version", history.c.version)

removed_rows = Table(
    "removed_rows",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("row_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Rows of `events` that were removed, with the version that removed them; kept by a trigger. See columns.py."""

imports = Table(
    "imports",
    metadata,
    Column("import_id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    *[
        Column(name, Text, nullable=False)
        for name in ("made_at", "name", "format", "sha256", "mapping", "credit", "notes")
    ],
    *[
        Column(name, Integer, nullable=False)
        for name in ("rows", "added", "changed", "unchanged", "kept", "merged", "rejected", "undated", "unplaced")
    ],
    Column("undone_at", Text),
)
"""Imports of whole tables, each one version of the store: the history of that version says what it did."""
Index("imports_by_version", imports.c.version)
Index("imports_by_file", imports.c.sha256)

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
