"""The thread of `serve` that delivers: it looks whether the store has moved on and tells each hook what it asked for.

Each hook is told in order, one message at a time; several hooks at once, so that one that does not answer holds up
nobody. Of several servers of one store one delivers: the holder of a lease, which another takes over when it ends.
"""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from geodata.contracts import Delivery, EventChange, EventStore, Hook
from geodata.errors import GeodataError, Gone, StoreError
from geodata.model import Event, stable_id
from geodata.query import EventQuery
from geodata.webhooks.sending import Sender

LOOK_S = 1.0
LEASE_S, RENEW_S = 60.0, 20.0
AT_ONCE = 4
"""Hooks that are told at the same time."""
MOST_CHANGES = 50
"""In one message, each with its feature: receivers are not asked to take more than some hundred KB."""
MOST_MESSAGES = 20
"""For one hook in a row; then others come first."""
WAITS_S = (5, 5 * 60, 30 * 60, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24)))
"""Until the next try, after each one that failed (the schedule that Standard Webhooks proposes); then it is paused."""
GONE = 410
Tell = Callable[[EventChange], Mapping[str, Any] | None]
log = logging.getLogger(__name__)


class Courier:
    """Delivers until it is closed. `tell` says a change as JSON, None where it may not leave."""

    def __init__(self, store: Callable[[], EventStore], sender: Sender, tell: Tell, waits_s: Sequence[float] = WAITS_S):
        self._store, self._sender, self._tell, self._waits_s = store, sender, tell, waits_s
        self._holder = secrets.token_hex(8)
        self._stop = threading.Event()
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._told_to: dict[str, int] = {}
        """By hook, the store's number up to which there is nothing left for it."""
        self._renew_at = 0.0
        self._held = False
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends it; a message that is under way is sent again by whoever delivers next."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * LOOK_S)
        if self._held:
            self._quietly(lambda: self._store().hooks.lease(self._holder, 0))

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            self._quietly(self.look)

    def look(self) -> None:
        """One look at all hooks; those that have something due are told in threads of their own."""
        store = self._store()
        hooks = [hook for hook in store.hooks.known() if not hook.paused]
        if not hooks or not self._may_deliver(store):
            return
        now, number = datetime.now(UTC), _number(store)
        for hook in hooks:
            due = hook.next_at is None or hook.next_at <= now
            if due and (hook.until or self._told_to.get(hook.hook_id) != number):
                self._begin(hook)

    def _may_deliver(self, store: EventStore) -> bool:
        if time.monotonic() >= self._renew_at:
            self._held = store.hooks.lease(self._holder, LEASE_S)
            self._renew_at = time.monotonic() + RENEW_S
        return self._held

    def _begin(self, hook: Hook) -> None:
        with self._lock:
            if hook.hook_id in self._busy or len(self._busy) >= AT_ONCE:
                return
            self._busy.add(hook.hook_id)
        threading.Thread(target=self._deliver, args=(hook,), name=f"webhook-{hook.hook_id}", daemon=True).start()

    def _deliver(self, hook: Hook) -> None:
        try:
            self._quietly(lambda: self.tell_all(hook))
        finally:
            with self._lock:
                self._busy.discard(hook.hook_id)

    def tell_all(self, hook: Hook) -> None:
        """Tells a hook what it has not been told, until it is, or a message fails."""
        store = self._store()
        query = query_of(hook.params)
        number = _number(store)
        for _ in range(MOST_MESSAGES):
            try:
                page = store.changes.since(hook.cursor, MOST_CHANGES, hook.until)
            except Gone as error:
                store.hooks.put(replace(hook, paused=str(error)))
                return
            told = [each for change in page.changes if (each := self._told(change, query))]
            after = replace(hook, cursor=page.cursor, until="", failures=0, next_at=None)
            more = page.more or bool(hook.until)  # a message that is sent again ends where it first did
            if not more:
                self._told_to[hook.hook_id] = number
            if not told:
                if not (after == hook or store.hooks.put(after)) or not more:
                    return
                hook = after
                continue
            delivery = self._sender.send(hook, _message_id(hook, page.cursor), _body(told, page.cursor), len(told))
            hook = after if delivery.arrived else self._failed(replace(hook, until=page.cursor), delivery)
            if not store.hooks.put(hook, delivery) or not delivery.arrived or not more or self._stop.is_set():
                return

    def _told(self, change: EventChange, query: EventQuery) -> Mapping[str, Any] | None:
        """The change as it is told, where the event answers the hook's query or did before.

        Of events that went with the import that had added them nothing is known any more: everybody is told.
        """
        matches = _answers(query, change.now)
        unknown = change.action == "removed" and change.before is None
        if not (matches or unknown or _answers(query, change.before)):
            return None
        told = self._tell(change)
        return {**told, "matches": matches} if told else None

    def _failed(self, hook: Hook, delivery: Delivery) -> Hook:
        if delivery.status == GONE:
            return replace(hook, paused="the receiver answered 410: it wants no more")
        if hook.failures >= len(self._waits_s):
            return replace(hook, paused=f"{hook.failures + 1} tries failed, the last: {delivery.said}")
        wait_s = self._waits_s[hook.failures] * random.uniform(1, 1.1)  # noqa: S311 so that not all come back at once
        return replace(hook, failures=hook.failures + 1, next_at=datetime.now(UTC) + timedelta(seconds=wait_s))

    def _quietly(self, act: Callable[[], object]) -> None:
        """A store that is locked or away for a while must not end the thread: the next look tries again."""
        try:
            act()
        except StoreError as error:
            log.warning("webhooks: %s", error)
        except GeodataError as error:
            log.error("webhooks: %s", error, exc_info=error)


def query_of(params: str) -> EventQuery:
    """The query of a hook, from its parameters as in an address; UsageError names what cannot be read."""
    return EventQuery.from_params(parse_qs(params.lstrip("?"), keep_blank_values=True))


def _answers(query: EventQuery, event: Event | None) -> bool:
    return event is not None and query.matches(event)


def _message_id(hook: Hook, cursor: str) -> str:
    """The same for each try, so that a receiver that got it twice can tell."""
    return f"msg_{stable_id(hook.hook_id, hook.cursor, cursor)}"


def _body(told: Sequence[Mapping[str, Any]], cursor: str) -> bytes:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    message = {"type": "events.changed", "timestamp": now, "data": {"changes": told, "cursor": cursor}}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _number(store: EventStore) -> int:
    """The store's number of writes."""
    return int(store.version().rpartition("-")[2])
