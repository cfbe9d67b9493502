"""How answers are delivered: kept by browsers, checked by the store's version, compressed, whole."""

import gzip
import os
import re
import time
from pathlib import Path

import brotli
import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient

from geodata.contracts import Workspace
from mapping import conditional
from mapping.asking import Now
from mapping.assets import Assets, register
from mapping.recent import Recent

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "zstd": zstd.decompress, "": bytes}
VIEW = "/map/view?zoom=3&unplaced=exclude"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_view_is_compressed_for_whoever_takes_it(client: FlaskClient, accepted: str, encoding: str) -> None:
    plain = client.get(VIEW)
    answer = client.get(VIEW, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert UNPACK[encoding](answer.data) == plain.data
    assert answer.content_length == len(answer.data)
    assert "Accept-Encoding" in answer.headers["Vary"]
    again = client.get(VIEW, headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_stream_is_compressed_piece_by_piece(client: FlaskClient) -> None:
    address = "/collections/events/items?download=1&limit=10"
    answer = client.get(address, headers={"Accept-Encoding": "zstd"})
    assert answer.headers["Content-Encoding"] == "zstd"
    assert b"FeatureCollection" in zstd.decompress(answer.data)


def test_a_small_answer_stays_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/map/names?field=actor&q=nobody", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_a_change_of_the_store_makes_every_answer_new(client: FlaskClient) -> None:
    tags = {path: client.get(path).headers["ETag"] for path in (VIEW, "/map/list", "/map/charts", "/map/grid")}
    client.post("/events/blast/status", json={"status": "reviewed"})
    for path, tag in tags.items():
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_other_questions_have_other_tags(client: FlaskClient) -> None:
    assert len({client.get(f"/map/view?zoom={zoom}").headers["ETag"] for zoom in range(5)}) == 5


def test_the_time_of_the_last_change_is_told_once_its_second_is_over(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_700_000_000.4]
    monkeypatch.setattr(conditional.time, "time", lambda: now[0])
    assert "Last-Modified" not in client.get(VIEW).headers
    now[0] += 0.5  # still in the second after it was seen: the next version could be of the same one
    assert "Last-Modified" not in client.get(VIEW).headers
    now[0] += 0.6
    changed = client.get(VIEW).headers["Last-Modified"]
    assert changed == "Tue, 14 Nov 2023 22:13:20 GMT"
    held = {"If-Modified-Since": changed}
    assert client.get(VIEW, headers=held).status_code == 304
    assert client.get(VIEW, headers={**held, "If-None-Match": '"other"'}).status_code == 200
    client.post("/events/blast/status", json={"status": "reviewed"})
    assert client.get(VIEW, headers=held).status_code == 200
    now[0] += 5
    assert client.get(VIEW, headers=held).status_code == 200


def test_pages_name_their_files_by_version_and_browsers_keep_them(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    named = re.findall(r'"(/static/[^"]+)"', page)
    assert named
    assert all(re.match(r"/static/v-[0-9a-f]{12}/", address) for address in named)
    kept = client.get(next(address for address in named if address.endswith("js/map.bundle.js")))
    assert kept.status_code == 200
    assert kept.mimetype == "text/javascript"
    assert {"public", "max-age=31536000", "immutable"} <= set(kept.headers["Cache-Control"].split(", "))
    held = {"If-None-Match": kept.headers["ETag"]}
    assert client.get("/static/js/map.bundle.js", headers=held).status_code == 304


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("export const a = 1;\n" * 100)
    (tmp_path / "font.woff2").write_bytes(bytes(range(256)) * 10)
    return tmp_path


@pytest.fixture
def files(folder: Path) -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    register(app, folder)
    return app.test_client()


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", "")])
def test_a_file_is_sent_compressed_and_whole(files: FlaskClient, folder: Path, accepted: str, encoding: str) -> None:
    answer = files.get("/static/js/a.js", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert UNPACK[encoding](answer.data) == (folder / "js" / "a.js").read_bytes()
    assert answer.headers["Cache-Control"] == "no-cache"
    held = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": accepted}
    assert files.get("/static/js/a.js", headers=held).status_code == 304


def test_a_font_is_sent_as_it_is(files: FlaskClient, folder: Path) -> None:
    answer = files.get("/static/font.woff2", headers={"Accept-Encoding": "br"})
    assert (answer.data, answer.mimetype) == ((folder / "font.woff2").read_bytes(), "font/woff2")
    assert "Content-Encoding" not in answer.headers


def test_a_changed_file_changes_the_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping.assets.FRESH_S", 0.0)
    assets = Assets(folder)
    first = assets.version()
    assert assets.version() == first
    path = folder / "js" / "a.js"
    path.write_text("export const a = 2;\n" * 100)
    later = time.time() + 5
    os.utime(path, (later, later))
    assert assets.version() != first


def test_only_the_version_of_now_is_kept(files: FlaskClient, folder: Path) -> None:
    version = Assets(folder).version()
    assert "immutable" in files.get(f"/static/v-{version}/js/a.js").headers["Cache-Control"]
    assert files.get("/static/v-0123456789ab/js/a.js").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["js/b.js", "../secret", "js", "%2e%2e/secret", "js/..%2f..%2fsecret", ""])
def test_nothing_outside_the_folder_is_served(files: FlaskClient, folder: Path, path: str) -> None:
    (folder.parent / "secret").write_text("secret")
    for start in ("/static/", "/static/v-0123456789ab/"):
        assert files.get(start + path).status_code == 404


def test_what_was_made_lately_is_kept_within_its_room() -> None:
    recent: Recent[bytes] = Recent(10, len)
    for key, value in (("a", b"1234"), ("b", b"1234")):
        recent.put("1", key, value)
    assert recent.get("1", "a") == b"1234"
    recent.put("1", "c", b"1234")  # b was used longest ago
    assert [recent.get("1", key) for key in "abc"] == [b"1234", None, b"1234"]
    recent.put("1", "a", b"12345678")
    assert [recent.get("1", key) for key in "ac"] == [b"12345678", None]
    recent.put("1", "d", b"x" * 11)
    assert len(recent) == 0
    assert recent.made("2", "e", lambda: b"new") == b"new"
    assert recent.made("2", "e", lambda: b"other") == b"new"
    assert recent.get("3", "e") is None


def test_nobody_waits_for_samples_to_be_counted_twice(
    client: FlaskClient, seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = type(seeded.store).sample_count
    monkeypatch.setattr(type(seeded.store), "sample_count", lambda store: asked.append(1) or real(store))
    for zoom in range(4):
        client.get(f"/map/view?zoom={zoom}")
    assert len(asked) == 1


@pytest.mark.parametrize(("gone", "status"), [(True, 503), (False, 200)])
def test_no_work_is_done_for_who_has_gone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, gone: bool, status: int
) -> None:
    asked = []
    real = Now.view
    monkeypatch.setattr(Now, "view", lambda *given: asked.append(given) or real(*given))
    answer = client.get(VIEW, environ_overrides={"waitress.client_disconnected": lambda: gone})
    assert (answer.status_code, len(asked)) == (status, int(not gone))
