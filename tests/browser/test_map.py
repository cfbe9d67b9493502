"""The map page in a real browser: what a person sees, presses and takes away."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from geodata.contracts import Workspace
from geodata.model import Event, Precision, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.seeded import ARABIC, DONETSK, KHERSON, NASTY, SHOWN, day

UKRAINE = "/?map=6/48/34"
IN_UKRAINE = 7
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PIXELS = """
([canvas, x, y, half]) => {
  const all = [...document.querySelectorAll(".event-canvas")][canvas];
  const box = all.getBoundingClientRect();
  const ratio = all.width / box.width;
  const size = 2 * half * ratio;
  const copy = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
  copy.drawImage(all, (half - x + box.x) * ratio, (half - y + box.y) * ratio);
  const data = copy.getImageData(0, 0, size, size).data;
  return data.filter((_, k) => k % 4 === 3).reduce((sum, alpha) => sum + (alpha > 8 ? 1 : 0), 0) / (data.length / 4);
}
"""
COVERED = """
() => {
  const seen = (scrolled) => (button) => {
    button.scrollIntoView({ block: "nearest" });
    scrollTo(0, scrolled);
    const box = button.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return button.contains(top) ? [] : [`${scrolled} ${button.textContent.trim()}: ${top?.outerHTML.slice(0, 80)}`];
  };
  const all = [...document.querySelectorAll("#card button, #card a")];
  return [0, 200, 400, 600, 800].flatMap((scrolled) => all.flatMap(seen(scrolled)));
}
"""
POINT = """
([lon, lat]) => {
  const L = window.L;
  const view = new URLSearchParams(location.search).get("map").split("/").map(Number);
  const at = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), view[0]);
  const middle = L.CRS.EPSG3857.latLngToPoint(L.latLng(view[1], view[2]), view[0]);
  const box = document.querySelector(".folium-map").getBoundingClientRect();
  return [box.x + box.width / 2 + at.x - middle.x, box.y + box.height / 2 + at.y - middle.y];
}
"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce"}


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")


def listed(page: Page) -> list[str]:
    return page.locator("#events .title").all_inner_texts()


def count_in_view(page: Page, count: int) -> None:
    expect(page.locator("#tray-view .count")).to_have_text(str(count))


