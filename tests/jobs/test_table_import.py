"""Tables through an import: progress, a stop, the receipt, places by words; a kill or a full disk changes nothing."""

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from geodata.contracts import Receipt, RowProblem
from geodata.contracts.loading import Origin
from geodata.errors import StoreError
from geodata.jobs import Import, Item, Progress, count_of, pieces_of, preparing, tables
from geodata.model import Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace
from tests.fake_stages import FakeLocator

ROOT = Path(__file__).parents[2]
HEADER = ("id", "date", "type", "title", "lon", "lat", "place")
ALL = EventQuery(statuses=tuple(Status))


class TableWorkspace(DatelineWorkspace):
    asked: list[str]

    @property
    def table_geocoder(self) -> FakeLocator:  # type: ignore[override]
        return FakeLocator()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[TableWorkspace]:
    opened = TableWorkspace(Settings(data=tmp_path / "data", workers=1))
    yield opened
    opened.close()


def row(number: int, **more: str) -> list[str]:
    cells = {
        "id": f"e{number}",
        "date": f"2023-02-{number % 28 + 1:02}",
        "type": "Battles",
        "title": f"Clash {number}",
        "lon": f"{30 + number % 10}",
        "lat": "48.5",
        "place": "Kherson",
    }
    return [{**cells, **more}[name] for name in HEADER]


def table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def run(workspace: DatelineWorkspace, *paths: Path, **more: object) -> tuple[Receipt, Import]:
    items = [Item(str(path), path.name) for path in paths]
    job = Import(workspace, **more)  # type: ignore[arg-type]
    return job.run(pieces_of(workspace, items), count_of(items)), job


def test_a_table_is_told_in_rows_and_bytes_and_row_by_row_in_its_receipt(
    workspace: TableWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "TELL_S", 0.0)
    bad = row(3, date="soon"), row(5, lon="900", place=""), ["", "", "", "", "", "", ""]
    path = table(tmp_path / "t.csv", [*map(row, range(1200)), *bad, row(1), row(2, title="Other words")])
    said: list[RowProblem] = []
    seen: list[Progress] = []
    receipt, job = run(workspace, path, report=said.append, tell=seen.append)
    assert (receipt.added, receipt.unplaced, receipt.undated) == (1200, 1, 1)
    moving = [progress.table for progress in seen if progress.table]
    assert [each.rows for each in moving] == [500, 1000, 1204]
    assert 0 < moving[0].done_bytes <= moving[0].total_bytes == moving[-1].done_bytes == path.stat().st_size
    result = job.files["t.csv"].table
    assert result is not None
    assert (result.receipt.rows, result.receipt.merged, result.receipt.can_undo) == (1204, 4, True)
    written = result.receipt_file.read_text(encoding="utf-8-sig").splitlines()
    assert any("1,204 rows: 1,200 added, 4 merged" in line for line in written[:6])
    (joined,) = (line for line in written if line.startswith("1205,merged,,line 3 has the same id,e1,"))
    assert "Clash 1" in joined  # with its cells, as its id may be what has to be mended
    assert next(line for line in written if line.startswith("1202,")).startswith("1202,merged,date,")
    assert [(problem.where, problem.line) for problem in said] == [("t.csv", line) for line in (1202, 1203, 1205, 1206)]
    kept = workspace.store.imports.get(result.receipt.import_id)
    assert (kept.origin.name, kept.origin.format, len(kept.origin.sha256)) == ("t.csv", "csv", 64)
    assert result.receipt_file == workspace.settings.data / "imports" / f"{kept.import_id}.csv"
    assert workspace.store.imports.undo(kept.import_id).removed == 1200
    assert workspace.store.count(ALL) == 0


def test_the_same_table_again_changes_nothing(workspace: TableWorkspace, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [row(n) for n in range(30)])
    run(workspace, path)
    version = workspace.store.version()
    receipt, job = run(workspace, path)
    assert (receipt.added, receipt.unchanged, workspace.store.version()) == (0, 30, version)
    result = job.files["t.csv"].table
    assert result is not None
    assert not result.receipt.can_undo


