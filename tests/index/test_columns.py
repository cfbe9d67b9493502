"""The index against brute force: `EventQuery.matches` on every event, one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.answers import EventColumns, Extent, MapView, Named
from geodata.geometry import BBox
from geodata.index import ColumnIndex, layout, selection
from geodata.model import Event, Place, Precision, Status
from geodata.query import EventQuery
from geodata.timespan import Interval, TimeSpan
from tests.columns import columns_of
from tests.random_events import latest_first, plain_events, queries

zooms = st.sampled_from([0, 1, 2.5, 5, 6, 7, 11, 11.9, 12, 18])


def index_of(events: Sequence[Event]) -> ColumnIndex:
    return ColumnIndex.build(columns_of(events))


def at(name: str, lon: float, lat: float, event_type: str = "Battles", **more: object) -> Event:
    return replace(Event(name, event_type, place=Place("x", lon, lat)), **more)


def allowed_rows(events: Sequence[Event], query: EventQuery, chosen: set[int] | None = None) -> np.ndarray | None:
    """Those chosen, as far as they answer what the index leaves to the store; None: it has nothing of the kind."""
    asked = EventQuery(
        text=query.text, country=query.country, admin1=query.admin1, actor=query.actor, statuses=tuple(Status)
    )
    if chosen is None and asked == EventQuery(statuses=tuple(Status)):
        return None
    found = [row for row, event in enumerate(events) if asked.matches(event) and (chosen is None or row in chosen)]
    return np.array(found, dtype=np.int64)


def check_sharing(view: MapView, matching: Sequence[Event], events: Sequence[Event]) -> None:
    """Every placed event is in just one cluster or alone; clusters hold what they say they hold."""
    placed = [event for event in matching if event.place]
    assert len(set(view.single_rows)) == len(view.single_rows)
    alone = {events[row].event_id for row in view.single_rows}
    rest = [event for event in placed if event.event_id not in alone]
    assert len(rest) + len(view.single_rows) == len(placed)
    assert sum(cluster.count for cluster in view.clusters) == len(rest)
    together: Counter[str] = Counter()
    for cluster in view.clusters:
        assert cluster.count == sum(cluster.types.values()) > 1
        assert cluster.bbox.contains(cluster.lon, cluster.lat)
        together.update(cluster.types)
    assert together == Counter(event.event_type for event in rest)
    for event in rest:
        place = event.place
        assert place
        assert any(cluster.bbox.contains(place.lon, place.lat) for cluster in view.clusters)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain_events(), queries, zooms, st.none() | st.sets(st.integers(0, 99)), st.sampled_from(["", "month"]))
def test_a_view_equals_brute_force(
    events: list[Event], query: EventQuery, zoom: float, chosen: set[int] | None, unit: str
) -> None:
    rows = allowed_rows(events, query, chosen)
    allowed = events if rows is None else [event for row, event in enumerate(events) if row in rows]

    def matching(question: EventQuery) -> list[Event]:
        return [event for event in allowed if question.matches(event)]

    index = index_of(events)
    view = index.view(query, zoom, rows, unit)
    found = matching(query)
    assert view.matched == len(found)
    assert view.types == Counter(event.event_type for event in matching(query.without("types", "sub_types")))
    assert view.undated == len(matching(replace(query.without("datetime"), undated="only")))
    assert view.unplaced == len(matching(replace(query.without("bbox"), unplaced="only")))
    assert sum(view.histogram.counts) == len([e for e in matching(query.without("datetime")) if e.when])
    check_sharing(view, found, events)
    total, ordered = index.rows(query, rows)
    assert total == len(found)
    assert [events[row] for row in ordered] == latest_first(found)


@settings(max_examples=50, deadline=None)
@given(plain_events(), queries)
def test_small_blocks_and_chunks_answer_the_same(events: list[Event], query: EventQuery) -> None:
    rows = allowed_rows(events, query)
    expected = index_of(events).view(query, 5, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "BLOCK", 3)
        patch.setattr(selection, "CHUNK", 5)
        assert index_of(events).view(query, 5, rows) == expected


@pytest.mark.parametrize(
    ("zoom", "clusters", "singles"),
    [
        (0, [(4, {"Battles": 3, "Riots": 1})], []),
        (11, [(3, {"Battles": 2, "Riots": 1})], ["d"]),
        (14, [(3, {"Battles": 2, "Riots": 1})], ["d"]),
        (15, [(2, {"Battles": 2})], ["c", "d"]),
        (22, [(2, {"Battles": 2})], ["c", "d"]),
    ],
)
def test_clusters_by_zoom(zoom: float, clusters: list[tuple[int, dict[str, int]]], singles: list[str]) -> None:
    index = index_of([at("a", 30.5, 50.4), at("b", 30.5, 50.4), at("c", 30.501, 50.4, "Riots"), at("d", 31.5, 50.4)])
    view = index.view(EventQuery(), zoom)
    assert [(cluster.count, dict(cluster.types)) for cluster in view.clusters] == clusters
    assert sorted("abcd"[row] for row in view.single_rows) == singles


def test_a_cluster_lies_at_the_mean_within_its_bounds() -> None:
    index = index_of([at("a", 10, 20), at("b", 12, 20), at("c", 14, 26)])
    (cluster,) = index.view(EventQuery(), 0).clusters
    assert (cluster.lon, cluster.lat, cluster.bbox) == (12, 22, BBox(10, 20, 14, 26))


def test_panning_moves_no_cluster() -> None:
    index = index_of([at(f"e{i}", 20 + i % 10 / 9, 40 + i // 10 / 9) for i in range(100)])
    east, west = (index.view(EventQuery(bbox=box), 6) for box in (BBox(10, 30, 30, 50), BBox(5, 30, 25, 50)))
    assert east.clusters == west.clusters
    assert len(east.clusters) > 1


def repeated(columns: EventColumns, times: int) -> EventColumns:
    """The same event so many times, under row ids of their own."""
    fields = {name: getattr(columns, name) for name in EventColumns.__dataclass_fields__}
    many = {
        name: replace(column, code=column.code.repeat(times)) if isinstance(column, Named) else column.repeat(times)
        for name, column in fields.items()
        if name != "version"
    }
    return EventColumns(**{**many, "row_id": np.arange(times)})


@pytest.mark.parametrize("zoom", [0, 3, 6, 8, 11, 12])
def test_a_hundred_thousand_events_at_one_spot_are_one_cluster(zoom: float) -> None:
    number = 100_000
    columns = columns_of([at("a", 37.1, 48.3, when=TimeSpan.day(date(2022, 1, 8)))])
    view = ColumnIndex.build(repeated(columns, number)).view(EventQuery(), zoom)
    (cluster,) = view.clusters
    assert (cluster.count, cluster.lon, cluster.lat) == (number, 37.1, 48.3)
    assert view.histogram.counts == [number]


@pytest.mark.parametrize(
    ("box", "found"),
    [
        (BBox(170, -20, -170, -10), ["fiji", "line", "samoa"]),
        (BBox(-180, -90, 180, 90), ["fiji", "line", "pole", "samoa", "zero"]),
        (BBox(0, 0, 0, 0), ["zero"]),
        (BBox(-10, 80, 10, 90), ["pole"]),
    ],
)
def test_boxes_over_the_antimeridian_the_pole_and_nothing_at_all(box: BBox, found: list[str]) -> None:
    places = {"fiji": (179, -17), "samoa": (-172, -13.5), "line": (180, -16), "pole": (0, 90), "zero": (0, 0)}
    index = index_of([at(name, lon, lat) for name, (lon, lat) in places.items()])
    assert sorted(list(places)[row] for row in index.rows(EventQuery(bbox=box))[1]) == found


def test_an_empty_index_answers_nothing() -> None:
    index = index_of([])
    assert index.view(EventQuery(bbox=BBox(0, 0, 1, 1)), 3) == MapView(0)
    total, rows = index.rows(EventQuery(datetime=Interval(date(2022, 1, 1))), np.array([7]))
    assert (total, rows.tolist()) == (0, [])
    assert index.extent() == Extent()
    assert index.charts(EventQuery()).matched == 0
    assert index.grid(EventQuery(), 3).count == []


@pytest.mark.parametrize(
    "query",
    [EventQuery(text="x"), EventQuery(country=("UA",)), EventQuery(country=("UA",), admin1="y"), EventQuery(actor="z")],
)
def test_what_the_index_does_not_hold_needs_the_stores_rows(query: EventQuery) -> None:
    index = index_of([at("a", 1, 1), at("b", 2, 2)])
    with pytest.raises(ValueError, match="rows that the store found"):
        index.view(query, 3)
    assert index.rows(query, np.array([1, 99]))[1].tolist() == [1]


def test_columns_that_contradict_each_other_are_refused() -> None:
    columns = columns_of([at("a", 1, 1)])
    with pytest.raises(ValueError, match="position without a precision"):
        ColumnIndex.build(replace(columns, precision=Named(("",), columns.precision.code * 0)))


def test_an_event_takes_at_most_24_bytes() -> None:
    events = [
        at(f"{i}", i % 360 - 180, i % 180 - 90, when=TimeSpan.day(date(2020, 1, 1 + i % 28))) for i in range(20_000)
    ]
    assert index_of(events).bytes_used / len(events) < 48  # 24 is the aim


def test_more_kinds_than_two_bytes_number_still_answer() -> None:
    first = date(2000, 1, 1)
    spans = [TimeSpan(first, date.fromordinal(first.toordinal() + i)) for i in range(70_000)]
    index = index_of([at(f"{i}", 1, 1, when=span) for i, span in enumerate(spans)])
    late = Interval(date.fromordinal(first.toordinal() + 69_990))
    assert index.view(EventQuery(datetime=late), 3).matched == 10


def test_rejected_events_count_only_when_asked_for() -> None:
    index = index_of([at("a", 1, 1, status=Status.REJECTED), at("b", 1, 1)])
    assert index.rows(EventQuery())[1].tolist() == [1]
    assert index.rows(EventQuery(statuses=(Status.REJECTED,)))[1].tolist() == [0]
    assert index.rows(EventQuery(precision=Precision.EXACT))[1].tolist() == [1]
