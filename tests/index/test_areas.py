"""Areas in a view: apart from places once the zoom shows them as areas, and nothing counted twice."""

from collections import Counter
from dataclasses import replace

import pytest

from geodata.index.areas import AREA_ZOOM
from geodata.model import Event, Place, Precision
from geodata.query import EventQuery
from tests.index.test_columns import index_of

MIDDLE = (37.7, 48.1)
OBLAST = Place("Oblast", *MIDDLE, Precision.ADMIN1)
EVENTS = [
    *(Event(f"exact-{k}", "Battles", place=Place("Town", *MIDDLE)) for k in range(3)),
    *(Event(f"oblast-{k}", kind, place=OBLAST) for k, kind in enumerate(["Riots", "Riots", "Battles"])),
    *(Event(f"district-{k}", "Protests", place=Place("District", *MIDDLE, Precision.ADMIN2)) for k in range(2)),
    Event("near", "Battles", place=Place("Town", *MIDDLE, Precision.NEAR)),
    Event("country", "Crime", place=Place("Country", 31.0, 49.0, Precision.COUNTRY)),
    Event("elsewhere", "Crime", place=Place("Other", 33.0, 49.5)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("zoom", "apart"),
    [
        (2, {}),
        (4, {}),
        (5, {"admin1": 3}),
        (6.9, {"admin1": 3}),
        (7, {"admin1": 3, "admin2": 2}),
        (16, {"admin1": 3, "admin2": 2}),
    ],
)
def test_areas_are_apart_from_where_they_show(zoom: float, apart: dict[str, int]) -> None:
    view = index_of(EVENTS).view(EventQuery(), zoom)
    assert {cluster.precision: cluster.count for cluster in view.clusters if cluster.precision} == apart
    assert sum(cluster.count for cluster in view.clusters) + len(view.single_rows) == len(EVENTS) == view.matched
    for cluster in view.clusters:
        if cluster.precision:
            assert (cluster.lon, cluster.lat) == MIDDLE
            assert cluster.row_id is not None
            place = EVENTS[cluster.row_id].place
            assert place is not None
            assert place.precision == cluster.precision
        else:
            assert cluster.row_id is None


def test_types_of_an_area_are_its_own() -> None:
    view = index_of(EVENTS).view(EventQuery(), 8)
    mixes = {cluster.precision: Counter(cluster.types) for cluster in view.clusters}
    assert mixes["admin1"] == Counter(Riots=2, Battles=1)
    assert mixes[""] == Counter(Battles=4), "what is exact or near is one circle"


def test_one_event_of_an_area_is_single() -> None:
    view = index_of(EVENTS).view(EventQuery(), 3)
    names = {EVENTS[row].event_id for row in view.single_rows}
    assert "country" in names
    everywhere = [replace(event, event_id=f"{event.event_id}-again") for event in EVENTS if event.event_id == "country"]
    both = index_of([*EVENTS, *everywhere]).view(EventQuery(), 3)
    assert {cluster.precision: cluster.count for cluster in both.clusters if cluster.precision} == {"country": 2}


def test_every_area_has_a_zoom() -> None:
    assert set(AREA_ZOOM) == set(Precision) - {Precision.EXACT, Precision.NEAR}
