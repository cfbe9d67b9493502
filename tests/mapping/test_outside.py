"""What frames and previews show where positions are rounded: the cell, the area, and no words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.allowed import generalised
from geodata.model import Event, Place, Precision
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.workspace import open_workspace

KM = 50
SPOT = Place("Bakhmut", 38.0023, 48.5953, Precision.EXACT, "UA", "Donetsk", "Bakhmut Raion")
CLASH = Event("e1", "Battles", "Armed clash", "Clash in Bakhmut", TimeSpan.day(date(2022, 3, 1)), SPOT)
SECOND = replace(CLASH, event_id="e2", event_type="Riots", sub_event_type="", place=replace(SPOT, lon=30.1))
REGION = replace(
    CLASH, event_id="e3", place=Place("Donetsk", 37.8, 48.0, Precision.ADMIN1, "UA", "Donetsk", radius_m=90_000)
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    workspace = open_workspace(Settings(data=tmp_path_factory.mktemp("outside"), generalise_km=KM))
    workspace.store.save([CLASH, SECOND, REGION, Event("nowhere", "Riots")])
    yield create_app(workspace=workspace).test_client()
    workspace.close()


def view(client: FlaskClient, params: str) -> dict[str, object]:
    answer = client.get(f"/embed/view?{params}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = json.loads(answer.data)
    return found


def test_a_frame_shows_cells_and_areas(client: FlaskClient) -> None:
    found = view(client, "zoom=9&unplaced=exclude")
    assert "Bakhmut" not in json.dumps(found).replace("Bakhmut Raion", "")
    told = {each["id"]: each for each in found["events"]}  # type: ignore[attr-defined]
    cell = generalised(CLASH, KM).place
    assert cell
    assert (told["e1"]["lon"], told["e1"]["lat"], told["e1"]["radius_m"]) == (cell.lon, cell.lat, KM * 1000)
    assert (told["e1"]["title"], told["e1"]["precision"]) == ("Armed clash: Bakhmut Raion", "near")
    assert "samples" not in found
    page = client.get("/map/view?zoom=9&unplaced=exclude").text
    assert "Clash in Bakhmut" in page, "the page itself is the editor's"


@pytest.mark.parametrize(
    ("asked", "exact", "middle"),
    [
        ("bbox={w},{s},{e},{n}&unplaced=exclude", 0, 1),
        ("near={x},{y},1", 0, 1),
        ("precision=exact&unplaced=exclude", 0, 0),
    ],
)
def test_no_question_of_a_frame_finds_out_an_exact_position(
    client: FlaskClient, asked: str, exact: int, middle: int
) -> None:
    cell = generalised(CLASH, KM).place
    assert cell
    for place, number in ((SPOT, exact), (cell, middle)):
        x, y = place.lon, place.lat
        query = asked.format(w=x - 0.01, s=y - 0.01, e=x + 0.01, n=y + 0.01, x=x, y=y)
        assert view(client, f"zoom=9&{query}")["matched"] == number


@pytest.mark.parametrize(
    ("query", "matched"),
    [("country=UA", 3), ("type=Riots", 2), ("filter=country='UA'", 3), ("datetime=2022-03&undated=exclude", 3)],
)
def test_other_filters_hold(client: FlaskClient, query: str, matched: int) -> None:
    assert view(client, f"zoom=3&{query}")["matched"] == matched


def test_a_frame_and_a_preview_lead_nobody_to_the_spot(client: FlaskClient) -> None:
    page = client.get("/embed").text
    assert 'id="full"' not in page
    assert "38.0023" not in page
    assert "30.1" not in page
    one, other = client.get("/preview.png?q=Bakhmut"), client.get("/preview.png")
    assert one.status_code == other.status_code == 200
    assert one.data == other.data, "a picture for words would tell what they find"


def test_without_rounding_frames_are_as_the_page(tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path))
    workspace.store.save([CLASH])
    client = create_app(workspace=workspace).test_client()
    page = json.loads(client.get("/map/view?zoom=4&q=Bakhmut").data)
    assert {**view(client, "zoom=4&q=Bakhmut"), "samples": page["samples"]} == page
    workspace.close()
