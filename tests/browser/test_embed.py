"""The map in a frame of another page, in a real browser: who may show it, what is in it, at the sizes of frames."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect

from geodata.contracts import Workspace
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.seeded import SHOWN


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1000, "height": 900}, "reduced_motion": "reduce"}


class Newspaper:
    """A site on an origin of its own whose every page holds a frame with `address`."""

    def __init__(self) -> None:
        self.frame = ""
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = f"<!doctype html><title>A newspaper</title><p>Story</p>{paper.frame}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *given: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def open(self, page: Page, address: str, width: int = 800, height: int = 500) -> Frame | None:
        """Opens a page of it; gives the frame where that shows the map."""
        self.frame = f'<iframe title="Map" src="{escape(address)}" width="{width}" height="{height}"></iframe>'
        page.goto(f"{self.origin}/story.html")
        page.wait_for_load_state("networkidle")
        frame = page.frames[1]
        return frame if frame.url.startswith(address.split("?")[0]) else None


@pytest.fixture
def papers() -> Iterator[tuple[Newspaper, Newspaper]]:
    """One whose origin may show maps, and one whose may not."""
    both = Newspaper(), Newspaper()
    yield both
    for paper in both:
        paper.server.shutdown()
        paper.server.server_close()


@pytest.fixture
def friend(papers: tuple[Newspaper, Newspaper]) -> Newspaper:
    return papers[0]


@pytest.fixture
def stranger(papers: tuple[Newspaper, Newspaper]) -> Newspaper:
    return papers[1]


@pytest.fixture
def embeddable(seeded: Workspace, serve: Callable[[Workspace], str], friend: Newspaper) -> Iterator[str]:
    """Address of a site whose map pages of `friend` may show."""
    workspace = open_workspace(Settings(data=seeded.settings.data, embed_origins=friend.origin))
    yield serve(workspace)
    workspace.close()


def shown(frame: Frame | None) -> Frame:
    assert frame
    frame.wait_for_selector("body[data-ready]", state="attached")
    return frame


def query(href: str | None) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(href or "").query)


def test_a_page_of_an_allowed_origin_shows_the_map(page: Page, embeddable: str, friend: Newspaper) -> None:
    frame = shown(friend.open(page, f"{embeddable}/embed?type=Battles"))
    expect(frame.locator("#range")).to_have_text("1 Feb 2022 to 13 Nov 2023")
    expect(frame.locator("#matched")).to_have_text("2 events")
    expect(frame.locator(".embed-legend li")).to_have_count(1)
    expect(frame.locator("#sentence")).to_contain_text("Battles")
    full = frame.get_by_role("link", name="Open in Dateline")
    expect(full).to_have_attribute("target", "_blank")
    assert query(full.get_attribute("href"))["type"] == ["Battles"]
    assert (full.get_attribute("href") or "").startswith(f"{embeddable}/?")


def test_a_page_of_another_origin_is_refused(
    page: Page, embeddable: str, stranger: Newspaper, complaints: list[str]
) -> None:
    assert stranger.open(page, f"{embeddable}/embed") is None
    assert any("frame-ancestors" in text for text in complaints)
    complaints[:] = [text for text in complaints if "frame" not in text.lower() and "net::ERR_BLOCKED" not in text]


@pytest.mark.parametrize("path", ["/", "/stories", "/drafts"])
def test_no_other_page_may_be_framed_even_by_an_allowed_origin(
    page: Page, embeddable: str, friend: Newspaper, complaints: list[str], path: str
) -> None:
    assert friend.open(page, embeddable + path) is None
    complaints[:] = [text for text in complaints if "frame" not in text.lower() and "net::ERR_BLOCKED" not in text]


def test_dates_are_brushed_in_the_frame(page: Page, embeddable: str, friend: Newspaper) -> None:
    frame = shown(friend.open(page, f"{embeddable}/embed?unit=month"))
    box = frame.locator("#hist").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 21.5 / 22, box["y"] + 30)
    expect(frame.locator("#range")).to_have_text("1 to 30 Nov 2023")
    expect(frame.locator("#matched")).to_have_text("4 events")
    full = frame.get_by_role("link", name="Open in Dateline")
    assert query(full.get_attribute("href"))["datetime"] == ["2023-11-01/2023-11-30"]


def test_a_wheel_over_the_frame_scrolls_the_page_around_it(page: Page, embeddable: str, friend: Newspaper) -> None:
    frame = shown(friend.open(page, f"{embeddable}/embed?map=4/48/34"))
    before = frame.locator("#full").get_attribute("href")
    for part in (".leaflet-container", "#hist"):
        box = frame.locator(part).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(300)
    assert frame.locator("#full").get_attribute("href") == before


def test_a_mark_says_what_it_is_and_leads_to_its_sources(page: Page, embeddable: str, friend: Newspaper) -> None:
    frame = shown(friend.open(page, f"{embeddable}/embed?map=9/48.5956/38&type=Battles"))
    box = frame.locator(".leaflet-container").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = frame.locator(".embed-card")
    expect(card.get_by_role("heading")).to_have_text("Attack on a trench near Bakhmut")
    expect(card).to_contain_text("10 Nov 2023")
    expect(card).to_contain_text("near this place, within about 25 km")
    link = card.get_by_role("link", name="Quote and sources")
    assert query(link.get_attribute("href"))["event"] == ["trench"]
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(320, 420), (480, 400), (800, 500)])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_frames_of_every_size(
    page: Page, embeddable: str, friend: Newspaper, width: int, height: int, theme: Any, axe: Callable[[Page], None]
) -> None:
    page.emulate_media(color_scheme=theme)
    frame = shown(friend.open(page, f"{embeddable}/embed", width, height))
    size = frame.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= width
    assert size[1] <= height
    chart = frame.locator(".map-box").bounding_box()
    assert chart
    assert chart["height"] >= 0.5 * height
    expect(frame.locator("#matched" if width > 760 else "#range")).to_be_visible()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{embeddable}/embed")
    page.wait_for_selector("body[data-ready]", state="attached")
    axe(page)


def test_a_link_that_chooses_no_type_shows_none(page: Page, embeddable: str) -> None:
    page.goto(f"{embeddable}/embed?type=none")
    page.wait_for_selector("body[data-ready]", state="attached")
    expect(page.locator("#empty")).to_contain_text("No events here match.")
    page.goto(f"{embeddable}/embed")
    expect(page.locator("#matched")).to_have_text(f"{SHOWN} events")
