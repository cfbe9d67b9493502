"""Likely duplicates, what a person said of them, merges; and indexes to find duplicates and to list stories."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMPARED = ["event_type", "start_day", "end_day", "lat", "lon", "radius_m", "precision", "doc_id", "status"]


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "duplicate_pairs",
        sa.Column("first_id", sa.String, primary_key=True),
        sa.Column("second_id", sa.String, primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        *map(text, ("reasons", "verdict")),
        text("decided_at", nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("duplicate_pairs_by_second", "duplicate_pairs", ["second_id"])
    op.create_index("duplicate_pairs_best_first", "duplicate_pairs", ["verdict", sa.text("score DESC")])
    create_merges()
    op.create_index("events_to_compare", "events", COMPARED)
    if op.get_bind().dialect.name == "sqlite":  # on PostgreSQL each index is one of every year
        op.create_index("story_events_to_compare", "events", COMPARED, sqlite_where=sa.text("doc_id <> ''"))
    op.create_index("documents_by_title", "documents", ["title", "doc_id"])
    op.create_index("documents_by_date", "documents", ["published", "doc_id"])


def create_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("merge_id", sa.Integer, primary_key=True),
        text("merged_at"),
        text("undone_at", nullable=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("survivor_id", "merged_id", "doc_id")),
        text("event_type"),
        sa.Column("quote_start", sa.Integer),
        sa.Column("quote_end", sa.Integer),
        *map(text, ("merged", "survivor_before", "survivor_after")),
    )
    for name in ("survivor", "merged"):
        op.create_index(f"merges_by_{name}", "merges", [f"{name}_id"])
    op.create_index("merges_by_document", "merges", ["doc_id"])


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
