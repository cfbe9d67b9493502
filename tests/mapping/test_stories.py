"""Reading, reviewing and saving a story over HTTP: tables of bad input, and what a person's decisions come to."""

import copy
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from geodata.model import Event, Place, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from mapping.views.stories import map_link
from tests.mapping.story_workspace import MARCH, SHELLING, TEXT, TITLE, WORLD, SmallWorkspace

JSON = {"Accept": "application/json"}
NASTY = "${alert(1)} </script><script>alert(1)</script> <img src=x onerror=alert(1)>"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[SmallWorkspace]:
    made = SmallWorkspace(Settings(data=tmp_path, max_story_chars=100_000, max_upload_bytes=2_000_000))
    yield made
    made.close()


@pytest.fixture
def site(workspace: SmallWorkspace) -> Flask:
    return create_app(workspace=workspace)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


def read(client: FlaskClient, **given: Any) -> dict[str, Any]:
    answer = client.post("/stories/read", json={"text": TEXT, "title": TITLE, "published": "2024-05-13", **given})
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def save(client: FlaskClient, draft: dict[str, Any]) -> Any:
    return client.post("/stories", json={"document": draft["document"], "events": draft["events"]}, headers=JSON)


def everything(workspace: SmallWorkspace) -> list[Event]:
    return list(workspace.store.find(EventQuery(statuses=tuple(Status))))


# Reading


def test_reading_finds_events_and_keeps_nothing(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    first, _, march, fire = draft["events"]
    assert first["title"] == "Shelling of houses in Kherson"
    text = draft["document"]["text"]
    assert text[first["quote_span"]["start"] : first["quote_span"]["end"]] == SHELLING
    assert text[first["trigger_span"]["start"] : first["trigger_span"]["end"]] == "Shells"
    assert (first["start"], first["place"]["name"], first["place"]["lon"]) == ("2024-05-11", "Kherson", 32.6178)
    assert [item["place"]["admin1"] for item in march["candidates"]] == ["Illinois", "Missouri", "Massachusetts"]
    assert march["candidates"][0]["reasons"] == ["larger", "named first"]
    assert (fire["start"], fire["place"]) == ("", None)
    assert everything(workspace) == []


def test_offsets_count_code_points(client: FlaskClient) -> None:
    draft = read(client)
    span = draft["events"][2]["quote_span"]
    assert draft["document"]["text"][span["start"] : span["end"]] == MARCH, "an emoji before it counts one"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("story.txt", TEXT.encode(), ""),
        ("story.md", f"---\ntitle: {TITLE}\n---\n{TEXT}".encode(), ""),
        ("STORY.HTML", f"<html><body><article><p>{SHELLING}</p><p>{MARCH}</p></article></body></html>".encode(), ""),
        ("story.txt", f"{SHELLING} Un café à Kyïv brûlé, dit-on là-bas.".encode("utf-16"), "utf-16"),
        ("latin.txt", f"{SHELLING} Le café près de la forêt a brûlé en été.".encode("cp1252"), "read as"),
    ],
)  # fmt: skip
def test_uploads_are_read(client: FlaskClient, name: str, data: bytes, words: str) -> None:
    answer = client.post("/stories/read", data={"file": (io.BytesIO(data), name), "published": "2024-05-13"})
    assert answer.status_code == 200, answer.json
    assert answer.json["events"][0]["title"] == "Shelling of houses in Kherson"
    assert words in " ".join(answer.json["notes"])


@pytest.mark.parametrize("given", [{"text": TEXT.replace("\n", "\r\n")}, {"text": TEXT}])
def test_a_form_s_line_ends_are_the_text_s_own(client: FlaskClient, given: dict[str, str]) -> None:
    answer = client.post("/stories/read", data=given)
    assert answer.json["document"]["doc_id"] == read(client)["document"]["doc_id"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"text": ""}, ("no text", "accepted")),
        ({"text": " \n\t "}, ("no text", "accepted")),
        ({"text": "x" * 100_001}, ("100,001", "100,000")),
        ({"text": TEXT, "published": "last week"}, ("publication date", "last week", "YYYY-MM-DD")),
        ({"text": TEXT, "published": "2023-02-30"}, ("2023-02-30", "YYYY-MM-DD")),
        ({"text": TEXT, "published": "20230211"}, ("20230211", "YYYY-MM-DD")),
        ({"text": TEXT, "url": "javascript:alert(1)"}, ("javascript:alert(1)", "https")),
        ({"text": TEXT, "url": "http://[::1"}, ("http://[::1", "https")),
        ({"text": TEXT, "title": "t" * 1_001}, ("title", "1,001", "1,000")),
        ({"file": (b"", "story.txt")}, ("empty", ".txt")),
        ({"file": (b"\n \n", "story.txt")}, ("empty", ".txt")),
        ({"file": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "story.txt")}, ("PNG",)),
        ({"file": (bytes(range(256)) * 40, "story.txt")}, ("not text",)),
        ({"file": (b"PK\x03\x04....", "story.docx")}, ("story.docx", "is damaged", "a whole .docx file")),
        ({"file": (b"x", "/home/me/secret.exe")}, ("'secret.exe'", ".html")),
        ({"file": (b"word " * 30_000, "long.txt")}, ("150,000", "100,000")),
    ],
)
def test_what_cannot_be_read_is_said(client: FlaskClient, form: dict[str, Any], words: tuple[str, ...]) -> None:
    if "file" in form:
        data, name = form["file"]
        form = {**form, "file": (io.BytesIO(data), name)}
    answer = client.post("/stories/read", data=form, headers=JSON)
    assert answer.status_code == 400
    for word in words:
        assert word in answer.json["detail"], answer.json