def point(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place of the map is on the screen, in pixels."""
    x, y = page.evaluate(POINT, [lon, lat])
    return x, y


# What is there


def test_the_page_shows_every_event_that_has_a_place(page: Page, site: str) -> None:
    go(page, site)
    count_in_view(page, SHOWN)
    assert len(listed(page)) == SHOWN
    expect(page.locator("#tray-undated .count")).to_have_text("1")
    expect(page.locator("#tray-unplaced .count")).to_have_text("1")
    expect(page.locator("#credits")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.querySelectorAll('.leaflet-marker-icon').length") == 0


def test_types_can_be_switched_and_singled_out(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    count_in_view(page, IN_UKRAINE)
    battles = page.locator(".type", has_text="Battles")
    expect(battles.locator(".count")).to_have_text("2")
    battles.get_by_role("checkbox").uncheck()
    count_in_view(page, IN_UKRAINE - 2)
    expect(battles.locator(".count")).to_have_text("2")  # what switching it on again would bring
    battles.hover()
    battles.get_by_role("button", name="Only Battles").click()
    count_in_view(page, 2)
    page.wait_for_url("**type=Battles**")
    page.get_by_role("button", name="No type", exact=True).click()
    count_in_view(page, 0)
    expect(page.locator("#empty")).to_be_visible()
    page.get_by_role("button", name="All types").click()
    count_in_view(page, IN_UKRAINE)


def test_words_status_and_precision_narrow(page: Page, site: str) -> None:
    go(page, site)
    page.get_by_role("searchbox").fill("trench")
    count_in_view(page, 1)
    expect(page.locator("#events .title")).to_have_text(["Attack on a trench near Bakhmut"])
    page.get_by_role("searchbox").fill("")
    count_in_view(page, SHOWN)
    page.locator("#more-filters summary").click()
    page.get_by_label("Status").select_option("reviewed")
    count_in_view(page, 2)
    page.get_by_label("Place known").select_option("exact")
    count_in_view(page, 1)
    page.get_by_label("Status").select_option("rejected")
    expect(page.locator("#events .title")).to_have_text(["A clash that was none"])


def test_nothing_found_offers_a_way_back(page: Page, site: str) -> None:
    go(page, site + "/?q=words-that-nothing-has")
    expect(page.locator("#empty")).to_contain_text("No events in this view match the filters.")
    page.locator("#empty-clear").click()
    count_in_view(page, SHOWN)
    expect(page.locator("#empty")).to_be_hidden()


# Time


def test_brush_by_mouse(page: Page, site: str) -> None:
    go(page, site + "/?unit=month")
    box = page.locator("#hist").bounding_box()
    assert box
    step = box["width"] / 22  # February 2022 to November 2023
    page.mouse.move(box["x"] + 21.2 * step, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 21.8 * step, box["y"] + 40, steps=4)
    page.mouse.up()
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2023")
    count_in_view(page, 4)
    page.mouse.move(box["x"] + 21.5 * step, box["y"] + 40)
    page.mouse.down()  # inside the window: it moves whole
    page.mouse.move(box["x"] + 9.5 * step, box["y"] + 40, steps=6)
    page.mouse.up()
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2022")
    expect(page.locator("#events .title")).to_have_text(["Explosion at a depot in Melitopol"])
    page.get_by_role("button", name="All dates").click()
    count_in_view(page, SHOWN)
    page.wait_for_url(lambda address: "datetime" not in address)


def test_a_click_on_a_bar_inside_the_window_chooses_it(page: Page, site: str) -> None:
    go(page, site + "/?unit=month&datetime=2022-06-01/2023-11-30")
    box = page.locator("#hist").bounding_box()
    assert box
    page.mouse.click(box["x"] + 9.5 * box["width"] / 22, box["y"] + 40)
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2022")
    expect(page.locator("#events .title")).to_have_text(["Explosion at a depot in Melitopol"])


def test_brush_by_keyboard(page: Page, site: str) -> None:
    go(page, site + "/?unit=month")
    first = page.get_by_role("slider", name="First date")
    first.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    assert first.get_attribute("aria-valuetext") == "1 Oct 2023"
    count_in_view(page, 4)
    last = page.get_by_role("slider", name="Last date")
    last.focus()
    page.keyboard.press("ArrowLeft")
    assert last.get_attribute("aria-valuetext") == "31 Oct 2023"
    count_in_view(page, 0)
    expect(page.locator(":focus")).to_have_id("t1")


def test_play_moves_the_window_and_stops(page: Page, site: str) -> None:
    go(page, site + "/?unit=month&datetime=2023-07-01/2023-08-31")
    page.get_by_label("Speed of play").select_option("4")
    page.get_by_role("button", name="Play through time").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#range")).to_have_text("1 Oct to 30 Nov 2023", timeout=8000)
    expect(page.get_by_role("button", name="Play through time")).to_be_visible()
    count_in_view(page, 4)


# One event


def test_card_says_what_when_where_and_from_which_words(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.get_by_role("button", name="Explosion at a depot").click()
    card = page.locator("#card")
    expect(card.get_by_role("heading", level=2)).to_have_text("Explosion at a depot in Melitopol")
    expect(card.get_by_role("heading", level=2)).to_be_focused()
    for words in (
        "11 Nov 2022",
        "Melitopol, Zaporizhzhia Oblast, Ukraine",
        "exact place",
        "“An explosion shook a depot on the edge of the town.”",
        "Source: A made-up report (Example Wire, 17 Nov 2023)",
        "check it",
        "at least 3 dead",
    ):
        expect(card).to_contain_text(words)
    link = card.get_by_role("link", name="A made-up report")
    assert link.get_attribute("href") == "https://example.org/report"
    assert "noopener" in (link.get_attribute("rel") or "")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator("#events button[data-id=blast]")).to_be_focused()


def test_escape_closes_a_card_that_a_link_opened(page: Page, site: str) -> None:
    go(page, site + UKRAINE + "&event=blast")
    expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    assert "event=" not in page.url
    page.locator("#events button[data-id=blast]").click()
    expect(page.locator("#card")).to_be_visible()
    page.get_by_role("searchbox").fill("depot")
    page.keyboard.press("Escape")  # clears the words
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.locator("#card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_be_focused()


@pytest.mark.parametrize(
    ("event_id", "when", "where"),
    [
        ("capture", "Feb 2022", "exact place"),
        ("shooting", "Between 3 and 9 Nov 2023", "exact place"),
        ("trench", "10 Nov 2023", "near this place, within about 25 km"),
        ("region", "5 Jun 2023", "province known, place in it not, within about 110 km"),
        ("undated", "Date not known", "exact place"),
        ("unplaced", "1 May 2023", "Place not known"),
    ],
)
def test_doubt_is_said(page: Page, site: str, event_id: str, when: str, where: str) -> None:
    go(page, f"{site}/?map=4/40/20&event={event_id}")
    expect(page.locator("#card")).to_contain_text(when)
    expect(page.locator("#card")).to_contain_text(where)


def test_click_on_the_map_opens_the_event_and_a_spot_lists_its_events(page: Page, site: str) -> None:
    go(page, site + "/?map=9/48.5/37.6")
    page.mouse.click(*point(page, 38.0, 48.5956))
    expect(page.locator("#card-title")).to_have_text("Attack on a trench near Bakhmut")
    go(page, site + "/?map=12/46.6354/32.6178")
    page.mouse.move(*point(page, 32.6178, 46.6354))
    expect(page.locator("#tip")).to_contain_text("3 events")
    page.mouse.click(*point(page, 32.6178, 46.6354))
    expect(page.locator("#card-title")).to_have_text("3 events at this spot")
    page.locator("#card").get_by_role("button", name="Shooting in a Kherson suburb").click()
    expect(page.locator("#card-title")).to_have_text("Shooting in a Kherson suburb")


def test_click_on_a_cluster_zooms_to_it(page: Page, site: str) -> None:
    go(page, site + "/?map=3/40/34")
    before = page.url
    page.mouse.click(*point(page, 34.8, 47.2))
    expect(page).not_to_have_url(before)
    assert float(re.findall(r"map=([\d.]+)", page.url)[0]) > 3
    count_in_view(page, IN_UKRAINE)


def test_an_inexact_place_is_drawn_as_its_circle(page: Page, site: str) -> None:
    go(page, site + "/?map=7/48.1/37.7&q=fighting")
    x, y = point(page, 37.7, 48.1)
    assert page.evaluate(PIXELS, [0, x - 60, y + 40, 8]) > 0.9, "inside the circle of 110 km the ground is tinted"
    assert page.evaluate(PIXELS, [0, x - 120, y + 90, 8]) == 0, "outside it is not"
    go(page, site + "/?map=9/48.1/37.7&q=fighting")
    assert page.evaluate(PIXELS, [0, x - 60, y + 40, 8]) == 0, "a circle that fills the map is an outline"
    page.locator("#events button").hover()
    assert page.evaluate(PIXELS, [0, x - 60, y + 40, 8]) > 0.9, "until its event is pointed at"
    go(page, site + "/?map=8/46.8489/35.3674&q=captured")
    x, y = point(page, 35.3674, 46.8489)
    assert page.evaluate(PIXELS, [0, x, y, 4]) > 0.9, "the event itself"
    assert page.evaluate(PIXELS, [0, x - 60, y + 40, 8]) == 0, "an exact place has no circle"


def test_an_opened_event_shows_its_doubt_inside_a_cluster(
    page: Page, serve: Callable[[Workspace], str], tmp_path: Path
) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "doubts"))
    place = replace(DONETSK, precision=Precision.NEAR)  # of an area they would be drawn as that area, not as a cluster
    workspace.store.save(Event(f"e{k}", "Riots", "", f"Riot {k}", day("2024-03-01"), place) for k in range(2))
    go(page, serve(workspace) + "/?map=7/48.1/37.7")
    x, y = point(page, 37.7, 48.1)
    ground = [0, x - 60, y + 40, 8]
    assert page.evaluate(PIXELS, ground) == 0, "two events at one spot are a cluster"
    page.locator("#events button[data-id=e0]").hover()
    assert page.evaluate(PIXELS, ground) > 0.9, "the one pointed at shows the 110 km it can lie in"
    page.mouse.move(x, y - 200)
    assert page.evaluate(PIXELS, ground) == 0
    page.locator("#events button[data-id=e0]").click()
    expect(page.locator("#card")).to_be_visible()
    page.mouse.move(x, y - 200)
    x, y = point(page, 37.7, 48.1)
    assert page.evaluate(PIXELS, [0, x - 60, y + 40, 8]) > 0.9, "and so does the one that is open"
    workspace.close()


def test_review_and_rejection_are_kept(page: Page, site: str, seeded: Workspace) -> None:
    go(page, site + UKRAINE + "&event=blast")
    page.get_by_role("button", name="Mark as reviewed").click()
    expect(page.locator("#card .tag")).to_have_text("reviewed")
    assert seeded.store.get("blast").status is Status.REVIEWED
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.locator("#card .tag")).to_have_text("rejected")
    count_in_view(page, IN_UKRAINE - 1)
    page.get_by_role("button", name="Back to draft").click()
    count_in_view(page, IN_UKRAINE)
    assert seeded.store.get("blast").status is Status.DRAFT


# Trays, samples, links


def test_trays_list_what_the_map_cannot_show(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.get_by_role("button", name="Undated").click()
    expect(page.locator("#events .title")).to_have_text(["A march on a day not named"])
    expect(page.locator("#events .facts")).to_contain_text("date not known")
    page.get_by_role("button", name="Unplaced").click()
    expect(page.locator("#events .title")).to_have_text(["An agreement signed somewhere"])
    page.get_by_role("button", name="An agreement signed").click()
    expect(page.locator("#card")).to_contain_text("Place not known")
    page.get_by_role("button", name="In view").click()
    expect(page.locator("#events .title")).to_have_count(IN_UKRAINE)


def test_permalink_restores_view_and_filters(page: Page, site: str, context: BrowserContext) -> None:
    go(page, site + UKRAINE)
    page.locator(".type", has_text="Battles").get_by_role("checkbox").uncheck()
    page.get_by_role("searchbox").fill("kherson")
    count_in_view(page, 3)
    page.get_by_label("Bars of the timeline").select_option("month")
    expect(page.get_by_role("slider", name="First date")).to_have_attribute("max", "21")
    page.get_by_role("slider", name="First date").focus()
    page.keyboard.press("End")
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2023")
    count_in_view(page, 3)
    page.get_by_role("button", name="Shelling of the port").click()
    expect(page.locator("#card")).to_be_visible()
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url(re.compile("map=7/"))
    page.wait_for_load_state("networkidle")
    link, titles = page.url, listed(page)
    other = context.new_page()
    go(other, link)
    assert other.url == link
    assert listed(other) == titles
    assert other.get_by_role("searchbox").input_value() == "kherson"
    assert not other.locator(".type", has_text="Battles").get_by_role("checkbox").is_checked()
    assert other.locator("#range").inner_text() == page.locator("#range").inner_text() == "1 to 30 Nov 2023"
    expect(other.locator("#card-title")).to_have_text("Shelling of the port of Kherson")


def test_long_lists_come_in_pages(page: Page, serve: Callable[[Workspace], str], tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "many"))
    workspace.store.save(
        Event(f"e{k}", "Riots", "", f"Riot number {k}", day("2024-03-01"), KHERSON, properties={"row": str(k)})
        for k in range(120)
    )
    go(page, serve(workspace))
    expect(page.locator("#events li")).to_have_count(50)
    page.get_by_role("button", name="Show 50 more of 120").click()
    expect(page.locator("#events li")).to_have_count(100)
    page.get_by_role("button", name="Show 20 more of 120").click()
    expect(page.locator("#events li")).to_have_count(120)
    assert len(set(listed(page))) == 120
    expect(page.locator("#more")).to_be_hidden()
    page.locator("#events button[data-id=e7]").click()
    page.get_by_text("All else that the source said").click()
    expect(page.locator("#card .rest dd")).to_have_text("7")
    workspace.close()


def test_a_broken_link_still_opens(page: Page, site: str) -> None:
    go(page, site + "/?map=x/y/z&datetime=2023-13-45/zzz&type=Picnics&status=great&unit=hour&zoom=9")
    count_in_view(page, SHOWN)


def test_a_day_that_no_calendar_has_is_left_out_of_a_link(page: Page, site: str) -> None:
    go(page, site + "/?datetime=2022-02-30/2022-03-01")
    count_in_view(page, SHOWN)
    page.wait_for_url(lambda address: "datetime" not in address)


def test_a_refused_question_offers_to_clear_the_filters(page: Page, site: str, complaints: list[str]) -> None:
    problem = {"title": "x", "detail": "q has too many words.", "status": 400}
    page.route("**/map/view?**q=kherson**", lambda route: route.fulfill(status=400, json=problem))
    page.goto(site + "/?q=kherson")
    expect(page.locator("#problem")).to_contain_text("q has too many words.")
    page.locator("#problem").get_by_role("button", name="Clear filters").click()
    expect(page.locator("#problem")).to_be_hidden()
    count_in_view(page, SHOWN)
    complaints[:] = [text for text in complaints if "400" not in text]


def test_a_tray_opened_while_the_list_is_on_its_way_keeps_the_new_view(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    held: list[Route] = []
    page.route("**/map/list?**type=Battles**", lambda route: held.append(route))
    page.locator(".type", has_text="Battles").hover()
    with page.expect_request("**/map/list?**type=Battles**"):
        page.get_by_role("button", name="Only Battles").click()
    page.get_by_role("button", name="Undated").click()  # calls the list off
    count_in_view(page, 2)
    page.unroute("**/map/list?**type=Battles**")
    page.get_by_role("button", name="In view").click()
    expect(page.locator("#events li")).to_have_count(2)


def test_copy_link(page: Page, site: str, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    go(page, site + UKRAINE)
    page.locator("#share summary").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#copy-text")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize("search", ["", UKRAINE[1:], "?map=6/48/34&datetime=2023-11-01/2023-11-30", "?q=kherson"])
def test_export_is_what_the_map_shows(page: Page, site: str, search: str) -> None:
    go(page, f"{site}/{search}")
    page.locator("#share summary").click()
    href = page.get_by_role("link", name="Export GeoJSON").get_attribute("href")
    answer = page.request.get(f"{site}{href}")
    assert answer.ok
    assert "attachment" in answer.headers["content-disposition"]
    features = json.loads(answer.body())["features"]
    assert sorted(feature["properties"]["title"] for feature in features) == sorted(listed(page))
    count_in_view(page, len(features))


def test_samples_go_with_one_click_and_a_question(page: Page, site: str, seeded: Workspace) -> None:
    go(page, site)
    expect(page.locator("#samples")).to_contain_text("These are samples")
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Keep them").click()
    assert seeded.store.sample_count() == 1
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("button", name="Remove samples").click()
    expect(page.locator("#samples")).to_be_hidden()
    count_in_view(page, SHOWN - 1)
    assert seeded.store.sample_count() == 0


# Hostile and foreign text


def test_hostile_text_stays_text(page: Page, site: str) -> None:
    go(page, site + "/?map=9/4.6097/-74.0817&event=nasty")
    expect(page.locator("#card-title")).to_have_text(NASTY)
    expect(page.locator("#card blockquote")).to_contain_text(NASTY)
    page.mouse.move(*point(page, -74.0817, 4.6097))
    expect(page.locator("#tip")).to_be_visible()
    assert NASTY in listed(page)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#card a[href^='javascript'], #card img, #card script, #events img").count() == 0
    go(page, site + "/?q=" + "%3C/script%3E%3Cscript%3Ewindow.pwned=1%3C/script%3E")
    assert page.evaluate("window.pwned") is None


def test_right_to_left_titles(page: Page, site: str) -> None:
    go(page, site + "/?map=8/36.2/37.1")
    title = page.locator("#events .title", has_text=ARABIC)
    assert title.evaluate("element => getComputedStyle(element).direction") == "rtl"
    title.click()
    heading = page.locator("#card-title")
    expect(heading).to_have_text(ARABIC)
    assert heading.evaluate("element => getComputedStyle(element).direction") == "rtl"


# Looks, access, failure


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(page: Page, site: str, axe: Callable[[Page], None], scheme: Any, size: Any) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    go(page, site + UKRAINE)
    axe(page)
    page.locator("#events button[data-id=blast]").click()
    expect(page.locator("#card")).to_be_visible()
    axe(page)


def test_theme_button_names_the_other_theme_and_is_remembered(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="light")
    go(page, site)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark theme").click()
    expect(page.get_by_role("button", name="Light theme")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("button", name="Light theme")).to_be_visible()


def test_phone_layout_fits(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    go(page, site + UKRAINE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    time = page.locator(".time").bounding_box()
    assert time
    assert time["height"] < 150
    assert time["y"] + time["height"] <= PHONE["height"], "map and timeline are seen together"
    expect(page.locator("#credits p")).to_be_hidden()
    page.locator("#credits summary").click()
    expect(page.locator("#credits p")).to_be_visible()
    page.locator("#events button[data-id=blast]").click()
    expect(page.locator("#card")).to_be_visible()
    card = page.locator("#card").bounding_box()
    assert card
    assert card["width"] == PHONE["width"]


def test_a_card_on_a_phone_lies_above_the_page(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    go(page, site + UKRAINE)
    page.locator("#events button[data-id=blast]").click()
    expect(page.locator("#card").get_by_role("button", name="Mark as reviewed")).to_be_visible()
    covered = page.evaluate(COVERED)
    assert covered == [], f"what lies over the card's buttons and links: {covered}"


def test_everything_can_be_reached_by_keyboard(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to filters and list")
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
        if page.evaluate("document.activeElement.matches('#more-filters:not([open]) summary')"):
            page.keyboard.press("Enter")
        if "event" in seen:
            break
    assert {"q", "status", "precision", "tray-view", "event"} <= seen
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_be_focused()


def test_a_server_that_fails_is_named_and_asked_again(page: Page, site: str, complaints: list[str]) -> None:
    go(page, site)
    problem = {"title": "x", "detail": "The store is being repaired.", "status": 503}
    page.route("**/map/view**", lambda route: route.fulfill(status=503, json=problem))
    page.get_by_role("searchbox").fill("kherson")
    expect(page.locator("#problem")).to_contain_text("The store is being repaired.")
    page.unroute("**/map/view**")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#problem")).to_be_hidden()
    count_in_view(page, 3)
    complaints[:] = [text for text in complaints if "503" not in text]


def test_tiles_called_off_by_leaving_are_no_fault(
    page: Page, serve: Callable[[Workspace], str], tmp_path: Path, complaints: list[str]
) -> None:
    (tmp_path / "basemap.pmtiles").write_bytes(b"PMTiles")
    workspace = open_workspace(Settings(data=tmp_path))
    page.route("**/basemap/**", lambda route: route.abort())

    def told() -> bool:
        complaints.clear()
        with page.expect_response("**/map/view**"):
            page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(500)
        return any("TypeError: Failed to fetch" in text for text in complaints)

    go(page, serve(workspace) + "/?map=3/40/20")
    assert told(), "tiles that cannot be read are told"
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert not told(), "tiles called off by leaving are not"
    complaints[:] = [text for text in complaints if "/basemap/" not in text]
    workspace.close()


def test_an_empty_store_says_what_to_do(page: Page, serve: Callable[[Workspace], str], tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "empty"))
    go(page, serve(workspace))
    expect(page.locator("#empty")).to_contain_text("No events yet.")
    expect(page.locator("#empty").get_by_role("link", name="Add story")).to_be_visible()
    assert workspace.store.count(EventQuery()) == 0
    workspace.close()
