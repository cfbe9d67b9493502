"""What the map page asks beside its view: charts, heat cells, the view in words, names; and what a view counts."""

from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from geodata.contracts import Workspace
from geodata.geometry import BBox
from geodata.query import EventQuery
from mapping import asking, framed
from mapping.asking import Asking
from mapping.framed import near_enough
from tests.seeded import EVENTS, SHOWN

PLACED = "unplaced=exclude"


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def test_a_view_counts_by_type_sub_type_and_status(client: FlaskClient) -> None:
    view = get(client, f"/map/view?zoom=5&{PLACED}")
    kept = [event for event in EVENTS if event.place and event.status != "rejected"]
    for name, kind in (("types", "event_type"), ("statuses", "status")):
        shown = kept if name == "types" else [event for event in EVENTS if event.place]
        expected = {str(getattr(event, kind)) for event in shown}
        assert {key: n for key, n in view[name].items() if n} == {
            key: sum(str(getattr(event, kind)) == key for event in shown) for key in expected
        }
    assert view["sub_types"]["Armed clash"] == 1
    assert len(view["version"]) == 12


@pytest.mark.parametrize(
    ("box", "zoom", "shown"),
    [
        (None, 30, 5),
        (BBox(-180, -85, 180, 85), 30, 5),
        (BBox(170, -85, -170, 85), 30, 7),
        (BBox(0, 0, 0.001, 0.001), 22, 22),
        (BBox(30, 50, 30, 50), 30, 30),
        (None, 3, 3),
    ],
)
def test_a_view_is_no_nearer_than_a_screen_can_show(box: BBox | None, zoom: float, shown: int) -> None:
    assert int(near_enough(box, zoom)) == shown


@pytest.mark.parametrize(("most", "single"), [(20_000, True), (0, False)])
def test_many_events_in_a_huge_view_are_shown_from_further_out(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch, most: int, single: bool
) -> None:
    monkeypatch.setattr(asking, "MOST_APART", most)
    monkeypatch.setattr(framed, "VIEW_PX", 64)
    query = EventQuery(unplaced="exclude")
    found = Asking(seeded).now().view(query, 30)
    assert found.matched == SHOWN  # nothing is lost
    assert len(found.single_rows) + sum(item.count for item in found.clusters) == SHOWN
    nearest = seeded.index().view(query, 30)
    assert (len(found.single_rows) == len(nearest.single_rows)) is single


@pytest.mark.parametrize(
    ("axis", "unit", "start", "bins"),
    [
        ("2023-11-01/2023-11-30", "day", "2023-11-01", 30),
        ("2023-11-01/2023-11-30", "week", "2023-10-30", 5),
        ("2023-01-01/2023-12-31", "month", "2023-01-01", 12),
        ("2023-11-01/..", "day", "2023-11-01", 13),
        ("../2022-03-31", "month", "2022-02-01", 2),
        ("", "year", "2022-01-01", 2),
    ],
)
def test_the_histogram_covers_the_axis_and_filters_nothing(
    client: FlaskClient, axis: str, unit: str, start: str, bins: int
) -> None:
    view = get(client, f"/map/view?zoom=2&{PLACED}&unit={unit}&axis={axis}")
    histogram = view["histogram"]
    assert (histogram["start"], len(histogram["counts"])) == (start, bins)
    assert len(histogram["surely"]) == len(histogram["possibly"]) == bins
    assert view["matched"] == SHOWN
    assert all(a <= b for a, b in zip(histogram["surely"], histogram["possibly"], strict=True))


def test_uncertain_days_are_possibly_in_each_and_surely_in_none(client: FlaskClient) -> None:
    asked = f"/map/view?zoom=2&{PLACED}&unit=day&axis=2023-11-03/2023-11-09&type=Violence+against+civilians"
    histogram = get(client, asked)["histogram"]
    assert histogram["counts"] == [1, 0, 0, 0, 0, 0, 0]
    assert (histogram["surely"], histogram["possibly"]) == ([0] * 7, [1] * 7)


def test_charts_add_up_to_the_view(client: FlaskClient) -> None:
    asked = f"{PLACED}&datetime=2023-01-01/2023-12-31&undated=exclude"
    view, charts = get(client, f"/map/view?zoom=2&{asked}"), get(client, f"/map/charts?{asked}")
    assert charts["matched"] == view["matched"] == sum(place["count"] for place in charts["places"])
    by_type = charts["histogram"]["by_type"]
    assert [sum(counts) for counts in zip(*by_type.values(), strict=True)] == charts["histogram"]["counts"]
    assert charts["places"][0] | {"lon": 0, "lat": 0} == {
        "name": "Kherson", "admin1": "Kherson Oblast", "country": "UA", "lon": 0, "lat": 0, "count": 3,
    }  # fmt: skip
    assert {"name": "Example Wire", "count": 1} in charts["sources"]


