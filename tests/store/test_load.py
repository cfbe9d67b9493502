"""Loading a table: by the rules of saving, to the same tables, whole or not at all; and told row by row."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geodata.contracts import EventStore
from geodata.contracts.loading import ImportReceipt, Origin, Outcome
from geodata.contracts.tables import Remark, Row
from geodata.model import Event, Place, Source, Status
from geodata.query import EventQuery
from geodata.store import loading, open_store, sqlite_bulk
from geodata.store.sqlite_functions import add_to
from geodata.timespan import TimeSpan
from tests.random_events import event_lists

ORIGIN = Origin("table.csv", "csv", "ab" * 32)
EVENT = Event(
    "1",
    "Battles",
    "Armed clash",
    "A clash",
    TimeSpan.day(date(2023, 2, 1)),
    Place("Bakhmut", 38.0, 48.6, country="UA"),
    sources=(Source("https://example.org/1", "One"),),
    actors=("Army",),
    status=Status.REVIEWED,
    properties={"side": "a"},
)
ALL = EventQuery(statuses=tuple(Status))


def rows_of(events: Iterable[Event | None], first: int = 2) -> Iterator[Row]:
    for line, event in enumerate(events, first):
        yield Row(line, event, problems=() if event else (Remark("date", "not a date"),))


def load(store: EventStore, *events: Event | None, **more: object) -> ImportReceipt:
    return store.load(rows_of(events), ORIGIN, **more)  # type: ignore[arg-type]


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the tables hold, and what is found by; SQLite's own checks of it on the way."""
    connection = sqlite3.connect(path)
    add_to(connection)
    with connection:
        connection.execute("INSERT INTO event_text(event_text, rank) VALUES ('integrity-check', 1)")
        assert connection.execute("SELECT rtreecheck('event_places')").fetchone() == ("ok",)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, event_text, instance)")
        asked = {
            **{name: f"SELECT * FROM {name} ORDER BY 1, 2" for name in ("events", "event_sources", "removed_rows")},
            "places": "SELECT * FROM event_places ORDER BY 1",
            "words": "SELECT * FROM instances ORDER BY 1, 2, 3, 4",
            "names": "SELECT kind, name, folded, count FROM event_names WHERE count <> 0 ORDER BY 1, 2",
            "made": "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2",
        }
        found = {name: connection.execute(sql).fetchall() for name, sql in asked.items()}
    connection.close()
    return found


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches so small that few rows go every way that many go."""
    monkeypatch.setattr(loading, "BATCH", 3)
    monkeypatch.setattr(sqlite_bulk, "MANY", 4)


@pytest.mark.parametrize("many", [3, 50_000])
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(imports=st.lists(event_lists, min_size=1, max_size=3))
def test_a_load_leaves_the_tables_that_saving_leaves(many: int, folder: Path, imports: list[list[Event]]) -> None:
    loaded, saved = folder / "loaded.sqlite", folder / "saved.sqlite"
    for path in (loaded, saved):
        path.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_bulk, "MANY", many)
        patch.setattr(loading, "BATCH", 2)
        one, other = open_store(f"sqlite:///{loaded}"), open_store(f"sqlite:///{saved}")
        for number, events in enumerate(imports):
            named = [replace(event, event_id=f"e{i}") for i, event in enumerate(events)]
            first = one.load(rows_of(named), ORIGIN)
            second = other.save(named)
            assert (first.added, first.changed, first.unchanged + first.kept, first.undated, first.unplaced) == (
                (second.added, second.changed, second.unchanged, second.undated, second.unplaced)
            ), number
            assert one.load(rows_of(named), ORIGIN).added == 0
        one.close()
        other.close()
    assert tables(loaded) == tables(saved)


def test_every_row_is_told_in_order_and_what_it_came_to(store: EventStore, small: None) -> None:
    said: list[tuple[int, Outcome, str]] = []
    rejected = replace(EVENT, event_id="3")
    store.save([rejected])
    store.set_status(["3"], Status.REJECTED)
    store.load(rows_of([replace(EVENT, event_id="2")]), ORIGIN)
    events = [
        EVENT,
        None,
        replace(EVENT, event_id="2"),
        replace(EVENT, actors=("Police",), sources=(Source(title="Two"),)),
        replace(EVENT, event_id="3", title="Otherwise"),
        replace(EVENT, event_id="4", when=None),
        replace(EVENT, event_id="2", title="Corrected"),
        replace(EVENT, event_id="5", place=None),
    ]
    receipt = store.load(rows_of(events), ORIGIN, lambda row, outcome, why: said.append((row.line, outcome, why)))
    assert said == [
        (2, Outcome.ADDED, ""),
        (3, Outcome.REJECTED, ""),
        (4, Outcome.UNCHANGED, ""),
        (5, Outcome.MERGED, "line 2 has the same id"),
        (6, Outcome.KEPT, "a person changed its event since it was imported"),
        (7, Outcome.ADDED, ""),
        (8, Outcome.MERGED, "line 4 has the same id"),
        (9, Outcome.ADDED, ""),
    ]
    assert (receipt.rows, receipt.added, receipt.merged, receipt.undated, receipt.unplaced) == (8, 3, 2, 1, 1)
    assert [note.split(":")[0] for note in receipt.notes] == [
        "1 row is of an event that a person changed, rejected or merged",
        "2 rows have an id that the file gave before",
    ]
    joined = store.get("1")
    assert (joined.title, joined.actors) == ("A clash", ("Army", "Police"))
    assert [source.title for source in joined.sources] == ["One", "Two"]
    assert store.get("3").status is Status.REJECTED
    assert store.count(ALL) == 5


@pytest.mark.parametrize("between", [0, 20])
def test_rows_of_one_id_that_differ_come_to_the_same_event_each_time(
    store: EventStore, small: None, between: int
) -> None:
    """Whether they stand in one batch or lie batches apart."""
    there = replace(EVENT, when=TimeSpan.day(date(2023, 2, 9)), place=Place("Izium", 37.2, 49.2), actors=("Group",))
    others = [replace(EVENT, event_id=f"x{n}") for n in range(between)]
    told: list[str] = []
    first = load(store, EVENT, *others, there, told=lambda row, outcome, why: told.append(why))
    assert told[-1].startswith("line 2 has the same id and says another date, place: ")
    kept, version = store.get(EVENT.event_id), store.version()
    again = load(store, EVENT, *others, there)
    assert (again.added, again.changed, again.unchanged, again.merged) == (0, 0, 1 + between, 1)
    assert (store.get(EVENT.event_id), store.version(), again.can_undo) == (kept, version, False)
    assert store.imports.undo(first.import_id).removed == 1 + between


def test_the_same_file_twice_changes_nothing(store: EventStore, small: None) -> None:
    events = [replace(EVENT, event_id=str(n)) for n in range(10)]
    assert load(store, *events, EVENT).can_undo
    version, changes = store.version(), store.changes.now()
    again = load(store, *events, EVENT)
    assert (again.unchanged, again.merged, again.can_undo) == (10, 1, False)
    assert (store.version(), store.changes.now()) == (version, changes)
    assert len(store.imports.list()) == 1
    assert store.imports.same_file(ORIGIN.sha256)[0].receipt.added == 10


@pytest.mark.parametrize(
    ("kept", "incoming", "outcome"),
    [
        (Status.DRAFT, Status.DRAFT, "changed"),
        (Status.REVIEWED, Status.DRAFT, "kept"),
        (Status.REJECTED, Status.DRAFT, "kept"),
        (Status.DRAFT, Status.REVIEWED, "changed"),
        (Status.REVIEWED, Status.REVIEWED, "changed"),
    ],
)
def test_a_changed_row_changes_its_event(store: EventStore, kept: Status, incoming: Status, outcome: str) -> None:
    load(store, replace(EVENT, status=kept))
    receipt = load(store, replace(EVENT, status=incoming, title="Otherwise"))
    assert getattr(receipt, outcome) == 1
    assert store.get("1").title == ("Otherwise" if outcome == "changed" else "A clash")


@pytest.mark.parametrize("status", [Status.REJECTED, Status.DRAFT])
def test_what_a_person_said_of_a_coders_row_stays(store: EventStore, status: Status) -> None:
    load(store, EVENT)
    store.set_status(["1"], status)
    assert load(store, EVENT).kept == 1
    assert load(store, replace(EVENT, title="Otherwise"), replace(EVENT, title="Again")).kept == 2
    assert store.get("1") == replace(EVENT, status=status)


def test_what_a_person_merged_stays_merged(store: EventStore) -> None:
    other = replace(EVENT, event_id="2", title="The same clash")
    load(store, EVENT, other)
    store.duplicates.merge(replace(EVENT, sources=(*EVENT.sources, Source(title="Two"))), "2")
    receipt = load(store, EVENT, other)
    assert receipt.kept == 2
    assert [event.event_id for event in store.find(ALL)] == ["1"]
    assert len(store.get("1").sources) == 2


def test_a_dry_run_tells_and_keeps_nothing(store: EventStore) -> None:
    said: list[Outcome] = []
    version = store.version()
    receipt = store.load(rows_of([EVENT, None]), ORIGIN, lambda row, outcome, why: said.append(outcome), dry_run=True)
    assert (receipt.added, receipt.rejected, receipt.dry_run, receipt.can_undo) == (1, 1, True, False)
    assert said == [Outcome.ADDED, Outcome.REJECTED]
    assert (store.version(), store.count(ALL), list(store.imports.list())) == (version, 0, [])


def test_a_load_that_breaks_off_keeps_nothing(store: EventStore, small: None) -> None:
    load(store, replace(EVENT, event_id="0"))
    version = store.version()

    def broken() -> Iterator[Row]:
        yield from rows_of([replace(EVENT, event_id=str(n)) for n in range(20)])
        raise OSError("the file broke off")

    with pytest.raises(OSError, match="broke off"):
        store.load(broken(), ORIGIN)
    assert (store.version(), store.count(ALL)) == (version, 1)
    assert load(store, *(replace(EVENT, event_id=str(n)) for n in range(20))).added == 19


def test_the_index_and_the_feed_hear_of_every_row(store: EventStore, small: None) -> None:
    load(store, replace(EVENT, event_id="0"))
    version, cursor = store.version(), store.changes.now()
    load(store, *(replace(EVENT, event_id=str(n), title="Again") for n in range(12)))
    changes = store.changes_since(version)
    assert changes is not None
    assert changes.touched.tolist() == list(range(1, 13))
    assert len(changes.columns) == 12
    feed = store.changes.since(cursor, 100)
    assert sorted(change.event_id for change in feed.changes) == sorted(map(str, range(12)))


def test_rows_of_a_table_are_compared_with_stories(store: EventStore, small: None) -> None:
    told = replace(EVENT, event_id="s", doc_id="story", status=Status.DRAFT)
    load(store, *(replace(EVENT, event_id=str(n), place=Place("x", n * 3.0, 0.0)) for n in range(30)))
    store.save([told])
    load(store, replace(EVENT, event_id="same"))
    assert store.duplicates.look(60) == 0
    assert [{pair.first.event_id, pair.second.event_id} for pair in store.duplicates.pairs()] == [{"s", "same"}]
