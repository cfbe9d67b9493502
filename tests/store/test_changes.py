"""What the index is told of changes since a version; it must say what a reading of all columns would."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert

from geodata.answers import E7, UNKNOWN, EventColumns
from geodata.contracts import EventStore
from geodata.model import Document, Event, Fatalities, Place, Source, Status
from geodata.store import columns as columns_module
from geodata.store import open_store
from geodata.store.migrate import SCRIPTS
from geodata.store.rows import event_row
from geodata.store.schema import events
from geodata.timespan import TimeSpan

A = Event(
    "a",
    "Battles",
    "Armed clash",
    when=TimeSpan(date(2023, 1, 1), date(2023, 1, 7)),
    place=Place("Kherson", 32.6178123, 46.6354),
    sources=(Source("https://www.news.example/1"),),
    fatalities=Fatalities(low=2),
    doc_id="s",
)
B = Event("b", "Riots", sources=(Source(publisher="The Paper"), Source(publisher="Another")), doc_id="s")
C = Event("c", "Riots", place=Place("x", 0.0, 0.0), when=TimeSpan.day(date(1066, 10, 14)), status=Status.REJECTED)
SAMPLE = Document("s", "", sample=True)


def rows_of(columns: EventColumns) -> dict[int, tuple[object, ...]]:
    """Each row of columns by its id, names instead of their numbers."""
    named = (columns.event_type, columns.sub_event_type, columns.precision, columns.status, columns.source)
    texts = [[column.names[code] for code in column.code] for column in named]
    numbers = (columns.lon_e7, columns.lat_e7, columns.start_day, columns.end_day, columns.fatalities)
    rows = zip(*(column.tolist() for column in numbers), *texts, strict=True)
    return dict(zip(columns.row_id.tolist(), rows, strict=True))


def test_columns_say_what_the_events_say(store: EventStore) -> None:
    store.save([A, B, C], [SAMPLE])
    columns = store.columns()
    assert columns.version == store.version()
    assert list(rows_of(columns).values()) == [
        (326178123, 466354000, 19358, 19364, 2, "Battles", "Armed clash", "exact", "draft", "news.example"),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, -1, "Riots", "", "", "draft", "The Paper"),
        (0, 0, -329893, -329893, -1, "Riots", "", "exact", "rejected", ""),
    ]


@pytest.mark.parametrize(("lon", "lat"), [(-180.0, -90.0), (180.0, 90.0), (0.1 + 0.2, 1 / 3), (-1e-9, 179.0 / 2)])
def test_positions_are_exact_to_a_centimetre(store: EventStore, lon: float, lat: float) -> None:
    store.save([replace(A, place=Place("x", lon, lat))])
    place = store.get("a").place
    assert place
    columns = store.columns()
    assert (columns.lon_e7[0] / E7, columns.lat_e7[0] / E7) == (place.lon, place.lat) == (round(lon, 7), round(lat, 7))


def test_a_name_with_the_separator_in_it_harms_no_other_row(store: EventStore) -> None:
    store.save([replace(A, sub_event_type="x\x1fy"), B])
    assert [row[6] for row in rows_of(store.columns()).values()] == ["x y", ""]


def test_changes_bring_old_columns_up_to_new_ones(store: EventStore, url: str) -> None:
    other = open_store(url)
    store.save([A, B], [SAMPLE])
    steps = [
        lambda: store.save([A]),
        lambda: other.save([replace(A, place=None), C]),
        lambda: other.set_status(["c"], Status.REVIEWED),
        lambda: store.save([replace(B, sources=(Source(publisher="The Other Paper"),))]),
        lambda: store.duplicates.merge(replace(C, sub_event_type="Looting"), "a"),
        lambda: store.duplicates.undo(1),
        lambda: store.save([], [Document("t", "Only a story.")]),
        lambda: store.remove_samples(),
        lambda: store.save([replace(B, event_id="d")]),
    ]
    version, rows = store.version(), rows_of(store.columns())
    first_version, first_rows = version, dict(rows)
    for step in steps:
        step()
        for known, since in ((rows, version), (first_rows, first_version)):
            changes = store.changes_since(since)
            assert changes is not None
            there = rows_of(changes.columns)
            assert set(there) <= set(changes.touched.tolist())
            kept = {row: value for row, value in known.items() if row not in changes.touched}
            assert {**kept, **there} == rows_of(store.columns())
            if known is rows:
                rows, version = {**kept, **there}, changes.columns.version
        assert version == store.version()
    other.close()


def test_nothing_changed_is_nothing(store: EventStore) -> None:
    store.save([A])
    changes = store.changes_since(store.version())
    assert changes is not None
    assert (len(changes.touched), len(changes.columns)) == (0, 0)


@pytest.mark.parametrize("version", ["", "another-1", "nonsense", "{store}-999", "{store}-x", "{store}--1"])
def test_what_the_history_cannot_say_is_none(store: EventStore, version: str) -> None:
    store.save([A])
    assert store.changes_since(version.format(store=store.version().split("-")[0])) is None


def test_where_most_has_changed_all_is_read_again(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_module, "_FEW", 3)
    version = store.version()
    store.save([replace(B, event_id=f"{i}") for i in range(50)])
    assert store.changes_since(version) is None
    version = store.version()
    store.set_status([f"{i}" for i in range(5)], Status.REVIEWED)
    changes = store.changes_since(version)
    assert changes is not None
    assert changes.touched.tolist() == [1, 2, 3, 4, 5]


def test_positions_of_an_older_store_are_rounded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(insert(events), [{**event_row(A), "lon": 32.61781234567}, event_row(B)])
    engine.dispose()
    store = open_store(url)
    assert store.get("a").place == replace(A.place, lon=32.6178123)  # type: ignore[type-var]
    assert store.columns().lon_e7.tolist() == [326178123, UNKNOWN]
    assert isinstance(store.columns().row_id, np.ndarray)
    store.close()
