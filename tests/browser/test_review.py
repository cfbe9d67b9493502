"""The review of a story by keyboard alone, its doubts, its candidates on a map, and the choices that are remembered."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.model import Document, Draft, Event, Extraction, Fatalities, Span, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from tests.mapping.story_workspace import SPRINGFIELDS, TEXT, TITLE, SmallExtractor, SmallWorkspace

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SECONDS_A_KEY = 5
"""Ample for reading one sentence and its date, type and place before deciding."""
TOWNS = ("Kherson", "Odesa", "Melitopol", "Bakhmut") * 2
EIGHT = "\n\n".join(f"Shells hit {town} on {day} May." for day, town in enumerate(TOWNS, 1))


class EightEvents(SmallExtractor):
    """A clean event for each sentence that begins with shells."""

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document, names in self.toponyms(documents):
            drafts = []
            for number, name in enumerate(names, 1):
                end = document.text.index(".", name.span.end) + 1
                quote = Span(name.span.start - len("Shells hit "), end)
                when = TimeSpan.day(date(2024, 5, number))
                kind = ("Explosions/Remote violence", "Shelling/artillery/missile attack")
                trigger = Span(quote.start + 7, quote.start + 10)
                title = f"Shelling of {name.text}, {number} May"
                drafts.append(Draft(*kind, title, quote, trigger, when, Span(name.span.end + 4, end - 1), name, 0.9))
            yield Extraction(document, names, tuple(drafts))


class ReviewWorkspace(SmallWorkspace):
    """The small world; a text of shells only is read as eight clean events."""

    @property
    def extractor(self) -> SmallExtractor:
        return _Either()


class _Either(SmallExtractor):
    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            reader = EightEvents() if document.text.strip() == EIGHT else SmallExtractor()
            yield from reader.extract([document])


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[SmallWorkspace]:
    made = ReviewWorkspace(Settings(data=tmp_path))
    yield made
    made.close()


@pytest.fixture
def size() -> ViewportSize:
    return DESK


@pytest.fixture
def browser_context_args(
    workspace: SmallWorkspace, serve: Callable[[Workspace], str], size: ViewportSize
) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": size}


on_phone = pytest.mark.parametrize("size", [PHONE], ids=["phone"])


def paste(page: Page, text: str = TEXT) -> None:
    page.goto("/stories/new")
    page.get_by_label("Story text").fill(text)
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Publication date").fill("2024-05-13")
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_be_focused()


def press(page: Page, *keys: str) -> int:
    """Presses each key; how many there were."""
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def card(page: Page, number: int) -> Any:
    return page.locator(".cards > .card").nth(number - 1)


def everything(workspace: SmallWorkspace) -> Sequence[Event]:
    return sorted(workspace.store.find(EventQuery(statuses=tuple(Status))), key=lambda event: event.title)


def test_a_clean_story_of_eight_is_confirmed_by_ten_keys(page: Page, workspace: SmallWorkspace) -> None:
    """One key opens the first event, eight accept what is shown and move on, one saves: 50 seconds at 5 a key."""
    paste(page, EIGHT)
    expect(page.locator(".cards > .card")).to_have_count(8)
    expect(page.locator(".tag.look")).to_have_count(0)
    steps = press(page, "a")
    expect(card(page, 1).locator(".tag").first).to_have_text("Draft")  # nothing is decided unseen
    for number in range(1, 9):
        expect(card(page, number).locator(".card-open")).to_be_focused()
        expect(card(page, number).get_by_label("Title")).to_be_in_viewport()
        expect(page.locator(f".review-text .chip.lit[data-chip='{number - 1}']")).to_be_in_viewport()
        steps += press(page, "a")
    expect(page.get_by_role("button", name="Save 8 events")).to_be_focused()
    steps += press(page, "Enter")
    expect(page.locator(".saved-lines")).to_contain_text("8 events kept: 8 reviewed, 0 drafts")
    assert steps == 10
    assert steps * SECONDS_A_KEY < 60
    assert {event.status for event in everything(workspace)} == {Status.REVIEWED}


def test_every_field_is_edited_without_the_mouse(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    press(page, "j", "e")
    expect(card(page, 1).get_by_label("Title")).to_be_focused()
    page.keyboard.type("Shells on a street of Kherson")
    press(page, "Escape")
    expect(card(page, 1).locator(".card-open")).to_be_focused()
    press(page, "t")
    page.keyboard.type("Air")  # the list goes to "Air/drone strike"
    press(page, "Escape", "d")
    page.keyboard.type("05092024")
    press(page, "Escape", "w")
    page.keyboard.type("Russian forces\nresidents")
    press(page, "Escape", "f")
    page.keyboard.type("2")
    press(page, "Shift+Tab")
    page.keyboard.type("1")
    press(page, "Escape", "p")
    page.keyboard.type("melito")
    expect(card(page, 1).get_by_role("radio", name=re.compile("Melitopol"))).to_be_visible()
    press(page, "ArrowDown", "Space", "Escape")
    expect(card(page, 1).get_by_role("button", name="Change place")).to_be_focused()
    press(page, "Control+Enter")
    expect(page.locator(".saved-lines")).to_contain_text("4 events kept: 1 reviewed, 3 drafts")
    event = next(event for event in everything(workspace) if event.title == "Shells on a street of Kherson")
    assert event.place
    assert (event.sub_event_type, str(event.when), event.place.name) == (
        "Air/drone strike",
        "2024-05-09",
        "Melitopol",
    )
    assert (event.actors, event.fatalities) == (("Russian forces", "residents"), Fatalities(1, 2, None))


def test_tab_leads_through_the_open_card_and_out_of_it(page: Page) -> None:
    paste(page)
    press(page, "n")
    seen = []
    for _ in range(40):
        press(page, "Tab")
        seen.append(page.evaluate("document.activeElement.closest('.card')?.querySelector('.pin').textContent || ''"))
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none", page.evaluate("document.activeElement.outerHTML")
        if seen[-1] == "4":
            break
    assert seen[-1] == "4"  # no trap: search, candidates, map, its buttons, the fields, and on


def test_keys_are_shown_and_close_again(page: Page) -> None:
    paste(page)
    expect(page.locator(".foot-keys")).to_contain_text("accept")
    press(page, "?")
    expect(page.locator(".keys-box")).to_be_in_viewport()
    expect(page.locator(".keys-box dt")).to_have_count(16)
    press(page, "Escape")
    expect(page.locator(".keys-box")).to_be_hidden()


def test_a_decision_is_taken_back(page: Page) -> None:
    paste(page)
    press(page, "j", "x", "k")
    expect(card(page, 1).locator(".tag").first).to_have_text("Discarded")
    press(page, "u")
    expect(card(page, 1).locator(".tag").first).to_have_text("Draft")
    expect(card(page, 1).locator(".card-open")).to_be_focused()


def test_a_slip_is_taken_back_though_the_review_has_gone_on(page: Page) -> None:
    paste(page)
    press(page, "j", "x")
    expect(card(page, 2).locator(".card-open")).to_be_focused()
    press(page, "u")
    expect(card(page, 1).locator(".tag").first).to_have_text("Draft")
    expect(card(page, 1).locator(".card-open")).to_be_focused()


def test_doubts_are_marked_with_their_reason(page: Page) -> None:
    paste(page)
    expect(page.locator(".card:has(.tag.look) .card-title")).to_contain_text(["March against", "Warehouse"])
    expect(card(page, 3).locator(".card-doubt")).to_contain_text(
        "the year is the publication date's; check (and 3 more)"
    )
    expect(page.locator(".foot-line")).to_contain_text("2 need a look")
    press(page, "n")
    expect(card(page, 3).locator(".card-open")).to_be_focused()
    expect(card(page, 3).locator(".doubts")).to_contain_text("a chance of about 50%; 2 other places have that name")
    press(page, "n")
    expect(card(page, 4).locator(".card-open")).to_be_focused()
    press(page, "a", "n")
    expect(card(page, 3).locator(".card-open")).to_be_focused()
    expect(card(page, 4).locator(".tag.look")).to_have_count(0)


def test_candidates_are_numbered_alike_in_the_list_and_on_the_map(page: Page) -> None:
    paste(page)
    press(page, "n")
    mine = card(page, 3)
    expect(mine.locator(".places .pin")).to_have_text(["1", "2", "3"])
    expect(mine.locator(".mini-map .pin")).to_have_text(["1", "2", "3"])
    expect(mine.locator(".places .reasons").first).to_have_text("larger; named first")
    mine.locator(".place-option").nth(2).hover()
    expect(mine.locator(".mini-map .pin.lit")).to_have_text("3")
    mine.locator(".mini-map .pin", has_text="1").hover()
    expect(mine.locator(".place-option.lit strong")).to_have_text("Springfield")
    mine.locator(".mini-map .pin", has_text="2").click()
    expect(mine.get_by_role("radio", name=re.compile("Missouri"))).to_be_checked()
    press(page, "3")
    expect(mine.get_by_role("radio", name=re.compile("Massachusetts"))).to_be_checked()
    expect(mine.locator(".tag").first).to_have_text("Reviewed")


def test_precision_is_drawn_around_a_candidate(page: Page) -> None:
    paste(page)
    press(page, "j", "j", "p")
    expect(card(page, 2).locator(".mini-map .pin-area.lit")).to_have_count(1)  # near Bakhmut: 25 km


def test_pins_light_their_marks(page: Page) -> None:
    paste(page)
    page.locator(".overview .pin", has_text="1").hover()
    expect(page.locator(".review-text mark.lit").first).to_have_text("Shells")
    expect(card(page, 1)).to_have_class(re.compile(r"\blit\b"))


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_place_is_pointed_at_on_the_map(page: Page, workspace: SmallWorkspace, by: str) -> None:
    paste(page)
    press(page, "j", "p")
    mine = card(page, 1)
    mine.get_by_role("button", name="Point on the map").focus()
    press(page, "Enter")
    expect(mine.locator(".mini-map")).to_be_focused()
    if by == "mouse":
        mine.locator(".mini-map").click(position={"x": 60, "y": 200})
    else:
        press(page, "ArrowRight")
        page.wait_for_timeout(400)  # the map glides
        press(page, "Enter")
    expect(mine.get_by_role("radio").last).to_be_checked()
    expect(mine.locator(".reasons").last).to_contain_text(re.compile(r"pointed on the map, \d+ k?m from Kherson"))
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="Remembered for this project")).to_be_visible()
    place = workspace.choices.known()[0].place
    assert (place.name, place.place_id, place.admin1) == ("Kherson", "", "Kherson Oblast")
    assert (place.lon, place.lat) != (32.6178, 46.6354)


def test_a_choice_is_remembered_listed_forgotten_and_taken_back(
    page: Page, workspace: SmallWorkspace, axe: Callable[[Page], None]
) -> None:
    paste(page)
    press(page, "n", "2", "Control+Enter")
    expect(page.locator(".remembered-list")).to_contain_text("Springfield means Springfield Missouri, United States")
    axe(page)
    assert [choice.place for choice in workspace.choices.known()] == [SPRINGFIELDS[1]]
    page.get_by_role("button", name="Undo: forget").click()
    expect(page.locator(".remembered-list")).to_contain_text("What “Springfield” means is forgotten.")
    assert workspace.choices.known() == ()
    page.get_by_role("link", name="Open the story again").click()
    expect(page.locator(".all-places")).to_be_visible()
    press(page, "j", "j", "j", "p")
    card(page, 3).get_by_role("radio", name=re.compile("Illinois")).check()
    press(page, "Control+Enter")
    page.locator(".remembered").get_by_role("link", name="All remembered places").click()
    expect(page.locator(".choice-words")).to_contain_text("Springfield means Springfield Illinois, United States")
    axe(page)
    page.get_by_role("button", name="Forget").click()
    expect(page.locator(".choice-done")).to_contain_text("The choice is forgotten")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".choice-done")).to_contain_text("“Springfield” means Springfield again")
    axe(page)
    assert [choice.place for choice in workspace.choices.known()] == [SPRINGFIELDS[0]]


def test_what_is_not_to_be_remembered_is_not(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    press(page, "n", "2")
    card(page, 3).get_by_label("Remember for this project").uncheck()
    card(page, 3).get_by_role("button", name="Done").click()
    expect(card(page, 3).locator(".place-field .hint")).to_contain_text("for this event only")
    card(page, 3).get_by_role("button", name="Remember it").click()
    expect(card(page, 3).get_by_role("button", name="Do not remember")).to_be_focused()
    press(page, "Enter", "Control+Enter")
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    expect(page.locator(".remembered")).to_have_count(0)
    assert workspace.choices.known() == ()


def test_a_kept_story_has_its_candidates_and_its_trigger_words_again(page: Page) -> None:
    paste(page)
    press(page, "Control+Enter")
    page.get_by_role("link", name="Open the story again").click()
    expect(page.locator("mark.words.what")).to_have_text(["what", "Shells", "fought", "marched", "burned"])
    expect(page.locator(".card:has(.tag.look)")).to_have_count(2)
    press(page, "n")
    expect(card(page, 3).locator(".places .reasons").first).to_have_text("larger; named first")


def test_a_kept_story_opens_where_it_cannot_be_read_again(page: Page, complaints: list[str]) -> None:
    paste(page)
    press(page, "Control+Enter")
    detail = '{"status": 500, "detail": "the model is not installed; run make setup"}'
    page.route("**/reading.json", lambda route: route.fulfill(status=500, content_type="application/json", body=detail))
    page.get_by_role("link", name="Open the story again").click()
    expect(page.locator(".review-told")).to_contain_text("are not shown: the model is not installed")
    press(page, "j", "p")
    card(page, 1).get_by_label("Search the gazetteer").fill("odes")
    card(page, 1).get_by_role("radio", name=re.compile("Odesa")).check()
    complaints[:] = [text for text in complaints if "status of 500" not in text]


def test_wrong_deaths_are_refused_beside_the_field(page: Page) -> None:
    paste(page)
    press(page, "j")
    card(page, 1).get_by_label("At least").fill("5")
    card(page, 1).get_by_label("Best figure").fill("3")
    press(page, "Escape")
    expect(card(page, 1).get_by_text("“At least” cannot be above")).to_be_visible()
    press(page, "Control+Enter")
    expect(page.locator(".review-foot .banner")).to_contain_text("Event 1: “At least” cannot be above")


@on_phone
def test_a_phone_has_room_for_the_candidates(page: Page) -> None:
    paste(page)
    card(page, 3).locator(".card-open").click()
    expect(card(page, 3).locator(".mini-map .pin")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card(page, 3).get_by_role("radio", name=re.compile("Missouri")).check()
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".remembered-list")).to_contain_text("Missouri")
    page.goto("/choices")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
