"""Tokens of programs, the answers kept for their repeated requests, webhooks with their log, and who delivers."""

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=True)


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    maybe = [sa.Column(name, sa.Text) for name in ("expires_at", "used_at", "revoked_at")]
    op.create_table("api_tokens", key("token_id"), *texts("name", "digest", "scope", "made_at"), *maybe)
    op.create_table(
        "api_replies",
        *map(key, ("token_id", "key")),
        *texts("fingerprint", "made_at"),
        number("status"),
        *texts("headers", "body"),
    )
    op.create_index("api_replies_by_time", "api_replies", ["made_at"])
    op.create_table(
        "webhooks",
        key("hook_id"),
        *texts("url", "params", "secret", "made_at", "cursor_at", "until_at"),
        number("failures"),
        sa.Column("next_at", sa.Text),
        *texts("paused"),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("delivery_id", sa.Integer, primary_key=True),
        sa.Column("hook_id", sa.String, nullable=False),
        *texts("message_id", "sent_at"),
        *map(number, ("status", "changes", "took_ms")),
        *texts("said"),
    )
    op.create_index("webhook_deliveries_by_hook", "webhook_deliveries", ["hook_id"])
    op.create_table("leases", key("name"), *texts("holder", "until"))


def downgrade() -> None:
    raise StoreError("a store is not taken back to an older schema; restore a backup instead")
