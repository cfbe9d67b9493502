"""The tables of what programs do: their tokens, the answers kept for repeated requests, webhooks and their log.

Times are UTC in ISO 8601, whole seconds, so that they compare as text. None of it moves the store's version on.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from geodata.store.schema import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    *[Column(name, Text) for name in ("expires_at", "used_at", "revoked_at")],
)
"""`digest` is the SHA-256 of the secret, which itself is nowhere."""

api_replies = Table(
    "api_replies",
    metadata,
    Column("token_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""The answers to requests that had an Idempotency-Key; written in the transaction of what they answer."""
Index("api_replies_by_time", api_replies.c.made_at)

webhooks = Table(
    "webhooks",
    metadata,
    Column("hook_id", String, primary_key=True),
    Column("url", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("cursor_at", Text, nullable=False),
    Column("until_at", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_at", Text),
    Column("paused", Text, nullable=False),
)
"""`secret` is kept as it is, because each message is signed with it."""

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("hook_id", String, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("sent_at", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("said", Text, nullable=False),
)
Index("webhook_deliveries_by_hook", webhook_deliveries.c.hook_id)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Text, nullable=False),
)
"""Which one of several servers does a job: the holder until a time, which it moves on while it lives."""
