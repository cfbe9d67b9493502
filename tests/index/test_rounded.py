"""Where positions leave rounded, the index answers areas by the positions that leave."""

import random
from collections.abc import Mapping

import pytest

from geodata.allowed import generalised
from geodata.geometry import BBox
from geodata.index import ColumnIndex
from geodata.model import Event, Place
from geodata.query import EventQuery
from geodata.query.conditions import holds
from geodata.shapes import Circle, Polygon
from geodata.store import open_store

KM = 120
AREAS = (
    EventQuery(bbox=BBox(-20, -30, 41, 52)),
    EventQuery(bbox=BBox(160, -90, -150, 90)),
    EventQuery(near=Circle(179, 10, 3_000)),
    EventQuery(near=Circle(20, 88, 900)),
    EventQuery(polygon=Polygon(((0, 0), (60, 5), (50, 70), (-10, 60)))),
    EventQuery(bbox=BBox(-20, -30, 41, 52), near=Circle(10, 10, 2_000)),
)


@pytest.fixture(scope="module")
def events() -> list[Event]:
    dice = random.Random(5)
    spots = [(dice.uniform(-180, 180), dice.uniform(-90, 90)) for _ in range(1_500)]
    spots += [(180, 0), (-180, 0), (0, 90), (0, -90)]
    placed = (Event(str(number), "Riots", place=Place("", lon, lat)) for number, (lon, lat) in enumerate(spots))
    return [Event("unplaced", "Riots"), *placed]


@pytest.fixture(scope="module")
def held(events: list[Event], tmp_path_factory: pytest.TempPathFactory) -> tuple[ColumnIndex, Mapping[int, str]]:
    """The index of these events, and their ids by row."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('rounded') / 'store.sqlite'}")
    store.save(events)
    columns = store.columns()
    names = dict(zip(columns.row_id.tolist(), store.event_ids(columns.row_id), strict=True))
    store.close()
    return ColumnIndex.build(columns), names


@pytest.mark.parametrize("query", AREAS, ids=str)
def test_areas_are_asked_of_rounded_positions(
    events: list[Event], held: tuple[ColumnIndex, Mapping[int, str]], query: EventQuery
) -> None:
    index, rows = held
    asked = query.areas
    assert asked is not None
    found = index.matching(asked, KM)
    assert found is not None
    wanted = {event.event_id for event in events if query.matches(generalised(event, KM))}
    assert {rows[row] for row in found.tolist()} == wanted
    assert wanted == {event.event_id for event in events if holds(asked, generalised(event, KM))}
    exact = index.matching(asked)
    assert exact is not None
    assert {rows[row] for row in exact.tolist()} == {event.event_id for event in events if query.matches(event)}


def test_the_extent_is_of_rounded_positions(held: tuple[ColumnIndex, Mapping[int, str]]) -> None:
    index, _ = held
    exact, rounded = index.extent().bbox, index.extent(KM).bbox
    assert exact == BBox(-180, -90, 180, 90)
    assert rounded is not None
    assert abs(rounded.south) < 90
    assert rounded.east < 180
