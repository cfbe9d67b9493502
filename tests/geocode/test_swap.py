"""The gazetteer replaced while others read it and change it: whole before, whole after, never a mixture."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from geodata.errors import SetupError
from geodata.geocode import SqliteGazetteer, WordsDiffer, open_matcher
from geodata.geocode.additions import add_dumps, additions, remove_dump
from geodata.geocode.build import write_gazetteer
from geodata.geocode.swap import changing, put_in_place, words_fit
from geodata.geocode.wordlist import names_path
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.geocode.conftest import small_records
from tests.geocode.test_add import ROWS, dump, row

HOME = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from geodata.geocode.swap import changing
with changing(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "gazetteer.sqlite"
    path.parent.mkdir()
    write_gazetteer(path, small_records(), "test")
    return path


def add(gazetteer: Path, file: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "geodata", "gazetteer", "add", str(file)]
    settings = {**os.environ, "DATELINE_DATA": str(gazetteer.parent)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=settings, cwd=HOME, **pipes)  # type: ignore[call-overload, no-any-return]


def test_two_processes_that_add_at_once_both_end_well_or_tell_why(gazetteer: Path, tmp_path: Path) -> None:
    files = [dump(tmp_path, ROWS), dump(tmp_path, [row(800, "Druhyi Zrazok", 31, 49)], "B.zip")]
    both = [add(gazetteer, file) for file in files]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in both]
    for message, code in ended:
        assert code == 0 or "another process is changing" in message
    done = sum(code == 0 for _message, code in ended)
    assert len(additions(gazetteer)) == done >= 1
    opened = SqliteGazetteer(gazetteer)
    assert open_matcher(gazetteer, opened.words).matches("Shells fell on Kherson.")


def test_the_lock_of_a_process_that_was_killed_is_free(gazetteer: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(gazetteer)]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SetupError, match="another process is changing"), changing(gazetteer, print):
            pass
        holder.kill()
    assert add_dumps(gazetteer, [dump(tmp_path, ROWS)])


def test_a_waiting_build_says_so_and_takes_its_turn(gazetteer: Path) -> None:
    said: list[str] = []
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with changing(gazetteer, said.append):
            held.set()
            free.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    threading.Timer(3, free.set).start()
    with changing(gazetteer, said.append, wait_s=60):
        assert free.is_set()
    other.join()
    assert said == [f"another process is changing {gazetteer}; waiting for it"]


def test_new_threads_of_an_old_reader_still_see_the_old_file(gazetteer: Path, tmp_path: Path) -> None:
    opened = SqliteGazetteer(gazetteer)
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(opened.lookup("testivka"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [()] * 4
    assert SqliteGazetteer(gazetteer).lookup("testivka")


def test_a_word_list_of_another_gazetteer_is_not_read(gazetteer: Path, tmp_path: Path) -> None:
    old = SqliteGazetteer(gazetteer)
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    with pytest.raises(WordsDiffer):
        open_matcher(gazetteer, old.words)
    assert open_matcher(gazetteer, SqliteGazetteer(gazetteer).words)


def test_a_swap_that_stopped_half_way_is_seen(gazetteer: Path, tmp_path: Path) -> None:
    mark = SqliteGazetteer(gazetteer).words
    assert words_fit(gazetteer, mark)
    names_path(gazetteer).write_bytes(names_path(gazetteer).read_bytes() + b"more")
    assert not words_fit(gazetteer, mark)
    names_path(gazetteer).unlink()
    assert not words_fit(gazetteer, mark)
    assert not words_fit(gazetteer, "")


def test_put_in_place_leaves_no_drafts(gazetteer: Path, tmp_path: Path) -> None:
    write_gazetteer(tmp_path / "draft", small_records(), "two")
    put_in_place(tmp_path / "draft", names_path(tmp_path / "draft"), gazetteer)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_new_names_of_known_places_are_found_in_texts(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, [row(701404, "Melitopol", 35.38, 46.85, others="Novomelitopilsk")])])
    found = open_matcher(gazetteer).matches("Troops entered Novomelitopilsk on Monday.")
    assert [match.name for match in found] == ["Novomelitopilsk"]
    remove_dump(gazetteer, "UA")
    assert not open_matcher(gazetteer).matches("Troops entered Novomelitopilsk on Monday.")


VILLAGES = ("Testivka", "Velykyi Zrazok")


def test_a_running_workspace_moves_to_the_new_file_as_a_whole(gazetteer: Path, tmp_path: Path) -> None:
    """Both new villages are there or neither is, whatever the moment; after the change, both."""
    workspace = open_workspace(Settings(data=gazetteer.parent))
    wrong: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            opened = workspace.gazetteer
            found = [bool(opened.search(name)) for name in VILLAGES]
            if len(set(found)) != 1:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            add_dumps(gazetteer, [dump(tmp_path, ROWS)])
            found = [workspace.gazetteer.search(name)[0].place.name for name in VILLAGES]
            assert found == list(VILLAGES)
            remove_dump(gazetteer, "UA")
            assert not workspace.gazetteer.search("Testivka")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