def test_five_megabytes_are_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/stories/read", data={"text": "word " * 1_000_000}, headers=JSON)
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.json["detail"]


def test_no_date_no_place_and_nowhere_are_notes(client: FlaskClient) -> None:
    undated = read(client, published="")
    assert all(event["start"] == "" for event in undated["events"])
    assert any("publication date" in note for note in undated["notes"])
    nothing = read(client, text="Nothing much was said by anyone.")
    assert (nothing["events"], nothing["toponyms"]) == ([], [])
    assert any("no event" in note for note in nothing["notes"])


def test_three_hundred_places_are_all_listed(client: FlaskClient) -> None:
    many = read(client, text=SHELLING + " Then Odesa." * 300)
    assert len(many["toponyms"]) == 301


def test_scripts_stay_text(client: FlaskClient) -> None:
    draft = read(client, text=f"{SHELLING} {NASTY}", title=NASTY, publisher=NASTY)
    saved = save(client, draft)
    assert saved.status_code == 201
    for path in ("/stories", f"/stories/{saved.json['doc_id']}", "/stories/new"):
        page = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe"])
@pytest.mark.parametrize("path", ["/stories/read", "/stories"])
def test_wrong_json_is_said(client: FlaskClient, path: str, body: bytes) -> None:
    answer = client.post(path, data=body, content_type="application/json", headers=JSON)
    assert answer.status_code == 400
    assert "accepted" in answer.json["detail"]


# Saving


