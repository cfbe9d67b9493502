"""What is kept of whole groups, and the fullest spots, against counting every event."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from geodata.answers import E7
from geodata.geometry import BBox
from geodata.index import ColumnIndex, summary
from geodata.model import Event, Place
from geodata.query import EventQuery
from geodata.timespan import TimeSpan
from tests.columns import columns_of


def events(count: int, spots: int) -> list[Event]:
    chance = Random(7)
    found = []
    for number in range(count):
        spot = chance.randrange(spots) if number % 2 else chance.randrange(1 + spots // 50)
        day = date(2022, 1, 1) + timedelta(days=chance.randrange(90))
        place = Place("x", spot % 170 + 0.25, spot // 170 - 60.0) if number % 9 else None
        found.append(Event(f"e{number}", "Riots" if number % 3 else "Battles", when=TimeSpan.day(day), place=place))
    return found


@pytest.mark.parametrize("spots", [1, 15, 60, 2000, 12_000])
@pytest.mark.parametrize("query", [EventQuery(), EventQuery(types=("Battles",), bbox=BBox(0, -70, 90, 60))], ids=str)
def test_the_fullest_spots(spots: int, query: EventQuery) -> None:
    made = events(4000, spots)
    found = ColumnIndex.build(columns_of(made)).charts(query).spots
    rows: dict[tuple[float, float], list[int]] = {}
    for row, event in enumerate(made):
        if event.place and query.matches(event):
            rows.setdefault((event.place.lon, event.place.lat), []).append(row)
    expected = sorted(rows, key=lambda at: (-len(rows[at]), at))[:20]
    assert [(spot.lon, spot.lat) for spot in found] == expected
    assert [(spot.count, spot.row_id) for spot in found] == [(len(rows[at]), min(rows[at])) for at in expected]


@pytest.mark.parametrize("zoom", [0, 1, 2, 2.9, 3])
def test_days_and_cells_kept_or_not_give_one_answer(zoom: float, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = columns_of(events(3000, 500))
    kept = ColumnIndex.build(columns)
    whole = EventQuery(bbox=BBox(-180, -90, 180, 90))
    by_rows = EventQuery(fatalities=None, bbox=BBox(-180, -90, 179.99, 90))  # holds all events, but no whole world
    answers = [kept.view(query, zoom, by_type=True) for query in (whole, by_rows)]
    monkeypatch.setattr(summary, "_ROWS_FOR_4_BYTES", 10**9)
    bare = ColumnIndex.build(columns)
    answers.append(bare.view(whole, zoom, by_type=True))
    answers.append(bare.view(whole, zoom, np.arange(len(columns)), by_type=True))
    assert len({repr(sorted(map(repr, answer.clusters))) for answer in answers}) == 1
    assert len({repr((answer.matched, answer.types, answer.histogram)) for answer in answers}) == 1
    assert answers[0].histogram.counts == list(answers[0].histogram.possibly)
    assert sum(answers[0].histogram.counts) == answers[0].matched


def test_the_first_page_where_all_lie_on_one_day_or_few() -> None:
    day = date(2022, 1, 1)
    rare = [Event(f"r{i}", "Riots", when=TimeSpan.day(day + timedelta(days=9))) for i in range(3)]
    made = [*(Event(f"e{i}", "Riots", when=TimeSpan.day(day)) for i in range(500)), *rare, Event("u", "Riots")]
    index = ColumnIndex.build(columns_of(made))
    for limit, offset in [(2, 0), (3, 1), (50, 0), (10, 498), (1, 503), (5, 504), (5, 10**6)]:
        expected = [500, 501, 502, *range(500), 503][offset : offset + limit]
        assert index.rows(EventQuery(), limit=limit, offset=offset)[1].tolist() == expected


def test_positions_at_the_ends_of_the_world_have_bins_too() -> None:
    corners = [(-180.0, -90.0), (180.0, 90.0), (0.0, 0.0), (-0.0000001, 0.0000001)]
    made = [Event(f"e{i}", "Riots", place=Place("x", *corners[i % 4])) for i in range(10)]
    spots = ColumnIndex.build(columns_of(made)).charts(EventQuery()).spots
    assert {(round(spot.lon * E7), round(spot.lat * E7)): spot.count for spot in spots} == Counter(
        (round(lon * E7), round(lat * E7)) for lon, lat in (corners[i % 4] for i in range(10))
    )
