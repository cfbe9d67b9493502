"""What people chose that a name means, with a copy of the place."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "place_choices",
        sa.Column("choice_id", sa.String, primary_key=True),
        *map(text, ("name", "key")),
        sa.Column("level", sa.Integer, nullable=False),
        text("chosen_at"),
        sa.Column("doc_id", sa.String, nullable=False),
        text("place_name"),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("lat", sa.Float, nullable=False),
        *map(text, ("precision", "country", "admin1", "admin2", "place_id")),
        sa.Column("radius_m", sa.Float, nullable=False),
        text("feature"),
        sa.Column("population", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
