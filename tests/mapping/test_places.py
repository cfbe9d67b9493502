"""Choices of places over HTTP: remembered with a story, listed, forgotten, taken back; kept stories read again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.model import Candidate, Event, Place, Precision, Resolution, Span, Status, Toponym
from geodata.settings import Settings
from geodata.timespan import DatePrecision, TimeSpan
from mapping.looks import needs_a_look
from tests.mapping.story_workspace import KHERSON, SPRINGFIELDS, TEXT, TITLE, SmallWorkspace

JSON = {"Accept": "application/json"}
COMMA = {"start": TEXT.index(","), "end": TEXT.index(",") + 1}
NASTY = "${alert(1)} </script><img src=x onerror=alert(1)>"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[SmallWorkspace]:
    made = SmallWorkspace(Settings(data=tmp_path))
    yield made
    made.close()


@pytest.fixture
def client(workspace: SmallWorkspace) -> FlaskClient:
    return create_app(workspace=workspace).test_client()


def read(client: FlaskClient) -> dict[str, Any]:
    answer = client.post("/stories/read", json={"text": TEXT, "title": TITLE, "published": "2024-05-13"})
    found: dict[str, Any] = answer.json
    return found


def save(client: FlaskClient, draft: dict[str, Any], *choices: dict[str, Any]) -> Any:
    body = {"document": draft["document"], "events": draft["events"], "choices": list(choices)}
    return client.post("/stories", json=body, headers=JSON)


def choice(draft: dict[str, Any], number: int, **given: Any) -> dict[str, Any]:
    """That the place's name of the third event, Springfield, means its candidate of this number."""
    march = draft["events"][2]
    return {"span": march["place_span"], "place": march["candidates"][number]["place"], **given}


def test_a_choice_is_remembered_with_the_story(client: FlaskClient, workspace: SmallWorkspace) -> None:
    draft = read(client)
    answer = save(client, draft, choice(draft, 1))
    assert answer.status_code == 201
    told = answer.json["remembered"][0]
    assert (told["name"], told["place"]["admin1"], told["doc_id"]) == (
        "Springfield", "Missouri", draft["document"]["doc_id"],
    )  # fmt: skip
    assert [kept.place for kept in workspace.choices.known()] == [SPRINGFIELDS[1]]
    assert save(client, draft, choice(draft, 1)).json["remembered"] == []  # nothing new


def test_what_a_choice_is_called_an_area_is_kept(client: FlaskClient, workspace: SmallWorkspace) -> None:
    text = "Shells fell on the Kherson region."
    draft = client.post("/stories/read", json={"text": text}).json
    assert draft
    at = text.index("Kherson")
    answer = save(
        client, draft, {"span": {"start": at, "end": at + 7}, "place": {"name": "Oblast", "lon": 33, "lat": 47}}
    )
    assert answer.json["remembered"][0]["level"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"span": None}, "choice 1: span"),
        ({"span": {"start": 5, "end": 5}}, "choice 1: span"),
        ({"span": {"start": 0, "end": 400}}, "choice 1: span"),
        ({"span": COMMA}, "is no name"),
        ({"place": {"name": "", "lon": 1, "lat": 1}}, "name is ''"),
        ({"place": {"name": "x", "lon": 181, "lat": 1}}, "lon is"),
        ({"place": {"name": "x", "lon": 1}}, "lat is"),
    ],
)
def test_a_bad_choice_is_said(client: FlaskClient, change: dict[str, Any], words: str) -> None:
    draft = read(client)
    answer = save(client, draft, choice(draft, 0, **change))
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_listed_forgotten_and_taken_back_without_javascript(client: FlaskClient, workspace: SmallWorkspace) -> None:
    assert "Nothing is remembered yet" in client.get("/choices").text
    draft = read(client)
    told = save(client, draft, choice(draft, 1)).json["remembered"][0]
    page = client.get("/choices").text
    assert "<q>Springfield</q>" in page
    assert TITLE in page
    gone = client.post(f"/choices/{told['choice_id']}/forget")
    assert gone.status_code == 303
    page = client.get(gone.location).text
    assert "The choice is forgotten" in page
    assert workspace.choices.known() == ()
    back = client.post(f"/choices/{told['choice_id']}/undo")
    assert "“Springfield” means Springfield again" in client.get(back.location).text
    assert workspace.choices.known()[0].place == SPRINGFIELDS[1]


def test_a_script_is_told_what_the_name_means_now(client: FlaskClient) -> None:
    draft = read(client)
    save(client, draft, choice(draft, 0))
    told = save(client, draft, choice(draft, 1)).json["remembered"][0]
    undone = client.post(f"/choices/{told['choice_id']}/undo", headers=JSON).json
    assert undone
    assert undone["choice"]["place"]["admin1"] == "Illinois"
    gone = client.post(f"/choices/{told['choice_id']}/forget", headers=JSON).json
    assert gone == {"choice_id": told["choice_id"], "choice": None}


