"""Imports by a Dask cluster: what one process gives, and nothing lost or doubled when a worker is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.contracts import PlaceRow
from geodata.errors import SetupError, UsageError
from geodata.jobs import Import, Item, count_of, pieces_of
from geodata.jobs.cluster import Cluster
from geodata.jobs.lent import mark_of
from geodata.model import Status
from geodata.query import EventQuery
from geodata.settings import Settings
from tests.jobs.small_workspace import FAILS, KILLS, SLOW, TrickyWorkspace
from tests.jobs.test_importing import ROOT, jsonl, kept, text

WORKERS = 2


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers, each a process, as their commands start them."""
    data = tmp_path_factory.mktemp("worker")
    environment = {**os.environ, "DATELINE_DATA": str(data), "PYTHONPATH": str(ROOT)}
    begin = [sys.executable, "-m", "geodata"]
    given = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "text": True, "start_new_session": True}
    first = subprocess.Popen([*begin, "scheduler", "--port", "0"], **given)  # type: ignore[call-overload]
    address = first.stdout.readline().split()[2].rstrip(";")
    workers = subprocess.Popen([*begin, "worker", address, "--processes", str(WORKERS)], **given)  # type: ignore[call-overload]
    assert "2 processes" in workers.stdout.readline()
    yield address
    for process in (workers, first):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[TrickyWorkspace]:
    workspace = TrickyWorkspace(Settings(data=tmp_path / "alone", workers=1))
    yield workspace
    workspace.close()


@pytest.fixture
def many(tmp_path: Path) -> Iterator[TrickyWorkspace]:
    workspace = TrickyWorkspace(Settings(data=tmp_path / "many"))
    yield workspace
    workspace.close()


def run(workspace: TrickyWorkspace, path: Path, cluster: Cluster | None = None, **more: object) -> Import:
    items = [Item(str(path), path.name)]
    job = Import(workspace, cluster=cluster, **more)  # type: ignore[arg-type]
    job.receipt = job.run(pieces_of(workspace, items), count_of(items))  # type: ignore[attr-defined]
    return job


def test_a_cluster_gives_what_one_process_gives(
    alone: TrickyWorkspace, many: TrickyWorkspace, scheduler: str, tmp_path: Path
) -> None:
    texts = [text(n, FAILS if n == 30 else "") for n in range(150)]
    path = jsonl(tmp_path / "many.jsonl", texts)
    first = run(alone, path)
    with Cluster(many, scheduler) as cluster:
        second = run(many, path, cluster)
        assert cluster.size == WORKERS
    assert first.receipt == second.receipt  # type: ignore[attr-defined]
    assert second.receipt.stories == 149  # type: ignore[attr-defined]
    assert kept(alone) == kept(many)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    many: TrickyWorkspace, scheduler: str, tmp_path: Path
) -> None:
    path = jsonl(tmp_path / "many.jsonl", [text(n, SLOW) for n in range(200)])
    with Cluster(many, scheduler) as cluster:
        pids = list(cluster._client.run(os.getpid).values())
        assert len(pids) == WORKERS

        def kill() -> None:
            while cluster._client.processing() and not many.store.count(EventQuery(statuses=tuple(Status))):
                time.sleep(0.02)
            os.kill(pids[0], signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        job = run(many, path, cluster)
        killer.join()
        assert job.receipt.stories == 200  # type: ignore[attr-defined]
        assert job.receipt.problems == ()  # type: ignore[attr-defined]
        assert many.store.count(EventQuery(statuses=tuple(Status))) == 400
        assert pids[0] not in cluster._client.run(os.getpid).values()


def test_a_story_that_kills_its_workers_is_told_and_the_others_are_read(
    many: TrickyWorkspace, scheduler: str, tmp_path: Path
) -> None:
    path = jsonl(tmp_path / "few.jsonl", [text(1), text(2, KILLS), text(3)])
    with Cluster(many, scheduler) as cluster:
        job = run(many, path, cluster)
    assert job.receipt.stories == 2  # type: ignore[attr-defined]
    (problem,) = job.receipt.problems  # type: ignore[attr-defined]
    assert (problem.line, "died" in problem.message) == (2, True)


def test_a_stop_keeps_what_was_read_and_the_rest_follows(many: TrickyWorkspace, scheduler: str, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "many.jsonl", [text(n, SLOW) for n in range(200)])

    def stop() -> bool:
        return many.store.count(EventQuery(statuses=tuple(Status))) > 0

    with Cluster(many, scheduler, stop) as cluster:
        first = run(many, path, cluster, stop=stop)
    assert first.was_stopped
    assert 0 < first.receipt.stories < 200  # type: ignore[attr-defined]
    with Cluster(many, scheduler) as cluster:
        second = run(many, path, cluster)
    assert (second.receipt.stories, second.known) == (200 - first.receipt.stories, first.receipt.stories)  # type: ignore[attr-defined]


def test_rows_come_back_in_their_order(many: TrickyWorkspace, scheduler: str) -> None:
    rows = [PlaceRow(str(n), "Kherson" if n % 3 else "Nowhere") for n in range(1500)]
    with Cluster(many, scheduler) as cluster:
        found = list(cluster.locate(rows))
    assert [each.place.name if each.place else "" for each in found] == [
        "Kherson" if n % 3 else "" for n in range(1500)
    ]


def test_a_worker_with_another_gazetteer_is_refused(many: TrickyWorkspace, scheduler: str, tmp_path: Path) -> None:
    many.settings.gazetteer_path.parent.mkdir(exist_ok=True)
    many.settings.gazetteer_path.write_bytes(b"another one")
    path = jsonl(tmp_path / "one.jsonl", [text(1)])
    with Cluster(many, scheduler) as cluster, pytest.raises(SetupError, match=r"another gazetteer.*copy gazetteer"):
        run(many, path, cluster)


@pytest.mark.parametrize(
    ("address", "kind", "message"),
    [
        ("10.0.0.5:8786", UsageError, "accepted: tcp://HOST:PORT"),
        ("tcp://127.0.0.1:9", SetupError, "no Dask scheduler answers at tcp://127.0.0.1:9.*geodata scheduler"),
    ],
)
def test_what_is_no_scheduler(
    many: TrickyWorkspace, address: str, kind: type[Exception], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.jobs.cluster.CONNECT_S", 0.5)
    with pytest.raises(kind, match=message), Cluster(many, address):
        pass


def test_the_mark_follows_the_gazetteer(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    bare = mark_of(settings)
    settings.gazetteer_path.write_bytes(b"one")
    one = mark_of(settings)
    settings.gazetteer_path.write_bytes(b"others")
    assert len({bare, one, mark_of(settings)}) == 3
    assert bare[0] == one[0]
