"""Imports by the page: what is sent in, how it stands, stop, going on, and what is refused."""

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.errors import UsageError
from geodata.jobs.desk import ImportDesk
from geodata.settings import Settings
from geodata.sources.web import Fetcher
from tests.jobs.small_workspace import SLOW, TrickyWorkspace
from tests.sources.made_files import feed_file, feed_item
from tests.sources.web_server import Names, Site

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = (
    "<html><head><title>Blast</title>"
    "<meta property='article:published_time' content='2024-05-06'></head><body><article>"
    + "<p>Shelling hit Kherson on Friday, and two people were hurt in it, the police said there.</p>" * 3
    + "</article></body></html>"
).encode()


@pytest.fixture
def fetch_urls() -> bool:
    return False


@pytest.fixture
def workspace(tmp_path: Path, fetch_urls: bool) -> Iterator[TrickyWorkspace]:
    made = TrickyWorkspace(Settings(data=tmp_path, workers=1, fetch_urls=fetch_urls, max_import_bytes=300_000))
    yield made
    made.close()


@pytest.fixture
def client(workspace: TrickyWorkspace) -> Iterator[FlaskClient]:
    app = create_app(workspace=workspace)
    yield app.test_client()
    app.extensions["dateline-imports"].close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def start(client: FlaskClient, *files: tuple[str, bytes]) -> str:
    answer = client.post("/imports", data={"file": [(io.BytesIO(data), name) for name, data in files]})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    assert answer.json["url"] == f"/imports/{answer.json['import_id']}"
    return str(answer.json["import_id"])


def state(client: FlaskClient, import_id: str) -> dict[str, Any]:
    answer = client.get(f"/imports/{import_id}.json")
    assert answer.status_code == 200
    assert isinstance(answer.json, dict)
    return answer.json


def ended(client: FlaskClient, import_id: str) -> dict[str, Any]:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        found = state(client, import_id)
        if found["state"] not in ("waiting", "running"):
            return found
        time.sleep(0.02)
    raise AssertionError("the import does not end")


def story(number: int, more: str = "") -> bytes:
    return f"Shelling number {number} hit Kherson. {more}".encode()


def many(count: int, more: str = "") -> bytes:
    return "\n".join(json.dumps({"text": story(n, more).decode()}) for n in range(count)).encode()


def test_several_files_are_imported_with_a_line_each(client: FlaskClient, workspace: TrickyWorkspace) -> None:
    table = b"date,lon,lat,title\n2022-02-03,30,50,One\n"
    files = (("a.txt", story(1)), ("../b.md", story(2)), ("wire.rss", feed_file(*map(feed_item, range(3)))),
             ("t.csv", table), ("bad.pdf", b"%PDF-1.4\nrubbish"))  # fmt: skip
    done = ended(client, start(client, *files))
    assert (done["state"], done["stories"], done["done"], done["total"]) == ("done", 5, 7, 7)
    assert [(file["name"], file["stories"], file["events"], file["problems"]) for file in done["files"]] == [
        ("a.txt", 1, 1, 0), ("b.md", 1, 1, 0), ("wire.rss", 3, 3, 0), ("t.csv", 0, 1, 0), ("bad.pdf", 0, 0, 1),
    ]  # fmt: skip
    assert "bad.pdf is damaged" in done["problems"][0]["message"]
    assert len(workspace.store.stories()) == 5
    copies = workspace.settings.data / "imports"
    until = time.monotonic() + 5  # the end is told first: a crash between leaves copies, never an import without them
    while list(copies.rglob("files/*")) and time.monotonic() < until:
        time.sleep(0.02)
    assert not list(copies.rglob("files/*")), "the copies are kept after the end"
    assert done["name"] == "a.txt and 4 more"


def test_an_import_is_stopped_and_gone_on_with(client: FlaskClient, workspace: TrickyWorkspace) -> None:
    import_id = start(client, ("s.jsonl", many(120, SLOW)))
    while not state(client, import_id)["stories"]:
        time.sleep(0.02)
    assert client.post(f"/imports/{import_id}/stop").status_code == 200
    stopped = ended(client, import_id)
    assert stopped["state"] == "stopped"
    assert 0 < stopped["stories"] < 120
    assert client.post(f"/imports/{import_id}/stop").status_code == 400
    assert client.post(f"/imports/{import_id}/resume").status_code == 200
    done = ended(client, import_id)
    assert (done["state"], done["stories"] + done["known"]) == ("done", 120)
    assert len(workspace.store.stories(1000)) == 120


