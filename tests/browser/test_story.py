"""The "Add story" page in Chromium: from pasted text to events on the map, by mouse, by keyboard and on a phone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.model import DEFAULT_RADIUS_M, Event, Precision, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from tests.mapping.story_workspace import MARCH, TEXT, TITLE, SmallWorkspace

NASTY = "${alert(1)} </script><script>document.title='broken'</script><img src=x onerror=document.title='broken'>"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[SmallWorkspace]:
    made = SmallWorkspace(Settings(data=tmp_path))
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
on_both = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


def paste(page: Page, text: str = TEXT, title: str = TITLE, published: str = "2024-05-13") -> None:
    page.goto("/stories/new")
    page.get_by_label("Story text").fill(text)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Publication date").fill(published)
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_be_visible()


def forgive_refusals(complaints: list[str]) -> None:
    """Chromium writes every answer of 400 to the console; the test asked for it."""
    complaints[:] = [text for text in complaints if "status of 400" not in text]


def card(page: Page, number: int) -> Any:
    return page.locator(".cards > .card").nth(number - 1)


def everything(workspace: SmallWorkspace) -> dict[str, Event]:
    return {event.title: event for event in workspace.store.find(EventQuery(statuses=tuple(Status)))}


def test_from_text_to_the_map(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    expect(page.locator("#review-title")).to_be_focused()
    expect(page.locator("mark.words.where")).to_have_text(["where", "Kherson", "Bakhmut", "Springfield"])
    expect(page.locator("mark.words.when").nth(1)).to_have_text("on Saturday")
    expect(page.locator(".overview .pin")).to_have_count(3)
    expect(page.get_by_text("1 event without a place")).to_be_visible()

    card(page, 1).locator(".card-open").click()
    card(page, 1).get_by_label("Type").select_option(label="Air/drone strike")
    card(page, 1).get_by_label("Earliest").fill("2024-05-10")
    card(page, 1).get_by_label("Known to the").select_option("week")
    expect(card(page, 1).get_by_label("Earliest")).to_have_value("2024-05-06")
    expect(card(page, 1).get_by_label("Latest")).to_have_value("2024-05-12")
    expect(card(page, 1).locator(".tag")).to_have_text("Reviewed")

    card(page, 3).locator(".card-open").click()
    expect(card(page, 3).locator(".mini-map .pin")).to_have_text(["1", "2", "3"])
    card(page, 3).get_by_role("radio", name=re.compile("Missouri")).check()
    card(page, 3).get_by_role("button", name="Done").click()
    expect(card(page, 3).locator(".place-line")).to_contain_text("Missouri, United States")

    card(page, 4).locator(".card-open").click()
    card(page, 4).get_by_role("button", name="Find the place").click()
    card(page, 4).get_by_label("Search the gazetteer").fill("melito")
    card(page, 4).get_by_role("radio", name=re.compile("Melitopol")).check()
    page.keyboard.press("Escape")
    expect(card(page, 4).get_by_role("button", name="Change place")).to_be_focused()

    card(page, 2).get_by_role("button", name="Discard event 2").click()
    page.get_by_role("button", name="Save 3 events, discard 1").click()
    expect(page.locator(".saved-lines")).to_contain_text("1 event discarded")
    expect(page.get_by_role("link", name="Show them on the map")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?map="))
    expect(page.get_by_text("Warehouse burns down after a blast").first).to_be_visible()

    found = everything(workspace)
    strike = found["Shelling of houses in Kherson"]
    assert (strike.sub_event_type, str(strike.when), strike.status) == (
        "Air/drone strike",
        "2024-05-06/2024-05-12",
        Status.REVIEWED,
    )
    places = {title: event.place and (event.place.name, event.place.admin1) for title, event in found.items()}
    assert places["March against the war in Springfield"] == ("Springfield", "Missouri")
    assert places["Warehouse burns down after a blast"] == ("Melitopol", "Zaporizhzhia Oblast")
    assert found["Fight for a trench near Bakhmut"].status is Status.REJECTED


def test_marks_cards_and_pins_light_together(page: Page) -> None:
    paste(page)
    page.locator("mark.words.where", has_text="Springfield").hover()
    expect(card(page, 3)).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator(".overview .pin.lit")).to_have_text("3")
    card(page, 1).hover()
    expect(page.locator("mark.lit").first).to_have_text("Shells")
    page.locator(".chip[data-chip='1']").focus()
    expect(card(page, 2)).to_have_class(re.compile(r"\blit\b"))
    page.keyboard.press("Enter")
    expect(card(page, 2).locator(".card-open")).to_be_focused()
    expect(card(page, 2).get_by_label("Title")).to_have_value("Fight for a trench near Bakhmut")


def test_keys_move_and_decide_but_not_while_typing(page: Page) -> None:
    paste(page)
    for key in ("j", "j", "a", "x", "Alt+ArrowUp", "k"):  # deciding moves on
        page.keyboard.press(key)
    expect(card(page, 2).locator(".tag").first).to_have_text("Reviewed")
    expect(card(page, 3).locator(".tag").first).to_have_text("Discarded")
    expect(card(page, 2).locator(".card-open")).to_be_focused()
    card(page, 2).get_by_label("Title").press_sequentially(" jakx")
    expect(card(page, 2).get_by_label("Title")).to_have_value(re.compile("jakx"))
    expect(page.get_by_role("button", name="Save 3 events, discard 1")).to_be_visible()
    page.locator(".keys summary").click()
    page.get_by_label("One-letter and number keys").uncheck()
    page.locator(".keys summary").focus()
    page.keyboard.press("x")
    expect(card(page, 2).locator(".tag").first).to_have_text("Reviewed")


def test_a_story_read_twice_moves_by_one(page: Page) -> None:
    paste(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("Story text")).to_have_value(TEXT)
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(card(page, 2).locator(".card-open")).to_be_focused()


def test_a_reload_keeps_the_review(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    card(page, 1).locator(".card-open").click()
    card(page, 1).get_by_label("Title").fill("Corrected by hand")
    page.wait_for_timeout(400)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(card(page, 1).locator(".card-title")).to_contain_text("Corrected by hand")
    expect(page.locator(".review-notes")).to_contain_text("not saved yet")
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".saved-lines")).to_contain_text("4 events kept")
    assert "Corrected by hand" in everything(workspace)
    page.goto("/stories/new")
    expect(page.get_by_label("Story text")).to_have_value("")


def test_leaving_an_unsaved_review_asks(page: Page) -> None:
    paste(page)
    card(page, 1).get_by_role("button", name="Accept event 1").click()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/stories")
    assert asked == ["beforeunload"]


def test_words_selected_become_an_event(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    page.locator(".review-text > span", has_text="Trains from").select_text()
    page.get_by_role("button", name="Add an event from these words").click()
    expect(card(page, 5).get_by_label("Title")).to_have_value("Trains from Kherson to Odesa ran late.")
    expect(card(page, 5).locator(".place-line")).to_contain_text("Kherson")
    card(page, 5).get_by_label("Type").select_option(label="Other")
    page.get_by_role("button", name="Save 5 events").click()
    expect(page.locator(".saved-lines")).to_contain_text("5 events kept")
    added = everything(workspace)["Trains from Kherson to Odesa ran late."]
    assert (added.quote, added.status) == ("Trains from Kherson to Odesa ran late.", Status.REVIEWED)
    assert everything(workspace)["March against the war in Springfield"].quote == MARCH


def test_no_event_offers_the_places(page: Page) -> None:
    paste(page, "It rained in Odesa. Nothing else is known.")
    expect(page.locator(".empty > p")).to_be_visible()
    page.get_by_role("button", name="Add an event in Odesa").click()
    expect(card(page, 1).locator(".place-line")).to_contain_text("Odesa Oblast, Ukraine")
    expect(page.locator(".empty > p")).to_be_hidden()


def test_three_hundred_places(page: Page) -> None:
    paste(page, "Rain fell. " + "It went on to Odesa. " * 300)
    expect(page.get_by_text("but 300 place names")).to_be_visible()
    expect(page.locator(".place-names button")).to_have_text(["+ Odesa ×300"])
    expect(page.locator(".overview .pin")).to_have_count(1)


def test_no_publication_date_is_said(page: Page) -> None:
    paste(page, published="")
    expect(page.locator(".review-notes")).to_contain_text("no publication date")
    expect(page.get_by_text("4 events without a date")).to_be_visible()


def test_impossible_dates_are_refused_beside_the_field(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    card(page, 1).locator(".card-open").click()
    card(page, 1).get_by_label("Latest").fill("2024-05-01")
    expect(card(page, 1).get_by_text("The latest date is before the earliest.")).to_be_visible()
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".review-foot .banner")).to_have_text("Event 1: The latest date is before the earliest.")
    assert everything(workspace) == {}


def test_a_range_keeps_its_latest_day(page: Page) -> None:
    paste(page)
    card(page, 1).locator(".card-open").click()
    first, last = (card(page, 1).get_by_label(name) for name in ("Earliest", "Latest"))
    known = card(page, 1).get_by_label("Known to the")
    for earliest, latest in (("2024-05-04", "2024-05-04"), ("2024-05-03", "2024-05-03")):
        first.fill(earliest)  # one day: its end follows
        expect(last).to_have_value(latest)
    last.fill("2024-05-09")
    for earliest, latest in (("2024-05-05", "2024-05-09"), ("2024-05-11", "2024-05-11")):
        first.fill(earliest)  # a range keeps its end, unless its start passes it
        expect(last).to_have_value(latest)
    known.select_option("month")
    first.fill("2024-02-01")
    expect(last).to_have_value("2024-02-29")


def test_a_precision_set_by_hand_brings_its_usual_doubt(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    expect(page.locator(".overview .pin-area")).to_have_count(1)  # near Bakhmut
    card(page, 1).locator(".card-open").click()
    card(page, 1).get_by_label("How exactly the place is known").select_option("admin1")
    expect(page.locator(".overview .pin-area")).to_have_count(2)
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".saved-lines")).to_contain_text("4 events kept")
    place = everything(workspace)["Shelling of houses in Kherson"].place
    assert place is not None
    assert (place.precision, place.radius_m) == (Precision.ADMIN1, DEFAULT_RADIUS_M[Precision.ADMIN1])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG image"),
        ("story.docx", b"PK\x03\x04", "story.docx is damaged and cannot be unpacked"),
        ("story.odt", b"PK\x03\x04", "of no kind that is read here. Choose .txt"),
        ("empty.txt", b"  \n", "empty"),
        ("big.txt", b"word " * 1_700_000, "8,000 kB"),
    ],
)
def test_bad_files_are_said(page: Page, complaints: list[str], name: str, data: bytes, words: str) -> None:
    page.goto("/stories/new")
    page.locator("#story-file").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
    page.locator("#story-read").click()
    expect(page.locator("#form-problem")).to_contain_text(words)
    expect(page.locator("#form-problem")).to_be_focused()
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_label("Story text")).to_be_enabled()
    forgive_refusals(complaints)


def test_an_html_file_is_read_and_its_scripts_are_not(page: Page, workspace: SmallWorkspace) -> None:
    head = "<head><title>x</title><script>document.title='broken'</script></head>"
    html = f"<html>{head}<body><article><p>{MARCH}</p></article></body></html>"
    page.goto("/stories/new")
    page.get_by_label("Publication date").fill("2024-05-13")
    page.locator("#story-file").set_input_files({"name": "a.html", "mimeType": "text/html", "buffer": html.encode()})
    page.get_by_role("button", name="Read the story").click()
    expect(card(page, 1).locator(".card-title")).to_contain_text("March against the war")
    expect(page.locator(".review-text")).not_to_contain_text("broken")


def test_a_file_can_be_dropped(page: Page) -> None:
    page.goto("/stories/new")
    drop = """(node, text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
      node.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.locator("#story-drop").evaluate(drop, TEXT)
    expect(page.locator("#story-chosen-name")).to_contain_text("dropped.txt")
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator(".cards > .card")).to_have_count(4)