@pytest.mark.parametrize("act", ["forget", "undo"])
def test_what_is_not_there_is_404_and_another_site_is_refused(client: FlaskClient, act: str) -> None:
    assert client.post(f"/choices/none/{act}", headers=JSON).status_code == 404
    assert client.post(f"/choices/none/{act}", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.get("/choices?changed=" + "x" * 5_000).status_code == 200


def test_names_stay_text(client: FlaskClient, workspace: SmallWorkspace) -> None:
    workspace.remember_name(f"a {NASTY}", replace(KHERSON, name=NASTY))
    page = client.get("/choices").text
    assert "<img src=x" not in page
    assert "onerror" in page


def test_the_nearest_town_to_a_point(client: FlaskClient) -> None:
    found = client.get("/places/at?at=32.7,46.7").json
    assert found
    assert found["place"]["name"] == "Kherson"
    assert 9_000 < found["away_m"] < 10_000


@pytest.mark.parametrize("at", ["", "1", "1,2,3", "a,b", "181,0", "nan,1"])
def test_a_bad_point_is_said(client: FlaskClient, at: str) -> None:
    answer = client.get(f"/places/at?at={at}", headers=JSON)
    assert answer.status_code == 400
    assert "at" in answer.json["detail"]  # type: ignore[index]


def test_a_kept_story_read_again_tells_candidates_and_triggers(client: FlaskClient) -> None:
    draft = read(client)
    draft["events"][2] |= {"sub_event_type": "", "status": "reviewed", "place": None}
    by_hand = {**draft["events"][0], "event_id": "", "title": "By hand", "status": "reviewed"}
    doc_id = draft["document"]["doc_id"]
    save(client, {**draft, "events": [*draft["events"], by_hand]})
    found = client.get(f"/stories/{doc_id}/reading.json").json
    assert found
    kept = client.get(f"/stories/{doc_id}.json").json
    assert kept
    assert [item["event_id"] for item in found["events"]] == [item["event_id"] for item in kept["events"]]
    told = {item["event_id"]: item for item in found["events"]}
    march = told[draft["events"][2]["event_id"]]
    assert [item["place"]["admin1"] for item in march["candidates"]] == ["Illinois", "Missouri", "Massachusetts"]
    text = draft["document"]["text"]
    triggers = [
        item["trigger_span"] and text[item["trigger_span"]["start"] : item["trigger_span"]["end"]]
        for item in told.values()
    ]
    assert sorted(word or "" for word in triggers) == ["Shells", "Shells", "burned", "fought", "marched"]
    assert found["toponyms"][0]["text"] == "Kherson"
    assert client.get("/stories/none/reading.json").status_code == 404


NAME = Toponym(Span(0, 5), "Bucha", "Bucha")
WHEN = TimeSpan.day(date(2024, 5, 1))
YEAR = TimeSpan(date(2024, 1, 1), date(2024, 12, 31), DatePrecision.YEAR)
DOUBT = "'Bucha' could also be Bucha, Ternopil Oblast, UA"
PLACE = Place("Bucha", 30.2, 50.5, place_id="a")
RIVAL = Candidate(Place("Bucha", 26.1, 50.0, place_id="b"), 0.4)


@pytest.mark.parametrize(
    ("event", "confidence", "words"),
    [
        (Event("e", "Battles", when=WHEN, place=PLACE), 0.95, ()),
        (Event("e", "Battles", when=WHEN, place=PLACE, notes=("the tape was found later",)), 0.95, ()),
        (Event("e", "Battles", when=WHEN, place=PLACE, notes=(DOUBT,)), 0.6,
         (DOUBT, "the place is right with a chance of about 60%; 1 other place has that name",)),
        (Event("e", "Battles", when=WHEN, place=replace(PLACE, precision=Precision.ADMIN1), notes=(DOUBT,)), 0.6,
         (DOUBT, "the area is right with a chance of about 60%; 1 other place has that name",)),
        (Event("e", "Battles", when=WHEN, place=PLACE, status=Status.REVIEWED, notes=(DOUBT,)), 0.6, ()),
        (Event("e", "Battles"), 0.95, ("it has no place", "it has no date")),
        (Event("e", "Battles", when=YEAR, place=replace(PLACE, precision=Precision.COUNTRY), confidence=0.3), 0.95,
         ("its place is told no closer than Bucha", "its date is only known within 366 days",
          "low confidence: what was read is right with a chance of about 30%")),
        (Event("e", "Battles", notes=("no date was found in the words around it",)), 0.6,
         ("no date was found in the words around it",)),
        (Event("e", "Battles", when=WHEN, place=PLACE, notes=("near Bucha, not in it: the exact place is not told",
                                                                 "'the day before' is counted from 'on Friday'")),
         0.95, ()),
    ],
)  # fmt: skip
def test_what_needs_a_look(event: Event, confidence: float, words: tuple[str, ...]) -> None:
    resolution = Resolution(NAME, PLACE, confidence, (Candidate(PLACE, 0.6), RIVAL))
    assert needs_a_look(event, resolution) == words
