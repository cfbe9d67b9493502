"""The OGC API over a real store: what it answers, how it pages, and how it says no."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from geodata.errors import StoreBusy
from geodata.model import Event, Place, Precision, Source, Span, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.tokens import Scope
from geodata.workspace import DatelineWorkspace, open_workspace
from mapping.views.ogc import file_name, landing_document, ogc_blueprint, problem

ITEMS = "/collections/events/items"
NASTY = "</script><script>alert(1)</script> ${1+1}"


def event(number: int, **more: object) -> Event:
    given: dict[str, object] = {
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "title": f"Clash {number}",
        "when": TimeSpan.day(date(2022, 3, 1 + number % 28)),
        "place": Place("Bakhmut", 30 + number / 10, 48, country="UA"),
        "sources": (Source("https://example.org/1", "A story"),),
    }
    return Event(f"e{number:03}", **{**given, **more})  # type: ignore[arg-type]


EVENTS = (
    *(event(number) for number in range(25)),
    event(100, when=None, title=NASTY),
    event(101, place=None, event_type="Riots", sub_event_type="Mob violence"),
    event(102, place=Place("Fiji", 179.5, -17, Precision.REGION), event_type="Disaster", sub_event_type=""),
    event(103, status=Status.REJECTED),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatelineWorkspace]:
    opened = open_workspace(Settings(data=tmp_path_factory.mktemp("ogc")))
    opened.store.save(EVENTS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(workspace: DatelineWorkspace) -> FlaskClient:
    app = Flask("ogc", root_path=str(Path(__file__).parent))
    app.register_blueprint(ogc_blueprint(workspace))
    return app.test_client()


def ids(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in json.loads(answer.data)["features"]]


def test_items_are_geojson_and_say_how_many(client: FlaskClient) -> None:
    answer = client.get(ITEMS)
    found = json.loads(answer.data)
    assert answer.mimetype == "application/geo+json"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert (found["numberMatched"], found["numberReturned"], len(found["features"])) == (28, 28, 28)
    assert found["timeStamp"].endswith("Z")
    assert found["bbox"] == [30, -17, 179.5, 48]
    assert "next" not in {each["rel"] for each in found["links"]}
    assert b"</script>" not in answer.data


def test_next_links_lead_through_every_event_once(client: FlaskClient) -> None:
    address, seen, pages = f"{ITEMS}?limit=10&type=Battles&undated=exclude", [], 0
    while address:
        found = json.loads(client.get(address).data)
        seen += [feature["id"] for feature in found["features"]]
        address = next((each["href"] for each in found["links"] if each["rel"] == "next"), "")
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 25


QUERIES = [
    "",
    "type=Riots",
    "type=Riots,Disaster",
    "type=Riots&type=Disaster",
    "sub_type=Armed%20clash",
    "datetime=2022-03-05",
    "datetime=2022-03-05/2022-03-10&undated=exclude",
    "datetime=../2022-03-02",
    "bbox=30,47,30.5,49",
    "bbox=30,47,30.5,49&unplaced=exclude",
    "bbox=179,-20,-179,-10&unplaced=exclude",
    "unplaced=only",
    "undated=only",
    "status=rejected",
    "status=draft,rejected",
    "precision=exact",
    "q=clash",
]


@pytest.mark.parametrize("query", QUERIES)
def test_filters_answer_as_the_query_itself_does(client: FlaskClient, query: str) -> None:
    asked = EventQuery.from_params(parse_qs(query))
    assert set(ids(client, query)) == {each.event_id for each in EVENTS if asked.matches(each)}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{ITEMS}?colour=red", "parameter 'colour' is unknown; accepted: bbox, datetime, type,"),
        (f"{ITEMS}?bbox=1,2,3", "bbox '1,2,3' has 3 numbers"),
        (f"{ITEMS}?bbox=1,2,3,nan", "not finite"),
        (f"{ITEMS}?bbox=0,95,1,96", "off the map"),
        (f"{ITEMS}?datetime=soon", "'soon' is not a date"),
        (f"{ITEMS}?datetime=2022-02-30", "in no calendar"),
        (f"{ITEMS}?type=Picnics", "type 'Picnics' is unknown; accepted: Battles"),
        (f"{ITEMS}?limit=0", "limit '0' is not accepted"),
        (f"{ITEMS}?limit=-1", "limit '-1' is not accepted"),
        (f"{ITEMS}?limit=ten", "limit 'ten'"),
        (f"{ITEMS}?offset=x", "offset 'x'"),
        (f"{ITEMS}?f=pdf", "f 'pdf' is unknown here; accepted: json, html, geojson, csv"),
        (f"{ITEMS}?precision=metres", "precision 'metres' is unknown"),
        (f"{ITEMS}?status=perhaps", "status 'perhaps' is unknown"),
        (f"{ITEMS}?undated=maybe", "undated 'maybe' is unknown"),
        ("/collections?q=x", "parameter 'q' is unknown; accepted: f"),
        ("/conformance?f=xml", "f 'xml' is unknown here"),
    ],
)
def test_bad_parameters_are_named_with_what_is_accepted(client: FlaskClient, address: str, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert words in json.loads(answer.data)["detail"]


def test_a_limit_above_the_maximum_is_clamped(client: FlaskClient) -> None:
    assert len(ids(client, "limit=99999999")) == 28


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/geo+json"),
        ("application/geo+json, application/json;q=0.5", "application/geo+json"),
        ("text/html,*/*;q=0.8", "text/html"),
        ("text/csv", "text/csv"),
        ("image/gif", "application/geo+json"),
    ],
)
def test_the_accept_header_says_the_form(client: FlaskClient, accept: str, kind: str) -> None:
    assert client.get(f"{ITEMS}?limit=1", headers={"Accept": accept}).mimetype == kind


def test_one_event(client: FlaskClient) -> None:
    found = json.loads(client.get(f"{ITEMS}/e003").data)
    assert (found["type"], found["id"], found["properties"]["title"]) == ("Feature", "e003", "Clash 3")
    assert {each["rel"] for each in found["links"]} == {"self", "alternate", "collection", "describedby"}


@pytest.mark.parametrize("event_id", ["nothing", "%00", "a/b/c", "..%2f..%2fetc"])
def test_an_event_that_is_not_there(client: FlaskClient, event_id: str) -> None:
    answer = client.get(f"{ITEMS}/{event_id}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/collections/stories", "no collection 'stories'; accepted: events"),
        ("/collections/stories/items", "no collection 'stories'; accepted: events"),
        ("/collections/events/features", "no 'features'; accepted: items, schema, queryables, tiles"),
        ("/collections/events/tiles/Other/0/0/0", "no 'tiles/Other/0/0/0'"),
    ],
)
def test_what_is_no_collection_is_said(client: FlaskClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert words in json.loads(answer.data)["detail"]


def test_a_busy_store_says_when_to_come_again(client: FlaskClient) -> None:
    with client.application.app_context():
        answer = problem(StoreBusy("another process writes"))
    assert (answer.status_code, answer.headers["Retry-After"], answer.get_json()["title"]) == (503, "5", "Busy")


def test_csv(client: FlaskClient) -> None:
    answer = client.get(f"{ITEMS}?f=csv&type=Battles&undated=exclude")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 25
    assert {row["place"] for row in rows} == {"Bakhmut"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "events.geojson"),
        ("type=Battles&datetime=2022-03/..", "events-battles-2022-03-01_open.geojson"),
        ("type=Explosions/Remote%20violence&f=csv", "events-explosions-remote-violence.csv"),
        ("bbox=22.1,44,40,52&unplaced=exclude", "events-bbox_22.1_44_40_52-exclude-unplaced.geojson"),
        ("q=%22%0d%0aX-Evil:%201", "events-x-evil-1.geojson"),
    ],
)
def test_a_download_has_a_name_that_says_the_filters(client: FlaskClient, query: str, name: str) -> None:
    answer = client.get(f"{ITEMS}?download=1&{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_download_is_all_of_it(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping.views.ogc_items.LIMIT", 3)
    monkeypatch.setattr("mapping.views.ogc_items.MOST", 5)
    assert len(ids(client)) == 3
    assert len(ids(client, "limit=100000")) == 5
    assert len(ids(client, "download=1")) == 28
    assert len(ids(client, "download=1&limit=100000")) == 28
    assert len(ids(client, "download=1&limit=2")) == 2


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({}, "events"),
        ({"type": ["Battles,Explosions/Remote violence"]}, "events-battles_explosions-remote-violence"),
        ({"datetime": ["2022-02/.."], "q": ["mine field"]}, "events-2022-02-01_open-mine-field"),
        ({"near": ["38,48.6,25"], "country": ["UA"]}, "events-near_38_48.6_25-ua"),
        ({"polygon": ["0,0,1,0,1,1"], "fatalities": ["3"], "dates": ["surely"]}, "events-area-fatalities-3-surely"),
    ],
)
def test_a_file_name_says_the_filters(params: dict[str, list[str]], name: str) -> None:
    assert file_name(EventQuery.from_params(params)) == name


def test_a_file_name_is_never_too_long() -> None:
    assert len(file_name(EventQuery(text="x" * 200))) <= 120


def test_documents_link_to_each_other(client: FlaskClient, workspace: DatelineWorkspace) -> None:
    with client.application.test_request_context("/?f=json"):
        landing = landing_document(workspace)
    links = {each["rel"]: each["href"] for each in landing["links"]}  # type: ignore[attr-defined]
    assert links["data"] == "http://localhost/collections"
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(links[rel]).status_code == 200
    (events,) = json.loads(client.get("/collections").data)["collections"]
    assert events == json.loads(client.get("/collections/events").data)
    assert events["extent"]["spatial"]["bbox"] == [[30, -17, 179.5, 48]]
    assert events["extent"]["temporal"]["interval"] == [["2022-03-01T00:00:00Z", "2022-03-25T23:59:59Z"]]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson" in client.get("/conformance").text


def test_the_definition_names_every_parameter_that_items_takes(client: FlaskClient) -> None:
    definition = json.loads(client.get("/api").data)
    named = {each["name"] for each in definition["paths"][ITEMS]["get"]["parameters"]}
    refusal = json.loads(client.get(f"{ITEMS}?colour=red").data)["detail"]
    assert named == set(refusal.split("accepted: ")[1].split(", "))


@pytest.mark.parametrize(
    ("origins", "asking", "allowed"),
    [
        ("", "https://example.org", None),
        ("*", "https://example.org", "*"),
        ("https://example.org, https://example.net", "https://example.net", "https://example.net"),
        ("https://example.org", "https://elsewhere.example", None),
        ("https://example.org", "", None),
    ],
)
def test_pages_of_other_sites_may_read_only_where_the_settings_say_so(
    tmp_path: Path, origins: str, asking: str, allowed: str | None
) -> None:
    client = create_app(Settings(data=tmp_path, cors_origins=origins)).test_client()
    answer = client.get(ITEMS, headers={"Origin": asking} if asking else {})
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "application/json"),  # OWSLib and curl
        ("", "text/html"),
        ("application/json", "application/json"),
        ("application/json, application/vnd.oai.openapi+json;version=3.0", "application/json"),
    ],
)
def test_the_root_is_a_page_for_people_and_json_for_clients(tmp_path: Path, accept: str, mimetype: str) -> None:
    client = create_app(Settings(data=tmp_path)).test_client()
    assert client.get("/", headers={"Accept": accept}).mimetype == mimetype


def test_what_can_be_said_once_is_refused_twice(client: FlaskClient) -> None:
    answer = client.get(f"{ITEMS}?limit=2&limit=3")
    assert answer.status_code == 400
    assert "'limit' is given 2 times" in json.loads(answer.data)["detail"]
    assert client.get(f"{ITEMS}?type=Battles&type=Riots").status_code == 200


def test_prev_and_next_lead_there_and_back(client: FlaskClient) -> None:
    def page(address: str) -> tuple[list[str], dict[str, str]]:
        found = json.loads(client.get(address).data)
        return [each["id"] for each in found["features"]], {each["rel"]: each["href"] for each in found["links"]}

    first, links = page(f"{ITEMS}?limit=10&undated=exclude")
    assert "prev" not in links
    second, further = page(links["next"])
    again, _ = page(further["prev"])
    assert again == first
    assert page(further["self"])[0] == second
    by_offset, _ = page(f"{ITEMS}?limit=10&undated=exclude&offset=10")
    assert by_offset == second


def test_a_cursor_survives_what_is_added_and_removed(tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path))
    workspace.store.save([event(number) for number in range(10)])
    client = create_app(workspace=workspace).test_client()
    found = json.loads(client.get(f"{ITEMS}?limit=4").data)
    following = next(each["href"] for each in found["links"] if each["rel"] == "next")
    expected = ids(client)[4:8]
    workspace.store.save([event(200, when=TimeSpan.day(date(2023, 1, 1)))])
    workspace.store.set_status([found["features"][-1]["id"]], Status.REJECTED)
    assert [each["id"] for each in json.loads(client.get(following).data)["features"]] == expected
    workspace.close()


@pytest.mark.parametrize("query", ["after=soon", "after=2022-03-05,1&before=2022-03-05,2", "after=undated,1&offset=3"])
def test_a_cursor_that_is_none_is_said(client: FlaskClient, query: str) -> None:
    assert client.get(f"{ITEMS}?{query}").status_code == 400


def test_filters_in_cql2(client: FlaskClient) -> None:
    asked = "filter=event_type = 'Riots' OR s_intersects(geometry, BBOX(179,-20,180,-10))"
    assert set(ids(client, asked)) == {"e101", "e102"}
    found = json.loads(client.get(f"{ITEMS}?limit=5&filter=title LIKE 'Clash%25'&filter-lang=cql2-text").data)
    assert found["numberMatched"] == 27
    assert any("filter=" in each["href"] for each in found["links"] if each["rel"] == "next")
    refused = client.get(f"{ITEMS}?filter=colour='red'")
    assert refused.status_code == 400
    assert "no property is named 'colour'" in json.loads(refused.data)["detail"]


PAGES = [
    "/api",
    "/conformance",
    "/collections",
    "/collections/events",
    "/collections/events/schema",
    "/collections/events/queryables",
    ITEMS,
    f"{ITEMS}/e100",
    "/collections/events/tiles",
    "/collections/events/tiles/WebMercatorQuad",
    "/tileMatrixSets",
    "/tileMatrixSets/WebMercatorQuad",
]


@pytest.fixture(scope="module")
def site(workspace: DatelineWorkspace) -> FlaskClient:
    return create_app(workspace=workspace).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_document_is_a_page_too(site: FlaskClient, path: str) -> None:
    for address, headers in ((f"{path}?f=html", {}), (path, {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})):
        answer = site.get(address, headers=headers)
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), answer.text
        assert b"<script>alert" not in answer.data
    page = site.get(f"{path}?f=html", headers={"Accept": "application/json"})
    assert page.mimetype == "text/html"
    whole = site.get(path, headers={"Accept": "*/*"})
    assert whole.mimetype.endswith("json")
    assert "Accept" in whole.headers["Vary"]
    assert site.head(path).status_code == 200
    allowed = site.options(path).headers["Allow"]
    assert {"GET", "HEAD", "OPTIONS"} <= set(allowed.split(", "))


def test_a_page_of_events_leads_on(site: FlaskClient) -> None:
    page = site.get(f"{ITEMS}?f=html&limit=10&undated=exclude").text
    assert "27 events" in page
    following, *_ = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "after=" in following
    assert 'rel="prev"' in site.get(following.replace("&amp;", "&")).text


def test_items_are_checked_by_their_tag(site: FlaskClient) -> None:
    first = site.get(f"{ITEMS}?limit=3")
    held = {"If-None-Match": first.headers["ETag"]}
    assert site.get(f"{ITEMS}?limit=3", headers=held).status_code == 304
    assert site.get(f"{ITEMS}?limit=4", headers=held).status_code == 200
    assert site.get(f"{ITEMS}?limit=3&f=csv", headers=held).status_code == 200
    one = site.get(f"{ITEMS}/e003")
    assert site.get(f"{ITEMS}/e003", headers={"If-None-Match": one.headers["ETag"]}).status_code == 304


EXACT, MIDDLE = (30.1, 48.0), (29.776952, 47.820846)
"""Where `event(1)` is, and the middle of its cell of 50 km."""


@pytest.fixture(scope="module")
def rounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site that rounds positions to 50 km, with an event under terms that do not let it be passed on."""
    workspace = open_workspace(Settings(data=tmp_path_factory.mktemp("rounded"), generalise_km=50))
    theirs = event(2, place=Place("Near by", 30.05, 48), tags=("restricted",))
    workspace.store.save([event(1), Event("nowhere", "Riots"), theirs])
    yield create_app(workspace=workspace).test_client()
    workspace.close()


