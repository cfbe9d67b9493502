"""The pictures in docs/: the site over a temporary store with the sample stories, seen in Chromium.

    python tools/screenshots.py [--data FOLDER] [--out FOLDER] [NAME ...]

The gazetteer and the basemap come from the data folder that `make setup` fills; nothing is written there.
"""

import argparse
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from waitress.server import create_server  # noqa: E402

from app import create_app  # noqa: E402
from geodata.contracts import Workspace  # noqa: E402
from geodata.query import EventQuery  # noqa: E402
from geodata.settings import Settings  # noqa: E402
from geodata.workspace import open_workspace  # noqa: E402

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
CARD_EVENT = "museum"
"""A word in the title of the event whose card is shown."""
STORY = "Explosions on a peninsula"
"""The title of the story whose review is shown: one whose events lie apart."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its size in CSS pixels, its theme, and what is done before it is taken."""

    width: int
    height: int
    act: Callable[[Page, str, Workspace], None]
    theme: Literal["light", "dark"] = "light"
    scale: int = 1


def show_map(page: Page, site: str, workspace: Workspace) -> None:
    _open_map(page, site)


def show_card(page: Page, site: str, workspace: Workspace) -> None:
    event = next(each for each in workspace.store.find(EventQuery(text=CARD_EVENT)))
    assert event.place
    _open_map(page, f"{site}/?map=6/{event.place.lat}/{event.place.lon}")
    page.locator(f"#events button[data-id='{event.event_id}']").click()
    page.locator("#card").wait_for()


def show_story(page: Page, site: str, workspace: Workspace) -> None:
    page.goto(f"{site}/stories")
    page.get_by_role("link", name=STORY).first.click()
    page.locator(".cards > .card").first.wait_for()
    page.locator(".card-open").first.click()
    page.locator(".review-right").evaluate("(node) => { node.scrollTop = 0; }")  # its map in sight


def _open_map(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")


SHOTS: Mapping[str, Shot] = {
    "map-1440": Shot(1440, 900, show_map),
    "map-390": Shot(390, 844, show_map, scale=2),
    "map-dark-1440": Shot(1440, 900, show_map, theme="dark"),
    "card-1440": Shot(1440, 900, show_card),
    "story-1440": Shot(1440, 900, show_story),
}


@contextmanager
def site_with_samples(made: Path) -> Iterator[tuple[str, Workspace]]:
    """Address and workspace of a site over a temporary store; gazetteer and basemap are those of the folder `made`."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("gazetteer.sqlite", "gazetteer.sqlite.names", "basemap.pmtiles"):
            (Path(folder) / name).symlink_to(made / name)
        workspace = open_workspace(Settings(data=Path(folder)))
        workspace.import_samples()
        server = create_server(create_app(workspace=workspace), host="127.0.0.1", port=0, threads=6)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{server.effective_port}", workspace
        workspace.close()


def take(browser: Browser, shot: Shot, site: str, workspace: Workspace, path: Path) -> None:
    """Writes one picture."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        color_scheme=shot.theme,
        reduced_motion="reduce",
    )
    shot.act(page, site, workspace)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)  # tiles are drawn in slices of idle time after the last of them has come
    page.screenshot(path=path)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the pictures in docs/.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(SHOTS)}; default: all")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DATELINE_DATA") or ROOT / "data"))
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    unknown = set(given.names) - set(SHOTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; accepted: {', '.join(SHOTS)}")
    given.out.mkdir(parents=True, exist_ok=True)
    with site_with_samples(given.data.resolve()) as (site, workspace), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name in given.names or SHOTS:
            path = given.out / f"{name}.png"
            take(browser, SHOTS[name], site, workspace, path)
            print(f"{path}: {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