def test_the_theme_changes_under_open_maps(page: Page) -> None:
    paste(page)
    card(page, 3).locator(".card-open").click()  # its place is in doubt: the candidates are there
    page.get_by_role("button", name="Dark theme").click()
    page.keyboard.press("Tab")
    card(page, 3).get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Light theme").click()
    expect(page.locator(".overview .pin")).to_have_count(3)


@on_both
def test_scripts_in_names_do_not_run(page: Page, workspace: SmallWorkspace) -> None:
    paste(page, f"{TEXT} {NASTY}", title=NASTY)
    card(page, 1).locator(".card-open").click()
    card(page, 1).get_by_label("Title").fill(NASTY)
    page.get_by_role("button", name="Save 4 events").click()
    page.get_by_role("link", name="Show them on the map").click()
    expect(page.get_by_text("${alert(1)}").first).to_be_visible()
    page.goto("/stories")
    page.get_by_role("link", name="${alert(1)}").click()
    expect(page.locator("#review-title")).to_have_text(NASTY)
    assert "broken" not in page.title()


def test_reading_can_be_cancelled(page: Page) -> None:
    held: list[Route] = []
    page.route("**/stories/read", lambda route: held.append(route))
    page.goto("/stories/new")
    page.get_by_label("Story text").fill(TEXT)
    page.get_by_role("button", name="Read the story").click()
    expect(page.get_by_role("heading", name="Reading the story…")).to_be_focused()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Story text")).to_have_value(TEXT)
    expect(page.get_by_label("Story text")).to_be_focused()