def test_a_table_without_rows_is_no_success(workspace: TableWorkspace, tmp_path: Path) -> None:
    said: list[RowProblem] = []
    _, job = run(workspace, table(tmp_path / "t.csv", []), report=said.append)
    assert [problem.message for problem in said] == ["t.csv holds no rows: there was nothing to import"]
    assert job.files["t.csv"].table is None


def test_types_in_other_words_than_ours_are_told_row_by_row_and_once(workspace: TableWorkspace, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "date,type,title\n2022-11-11,Battles,A\n2022-11-12,shelling,B\n2022-11-13,shelling,C\n2022-11-14,picnic,D\n"
    )
    said: list[RowProblem] = []
    _, job = run(workspace, path, report=said.append)
    result = job.files["t.csv"].table
    assert result is not None
    ours, others = result.notes[-2:]
    assert ours.endswith("type_as_given: 'shelling' as Shelling/artillery/missile attack (2)")
    assert others.endswith("stay with each event as type_as_given: 'picnic' (1)")
    taken = "its type 'shelling' was taken as Explosions/Remote violence, Shelling/artillery/missile attack"
    lines = list(csv.reader(result.receipt_file.read_text(encoding="utf-8-sig").splitlines()))
    assert lines[-4:] == [["2", "added", "", ""], ["3", "added", "", taken], ["4", "added", "", taken], lines[-1]]
    assert not said  # nothing has to be mended
    kinds = {
        event.title: (event.event_type, event.properties.get("type_as_given")) for event in workspace.store.find(ALL)
    }
    assert kinds["B"] == ("Explosions/Remote violence", "shelling")


def test_rows_without_coordinates_are_placed_by_their_words_asked_once(
    workspace: TableWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "BATCH", 4)
    asked: list[str] = []
    locate = FakeLocator.locate

    def counted(self: FakeLocator, rows: object) -> object:
        listed = list(rows)  # type: ignore[call-overload]
        asked.extend(each.place for each in listed)
        return locate(self, listed)

    monkeypatch.setattr(FakeLocator, "locate", counted)
    places = ["Kherson", "Atlantis", "Bucha", "Kherson", "Atlantis"] * 3
    path = table(tmp_path / "t.csv", [row(n, lon="", lat="", place=place) for n, place in enumerate(places)])
    said: list[RowProblem] = []
    receipt, _ = run(workspace, path, report=said.append)
    assert sorted(asked) == ["Atlantis", "Bucha", "Kherson"]
    assert (receipt.added, receipt.unplaced) == (15, 6)
    assert {problem.message for problem in said} == {"no place was found for 'Atlantis'"}
    placed = workspace.store.get("e3").place
    assert placed is not None
    assert placed.name == "Kherson"


def test_a_type_of_theirs_and_a_row_without_a_title_become_ours(workspace: TableWorkspace, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [row(1, type="Armed clash", title=""), row(2, type="Something else")])
    run(workspace, path)
    one, other = workspace.store.get("e1"), workspace.store.get("e2")
    assert (one.event_type, one.sub_event_type, one.title) == ("Battles", "Armed clash", "Armed clash: Kherson")
    assert other.properties["type_as_given"] == "Something else"


@pytest.mark.parametrize("after", [1, 2])
def test_a_stop_leaves_the_store_as_it_was(workspace: TableWorkspace, tmp_path: Path, after: int) -> None:
    path = table(tmp_path / "t.csv", [row(n) for n in range(3000)])
    looks = iter(range(100))
    _, job = run(workspace, path, stop=lambda: next(looks) > after)
    assert job.was_stopped
    assert (workspace.store.count(ALL), workspace.store.imports.list()) == (0, ())
    assert list((workspace.settings.data / "imports").glob("*.csv")) == []
    assert run(workspace, path)[0].added == 3000


