"""The API as its clients find it: GDAL's OAPIF driver, OWSLib, and schemathesis over its own definition."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from app import create_app
from geodata.query import EventQuery
from tests.mapping.api.served import KEPT, filled, served

pyogrio = pytest.importorskip("pyogrio", reason="pyogrio is not installed")
if "OAPIF" not in pyogrio.list_drivers():
    pytest.skip("this GDAL has no OAPIF driver", allow_module_level=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clients")
    filled(folder).close()
    with served(folder) as found:
        yield found


def expected(**params: str) -> set[str]:
    asked = EventQuery.from_params({name: [value] for name, value in params.items()})
    return {event.event_id for event in KEPT if asked.matches(event)}


def read(address: str, **options: object) -> "set[str]":
    """What GDAL reads of the collection, by its driver for OGC API - Features."""
    table = pyogrio.raw.read(f"OAPIF:{address}/collections/events", **options)
    fields, columns = table[0]["fields"].tolist(), table[3]
    return set(columns[fields.index("id")].tolist())


def test_gdal_reads_every_page(address: str) -> None:
    assert read(address, PAGE_SIZE="50") == {event.event_id for event in KEPT}
    assert read(address) == {event.event_id for event in KEPT}


def test_gdal_asks_for_a_box(address: str) -> None:
    found = read(address, bbox=(30, 48, 30.55, 48.25))
    # bbox also returns what has no place, as the standard says; GDAL itself leaves it out
    assert found == expected(bbox="30,48,30.55,48.25", unplaced="exclude")


def test_gdal_asks_for_days(address: str) -> None:
    found = read(address, DATETIME="2022-03-05/2022-03-07")
    assert found == expected(datetime="2022-03-05/2022-03-07")


def test_gdal_asks_by_a_filter(address: str) -> None:
    assert read(address, where="event_type = 'Riots'") == expected(type="Riots")


def test_owslib_walks_the_api(address: str) -> None:
    features = pytest.importorskip("owslib.ogcapi.features", reason="OWSLib is not installed")
    api = features.Features(address)
    assert api.conformance()["conformsTo"]
    assert api.feature_collections() == ["events"]
    assert api.api()["openapi"].startswith("3.0")
    assert api.collection("events")["extent"]["temporal"]["interval"][0][0] == "2022-03-01T00:00:00Z"
    page = api.collection_items("events", limit=7, bbox=[30, 48, 31, 49], datetime_="2022-03-01/2022-03-09")
    assert page["numberReturned"] == 7
    assert page["numberMatched"] == len(expected(bbox="30,48,31,49", datetime="2022-03-01/2022-03-09"))
    found = api.collection_items("events", filter="event_type = 'Riots' AND fatalities_best > 3", limit=1000)
    assert {each["id"] for each in found["features"]} == {
        event.event_id for event in KEPT
        if event.event_type == "Riots" and event.fatalities and (event.fatalities.best or 0) > 3
    }  # fmt: skip
    assert api.collection_item("events", "e003")["properties"]["title"] == "Event 3"
    assert "fatalities_best" in api.collection_queryables("events")["properties"]


def test_restricted_events_stay_here(address: str, tmp_path: Path) -> None:
    def answer(path: str) -> bytes:
        with urlopen(Request(f"{address}{path}")) as found:
            return bytes(found.read())

    assert json.loads(answer("/collections/events/items?bbox=179,-18,180,-16&unplaced=exclude"))["numberMatched"] == 1
    workspace = filled(tmp_path, export_restricted=True)
    found = create_app(workspace=workspace).test_client().get("/collections/events/items?bbox=179,-18,180,-16")
    assert "theirs" in found.text
    workspace.close()
