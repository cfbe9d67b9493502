"""The tables of likely duplicates and of merges, and the indexes that finding duplicates and listing stories need."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, text

from geodata.store.schema import documents, events, metadata

duplicate_pairs = Table(
    "duplicate_pairs",
    metadata,
    Column("first_id", String, primary_key=True),
    Column("second_id", String, primary_key=True),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("decided_at", Text),
    sqlite_with_rowid=False,
)
"""`first_id` < `second_id`. `verdict` is likely (what the machine suggests) or different (what a person said)."""
Index("duplicate_pairs_by_second", duplicate_pairs.c.second_id)
Index("duplicate_pairs_best_first", duplicate_pairs.c.verdict, duplicate_pairs.c.score.desc())

merges = Table(
    "merges",
    metadata,
    Column("merge_id", Integer, primary_key=True),
    Column("merged_at", Text, nullable=False),
    Column("undone_at", Text),
    Column("survivor_id", String, nullable=False),
    Column("merged_id", String, nullable=False),
    Column("doc_id", String, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("quote_start", Integer),
    Column("quote_end", Integer),
    Column("merged", Text, nullable=False),
    Column("survivor_before", Text, nullable=False),
    Column("survivor_after", Text, nullable=False),
)
"""`merged` is the event merged away, the others the survivor before and after: rows with their sources, as JSON."""
Index("merges_by_survivor", merges.c.survivor_id)
Index("merges_by_merged", merges.c.merged_id)
Index("merges_by_document", merges.c.doc_id)

_compared = [
    events.c[name]
    for name in ("event_type", "start_day", "end_day", "lat", "lon", "radius_m", "precision", "doc_id", "status")
]
Index("events_to_compare", *_compared)
Index("story_events_to_compare", *_compared, sqlite_where=text("doc_id <> ''"))
Index(
    "drafts_by_confidence",
    events.c.confidence,
    events.c.event_id,
    sqlite_where=text("status = 'draft' AND doc_id <> ''"),
)
Index("documents_by_title", documents.c.title, documents.c.doc_id)
Index("documents_by_date", documents.c.published, documents.c.doc_id)
