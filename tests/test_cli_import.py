"""`python -m geodata import`: folders, feeds, addresses, what was read before, and Ctrl-C."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geodata.cli import cli
from geodata.cli.common import Run
from tests.jobs.small_workspace import SLOW, TrickyWorkspace
from tests.sources.made_files import feed_file, feed_item

ROOT = Path(__file__).parent.parent
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.setattr(Run, "workspace", property(lambda run: TrickyWorkspace(run.settings)))
    monkeypatch.setenv("DATELINE_WORKERS", "1")

    def run(*args: object) -> Result:
        return CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), "import", *map(str, args)])

    return run


def test_a_folder_gives_a_line_a_file(invoke: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("Shelling hit Kherson.", encoding="utf-8")
    (folder / "deep" / "wire.rss").write_bytes(feed_file(*map(feed_item, range(3))))
    (folder / "deep" / "bad.pdf").write_bytes(b"%PDF-1.4 rubbish")
    result = invoke(folder)
    assert result.exit_code == 1
    assert "  file a.txt: 1 story, 1 event\n" in result.stdout
    assert "  file deep/wire.rss: 3 stories, 3 events\n" in result.stdout
    assert "  file deep/bad.pdf: 1 problem\n" in result.stdout
    assert "bad.pdf is damaged" in result.stderr
    again = invoke(folder / "a.txt")
    assert "1 story was read before and not again" in again.stdout
    assert "0 events, 0 stories" not in again.stdout
    assert "1 event, 1 story\n" in invoke("--again", folder / "a.txt").stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["https://example.org/"], "DATELINE_FETCH_URLS=yes turns it on"),
        (["/nowhere/at/all.txt"], "does not exist"),
        (["--format", "odt", "."], "format 'odt' is unknown"),
    ],
)
def test_what_cannot_be_imported_is_said(invoke: Invoke, args: list[str], words: str) -> None:
    result = invoke(*args)
    assert result.exit_code == 2
    assert words in result.stderr


def test_private_addresses_are_refused(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_FETCH_URLS", "yes")
    result = invoke("http://169.254.169.254/latest/meta-data")
    assert result.exit_code == 2
    assert "not on the public internet" in result.stderr


SCRIPT = """
from geodata.cli import main
from geodata.cli.common import Run
from tests.jobs.small_workspace import TrickyWorkspace

if __name__ == "__main__":
    Run.workspace = property(lambda run: run.__dict__.setdefault("made", TrickyWorkspace(run.settings)))
    main()
"""


def stories_in(path: Path) -> int:
    """As another process sees them; 0 as long as there is no store."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_was_read(tmp_path: Path, workers: int) -> None:
    rows = (json.dumps({"text": f"Shelling number {n} hit Kherson. {SLOW}"}) for n in range(400))
    (tmp_path / "s.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, tmp_path / "script.py", "--data", tmp_path / "data", "import", tmp_path / "s.jsonl"]
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATELINE_WORKERS": str(workers)}, start_new_session=True,
    )  # fmt: skip
    while process.poll() is None and not stories_in(tmp_path / "data" / "dateline.sqlite"):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "the same command goes on from here" in err
    assert "Traceback" not in err
    stories = int(out.split(" events, ")[1].split()[0])
    assert 0 < stories < 400