def test_what_a_server_left_is_found_by_the_next(workspace: TrickyWorkspace) -> None:
    first = create_app(workspace=workspace)
    client = first.test_client()
    import_id = start(client, ("s.jsonl", many(120, SLOW)))
    waiting = start(client, ("b.txt", story(1)))
    while not state(client, import_id)["stories"]:
        time.sleep(0.02)
    first.extensions["dateline-imports"].close()
    again = create_app(workspace=workspace)
    client = again.test_client()
    for each in (import_id, waiting):
        assert state(client, each)["state"] == "stopped"
        assert client.post(f"/imports/{each}/resume").status_code == 200
    assert ended(client, import_id)["state"] == ended(client, waiting)["state"] == "done"
    assert len(workspace.store.stories(1000)) == 121
    again.extensions["dateline-imports"].close()


def test_one_that_waited_was_stopped_and_went_on_is_read_once(client: FlaskClient, workspace: TrickyWorkspace) -> None:
    first = start(client, ("s.jsonl", many(60, SLOW)))
    waiting = start(client, ("b.txt", story(1)))
    for action in ("stop", "resume"):
        assert client.post(f"/imports/{waiting}/{action}").status_code == 200
    client.post(f"/imports/{first}/stop")
    done, last = ended(client, waiting), start(client, ("c.txt", story(2)))
    assert (done["state"], done["stories"], done["problems"]) == ("done", 1, [])
    ended(client, last)  # what waited twice would have been read again before it, without its files
    assert state(client, waiting) == done


def test_servers_that_share_a_folder_see_and_stop_each_other_s_imports(
    client: FlaskClient, workspace: TrickyWorkspace
) -> None:
    other = ImportDesk(workspace)
    import_id = start(client, ("s.jsonl", many(200, SLOW)))
    waiting = start(client, ("b.txt", story(1)))
    while not state(client, import_id)["stories"]:
        time.sleep(0.02)
    assert (other.get(import_id).state, other.get(waiting).state) == ("running", "waiting")
    for each in (import_id, waiting):
        for action in (other.resume, other.remove):
            with pytest.raises(UsageError, match="this import is"):
                action(each)
        other.stop(each)
    assert {ended(client, each)["state"] for each in (import_id, waiting)} == {"stopped"}
    assert [other.get(each).state for each in (import_id, waiting)] == ["stopped"] * 2
    other.resume(waiting)
    assert ended(client, waiting)["state"] == "done"
    other.close()


def test_a_record_of_a_server_that_was_killed_is_stopped(workspace: TrickyWorkspace) -> None:
    desk = ImportDesk(workspace)
    import_id = desk.submit([("a.txt", lambda place: place.write_bytes(story(1)))])
    while desk.get(import_id).state != "done":
        time.sleep(0.02)
    desk.close()
    path = workspace.settings.data / "imports" / import_id / "job.json"
    path.write_text(path.read_text().replace('"state": "done"', '"state": "running"'))
    found = ImportDesk(workspace).get(import_id)
    assert found.state == "stopped"
    assert "The server ended" in found.message


def test_the_pages(client: FlaskClient) -> None:
    assert "Nothing was imported" in client.get("/imports").text
    import_id = start(client, ("<b>a</b>.txt", story(1)))
    ended(client, import_id)
    page = client.get(f"/imports/{import_id}").text
    assert "Import of &lt;b&gt;a&lt;/b&gt;.txt" in page or "Import of b&gt;.txt" in page
    assert import_id in client.get("/imports").text
    assert client.post(f"/imports/{import_id}/remove").status_code == 200
    assert client.get(f"/imports/{import_id}").status_code == 404
    assert client.get("/imports/..%2f..%2fetc.json").status_code == 404


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({}, 400, "There is nothing to import"),
        ({"address": "https://example.org/"}, 400, "DATELINE_FETCH_URLS=yes turns it on"),
        ({"file": (io.BytesIO(b"a" * 400_000), "a.txt")}, 413, "larger than 0.3 MB (DATELINE_MAX_IMPORT_BYTES)"),
    ],
)
def test_what_cannot_be_imported_is_said(client: FlaskClient, form: dict[str, Any], status: int, words: str) -> None:
    answer = client.post("/imports", data=form, content_type="multipart/form-data")
    assert (answer.status_code, words in str(answer.json)) == (status, True), answer.json


