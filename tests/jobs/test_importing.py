"""Imports: the same result by one process or several, nothing doubled or lost by a stop or a crash."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from geodata.contracts import Receipt, RowProblem
from geodata.errors import SetupError
from geodata.jobs import Import, Item, Progress, count_of, crew, pieces_of
from geodata.model import Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace
from tests.jobs.small_workspace import FAILS, HANGS, KILLS, SLOW, TrickyWorkspace
from tests.sources.made_files import feed_file, feed_item

ROOT = Path(__file__).parents[2]
Make = Callable[..., TrickyWorkspace]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes workspaces over a data folder each."""
    made: list[TrickyWorkspace] = []

    def workspace(folder: str = "data", workers: int = 2, **more: object) -> TrickyWorkspace:
        made.append(TrickyWorkspace(Settings(data=tmp_path / folder, workers=workers, **more)))  # type: ignore[arg-type]
        return made[-1]

    yield workspace
    for each in made:
        each.close()


def text(number: int, more: str = "") -> str:
    return f"Shelling number {number} hit Kherson. A clash was near Bucha. {more}"


def jsonl(path: Path, texts: Sequence[str]) -> Path:
    rows = (json.dumps({"doc_id": f"s{n}", "text": each, "published": "2022-11-12"}) for n, each in enumerate(texts, 1))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def run(workspace: DatelineWorkspace, *paths: Path, **more: object) -> tuple[Receipt, Import]:
    items = [Item(str(path), path.name) for path in paths]
    job = Import(workspace, **more)  # type: ignore[arg-type]
    return job.run(pieces_of(workspace, items), count_of(items)), job


def kept(workspace: DatelineWorkspace) -> dict[str, object]:
    query = EventQuery(statuses=tuple(Status))
    return {event.event_id: event for event in workspace.store.find(query)}


def test_several_processes_give_what_one_gives(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "many.jsonl", [text(n) for n in range(150)])
    alone, many = make("alone", workers=1), make("many", workers=3)
    first, _ = run(alone, path)
    second, _ = run(many, path)
    assert first == second
    assert (first.stories, first.added, first.problems) == (150, 300, ())
    assert kept(alone) == kept(many)
    rows = [sqlite3.connect(w.settings.data / "dateline.sqlite").execute("SELECT event_id FROM events ORDER BY row_id")
            for w in (alone, many)]  # fmt: skip
    assert rows[0].fetchall() == rows[1].fetchall()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_story_that_fails_is_told_with_its_line_and_passed_over(make: Make, tmp_path: Path, workers: int) -> None:
    texts = [text(n, FAILS if n == 40 else "") for n in range(1, 61)]
    path = jsonl(tmp_path / "s.jsonl", texts)
    with path.open("a", encoding="utf-8") as file:
        file.write("{broken\n" + json.dumps({"text": "a" * 5000}) + "\n" + json.dumps({"text": texts[0]}) + "\n")
    said: list[RowProblem] = []
    receipt, job = run(make(workers=workers, max_story_chars=2000), path, report=said.append)
    assert receipt.stories == 60  # one of them by its text alone, without an id
    assert [(problem.where, problem.line) for problem in sorted(said, key=lambda each: each.line)] == [
        ("s.jsonl", 40), ("s.jsonl", 61), ("s.jsonl", 62),
    ]  # fmt: skip
    assert "reading it failed (KeyError: 'no such rule')" in {problem.line: problem for problem in said}[40].message
    assert job.files["s.jsonl"].problems == 3


def test_a_story_that_kills_its_process_takes_no_other_along(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "s.jsonl", [text(n, KILLS if n == 20 else "") for n in range(1, 101)])
    receipt, _ = run(make(), path)
    assert receipt.stories == 99
    assert [problem.line for problem in receipt.problems] == [20]
    assert "the process that read it died" in receipt.problems[0].message


