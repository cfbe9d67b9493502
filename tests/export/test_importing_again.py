"""What is exported can be imported again: the same events, for every format that says so."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from geodata.export import EXPORTERS, format_of
from geodata.model import Event, Place
from geodata.query import EventQuery
from geodata.sources import open_rows
from tests.export.test_round_trip import EVENT, UNPLACED
from tests.export.test_tables import kept, plain
from tests.random_events import event_lists

LOSSLESS = [name for name, each in EXPORTERS.items() if each.lossless]


def again(name: str, events: list[Event], folder: Path) -> list[Event | None]:
    """Written in this format, found out by content, and read."""
    path = folder / f"export{EXPORTERS[name].suffix}"
    with path.open("wb") as out:
        EXPORTERS[name].write(iter(events), out, EventQuery())
    return [row.event for row in open_rows(path).rows()]


@pytest.mark.parametrize("name", LOSSLESS)
def test_it_is_the_same(name: str, tmp_path: Path) -> None:
    off_ghana = replace(EVENT, event_id="off-ghana", place=Place("Station 13010", 0.0, 0.0, country="GH"))
    assert again(name, [EVENT, off_ghana, UNPLACED], tmp_path) == [kept(EVENT), kept(off_ghana), UNPLACED]


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(some=event_lists)
def test_any_events_are_the_same(some: list[Event], tmp_path: Path) -> None:
    trimmed = cast("list[Event]", [plain(kept(event)) for event in some])
    events = list({each.event_id: each for each in trimmed if each.event_id}.values())
    for name in LOSSLESS if events else ():
        assert [plain(event) for event in again(name, events, tmp_path)] == events, name


@pytest.mark.parametrize(("name", "count"), [("flatgeobuf", 1), ("timemap", 1), ("ical", 1), ("hxl", 2)])
def test_the_others_keep_what_they_say(name: str, count: int, tmp_path: Path) -> None:
    found = again(name, [EVENT, UNPLACED], tmp_path)
    assert len(found) == count
    first = found[0]
    assert first
    assert first.place
    assert first.when
    assert (first.place.lon, first.place.lat, str(first.when.start)) == (38.000123, 48.59, "2022-11-01")


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("a.geojson", "geojson"),
        ("a.JSON", "geojson"),
        ("a.timemap.json", "timemap"),
        ("a.hxl.csv", "hxl"),
        ("a.csv", "csv"),
        ("a.ndjson", "geojsonl"),
        ("a.xlsx", "excel"),
        ("-", "geojson"),
    ],
)
def test_the_suffix_says_the_format(file_name: str, name: str) -> None:
    assert format_of("", file_name) == name
