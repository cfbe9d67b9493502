"""Shared links: the page for frames and who may frame it, the preview image, the words in the page's head."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from app import create_app
from geodata.contracts import Workspace
from geodata.errors import UsageError
from geodata.geometry import BBox
from geodata.settings import Settings
from mapping.preview import Frame, OutlineFile, map_frame
from mapping.preview.ground import LAND, SEA
from mapping.preview.marks import Blob, apart, short_number
from mapping.preview.picture import HEIGHT, MAP_HEIGHT, WIDTH
from mapping.preview.symbols import POLYGONS
from mapping.preview.words import subset_of
from mapping.security import embed_origins
from mapping.style import SHAPES
from tests.seeded import NASTY


@pytest.fixture
def with_origins(seeded: Workspace) -> Callable[[str], FlaskClient]:
    def make(origins: str) -> FlaskClient:
        return create_app(Settings(data=seeded.settings.data, embed_origins=origins), seeded).test_client()

    return make


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        ("", "'none'"),
        ("https://news.example", "https://news.example"),
        ("https://news.example/, http://127.0.0.1:9000", "https://news.example http://127.0.0.1:9000"),
        ("https://*.news.example", "https://*.news.example"),
    ],
)
def test_only_the_embed_page_may_be_framed_and_only_by_origins_set(
    with_origins: Callable[[str], FlaskClient], origins: str, ancestors: str
) -> None:
    client = with_origins(origins)
    answer = client.get("/embed?type=Battles")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {ancestors}")
    assert ("X-Frame-Options" in answer.headers) == (not origins)
    for path in ("/", "/stories", "/map/view", "/preview.png", "/nowhere", "/static/js/map.js"):
        other = client.get(path)
        assert other.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
        assert other.headers["X-Frame-Options"] == "DENY"


def test_the_rest_of_the_policy_is_the_same_in_a_frame(with_origins: Callable[[str], FlaskClient]) -> None:
    def rules(path: str) -> list[str]:
        policy = with_origins("https://news.example").get(path).headers["Content-Security-Policy"]
        return [re.sub("nonce-[^']+", "", rule) for rule in policy.split("; ") if "frame-ancestors" not in rule]

    assert rules("/embed") == rules("/")


@pytest.mark.parametrize(
    "origins", ["news.example", "https://a b", "https://news.example/path", "*", "https://x;y", "'self'"]
)
def test_what_is_no_origin_is_refused(origins: str) -> None:
    with pytest.raises(UsageError, match="accepted: origins"):
        embed_origins(Settings(embed_origins=origins))


def test_the_embed_page_leads_to_the_same_view(client: FlaskClient) -> None:
    asked = "type=Battles&datetime=2023-01-01/2023-12-31&map=6/48/32&unit=week&colour=red"
    page = client.get(f"/embed?{asked}").get_data(as_text=True)
    link = "http://localhost/?datetime=2023-01-01/2023-12-31&amp;type=Battles&amp;map=6/48/32&amp;unit=week"
    assert f'href="{link}"' in page
    assert NASTY not in page
    assert "js/embed.bundle.js" in page
    nonce = re.search(r'nonce="([^"]+)"', page)
    assert nonce
    assert all(nonce[1] in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize(
    "asked", ["type=Picnics", "datetime=2023-13-45", "map=99/99/999", "bbox=x", "near=1", '"><script>']
)
def test_links_with_wrong_parts_still_open(client: FlaskClient, asked: str) -> None:
    for path in ("/", "/embed", "/preview.png"):
        answer = client.get(f"{path}?{asked}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert b"<script>" not in answer.data


def test_the_head_tells_other_sites_what_the_link_shows(client: FlaskClient) -> None:
    page = client.get("/?type=Battles&datetime=2023-11&map=6/48/32", headers={"Host": "127.0.0.1:8000"})
    tags = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page.get_data(as_text=True)))
    assert "Battles" in tags["og:description"] == tags["description"] == tags["twitter:description"]
    start = "http://127.0.0.1:8000/preview.png?"
    assert tags["og:image"] == tags["twitter:image"] == start + "datetime=2023-11&amp;type=Battles&amp;map=6/48/32"
    assert (tags["og:image:width"], tags["og:image:height"]) == (str(WIDTH), str(HEIGHT))
    assert tags["twitter:card"] == "summary_large_image"


def picture(client: FlaskClient, asked: str) -> Image.Image:
    answer = client.get(f"/preview.png?{asked}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "image/png"
    return Image.open(io.BytesIO(answer.data)).convert("RGB")


def colours_of(image: Image.Image) -> set[tuple[int, int, int]]:
    return {colour for _, colour in image.crop((0, 0, WIDTH, MAP_HEIGHT)).getcolors(10**6)}


def test_the_preview_shows_events_in_their_types_colours(client: FlaskClient, seeded: Workspace) -> None:
    def rgb(name: str) -> tuple[int, ...]:
        return tuple(bytes.fromhex(seeded.event_types[name].colour[1:]))

    image = picture(client, "map=6/48/35&type=Battles&datetime=2023-11-10")
    assert image.size == (WIDTH, HEIGHT)
    assert rgb("Battles") in colours_of(image)
    assert rgb("Protests") not in colours_of(image)
    assert rgb("Battles") not in colours_of(picture(client, "map=6/48/35&type=none"))
    assert rgb("Battles") not in colours_of(picture(client, "map=6/0/0"))


def test_a_preview_is_drawn_once_for_each_view_and_version(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mapping.views import sharing

    drawn = []
    real = sharing.draw_preview
    monkeypatch.setattr(sharing, "draw_preview", lambda *args: drawn.append(1) or real(*args))
    first = client.get("/preview.png?map=3/40/20")
    assert client.get("/preview.png?map=3/40/20&unit=week").data == first.data
    assert len(drawn) == 1
    held = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/preview.png?map=3/40/20", headers=held).status_code == 304
    client.post("/events/blast/status", json={"status": "reviewed"})
    assert client.get("/preview.png?map=3/40/20", headers=held).status_code == 200
    assert len(drawn) == 2


def test_few_previews_wait_for_each_other(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from mapping.views import sharing

    monkeypatch.setattr(sharing.Pictures, "_draw", lambda self, linked, now: pytest.fail("drawn"))
    monkeypatch.setattr(sharing, "MOST_WAITING", 0)
    app = create_app(workspace=client.application.extensions["dateline"])
    answer = app.test_client().get("/preview.png")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def outlines(path: Path) -> None:
    """A square island with a lake in it that holds an island, and a border across: as set-up writes them."""
    squares = [(10, 0, 40, 30), (20, 10, 30, 20)]
    arrays: dict[str, np.ndarray] = {}

    def lines(name: str, parts: list[list[tuple[float, float]]]) -> None:
        arrays[f"{name}_points"] = np.array([point for part in parts for point in part], np.float32)
        arrays[f"{name}_starts"] = np.cumsum([0, *map(len, parts)]).astype(np.int32)

    for level in (0, 1):
        rings = [[(w, s), (e, s), (e, n), (w, n), (w, s)] for w, s, e, n in squares]
        lines(f"land{level}", rings)
        arrays[f"land{level}_hole"] = np.array([False, True])
        lines(f"lakes{level}", rings[1:])
        arrays[f"lakes{level}_hole"] = np.array([False])
        lines(f"borders{level}", [[(10, 5), (40, 5)]])
    for name, weight in (("country", "zoom"), ("town", "people")):
        arrays[f"{name}_name"] = np.array([f"A {name}"])
        arrays[f"{name}_at"] = np.array([(15.0, 25.0)], np.float32)
        arrays[f"{name}_{weight}"] = np.array([1.0])
    np.savez_compressed(path, **arrays)


def test_land_and_lakes_are_drawn_where_they_lie(client: FlaskClient, seeded: Workspace) -> None:
    outlines(seeded.settings.data / "outlines.npz")
    image = picture(client, "map=4/15/25&type=none")
    frame = map_frame(Frame(25, 15, 4, WIDTH, MAP_HEIGHT))
    for lon, lat, colour in ((5, 15, SEA), (14, 14, LAND), (25, 15, SEA), (36, 14, LAND), (45, 15, SEA)):
        x, y = frame.pixels(lon, lat)
        assert image.getpixel((int(x), int(y))) == colour, (lon, lat)


def test_without_outlines_there_is_a_picture_all_the_same(client: FlaskClient, seeded: Workspace) -> None:
    assert OutlineFile(seeded.settings.data / "outlines.npz").get() is None
    assert SEA in colours_of(picture(client, ""))


@pytest.mark.parametrize(
    "box",
    [
        BBox(22, 44, 40, 52),
        BBox(170, -20, -170, -10),
        BBox(-180, -90, 180, 90),
        BBox(30, 50, 30, 50),
        BBox(-80, 60, 100, 89),
    ],
)
def test_a_frame_shows_the_box_and_nothing_past_the_poles(box: BBox) -> None:
    frame = Frame.around(box, 1200, 446)
    shown = frame.bbox
    assert -85.06 <= shown.south < shown.north <= 85.06
    for lon, lat in ((box.west, box.south), (box.east, box.north)):
        if abs(lat) < 80 and box.north - box.south < 100:
            assert shown.contains(lon, lat)
    x, y = frame.pixels(frame.lon, frame.lat)
    assert (round(float(x)), round(float(y))) == (600, 223)


def test_circles_that_would_cover_each_other_are_one() -> None:
    blobs = [Blob(0, 0, 10, {"a": 10}), Blob(5, 0, 30, {"a": 10, "b": 20}), Blob(300, 0, 2, {"b": 2})]
    kept, alone = apart(blobs, [])
    assert sorted(blob.count for blob in kept) == [2, 40]
    assert next(blob.types for blob in kept if blob.count == 40) == {"a": 20, "b": 20}
    assert not alone


def test_every_shape_can_be_drawn() -> None:
    assert set(POLYGONS) == set(SHAPES)
    for points in POLYGONS.values():
        assert 0.8 < max(abs(value) for point in points for value in point) < 1.4


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1"), (9999, "9,999"), (12_400, "12K"), (999_499, "999K"), (1_000_000, "1M"), (3_420_000, "3.4M")],
)
def test_large_counts_are_short(count: int, text: str) -> None:
    assert short_number(count) == text


@pytest.mark.parametrize(
    ("letter", "subset"), [("a", "latin"), ("ї", "cyrillic"), ("ő", "latin-ext"), ("ω", "greek"), ("ح", ""), ("漢", "")]
)
def test_letters_have_the_file_that_has_them(letter: str, subset: str) -> None:
    assert subset_of(letter) == subset


def test_options_of_the_frame_hold_no_event(client: FlaskClient) -> None:
    page = client.get("/embed").get_data(as_text=True)
    found = re.search(r"eventLayer\(\w+, (\{.*?\})\);", page, re.DOTALL)
    assert found
    assert set(json.loads(found[1])) == {"types", "sub_types", "basemap", "bounds", "days", "full"}
