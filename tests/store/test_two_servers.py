"""Two servers over one store in PostgreSQL: each soon shows what the other wrote, also after broken connections."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from geodata.model import Status
from geodata.store import open_store
from geodata.tokens import Scope
from tests.seeded import EVENTS, seed
from tests.stores import ask, needs_postgis, new_store

pytestmark = needs_postgis
ROOT = Path(__file__).parent.parent.parent
ITEMS = "/collections/events/items"
PATIENCE_S = 10.0
"""2 s are promised; a machine that does much else may take longer."""
END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
QUERIES = ("", "q=kherson", "bbox=30,40,40,50", "datetime=2023-11", "sub_type=Attack", "source=Example+Wire")


@dataclass
class Server:
    address: str
    token: str

    def get(self, query: str = "") -> Any:
        with urllib.request.urlopen(f"{self.address}{ITEMS}?{query}&f=json", timeout=20) as answer:
            return json.load(answer)

    def count(self, query: str = "") -> int:
        return int(self.get(f"limit=1&{query}")["numberMatched"])

    def post(self, feature: object) -> str:
        """The id of the event that this makes."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/geo+json"}
        request = urllib.request.Request(f"{self.address}{ITEMS}", json.dumps(feature).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(answer.headers["Location"]).rpartition("/")[2]


def feature(title: str) -> object:
    kept = {"event_type": "Battles", "title": title, "start": "2023-11-11", "source_url": "https://example.org/1"}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [38.0, 48.5]}, "properties": kept}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with new_store("postgresql", tmp_path_factory.mktemp("two")) as address:
        seed(address)
        yield address


@pytest.fixture(scope="module")
def servers(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    store = open_store(url)
    token = store.tokens.add("test", Scope.WRITE)
    store.close()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    with ExitStack() as stack:
        processes = []
        for name in "ab":
            command = [sys.executable, "-m", "geodata", "--data", str(tmp_path_factory.mktemp(name)), "serve"]
            process = stack.enter_context(
                subprocess.Popen(
                    [*command, "--port", "0"],
                    cwd=ROOT,
                    env={**kept, "DATABASE_URL": url},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(process.send_signal, signal.SIGTERM)
            processes.append(process)
        addresses = [process.stdout.readline().decode().split()[-1] for process in processes if process.stdout]
        first, second = (Server(address, token) for address in addresses)
        yield first, second


def test_each_shows_what_the_other_wrote(servers: tuple[Server, Server]) -> None:
    assert [server.count() for server in servers] == [len(EVENTS) - 1] * 2
    for number in range(3):
        here, there = servers if number % 2 else servers[::-1]
        title = f"zebra{number}"
        here.post(feature(title))
        _within(lambda server=there, title=title: server.count(f"q={title}") == 1)
        _same(servers)


def test_each_shows_what_a_third_process_wrote_after_all_connections_broke(
    url: str, servers: tuple[Server, Server]
) -> None:
    store = open_store(url)
    before = servers[0].count()
    ask(url, END_OTHERS)
    store.save([replace(EVENTS[0], event_id=f"more{number}") for number in range(50)])
    store.set_status(["capture"], Status.REJECTED)
    for server in servers:
        _within(lambda server=server: server.count() == before + 49)
    _same(servers)
    ask(url, END_OTHERS)
    servers[0].post(feature("yak"))
    _within(lambda: servers[1].count("q=yak") == 1)
    _same(servers)
    store.close()


def _within(holds) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, f"not within {PATIENCE_S} s"
        time.sleep(0.05)


def _same(servers: tuple[Server, Server]) -> None:
    for query in QUERIES:
        one, other = ([item["id"] for item in server.get(f"limit=1000&{query}")["features"]] for server in servers)
        assert one == other, query
