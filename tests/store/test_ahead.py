"""Texts that are made ahead: the same as those that are not, whatever happens to the events and however it ends."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geodata.contracts import EventStore
from geodata.errors import StoreBusy
from geodata.features import Found
from geodata.model import Event, Fatalities, Place, Source, Status
from geodata.query import EventQuery
from geodata.store import open_store, sqlite_ahead
from geodata.store.ahead import Ahead
from geodata.timespan import TimeSpan
from tests.store.test_features import by_python, cited, texts

PRESS, RADIO = Source("https://press.example/<1>", publisher="Press"), Source("https://radio.example/2")


def event(number: int, sources: tuple[Source, ...] = (PRESS,)) -> Event:
    place = Place(f"Place {number}", 30 + number / 7, 50 - number / 9) if number % 5 else None
    when = TimeSpan.day(date(2023, 1, 1 + number % 28)) if number % 3 else None
    return Event(f"e{number:03}", "Riots", title=f"<{number}>", place=place, when=when, sources=sources)


EVENTS = [
    event(number, (PRESS, RADIO) if number % 10 == 9 else (PRESS,) if number % 10 else ()) for number in range(60)
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sqlite_ahead, "_IS_LARGE", "SELECT 1")
    return tmp_path / "store.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    opened = open_store(f"sqlite:///{path}")
    opened.save(EVENTS)
    make_all(opened)
    yield opened
    opened.close()


def make_all(store: EventStore) -> None:
    while store.make_ahead():
        pass


def kept(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(
            connection.execute("SELECT count(*) FROM feature_texts WHERE row_id > 0 AND text > ''").fetchone()[0]
        )


def is_right(store: EventStore) -> None:
    assert sorted(texts(store)) == sorted(by_python(store))
    found = store.found(EventQuery())
    assert isinstance(found, Found)
    corners = [corner for piece in found.texts() for corner in piece.corners]
    places = [each.place for each in found if each.place]
    assert min(lon for lon, _ in corners) == min(place.lon for place in places)
    assert max(lat for _, lat in corners) == max(place.lat for place in places)
    assert sum(cited(store).values()) == sum(max(1, len(each.sources)) for each in found)


def test_all_are_kept_and_are_those_that_python_writes(store: EventStore, path: Path) -> None:
    assert kept(path) == len(EVENTS)
    is_right(store)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE feature_texts SET text = '{}' WHERE row_id = 3")
    assert texts(store).count(b"{}") == 1


CHANGES: dict[str, Callable[[EventStore], object]] = {
    "other words": lambda store: store.save([replace(EVENTS[11], title="other")]),
    "another place": lambda store: store.save([replace(EVENTS[11], place=Place("far", -170.5, -60))]),
    "no place": lambda store: store.save([replace(EVENTS[11], place=None)]),
    "deaths": lambda store: store.save([replace(EVENTS[12], fatalities=Fatalities(1, 2, 3))]),
    "one source more": lambda store: store.save([replace(EVENTS[11], sources=(PRESS, RADIO))]),
    "one source less": lambda store: store.save([replace(EVENTS[19], sources=(RADIO,))]),
    "no source": lambda store: store.save([replace(EVENTS[19], sources=())]),
    "a status": lambda store: store.set_status(["e011", "e012"], Status.REVIEWED),
    "rejected": lambda store: store.set_status(["e059"], Status.REJECTED),
    "a new event": lambda store: store.save([event(77)]),
    "many new events": lambda store: store.save([event(number) for number in range(100, 180)]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_at_once_and_made_ahead_later(
    store: EventStore, path: Path, change: Callable[[EventStore], object]
) -> None:
    change(store)
    is_right(store)
    make_all(store)
    with sqlite3.connect(path) as connection:
        everything = connection.execute("SELECT count(*) FROM events").fetchone()[0]
    assert kept(path) == everything
    is_right(store)


WRITTEN = {
    "an event": "UPDATE events SET notes = '[\"by hand\"]' WHERE event_id = 'e007'",
    "a source": "UPDATE event_sources SET title = 'by hand' WHERE event_id = 'e007'",
    "a source of another event": "UPDATE event_sources SET event_id = 'e000' WHERE event_id = 'e007'",
    "an event's row": "UPDATE events SET row_id = 500 WHERE event_id = 'e007'",
    "no source any more": "DELETE FROM event_sources WHERE event_id = 'e007'",
    "no event any more": "DELETE FROM events WHERE event_id IN ('e007', 'e059')",
}


@pytest.mark.parametrize("statement", WRITTEN.values(), ids=WRITTEN)
def test_whoever_writes_the_texts_are_right(store: EventStore, path: Path, statement: str) -> None:
    from geodata.store.sqlite_functions import add_to

    with sqlite3.connect(path) as connection:
        add_to(connection)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(statement)
    is_right(store)
    store.save([event(90), event(91)])  # in the rows of those that are gone
    is_right(store)
    make_all(store)
    with sqlite3.connect(path) as connection:
        assert not connection.execute("SELECT count(*) FROM feature_texts WHERE text IS NULL").fetchone()[0]


@pytest.mark.parametrize("gone", [1, 2])
def test_rows_of_an_index_that_is_behind_are_left_out(store: EventStore, gone: int) -> None:
    found = store.found_rows(np.array([*range(1, 10), *range(900, 900 + gone)]))
    assert isinstance(found, Found)
    (piece,) = found.texts()
    assert len(json.loads(b"[%b]" % piece.text)) == piece.count == 9


def test_a_store_may_be_named_by_a_uri(path: Path) -> None:
    store = open_store(f"sqlite:///file:{path}?uri=true")
    store.save(EVENTS)
    make_all(store)
    store.close()
    assert kept(path) == len(EVENTS)


def test_texts_of_another_form_are_not_read_and_give_way(store: EventStore, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE feature_texts SET text = '{}' WHERE row_id > 0")
        connection.execute("UPDATE feature_texts SET credit = 'of yesterday' WHERE row_id = 0")
    is_right(store)
    make_all(store)
    assert kept(path) == len(EVENTS)
    is_right(store)


def test_few_events_are_not_made_ahead(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    store = open_store(f"sqlite:///{path}")
    store.save(EVENTS)
    assert not store.make_ahead()
    assert kept(path) == 0
    store.close()


def test_a_full_disk_is_left_alone(store: EventStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save([event(77)])
    monkeypatch.setattr(sqlite_ahead, "FREE_BYTES", 1 << 62)
    assert not store.make_ahead()
    assert kept(path) == len(EVENTS)


def test_it_stands_back_for_others_who_write(store: EventStore, path: Path) -> None:
    store.save([event(77)])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        store.make_ahead()
    assert not Ahead(store).step()
    other.execute("ROLLBACK")
    other.close()
    ahead = Ahead(store)
    assert ahead.step()
    assert not ahead.step()
    assert kept(path) == len(EVENTS) + 1
    is_right(store)
