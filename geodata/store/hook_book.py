"""`SqlHooks`: webhooks, the log of their deliveries, and who delivers. Satisfies contracts.HookBook."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from geodata.contracts import Delivery, Hook
from geodata.errors import NotFound, shown
from geodata.store.api_tables import leases, webhook_deliveries, webhooks
from geodata.store.choices import Connections
from geodata.store.rows import Fields, Row
from geodata.store.token_book import text_of, time_of

MOST_LOGGED = 200
"""Lines of the log that are kept for each hook."""
LEASE = "webhooks"


class SqlHooks:
    def __init__(self, store: Connections) -> None:
        self._store = store

    def add(self, url: str, params: str, secret: str, cursor: str) -> Hook:
        hook = Hook(secrets.token_hex(4), url, params, secret, datetime.now(UTC).replace(microsecond=0), cursor)
        with self._store.writing() as connection:
            connection.execute(insert(webhooks).values(_row(hook)))
        return hook

    def known(self) -> Sequence[Hook]:
        with self._store.reading() as connection:
            oldest = select(webhooks).order_by(webhooks.c.made_at, webhooks.c.hook_id)
            return tuple(map(_hook, connection.execute(oldest).mappings()))

    def get(self, hook_id: str) -> Hook:
        with self._store.reading() as connection:
            row = connection.execute(select(webhooks).where(webhooks.c.hook_id == hook_id)).mappings().first()
        if row is None:
            raise NotFound(f"there is no webhook {shown(hook_id)}; `webhooks list` shows them")
        return _hook(row)

    def remove(self, hook_id: str) -> Hook:
        hook = self.get(hook_id)
        with self._store.writing() as connection:
            connection.execute(delete(webhooks).where(webhooks.c.hook_id == hook_id))
            connection.execute(delete(webhook_deliveries).where(webhook_deliveries.c.hook_id == hook_id))
        return hook

    def put(self, hook: Hook, delivery: Delivery | None = None) -> bool:
        with self._store.writing() as connection:
            there = update(webhooks).where(webhooks.c.hook_id == hook.hook_id).values(_row(hook))
            if not connection.execute(there).rowcount:
                return False
            if delivery:
                connection.execute(insert(webhook_deliveries).values(_delivery_row(delivery)))
                mine = webhook_deliveries.c.hook_id == hook.hook_id
                latest = select(webhook_deliveries.c.delivery_id).where(mine)
                oldest = latest.order_by(webhook_deliveries.c.delivery_id.desc()).offset(MOST_LOGGED).limit(1)
                last = connection.execute(oldest).scalar()
                if last is not None:
                    connection.execute(delete(webhook_deliveries).where(mine, webhook_deliveries.c.delivery_id <= last))
        return True

    def deliveries(self, hook_id: str = "", limit: int = 20) -> Iterator[Delivery]:
        latest = select(webhook_deliveries).order_by(webhook_deliveries.c.delivery_id.desc()).limit(limit)
        if hook_id:
            latest = latest.where(webhook_deliveries.c.hook_id == hook_id)
        with self._store.reading() as connection:
            rows = connection.execute(latest).mappings().all()
        return map(_delivery, rows)

    def lease(self, holder: str, seconds: float) -> bool:
        now = datetime.now(UTC)
        with self._store.writing() as connection:
            row = connection.execute(select(leases).where(leases.c.name == LEASE)).mappings().first()
            if row and row["holder"] != holder and row["until"] > text_of(now):
                return False
            connection.execute(delete(leases).where(leases.c.name == LEASE))
            if seconds > 0:
                until = text_of(now + timedelta(seconds=seconds))
                connection.execute(insert(leases).values(name=LEASE, holder=holder, until=until))
        return seconds > 0


def _row(hook: Hook) -> Row:
    return {
        **{name: getattr(hook, name) for name in ("hook_id", "url", "params", "secret", "failures", "paused")},
        "made_at": text_of(hook.made_at),
        "cursor_at": hook.cursor,
        "until_at": hook.until,
        "next_at": text_of(hook.next_at) if hook.next_at else None,
    }


def _hook(row: Fields) -> Hook:
    fields: dict[str, Any] = {name: row[name] for name in ("hook_id", "url", "params", "secret", "failures", "paused")}
    return Hook(
        **fields,
        made_at=datetime.fromisoformat(row["made_at"]),
        cursor=row["cursor_at"],
        until=row["until_at"],
        next_at=time_of(row["next_at"]),
    )


def _delivery_row(delivery: Delivery) -> Row:
    names = ("hook_id", "message_id", "status", "changes", "took_ms", "said")
    return {**{name: getattr(delivery, name) for name in names}, "sent_at": text_of(delivery.sent_at)}


def _delivery(row: Fields) -> Delivery:
    names = ("hook_id", "message_id", "status", "changes", "took_ms", "said")
    fields: dict[str, Any] = {name: row[name] for name in names}
    return Delivery(**fields, sent_at=datetime.fromisoformat(row["sent_at"]))