def test_a_story_that_never_ends_is_given_up(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "HANG_S", 1.0)
    path = jsonl(tmp_path / "s.jsonl", [text(n, HANGS if n == 20 else "") for n in range(1, 41)])
    receipt, _ = run(make(), path)
    assert receipt.stories == 39
    assert "it took longer than" in receipt.problems[0].message


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_keeps_what_was_read_and_the_next_run_goes_on(make: Make, tmp_path: Path, workers: int) -> None:
    path = jsonl(tmp_path / "s.jsonl", [text(n, SLOW) for n in range(120)])
    workspace = make(workers=workers)
    seen: list[Progress] = []
    first, job = run(workspace, path, stop=lambda: bool(seen) and seen[-1].stories >= 20, tell=seen.append)
    assert job.was_stopped
    assert 20 <= first.stories < 120
    second, job = run(workspace, path)
    assert not job.was_stopped
    assert first.stories + second.stories == 120
    assert job.known == first.stories
    assert len(kept(workspace)) == 240
    assert second.added + second.unchanged == 240
    third, _ = run(workspace, path)
    assert (third.stories, third.added, third.unchanged) == (0, 0, 240)
    assert "120 stories were read before" in third.notes[0]


def test_again_reads_anew(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "s.jsonl", [text(1)])
    workspace = make()
    run(workspace, path)
    receipt, _ = run(workspace, path, again=True)
    assert (receipt.stories, receipt.unchanged) == (1, 2)


def test_a_story_told_more_of_is_read_again(make: Make, tmp_path: Path) -> None:
    workspace = make()
    path = tmp_path / "s.jsonl"
    for more in ({}, {"published": "2022-11-12"}, {}, {"title": "T"}):
        path.write_text(json.dumps({"doc_id": "a", "text": text(1), **more}), encoding="utf-8")
        run(workspace, path)
    document = workspace.store.document("a")
    assert (document.source.title, document.source.published) == ("T", None)


def test_progress_ends_at_its_total(make: Make, tmp_path: Path) -> None:
    lines = jsonl(tmp_path / "s.jsonl", [text(n) for n in range(30)])
    feed, table, bad = tmp_path / "f.rss", tmp_path / "t.csv", tmp_path / "bad.txt"
    feed.write_bytes(feed_file(*map(feed_item, range(5))))
    table.write_text("date,lon,lat,title\n2022-02-03,30,50,One\n2022-02-04,31,50,Two\n", encoding="utf-8")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    seen: list[Progress] = []
    receipt, job = run(make(), lines, feed, table, bad, tell=seen.append)
    assert (seen[-1].done, seen[-1].total) == (37, 37)
    assert (receipt.stories, seen[-1].stories, seen[-1].problems) == (35, 35, 1)
    tallies = {name: (tally.stories, tally.events, tally.problems) for name, tally in job.files.items()}
    assert tallies == {"s.jsonl": (30, 60, 0), "f.rss": (5, 5, 0), "t.csv": (0, 2, 0), "bad.txt": (0, 0, 1)}


def test_what_the_models_lack_is_told_once(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "s.jsonl", [text(n) for n in range(60)])
    bare = DatelineWorkspace(Settings(data=tmp_path / "bare", workers=2))  # it has no gazetteer
    try:
        with pytest.raises(SetupError, match="gazetteer"):
            run(bare, path)
    finally:
        bare.close()


def test_many_notes_are_counted_not_listed(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "s.jsonl", [f"Nothing of note happened on day {n}." for n in range(300)])
    receipt, _ = run(make(workers=1), path)
    assert len(receipt.notes) == 201
    assert receipt.notes[-1] == "and 100 further notes"


SCRIPT = """
import sys
from pathlib import Path
from geodata.jobs import Import, Item, count_of, pieces_of
from geodata.settings import Settings
from tests.jobs.small_workspace import TrickyWorkspace

if __name__ == "__main__":
    workspace = TrickyWorkspace(Settings(data=Path(sys.argv[1]), workers=2))
    items = [Item(sys.argv[2], "s.jsonl")]
    job = Import(workspace, tell=lambda progress: print(progress.stories, flush=True))
    job.run(pieces_of(workspace, items), count_of(items))
    workspace.close()
"""


def test_kill_9_in_the_middle_doubles_and_loses_nothing(make: Make, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "s.jsonl", [text(n, SLOW) for n in range(200)])
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path / "data"), str(path)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
                               start_new_session=True)  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()  # the first batch is in
    process.kill()
    process.wait()
    gone_by = time.monotonic() + 20
    while _is_running(process.pid) and time.monotonic() < gone_by:
        time.sleep(0.05)
    assert not _is_running(process.pid), "its processes live on"
    workspace = make()
    done = len(workspace.store.stories(1000))
    assert 0 < done < 200
    receipt, job = run(workspace, path)
    assert (job.known, receipt.stories) == (done, 200 - done)
    assert len(kept(workspace)) == 400


def _is_running(group: int) -> bool:
    """Whether any process of the group that the script led is alive."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
