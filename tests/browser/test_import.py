"""Importing through the "Add story" page in Chromium: several files with progress, stop and going on; addresses."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.settings import Settings
from geodata.sources.web import Fetcher
from tests.jobs.small_workspace import SLOW, TrickyWorkspace
from tests.sources.made_files import feed_file, feed_item
from tests.sources.web_server import Names, Site

SIZES = {"desk": ViewportSize(width=1440, height=900), "phone": ViewportSize(width=390, height=844)}
HTML = {"Content-Type": "text/html; charset=utf-8"}
STORY = "Shelling number {} hit Kherson on Friday, the police said. {}"


@pytest.fixture
def fetch_urls() -> bool:
    return False


@pytest.fixture
def workspace(tmp_path: Path, fetch_urls: bool) -> Iterator[TrickyWorkspace]:
    made = TrickyWorkspace(Settings(data=tmp_path / "data", workers=1, fetch_urls=fetch_urls))
    yield made
    made.close()


@pytest.fixture
def size() -> ViewportSize:
    return SIZES["desk"]


@pytest.fixture
def browser_context_args(
    workspace: TrickyWorkspace, serve: Callable[[Workspace], str], size: ViewportSize
) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": size}


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def jsonl(count: int) -> bytes:
    return "\n".join(json.dumps({"text": STORY.format(n, SLOW)}) for n in range(count)).encode()


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.goto("/stories/new")
    payload = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    page.locator("#story-file").set_input_files(payload)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_several_files_become_drafts(page: Page, workspace: TrickyWorkspace, axe: Callable[[Page], None]) -> None:
    files = [(f"{n}.txt", STORY.format(n, "").encode()) for n in range(3)]
    upload(page, *files, ("broken.docx", b"PK\x03\x04...."))
    expect(page.locator("#story-chosen-name")).to_contain_text("4 files")
    expect(page.get_by_label("Story text")).to_be_disabled()
    page.get_by_role("button", name="Import them").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("#import-state")).to_have_text("Done", timeout=30_000)
    expect(page.locator("#import-counts")).to_have_text("4 of 4 read, 3 events found, 1 problem")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator("#import-problems")).to_contain_text("broken.docx is damaged")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Open the stories").click()
    expect(page.locator("main")).to_contain_text("1 draft")
    page.goto("/imports")
    expect(page.get_by_role("link", name="0.txt and 3 more")).to_be_visible()
    axe(page)


def test_progress_survives_a_reload_and_can_be_stopped(page: Page, workspace: TrickyWorkspace) -> None:
    upload(page, ("stories.jsonl", jsonl(200)))
    page.get_by_role("button", name="Import it").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("#import-state")).to_have_text("Reading")
    expect(page.locator("#import-progress")).not_to_have_js_property("value", 0)
    page.reload()
    expect(page.locator("#import-state")).to_have_text("Reading")
    expect(page.locator("#import-progress")).to_have_js_property("max", 200)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#import-state")).to_have_text("Stopped")
    kept = len(workspace.store.stories(1000))
    assert 0 < kept < 200
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#import-state")).to_have_text("Done", timeout=90_000)
    expect(page.locator("#import-counts")).to_contain_text(f"{kept} read before")
    assert len(workspace.store.stories(1000)) == 200


def test_one_story_still_goes_to_the_review(page: Page) -> None:
    upload(page, ("one.txt", STORY.format(1, "").encode()))
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_be_visible()


def test_files_of_no_kind_are_named(page: Page) -> None:
    upload(page, ("a.txt", b"A."), ("virus.exe", b"MZ"))
    page.get_by_role("button", name="Import them").click()
    expect(page.locator("#form-problem")).to_contain_text("“virus.exe” is of no kind that is read here")


def test_an_address_says_that_fetching_is_off(page: Page) -> None:
    page.goto("/stories/new")
    expect(page.locator("#url-hint")).to_contain_text("Pages are not fetched")
    page.get_by_label("Web address").fill("https://example.org/story")
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#form-problem")).to_contain_text("DATELINE_FETCH_URLS=yes turns it on")
    expect(page.locator("#form-problem")).to_be_focused()


@pytest.mark.parametrize("fetch_urls", [True])
def test_an_address_is_fetched_for_review(page: Page, workspace: TrickyWorkspace, site: Site) -> None:
    words = f"<p>{STORY.format(7, 'Two people were hurt.')}</p>" * 3
    site.pages["/story"] = (200, HTML, f"<html><body><article>{words}</article></body></html>".encode())
    workspace.intake.fetcher = Fetcher(Names().policy(site.port))
    page.goto("/stories/new")
    page.get_by_label("Web address").fill(site.address("/story"))
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_be_visible()
    expect(page.locator(".review-notes")).to_contain_text("fetched from")


@pytest.mark.parametrize("fetch_urls", [True])
def test_a_feed_s_address_becomes_an_import(page: Page, workspace: TrickyWorkspace, site: Site) -> None:
    site.pages["/rss"] = (200, {"Content-Type": "application/rss+xml"}, feed_file(*map(feed_item, range(4))))
    workspace.intake.fetcher = Fetcher(Names().policy(site.port))
    page.goto("/stories/new")
    page.get_by_label("Web address").fill(site.address("/rss"))
    page.get_by_role("button", name="Read the story").click()
    page.wait_for_url("**/imports/*")
    expect(page.locator("#import-state")).to_have_text("Done", timeout=30_000)
    expect(page.locator("#import-counts")).to_contain_text("4 events found")
