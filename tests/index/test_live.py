"""An index that was kept in a file answers as one built from the store; a file that does not fit is passed over."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geodata.index import ColumnIndex, LiveIndex, live, snapshot
from geodata.index.snapshot import Snapshot
from geodata.model import Event, Place, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.store import open_store
from geodata.timespan import TimeSpan
from geodata.workspace import open_workspace
from tests.index.test_extending import plain


def events(count: int, first: int = 0, kind: str = "Riots") -> list[Event]:
    return [
        Event(
            f"e{i}",
            kind,
            when=TimeSpan(date(2022, 1, 1 + i % 28), date(2022, 2, 1)) if i % 3 else None,
            place=Place("Харків", i % 90, 10) if i % 5 else None,
            sources=(Source(publisher=f"Paper {i % 7}"),),
        )
        for i in range(first, first + count)
    ]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WORTH_KEEPING", 50)
    monkeypatch.setattr(live, "_CHANGED", 10)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder whose store of 200 events has had its index kept."""
    save(tmp_path, events(200))
    started(tmp_path)
    assert (tmp_path / "index.npz").exists()
    return tmp_path


def save(data: Path, new: list[Event]) -> None:
    store = open_store(f"sqlite:///{data}/dateline.sqlite")
    store.save(new)
    store.close()


def started(data: Path) -> ColumnIndex:
    """The index of a server that just started."""
    workspace = open_workspace(Settings(data=data))
    found = workspace.index()
    workspace.close()
    assert isinstance(found, ColumnIndex)
    return found


def built(data: Path) -> ColumnIndex:
    store = open_store(f"sqlite:///{data}/dateline.sqlite")
    found = ColumnIndex.build(store.columns())
    store.close()
    return found


def same(one: ColumnIndex, other: ColumnIndex) -> bool:
    return plain(one.layout) == plain(other.layout) and one.version == other.version


def test_a_restart_reads_the_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = built(data)
    monkeypatch.setattr(ColumnIndex, "build", None)  # whoever builds anew fails
    found = started(data)
    assert same(found, expected)
    query = EventQuery(types=("Riots",))
    assert repr(found.view(query, 3)) == repr(expected.view(query, 3))
    assert found.rows(query)[1].tolist() == expected.rows(query)[1].tolist()
    assert found.extent() == expected.extent()


def test_changes_made_meanwhile_by_another_process_are_added(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{data}/dateline.sqlite")
    store.save(events(7, 198, "Battles"))
    store.set_status(["e3"], Status.REJECTED)
    store.close()
    expected = built(data)
    monkeypatch.setattr(ColumnIndex, "build", None)
    assert same(started(data), expected)


def test_the_file_is_written_anew_after_many_changes(data: Path) -> None:
    save(data, events(5, 200))
    started(data)
    before = Snapshot.read(data / "index.npz")
    save(data, events(20, 300))
    started(data)
    after = Snapshot.read(data / "index.npz")
    assert before is not None
    assert after is not None
    assert [len(each.layout) for each in (before, after)] == [200, 225]
    assert same(ColumnIndex(after.layout, after.version), built(data))


def test_another_store_in_its_place(data: Path) -> None:
    (data / "dateline.sqlite").unlink()
    save(data, events(60, 0, "Battles"))
    assert same(started(data), built(data))


@pytest.mark.parametrize("later", [1, 3], ids=["fewer versions than the file", "more versions than the file"])
def test_an_earlier_copy_of_the_store_put_back(data: Path, later: int) -> None:
    """It has the same id and counts on, so that its versions are numbered as those that the file was made of."""
    store, copy = data / "dateline.sqlite", data / "copy"
    shutil.copy(store, copy)
    save(data, events(30, 500, "Battles"))
    save(data, events(30, 600, "Battles"))
    started(data)
    shutil.copy(copy, store)
    for step in range(later):
        save(data, events(3, 700 + 3 * step, "Protests"))
    with sqlite3.connect(store) as connection:  # written within the same second, but for a test
        connection.execute("UPDATE history SET changed_at = changed_at || ' later' WHERE version > 1")
    connection.close()
    assert same(started(data), built(data))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _bit(path: Path) -> None:
    bytes_now = bytearray(path.read_bytes())
    bytes_now[len(bytes_now) // 3] ^= 4
    path.write_bytes(bytes_now)


def _older(path: Path) -> None:
    kept = Snapshot.read(path)
    assert kept is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "FORMAT", 0)
        kept.write(path)


def _foreign(path: Path) -> None:
    np.savez(path, lon=np.arange(3))


def _list(path: Path) -> None:
    np.savez(path, about=np.frombuffer(b"[1]", np.uint8))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [
        _cut,
        _bit,
        _older,
        _foreign,
        _list,
        _folder,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("x"),
    ],
)
def test_a_file_that_does_not_fit_is_passed_over(data: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    path = data / "index.npz"
    spoil(path)
    assert Snapshot.read(path) is None
    assert same(started(data), built(data))
    if path.is_file():
        assert Snapshot.read(path) is not None  # written anew
    assert not list(data.glob("*.part"))


def test_a_small_store_and_one_elsewhere_keep_no_file(tmp_path: Path) -> None:
    save(tmp_path, events(20))
    assert len(started(tmp_path).layout) == 20
    save(tmp_path, events(100))
    workspace = open_workspace(Settings(data=tmp_path, database_url=f"sqlite:///{tmp_path}/dateline.sqlite"))
    assert workspace.index().rows(EventQuery(), limit=0)[0] == 100
    workspace.close()
    assert not (tmp_path / "index.npz").exists()


def test_a_folder_that_cannot_be_written_to_is_told_of(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = open_store(f"sqlite:///{data}/dateline.sqlite")
    index = LiveIndex(store, data / "missing" / "index.npz")
    assert same(index.current(), built(data))
    index.close()
    store.close()
    assert "cannot be kept" in caplog.text


def test_a_process_killed_while_writing_leaves_nothing_for_good(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = data / "index.npzabc.part"
    left.write_bytes(b"half")
    kept = Snapshot.read(data / "index.npz")
    assert kept is not None
    kept.write(data / "index.npz")
    assert left.exists()  # perhaps still being written
    monkeypatch.setattr(snapshot, "_STALE_S", -1.0)
    replace(kept, mark="x").write(data / "index.npz")
    assert not left.exists()
