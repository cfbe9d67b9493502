"""The write API over a real store: who may, what is refused and how it is said, conditions, repeated requests."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from geodata.errors import StoreBusy
from geodata.features import feature
from geodata.model import Event, Place, Precision, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.store import open_store
from geodata.timespan import TimeSpan
from geodata.tokens import Scope
from mapping.writing.bodies import merged
from mapping.writing.tags import event_tag
from tests.mapping.story_workspace import CLASH, KHERSON, SHELLING, TEXT, SmallWorkspace

ITEMS = "/collections/events/items"
GEOJSON, PATCH = "application/geo+json", "application/merge-patch+json"
CLASH_EVENT: Mapping[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [38.0008, 48.5945]},
    "properties": {
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "title": "Clash near Bakhmut",
        "start": "2022-11-11",
        "place": "Bakhmut",
        "country": "ua",
        "fatalities_low": 3,
        "source_url": "https://example.org/1",
        "desk": "east",
        "checked": 2,
    },
}
KEPT = Event(
    "kept",
    "Battles",
    "Armed clash",
    "A kept clash",
    TimeSpan(date(2022, 11, 1), date(2022, 11, 3)),
    Place("Kherson", 32.61781234, 46.6354567, Precision.NEAR, "UA", "Kherson Oblast", radius_m=1234.5),
    quote="Shots were heard.",
    sources=(Source("https://example.org/a", "A", "Wire"), Source("https://example.org/b", "B", "Post")),
    actors=("One", "Other"),
    confidence=0.6,
    notes=("check the day",),
    tags=("front",),
    properties={"desk": "south", "place": "as it was written"},
)
REVIEWED = replace(KEPT, event_id="reviewed", status=Status.REVIEWED)


class World:
    """A site with an event of each kind, and a token of each scope."""

    def __init__(self, folder: Path, tokens: Mapping[Scope, str]) -> None:
        self.workspace = SmallWorkspace(Settings(data=folder, max_upload_bytes=1_000_000))
        self.store, self.tokens = self.workspace.store, tokens
        self.site: Flask = create_app(workspace=self.workspace)
        self.client: FlaskClient = self.site.test_client()

    def send(self, method: str, path: str, body: object = None, scope: str = "write", **headers: str) -> TestResponse:
        """A request with a token; `headers` by their names with `_`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {self.tokens[Scope(scope)]}")
        data = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
        kind = named.pop("Content-Type", PATCH if method == "PATCH" else GEOJSON)
        return self.client.open(path, method=method, data=data, content_type=kind, headers=named)

    def tag(self, event_id: str) -> str:
        return f'"{event_tag(self.store.get(event_id))}"'


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[Scope, str]]:
    """The store that each test gets a copy of, and its tokens: to make one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("first")
    store = open_store(Settings(data=folder).store_url)
    store.save([KEPT, REVIEWED])
    tokens = {scope: store.tokens.add(scope.value, scope) for scope in Scope}
    store.close()
    return folder, tokens


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, first: tuple[Path, Mapping[Scope, str]]) -> Iterator[World]:
    """One site for the tests that change nothing."""
    folder = tmp_path_factory.mktemp("still")
    for file in first[0].glob("dateline.sqlite*"):
        shutil.copy(file, folder)
    made = World(folder, first[1])
    yield made
    made.workspace.close()


@pytest.fixture
def world(tmp_path: Path, first: tuple[Path, Mapping[Scope, str]]) -> Iterator[World]:
    folder, tokens = first
    for file in folder.glob("dateline.sqlite*"):
        shutil.copy(file, tmp_path)
    made = World(tmp_path, tokens)
    yield made
    made.workspace.close()


def changed(**properties: object) -> dict[str, Any]:
    return {**CLASH_EVENT, "properties": {**CLASH_EVENT["properties"], **properties}}


def pointers(answer: TestResponse) -> list[str]:
    assert answer.mimetype == "application/problem+json", answer.text
    return [error["pointer"] for error in json.loads(answer.data).get("errors", ())]


def test_an_event_is_added_and_can_be_fetched(world: World) -> None:
    answer = world.send("POST", ITEMS, CLASH_EVENT, scope="review")
    assert answer.status_code == 201, answer.text
    made = json.loads(answer.data)
    fetched = world.client.get(answer.headers["Location"])
    assert fetched.headers["ETag"] == answer.headers["ETag"] == world.tag(made["id"])
    props = json.loads(fetched.data)["properties"]
    assert (props["start"], props["end"], props["date_precision"]) == ("2022-11-11", "2022-11-11", "day")
    assert (props["country"], props["status"], props["fatalities_low"]) == ("UA", "reviewed", 3)
    assert (props["desk"], props["checked"]) == ("east", "2")
    assert made["properties"] == props
    assert made["geometry"]["coordinates"] == [38.0008, 48.5945]


def test_what_a_token_may_not_vouch_for_is_a_draft(world: World) -> None:
    answer = world.send("POST", ITEMS, changed(status="reviewed"))
    assert json.loads(answer.data)["properties"]["status"] == "draft"


def test_a_collection_is_added_whole_or_not_at_all(world: World) -> None:
    good = [{**CLASH_EVENT, "id": f"n{number}"} for number in range(3)]
    version = world.store.version()
    bad = world.send("POST", ITEMS, {"type": "FeatureCollection", "features": [*good, changed(start="soon")]})
    assert (bad.status_code, pointers(bad)) == (422, ["#/features/3/properties/start"])
    assert world.store.version() == version
    answer = world.send("POST", ITEMS, {"type": "FeatureCollection", "features": good})
    assert answer.status_code == 201
    assert [item["id"] for item in json.loads(answer.data)["added"]] == ["n0", "n1", "n2"]
    again = world.send("POST", ITEMS, {"type": "FeatureCollection", "features": [CLASH_EVENT, good[1]]})
    assert (again.status_code, pointers(again)) == (409, ["#/features/1/id"])
    assert world.store.count(EventQuery()) == 5


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, ["#/type", "#/coordinates", "#/properties/event_type"]),
        ([], ["#/type", "#/properties/event_type"]),
        ({**CLASH_EVENT, "properties": 3}, ["#/properties", "#/properties/event_type"]),
        ({**CLASH_EVENT, "note": "x"}, ["#/note"]),
        ({**CLASH_EVENT, "id": {}}, ["#/id"]),
        ({**CLASH_EVENT, "id": " a"}, ["#/id"]),
        ({**CLASH_EVENT, "id": "/a"}, ["#/id"]),
        ({**CLASH_EVENT, "id": "a" * 201}, ["#/id"]),
        (changed(event_type="Battle"), ["#/properties/event_type"]),
        (changed(sub_event_type="Riot"), ["#/properties/sub_event_type"]),
        (changed(start="2022-02-30", country="Ukraine"), ["#/properties/country", "#/properties/start"]),
        (changed(start="2022-11-12", end="2022-11-11"), ["#/properties/start"]),
        (changed(start=None, end="2022-11-11"), ["#/properties/end"]),
        (changed(date_precision="about"), ["#/properties/date_precision"]),
        (changed(title="x" * 301), ["#/properties/title"]),
        (changed(title=3), ["#/properties/title"]),
        (changed(confidence=1.5), ["#/properties/confidence"]),
        (changed(fatalities_best=1), ["#/properties/fatalities_best"]),
        (changed(fatalities_low=-1), ["#/properties/fatalities_best"]),
        (changed(status="published"), ["#/properties/status"]),
        (changed(precision="roughly"), ["#/properties/precision"]),
        (changed(actors="One"), ["#/properties/actors"]),
        (changed(source_url="javascript:alert(1)"), ["#/properties/source_url"]),
        (changed(source_published="yesterday"), ["#/properties/source_url"]),
        (changed(sources=[{"url": "x"}], source_url=None), ["#/properties/sources/0"]),
        (changed(desk="x" * 5001), ["#/properties/desk"]),
        (changed(doc_id="no-such"), ["#/properties/doc_id"]),
        (changed(quote_start=1, quote_end=4), ["#/properties/quote_start"]),
        ({**CLASH_EVENT, "geometry": {"type": "Point", "coordinates": [200, 1]}}, ["#/geometry/coordinates"]),
        ({**CLASH_EVENT, "geometry": {"type": "Point", "coordinates": ["1", 2]}}, ["#/geometry"]),
        ({**CLASH_EVENT, "geometry": {"type": "Polygon", "coordinates": []}}, ["#/geometry"]),
        ({"type": "FeatureCollection", "features": []}, ["#/features"]),
        ({"type": "FeatureCollection", "features": {}}, ["#/features"]),
        (
            {"type": "FeatureCollection", "features": [{**CLASH_EVENT, "id": "a"}] * 2},
            ["#/features/0/id", "#/features/1/id"],
        ),
    ],
)  # fmt: skip
def test_each_wrong_field_is_told(still: World, body: object, wrong: list[str]) -> None:
    version = still.store.version()
    answer = still.send("POST", ITEMS, body)
    assert (answer.status_code, pointers(answer)) == (422, wrong), answer.text
    assert still.store.version() == version


@pytest.mark.parametrize("event_id", ["..", "%09", "x" * 201, "a%20"])
def test_an_address_is_held_to_what_an_id_may_be(still: World, event_id: str) -> None:
    answer = still.send("PUT", f"{ITEMS}/{event_id}", CLASH_EVENT)
    assert (answer.status_code, "is no id; accepted: 1 to 200" in answer.text) == (422, True), answer.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", GEOJSON, 400),
        ('{"a": NaN}', GEOJSON, 400),
        (b'\xff{"a"', GEOJSON, 400),
        ("[" * 100_000, GEOJSON, 400),
        (json.dumps(changed(desk=1)).replace('"desk": 1', '"desk": 1e400'), GEOJSON, 400),
        (json.dumps({**CLASH_EVENT, "\ud800": 1}), GEOJSON, 400),
        ("[" * 40 + "]" * 40, GEOJSON, 400),
        (json.dumps(CLASH_EVENT), "text/plain", 415),
        ("x" * 1_000_001, GEOJSON, 413),
    ],
)
def test_what_is_no_json_is_refused(still: World, body: str | bytes, kind: str, status: int) -> None:
    answer = still.send("POST", ITEMS, body, Content_Type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_place_that_is_named_is_geocoded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        type(world.workspace),
        "placed",
        lambda self, events: [
            replace(event, place=KHERSON, notes=("placed", "placed"))
            if event.place is None and event.properties.get("place")
            else event
            for event in events
        ],
    )
    answer = world.send("POST", ITEMS, {**changed(place="Kherson", admin1="Kherson Oblast"), "geometry": None})
    made = json.loads(answer.data)
    assert made["geometry"]["coordinates"] == [32.6178, 46.6354]
    assert made["properties"]["notes"] == ["placed"]


def test_when_of_linked_places_is_read(world: World) -> None:
    when = {"timespans": [{"start": {"in": "2022-11"}, "end": {"latest": "2022-12"}}]}
    answer = world.send("POST", ITEMS, {**changed(start=None), "when": when})
    props = json.loads(answer.data)["properties"]
    assert (props["start"], props["end"], props["date_precision"]) == ("2022-11-01", "2022-12-31", "month")


@pytest.mark.parametrize("scope", ["write", "review"])
def test_what_was_fetched_can_be_put_back_unchanged(world: World, scope: str) -> None:
    whole = json.loads(world.client.get(f"{ITEMS}/kept").data)
    answer = world.send("PUT", f"{ITEMS}/kept", whole, scope=scope, If_Match=world.tag("kept"))
    assert answer.status_code == 200, answer.text
    kept = world.store.get("kept")
    assert replace(kept, place=KEPT.place) == KEPT  # but for decimals that a feature has not
    assert kept.place is not None
    assert (round(kept.place.lon, 6), kept.place.radius_m) == (32.617812, 1234.5)


@pytest.mark.parametrize(
    ("patch", "field", "value"),
    [
        ({"properties": {"title": "Another"}}, "title", "Another"),
        ({"properties": {"title": "Another"}}, "place", replace(KEPT.place, lon=32.6178123)),  # type: ignore[type-var]
        ({"properties": {"actors": ["Third"], "desk": None}}, "properties", {"place": "as it was written"}),
        ({"properties": {"start": "2022-11-02"}}, "when", TimeSpan(date(2022, 11, 2), date(2022, 11, 3))),
        ({"when": {"timespans": [{"start": {"in": "2023-01-05"}}]}}, "when", TimeSpan.day(date(2023, 1, 5))),
        ({"properties": {"start": None, "end": None}}, "when", None),
        ({"properties": {"confidence": None}}, "confidence", 1.0),
        (
            {"properties": {"sources": [{"url": "https://example.org/c"}]}},
            "sources",
            (Source("https://example.org/c"),),
        ),
        (
            {"properties": {"source_title": "Z"}},
            "sources",
            (Source("https://example.org/a", "Z", "Wire"), KEPT.sources[1]),
        ),
    ],
)
def test_a_merge_patch(world: World, patch: object, field: str, value: object) -> None:
    answer = world.send("PATCH", f"{ITEMS}/kept", patch, If_Match=world.tag("kept"))
    assert answer.status_code == 200, answer.text
    assert getattr(world.store.get("kept"), field) == value
    assert answer.headers["ETag"] == world.tag("kept")


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # RFC 7386, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_is_that_of_the_standard(target: object, patch: object, result: object) -> None:
    assert merged(target, patch) == result


@pytest.mark.parametrize(
    ("method", "event_id", "headers", "scope", "status"),
    [
        ("PUT", "kept", {}, "write", 428),
        ("PATCH", "kept", {}, "write", 428),
        ("DELETE", "kept", {}, "write", 428),
        ("PUT", "kept", {"If_Match": '"0"'}, "write", 412),
        ("PATCH", "kept", {"If_Match": '"0"'}, "write", 412),
        ("DELETE", "kept", {"If_Match": '"0"'}, "write", 412),
        ("DELETE", "kept", {"If_Match": 'W/"{tag}"'}, "write", 412),  # a weak tag is none for a condition
        ("PUT", "kept", {"If_None_Match": "*"}, "write", 412),
        ("PUT", "kept", {"If_Match": '"{tag}"'}, "write", 200),
        ("PUT", "kept", {"If_Match": '"x", "{tag}:br"'}, "write", 200),
        ("PUT", "kept", {"If_Match": "*"}, "write", 200),
        ("PUT", "new", {"If_Match": "*"}, "write", 412),
        ("PUT", "new", {"If_None_Match": "*"}, "write", 201),
        ("PUT", "new/with a slash", {}, "write", 201),
        ("PATCH", "new", {"If_Match": "*"}, "write", 404),
        ("DELETE", "new", {"If_Match": "*"}, "write", 404),
        ("DELETE", "kept", {"If_Match": "*"}, "write", 204),
        ("PUT", "reviewed", {"If_Match": "*"}, "write", 403),
        ("PATCH", "reviewed", {"If_Match": "*"}, "write", 403),
        ("DELETE", "reviewed", {"If_Match": "*"}, "write", 403),
        ("PUT", "reviewed", {"If_Match": "*"}, "review", 200),
        ("DELETE", "reviewed", {"If_Match": "*"}, "review", 204),
        ("DELETE", "kept", {"If_Match": "*"}, "read", 403),
    ],
)
def test_conditions(world: World, method: str, event_id: str, headers: dict[str, str], scope: str, status: int) -> None:
    version = world.store.version()
    tag = world.tag(event_id).strip('"') if event_id in ("kept", "reviewed") else ""
    sent = {name: value.replace("{tag}", tag) for name, value in headers.items()}
    body = {"PUT": CLASH_EVENT, "PATCH": {"properties": {"title": "T"}}}.get(method)
    answer = world.send(method, f"{ITEMS}/{event_id}", body, scope=scope, **sent)
    assert answer.status_code == status, answer.text
    assert (world.store.version() != version) == (status < 300)
    if status >= 400:
        assert answer.mimetype == "application/problem+json"


def test_a_lost_update_is_refused(world: World) -> None:
    tag = world.tag("kept")
    first = world.send("PATCH", f"{ITEMS}/kept", {"properties": {"title": "Mine"}}, If_Match=tag)
    second = world.send("PATCH", f"{ITEMS}/kept", {"properties": {"title": "Theirs"}}, If_Match=tag)
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.headers["ETag"] == first.headers["ETag"]
    assert world.store.get("kept").title == "Mine"


def test_a_reviewer_may_make_a_draft_of_what_was_reviewed(world: World) -> None:
    patch = {"properties": {"status": "draft"}}
    world.send("PATCH", f"{ITEMS}/reviewed", patch, scope="review", If_Match="*")
    assert world.store.get("reviewed").status is Status.DRAFT


def test_what_holds_merged_events_is_not_removed_and_what_was_merged_leads_there(world: World) -> None:
    world.store.duplicates.merge(world.store.get("kept"), "reviewed")
    assert world.send("DELETE", f"{ITEMS}/kept", scope="review", If_Match="*").status_code == 409
    for method, body in (("PUT", CLASH_EVENT), ("PATCH", {}), ("DELETE", None)):
        answer = world.send(method, f"{ITEMS}/reviewed", body, scope="review", If_Match="*")
        assert answer.status_code == 409, method
        assert "merged into kept" in json.loads(answer.data)["detail"]
    assert world.send("POST", ITEMS, {**CLASH_EVENT, "id": "reviewed"}).status_code == 409


def test_removing_keeps_the_history(world: World) -> None:
    cursor = world.store.changes.now()
    world.send("DELETE", f"{ITEMS}/kept", If_Match="*")
    (change,) = world.store.changes.since(cursor).changes
    assert (change.action, change.event_id, change.now) == ("removed", "kept", None)
    assert change.before == replace(KEPT, place=replace(KEPT.place, lon=32.6178123))  # type: ignore[type-var]


def test_a_store_that_is_written_to_elsewhere_says_when_to_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object) -> None:
        raise StoreBusy("the store: another process is writing to it")

    monkeypatch.setattr(type(world.store.edits), "edit", busy)
    answer = world.send("POST", ITEMS, CLASH_EVENT)
    assert (answer.status_code, answer.headers["Retry-After"], answer.mimetype) == (
        503, "5", "application/problem+json"
    )  # fmt: skip


# Idempotency-Key


def test_the_same_request_again_gets_the_same_answer(world: World) -> None:
    first = world.send("POST", ITEMS, CLASH_EVENT, Idempotency_Key="k1")
    version = world.store.version()
    again = world.send("POST", ITEMS, CLASH_EVENT, Idempotency_Key="k1")
    assert (again.status_code, again.data) == (201, first.data)
    assert {name: again.headers[name] for name in ("Location", "ETag")} == {
        name: first.headers[name] for name in ("Location", "ETag")
    }
    assert again.headers["Idempotency-Replayed"] == "true"
    assert world.store.version() == version


def test_a_key_stands_for_one_request_of_one_token(world: World) -> None:
    world.send("POST", ITEMS, CLASH_EVENT, Idempotency_Key="k1")
    other = world.send("POST", ITEMS, changed(title="Other"), Idempotency_Key="k1")
    assert (other.status_code, other.mimetype) == (422, "application/problem+json")
    assert world.send("POST", ITEMS, changed(title="Other"), scope="review", Idempotency_Key="k1").status_code == 201
    assert world.send("POST", ITEMS, CLASH_EVENT, Idempotency_Key="k" * 256).status_code == 400


def test_a_refused_request_can_be_mended_under_its_key(world: World) -> None:
    assert world.send("POST", ITEMS, changed(start="x"), Idempotency_Key="k1").status_code == 422
    assert world.send("POST", ITEMS, CLASH_EVENT, Idempotency_Key="k1").status_code == 201


def test_a_delete_sent_again_under_its_key_is_the_same_delete(world: World) -> None:
    sent = {"If_Match": "*", "Idempotency_Key": "d"}
    assert [world.send("DELETE", f"{ITEMS}/kept", **sent).status_code for _ in range(2)] == [204, 204]


# Tokens


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, 'Bearer realm="Dateline"'),
        ("Basic eDp5", 'Bearer realm="Dateline"'),
        ("Bearer ", 'Bearer realm="Dateline"'),
        ("Bearer dateline_000000000000_" + "x" * 43, 'Bearer realm="Dateline", error="invalid_token"'),
        ("Bearer \x80\xff", 'Bearer realm="Dateline", error="invalid_token"'),
    ],
)
def test_without_a_good_token_nothing_is_written(still: World, header: str | None, said: str) -> None:
    headers = {"Authorization": header} if header else {}
    for method, path in (("POST", ITEMS), ("PUT", f"{ITEMS}/kept"), ("DELETE", "/stories/x")):
        answer = still.client.open(path, method=method, json=CLASH_EVENT, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, said)
        assert answer.mimetype == "application/problem+json"


def test_a_token_that_ended_or_was_revoked_is_none(world: World) -> None:
    tokens = world.store.tokens
    brief = tokens.add("brief", Scope.WRITE, datetime.now(UTC) + timedelta(seconds=1000))
    held = tokens.holder(brief)
    assert held is not None
    assert not held.holds(datetime.now(UTC) + timedelta(seconds=1001))
    tokens.revoke("brief")
    answer = world.send("POST", ITEMS, CLASH_EVENT, Authorization=f"Bearer {brief}")
    assert answer.status_code == 401


def test_who_guesses_has_to_wait_and_who_has_a_token_has_not(world: World) -> None:
    world.send("POST", ITEMS, CLASH_EVENT)
    asked = (("POST", ITEMS, CLASH_EVENT), ("GET", ITEMS), ("GET", "/changes"))  # counted together
    wrong = [world.send(*asked[n % 3], Authorization=f"Bearer dateline_{n:012x}_{'x' * 43}") for n in range(25)]
    assert [answer.status_code for answer in wrong] == [401] * 20 + [429] * 5
    assert 1 <= int(wrong[-1].headers["Retry-After"]) <= 61
    assert world.send("POST", ITEMS, CLASH_EVENT).status_code == 201


def test_a_browser_on_another_site_writes_nothing_even_with_a_token(still: World) -> None:
    assert still.send("POST", ITEMS, CLASH_EVENT, Origin="https://evil.example").status_code == 403


def test_a_token_does_not_open_the_page_s_own_forms(still: World) -> None:
    headers = {"Authorization": f"Bearer {still.tokens[Scope.READ]}", "Origin": "https://evil.example"}
    answer = still.client.post("/events/kept/status", json={"status": "reviewed"}, headers=headers)
    assert answer.status_code == 403


# Stories


def story(world: World, method: str, path: str, body: object, **more: str) -> TestResponse:
    kind = more.pop("Content_Type", "application/json")
    return world.send(method, path, body, **{"Content_Type": kind, **more})


BODY = {"text": TEXT, "published": "2024-05-13", "url": "https://example.org/s", "publisher": "Example Wire"}


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (BODY, "application/json", ""),
        ({**BODY, "text": "", "html": "<p>" + TEXT.replace("\n\n", "</p><p>") + "</p>"}, "application/json", ""),
        (TEXT, "text/plain", "?published=2024-05-13&url=https://example.org/s&publisher=Example+Wire"),
    ],
)
def test_a_story_is_read_to_drafts(world: World, body: object, kind: str, query: str) -> None:
    answer = story(world, "POST", f"/stories{query}", body, Content_Type=kind)
    assert answer.status_code == 201, answer.text
    told = json.loads(answer.data)
    events = told["events"]["features"]
    assert [each["properties"]["event_type"] for each in events] == [
        "Explosions/Remote violence", "Battles", "Protests", "Disaster"
    ]  # fmt: skip
    assert {each["properties"]["status"] for each in events} == {"draft"}
    assert events[0]["properties"]["start"] == "2024-05-11"
    kept = world.store.document(told["id"])
    assert (kept.source.publisher, kept.source.url) == ("Example Wire", "https://example.org/s")
    assert world.client.get(f"/stories/{told['id']}.json").headers["ETag"] == answer.headers["ETag"]
    again = story(world, "POST", f"/stories{query}", body, Content_Type=kind)
    assert (again.status_code, json.loads(again.data)["unchanged"]) == (200, 4)


def test_another_text_of_a_story_keeps_what_a_person_said(world: World) -> None:
    first = story(world, "PUT", "/stories/cms-1", BODY)
    assert first.status_code == 201
    ids = [each["id"] for each in json.loads(first.data)["events"]["features"]]
    world.store.set_status(ids[:1], Status.REVIEWED)
    shorter = {**BODY, "text": f"A correction.\n\n{SHELLING}"}
    assert story(world, "PUT", "/stories/cms-1", shorter).status_code == 428
    answer = story(world, "PUT", "/stories/cms-1", shorter, If_Match=first.headers["ETag"])
    told = json.loads(answer.data)
    assert (answer.status_code, told["removed"]) == (200, 3)
    reviewed = world.store.get(ids[0])
    assert reviewed.status is Status.REVIEWED
    assert reviewed.quote_span is not None
    assert reviewed.quote_span.of(world.store.document("cms-1").text) == SHELLING
    assert story(world, "PUT", "/stories/cms-1", BODY, If_Match=first.headers["ETag"]).status_code == 412


def test_a_story_is_removed_with_its_events(world: World) -> None:
    made = story(world, "POST", "/stories", {**BODY, "id": "s"})
    ids = [each["id"] for each in json.loads(made.data)["events"]["features"]]
    world.store.set_status(ids[:1], Status.REVIEWED)
    assert world.send("DELETE", "/stories/s", If_Match="*").status_code == 403
    assert world.send("DELETE", "/stories/s", scope="review").status_code == 428
    answer = world.send("DELETE", "/stories/s", scope="review", If_Match=made.headers["ETag"])
    assert (answer.status_code, sorted(json.loads(answer.data)["removedEvents"])) == (200, sorted(ids))
    assert not world.store.get_many(ids)
    assert world.client.get("/stories/s.json").status_code == 404
    assert world.send("DELETE", "/stories/s", scope="review", If_Match="*").status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ({}, "application/json", 422),
        ({"text": "a", "html": "b"}, "application/json", 422),
        ({"text": 3}, "application/json", 400),
        ({**BODY, "published": "soon"}, "application/json", 400),
        ({**BODY, "url": "ftp://x"}, "application/json", 400),
        ({**BODY, "id": "a\nb"}, "application/json", 422),
        ("", "text/plain", 400),
        ("x", "image/png", 415),
    ],
)
def test_what_is_no_story_is_refused(still: World, body: object, kind: str, status: int) -> None:
    answer = story(still, "POST", "/stories", body, Content_Type=kind)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text


def test_a_story_of_another_text_under_the_same_id_is_a_conflict(world: World) -> None:
    story(world, "POST", "/stories", {**BODY, "id": "s"})
    assert story(world, "POST", "/stories", {**BODY, "id": "s", "text": CLASH}).status_code == 409


def test_an_event_of_a_story_keeps_its_words(world: World) -> None:
    made = story(world, "POST", "/stories", BODY)
    first = json.loads(made.data)["events"]["features"][0]
    answer = world.send("PATCH", f"{ITEMS}/{first['id']}", {"properties": {"title": "T"}}, If_Match="*")
    props = json.loads(answer.data)["properties"]
    assert {**props, "title": ""} == {**first["properties"], "title": ""}
    past = world.send("PATCH", f"{ITEMS}/{first['id']}", {"properties": {"quote_end": 10**6}}, If_Match="*")
    assert pointers(past) == ["#/properties/quote_end"]


def test_the_feature_form_reads_every_feature_that_we_write(world: World) -> None:
    whole = feature(KEPT)
    assert world.send("PUT", f"{ITEMS}/copy", {**whole, "id": "copy"}).status_code == 201
