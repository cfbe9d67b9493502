"""Basemaps as data: what lies under the events, where it comes from and who is credited.

Settings choose: online tiles where `tile_url` is set, else a .pmtiles file, ours or the user's own.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from geodata.settings import Settings

BORDERS = "Borders as recognised internationally; they say nothing about who controls a place."
"""Said on the page wherever our own basemap is drawn."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """One basemap. `kind`: offline (a .pmtiles file), online ({z}/{x}/{y} images) or missing (set-up has not run).

    `style` says which rules draw an offline file: dateline (our layers) or protomaps (a file with Protomaps' own).
    """

    kind: str
    url: str
    attribution: str
    style: str = ""
    note: str = ""
    tiles: str = ""
    """Where single tiles of our own file are: {z}/{x}/{y}; empty: only as ranges of the file."""

    def options(self) -> dict[str, str]:
        """Plain data for static/js/basemap.js."""
        return asdict(self)


OFFLINE = Basemap(
    "offline",
    "/basemap.pmtiles",
    "Natural Earth · GeoNames (CC BY 4.0)",
    style="dateline",
    note=BORDERS,
    tiles="/basemap/{z}/{x}/{y}.mvt",
)
OWN_FILE = Basemap("offline", "/basemap.pmtiles", "Protomaps · © OpenStreetMap contributors", style="protomaps")
MISSING = Basemap("missing", "", "", note="The basemap has not been made yet; `make setup` makes it.")


def basemap_of(settings: Settings) -> Basemap:
    """The basemap that `settings` name; its address changes with the file, so that browsers can keep its parts."""
    credit = settings.tile_attribution
    if settings.tile_url:
        return Basemap("online", settings.tile_url, credit)
    path = settings.basemap_path
    if not path.is_file():
        return MISSING
    base = OWN_FILE if settings.basemap else OFFLINE
    asked = f"?v={version_of(path)}"
    tiles = base.tiles and base.tiles + asked
    return Basemap(base.kind, base.url + asked, credit or base.attribution, base.style, base.note, tiles)


def version_of(path: Path) -> str:
    """Changes whenever the file does: its size and its time of change, in hexadecimal."""
    about = path.stat()
    return f"{about.st_size:x}-{about.st_mtime_ns:x}"
