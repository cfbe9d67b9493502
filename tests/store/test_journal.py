"""Taking a whole import back: what it added goes, what it changed is as before, what was changed since stays."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geodata.contracts import EventStore
from geodata.contracts.loading import Origin
from geodata.errors import NotFound, StoreError, UsageError
from geodata.model import Event, Source, Status
from geodata.store import loading, open_store, sqlite_bulk
from tests.random_events import event_lists
from tests.store.test_load import ALL, EVENT, ORIGIN, load, rows_of, tables


@pytest.fixture(params=[2, 50_000])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From how many rows on they are taken out together: both ways."""
    monkeypatch.setattr(sqlite_bulk, "MANY", request.param)
    monkeypatch.setattr(loading, "BATCH", 3)


def kept(store: EventStore) -> dict[str, Event]:
    return {event.event_id: event for event in store.find(ALL)}


def test_an_import_taken_back_leaves_what_was_before(store: EventStore, many: None) -> None:
    load(store, EVENT, replace(EVENT, event_id="2"))
    before, first = kept(store), store.version()
    changed = replace(EVENT, title="Otherwise", actors=("Police",), sources=(Source(title="Two"), Source(title="x")))
    receipt = load(store, changed, *(replace(EVENT, event_id=str(n)) for n in range(3, 9)), replace(changed, quote="q"))
    version, cursor = store.version(), store.changes.now()
    undone = store.imports.undo(receipt.import_id)
    assert (undone.removed, undone.restored, undone.stayed, undone.notes) == (6, 1, 0, ())
    assert kept(store) == before
    assert store.names("actor") == [("Army", 2)]
    for since in (first, version):
        changes = store.changes_since(since)
        assert changes is not None
        assert changes.touched.tolist() == [1, 3, 4, 5, 6, 7, 8]
        assert changes.columns.row_id.tolist() == [1]
    told = [(change.action, change.event_id) for change in store.changes.since(cursor).changes]
    assert sorted(told) == [("changed", "1"), *(("removed", str(n)) for n in range(3, 9))]
    assert store.imports.get(receipt.import_id).undone_at is not None


def test_what_was_changed_since_stays_and_is_told(store: EventStore, many: None) -> None:
    load(store, EVENT)
    receipt = load(store, replace(EVENT, title="New"), *(replace(EVENT, event_id=str(n)) for n in range(2, 12)))
    store.set_status(["1", "3"], Status.REJECTED)
    store.duplicates.merge(replace(EVENT, event_id="5"), "6")
    load(store, replace(EVENT, event_id="8", title="A later import"), replace(EVENT, event_id="20"))
    undone = store.imports.undo(receipt.import_id)
    assert (undone.removed, undone.restored, undone.stayed) == (6, 0, 4)
    assert undone.examples == ("1", "3", "5", "8")
    assert undone.notes == ("4 events were changed since the import: they stay as they are",)
    assert sorted(kept(store)) == ["1", "20", "3", "5", "8"]
    assert store.get("1") == replace(EVENT, title="New", status=Status.REJECTED)


def test_the_file_can_be_imported_again(store: EventStore, many: None) -> None:
    events = [replace(EVENT, event_id=str(n)) for n in range(6)]
    load(store, EVENT)
    first = load(store, *(replace(event, title="New") for event in events))
    store.imports.undo(first.import_id)
    again = load(store, *(replace(event, title="New") for event in events))
    assert (again.added, again.changed, again.kept) == (5, 1, 0)
    with pytest.raises(UsageError, match="was taken back before"):
        store.imports.undo(first.import_id)
    assert store.imports.undo(again.import_id).removed == 5
    assert sorted(kept(store)) == ["1"]


def test_a_row_id_given_again_is_not_taken_for_the_imports(store: EventStore, many: None) -> None:
    one = load(store, *(replace(EVENT, event_id=str(n)) for n in range(4)))
    store.imports.undo(one.import_id)
    two = load(store, replace(EVENT, event_id="a"))
    load(store, replace(EVENT, event_id="b"))
    assert store.imports.undo(two.import_id).removed == 1
    assert sorted(kept(store)) == ["b"]


def test_the_book_tells_the_latest_first(store: EventStore) -> None:
    ids = [load(store, replace(EVENT, event_id=str(n)), None).import_id for n in range(3)]
    assert [each.import_id for each in store.imports.list()] == ids[::-1]
    assert [each.import_id for each in store.imports.list(1, 1)] == [ids[1]]
    found = store.imports.get(ids[0])
    assert (found.origin, found.receipt.added, found.receipt.rejected, found.undone_at) == (ORIGIN, 1, 1, None)
    with pytest.raises(NotFound, match="import"):
        store.imports.get("x")
    with pytest.raises(NotFound, match="import"):
        store.imports.undo("x")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal")


@pytest.mark.parametrize("limit", [1, 50_000])
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(before=event_lists, imported=event_lists, shift=st.integers(0, 4))
def test_all_that_is_found_by_is_as_before(
    limit: int, folder: Path, before: list[Event], imported: list[Event], shift: int
) -> None:
    path = folder / "store.sqlite"
    path.unlink(missing_ok=True)
    store = open_store(f"sqlite:///{path}")
    store.save([replace(event, event_id=f"e{i}") for i, event in enumerate(before)])
    then = tables(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_bulk, "MANY", limit)
        patch.setattr(loading, "BATCH", 2)
        named = [replace(event, event_id=f"e{i + shift}") for i, event in enumerate(imported)]
        receipt = store.load(rows_of(named), Origin("t", "csv"))
        if receipt.can_undo:
            store.imports.undo(receipt.import_id)
    store.close()
    now = tables(path)
    assert {**now, "removed_rows": []} == {**then, "removed_rows": []}


def test_a_failure_on_the_way_takes_nothing_back(
    store: EventStore, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = load(store, *(replace(EVENT, event_id=str(n)) for n in range(6)))
    version = store.version()

    def broken(*_: object) -> None:
        raise StoreError("power cut")

    monkeypatch.setattr("geodata.store.saving.Changes.close", broken)
    with pytest.raises(StoreError, match="power cut"):
        store.imports.undo(receipt.import_id)
    monkeypatch.undo()
    assert (len(kept(store)), store.version()) == (6, version)
    assert store.imports.get(receipt.import_id).undone_at is None
