"""A store copied into another kind of store and back holds the same, and goes on as if nothing had happened."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, update

from geodata.cli import cli
from geodata.duplicates import union
from geodata.errors import StoreError, UsageError
from geodata.index import ColumnIndex
from geodata.model import Document, Event, Place, PlaceChoice, Status
from geodata.query import EventQuery
from geodata.store import copying, open_store
from geodata.store.schema import events, metadata
from tests.random_events import event_lists
from tests.seeded import EVENTS, KHERSON, SAMPLE
from tests.stores import KINDS, ask, new_store

ALL = EventQuery(statuses=tuple(Status))


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """A store in SQLite with something in every table that stores of the tests have something in."""
    url = f"sqlite:///{tmp_path / 'filled.sqlite'}"
    store = open_store(url)
    store.save(EVENTS, [SAMPLE, Document("story", "Text.")])
    store.save([replace(EVENTS[2], title="nul \0 and \ufdd0\ufdd1", actors=("a", "a\\b", '"', "Київ"))])
    store.choices.remember([PlaceChoice("Kherson", "kherson", KHERSON, datetime(2026, 11, 23, tzinfo=UTC))])
    store.save([replace(EVENTS[3], event_id="other", doc_id="story"), replace(EVENTS[3], event_id="goes")])
    store.duplicates.look(10)
    store.duplicates.merge(union(store.get("other"), store.get("goes")), "goes")
    store.set_status(["nasty", "arabic"], Status.REVIEWED)
    store.close()
    return url


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with new_store(request.param, tmp_path) as url:
        yield url


def rows(url: str) -> dict[str, set[tuple[object, ...]]]:
    return {name: set(ask(url, f"SELECT {_names(name)} FROM {name}")) for name in metadata.tables}


def _names(table: str) -> str:
    names = (column.name for column in metadata.tables[table].columns)
    return ", ".join(f"CAST({name} AS integer)" if name in ("sample", "has_fatalities") else name for name in names)


def test_there_and_back_nothing_is_lost(filled: str, empty: str, tmp_path: Path) -> None:
    back = f"sqlite:///{tmp_path / 'back.sqlite'}"
    there = copying.copy_store(filled, empty)
    assert copying.copy_store(empty, back) == there
    counts = {proof.table: proof.rows for proof in there}
    assert counts["merges"] == counts["place_choices"] == 1
    assert counts["events"] == len(EVENTS) + 1
    before, after = rows(filled), rows(back)
    names = {row for row in before.pop("event_names") if row[3]}
    assert after.pop("event_names") == names
    assert after == before
    one, other, last = (open_store(url) for url in (filled, empty, back))
    assert one.version() == other.version() == last.version()
    assert list(one.find(ALL)) == list(other.find(ALL)) == list(last.find(ALL))
    for text in ("kherson", "київ", '"a b"', "flood"):
        wanted = one.rows_matching(EventQuery(text=text))
        assert wanted is not None
        for store in (other, last):
            found = store.rows_matching(EventQuery(text=text))
            assert found is not None
            assert found.tolist() == wanted.tolist()
    for store in (one, other, last):
        store.close()


def test_the_copy_goes_on_where_the_store_was(filled: str, empty: str) -> None:
    source = open_store(filled)
    index = ColumnIndex.build(source.columns())
    copying.copy_store(filled, empty)
    copy = open_store(empty)
    copy.save([Event("new", "Riots", place=Place("x", 1.0, 2.0)), replace(EVENTS[0], title="again")])
    merge_id = copy.duplicates.merge(copy.get("new"), "capture")
    assert merge_id == 2
    changes = copy.changes_since(index.version)
    assert changes is not None
    extended = index.extended(changes)
    built = ColumnIndex.build(copy.columns())
    assert extended.view(ALL, 3) == built.view(ALL, 3)
    assert copy.count(EventQuery(bbox=None, text="again")) == 1
    source.close()
    copy.close()


def test_a_store_that_holds_something_is_refused(filled: str, empty: str) -> None:
    store = open_store(empty)
    store.save([EVENTS[0]])
    store.close()
    with pytest.raises(UsageError, match="is not empty"):
        copying.copy_store(filled, empty)
    assert ask(empty, "SELECT event_id FROM events") == [(EVENTS[0].event_id,)]


def test_a_copy_that_is_not_the_same_is_not_kept(filled: str, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copying._copy

    def lossy(table: Table, reading: Connection, writing: Connection, progress: copying.Progress) -> None:
        copy(table, reading, writing, progress)
        if table is events:
            writing.execute(update(events).where(events.c.event_id == "nasty").values(quote="lost"))

    monkeypatch.setattr(copying, "BATCH", 3)
    monkeypatch.setattr(copying, "_copy", lossy)
    with pytest.raises(StoreError, match="the copy of events is not the same"):
        copying.copy_store(filled, empty)
    assert ask(empty, "SELECT count(*) FROM events") == [(0,)]
    assert ask(empty, "SELECT value FROM meta WHERE name = 'version'") == [("0",)]


def test_a_source_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no store"):
        copying.copy_store(f"sqlite:///{tmp_path}/nowhere.sqlite", f"sqlite:///{tmp_path}/b.sqlite")
    assert not list(tmp_path.iterdir())
    url = f"sqlite:///{tmp_path}/a.sqlite"
    open_store(url).close()
    with pytest.raises(UsageError, match="one store"):
        copying.copy_store(url, url)


def test_the_command_prints_the_proof(filled: str, empty: str) -> None:
    result = CliRunner().invoke(cli, ["copy", filled, empty])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[-1].startswith("the same in both stores")
    events = next(line.split() for line in lines if line.startswith("events "))
    assert events[1] == str(len(EVENTS) + 1)
    assert len(events[3]) == 32
    again = CliRunner().invoke(cli, ["copy", filled, empty])
    assert again.exit_code == 2
    assert "is not empty" in again.output


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event_lists, st.data())
def test_every_event_survives(tmp_path: Path, given_events: list[Event], data: st.DataObject) -> None:
    folder = tmp_path / str(data.draw(st.uuids()))
    folder.mkdir(exist_ok=True)
    source = f"sqlite:///{folder / 'source.sqlite'}"
    store = open_store(source)
    store.save(given_events)
    for kind in ("postgresql",) if len(KINDS) > 1 else ("sqlite",):
        with new_store(kind, folder) as target:
            copying.copy_store(source, target)
            copy = open_store(target)
            assert list(copy.find(ALL)) == list(store.find(ALL))
            copy.close()
    store.close()
