"""The map as one HTML file: its parts, what it lets no text do, its size, and what it refuses."""

import gzip
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from geodata.contracts import ExportOptions, Workspace
from geodata.errors import SetupError, UsageError
from geodata.geometry import BBox
from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import DatePrecision, TimeSpan
from geodata.workspace import open_workspace
from mapping.exporters import further_exporters
from mapping.onefile import MOST_EVENTS
from mapping.onefile.columns import columns_of, latest_first
from mapping.onefile.inlining import data_url, import_map, script, styles
from mapping.onefile.tilecut import cut

STATIC = Path(__file__).parents[2] / "static"
EVIL = "</script><script>alert(1)</script><!-- ${x} &amp; \u2028"
KYIV = Place("Kyiv", 30.52, 50.45, country="UA")
CLASH = Event(
    "one",
    "Battles",
    "Armed clash",
    EVIL,
    TimeSpan.day(date(2022, 3, 1)),
    KYIV,
    quote=EVIL,
    sources=(Source("https://example.org/1", EVIL, "Example Wire", date(2022, 3, 2)),),
    actors=("Army", EVIL),
    fatalities=Fatalities(1, 2, 3),
    status=Status.REVIEWED,
    notes=(EVIL,),
    tags=("a",),
    properties={"licence": "CC BY 4.0", "attribution": EVIL, "secret": "row"},
)
needs_assets = pytest.mark.skipif(
    not (STATIC / "vendor" / "leaflet" / "leaflet.js").exists(), reason="no front-end assets: run `make setup`"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(Settings(data=tmp_path / "data", title="The <Desk>"))


def page_of(workspace: Workspace, events: list[Event], query: EventQuery | None = None) -> str:
    out = BytesIO()
    exporter = further_exporters(workspace)["onefile"]
    options = ExportOptions(left_out=("2 events that stay",))
    assert exporter.write(iter(events), out, query or EventQuery(), options).count == len(events)
    return out.getvalue().decode()


class Parts(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attributes, text = self.found[-1]
            self.found[-1] = (tag, attributes, text + data)

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for name, attributes, text in self.found if name == tag]


def columns_in(page: str) -> dict[str, Any]:
    (text,) = (text for attributes, text in Parts(page).of("script") if attributes.get("id") == "data-events")
    found: dict[str, Any] = json.loads(gzip.decompress(b64decode(text)))
    return found


@needs_assets
def test_a_page_asks_for_nothing_and_lets_no_text_out(workspace: Workspace) -> None:
    page = page_of(workspace, [CLASH, replace(CLASH, event_id="two", when=None, place=None)])
    parts = Parts(page)
    (nonce,) = {
        attributes["nonce"] for tag in ("script", "style") for attributes, _ in parts.of(tag) if "nonce" in attributes
    }
    (policy,) = [str(a["content"]) for a, _ in parts.of("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}';")
    for tag, attributes, _ in parts.found:
        for name in ("src", "href"):
            assert str(attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
    assert not re.search(r"url\((?!data:|#)", "".join(text for _, text in parts.of("style")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page  # the attribution of a source
    assert "<h1" in page
    assert "The &lt;Desk&gt;" in page
    for words in ("2 events", "Example Wire", "CC BY 4.0", "2 events that stay", "All events.", "JavaScript"):
        assert words in page
    assert "secret" not in page


@needs_assets
def test_the_events_come_whole(workspace: Workspace) -> None:
    month = TimeSpan(date(2022, 2, 1), date(2022, 2, 28), DatePrecision.MONTH)
    near = replace(CLASH, event_id="near", when=month, place=Place("Lviv", 24.031, 49.842, Precision.NEAR, "UA"))
    bare = Event("bare", "Riots")
    columns = columns_in(page_of(workspace, [bare, near, CLASH]))
    assert columns["title"] == [EVIL, EVIL, ""]  # the latest first, the undated last
    assert columns["start"] == [19052, 19024, None]
    assert columns["days"] == [0, 27, 0]
    assert [columns["types"][at] for at in columns["type"]] == ["Battles", "Battles", "Riots"]
    assert [columns["places"][at]["name"] if at >= 0 else None for at in columns["place"]] == ["Kyiv", "Lviv", None]
    assert columns["places"][1]["radius_m"] == int(near.place.radius_m) > 0
    assert columns["fatalities"] == [[1, 2, 3], [1, 2, 3], None]
    assert [columns["sources"][at]["url"] for at in columns["source"][0]] == ["https://example.org/1"]
    assert len(columns["sources"]) == 1
    assert columns_of(latest_first([]))["type"] == []


def test_modules_name_each_other_by_path(tmp_path: Path) -> None:
    scripts = {
        "js/a.js": 'import { b } from "./b.js";\nexport {\n  c,\n} from "./deep/c.js";\nconst d = "./not.js";\n',
        "js/b.js": "export const b = `100 % # <\\n>`;\n",
        "js/deep/c.js": 'import { b } from "../b.js";\nexport const c = b;\n',
    }
    for name, text in scripts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = {name: unquote(url.partition(",")[2]) for name, url in import_map(tmp_path, "js/a.js").items()}
    assert found == {
        "js/a.js": 'import { b } from "js/b.js";\nexport {\n  c,\n} from "js/deep/c.js";\nconst d = "./not.js";\n',
        "js/b.js": scripts["js/b.js"],
        "js/deep/c.js": 'import { b } from "js/b.js";\nexport const c = b;\n',
    }


@pytest.mark.parametrize("text", ["a\tb\r\n", '"\\`', "%41", "#?&", "ї„ “ 北 😀", " x "])
def test_a_script_comes_out_of_its_data_url_as_it_was(text: str) -> None:
    url = data_url(text)
    assert not set(url) & set('\t\r\n#\\"<>')
    assert unquote(url.partition(",")[2]) == text


def test_styles_hold_their_fonts_and_no_picture(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    (tmp_path / "f.woff2").write_bytes(b"font")
    sheet = (
        "a{src:url(../f.woff2) format('woff2')} b{background:url('images/x.png')} "
        "c{behavior:url(#default#VML)} d{src:url(../gone.woff2)}"
    )
    (tmp_path / "css" / "a.css").write_text(sheet)
    font = b64encode(b"font").decode()
    assert styles(tmp_path, ["css/a.css"]) == (
        f"a{{src:url(data:font/woff2;base64,{font}) format('woff2')}} b{{background:none}} "
        "c{behavior:url(#default#VML)} d{src:url(data:,)}"
    )
    (tmp_path / "a.js").write_text('x = "</SCRIPT><!-- <script>"')
    assert script(tmp_path, "a.js") == 'x = "\\x3c/SCRIPT>\\x3c!-- \\x3cscript>"'
    with pytest.raises(SetupError, match="make setup"):
        script(tmp_path, "b.js")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_in(tmp_path_factory.mktemp("tiles"))


def archive_in(folder: Path, packing: Compression = Compression.NONE) -> Path:
    """A basemap of 90 bytes a tile, to zoom 5; there is nothing in the far south."""
    path = folder / "some.pmtiles"
    with path.open("wb") as file:
        writer = Writer(file)
        tiles = [(z, x, y) for z in range(6) for x in range(2**z) for y in range(2**z) if y < 2**z * 0.9 or z < 3]
        for z, x, y in sorted(tiles, key=lambda tile: zxy_to_tileid(*tile)):
            writer.write_tile(zxy_to_tileid(z, x, y), f"{z}/{x}/{y}".ljust(90).encode())
        writer.finalize({"tile_compression": packing, "tile_type": TileType.MVT}, {})
    return path


def test_tiles_are_whole_far_out_and_deep_where_events_are(archive: Path) -> None:
    kyiv = [(30.5, 50.4)] * 5
    found = cut(archive, [*kyiv, (-120.0, 40.0)], BBox(-120.0, 40.0, 30.5, 50.4), 120 * 60)
    assert {name: b64decode(text).decode().strip() for name, text in found.items()} == {name: name for name in found}
    assert {f"2/{x}/{y}" for x in range(4) for y in range(4)} <= set(found)
    assert {"3/4/2", "4/9/5", "5/18/10"} <= set(found)
    assert len(found) <= 60


@pytest.mark.parametrize(
    ("positions", "box", "tile"),
    [
        ([], None, "2/3/3"),
        ([(180.0, -85.2)], BBox(180.0, -85.2, 180.0, -85.2), "2/3/3"),
        ([(179.9, 60.0), (-179.9, 60.0)], BBox(179.9, 60.0, -179.9, 60.0), "5/0/9"),
        ([(-180.0, 89.0)], BBox(-180.0, 89.0, -180.0, 89.0), "5/0/0"),
    ],
)
def test_tiles_at_the_edges_of_the_world(
    archive: Path, positions: list[tuple[float, float]], box: BBox | None, tile: str
) -> None:
    assert tile in cut(archive, positions, box, 1_000_000)
    assert len(cut(archive, positions, box, 0)) == 21


def test_tiles_that_no_browser_opens_are_left_out(tmp_path: Path) -> None:
    assert cut(archive_in(tmp_path, Compression.ZSTD), [], None, 1_000_000) == {}


def test_too_many_events_are_refused_with_a_way_out(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"20,000 events.*--datetime.*GeoPackage"):
        page_of(workspace, [CLASH] * (MOST_EVENTS + 1))


def made(count: int) -> list[Event]:
    """Events as long as those of real tables, no two alike."""
    chance = Random(5)
    words = [chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") + chance.choice("lmnrst") for _ in range(400)]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, k=length)).capitalize() + "."

    def event(number: int) -> Event:
        day = date(2022, 1, 1) + timedelta(days=chance.randrange(1000))
        place = Place(text(1), chance.uniform(22, 40), chance.uniform(44, 52), Precision.NEAR, "UA", text(1))
        sources = (Source(f"https://example.org/{number}/{text(2)}", text(6), f"Paper {number % 90}", day),)
        return Event(
            str(number),
            "Battles",
            "Armed clash",
            text(9),
            TimeSpan.day(day),
            place,
            text(24),
            sources=sources,
            actors=(text(2),),
        )

    return [event(number) for number in range(count)]


@needs_assets
def test_five_thousand_events_are_three_megabytes_at_most(workspace: Workspace) -> None:
    from mapping.onefile import page

    basemap = Path(__file__).parents[2] / "data" / "basemap.pmtiles"
    if basemap.exists():
        (workspace.settings.data / "basemap.pmtiles").symlink_to(basemap)
    size = len(page_of(workspace, made(5000)).encode())
    assert 1_000_000 < size <= 3_000_000
    if not basemap.exists():  # then there must be room for what a basemap takes at most
        assert size + page.MOST_TILES <= 3_000_000


def test_restricted_events_stay_and_places_are_rounded(workspace: Workspace, get: Callable[[str], Any]) -> None:
    page = get("/collections/events/items?f=onefile&generalise=50&download=1")
    assert page.headers["Content-Disposition"].endswith('.html"')
    columns = columns_in(page.text)
    assert columns["title"] == ["Armed clash"], "in place of its own, which may name the spot"
    assert columns["places"][0]["radius_m"] == 50_000
    assert "whose source&#39;s terms do not allow passing on" in page.text


@pytest.fixture
def get(workspace: Workspace) -> Callable[[str], Any]:
    from app import create_app

    workspace.store.save(
        [replace(CLASH, title="open"), replace(CLASH, event_id="x", title="kept", tags=("restricted",))]
    )
    return create_app(workspace=workspace).test_client().get  # type: ignore[arg-type]


def test_too_many_events_are_refused_before_an_answer_begins(
    workspace: Workspace, get: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.onefile.exporter.MOST_EVENTS", 0)
    refused = get("/collections/events/items?f=onefile&download=1")
    assert refused.status_code == 400
    assert "narrow them down" in refused.text
    told = {each["name"]: each["most"] for each in get("/map/export").get_json()["formats"]}
    assert (told["onefile"], told["geojson"]) == (20_000, 0)