@pytest.mark.parametrize("form", ["xml", "geojson", "1"])
def test_the_landing_page_says_which_forms_it_has(rounded: FlaskClient, form: str) -> None:
    answer = rounded.get(f"/?f={form}", headers={"Accept": "application/json"})
    assert (answer.status_code, "accepted: json, html" in answer.text) == (400, True)
    assert rounded.get("/?f=html", headers={"Accept": "application/json"}).mimetype == "text/html"


def around(lon: float, lat: float) -> dict[str, str]:
    """Questions for what is within a kilometre of a position, each as a filter of a view."""
    west, south, east, north = lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    shape = f"s_intersects(geometry, POLYGON(({', '.join(f'{x:.6f} {y:.6f}' for x, y in corners)})))"
    with_others = f"country LIKE '%U%' AND ({shape} OR country = 'nothing')"
    return {
        "bbox": f"bbox={west:.6f},{south:.6f},{east:.6f},{north:.6f}&unplaced=exclude",
        "near": f"near={lon:.6f},{lat:.6f},1",
        "polygon": "polygon=" + ",".join(f"{x:.6f},{y:.6f}" for x, y in corners[:-1]),
        "filter": f"filter={quote(shape)}",
        "filter with others": f"filter={quote(with_others)}",
    }


@pytest.mark.parametrize("kind", list(around(0, 0)))
def test_no_question_finds_out_an_exact_position(rounded: FlaskClient, kind: str) -> None:
    found = []
    for position in (EXACT, MIDDLE):
        query = around(*position)[kind]
        page, file = rounded.get(f"{ITEMS}?{query}"), rounded.get(f"{ITEMS}?{query}&f=csv&download=1")
        counts = [json.loads(page.data)["numberMatched"], file.text.count("e001")]
        if "filter" not in kind:
            counts.append(rounded.get(f"/feeds/events.atom?{query}").text.count("<entry"))
        found.append(set(counts))
    assert found == [{0}, {1}], "the cell's middle alone answers"


