"""Imports of whole tables are kept, to be listed and taken back; one entry of the history can stand for many rows."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXTS = ("made_at", "name", "format", "sha256", "mapping", "credit", "notes")
COUNTS = ("rows", "added", "changed", "unchanged", "kept", "merged", "rejected", "undated", "unplaced")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        *(sa.Column(name, sa.Integer, nullable=False) for name in COUNTS),
        sa.Column("undone_at", sa.Text),
    )
    op.create_index("imports_by_version", "imports", ["version"])
    op.create_index("imports_by_file", "imports", ["sha256"])
    for name in ("first_row", "last_row"):
        op.add_column("history", sa.Column(name, sa.Integer))


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
