"""Vector tiles: every placed event is in one tile of each zoom, as another program decodes them; their documents."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.answers import TileAt
from geodata.index import ColumnIndex, tiling
from geodata.model import Event, Place, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.workspace import open_workspace
from mapping.describing import others
from mapping.tiles.events import tile_bytes
from mapping.tiles.mvt import Layer
from tests.columns import columns_of
from tests.mapping.api.served import KEPT, filled

mapbox_vector_tile = pytest.importorskip("mapbox_vector_tile", reason="mapbox-vector-tile is not installed")
PLACED = [event for event in KEPT if event.place]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    workspace = filled(tmp_path_factory.mktemp("tiles"))
    yield create_app(workspace=workspace).test_client()
    workspace.close()


def features(data: bytes) -> list[dict[str, object]]:
    layers = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True}) if data else {}
    found: list[dict[str, object]] = layers.get("events", {}).get("features", [])
    return found


@pytest.mark.parametrize("zoom", [0, 1, 3, 6])
@pytest.mark.parametrize("params", ["", "type=Riots", "bbox=170,-20,-170,-10", "filter=fatalities_best > 3"])
def test_every_placed_event_is_in_one_tile(client: FlaskClient, zoom: int, params: str) -> None:
    ids: Counter[object] = Counter()
    asked = EventQuery.from_params({name: [value] for name, _, value in [params.partition("=")] if name})
    size = 2**zoom
    middle = {(int((e.place.lon / 360 + 0.5) * size), y) for e in PLACED if e.place for y in range(size)}
    for x, y in middle:
        answer = client.get(f"/tiles/{zoom}/{x}/{y}.mvt?{params}")
        assert answer.status_code == (200 if answer.data else 204)
        ids.update(each["properties"]["id"] for each in features(answer.data))  # type: ignore[index]
    assert ids == Counter(event.event_id for event in PLACED if asked.matches(event))


def test_an_event_has_its_place_and_properties(client: FlaskClient) -> None:
    answer = client.get("/tiles/0/0/0.mvt")
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    found = {each["properties"]["id"]: each for each in features(answer.data)}  # type: ignore[index]
    assert found["e003"]["properties"] == {
        "id": "e003", "event_type": "Battles", "sub_event_type": "Armed clash", "start": "2022-03-04",
        "end": "2022-03-04", "precision": "exact", "status": "draft", "count": 1,
    }  # fmt: skip
    assert {"start", "end", "sub_event_type"}.isdisjoint(found["undated"]["properties"])
    assert found["e009"]["properties"]["end"] == "2022-03-28"
    # a tile is 4,096 units wide; y grows downwards
    geometry = found["e003"]["geometry"]
    assert geometry["type"] == "Point"
    x, y = geometry["coordinates"]
    assert x == pytest.approx((30.3 / 360 + 0.5) * 4096, abs=1)
    assert y == pytest.approx(share(48) * 4096, abs=1)
    assert "theirs" not in found


def test_a_tile_is_checked_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/tiles/0/0/0.mvt", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    again = client.get("/tiles/0/0/0.mvt", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_both_routes_give_the_same_tile(client: FlaskClient) -> None:
    one = client.get("/tiles/6/37/22.mvt")
    other = client.get("/collections/events/tiles/WebMercatorQuad/6/22/37?f=mvt")
    assert one.status_code == 200
    assert one.data == other.data


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/tiles/1/2/0.mvt", 404, "no tile 1/2/0"),
        ("/tiles/23/0/0.mvt", 404, "zoom 0 to 22"),
        ("/tiles/-1/0/0.mvt", 400, "'-1' is no number of a tile"),
        ("/tiles/0/a/0.mvt", 400, "'a' is no number of a tile"),
        ("/tiles/0/0/0.mvt?colour=red", 400, "parameter 'colour' is unknown"),
        ("/collections/events/tiles/WebMercatorQuad/0/0/0?f=png", 400, "f 'png' is unknown here; accepted: mvt"),
    ],
)
def test_what_is_no_tile_is_said(client: FlaskClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert words in json.loads(answer.data)["detail"]


def test_the_documents_lead_to_the_tiles(client: FlaskClient) -> None:
    (tileset,) = json.loads(client.get("/collections/events/tiles?f=json").data)["tilesets"]
    (template,) = (each["href"] for each in tileset["links"] if each["rel"] == "item")
    path = template.replace("{tileMatrix}", "0").replace("{tileRow}", "0").replace("{tileCol}", "0")
    assert client.get(path).status_code == 200
    (scheme,) = (each["href"] for each in tileset["links"] if each["rel"].endswith("/tiling-scheme"))
    matrices = json.loads(client.get(scheme).data)["tileMatrices"]
    assert [matrices[2][name] for name in ("id", "matrixWidth", "tileWidth")] == ["2", 4, 256]
    assert matrices[1]["scaleDenominator"] == pytest.approx(279541132.014358)
    whole = json.loads(client.get("/collections/events/tiles/WebMercatorQuad").data)
    assert whole["layers"][0]["id"] == "events"


def test_tilejson_keeps_the_filters(client: FlaskClient) -> None:
    found = json.loads(client.get("/tiles.json?type=Riots").data)
    assert found["tiles"] == ["http://localhost/tiles/{z}/{x}/{y}.mvt?type=Riots"]
    assert found["vector_layers"][0]["id"] == "events"
    assert found["bounds"][0] == -172.1


def test_tiles_name_whom_to_credit(tmp_path: Path) -> None:
    """With the terms of each source; of many the rest is counted, and no name of theirs becomes mark-up in a page."""
    workspace = open_workspace(Settings(data=tmp_path))
    terms = {"licence": "CC BY 4.0.", "attribution": "Example Data"}
    named = [("Wire <b>", terms, ()), ("Wire <b>", terms, ()), ("", {}, ()), ("Kept", terms, ("restricted",))]
    named += [(f"Paper {n}", {}, ()) for n in range(9)]
    workspace.store.save(
        Event(
            str(n), "Riots", place=Place("x", n, n), tags=tags, properties=properties, sources=(Source(publisher=name),)
        )
        for n, (name, properties, tags) in enumerate(named)
    )
    client = create_app(workspace=workspace).test_client()
    credit = json.loads(client.get("/collections/events/tiles/WebMercatorQuad").data)["attribution"]
    assert credit.startswith("Events: Wire <b> (Example Data. CC BY 4.0); ")
    assert credit.endswith("; and 3 others")
    assert "Kept" not in credit
    assert json.loads(client.get("/tiles.json").data)["attribution"].startswith("Events: Wire &lt;b&gt; (Example Data")
    filtered = json.loads(client.get("/tiles.json?source=Paper+1&source=").data)
    assert filtered["attribution"] == "Events: Paper 1"
    assert "attribution" not in json.loads(client.get("/tiles.json?type=Battles").data)
    assert json.loads(client.get("/collections/events").data)["attribution"] == credit
    assert "Wire &lt;b&gt;" in client.get("/collections/events/tiles?f=html").text
    workspace.close()


@pytest.mark.parametrize(
    ("rest", "known", "said"),
    [(0, 3, ()), (1, 9, ("and 1 other",)), (2, 9, ("and 2 others",)), (12, 20, ("and 12 or more others",))],
)
def test_sources_that_are_not_named_are_counted(rest: int, known: int, said: tuple[str, ...]) -> None:
    assert others(rest, dict.fromkeys(map(str, range(known)), 1)) == said


def share(lat: float) -> float:
    """How far down the Web Mercator square a latitude is, 0 to 1."""
    return 0.5 - math.atanh(math.sin(math.radians(lat))) / (2 * math.pi)


def many(count: int) -> ColumnIndex:
    """So many events in one square degree, some at one and the same spot, of two types."""
    when = TimeSpan.day(date(2022, 3, 1))
    events = [
        Event(f"e{n:05}", "Battles" if n % 3 else "Riots", when=when, status=Status.DRAFT,
              place=Place("x", 30 + (n % 97) / 97, 48 + (n % 89) / 89) if n % 4 else Place("y", 30.5, 48.5))
        for n in range(count)
    ]  # fmt: skip
    return ColumnIndex.build(columns_of(events))


@pytest.mark.parametrize("zoom", [0, 5, 12, 20])
def test_too_many_are_counted_and_none_is_lost(monkeypatch: pytest.MonkeyPatch, zoom: int) -> None:
    monkeypatch.setattr(tiling, "MOST_SINGLE", 500)
    monkeypatch.setattr(tiling, "MOST_FEATURES", 300)
    index, size = many(4_000), 2**zoom
    x, y = int((30.5 / 360 + 0.5) * size), int(share(48.5) * size)
    rows = index.tile(EventQuery(), TileAt(zoom, x, y))
    found = features(tile_bytes(rows, [f"e{row}" for row in rows.rows.tolist()]))
    assert sum(each["properties"]["count"] for each in found) == rows.total  # type: ignore[index]
    assert rows.total >= 1_000
    assert len(found) <= 300
    types = Counter[object]()
    for each in found:
        types[each["properties"]["event_type"]] += each["properties"]["count"]  # type: ignore[index]
    assert set(types) == {"Battles", "Riots"}


def test_a_full_tile_is_not_large() -> None:
    index = many(20_000)
    rows = index.tile(EventQuery(), TileAt(5, 18, 11))
    data = tile_bytes(rows, ["0123456789abcdef"] * len(rows.rows))
    assert rows.total > 15_000
    assert len(data) < 500_000


@pytest.mark.parametrize("km", [1, 50, 500])
def test_rounded_positions_are_those_of_other_ways_out(km: int) -> None:
    from geodata.allowed import generalised

    index = ColumnIndex.build(columns_of(PLACED))
    rows = index.tile(EventQuery(), TileAt(0, 0, 0), generalise_km=km)
    assert rows.total == len(PLACED)
    places = [moved.place for event in PLACED if (moved := generalised(event, km)).place]
    widths = sorted(int((place.lon / 360 + 0.5) * 4096) for place in places if place and place.radius_m <= km * 1000)
    assert set(widths) <= set(rows.x.tolist())


def test_a_layer_without_features_is_no_bytes() -> None:
    assert bytes(Layer("events")) == b""


@pytest.mark.parametrize("value", ["text", "", "ę" * 200, 0, 1, 127, 128, 2**40, 0.5])
def test_values_are_read_as_they_were_written(value: str | int | float) -> None:
    layer = Layer("events")
    layer.add([1, 4095], [0, 300], [7, 2**33], {"key": ([value], [0, 0])})
    found = features(bytes(layer))
    assert [each["properties"] for each in found] == [{"key": value}] * 2
    assert [each["id"] for each in found] == [7, 2**33]
    assert [each["geometry"]["coordinates"] for each in found] == [[1, 0], [4095, 300]]  # type: ignore[index]
