"""The basemap's file over HTTP: ranges, conditions and how long browsers may keep it."""

import gzip
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geodata.errors import SetupError
from geodata.settings import Settings
from mapping.basemaps import MISSING, basemap_of, version_of
from mapping.views.files import files_blueprint

BYTES = bytes(range(256)) * 8
URL = "/basemap.pmtiles"


def client_of(settings: Settings) -> FlaskClient:
    app = Flask(__name__)
    workspace: Any = SimpleNamespace(settings=settings)
    app.register_blueprint(files_blueprint(workspace))
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app.test_client()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "basemap.pmtiles").write_bytes(BYTES)
    return Settings(data=tmp_path)


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        (None, 200, BYTES, None),
        ("bytes=0-9", 206, BYTES[:10], "bytes 0-9/2048"),
        ("bytes=2040-", 206, BYTES[2040:], "bytes 2040-2047/2048"),
        ("bytes=-8", 206, BYTES[-8:], "bytes 2040-2047/2048"),
        ("bytes=2000-99999", 206, BYTES[2000:], "bytes 2000-2047/2048"),
        ("bytes=4096-5000", 416, None, "bytes */2048"),
        ("bytes=0-1,5-6", 416, None, None),
    ],
)
def test_ranges(
    settings: Settings, asked: str | None, status: int, body: bytes | None, content_range: str | None
) -> None:
    answer = client_of(settings).get(URL, headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert body is None or answer.data == body
    assert content_range is None or answer.headers["Content-Range"] == content_range
    if status < 300:
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.mimetype == "application/vnd.pmtiles"


def test_a_version_may_be_kept_for_a_year_and_no_version_is_checked_again(settings: Settings) -> None:
    client = client_of(settings)
    version = version_of(settings.basemap_path)
    assert client.get(f"{URL}?v={version}").cache_control.max_age == 31_536_000
    for stale in (URL, f"{URL}?v=old"):
        answer = client.get(stale)
        assert answer.cache_control.no_cache
        assert answer.cache_control.max_age is None


def test_an_unchanged_file_is_not_sent_again_and_parts_of_two_are_never_mixed(settings: Settings) -> None:
    client = client_of(settings)
    tag = client.get(URL).headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(URL, headers={"Range": "bytes=0-3", "If-Range": tag}).status_code == 206
    settings.basemap_path.write_bytes(BYTES[::-1] + b"!")
    whole = client.get(URL, headers={"Range": "bytes=0-3", "If-Range": tag})
    assert (whole.status_code, whole.data) == (200, BYTES[::-1] + b"!")


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="make setup"):
        client_of(Settings(data=tmp_path)).get(URL)


@pytest.fixture
def packed_map(tmp_path: Path) -> Settings:
    """A file of two zooms, each tile holding its own name, gzipped as tippecanoe's are; the north-west is empty."""
    with (tmp_path / "basemap.pmtiles").open("wb") as file:
        writer = Writer(file)
        for z, x, y in ((0, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0)):
            writer.write_tile(zxy_to_tileid(z, x, y), gzip.compress(f"{z}/{x}/{y}".encode(), mtime=0))
        writer.finalize({"tile_compression": Compression.GZIP, "tile_type": TileType.MVT}, {})
    return Settings(data=tmp_path)


@pytest.mark.parametrize(
    ("tile", "encoding", "status", "body"),
    [
        ("1/1/0", "gzip, br", 200, gzip.compress(b"1/1/0", mtime=0)),
        ("1/1/0", "identity", 200, b"1/1/0"),
        ("1/0/0", "gzip", 204, b""),
        ("1/2/0", "gzip", 204, b""),
        ("9/0/0", "gzip", 204, b""),
        ("99/0/0", "gzip", 204, b""),
        ("1/-1/0", "gzip", 404, None),
    ],
)
def test_tiles_one_by_one(packed_map: Settings, tile: str, encoding: str, status: int, body: bytes | None) -> None:
    client = client_of(packed_map)
    address = basemap_of(packed_map).tiles.replace("{z}/{x}/{y}", tile)
    answer = client.get(address, headers={"Accept-Encoding": encoding})
    assert answer.status_code == status
    assert body is None or answer.data == body
    if status < 300:
        assert answer.cache_control.max_age == 31_536_000
        assert client.get(address.split("?")[0]).cache_control.no_cache
    if status == 200:
        held = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(address.split("?")[0], headers=held).status_code == 304
        assert answer.headers.get("Content-Encoding") == ("gzip" if encoding != "identity" else None)
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_settings_choose_the_basemap(settings: Settings, tmp_path: Path) -> None:
    ours = basemap_of(settings)
    assert (ours.kind, ours.style) == ("offline", "dateline")
    assert ours.url == f"{URL}?v={version_of(settings.basemap_path)}"
    assert ours.tiles == f"/basemap/{{z}}/{{x}}/{{y}}.mvt?v={version_of(settings.basemap_path)}"
    assert "Natural Earth" in ours.attribution
    own = tmp_path / "own.pmtiles"
    own.write_bytes(b"x")
    theirs = basemap_of(Settings(data=tmp_path, basemap=str(own)))
    assert (theirs.style, theirs.tiles) == ("protomaps", "")
    online = basemap_of(Settings(data=tmp_path, tile_url="https://t.example/{z}/{x}/{y}.png", tile_attribution="T"))
    assert (online.kind, online.attribution) == ("online", "T")
    assert basemap_of(Settings(data=tmp_path / "none")) is MISSING


def test_the_address_changes_with_the_file(settings: Settings) -> None:
    before = basemap_of(settings).url
    settings.basemap_path.write_bytes(b"another")
    assert basemap_of(settings).url != before