def test_a_kept_story_opens_again(page: Page, workspace: SmallWorkspace) -> None:
    paste(page)
    card(page, 2).get_by_role("button", name="Discard event 2").click()
    page.get_by_role("button", name="Save 3 events, discard 1").click()
    page.get_by_role("link", name="Open the story again").click()
    expect(card(page, 2).locator(".tag").first).to_have_text("Discarded")
    card(page, 2).get_by_role("button", name="Keep event 2").click()
    card(page, 3).locator(".card-open").click()
    card(page, 3).get_by_role("radio", name=re.compile("Massachusetts")).check()
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".saved-lines")).to_contain_text("4 events kept")
    found = everything(workspace)
    assert found["Fight for a trench near Bakhmut"].status is Status.DRAFT
    march = found["March against the war in Springfield"].place
    assert march is not None
    assert march.admin1 == "Massachusetts"
    event = found["Fight for a trench near Bakhmut"]
    page.goto(f"/stories/{event.doc_id}?event={event.event_id}")
    expect(card(page, 2).get_by_label("Title")).to_have_value(event.title)


def test_the_server_s_refusal_keeps_the_review(page: Page, complaints: list[str]) -> None:
    paste(page)
    problem = '{"status": 400, "detail": "event 1: this is wrong; accepted: that"}'
    page.route(
        "**/stories", lambda route: route.fulfill(status=400, content_type="application/problem+json", body=problem)
    )
    page.get_by_role("button", name="Save 4 events").click()
    expect(page.locator(".review-foot .banner")).to_have_text("event 1: this is wrong; accepted: that")
    expect(page.get_by_role("button", name="Save 4 events")).to_be_enabled()
    forgive_refusals(complaints)


