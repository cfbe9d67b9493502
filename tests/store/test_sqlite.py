"""What only SQLite's store promises: its tables of places and words stay right, and the history tells every change."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.model import Document, Event, Place, Source, Status
from geodata.store import open_store
from geodata.store.migrations.versions.r0005_words import FILL_ACTORS, FILL_SOURCES
from geodata.store.sqlite_functions import add_to
from tests.random_events import event_lists


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=25, deadline=None)
@given(st.lists(event_lists, min_size=1, max_size=3))
def test_places_and_words_stay_right_through_every_change(folder: Path, imports: list[list[Event]]) -> None:
    path = folder / "store.sqlite"
    store = open_store(f"sqlite:///{path}")
    for events in imports:
        store.save([replace(event, event_id=f"e{i}") for i, event in enumerate(events)])
        store.set_status([f"e{i}" for i in range(0, len(events), 2)], Status.REVIEWED)
        store.set_status([f"e{i}" for i in range(0, len(events), 3)], Status.REJECTED)
    store.save([], [Document("d1", "", sample=True)])
    store.remove_samples()
    store.close()
    connection = sqlite3.connect(path)
    add_to(connection)
    with connection:
        connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, event_text, instance)")
        kept = connection.execute("SELECT * FROM instances ORDER BY 1, 2, 3, 4").fetchall()
        connection.execute("INSERT INTO event_text(event_text) VALUES ('rebuild')")
        assert connection.execute("SELECT * FROM instances ORDER BY 1, 2, 3, 4").fetchall() == kept
        assert connection.execute("SELECT rtreecheck('event_places')").fetchone() == ("ok",)
        wrong = """SELECT e.row_id FROM events e LEFT JOIN event_places p USING (row_id) WHERE (lon IS NULL) !=
            (p.row_id IS NULL) OR max(min_lon - lon, lon - max_lon, min_lat - lat, lat - max_lat) > 1e-9"""
        assert connection.execute(wrong).fetchall() == []
        places, placed = "SELECT count(*) FROM event_places", "SELECT count(lon) FROM events"
        assert connection.execute(places).fetchone() == connection.execute(placed).fetchone()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = connection.execute("SELECT kind, name, folded, count FROM event_names WHERE count <> 0 ORDER BY 1, 2")
        kept = names.fetchall()
        connection.execute("DELETE FROM event_names")
        for statement in (FILL_ACTORS, FILL_SOURCES):
            connection.execute(statement)
        assert connection.execute("SELECT * FROM event_names ORDER BY 1, 2").fetchall() == kept
    connection.close()


def test_the_history_tells_every_change_and_what_was_before(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = open_store(f"sqlite:///{path}")
    event = Event("e1", "Battles", title="First", place=Place("Київ", 30.5, 50.4), sources=(Source("u1"),), doc_id="s1")
    store.save([event], [Document("s1", "text", sample=True)])
    store.save([replace(event, title="Second", sources=())])
    store.set_status(["e1"], Status.REVIEWED)
    store.remove_samples()
    store.close()
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT version, kind, item_id, action, before FROM history ORDER BY history_id"
    ).fetchall()
    connection.close()
    assert [row[:4] for row in rows] == [
        (1, "document", "s1", "added"),
        (1, "event", "e1", "added"),
        (2, "event", "e1", "changed"),
        (3, "event", "e1", "reviewed"),
        (4, "event", "e1", "removed"),
        (4, "document", "s1", "removed"),
    ]
    before = [json.loads(row[4]) if row[4] else None for row in rows]
    assert before[:2] == [None, None]
    assert (before[2]["title"], before[2]["place_name"], before[2]["sources"][0]["url"]) == ("First", "Київ", "u1")
    assert (before[3]["title"], before[3]["status"]) == ("Second", "draft")
    assert (before[4]["status"], before[5]["text"]) == ("reviewed", "text")
