"""Webhooks to a real receiver on this computer: signed, in order, again until they arrive, and to nobody else."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geodata.allowed import RESTRICTED, Release
from geodata.cli import cli
from geodata.contracts import EventStore, Hook
from geodata.errors import OutsideError, UsageError
from geodata.model import Event, Place, Status
from geodata.settings import Settings
from geodata.store import open_store
from geodata.timespan import TimeSpan
from geodata.webhooks import Courier, Sender, checked_url, new_secret, sending, signed, verify
from mapping.telling import change_json

A = Event("a", "Battles", title="A", when=TimeSpan.day(date(2022, 1, 1)), place=Place("X", 30.0, 48.0, country="UA"))
LOCAL = Settings(webhook_local=True)


@dataclass
class Receiver:
    """Keeps what it gets; `answers` are the statuses of the next answers, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    sleep_s: float = 0.0

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def told(self) -> list[tuple[str, str, bool]]:
        """Change, id and whether it matches, of all messages."""
        changes = [change for message in self.messages for change in message["data"]["changes"]]
        return [(change["change"], change["id"], change["matches"]) for change in changes]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[Receiver]]]:
    current: list[Receiver] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver = current[-1]
            time.sleep(receiver.sleep_s)
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}/hook?a=b", current
    web.shutdown()
    web.server_close()


@pytest.fixture
def receiver(server: tuple[str, list[Receiver]]) -> Receiver:
    made = Receiver(server[0])
    server[1].append(made)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'dateline.sqlite'}")
    yield opened
    opened.close()


def courier(store: EventStore, settings: Settings = LOCAL, waits_s: tuple[float, ...] = (0.0, 0.0)) -> Courier:
    release = Release.of(settings)
    return Courier(lambda: store, Sender(settings, seconds=2.0), lambda change: change_json(change, release), waits_s)


def hooked(store: EventStore, receiver: Receiver, params: str = "") -> Hook:
    return store.hooks.add(receiver.url, params, new_secret(), store.changes.now())


def deliver(store: EventStore, hook: Hook, made: Courier | None = None) -> Hook:
    (made or courier(store)).tell_all(store.hooks.get(hook.hook_id))
    return store.hooks.get(hook.hook_id)


