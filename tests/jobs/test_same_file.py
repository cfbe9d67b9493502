"""The same file again: answered at once where it is certain that it changes nothing, and read wherever it is not."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.contracts.loading import ImportReceipt
from geodata.contracts.tables import ColumnMapping
from geodata.errors import UsageError
from geodata.jobs.tables import LOOK_ROWS, TableFile, TableImport, TableProgress, TableResult
from geodata.model import Event
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.sources import format_of
from geodata.store.journal import SqlImports
from tests.jobs.small_workspace import TrickyWorkspace

PLAIN = (
    "id,date,title,lat,lon\na,2022-11-11,Flood,46.6,32.6\nb,2022-02-30,Fire,46.6,32.6\nc,2022-03-01,Storm,946,32.6\n"
    'd,soon,"Fire,\n12,added,, in a mill",46.6,32.6\n'
)
JOINED = PLAIN + "a,2022-11-11,Flood of a river,46.6,32.6\n"
COUNTS = ("rows", "added", "changed", "unchanged", "kept", "merged", "rejected", "undated", "unplaced", "can_undo")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[TrickyWorkspace]:
    made = TrickyWorkspace(Settings(data=tmp_path / "data", workers=1))
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "events.csv"
    place.write_text(PLAIN)
    return place


def load(workspace: TrickyWorkspace, path: Path, **more: bool) -> TableResult:
    return TableImport(workspace, TableFile(path, path.name, format_of(path)), **more).run()


def was_read(result: TableResult) -> bool:
    return not any("was not read again" in note for note in result.notes)


def counts(receipt: ImportReceipt) -> list[int]:
    return [getattr(receipt, name) for name in COUNTS]


def test_it_is_not_read_and_told_as_if_it_had_been(
    workspace: TrickyWorkspace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(workspace, path)
    version = workspace.store.version()
    again = [load(workspace, path), load(workspace, path, dry_run=True)]
    monkeypatch.setattr(SqlImports, "again", lambda *_: None)
    read = load(workspace, path)
    assert [was_read(each) for each in (first, *again, read)] == [True, False, False, True]
    assert counts(again[0].receipt) == counts(again[1].receipt) == counts(read.receipt)
    assert read.receipt.unchanged == first.receipt.added
    assert again[0].receipt_file.read_text() == read.receipt_file.read_text()
    assert again[1].receipt.dry_run
    assert len({each.receipt.import_id for each in (first, *again, read)}) == 4
    assert workspace.store.version() == version
    assert [kept.import_id for kept in workspace.store.imports.list()] == [first.receipt.import_id]


def test_joined_rows_are_read_until_they_have_once_changed_nothing(workspace: TrickyWorkspace, path: Path) -> None:
    path.write_text(JOINED)
    found = [load(workspace, path) for _ in range(3)]
    assert [was_read(each) for each in found] == [True, True, False]
    assert counts(found[1].receipt) == counts(found[2].receipt)


def test_two_files_that_come_in_turn_are_both_known(workspace: TrickyWorkspace, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(PLAIN.replace("\na,", "\nx,").replace("\nb,", "\ny,"))
    turns = [[was_read(load(workspace, each)) for each in (path, other)] for _ in range(3)]
    assert turns == [[True, True], [True, False], [False, False]]


def touched(place: Path) -> None:
    place.write_bytes(b"another gazetteer")


READ: dict[str, Callable[[TrickyWorkspace, Path, TableResult], object]] = {
    "another event was written": lambda workspace, path, first: workspace.store.save([Event("x", "Battles", "")]),
    "one of its events was changed": lambda workspace, path, first: workspace.store.save(
        [replace(next(iter(workspace.store.find(EventQuery()))), title="Mended")]
    ),
    "it was taken back": lambda workspace, path, first: workspace.store.imports.undo(first.receipt.import_id),
    "a byte of it is another": lambda workspace, path, first: path.write_text(PLAIN.replace("Flood", "Floods")),
    "its receipt is gone": lambda workspace, path, first: first.receipt_file.unlink(),
    "its receipt was mended in a spreadsheet": lambda workspace, path, first: first.receipt_file.write_text(
        first.receipt_file.read_text(encoding="utf-8-sig").replace(",", ";")
    ),
    "its receipt was saved in another encoding": lambda workspace, path, first: first.receipt_file.write_bytes(
        first.receipt_file.read_bytes().replace(b"Fire", b"F\xfcre")
    ),
    "a row of its receipt was taken out": lambda workspace, path, first: first.receipt_file.write_text(
        first.receipt_file.read_text(encoding="utf-8").replace("2,added,,\n", "")
    ),
    "the gazetteer is another": lambda workspace, path, first: touched(workspace.settings.gazetteer_path),
    "its bytes are dated otherwise, which says nothing": lambda workspace, path, first: os.utime(path, (1, 1)),
}


@pytest.mark.parametrize("name", READ)
def test_it_is_read_again_where(workspace: TrickyWorkspace, path: Path, name: str) -> None:
    first = load(workspace, path)
    READ[name](workspace, path, first)
    assert was_read(load(workspace, path)) is ("says nothing" not in name)


def test_it_is_read_again_with_another_mapping_or_where_a_service_answers(
    workspace: TrickyWorkspace, path: Path, tmp_path: Path
) -> None:
    load(workspace, path)
    kind = format_of(path)
    other = ColumnMapping(columns={"quote": ("title",)})
    assert was_read(TableImport(workspace, TableFile(path, path.name, kind, other)).run())
    online = TrickyWorkspace(replace(workspace.settings, online_geocoder="nominatim", contact="a@example.org"))
    assert was_read(load(online, path))
    online.close()


def test_a_file_that_is_written_to_while_it_is_read_is_refused(workspace: TrickyWorkspace, path: Path) -> None:
    def grow(progress: TableProgress) -> None:
        path.write_text(PLAIN + "e,2022-11-12,Flood,46.6,32.6\n")

    path.write_text(PLAIN + "".join(f"n{n},2022-11-12,Flood,46.6,32.6\n" for n in range(LOOK_ROWS)))
    with pytest.raises(UsageError, match="nothing was imported"):
        TableImport(workspace, TableFile(path, path.name, format_of(path)), tell=grow).run()
    assert not workspace.store.imports.list()
