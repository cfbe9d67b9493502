"""Which events may not leave, as the store changes: the same as looking at all of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from geodata.model import Event
from geodata.store import open_store
from mapping import restricted
from mapping.restricted import Restricted


@pytest.mark.parametrize("most", [0, 2_000])
def test_it_follows_every_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(restricted, "MOST_CHANGED", most)
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    book = Restricted()
    theirs = Event("theirs", "Battles", tags=("Restricted", "x"))
    for saved, count in (
        ([], 0),
        ([Event("ours", "Battles", tags=("restricted area",))], 0),
        ([theirs, Event("other", "Riots")], 1),
        ([replace(theirs, title="Told again")], 1),
        ([Event("other", "Riots", tags=("restricted",))], 2),
        ([replace(theirs, tags=())], 1),
    ):
        store.save(saved)
        rows = book.rows(store, store.version())
        assert rows.tolist() == store.restricted().tolist()
        assert len(rows) == count
        assert book.rows(store, store.version()) is rows
    store.close()


def test_few_changes_take_no_look_at_all_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    book = Restricted()
    book.rows(store, store.version())
    looked: list[str] = []
    monkeypatch.setattr(type(store), "restricted", lambda _: looked.append("all"))
    store.save([Event("theirs", "Battles", tags=("restricted",))])
    assert len(book.rows(store, store.version())) == 1
    assert not looked
    store.close()