def test_decisions_become_statuses(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    draft["events"][0]["status"] = "reviewed"
    draft["events"][1]["status"] = "rejected"
    draft["events"][2]["place"] = draft["events"][2]["candidates"][1]["place"]
    saved = save(client, draft)
    assert saved.status_code == 201
    wanted = {"kept": 3, "reviewed": 1, "draft": 2, "rejected": 1, "undated": 1, "unplaced": 1}
    assert {name: saved.json[name] for name in wanted} == wanted
    found = {event.title: event for event in everything(workspace)}
    assert found["Shelling of houses in Kherson"].status is Status.REVIEWED
    assert found["Fight for a trench near Bakhmut"].status is Status.REJECTED
    march = found["March against the war in Springfield"]
    assert march.place is not None
    assert (march.place.admin1, march.quote, march.status) == ("Missouri", MARCH, Status.DRAFT)
    assert march.sources[0].title == TITLE


def test_reading_again_brings_no_discarded_event_back(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    draft["events"][1]["status"] = "rejected"
    draft["events"][0].update(status="reviewed", title="Houses shelled")
    save(client, draft)
    again = read(client)
    assert [event["status"] for event in again["events"]] == ["reviewed", "rejected", "draft", "draft"]
    assert again["events"][0]["title"] == "Houses shelled"
    assert any("kept already" in note for note in again["notes"])
    save(client, again)
    assert len(everything(workspace)) == 4
    assert workspace.store.count(EventQuery()) == 3


def test_reading_again_loses_nothing_that_was_said(client: FlaskClient) -> None:
    said = {"url": "https://example.org/1", "publisher": "Gazette"}
    save(client, read(client, **said))
    again = client.post("/stories/read", json={"text": TEXT}).json
    assert {name: again["document"]["source"][name] for name in said} == said
    assert again["document"]["source"]["title"] == TITLE
    assert again["events"][0]["start"] == "2024-05-11", "dated by the publication date kept"


def test_a_person_can_take_a_decision_back(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    draft["events"][0]["status"] = "rejected"
    doc_id = save(client, draft).json["doc_id"]
    kept = client.get(f"/stories/{doc_id}.json").json
    assert [event["status"] for event in kept["events"]] == ["rejected", "draft", "draft", "draft"]
    kept["events"][0]["status"] = "draft"
    save(client, kept)
    assert {event.status for event in everything(workspace)} == {Status.DRAFT}


def test_an_event_added_by_hand_is_one_event(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    start = TEXT.index("Trains from")
    draft["events"] = [
        {"event_id": "", "event_type": "Protests", "title": "Late trains",
         "quote_span": {"start": start, "end": start + 6}, "status": "reviewed",
         "start": "2024-05-12", "end": "2024-05-12"}
    ]  # fmt: skip
    save(client, draft)
    save(client, draft)
    (event,) = everything(workspace)
    assert (event.quote, event.tags, event.confidence) == ("Trains", ("added by hand",), 1.0)


def change(**fields: Any) -> Any:
    return lambda body: body["events"][0].update(fields)


def placed(**fields: Any) -> Any:
    return lambda body: body["events"][0]["place"].update(fields)


BAD = [
    (change(event_type="Gossip"), ("event 1", "'Gossip'", "Battles")),
    (change(event_type=7), ("event_type", "'7'", "text")),
    (change(sub_event_type="Peaceful protest"), ("sub_event_type", "Grenade")),
    (change(start="2024-05-12", end="2024-05-11"), ("2024-05-11", "before")),
    (change(start="2024-05-12", end=""), ("latest date is missing", "undated")),
    (change(start="", end="2024-05-12"), ("earliest date is missing",)),
    (change(start="2024-02-30", end="2024-03-01"), ("2024-02-30", "YYYY-MM-DD")),
    (change(start="0000-01-01", end="0000-01-01"), ("0000-01-01", "YYYY-MM-DD")),
    (change(date_precision="hour"), ("'hour'", "day, week, month")),
    (change(status="maybe"), ("'maybe'", "draft, reviewed, rejected")),
    (change(title="t" * 301), ("title", "301")),
    (change(title="\ud800"), ("title", "text")),
    (change(confidence=2), ("confidence", "from 0 to 1")),
    (change(confidence=True), ("confidence", "from 0 to 1")),
    (change(quote_span={"start": 5, "end": 5}), ("quote_span", "start < end")),
    (change(quote_span={"start": -1, "end": 5}), ("quote_span", "0 to")),
    (change(when_span={"start": 0, "end": 10_000_000}), ("when_span", "0 to")),
    (change(place_span={"start": 0.5, "end": 3}), ("place_span", "whole number")),
    (change(place_span="here"), ("place_span", "JSON object")),
    (change(place="Kherson"), ("place", "JSON object")),
    (change(notes="doubt"), ("notes", "a list")),
    (change(actors=["x"] * 51), ("actors", "51", "at most 50")),
    (change(properties=["x"]), ("properties", "an object")),
    (change(fatalities={"low": -1}), ("fatalities", "low", "'-1'")),
    (placed(lon=200), ("place", "lon", "-180 to 180")),
    (placed(lat=91), ("place", "lat", "-90 to 90")),
    (placed(lat="north"), ("lat", "'north'")),
    (placed(lat=None), ("lat",)),
    (placed(lon=float("nan")), ("lon", "-180 to 180")),
    (placed(lon=10**400), ("lon", "-180 to 180")),
    (placed(name=""), ("name", "the place's name")),
    (placed(precision="vague"), ("'vague'", "exact, near")),
    (placed(country="Ukraine"), ("country", "at most 2")),
    (lambda body: body.update(events={}), ("events", "a list")),
    (lambda body: body.update(events=[3]), ("event 1", "JSON object")),
    (lambda body: body.update(events=[{}] * 2_001), ("2,001", "2,000")),
    (lambda body: body["events"].append(body["events"][0]), ("twice", "each once")),
    (lambda body: body.update(document=None), ("text is empty",)),
    (lambda body: body["document"].update(text=TEXT + "!"), ("not the one that was read", "read the story again")),
    (lambda body: body["document"].update(text="x" * 100_001), ("100,001", "100,000")),
    (lambda body: body["document"].update(doc_id=""), ("doc_id",)),
    (lambda body: body["document"]["source"].update(url="data:text/html,x"), ("data:text/html", "https")),
    (lambda body: body["document"]["source"].update(published="soon"), ("soon", "YYYY-MM-DD")),
    (lambda body: body["document"]["source"].update(retrieved="soon"), ("retrieved", "ISO 8601")),
]


@pytest.mark.parametrize(("spoil", "words"), BAD, ids=["; ".join(words) for _, words in BAD])
def test_bad_events_are_refused_whole(
    client: FlaskClient, workspace: SmallWorkspace, spoil: Any, words: tuple[str, ...]
) -> None:
    body = copy.deepcopy(read(client))
    spoil(body)
    answer = client.post("/stories", data=json.dumps(body), content_type="application/json", headers=JSON)
    assert answer.status_code == 400, answer.get_data(as_text=True)
    for word in words:
        assert word in answer.json["detail"], answer.json
    assert everything(workspace) == []


def test_one_bad_event_keeps_none(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    draft["events"][3]["event_type"] = "Gossip"
    assert save(client, draft).status_code == 400
    assert everything(workspace) == []


def test_another_story_s_event_is_not_overwritten(client: FlaskClient, workspace: SmallWorkspace) -> None:
    first = read(client)
    save(client, first)
    second = read(client, text=SHELLING)
    second["events"][0]["event_id"] = first["events"][0]["event_id"]
    answer = save(client, second)
    assert (answer.status_code, "another story" in answer.json["detail"]) == (400, True)
    stolen = {
        **first["document"],
        "text": "Other words.",
        "sha256": read(client, text="Other words.")["document"]["sha256"],
    }
    answer = client.post("/stories", json={"document": stolen, "events": []}, headers=JSON)
    assert (answer.status_code, "another text" in answer.json["detail"]) == (400, True)


def test_another_site_cannot_save(client: FlaskClient) -> None:
    draft = read(client)
    answer = client.post("/stories", json=draft, headers={**JSON, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


# Places, lists, links


def test_places_are_searched(client: FlaskClient) -> None:
    found = client.get("/places", query_string={"q": "spring", "near": "32.6,46.6"}).json
    assert len(found["places"]) == len(WORLD["Springfield"])
    assert set(found["places"][0]["place"]) >= {"name", "admin1", "country", "precision", "lon", "lat", "population"}
    assert found["places"][0]["reasons"] == ["the name is the same"]
    assert client.get("/places?q=Nowhereville").json["places"] == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, ("q is ''", "a place's name")),
        ({"q": " "}, ("q is ''",)),
        ({"q": "x" * 201}, ("1 to 200",)),
        ({"q": "Kherson", "near": "east"}, ("'east'", "lon,lat")),
        ({"q": "Kherson", "near": "32"}, ("lat",)),
        ({"q": "Kherson", "near": "200,10"}, ("lon", "-180 to 180")),
    ],
)
def test_bad_searches_are_said(client: FlaskClient, query: dict[str, str], words: tuple[str, ...]) -> None:
    answer = client.get("/places", query_string=query, headers=JSON)
    assert answer.status_code == 400
    for word in words:
        assert word in answer.json["detail"]


def test_stories_are_listed_and_open_again(client: FlaskClient) -> None:
    assert "No story is kept yet" in client.get("/stories").get_data(as_text=True)
    doc_id = save(client, read(client)).json["doc_id"]
    page = client.get("/stories").get_data(as_text=True)
    assert TITLE in page
    assert "4 drafts" in page
    assert client.get(f"/stories/{doc_id}").status_code == 200
    assert "No more stories" in client.get("/stories?offset=100").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/stories/none", "/stories/none.json", "/stories/..%2f..%2fetc"])
def test_a_story_that_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("offset", ["-1", "x", "1e3", "9999999999", "²"])
def test_bad_offsets_are_said(client: FlaskClient, offset: str) -> None:
    assert client.get("/stories", query_string={"offset": offset}).status_code == 400


@pytest.mark.parametrize(
    ("points", "link"),
    [
        ([], "/"),
        ([(32.6178, 46.6354)], "/?map=9/46.6354/32.6178"),
        ([(32.6, 46.6), (38.0, 48.6)], "/?map=6/47.6000/35.3000"),
        ([(-170.0, -60.0), (170.0, 70.0)], "/?map=1/5.0000/0.0000"),
    ],
)
def test_the_map_s_link_shows_all_of_them(points: list[tuple[float, float]], link: str) -> None:
    assert map_link([Event(str(at), "Battles", place=Place("x", *point)) for at, point in enumerate(points)]) == link


def test_the_map_s_link_shows_the_days_of_dated_events() -> None:
    spans = [TimeSpan(date(2024, 5, day), date(2024, 5, day + 2)) for day in (9, 4)]
    events = [Event(str(at), "Battles", when=span, place=Place("x", 32.6, 46.6)) for at, span in enumerate(spans)]
    assert map_link(events) == "/?map=9/46.6000/32.6000&datetime=2024-05-04/2024-05-11"
    undated = Event("undated", "Battles", place=Place("x", 32.6, 46.6))
    assert map_link([*events, undated]) == "/?map=9/46.6000/32.6000"
