"""What the map page's routes answer, as tables; how safe each answer is."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from geodata.contracts import Workspace
from geodata.settings import Settings
from mapping.layers.event_layer import script_json
from mapping.security import allowed_hosts, host_name, tile_origin
from mapping.style import SHAPES, type_styles
from tests.seeded import EVENTS, NASTY, SHOWN

PLACED = "unplaced=exclude"
UKRAINE = "bbox=22,44,40.3,52.5"


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


@pytest.mark.parametrize(
    ("asked", "matched"),
    [
        (PLACED, SHOWN),
        (f"{UKRAINE}&{PLACED}", 7),
        (f"{UKRAINE}&{PLACED}&type=Battles", 2),
        (f"{UKRAINE}&{PLACED}&datetime=2023-11-01/2023-11-30&undated=exclude", 4),
        (f"{UKRAINE}&{PLACED}&status=reviewed", 2),
        (f"{PLACED}&status=rejected", 1),
        (f"{PLACED}&precision=exact", SHOWN - 2),
        (f"{PLACED}&q=trench", 1),
        (f"{PLACED}&q=nothing+has+these+words", 0),
        (f"{PLACED}&bbox=170,-10,-170,10", 0),
    ],
)
def test_view_and_list_count_the_same(client: FlaskClient, asked: str, matched: int) -> None:
    view = get(client, f"/map/view?zoom=5&{asked}")
    assert view["matched"] == matched
    assert sum(cluster["count"] for cluster in view["clusters"]) + len(view["events"]) == matched
    assert get(client, f"/map/list?{asked}")["total"] == matched


def test_trays_hold_what_the_map_cannot_show(client: FlaskClient) -> None:
    view = get(client, f"/map/view?zoom=5&{UKRAINE}&{PLACED}&datetime=2023-01-01/2023-12-31&undated=exclude")
    assert (view["undated"], view["unplaced"]) == (1, 1)
    assert [event["id"] for event in get(client, "/map/list?undated=only")["events"]] == ["undated"]
    assert [event["id"] for event in get(client, "/map/list?unplaced=only")["events"]] == ["unplaced"]


def test_histogram_covers_the_whole_store_in_every_view(client: FlaskClient) -> None:
    whole = get(client, f"/map/view?zoom=2&unit=month&{PLACED}")["histogram"]
    part = get(client, f"/map/view?zoom=2&unit=month&{PLACED}&q=trench")["histogram"]
    assert whole["start"] == part["start"] == "2022-02-01"
    assert len(whole["counts"]) == len(part["counts"]) == 22
    assert (sum(whole["counts"]), sum(part["counts"])) == (SHOWN - 1, 1)


def test_pages_of_the_list_join_up(client: FlaskClient) -> None:
    whole = get(client, "/map/list?limit=200")["events"]
    parts = [get(client, f"/map/list?limit=5&offset={offset}")["events"] for offset in (0, 5, 10)]
    assert [event for part in parts for event in part] == whole
    assert [event["start"] for event in whole if event["start"]] == sorted(
        (event["start"] for event in whole if event["start"]), reverse=True
    )
    assert whole[-1]["id"] == "undated"


def test_detail_says_everything(client: FlaskClient) -> None:
    event = get(client, "/events/blast.json")
    assert event["start"] == event["end"] == "2022-11-11"
    assert (event["place"], event["precision"], event["admin1"]) == ("Melitopol", "exact", "Zaporizhzhia Oblast")
    assert event["sources"][0]["url"] == "https://example.org/report"
    assert event["fatalities"] == {"low": 3, "best": None, "high": None}
    assert all(event[name] for name in ("notes", "actors", "quote"))


def test_status_is_kept_and_moves_the_version(client: FlaskClient) -> None:
    before = client.get("/map/view?zoom=3").headers["ETag"]
    assert client.post("/events/blast/status", json={"status": "reviewed"}).json["status"] == "reviewed"
    assert get(client, "/events/blast.json")["status"] == "reviewed"
    assert client.get("/map/view?zoom=3").headers["ETag"] != before


def test_samples_go_and_nothing_else(client: FlaskClient) -> None:
    assert get(client, "/map/view?zoom=3")["samples"] == 1
    assert client.post("/samples/remove", json={}).json == {"removed": 1}
    view = get(client, f"/map/view?zoom=3&{PLACED}")
    assert (view["samples"], view["matched"]) == (0, SHOWN - 1)


def test_same_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/map/view?zoom=3")
    again = client.get("/map/view?zoom=3", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/map/view?zoom=4", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/map/view?bbox=1,2,3", 400, "west,south,east,north"),
        ("/map/view?bbox=200,0,210,5", 400, "off the map"),
        ("/map/view?bbox=0,60,10,50", 400, "south above its north"),
        ("/map/view?zoom=ninety", 400, "a number from 0 to 30"),
        ("/map/view?zoom=nan", 400, "a number from 0 to 30"),
        ("/map/view?zoom=99", 400, "a number from 0 to 30"),
        ("/map/view?datetime=2023-13-45", 400, "in no calendar"),
        ("/map/view?type=Picnics", 400, "accepted: "),
        ("/map/view?unit=hour", 400, "day, week, month, year"),
        ("/map/list?limit=-1", 400, "a whole number"),
        ("/map/list?offset=1e9", 400, "a whole number"),
        ("/events/none.json", 404, "none"),
        ("/nowhere", 404, ""),
    ],
)
def test_bad_questions_say_what_is_accepted(client: FlaskClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"]
    page = client.get(path, headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert "Traceback" not in page.get_data(as_text=True)


@pytest.mark.parametrize("body", [{"status": "great"}, {}, {"status": None}, [], "reviewed"])
def test_unknown_status_is_refused(client: FlaskClient, body: object) -> None:
    answer = client.post("/events/blast/status", json=body)
    assert answer.status_code == 400
    assert "draft, reviewed, rejected" in answer.json["detail"]


def test_status_of_no_event_is_not_found(client: FlaskClient) -> None:
    assert client.post("/events/none/status", json={"status": "draft"}).status_code == 404


def test_page_carries_no_event_text_and_no_unsafe_script(client: FlaskClient) -> None:
    answer = client.get("/")
    text = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    tags = re.findall(r"<script[^>]*>", text)
    assert tags
    assert all(f'nonce="{nonce[1]}"' in tag for tag in tags)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|user-scalable", text)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert NASTY not in text
    assert client.get("/").headers["Content-Security-Policy"] != policy


def test_maps_do_not_leak_into_each_other(client: FlaskClient) -> None:
    def without_random(text: str) -> str:
        return re.sub(r"[0-9a-f]{32}|nonce=\"[^\"]+\"", "", text)

    pages = [without_random(client.get("/").get_data(as_text=True)) for _ in range(2)]
    assert pages[0] == pages[1]


def test_the_map_shares_its_address_with_the_api(client: FlaskClient) -> None:
    assert {"title", "links"} <= set(get(client, "/?f=json"))


@pytest.mark.parametrize("text", ["</script><script>", "<!--", "a & b", "line\u2028end\u2029", "${x}", "'\"\\"])
def test_json_in_a_script_cannot_end_it(text: str) -> None:
    made = script_json({"a": text})
    assert json.loads(made) == {"a": text}
    assert not set("<>&'\u2028\u2029") & set(made)


def test_every_type_has_a_look_of_its_own(seeded: Workspace) -> None:
    styles = type_styles(seeded.event_types)
    assert {style["name"] for style in styles} >= {event.event_type for event in EVENTS}
    for part in ("shape", "colour", "colour_dark"):
        assert len({style[part] for style in styles}) == len(styles)
    assert {style["shape"] for style in styles} <= set(SHAPES)


# Who may ask, and who may write


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200), ("maps.example.org", 200),
        ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("", 403),
    ],
)  # fmt: skip
def test_only_our_own_names_are_answered(seeded: Workspace, host: str, status: int) -> None:
    settings = Settings(data=seeded.settings.data, allowed_hosts="Maps.example.org, other.example:80")
    client = create_app(settings, seeded).test_client()
    assert client.get("/map/list", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_writing_is_for_our_own_pages(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/events/blast/status", json={"status": "draft"}, headers=headers).status_code == status


def test_too_large_an_upload_is_refused(client: FlaskClient) -> None:
    answer = client.post("/events/blast/status", data=b"x" * 200_000, content_type="application/json")
    assert answer.status_code == 413
    assert "0.1 MB" in answer.json["detail"]


def test_unexpected_errors_show_no_trace(app: Flask) -> None:
    def fail() -> str:
        raise RuntimeError("secret words")

    app.add_url_rule("/fail", view_func=fail)
    answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://{s}.tile.example/{z}/{x}/{y}.png", "https://*.tile.example"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "http://127.0.0.1:8080"),
        ("", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_online_tiles_are_the_only_other_origin(url: str, origin: str) -> None:
    assert tile_origin(url) == origin


def test_hosts_are_read_from_settings() -> None:
    assert "10.0.0.5" in allowed_hosts(Settings(host="10.0.0.5"))
    assert (host_name("[::1]:80"), host_name("A.b:1"), host_name("[bad")) == ("::1", "a.b", "")
