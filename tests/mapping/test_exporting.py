"""The export dialog's question, and files by address: every format, what stays here, circles, rounded positions."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.export import EXPORTERS
from geodata.model import Event, Place, Precision, Source
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.workspace import open_workspace

EVENTS = [
    Event(
        "open",
        "Battles",
        title="Clash in Bakhmut",
        when=TimeSpan.day(date(2022, 11, 1)),
        place=Place("Bakhmut", 38.0023, 48.5953, Precision.NEAR, "UA", "Donetsk", radius_m=2000),
        sources=(Source("https://example.org/1", publisher="Example Wire"),),
        properties={"licence": "CC BY 4.0", "attribution": "Example Data"},
    ),
    Event("nowhere", "Riots", title="A riot", when=TimeSpan.day(date(2022, 11, 2))),
    Event("never", "Riots", title="Another", place=Place("Kyiv", 30.52, 50.45)),
]
EVENTS.append(replace(EVENTS[0], event_id="kept back", title="Not to be passed on", tags=("restricted",)))
ITEMS = "/collections/events/items"


def client_of(folder: Path, **given: object) -> FlaskClient:
    workspace = open_workspace(Settings(data=folder, **given))  # type: ignore[arg-type]
    if not workspace.store.version().endswith("-1"):
        workspace.store.save(EVENTS)
    return create_app(workspace=workspace).test_client()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of(tmp_path_factory.mktemp("exporting"))


def test_the_dialog_is_told_what_leaves_and_what_does_not(client: FlaskClient) -> None:
    told = client.get("/map/export").get_json()
    assert (told["events"], told["undated"], told["unplaced"]) == (3, 1, 1)
    assert told["left_out"] == ["1 event whose source's terms do not allow passing on"]
    names = [each["name"] for each in told["formats"]]
    assert names[: len(EXPORTERS)] == list(EXPORTERS)
    assert "onefile" in names
    narrow = client.get("/map/export?unplaced=exclude&type=Riots").get_json()
    assert (narrow["events"], narrow["unplaced"]) == (1, 0)
    assert narrow["whole"] == {"events": 2, "undated": 1, "unplaced": 1}, "with those of the trays"


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_has_an_address(client: FlaskClient, name: str) -> None:
    answer = client.get(f"{ITEMS}?f={name}&download=1")
    assert answer.status_code == 200
    assert answer.content_type.partition(";")[0] == EXPORTERS[name].media_type.partition(";")[0]
    assert f'{EXPORTERS[name].suffix}"' in answer.headers["Content-Disposition"]
    assert b"Not to be passed on" not in answer.data
    assert answer.data


def test_a_file_carries_its_credits_and_what_it_lacks(client: FlaskClient) -> None:
    found = json.loads(client.get(f"{ITEMS}?download=1").data)
    cited = {"source": "Example Wire", "licence": "CC BY 4.0", "attribution": "Example Data", "cited": 1}
    assert cited in found["credits"]
    assert found["left_out"] == ["1 event whose source's terms do not allow passing on"]


def test_places_can_be_circles(client: FlaskClient) -> None:
    found = json.loads(client.get(f"{ITEMS}?download=1&areas=circle").data)
    (area,) = [each["geometry"] for each in found["features"] if each["id"] == "open"]
    assert area["type"] == "Polygon"
    assert client.get(f"{ITEMS}?areas=square").status_code == 400


def test_positions_can_be_rounded_and_never_less_than_the_site_says(tmp_path: Path, client: FlaskClient) -> None:
    def place(of: FlaskClient, params: str) -> dict[str, object]:
        found = json.loads(of.get(f"{ITEMS}?f=geojson&download=1{params}").data)
        (event,) = [each for each in found["features"] if each["id"] == "open"]
        return {**event["properties"], "lon": event["geometry"]["coordinates"][0]}

    assert place(client, "")["lon"] == 38.0023
    rounded = place(client, "&generalise=50")
    assert (rounded["place"], rounded["radius_m"]) == ("Donetsk", 50_000)
    assert rounded["lon"] != 38.0023
    careful = client_of(tmp_path, generalise_km=25, export_restricted=True)
    assert place(careful, "&generalise=5")["radius_m"] == 25_000
    assert careful.get("/map/export").get_json()["events"] == 4


def test_a_workbook_is_one(client: FlaskClient) -> None:
    import python_calamine

    book = python_calamine.load_workbook(io.BytesIO(client.get(f"{ITEMS}?f=excel&type=Battles").data))
    assert book.get_sheet_by_name("Events").to_python()[1][0] == "open"
