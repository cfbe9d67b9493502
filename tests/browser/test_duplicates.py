"""The page of likely duplicates in Chromium: by mouse, by key and on a phone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.model import Document, Fatalities, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import DatePrecision, TimeSpan
from geodata.workspace import open_workspace
from tests.browser.test_story import DESK, NASTY, PHONE, on_both, on_phone
from tests.store.test_duplicates import told

WEEK = TimeSpan(date(2023, 11, 6), date(2023, 11, 12), DatePrecision.WEEK)
A = replace(told("a", title="Bakery queue shelled"), status=Status.REVIEWED, actors=("crowd",))
B = replace(told("b", title=NASTY), when=WEEK, fatalities=Fatalities(best=5), quote=A.quote + " " + NASTY,
            sources=(Source("javascript:alert(1)", NASTY, "Daily", date(2023, 11, 15)),))  # fmt: skip
FIRE = [
    told(name, event_type="Riots", sub_event_type="Mob violence", quote="A mob burned a kiosk in Kherson.", place=None)
    for name in ("k1", "k2")
]
EVENTS = [A, B, *FIRE]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = open_workspace(Settings(data=tmp_path))
    made.store.save(EVENTS, [Document(event.doc_id, event.quote) for event in EVENTS])
    yield made
    made.close()


@pytest.fixture
def size() -> ViewportSize:
    return DESK


@pytest.fixture
def browser_context_args(workspace: Workspace, serve: Callable[[Workspace], str], size: ViewportSize) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": size}


def opened(page: Page, path: str = "/duplicates") -> None:
    page.goto(path)
    page.locator("body[data-ready]").wait_for()


def names(workspace: Workspace) -> set[str]:
    return {event.event_id for event in workspace.store.find(EventQuery(statuses=tuple(Status)))}


@on_both
def test_a_pair_is_shown_side_by_side_and_merged(page: Page, workspace: Workspace, size: ViewportSize) -> None:
    opened(page, "/duplicates?event=a")
    expect(page.get_by_role("heading", name="Is this one event?")).to_be_visible()
    expect(page.locator(".pair-why.for")).to_contain_text("At the same place, Kherson")
    expect(page.locator("tr.differs th")).to_have_text([re.compile("When"), re.compile("Deaths")])
    expect(page.locator(".mini-map .pin")).to_have_text(["A", "B"])
    page.get_by_label("Best").fill("4")
    page.get_by_label("Highest").fill("6")
    page.get_by_role("button", name="Merge", exact=False).first.click()
    expect(page.locator("#pair-done-text")).to_contain_text("All sources and quotes are kept")
    assert workspace.store.get("a").fatalities == Fatalities(3, 4, 6)
    assert names(workspace) == {"a", "k1", "k2"}
    expect(page.locator("#pair-empty")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("heading", name="Is this one event?")).to_be_visible()
    assert names(workspace) == {"a", "b", "k1", "k2"}
    assert workspace.store.get("a") == A


def test_all_by_keys(page: Page, workspace: Workspace) -> None:
    opened(page)
    expect(page.locator("#pair-title")).to_contain_text("2 pairs")
    page.keyboard.press("x")
    expect(page.get_by_label("Keep B")).to_be_checked()
    page.keyboard.press("x")
    expect(page.get_by_label("Keep A")).to_be_checked()
    page.keyboard.press("s")
    expect(page.locator("#pair-title")).to_contain_text("1 pair")
    page.keyboard.press("n")
    expect(page.locator("#pair-empty-text")).to_contain_text("skipped 1 pair")
    page.keyboard.press("u")
    expect(page.locator("#pair-title")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("#pair-merges")).to_be_visible()
    expect(page.locator("#pair-empty")).to_be_visible()
    assert len(names(workspace)) == 3
    page.get_by_role("button", name="Show the skipped ones again").click()
    expect(page.locator("#pair-title")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#pair-done-text")).to_contain_text("Kept apart")
    page.reload()
    expect(page.locator("#pair-empty-text")).to_contain_text("Every event of the stories here seems to be its own")


def test_keys_rest_while_typing_and_can_be_switched_off(page: Page, workspace: Workspace) -> None:
    opened(page, "/duplicates?event=a")
    page.get_by_label("Best").press("m")
    page.get_by_label("Best").fill("5")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("One-letter keys").uncheck()
    page.locator("#pair-title").focus()
    page.keyboard.press("m")
    assert len(names(workspace)) == 4
    page.get_by_label("One-letter keys").check()


@pytest.mark.parametrize(
    ("label", "text", "words"),
    [
        ("Best", "many", "whole numbers"),
        ("Lowest", "9", "have to rise"),
        ("Earliest", "2023-11-20", "before the earliest"),
    ],
)
def test_figures_that_cannot_be_are_refused_on_the_page(
    page: Page, workspace: Workspace, label: str, text: str, words: str
) -> None:
    opened(page, "/duplicates?event=a")
    page.get_by_label(label, exact=True).fill(text)
    page.locator("[data-act=m]").click()
    expect(page.locator("#pair-wrong")).to_contain_text(words)
    assert len(names(workspace)) == 4


def test_a_merge_is_taken_back_from_the_list_after_a_reload(page: Page, workspace: Workspace) -> None:
    opened(page, "/duplicates?event=a")
    page.keyboard.press("m")
    expect(page.locator("#pair-empty")).to_be_visible()
    page.reload()
    page.locator("#pair-merges summary").click()
    page.get_by_role("button", name=re.compile("Undo the merge of")).click()
    expect(page.locator("#pair-title")).to_be_visible()
    assert names(workspace) == {"a", "b", "k1", "k2"}


def test_a_pair_that_another_person_decided_is_told_and_passed(
    page: Page, workspace: Workspace, complaints: list[str]
) -> None:
    opened(page, "/duplicates?event=a")
    workspace.store.duplicates.merge(workspace.store.get("a"), "b")
    page.keyboard.press("m")
    expect(page.locator("#pair-problem-text")).to_contain_text("no event with the id 'b'")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#pair-empty")).to_be_visible()
    complaints[:] = [text for text in complaints if "status of 404" not in text]


@on_phone
def test_on_a_phone_nothing_is_wider_than_it(page: Page, size: ViewportSize) -> None:
    opened(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.keyboard.press("n")
    expect(page.locator("#pair-title")).to_contain_text("1 pair")
    page.keyboard.press("n")
    expect(page.locator("#pair-empty")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@on_both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_barriers(page: Page, axe: Callable[[Page], None], size: ViewportSize, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, "/duplicates?event=a")
    axe(page)
    page.keyboard.press("m")
    expect(page.locator("#pair-empty")).to_be_visible()
    page.locator("#pair-merges summary").click()
    axe(page)


@on_both
def test_the_map_leads_here(page: Page, axe: Callable[[Page], None], size: ViewportSize) -> None:
    page.goto("/?event=a")
    expect(page.locator("#card-duplicates")).to_have_text("1 likely duplicate")
    expect(page.get_by_role("link", name="Duplicates 2")).to_be_visible()
    axe(page)
    page.locator("#card-duplicates").click()
    expect(page.locator("#pair-title")).to_be_visible()
    page.keyboard.press("m")
    expect(page.locator("#pair-empty")).to_be_visible()
    page.goto("/?event=b")
    expect(page.locator("#card-title")).to_have_text("Bakery queue shelled")
    expect(page.locator("#card .also blockquote")).to_contain_text("Shells hit a bakery")