def test_what_is_told_of_all_events_is_rounded_too(rounded: FlaskClient) -> None:
    item = json.loads(rounded.get(f"{ITEMS}/e001").data)
    assert (item["properties"]["radius_m"], tuple(item["geometry"]["coordinates"])) == (50_000, MIDDLE)
    (box,) = json.loads(rounded.get("/collections/events").data)["extent"]["spatial"]["bbox"]
    assert box == pytest.approx([*MIDDLE, *MIDDLE], abs=1e-6)
    for name in ("place", "place_id", "radius_m", "title", "quote", "doc_id"):
        answer = rounded.get(f"{ITEMS}?filter={name} IS NULL")
        assert (answer.status_code, "none is told" in answer.text) == (400, True)
    changes = json.loads(rounded.get("/changes").data)
    assert changes["leftOut"] == 1
    told = {each["id"]: each["feature"]["geometry"] for each in changes["changes"]}
    assert told == {"e001": {"type": "Point", "coordinates": list(MIDDLE)}, "nowhere": None}


def test_other_grids_say_no_more(tmp_path: Path) -> None:
    """Each rounds the middle of the site's own cell: two events of one cell are together in every grid."""
    workspace = open_workspace(Settings(data=tmp_path, generalise_km=50))
    workspace.store.save([event(1), event(2, place=Place("Bakhmut", 29.5, 47.7, country="UA"))])
    client = create_app(workspace=workspace).test_client()
    for km in (*range(51, 70), 333):
        features = json.loads(client.get(f"{ITEMS}?generalise={km}").data)["features"]
        first, second = (each["geometry"]["coordinates"] for each in features)
        assert first == second != list(MIDDLE)
    workspace.close()


