"""Tokens, kept answers, webhooks and the lease, over every kind of store."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlalchemy import text

from geodata.contracts import Current, Delivery, Edit, Edited, EventStore, Reply, RequestKey
from geodata.errors import KeyReused, NotFound, StoreBusy, UsageError
from geodata.model import Event
from geodata.store import hook_book
from geodata.store.sql import SqlStore
from geodata.tokens import Scope, is_secret_of, mint, parted
from tests.stores import ask

A = Event("a", "Battles", title="A")
KEY = RequestKey("token", "key", "print")


def ago(**span: float) -> str:
    """A time that has passed, as the store writes it."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="seconds")


def test_a_token_is_shown_once_and_only_its_hash_is_kept(store: EventStore, url: str) -> None:
    whole = store.tokens.add(" cms ", Scope.WRITE)
    parts = parted(whole)
    assert parts is not None
    kept = ask(url, "SELECT * FROM api_tokens")
    assert parts[1] not in str(kept)
    assert is_secret_of(parts[1], str(kept[0][2]))
    held = store.tokens.holder(whole)
    assert held is not None
    assert (held.name, held.scope, held.may(Scope.READ), held.may(Scope.REVIEW)) == ("cms", Scope.WRITE, True, False)


def test_a_use_is_noted_once_a_minute_and_moves_no_version(store: EventStore, url: str) -> None:
    version, whole = store.version(), store.tokens.add("cms", Scope.WRITE)
    assert store.tokens.known()[0].used_at is None
    store.tokens.holder(whole)
    first = store.tokens.known()[0].used_at
    assert first is not None
    ask(url, f"UPDATE api_tokens SET used_at = '{(first - timedelta(seconds=30)).isoformat()}'")
    store.tokens.holder(whole)
    assert store.tokens.known()[0].used_at == first - timedelta(seconds=30)
    assert store.version() == version


def test_nobody_waits_for_a_use_to_be_noted(store: EventStore) -> None:
    whole = store.tokens.add("cms", Scope.WRITE)
    assert isinstance(store, SqlStore)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM webhooks"))
        begun = monotonic()
        assert store.tokens.holder(whole) is not None
        assert monotonic() - begun < 5


def test_another_secret_is_no_token(store: EventStore) -> None:
    whole = store.tokens.add("cms", Scope.WRITE)
    for other in (whole[:-1], whole + "x", whole.upper(), "", whole[:22] + "A" * 43, whole.replace("_", "-")):
        assert store.tokens.holder(other) is None


def test_tokens_end_and_are_revoked(store: EventStore, url: str) -> None:
    whole = store.tokens.add("cms", Scope.WRITE, datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(UsageError, match="is there"):
        store.tokens.add("cms", Scope.READ)
    ask(
        url,
        f"UPDATE api_tokens SET expires_at = '{ago(seconds=2)}'",
    )
    assert store.tokens.holder(whole) is None
    second = store.tokens.add("cms", Scope.READ)
    assert store.tokens.revoke("cms").scope is Scope.READ
    assert store.tokens.holder(second) is None
    with pytest.raises(NotFound):
        store.tokens.revoke("cms")
    assert [token.revoked_at is None for token in store.tokens.known()].count(True) == 1


def test_names_of_tokens(store: EventStore) -> None:
    for name in ("", "  ", "a" * 101, "a\nb"):
        with pytest.raises(UsageError):
            store.tokens.add(name, Scope.READ)


def test_minted_tokens_have_256_bits() -> None:
    parts = [parted(mint().whole) for _ in range(20)]
    assert len({secret for found in parts if found for secret in found}) == 40
    assert all(found and len(found[1]) == 43 for found in parts)  # 43 * 6 bits


# Kept answers


def edit(store: EventStore, key: RequestKey | None, event: Event, status: int = 201) -> Reply:
    def answer(done: Edited) -> Reply:
        return Reply(status, ",".join(done.added), {"ETag": '"x"'})

    return store.edits.edit([event.event_id], lambda current: Edit(events=[event]), answer, key)


def test_an_answer_is_kept_with_what_it_answers(store: EventStore, url: str) -> None:
    first = edit(store, KEY, A)
    assert store.edits.replied(KEY) == first == Reply(201, "a", {"ETag": '"x"'})
    assert edit(store, KEY, replace(A, title="Other")) == first
    assert store.get("a").title == "A"
    with pytest.raises(KeyReused):
        store.edits.replied(replace(KEY, fingerprint="other"))
    assert store.edits.replied(replace(KEY, token_id="other")) is None
    ask(
        url,
        f"UPDATE api_replies SET made_at = '{ago(hours=25)}'",
    )
    assert store.edits.replied(KEY) is None
    assert edit(store, KEY, replace(A, title="Other")).body == ""  # changed, not added
    assert store.get("a").title == "Other"


def test_what_is_refused_leaves_nothing(store: EventStore) -> None:
    def refuse(current: Current) -> Edit:
        raise LookupError

    version = store.version()
    with pytest.raises(LookupError):
        store.edits.edit(["a"], refuse, lambda done: Reply(200), KEY)
    assert (store.version(), store.edits.replied(KEY)) == (version, None)


def test_two_at_once_do_it_once(store: EventStore) -> None:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda: replies.append(edit(store, KEY, A))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [Reply(201, "a", {"ETag": '"x"'})] * 6
    assert len(store.changes.since().changes) == 1


# Webhooks


def test_hooks_are_kept_with_how_they_go(store: EventStore) -> None:
    hook = store.hooks.add("https://example.org/", "type=Battles", "whsec_x", store.changes.now())
    assert store.hooks.known() == (hook,)
    later = replace(hook, failures=2, next_at=datetime(2030, 1, 1, tzinfo=UTC), until="u", cursor="c", paused="p")
    delivery = Delivery(hook.hook_id, "msg_1", datetime(2030, 1, 1, tzinfo=UTC), 0, 3, 12, "no answer")
    assert store.hooks.put(later, delivery)
    assert store.hooks.get(hook.hook_id) == later
    assert list(store.hooks.deliveries()) == [delivery]
    store.hooks.remove(hook.hook_id)
    assert not store.hooks.put(later, delivery)
    assert list(store.hooks.deliveries()) == []
    with pytest.raises(NotFound):
        store.hooks.get(hook.hook_id)


def test_the_log_of_a_hook_is_bounded(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_book, "MOST_LOGGED", 3)
    hook = store.hooks.add("https://example.org/", "", "whsec_x", "")
    for number in range(5):
        store.hooks.put(hook, Delivery(hook.hook_id, f"m{number}", datetime.now(UTC), 200, 1, 1))
    assert [delivery.message_id for delivery in store.hooks.deliveries(hook.hook_id)] == ["m4", "m3", "m2"]


def test_one_holds_the_lease(store: EventStore, url: str) -> None:
    assert store.hooks.lease("one", 60)
    assert not store.hooks.lease("two", 60)
    assert store.hooks.lease("one", 60)
    assert not store.hooks.lease("one", 0)
    assert store.hooks.lease("two", 60)
    ask(url, "UPDATE leases SET until = '2020-01-01T00:00:00+00:00'")
    assert store.hooks.lease("one", 60)


def test_waiting_in_vain_for_the_store_is_told_apart(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(store, SqlStore)
    monkeypatch.setattr(store._backend, "is_busy", lambda error: True)
    with pytest.raises(StoreBusy), store.reading() as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
