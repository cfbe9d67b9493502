"""The texts of features that the database makes are those that features.py makes, to the byte."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.contracts import EventStore
from geodata.credits import Key, keys_of
from geodata.features import Found, collection, dumps, feature
from geodata.model import Document, Event, Place, Source
from geodata.query import EventQuery
from geodata.store import sqlite_ahead, sqlite_features
from geodata.timespan import TimeSpan
from tests.random_events import event_lists
from tests.stores import SERVER

EVERY = EventQuery()


def texts(store: EventStore, query: EventQuery = EVERY, limit: int | None = None, offset: int = 0) -> list[bytes]:
    found = store.found(query, limit, offset)
    assert isinstance(found, Found)
    pieces = list(found.texts())
    parts = [part for piece in pieces for part in piece.text.split(b",\n")]
    assert sum(piece.count for piece in pieces) == len(parts)
    return parts


def cited(store: EventStore) -> Counter[Key]:
    found = store.found(EVERY)
    assert isinstance(found, Found)
    return sum((Counter(piece.cited) for piece in found.texts()), Counter())


def by_python(store: EventStore) -> list[bytes]:
    return [dumps(feature(event)).encode() for event in store.find(EVERY)]


@settings(max_examples=30 if SERVER else 150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event_lists)
def test_every_feature_is_the_one_that_python_writes(shared: EventStore, events: list[Event]) -> None:
    shared.remove_samples()
    shared.save([replace(event, doc_id="all") for event in events], [Document("all", "", sample=True)])
    assert sorted(texts(shared)) == sorted(by_python(shared))
    as_events = json.loads(b"".join(collection(shared.find(EVERY))))
    as_texts = json.loads(b"".join(collection(shared.found(EVERY))))
    assert as_texts.get("bbox") == as_events.get("bbox")
    assert cited(shared) == Counter(key for event in shared.find(EVERY) for key in keys_of(event))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_ahead, "_IS_LARGE", "SELECT 1")
        while shared.make_ahead():
            pass
    assert sorted(texts(shared)) == sorted(by_python(shared))
    assert cited(shared) == Counter(key for event in shared.find(EVERY) for key in keys_of(event))


NUMBERS = [0.1 + 0.2, 1 / 3, 1e-7, 0.00005, 5e-324, 1.0, 0.0, 0.999999999999999, 0.12345]
DEGREES = [0.0, -0.0, 1e-7, -4e-6, 5e-5, 0.00123456, -0.9999995, 38.0001235, -179.9999999, 179.9999995, 180.0, -180.0]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_are_written_as_python_writes_them(shared: EventStore, number: float) -> None:
    place = Place("x", 1, 1, radius_m=number * 1e6 + 1e-9)
    shared.save([Event("number", "Riots", confidence=number, place=place)], [])
    assert dumps(feature(shared.get("number"))).encode() in texts(shared)


@pytest.mark.parametrize("degrees", DEGREES)
def test_degrees_are_rounded_as_python_rounds_them(shared: EventStore, degrees: float) -> None:
    shared.save([Event("number", "Riots", place=Place("x", degrees, degrees / 2))], [])
    assert dumps(feature(shared.get("number"))).encode() in texts(shared)


@given(st.floats(-180, 180))
def test_degrees_are_rounded_to_the_nearest_or_nearly(number: float) -> None:
    (lon, lat) = feature(Event("x", "y", place=Place("z", number, 0.0)))["geometry"]["coordinates"]  # type: ignore[index]
    assert abs(lon - number) <= 5.001e-7
    assert lat == 0


def test_a_page_comes_latest_first(shared: EventStore) -> None:
    shared.save([Event(f"p{i}", "Protests", when=TimeSpan.day(date(2022, 1, 1 + i * 7 % 5))) for i in range(5)])
    query = EventQuery(types=("Protests",))
    page = [json.loads(text)["id"] for text in texts(shared, query, 3, 1)]
    assert page == [event.event_id for event in shared.find(query, 3, 1)]


def test_two_processes_say_what_one_says(shared: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = (Source("https://example.org/<1>"), Source("https://example.org/2"))
    shared.save([Event(f"m{i:04}", "Riots", title=f"<{i}>", sources=sources[: 1 + i % 7 // 6]) for i in range(500)])
    query = EventQuery(types=("Riots",))
    one = texts(shared, query)
    monkeypatch.setattr(sqlite_features, "CHUNK", 50)
    monkeypatch.setattr(sqlite_features, "_SMALL", 100)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert texts(shared, query) == one
    assert len(one) >= 500
    reading = shared.found(query)
    assert isinstance(reading, Found)
    unfinished = reading.texts()
    next(unfinished)
    unfinished.close()  # type: ignore[attr-defined]
    shared.save([Event("m0000", "Riots", title="again")])


@pytest.mark.parametrize("trouble", ["another state", "no wide pipe", "no process"])
def test_one_process_does_it_where_the_other_cannot(
    shared: EventStore, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    shared.save([Event(f"o{i:04}", "Riots", title=f"{i}") for i in range(300)])
    one = texts(shared)
    monkeypatch.setattr(sqlite_features, "CHUNK", 50)
    monkeypatch.setattr(sqlite_features, "_SMALL", 100)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    if trouble == "another state":
        queries = {**sqlite_features.QUERIES, "version": "SELECT 'older'"}
        monkeypatch.setattr(sqlite_features, "QUERIES", queries)
    elif trouble == "no wide pipe":
        monkeypatch.setattr(sqlite_features, "_PIPE_BYTES", -1)  # which every system refuses
    else:
        monkeypatch.setattr(sqlite_features, "_ROOT", "/nowhere")
    assert texts(shared) == one