def test_a_tag_is_of_what_is_told(tmp_path: Path) -> None:
    """Or all positions of a cell could be tried until their tag is that of the event."""
    workspace = open_workspace(Settings(data=tmp_path, generalise_km=50))
    token = workspace.store.tokens.add("desk", Scope.REVIEW)
    client, tags = create_app(workspace=workspace).test_client(), []
    for lon in (30.1, 30.05):
        workspace.store.save([event(1, place=Place("Bakhmut", lon, 48, country="UA"))])
        tags.append(client.get(f"{ITEMS}/e001").headers["ETag"])
    assert tags[0] == tags[1]
    asked = {"Authorization": f"Bearer {token}", "If-Match": tags[0]}
    refused = client.patch(f"{ITEMS}/e001", json={"properties": {"title": "New"}}, headers=asked)
    assert refused.status_code == 412, "what others are told has no tag of the whole event"
    mine = client.get(f"{ITEMS}/e001", headers={"Authorization": f"Bearer {token}"})
    assert mine.headers["ETag"] == refused.headers["ETag"]
    asked["If-Match"] = mine.headers["ETag"]
    patch = client.patch(f"{ITEMS}/e001", json={"properties": {"title": "New"}}, headers=asked)
    assert (patch.status_code, json.loads(patch.data)["geometry"]["coordinates"]) == (200, [30.05, 48])
    assert client.delete(f"{ITEMS}/e001", headers=asked).status_code == 412
    workspace.close()


