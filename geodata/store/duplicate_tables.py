"""The tables of likely duplicates and of merges, and the indexes that finding duplicates and listing stories need."""

from sqlalchemy import Column, Float, Index, Integer, String, Table, Text, text

from geodata.looks import COARSE, LOW_CONFIDENCE, RIVAL, WIDE_DAYS, YEARS
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
DRAFT = "status = 'draft' AND length(doc_id) > 0"
"""Said otherwise than by the indexes for comparing, or SQLite would take one of those for want of statistics."""
_COARSE = ", ".join(f"'{precision.value}'" for precision in COARSE)
_RIVAL = f"instr(notes, '{RIVAL}') > 0"
_YEAR = " OR ".join(f"instr(notes, '{words}') > 0" for words in YEARS)
WHY = {
    "place": f"(lon IS NULL OR precision IN ({_COARSE}) OR {_RIVAL})",
    "date": f"(start_day IS NULL OR end_day - start_day >= {WIDE_DAYS})",
    "year": f"({_YEAR})",
    "confidence": f"confidence < {LOW_CONFIDENCE}",
}
"""`looks.looks_of` in the words of SQL, reason by reason."""
LOOK = (
    f"(confidence < {LOW_CONFIDENCE} OR lon IS NULL OR precision IN ({_COARSE}) OR start_day IS NULL "
    f"OR end_day - start_day >= {WIDE_DAYS} OR {_RIVAL} OR {_YEAR})"
)
"""Any of `WHY`. SQLite answers from a partial index only a question in the very words of its condition."""
_by_confidence, _by_story = (events.c.confidence, events.c.event_id), (events.c.doc_id, events.c.confidence)
Index("drafts_least_sure_first", *_by_confidence, sqlite_where=text(DRAFT))
Index("drafts_by_story", *_by_story, sqlite_where=text(DRAFT))
Index("looks_by_confidence", *_by_confidence, sqlite_where=text(f"{DRAFT} AND {LOOK}"))
Index("looks_by_story", *_by_story, sqlite_where=text(f"{DRAFT} AND {LOOK}"))
Index("documents_by_title", documents.c.title, documents.c.doc_id)
Index("documents_by_date", documents.c.published, documents.c.doc_id)