def test_a_dry_run_tells_and_keeps_nothing(workspace: TableWorkspace, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [row(n) for n in range(10)])
    receipt, job = run(workspace, path, dry_run=True)
    result = job.files["t.csv"].table
    assert result is not None
    assert (receipt.added, result.receipt.dry_run, workspace.store.count(ALL)) == (10, True, 0)
    assert "# a trial: nothing was changed" in result.receipt_file.read_text(encoding="utf-8-sig")


def test_a_table_that_has_to_be_asked_about_is_a_problem_and_the_others_are_taken(
    workspace: TableWorkspace, tmp_path: Path
) -> None:
    unclear = table(tmp_path / "a.csv", [row(1, date="3/4/2022")])
    fine = table(tmp_path / "b.csv", [row(2)])
    receipt, _ = run(workspace, unclear, fine)
    assert receipt.added == 1
    assert "cannot be imported before this is answered" in receipt.problems[0].message
    answered = Item(str(unclear), "a.csv", mapping='{"date_order": "dmy"}')
    assert Import(workspace).run(pieces_of(workspace, [answered]), 1).added == 1
    when = workspace.store.get("e1").when
    assert str(when) == "2022-04-03"


def test_many_bad_rows_are_counted_and_the_first_are_told(
    workspace: TableWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_TOLD", 3)
    path = table(tmp_path / "t.csv", [row(n, **({} if n < 90 else {"date": "soon"})) for n in range(100)])
    said: list[RowProblem] = []
    run(workspace, path, report=said.append)
    assert len(said) == 4
    assert said[-1].message.startswith("and 7 further rows; the receipt ")


TABLES = ("events", "event_sources", "event_places", "event_names", "history", "imports", "meta", "sqlite_master")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [f"{name}: {each}" for name in TABLES for each in connection.execute(f"SELECT * FROM {name}")]


def test_a_full_disk_is_said_and_keeps_nothing(
    workspace: TableWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "t.csv", [row(n) for n in range(4000)])
    run(workspace, table(tmp_path / "first.csv", [row(1)]))
    workspace.close()
    place = workspace.settings.store_path
    before = dump(place)
    with closing(sqlite3.connect(place)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    monkeypatch.setattr("geodata.store.sqlite.PRAGMAS", ("journal_mode=WAL", f"max_page_count={pages + 20}"))
    small = TableWorkspace(workspace.settings)
    with pytest.raises(StoreError, match="the disk is full"):
        run(small, path)
    small.close()
    assert dump(place) == before
    assert len(list((workspace.settings.data / "imports").iterdir())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
def test_a_receipt_that_finds_no_room_says_so(
    workspace: TableWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "t.csv", [row(n, date="soon") for n in range(4000)])
    full = Path("/dev/full").open("w")  # noqa: SIM115 - closing it fails, as writing to it does
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *_, **__: full)
    with pytest.raises(StoreError, match="the disk is full: the receipt"):
        run(workspace, path)
    monkeypatch.undo()
    with suppress(OSError):
        full.close()
    assert workspace.store.count(ALL) == 0


SCRIPT = """
from geodata.cli import main
from geodata.store import sqlite_bulk

if __name__ == "__main__":
    sqlite_bulk.CACHE_KIB = 200  # so that much is written before the end
    main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_kill_in_the_middle_leaves_the_store_as_it_was(workspace: TableWorkspace, tmp_path: Path) -> None:
    run(workspace, table(tmp_path / "first.csv", [row(1)]))
    workspace.close()
    place = workspace.settings.store_path
    before = dump(place)
    large = table(tmp_path / "t.csv", [row(n) for n in range(60_000)])
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, tmp_path / "script.py", "--data", workspace.settings.data, "import", large]
    log = place.with_name(f"{place.name}-wal")
    process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    while process.poll() is None and not (log.exists() and log.stat().st_size > 5_000_000):
        time.sleep(0.02)
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert len(list((workspace.settings.data / "imports").glob("*.csv"))) == 1
    assert dump(place) == before
    again = TableWorkspace(workspace.settings)
    assert again.store.load(iter(()), Origin("x", "csv")).rows == 0
    again.close()
