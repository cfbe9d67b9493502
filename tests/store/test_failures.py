"""A writing call that fails leaves the store as it was, and says why in words that help."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geodata.contracts import EventStore
from geodata.errors import StoreError, UsageError
from geodata.model import Document, Event, Place, Status
from geodata.query import EventQuery
from geodata.store import open_store
from geodata.timespan import TimeSpan

EVENT = Event("e1", "Battles", title="First", when=TimeSpan.day(date(2023, 2, 1)), place=Place("Bakhmut", 38.0, 48.6))
SAMPLE = Document("s1", "A sample.", sample=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    opened = open_store(f"sqlite:///{path}")
    opened.save([replace(EVENT, doc_id="s1")], [SAMPLE])
    yield opened
    opened.close()


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return [
            f"{name}: {row}"
            for name in ("events", "event_sources", "documents", "history", "meta", "event_places")
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1")
        ] + connection.execute("SELECT rowid FROM event_text WHERE event_text MATCH 'other* OR first*'").fetchall()


def many(stop_at: int | None = None) -> Iterator[Event]:
    for i in range(1300):
        if i == stop_at:
            raise OSError("the file broke off")
        yield replace(EVENT, event_id=f"e{i}", title=f"Other {i}", place=Place("x", i / 10, 0.0))


WRITES: dict[str, Callable[[EventStore], object]] = {
    "save": lambda store: store.save(many(), [Document("s2", "other")]),
    "set_status": lambda store: store.set_status(["e1"], Status.REVIEWED),
    "remove_samples": lambda store: store.remove_samples(),
}


def test_an_import_that_breaks_off_midway_keeps_nothing(store: EventStore, path: Path) -> None:
    before = dump(path)
    with pytest.raises(OSError, match="broke off"):
        store.save(many(stop_at=1200), [Document("s2", "other")])
    assert dump(path) == before
    assert store.save(many()).added == 1299


@pytest.mark.parametrize("table", ["history", "meta"])
@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_fails_at_its_last_step_keeps_nothing(
    store: EventStore, path: Path, write: str, table: str
) -> None:
    with sqlite3.connect(path) as connection:
        for event in ("INSERT", "UPDATE"):
            body = "SELECT RAISE(ABORT, 'injected')"
            connection.execute(f"CREATE TRIGGER no_{event} BEFORE {event} ON {table} BEGIN {body}; END")
    before = dump(path)
    with pytest.raises(StoreError, match="injected"):
        WRITES[write](store)
    assert dump(path) == before


def test_a_full_disk_is_said_and_keeps_nothing(path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(path)
    with sqlite3.connect(path) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    monkeypatch.setattr("geodata.store.sqlite.PRAGMAS", ("foreign_keys=ON", f"max_page_count={pages + 20}"))
    small = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="the disk is full"):
        small.save(many())
    small.close()
    assert dump(path) == before


def test_a_store_that_may_only_be_read_says_so(path: Path, store: EventStore) -> None:
    reader = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert reader.get("e1").title == "First"
    for write in WRITES.values():
        with pytest.raises(StoreError, match="cannot be written to"):
            write(reader)
    reader.close()


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(
    path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.store.sqlite.BUSY_TIMEOUT_S", 0.05)
    hasty = open_store(f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process is writing"):
            hasty.save([EVENT])
        assert hasty.count(EventQuery()) == 1
        other.rollback()
    hasty.close()


@pytest.mark.parametrize(
    ("event", "error", "message"),
    [
        (replace(EVENT, title="half \ud83d"), UsageError, "half .ud83d. holds half a surrogate pair"),
        (replace(EVENT, place=Place("x", 0, 0, population=2**70)), StoreError, "too large"),
        (replace(EVENT, confidence=float("nan")), StoreError, "confidence"),
    ],
)
def test_what_no_database_holds_is_refused(
    store: EventStore, path: Path, event: Event, error: type[Exception], message: str
) -> None:
    before = dump(path)
    with pytest.raises(error, match=message):
        store.save([replace(EVENT, event_id="fine"), event])
    assert dump(path) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no database at all, but long enough to be one" * 30, "not an SQLite database")],
)
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_said(path: Path) -> None:
    path.write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(f"sqlite:///{path / 'below.sqlite'}")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{path.parent}")
