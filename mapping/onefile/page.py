"""Puts the one page together: template, policy, scripts, styles, events, tiles."""

import gzip
import json
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from geodata.contracts import EventType
from geodata.credits import Credit, credits_of
from geodata.model import Event
from geodata.query import EventQuery
from geodata.settings import Settings
from mapping import plain
from mapping.basemaps import OFFLINE, OWN_FILE, Basemap
from mapping.describing import counted, filters_in_words
from mapping.folium_map import SCRIPTS, STYLES, event_map
from mapping.layers.event_layer import script_json
from mapping.onefile.columns import columns_of, latest_first
from mapping.onefile.inlining import import_map, script, styles
from mapping.onefile.tilecut import cut
from mapping.preview.frame import box_around
from mapping.style import type_styles

ROOT = Path(__file__).resolve().parents[2]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
ENTRY = "js/onefile.js"
SHEETS = (*STYLES.values(), *(f"css/{name}.css" for name in ("base", "map", "filters", "layers", "time", "onefile")))
MOST_BYTES = 2_950_000
"""What a page should not be larger than; the basemap takes what the rest leaves of it,"""
LEAST_TILES, MOST_TILES = 500_000, 1_400_000
"""but not less than shows where things are, and no more than a map that is looked at needs."""
NAMED_TYPES = 4


@dataclass(frozen=True, slots=True)
class Making:
    """What a page is made of. `version` is the store's."""

    events: Sequence[Event]
    query: EventQuery
    left_out: Sequence[str]
    today: date
    version: str


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of itself, in words. `filters` leave out the box, which the map shows; `asked` does not."""

    title: str
    count: str
    filters: str
    asked: str
    days: str
    made: str
    version: str
    credits: Sequence[Credit]
    left_out: Sequence[str]
    basemap: Basemap


def page_of(made: Making, settings: Settings, event_types: Mapping[str, EventType]) -> Iterator[str]:
    """The page in pieces."""
    events = latest_first(made.events)
    positions = [(event.place.lon, event.place.lat) for event in events if event.place]
    box = box_around(positions)
    nonce = secrets.token_urlsafe(18)
    parts: dict[str, object] = {"events": packed(columns_of(events)), **_software()}
    room = MOST_BYTES - sum(len(str(part)) for part in parts.values())
    basemap = _basemap(settings)
    tiles = cut(settings.basemap_path, positions, box, max(LEAST_TILES, min(MOST_TILES, room))) if basemap.style else {}
    if basemap.style and not tiles:
        basemap = Basemap("missing", "", "", note="Without a basemap: its tiles are packed in a way of their own.")
    seen = {event.event_type for event in events}
    options = {
        "types": [style for style in type_styles(event_types) if style["name"] in seen],
        "basemap": basemap.options(),
        "bounds": plain.box(box),
    }
    parts |= {
        "tiles": script_json(tiles),
        "map": event_map(options, nonce, str),
        "about": _about(made, settings, basemap),
    }
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    yield from environment.get_template("onefile.html").generate(**parts, nonce=nonce, policy=policy(nonce))


def _software() -> dict[str, object]:
    """What is the same in every page: scripts, styles with fonts, their licences."""
    return {
        "styles": styles(STATIC, SHEETS),
        "early": script(STATIC, "js/theme-early.js"),
        "scripts": [script(STATIC, name) for name in SCRIPTS.values()],
        "imports": script_json({"imports": import_map(STATIC, ENTRY)}),
        "licences": [(name, _licences(name)) for name in ("leaflet", "protomaps-leaflet", "inter")],
        "icon": b64encode((STATIC / "icon.svg").read_bytes()).decode("ascii"),
    }


def _licences(name: str) -> str:
    """The words under which others may have a package: they go wherever it goes."""
    path = STATIC / "vendor" / name / "LICENSES.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def policy(nonce: str) -> str:
    """The Content-Security-Policy: nothing is fetched, and only what was put in when the page was made runs."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def packed(columns: Mapping[str, object]) -> str:
    """Columns as gzipped JSON in base64: a third of their size, and no letter of it can end its element."""
    text = json.dumps(columns, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


def _basemap(settings: Settings) -> Basemap:
    """The offline one, whatever the site shows: a file on disk cannot ask for online tiles."""
    if not settings.basemap_path.is_file():
        return Basemap("missing", "", "", note="Without a basemap: none was there when this file was made.")
    base = OWN_FILE if settings.basemap else OFFLINE
    credit = (settings.tile_attribution if not settings.tile_url else "") or base.attribution
    return Basemap(base.kind, "", credit, base.style, base.note)


def _about(made: Making, settings: Settings, basemap: Basemap) -> About:
    days = sorted(event.when.start for event in made.events if event.when)
    words = filters_in_words(made.query)
    return About(
        title=settings.title,
        count=counted(len(made.events)),
        filters="" if words == filters_in_words(EventQuery()) else words,
        asked=str(made.query.without("undated", "unplaced")),
        days=f"{in_words(days[0])} to {in_words(days[-1])}" if days else "",
        made=in_words(made.today),
        version=sha256(made.version.encode()).hexdigest()[:12],
        credits=credits_of(made.events),
        left_out=made.left_out,
        basemap=basemap,
    )


def in_words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
