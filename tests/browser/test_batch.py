"""The lists of stories and of drafts in Chromium: decided by click and by key, on a desk and on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.model import Document, Source, Status
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.browser.test_story import DESK, NASTY, PHONE, on_both
from tests.store.test_duplicates import told

SHARES = {"a": 0.2, "b": 0.4, "c": 0.9}
LONG = "A_very_long_word_without_a_place_to_break_" * 4


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = open_workspace(Settings(data=tmp_path))
    events = [
        replace(told(name, title=f"Draft {name}" if name != "b" else NASTY), confidence=share, notes=(LONG,))
        for name, share in SHARES.items()
    ]
    stories = [Document(event.doc_id, event.quote, Source(title=f"Story {event.event_id} {LONG}")) for event in events]
    made.store.save(events, stories)
    yield made
    made.close()


@pytest.fixture
def size() -> ViewportSize:
    return DESK


@pytest.fixture
def browser_context_args(workspace: Workspace, serve: Callable[[Workspace], str], size: ViewportSize) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": size}


def opened(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("body[data-ready]").wait_for()


def test_drafts_are_decided_by_key(page: Page, workspace: Workspace) -> None:
    opened(page, "/drafts")
    answers: list[str] = []
    page.on("response", lambda answer: answers.append(answer.url) if answer.url.endswith("/status") else None)
    rows = page.locator("#drafts > .draft")
    page.keyboard.press("j")
    expect(rows.nth(0).locator("a")).to_be_focused()
    page.keyboard.press("a")
    expect(rows.nth(0).locator("[data-tag]")).to_have_text("Reviewed")
    expect(rows.nth(1).locator("a")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1).locator("[data-tag]")).to_have_text("Discarded")
    page.keyboard.press("u")
    expect(rows.nth(1).locator("[data-tag]")).to_have_text("Draft")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(rows.nth(0).locator("[data-tag]")).to_have_text("Draft")
    page.keyboard.press("a")
    expect(rows.nth(0).locator("[data-tag]")).to_have_text("Reviewed")
    for _ in range(200):  # the page shows a decision before the server has it
        if len(answers) == 5:
            break
        page.wait_for_timeout(50)
    expect(page.locator("#story-says")).to_have_text("Reviewed.")
    assert [workspace.store.get(name).status for name in "abc"] == [Status.REVIEWED, Status.DRAFT, Status.DRAFT]
    page.reload()
    expect(rows).to_have_count(2)


def test_a_draft_opens_in_its_story(page: Page, complaints: list[str]) -> None:
    opened(page, "/drafts")
    page.keyboard.press("j")
    with page.expect_console_message(lambda message: "503" in message.text):  # no gazetteer here
        page.keyboard.press("o")
    page.wait_for_url("**/stories/story-a?event=a")
    expect(page.locator("#review-title")).to_be_visible()
    complaints[:] = [text for text in complaints if "/stories/story-a/reading.json" not in text]


def test_a_decision_that_fails_is_taken_back_on_the_page(page: Page, complaints: list[str]) -> None:
    opened(page, "/drafts")
    page.route("**/events/a/status", lambda route: route.fulfill(status=500, json={"detail": "The disk is full."}))
    page.get_by_role("button", name="Accept Draft a").click()
    expect(page.locator("#draft-problem")).to_contain_text("The disk is full.")
    expect(page.locator("#drafts > .draft").nth(0).locator("[data-tag]")).to_have_text("Draft")
    complaints[:] = [text for text in complaints if "status of 500" not in text]


def test_stories_are_sorted_and_filtered_by_links(page: Page) -> None:
    page.goto("/stories")
    names = page.locator(".story-list-title")
    expect(names).to_have_count(3)
    page.get_by_role("link", name="Confidence").click()
    expect(names.first).to_contain_text("Story a")
    page.get_by_role("link", name="Confidence").click()
    expect(names.first).to_contain_text("Story c")
    page.get_by_role("link", name="Needs a look").click()
    expect(names).to_have_count(2)
    expect(page.locator(".list-looks").first).to_contain_text("1 low confidence")
    page.get_by_role("link", name="Show all").click()
    expect(names).to_have_count(3)
    nav = page.get_by_role("navigation", name="Main")
    expect(nav.get_by_role("link", name="Stories")).to_have_attribute("aria-current", "page")
    expect(nav.get_by_role("link", name="Duplicates")).to_have_text("Duplicates3")


@on_both
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/stories", "/stories?look=1", "/drafts"])
def test_without_barriers_and_within_the_screen(
    page: Page, axe: Callable[[Page], None], size: ViewportSize, scheme: Any, path: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    expect(page.locator("[data-duplicates]").last).to_have_text("3")
    if path == "/drafts":
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.keyboard.press("x")
        expect(page.locator("[data-tag]").nth(1)).to_have_text("Discarded")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == (DESK if size == DESK else PHONE)["width"]