def until(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def test_a_change_arrives_signed_and_once(store: EventStore, receiver: Receiver) -> None:
    hook = hooked(store, receiver)
    store.save([A])
    after = deliver(store, hook)
    ((headers, body),) = receiver.got
    assert verify(hook.secret, headers, body)
    assert not verify(hook.secret, headers, body + b" ")
    assert not verify(new_secret(), headers, body)
    assert not verify(hook.secret, headers, body, time.time() + 3600)
    (message,) = receiver.messages
    assert (message["type"], message["data"]["cursor"]) == ("events.changed", store.changes.now())
    assert message["data"]["changes"][0]["feature"]["geometry"]["coordinates"] == [30.0, 48.0]
    assert (after.cursor, after.until, after.failures) == (store.changes.now(), "", 0)
    deliver(store, hook)
    assert len(receiver.got) == 1
    (logged,) = store.hooks.deliveries(hook.hook_id)
    assert (logged.status, logged.changes, logged.arrived) == (204, 1, True)


def test_what_no_longer_answers_is_told_too(store: EventStore, receiver: Receiver) -> None:
    hook = hooked(store, receiver, "type=Battles&country=UA")
    other = replace(A, event_id="b", event_type="Riots")
    store.save([A, other])
    store.save([replace(A, event_type="Riots"), replace(other, title="B")])
    store.save([replace(A, title="gone from view")])
    deliver(store, hook)
    assert receiver.told == [("added", "a", True), ("changed", "a", True), ("changed", "a", True)]
    store.set_status(["a"], Status.REJECTED)
    deliver(store, hook)
    assert receiver.told[-1] == ("changed", "a", False)


def test_what_may_not_leave_does_not(store: EventStore, receiver: Receiver) -> None:
    hook = hooked(store, receiver)
    store.save([replace(A, tags=(RESTRICTED,)), replace(A, event_id="b")])
    deliver(store, hook)
    assert [told[1] for told in receiver.told] == ["b"]


def test_what_failed_is_sent_again_as_the_same_message(store: EventStore, receiver: Receiver) -> None:
    hook = hooked(store, receiver)
    receiver.answers = [500, 302]
    store.save([A])
    first = deliver(store, hook)
    assert (first.failures, first.paused, bool(first.until), first.next_at is not None) == (1, "", True, True)
    store.save([replace(A, event_id="b")])  # what comes meanwhile waits its turn
    second = deliver(store, hook)
    assert second.failures == 2
    deliver(store, hook)
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert [told[1] for told in receiver.told] == ["a", "a", "a", "b"]
    said = [delivery.said for delivery in store.hooks.deliveries(hook.hook_id)]
    assert said[2:] == ["answered 302:", "answered 500:"]


@pytest.mark.parametrize(("answers", "said"), [([410], "410"), ([500, 500, 500], "3 tries failed")])
def test_a_receiver_that_wants_no_more_is_left_alone(
    store: EventStore, receiver: Receiver, answers: list[int], said: str
) -> None:
    hook = hooked(store, receiver)
    receiver.answers = list(answers)
    store.save([A])
    for _ in answers:
        hook = deliver(store, hook)
    assert said in hook.paused
    courier(store).look()
    assert len(receiver.got) == len(answers)


def test_a_hook_of_another_store_is_paused(store: EventStore, receiver: Receiver) -> None:
    hook = store.hooks.add(receiver.url, "", new_secret(), "other-5")
    assert "another store" in deliver(store, hook).paused


def test_long_lists_of_changes_are_cut_into_messages(store: EventStore, receiver: Receiver) -> None:
    hook = hooked(store, receiver)
    store.save([replace(A, event_id=f"e{number}") for number in range(120)])
    deliver(store, hook)
    assert [len(message["data"]["changes"]) for message in receiver.messages] == [50, 50, 20]


def test_the_thread_delivers_and_a_dead_receiver_holds_up_nobody(store: EventStore, receiver: Receiver) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)  # takes connections and says nothing
        store.hooks.add(f"http://127.0.0.1:{silent.getsockname()[1]}/", "", new_secret(), "")
        hook = hooked(store, receiver)
        store.save([A])
        running = courier(store)
        running.start()
        assert until(lambda: bool(receiver.got))
        second = courier(store)
        second.look()  # another server of the same store leaves it to the first
        begun = time.monotonic()
        running.close()
        assert time.monotonic() - begun < 5
    assert len(receiver.got) == 1
    assert until(lambda: store.hooks.get(hook.hook_id).cursor == store.changes.now())
    assert store.hooks.lease("next", 1)  # closing gives it back


@pytest.mark.parametrize(
    ("settings", "said"),
    [(Settings(), "is not public"), (replace(LOCAL, webhook_local=False), "is not public")],
)
def test_nothing_goes_to_this_network_unless_a_setting_says_so(
    store: EventStore, receiver: Receiver, settings: Settings, said: str
) -> None:
    port = int(receiver.url.partition("/hook")[0].rpartition(":")[2])
    hook = replace(hooked(store, receiver), url="https://intranet.example/")
    sender = Sender(settings, resolver=lambda host, port, seconds: ["127.0.0.1"])
    delivery = sender.send(hook, "m", b"{}", 0)
    assert (delivery.status, said in delivery.said, receiver.got) == (0, True, [])
    with pytest.raises(UsageError, match=f"port {port}"):
        checked_url(receiver.url, settings)