def test_another_site_cannot_import(client: FlaskClient) -> None:
    answer = client.post("/imports", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def read_address(client: FlaskClient, address: str) -> Any:
    return client.post("/stories/read-address", json={"url": address})


def test_an_address_is_not_fetched_while_that_is_off(client: FlaskClient) -> None:
    answer = read_address(client, "https://example.org/")
    assert answer.status_code == 400
    assert "DATELINE_FETCH_URLS=yes turns it on" in answer.json["detail"]


@pytest.mark.parametrize("fetch_urls", [True])
def test_an_address_is_read_for_review(client: FlaskClient, workspace: TrickyWorkspace, site: Site) -> None:
    site.pages["/story"] = (200, HTML, PAGE)
    workspace.intake.fetcher = Fetcher(Names().policy(site.port))
    draft = read_address(client, site.address("/story")).json
    source = draft["document"]["source"]
    assert (source["url"], source["published"]) == (site.address("/story"), "2024-05-06")
    assert source["retrieved"]
    (note,) = [note for note in draft["document"]["notes"] if note.startswith("fetched from")]
    (copy,) = (workspace.settings.data / "copies").rglob("*.html")
    assert copy.name in note
    assert draft["events"]


@pytest.mark.parametrize("fetch_urls", [True])
def test_a_feed_s_address_is_an_import(client: FlaskClient, workspace: TrickyWorkspace, site: Site) -> None:
    site.pages["/rss"] = (200, {"Content-Type": "application/rss+xml"}, feed_file(*map(feed_item, range(4))))
    workspace.intake.fetcher = Fetcher(Names().policy(site.port))
    assert read_address(client, site.address("/rss")).json == {"stories": 4}
    made = client.post("/imports", json={"address": site.address("/rss")}).json
    assert made is not None
    done = ended(client, made["import_id"])
    assert (done["state"], done["stories"]) == ("done", 4)
    assert all(workspace.store.document(item.doc_id).source.retrieved for item in workspace.store.stories())


@pytest.mark.parametrize("fetch_urls", [True])
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "http://localhost/"]
)
def test_private_addresses_are_refused(client: FlaskClient, address: str) -> None:
    answer = read_address(client, address)
    assert answer.status_code == 400
    assert "not on the public internet" in answer.json["detail"]
    made = client.post("/imports", json={"address": address}).json
    assert made is not None
    done = ended(client, made["import_id"])
    assert "not on the public internet" in done["problems"][0]["message"]


def test_a_publication_date_in_the_future_is_flagged(client: FlaskClient) -> None:
    answer = client.post("/stories/read", data={"text": story(1).decode(), "published": "2999-01-01"})
    assert answer.json is not None
    assert any("is in the future" in note for note in answer.json["document"]["notes"])
    assert any("is in the future" in note for note in answer.json["events"][0]["notes"])


def test_a_table_of_unknown_columns_is_mapped_by_hand(client: FlaskClient) -> None:
    """Before, it was refused where it was handed in, so that nobody could say what its columns mean."""
    text = b"Paikka;Kuvaus\nHersonissa;Ammus osui taloon\n"
    answered = client.post("/imports", data={"file": [(io.BytesIO(text), "t.csv")]})
    address = f"/tables/{answered.json['draft_id']}"  # type: ignore[index]
    first = client.post(f"{address}/look", json={}).json
    assert first
    assert not first["is_mapped"]
    mapping = json.dumps({"columns": {"title": ["Kuvaus"]}})
    second = client.post(f"{address}/look", json={"mapping": mapping}).json
    assert second
    assert second["is_mapped"]
    assert second["sample"][0]["title"] == "Ammus osui taloon"