@pytest.mark.parametrize(("scope", "sees"), [(Scope.READ, False), (Scope.WRITE, True), (Scope.REVIEW, True)])
def test_who_may_edit_is_told_all(tmp_path: Path, scope: Scope, sees: bool) -> None:
    """A program that reads an event, changes it and puts it back would else lose what is kept from others."""
    workspace = open_workspace(Settings(data=tmp_path, generalise_km=50))
    workspace.store.save([event(1), event(2, tags=("restricted",))])
    client = create_app(workspace=workspace).test_client()
    asked = {"Authorization": f"Bearer {workspace.store.tokens.add('desk', scope)}"}
    answer = client.get(ITEMS, headers=asked)
    found = {each["id"]: each["properties"]["title"] for each in json.loads(answer.data)["features"]}
    assert found == ({"e002": "Clash 2", "e001": "Clash 1"} if sees else {"e001": "Armed clash"})
    assert "Authorization" in answer.headers["Vary"]
    held = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(ITEMS, headers=held).status_code == (200 if sees else 304), "no other's answer is taken for it"
    assert client.get(f"{ITEMS}/e002", headers=asked).status_code == (200 if sees else 404)
    assert client.get(f"{ITEMS}?q=Clash", headers=asked).status_code == (200 if sees else 400)
    changes = json.loads(client.get("/changes", headers=asked).data)
    assert changes["leftOut"] == (0 if sees else 1)
    assert client.get(ITEMS, headers={"Authorization": "Bearer dateline_0_none"}).status_code == 401
    workspace.close()