def test_what_is_noted_steers_no_terminal(
    store: EventStore, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rubbish(*_: object) -> None:
        raise OutsideError("it answered \x1b[2J\r\nand more")

    monkeypatch.setattr(sending, "post", rubbish)
    assert Sender(LOCAL).send(hooked(store, receiver), "m", b"{}", 0).said == "it answered [2J and more"


@pytest.mark.parametrize("url", ["ftp://example.org/", "https://user@example.org/", "https://0x7f.1/", "x"])
def test_what_is_no_address_of_a_receiver(url: str) -> None:
    with pytest.raises(UsageError):
        checked_url(url, LOCAL)


def test_signatures_are_those_of_the_standard() -> None:
    # the example of the specification: standard-webhooks, spec/standard-webhooks.md
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_YWJj"])
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(UsageError, match="whsec_"):
        signed(secret, "m", 0, b"")


def run(folder: Path, *args: str, **environ: str) -> Result:
    return CliRunner().invoke(cli, ["--data", str(folder), *args], env={"DATELINE_WEBHOOK_LOCAL": "yes", **environ})


def test_the_commands(tmp_path: Path, store: EventStore, receiver: Receiver) -> None:
    made = run(tmp_path, "webhooks", "add", receiver.url, "--query", "type=Battles&country=UA")
    assert made.exit_code == 0, made.output
    hook_id, secret = made.stdout.split()
    assert "DATELINE_WEBHOOKS=yes" in made.stderr
    assert "hook?a=b ?type=Battles&country=UA" in run(tmp_path, "webhooks", "list").stdout
    assert "no message was sent yet" in run(tmp_path, "webhooks", "log").stderr
    tried = run(tmp_path, "webhooks", "test", hook_id)
    assert (tried.exit_code, receiver.messages[0]["type"]) == (0, "test")
    assert verify(secret, *receiver.got[0])
    receiver.answers = [503]
    failed = run(tmp_path, "webhooks", "test", hook_id)
    assert (failed.exit_code, "row" in failed.stderr) == (1, False)
    assert run(tmp_path, "webhooks", "log", hook_id).stdout.count("msg_") == 2
    store.hooks.put(replace(store.hooks.get(hook_id), paused="so", failures=3, next_at=datetime.now(UTC)))
    assert "paused: so" in run(tmp_path, "webhooks", "list").stdout
    run(tmp_path, "webhooks", "resume", hook_id, "--from-now")
    assert (store.hooks.get(hook_id).paused, store.hooks.get(hook_id).failures) == ("", 0)
    assert run(tmp_path, "webhooks", "remove", hook_id).exit_code == 0
    assert store.hooks.known() == ()


@pytest.mark.parametrize(
    "args",
    [
        ("add", "http://127.0.0.1:9/"),
        ("add", "https://example.org", "--query", "type=Nothing"),
        ("add", "https://example.org", "--query", "bbox=1"),
        ("add", "https://example.org", "--query", "typ=Battles"),
        ("add", "https://example.org", "--secret", "abc"),
    ],
)
def test_what_the_command_refuses(tmp_path: Path, args: tuple[str, ...]) -> None:
    result = run(tmp_path, "webhooks", *args, DATELINE_WEBHOOK_LOCAL="no")
    assert (result.exit_code, result.stdout) == (2, ""), result.output


def test_the_commands_of_tokens(tmp_path: Path, store: EventStore) -> None:
    made = run(tmp_path, "tokens", "add", "cms", "--scope", "review", "--days", "30")
    held = store.tokens.holder(made.stdout.strip())
    assert held is not None
    assert (held.scope.value, held.expires_at is not None) == ("review", True)
    assert "cms: review" in run(tmp_path, "tokens", "list").stdout
    assert made.stdout.strip() not in run(tmp_path, "tokens", "list").output
    assert run(tmp_path, "tokens", "add", "cms").exit_code == 2
    assert run(tmp_path, "tokens", "revoke", "cms").exit_code == 0
    assert "revoked" in run(tmp_path, "tokens", "list").stdout
    assert run(tmp_path, "tokens", "revoke", "cms").exit_code == 1