def test_the_cells_of_a_heat_map_hold_every_event(client: FlaskClient) -> None:
    grid = get(client, f"/map/grid?zoom=4&{PLACED}")
    assert sum(grid["count"]) == SHOWN
    assert len(grid["lon"]) == len(grid["lat"]) == len(grid["count"])
    assert grid["cell_px"] > 0
    assert get(client, f"/map/grid?zoom=4&{PLACED}&q=nothing+has+these")["count"] == []


def test_a_view_is_described_and_can_be_cited(client: FlaskClient) -> None:
    asked = "type=Battles&q=trench&bbox=22,44,40.3,52.5&unplaced=exclude&unit=week&zoom=6"
    told = get(client, f"/map/describe?{asked}")
    cited = told["citation"]
    assert told["sentence"].startswith("1 event in this view: Battles")
    assert cited["link"] == "http://localhost/?bbox=22,44,40.3,52.5&type=Battles&q=trench&unit=week"
    assert cited["version"] == get(client, "/map/view?zoom=2")["version"]
    for part in ("link", "version"):
        assert cited[part] in cited["text"]
    assert "trench" in cited["filters"]
    linked = get(client, f"/map/describe?{asked}&map=6/48/32")["citation"]["link"]
    assert "bbox" not in linked
    assert "map=6/48/32" in linked


def test_a_description_holds_for_the_day(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date as real

    from mapping.views import figures

    class Tomorrow(real):
        @classmethod
        def today(cls) -> real:
            return real(2031, 1, 2)

    first = client.get("/map/describe")
    assert client.get("/map/describe", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    monkeypatch.setattr(figures, "date", Tomorrow)
    later = client.get("/map/describe", headers={"If-None-Match": first.headers["ETag"]})
    assert later.json["citation"]["accessed"] == "2031-01-02"


def test_credits_name_publishers_and_the_map(client: FlaskClient) -> None:
    assert "Example Wire" in get(client, "/map/describe")["citation"]["credits"]
    assert get(client, "/map/describe?type=Battles")["citation"]["credits"] == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("field=source", "Example Wire"),
        ("field=source&q=exam", "Example Wire"),
        ("field=actor&q=unk", "Unknown group"),
        ("field=country", "UA"),
        ("field=admin1&country=ua&q=kher", "Kherson Oblast"),
    ],
)
def test_names_to_choose_from(client: FlaskClient, asked: str, expected: str) -> None:
    names = get(client, f"/map/names?{asked}")["names"]
    assert expected in [item["name"] for item in names]
    assert all(item["count"] > 0 for item in names)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/map/charts?unit=hour", "day, week, month, year"),
        ("/map/charts?axis=yesterday", "axis"),
        ("/map/view?axis=2023-02-01/2023-01-01", "ends before it starts"),
        ("/map/view?axis=0001-01-01/9999-12-31&unit=day", "too many bins"),
        ("/map/view?zoom=31", "a number from 0 to 30"),
        ("/map/grid?zoom=99", "a number from 0 to 30"),
        ("/map/grid?bbox=1,2", "west,south,east,north"),
        ("/map/describe?type=none", "accepted: "),
        ("/map/names", "source, actor"),
        ("/map/names?field=title", "source, actor"),
        ("/map/names?field=actor&q=" + "x" * 101, "at most 100"),
        ("/map/names?field=admin1", "country"),
        ("/map/charts?near=1,2", "near"),
        ("/map/charts?country=Ukraine", "ISO 3166-1"),
    ],
)
def test_bad_questions_say_what_is_accepted(client: FlaskClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_a_search_is_done_once_for_all_windows_of_the_brush(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = type(seeded.store).rows_matching
    monkeypatch.setattr(
        type(seeded.store), "rows_matching", lambda store, query: asked.append(query) or real(store, query)
    )
    asking = Asking(seeded)
    for day in range(10, 15):
        query = EventQuery.from_params({"q": ["Kherson"], "datetime": [f"2023-11-{day}"]})
        assert asking.now().view(query, 3).matched >= asking.now().count(EventQuery.from_params({"q": ["nothing"]}))
    assert len(asked) == 2
    seeded.store.set_status(["blast"], seeded.store.get("capture").status)
    asking.now().view(EventQuery.from_params({"q": ["Kherson"]}), 3)
    assert len(asked) == 3


def test_events_shown_before_are_not_read_again(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(seeded).now()
    rows = asking.page(EventQuery(), 5, 0)[1]
    first = orjson.loads(orjson.dumps(asking.briefs(rows)))
    monkeypatch.setattr(type(seeded.store), "get_rows", lambda store, rows: pytest.fail("read again"))
    assert orjson.loads(orjson.dumps(asking.briefs(rows[::-1]))) == first[::-1]