@on_both
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_is_clean(page: Page, axe: Callable[[Page], None], theme: Any, size: ViewportSize) -> None:
    page.emulate_media(color_scheme=theme)
    # So high that no field lies half under the sticky footer, where axe-core would measure only its visible part.
    page.set_viewport_size({"width": size["width"], "height": 3_000})
    page.goto("/stories/new")
    page.get_by_role("button", name="Read the story").click()
    axe(page)
    paste(page)
    card(page, 1).get_by_role("button", name="Discard event 1").click()
    card(page, 2).get_by_role("button", name="Accept event 2").click()
    card(page, 3).locator(".card-open").click()
    expect(card(page, 3).get_by_role("radio")).to_have_count(3)
    axe(page)
    card(page, 3).get_by_role("button", name="Done").click()
    axe(page)
    page.get_by_role("button", name="Save 3 events, discard 1").click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()
    axe(page)
    page.goto("/stories")
    axe(page)


@on_phone
def test_a_phone_shows_text_or_events(page: Page) -> None:
    paste(page, title="A very long title about a night of shelling on the lower Dnipro and " + "x" * 60)
    for name in ("Text", "Events"):
        page.get_by_role("button", name=name, exact=True).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".review-text")).to_be_hidden()
    card(page, 3).locator(".card-open").click()
    expect(card(page, 3).get_by_role("radio")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("button", name="Save 4 events")).to_be_in_viewport()
    page.get_by_role("button", name="Text", exact=True).click()
    page.locator(".chip[data-chip='0']").click()
    expect(card(page, 1).get_by_label("Title")).to_be_visible()
