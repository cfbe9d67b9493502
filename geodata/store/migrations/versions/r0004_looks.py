"""Indexes for lists of stories and of drafts: by story, by confidence, and of what a person should look at."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DRAFT = "status = 'draft' AND length(doc_id) > 0"
LOOK = (
    "(confidence < 0.5 OR lon IS NULL OR precision IN ('region', 'country') OR start_day IS NULL "
    "OR end_day - start_day >= 31 OR instr(notes, 'could also be') > 0 "
    "OR instr(notes, 'before publication (') > 0 OR instr(notes, 'after publication (') > 0)"
)


def upgrade() -> None:
    draft, look = sa.text(DRAFT), sa.text(f"{DRAFT} AND {LOOK}")
    for name, columns in (("by_story", ["doc_id", "confidence"]), ("least_sure_first", ["confidence", "event_id"])):
        op.create_index(f"drafts_{name}", "events", columns, sqlite_where=draft, postgresql_where=draft)
    if op.get_bind().dialect.name == "sqlite":  # on PostgreSQL each index is one of every year
        op.create_index("looks_by_confidence", "events", ["confidence", "event_id"], sqlite_where=look)
        op.create_index("looks_by_story", "events", ["doc_id", "confidence"], sqlite_where=look)


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
