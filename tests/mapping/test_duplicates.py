"""Likely duplicates over HTTP: pairs with reasons, merging with edits, undo, "not the same", old ids."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.model import Document, Fatalities, Place, Precision, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import DatePrecision, TimeSpan
from geodata.workspace import DatelineWorkspace, open_workspace
from tests.store.test_duplicates import KHERSON, told

WEEK = TimeSpan(date(2023, 11, 6), date(2023, 11, 12), DatePrecision.WEEK)
LATE = Source("https://example.org/late", "A later story", "Daily", date(2023, 11, 15))
A = replace(told("a"), status=Status.REVIEWED)
B = replace(told("b"), when=WEEK, fatalities=Fatalities(best=5), sources=(LATE,))
JSON = {"Accept": "application/json"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[DatelineWorkspace]:
    made = open_workspace(Settings(data=tmp_path))
    made.store.save([A, B], [Document("story-a", A.quote), Document("story-b", B.quote)])
    yield made
    made.close()


@pytest.fixture
def client(workspace: DatelineWorkspace) -> FlaskClient:
    return create_app(workspace=workspace).test_client()


def post(client: FlaskClient, path: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/duplicates/{path}", json=body, headers=JSON)
    return answer.status_code, answer.get_json()


def test_a_pair_says_all_that_a_person_needs(client: FlaskClient) -> None:
    answer = client.get("/duplicates/pairs.json").get_json()
    assert (answer["count"], answer["left"], answer["merges"]) == (1, 0, [])
    (pair,) = answer["pairs"]
    assert [event["id"] for event in pair["events"]] == ["a", "b"], "the reviewed one stays by default"
    assert pair["differing"] == ["when", "fatalities"]
    assert pair["reasons"]
    assert pair["others"] == 0
    stays, swapped = pair["together"]
    assert (stays["id"], stays["start"], stays["end"]) == ("a", "2023-11-12", "2023-11-12")
    assert (swapped["id"], swapped["start"]) == ("b", "2023-11-12")
    assert stays["fatalities"] == swapped["fatalities"] == {"low": 3, "best": 5, "high": 5}
    assert [source["title"] for source in stays["sources"]] == ["Story a", "A later story"]


@pytest.mark.parametrize(("event", "count"), [("a", 1), ("b", 1), ("other", 0)])
def test_the_pairs_of_one_event(client: FlaskClient, event: str, count: int) -> None:
    assert len(client.get(f"/duplicates/pairs.json?event={event}").get_json()["pairs"]) == count


def test_one_click_merges_and_one_takes_it_back(client: FlaskClient, workspace: DatelineWorkspace) -> None:
    before = [workspace.store.get(name) for name in "ab"]
    status, done = post(client, "merge", survivor="a", merged="b")
    assert status == 201
    assert done["count"] == 0
    assert workspace.store.get("a").fatalities == Fatalities(3, 5, 5)
    assert client.get("/map/view?zoom=2").get_json()["matched"] == 1
    exported = client.get("/collections/events/items").get_json()
    assert [item["id"] for item in exported["features"]] == ["a"]
    assert [source["title"] for source in exported["features"][0]["properties"]["sources"]] == [
        "Story a",
        "A later story",
    ]
    (merge,) = client.get("/duplicates/pairs.json").get_json()["merges"]
    assert (merge["merge_id"], merge["id"], merge["survivor"]) == (done["merge_id"], "b", "a")
    status, undone = post(client, "undo", merge_id=done["merge_id"])
    assert (status, undone) == (200, {"survivor": "a", "restored": "b"})
    assert [workspace.store.get(name) for name in "ab"] == before


def test_what_a_person_wrote_wins_over_the_suggestion(client: FlaskClient, workspace: DatelineWorkspace) -> None:
    changes = {
        "start": "2023-11-11", "end": "2023-11-12", "date_precision": "day",
        "fatalities": {"low": 4, "best": None, "high": 6},
    }  # fmt: skip
    post(client, "merge", survivor="b", merged="a", changes=changes)
    whole = workspace.store.get("b")
    assert whole.when == TimeSpan(date(2023, 11, 11), date(2023, 11, 12))
    assert whole.fatalities == Fatalities(4, None, 6)
    assert whole.status is Status.REVIEWED
    assert workspace.store.count(EventQuery()) == 1


def test_the_old_id_leads_to_the_survivor(client: FlaskClient) -> None:
    post(client, "merge", survivor="a", merged="b")
    event = client.get("/events/b.json", follow_redirects=True).get_json()
    assert event["id"] == "a"
    assert [(item["id"], item["quote"]) for item in event["merged"]] == [("b", B.quote)]
    assert client.get("/collections/events/items/b", follow_redirects=True).get_json()["id"] == "a"
    assert client.get("/events/b.json").status_code == 308
    assert client.get("/events/nothing.json").status_code == 404


def test_an_event_says_how_many_are_likely_the_same(client: FlaskClient) -> None:
    assert client.get("/duplicates/count.json").get_json() == {"count": 1, "left": 0}
    assert client.get("/events/a.json").get_json()["likely_same"] == 1
    assert post(client, "different", first="b", second="a") == (200, {"count": 0})
    assert client.get("/events/a.json").get_json()["likely_same"] == 0
    assert post(client, "different", first="a", second="b", different=False) == (200, {"count": 1})


def test_a_more_exact_place_is_taken_over(client: FlaskClient, workspace: DatelineWorkspace) -> None:
    oblast = Place("Kherson Oblast", 33.0, 46.5, Precision.ADMIN1, "UA")
    workspace.store.save([replace(A, place=oblast, status=Status.REVIEWED)])
    post(client, "merge", survivor="a", merged="b")
    assert workspace.store.get("a").place == KHERSON


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("merge", {"survivor": "a", "merged": "a"}, 400, "cannot be merged into itself"),
        ("merge", {"survivor": "a", "merged": "x"}, 404, "no event with the id 'x'"),
        ("merge", {"survivor": "a"}, 400, "merged is"),
        ("merge", {"survivor": 3, "merged": "b"}, 400, "accepted: text"),
        ("merge", {"survivor": "a", "merged": "b", "changes": {"start": "2023-11-12"}}, 400, "latest date is missing"),
        (
            "merge",
            {"survivor": "a", "merged": "b", "changes": {"start": "2023-11-12", "end": "2023-11-11"}},
            400,
            "before",
        ),
        (
            "merge",
            {"survivor": "a", "merged": "b", "changes": {"fatalities": {"low": 5, "high": 2}}},
            400,
            "low <= best <= high",
        ),
        ("merge", {"survivor": "a", "merged": "b", "changes": {"fatalities": {"low": -5}}}, 400, "low is"),
        ("undo", {}, 400, "merge_id is missing"),
        ("undo", {"merge_id": 7}, 404, "no merge 7"),
        ("undo", {"merge_id": "x"}, 400, "a number"),
        ("different", {"first": "a", "second": "a"}, 400, "given twice"),
        ("different", {"first": "a", "second": "x"}, 404, "no event"),
        ("different", {"first": "a", "second": "b", "different": "no"}, 400, "true, or false"),
    ],
)
def test_bad_requests_change_nothing(
    client: FlaskClient, workspace: DatelineWorkspace, path: str, body: dict[str, object], status: int, words: str
) -> None:
    version = workspace.store.version()
    code, answer = post(client, path, **body)
    assert code == status
    assert words in str(answer["detail"])
    assert workspace.store.version() == version


@pytest.mark.parametrize("path", ["merge", "undo", "different"])
def test_no_other_site_may_write(client: FlaskClient, path: str) -> None:
    answer = client.post(f"/duplicates/{path}", json={}, headers={**JSON, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("query", ["limit=51", "limit=x", "offset=-1", "offset=9999999999"])
def test_pages_of_pairs_are_bounded(client: FlaskClient, query: str) -> None:
    assert client.get(f"/duplicates/pairs.json?{query}", headers=JSON).status_code == 400


def test_a_body_that_is_no_json_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/duplicates/merge", data="x", headers=JSON)
    assert answer.status_code == 400
    assert "accepted: a JSON object" in answer.get_json()["detail"]


def test_the_story_of_an_event_merged_away_says_so(client: FlaskClient) -> None:
    assert client.get("/stories/story-b.json").get_json()["notes"] == []
    post(client, "merge", survivor="a", merged="b")
    (note,) = client.get("/stories/story-b.json").get_json()["notes"]
    assert "Shelling of Kherson (b)" in note
    assert "merged into an event of another story" in note
    assert client.get("/stories/story-a.json").get_json()["notes"] == []
