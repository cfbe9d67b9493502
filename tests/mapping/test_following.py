"""The change feed and the feeds of views: what a program reads in order, and what a feed reader makes of a filter."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.allowed import RESTRICTED
from geodata.model import Event, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace, open_workspace
from tests.seeded import EVENTS, NASTY, SAMPLE, seed

NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "georss": "http://www.georss.org/georss",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
SECRET = replace(EVENTS[0], event_id="secret", tags=(RESTRICTED,))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatelineWorkspace]:
    opened = open_workspace(Settings(data=tmp_path_factory.mktemp("following")))
    seed(opened.settings.store_url)
    opened.store.save([SECRET])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(workspace: DatelineWorkspace) -> FlaskClient:
    return create_app(workspace=workspace).test_client()


def changes(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/changes?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.data)
    return found


def feed(client: FlaskClient, query: str = "") -> Element:
    answer = client.get(f"/feeds/events.atom?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), answer.text
    return fromstring(answer.data)


def texts(top: Element, path: str) -> list[str]:
    return [each.text or "" for each in top.findall(path, NAMES)]


def links(top: Element, rel: str) -> list[str]:
    return [each.attrib["href"] for each in top.findall("a:link", NAMES) if each.attrib["rel"] == rel]


def local(address: str) -> str:
    return address.removeprefix("http://localhost")


# The change feed


def test_all_changes_are_read_by_following_the_links(client: FlaskClient) -> None:
    found, page = [], changes(client, "limit=3")
    while True:
        found += [(change["change"], change["id"]) for change in page["changes"]]
        following = next(link["href"] for link in page["links"] if link["rel"] == "next")
        if not page["more"]:
            break
        page = json.loads(client.get(local(following)).data)
    assert found == [("added", event.event_id) for event in EVENTS]
    assert changes(client, f"since={page['cursor']}")["changes"] == []
    assert changes(client, "since=now")["cursor"] == page["cursor"]


def test_what_may_not_leave_is_counted_only(client: FlaskClient) -> None:
    page = changes(client)
    assert page["leftOut"] == 1
    assert "secret" not in json.dumps(page)


def test_a_change_holds_the_event_as_it_is_today(client: FlaskClient) -> None:
    change = changes(client, "limit=1")["changes"][0]
    assert change["feature"]["id"] == change["id"] == "blast"
    assert (change["version"], change["time"].endswith("Z")) == (1, True)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=x", 400),
        ("since=other-5", 410),
        ("limit=0", 400),
        ("limit=1000000", 200),
        ("wait=-1", 400),
        ("f=html", 400),
        ("type=Battles", 400),
        ("since=now&since=now", 400),
    ],
)
def test_how_it_says_no(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"/changes?{query}")
    assert answer.status_code == status
    if status >= 400:
        assert answer.mimetype == "application/problem+json"


def test_who_waits_is_told_soon_and_only_some_may_wait(tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path, threads=4))  # one of them may wait
    site = create_app(workspace=workspace)
    workspace.store.save(EVENTS, [SAMPLE])
    told: list[dict[str, Any]] = []
    waits = threading.Thread(target=lambda: told.append(changes(site.test_client(), "since=now&wait=20")))
    waits.start()
    time.sleep(0.4)
    begun = time.monotonic()
    assert changes(site.test_client(), "since=now&wait=20")["changes"] == []  # at once: the other one waits
    assert time.monotonic() - begun < 10
    workspace.store.set_status(["blast"], Status.REVIEWED)
    waits.join(15)
    assert [(change["change"], change["id"]) for change in told[0]["changes"]] == [("changed", "blast")]
    workspace.close()


# Feeds of views


def test_an_atom_feed_is_what_the_standard_asks(client: FlaskClient) -> None:
    top = feed(client)
    for name in ("id", "title", "updated"):
        assert len(texts(top, f"a:{name}")) == 1
        assert all(texts(entry, f"a:{name}") for entry in top.findall("a:entry", NAMES))
    ids = texts(top, "a:entry/a:id")
    assert len(set(ids)) == len(ids) == len(EVENTS) - 1  # all but the rejected and what may not leave
    assert all(name.startswith("urn:uuid:") for name in ids)
    assert texts(top, "a:author/a:name") == ["Dateline"]
    assert local(links(top, "self")[0]) == "/feeds/events.atom"
    assert links(top, "next") == []
    assert "1 more, whose source's terms" in texts(top, "a:subtitle")[0]


def test_an_entry_says_what_when_where_and_who(client: FlaskClient) -> None:
    (entry,) = feed(client, "q=depot").findall("a:entry", NAMES)
    assert texts(entry, "a:title") == ["Explosion at a depot in Melitopol · 2022-11-11"]
    assert texts(entry, "georss:point") == ["46.8489 35.3674"]
    assert texts(entry, "georss:featurename") == ["Melitopol"]
    assert texts(entry, "dc:date") == ["2022-11-11"]
    assert texts(entry, "dcterms:temporal") == ["start=2022-11-11; end=2022-11-11; scheme=W3C-DTF;"]
    assert texts(entry, "a:author/a:name") == ["Example Wire"]
    assert links(entry, "via") == ["https://example.org/report"]
    terms = [each.attrib["term"] for each in entry.findall("a:category", NAMES)]
    assert terms == ["Explosions/Remote violence", "Remote explosive/landmine/IED", "draft"]
    page, item = map(local, links(entry, "alternate"))
    assert page == "/?map=9/46.8489/35.3674&event=blast"
    assert client.get(item).status_code == 200
    assert texts(entry, "a:updated")[0] >= texts(entry, "a:published")[0]


@pytest.mark.parametrize(
    "query",
    ["", "type=Protests", "status=reviewed", "country=UA&datetime=2023", "bbox=30,45,40,50", "q=nothing-has-this"],
)
def test_a_feed_has_the_events_of_its_filters(client: FlaskClient, workspace: DatelineWorkspace, query: str) -> None:
    params = {name: [value] for name, value in (part.split("=") for part in query.split("&") if part)}
    wanted = [event for event in workspace.store.find(EventQuery.from_params(params)) if event.event_id != "secret"]
    items = json.loads(client.get(f"/feeds/events.json?{query}").data)["items"]
    assert {item["_dateline"]["feature"]["id"] for item in items} == {event.event_id for event in wanted}
    assert len(feed(client, query).findall("a:entry", NAMES)) == len(wanted)


def test_pages_follow_each_other(client: FlaskClient) -> None:
    whole = texts(feed(client), "a:entry/a:id")
    found, address = [], "/feeds/events.atom?limit=5"
    while address:
        top = fromstring(client.get(address).data)
        found += texts(top, "a:entry/a:id")
        following = links(top, "next")
        address = local(following[0]) if following else ""
    assert found == whole


def test_ids_do_not_change_with_the_address(client: FlaskClient) -> None:
    here = client.get("/feeds/events.atom", base_url="http://127.0.0.1:9")
    assert texts(fromstring(here.data), "a:entry/a:id") == texts(feed(client), "a:entry/a:id")
    assert texts(fromstring(here.data), "a:id") == texts(feed(client), "a:id")


def test_what_was_changed_comes_first_and_readers_are_told_by_the_tag(tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path))
    workspace.store.save([*EVENTS, Event("zero", "Battles", title="\x00\x0b\ufffe")], [SAMPLE])
    client = create_app(workspace=workspace).test_client()
    first = client.get("/feeds/events.atom")
    fromstring(first.data)  # what XML has no place for is out of it
    assert client.get("/feeds/events.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    workspace.store.set_status(["nasty"], Status.REVIEWED)
    second = client.get("/feeds/events.atom", headers={"If-None-Match": first.headers["ETag"]})
    top = fromstring(second.data)
    assert (second.status_code, texts(top, "a:entry/a:title")[0]) == (200, f"{NASTY} · 2023-03-01")
    assert b"<script" not in second.data
    assert "javascript:" not in str([each.attrib for each in top.iter()])
    workspace.close()


@pytest.mark.parametrize("query", ["type=Nothing", "bbox=1", "limit=0", "before=x", "offset=3", "q=a&q=b"])
def test_how_a_feed_says_no(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/feeds/events.atom?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


# The definition


def test_the_definition_describes_these_routes(client: FlaskClient) -> None:
    paths = json.loads(client.get("/api").data)["paths"]
    told = {(path, method) for path, item in paths.items() for method in item}
    assert told >= {
        ("/collections/events/items", "post"),
        *{("/collections/events/items/{id}", method) for method in ("put", "patch", "delete")},
        ("/stories", "post"),
        *{("/stories/{id}", method) for method in ("put", "delete")},
        ("/changes", "get"),
        ("/feeds/events.atom", "get"),
        ("/feeds/events.json", "get"),
    }
    assert all("security" in paths[path][method] for path, method in told if method not in ("get", "head"))


def test_the_page_names_the_feed_of_its_view(client: FlaskClient) -> None:
    page = client.get("/?type=Battles&datetime=2023&map=3/1/2", headers={"Accept": "text/html"}).text
    address = "/feeds/events.atom?datetime=2023-01-01/2023-12-31&amp;type=Battles".replace("/2023", "%2F2023", 1)
    assert page.count(f'href="{address}"') == 2
    assert 'href="/feeds/events.atom"' in client.get("/", headers={"Accept": "text/html"}).text
