"""`python -m geodata extract` over many stories: several processes, a file that is gone on with, stories that fail."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geodata.cli import cli
from geodata.cli.common import Run
from geodata.cli.parts import Mark, MarkedLines, PartFile
from geodata.errors import UsageError
from tests.jobs.small_workspace import FAILS, KILLS, SLOW, TrickyWorkspace

ROOT = Path(__file__).parent.parent
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    made: list[TrickyWorkspace] = []

    def workspace(run: Run) -> TrickyWorkspace:
        made[:] = made or [TrickyWorkspace(run.settings)]
        return made[0]

    monkeypatch.setattr(Run, "workspace", property(workspace))

    def run(*args: object) -> Result:
        return CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), "extract", *map(str, args)])

    return run


def stories(path: Path, count: int, said: str = "", at: int = 0) -> Path:
    """A file of stories, each with one event; the one number `at` says something more."""
    texts = (f"Shelling number {n} hit Kherson. {said if n == at else ''}" for n in range(count))
    path.write_text("".join(json.dumps({"doc_id": n, "text": text}) + "\n" for n, text in enumerate(texts)))
    return path


def ids(text: str) -> list[str]:
    return [json.loads(line)["doc_id"] for line in text.splitlines()]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("said", "why"), [("", ""), (FAILS, "reading it failed (KeyError"), (KILLS, "it was left out")]
)
def test_every_story_in_order_but_the_one_that_fails(
    invoke: Invoke, tmp_path: Path, jobs: int, said: str, why: str
) -> None:
    if said == KILLS and jobs == 1:
        pytest.skip("nobody is left to tell")
    path = stories(tmp_path / "s.jsonl", 70, said, at=33)
    result = invoke(path, "--jobs", jobs)
    assert ids(result.stdout) == [str(n) for n in range(70) if not (said and n == 33)]
    assert result.exit_code == (1 if said else 0)
    assert ("document 33: " in result.stderr and why in result.stderr) if said else not result.stderr
    again = invoke(path, "--jobs", jobs, "-o", tmp_path / "out.jsonl")
    assert again.exit_code == result.exit_code
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == result.stdout
    assert not list(tmp_path.glob("out.jsonl.*"))


def test_bad_lines_are_told_with_their_numbers(invoke: Invoke, tmp_path: Path) -> None:
    path = stories(tmp_path / "s.jsonl", 3)
    path.write_bytes(b'{"text": 5}\n\n' + path.read_bytes() + b"\xff\n")
    result = invoke(path)
    assert (result.exit_code, ids(result.stdout)) == (1, ["0", "1", "2"])
    assert "line 1: " in result.stderr
    assert "line 6: not UTF-8" in result.stderr


def broken_off(tmp_path: Path, lines: int) -> PartFile:
    """The output of 40 stories, broken off when those of `lines` lines were written, and half of the next."""
    source = stories(tmp_path / "s.jsonl", 40)
    part = PartFile(tmp_path / "out.jsonl", resume=False)
    taken = MarkedLines(source.read_bytes().splitlines(keepends=True))
    for _ in range(lines):
        next(taken)
    if lines:
        part.write([f'{{"doc_id": "kept {n}"}}' for n in range(lines)], taken.mark)
    part._out.write(b'{"doc_id": "half of')
    part._out.close()
    return part


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("lines", [0, 1, 16, 39, 40])
def test_what_is_done_is_not_done_again(invoke: Invoke, tmp_path: Path, lines: int, jobs: int) -> None:
    broken_off(tmp_path, lines)
    result = invoke(tmp_path / "s.jsonl", "-o", tmp_path / "out.jsonl", "--resume", "--jobs", jobs)
    assert result.exit_code == 0, result.stderr
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert ids(written) == [f"kept {n}" for n in range(lines)] + [str(n) for n in range(lines, 40)]
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["out.jsonl", "s.jsonl"]
    again = invoke(tmp_path / "s.jsonl", "-o", tmp_path / "out.jsonl", "--resume")
    assert (again.exit_code, "is finished" in again.stderr) == (0, True)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == written


def test_without_resume_it_begins_again(invoke: Invoke, tmp_path: Path) -> None:
    broken_off(tmp_path, 16)
    assert invoke(tmp_path / "s.jsonl", "-o", tmp_path / "out.jsonl").exit_code == 0
    assert ids((tmp_path / "out.jsonl").read_text()) == [str(n) for n in range(40)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda folder: (folder / "s.jsonl").write_text('{"text": "Another."}\n' * 40),
            "is not the one that was begun",
        ),
        (lambda folder: stories(folder / "s.jsonl", 3), "is not the one that was begun with"),
        (lambda folder: (folder / "out.jsonl.part.json").write_text("{}"), "cannot be read"),
    ],
    ids=["another input", "a shorter one", "a broken journal"],
)
def test_what_cannot_be_gone_on_with(
    invoke: Invoke, tmp_path: Path, change: Callable[[Path], object], words: str
) -> None:
    broken_off(tmp_path, 16)
    change(tmp_path)
    result = invoke(tmp_path / "s.jsonl", "-o", tmp_path / "out.jsonl", "--resume")
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "out.jsonl").exists()
    assert (tmp_path / "out.jsonl.part").stat().st_size > 16


@pytest.mark.parametrize(
    ("args", "words"),
    [(["--resume"], "name it with -o"), (["-o", "/nowhere/at/all/out.jsonl"], "cannot be written")],
)
def test_misuse_is_said(invoke: Invoke, tmp_path: Path, args: list[str], words: str) -> None:
    result = invoke(stories(tmp_path / "s.jsonl", 1), *args)
    assert (result.exit_code, words in result.stderr) == (2, True), result.stderr


def test_marks_tell_inputs_apart() -> None:
    lines = [b"one\n", b"two\n", b"three"]
    whole = MarkedLines(lines)
    assert list(whole) == lines
    again = MarkedLines(lines)
    again.skip(whole.mark)
    assert (list(again), again.mark.lines) == ([], 3)
    for others in (lines[:2], [b"one\n", b"TWO\n", b"three"]):
        with pytest.raises(UsageError, match="not the one"):
            MarkedLines(others).skip(whole.mark)
    MarkedLines([]).skip(Mark())


SCRIPT = """
import signal

from geodata.cli import main
from geodata.cli.common import Run
from tests.jobs.small_workspace import TrickyWorkspace

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started deaf to it
    Run.workspace = property(lambda run: run.__dict__.setdefault("made", TrickyWorkspace(run.settings)))
    main()
"""


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_ctrl_c_or_a_crash_and_on_again(tmp_path: Path, jobs: int, number: int, code: int) -> None:
    count = 300
    rows = (json.dumps({"doc_id": n, "text": f"Shelling number {n} hit Kherson. {SLOW}"}) for n in range(count))
    (tmp_path / "s.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    out, part = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    command = [sys.executable, tmp_path / "script.py", "--data", tmp_path / "data", "extract", tmp_path / "s.jsonl"]
    command += ["--jobs", jobs, "-o", out, "--resume"]
    settings = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "text": True}
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, start_new_session=True, **settings)  # type: ignore[call-overload]
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        pass
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err) == (code, False), err
    assert "--resume goes on" in err or number != signal.SIGINT
    before = part.read_bytes().count(b"\n")
    assert 0 < before < count
    assert not out.exists()
    subprocess.run(list(map(str, command)), check=True, timeout=120, **settings)  # type: ignore[call-overload]
    assert ids(out.read_text(encoding="utf-8")) == [str(n) for n in range(count)]
