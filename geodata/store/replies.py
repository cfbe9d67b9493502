"""The answers kept for requests with an Idempotency-Key: the same request again gets the same answer, for a day."""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from geodata.contracts import Reply, RequestKey
from geodata.errors import KeyReused, shown
from geodata.store.api_tables import api_replies
from geodata.store.token_book import text_of

KEPT = timedelta(hours=24)


def kept_reply(connection: Connection, key: RequestKey) -> Reply | None:
    """The answer that this request had; KeyReused where the key came with another one."""
    found = select(api_replies).where(api_replies.c.token_id == key.token_id, api_replies.c.key == key.key)
    row = connection.execute(found.where(api_replies.c.made_at >= _oldest())).mappings().first()
    if row is None:
        return None
    if row["fingerprint"] != key.fingerprint:
        raise KeyReused(
            f"Idempotency-Key {shown(key.key)} came with another request at {row['made_at']}; "
            "accepted: a new key for a new request"
        )
    return Reply(row["status"], row["body"], json.loads(row["headers"]))


def keep_reply(connection: Connection, key: RequestKey, reply: Reply) -> None:
    """Keeps an answer, and forgets those that are older than a day."""
    connection.execute(delete(api_replies).where(api_replies.c.made_at < _oldest()))
    connection.execute(
        insert(api_replies).values(
            token_id=key.token_id,
            key=key.key,
            fingerprint=key.fingerprint,
            made_at=text_of(datetime.now(UTC)),
            status=reply.status,
            headers=json.dumps(dict(reply.headers)),
            body=reply.body,
        )
    )


def _oldest() -> str:
    return text_of(datetime.now(UTC) - KEPT)