def test_no_words_name_the_place(tmp_path: Path) -> None:
    """Not in any form, not to any question of words: which of them name it no program can tell."""
    workspace = open_workspace(Settings(data=tmp_path, generalise_km=50))
    said = Source("https://example.org/blast-in-bakhmut", "Blast in Bakhmut", "Wire", date(2022, 3, 2))
    told = event(
        1,
        title="Clash in Bakhmut",
        quote="Shells hit Bakhmut.",
        quote_span=Span(0, 19),
        doc_id="bakhmut",
        notes=("Bakhmut of 3",),
        actors=("the mayor of Bakhmut",),
        sources=(said, Source("https://www.local.example/bakhmut")),
        place=Place("Bakhmut", 30.1, 48, country="UA", admin1="Donetsk", admin2="Bakhmut Raion"),
        properties={"where": "Bakhmut", "licence": "CC BY 4.0"},
    )
    lost = Event("lost", "Riots", title="A riot in Bakhmut", actors=("Rioters",), status=Status.REVIEWED)
    workspace.store.save([told, lost])
    client = create_app(workspace=workspace).test_client()
    forms = [f"{ITEMS}?f={name}" for name in ("json", "html", "csv", "kml", "ical", "timemap", "hxl", "geojsonl")]
    for path in (
        *forms,
        f"{ITEMS}/e001",
        f"{ITEMS}/e001?f=html",
        "/changes",
        "/feeds/events.atom",
        "/feeds/events.json",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "bakhmut" not in answer.text.replace("Bakhmut Raion", "").lower(), path
    found = json.loads(client.get(f"{ITEMS}/e001").data)["properties"]
    assert (found["title"], found["place"], found["precision"]) == (
        "Armed clash: Bakhmut Raion",
        "Bakhmut Raion",
        "near",
    )
    assert (found["licence"], found["source_published"]) == ("CC BY 4.0", "2022-03-02")
    assert [each["publisher"] for each in found["sources"]] == ["Wire", "local.example"]
    for path in (ITEMS, "/feeds/events.atom", "/tiles/0/0/0.mvt", "/embed/view", "/map/export"):
        answer = client.get(f"{path}?q=Bakhmut")
        assert (answer.status_code, "words (q) cannot choose" in answer.text) == (400, True), path
    for asked, number in (
        ("precision=exact&unplaced=exclude", 0),
        ("precision=near", 2),
        ("filter=precision='near'", 1),
        ("actor=mayor", 0),
        ("actor=rioters", 1),
    ):
        assert json.loads(client.get(f"{ITEMS}?{asked}").data)["numberMatched"] == number
    assert json.loads(client.get(f"{ITEMS}?precision=exact").data)["numberMatched"] == 1, "the unplaced one"
    workspace.close()


def test_the_schema_says_what_a_feature_has(client: FlaskClient) -> None:
    schema = json.loads(client.get("/collections/events/schema").data)
    feature = json.loads(client.get(f"{ITEMS}/e003").data)
    held = schema["properties"]["properties"]["properties"]
    assert set(feature["properties"]) <= set(held)
    asked = json.loads(client.get("/collections/events/queryables").data)["properties"]
    for name in asked:
        assert client.get(f"{ITEMS}?filter={name} IS NULL").status_code == 200
