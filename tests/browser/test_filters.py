"""The filters of the map page: tree, places, drawn area, chips, and the link that holds them all."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from geodata.contracts import Workspace
from geodata.geocode.build import write_gazetteer
from geodata.model import Event, Place, Precision
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.browser.test_map import DESK, IN_UKRAINE, PHONE, UKRAINE, count_in_view, go, listed, point
from tests.geocode.conftest import small_records
from tests.seeded import ARABIC, KHERSON, SHOWN, day, seed

AROUND_KHERSON = "31.5,45.8,33.6,45.8,33.6,47.3,31.5,47.3"
EVERYTHING = {
    "map": "6/48/34",
    "datetime": "2022-11-01/2023-11-30",
    "dates": "surely",
    "type": "Explosions/Remote violence",
    "sub_type": "Remote explosive/landmine/IED",
    "q": "explosion depot",
    "status": "draft",
    "precision": "near",
    "near": "35.3674,46.8489,40",
    "polygon": "34,46,37,46,37,48,34,48",
    "country": "UA",
    "admin1": "Zaporizhzhia Oblast",
    "source": "Example Wire",
    "actor": "unknown",
    "fatalities": "2",
    "unit": "month",
}

WHERE_IT_IS = """
() => {
  const now = document.activeElement;
  return now.id || now.getAttribute("aria-label") || now.textContent.trim();
}
"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce"}


@pytest.fixture
def town_site(tmp_path: Path, serve: Callable[[Workspace], str]) -> Iterator[str]:
    """The seeded events with the small gazetteer of tests/geocode."""
    settings = Settings(data=tmp_path / "towns")
    settings.data.mkdir()
    seed(settings.store_url)
    write_gazetteer(settings.gazetteer_path, small_records(), "test")
    workspace = open_workspace(settings)
    yield serve(workspace)
    workspace.close()


def asked(page: Page) -> dict[str, list[str]]:
    """The parts of the page's address."""
    return parse_qs(urlsplit(page.url).query)


def row(page: Page, name: str) -> Locator:
    """The row of a type or sub-type."""
    box = page.get_by_role("checkbox", name=name, exact=True)
    return page.locator(".type").filter(has=box)


def chips(page: Page) -> list[str]:
    return page.locator(".chip").all_inner_texts()


def found(page: Page) -> Locator:
    """The places that the search of the gazetteer offers."""
    return page.locator("#place-found li")


def choose(page: Page, text: str, option: str) -> None:
    """Searches the gazetteer for `text` and takes the place whose line holds `option`."""
    page.get_by_role("combobox", name="Town, province or country").fill(text)
    found(page).filter(has_text=option).first.click()


# The tree of types


def test_a_sub_type_is_switched_and_its_type_is_half_on(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.get_by_role("button", name="Sub-types of Battles").click()
    expect(row(page, "Armed clash").locator(".count")).to_have_text("1")
    page.get_by_role("checkbox", name="Armed clash").uncheck()
    count_in_view(page, IN_UKRAINE - 1)
    battles = page.get_by_role("checkbox", name="Battles", exact=True)
    assert battles.evaluate("box => box.indeterminate")
    assert chips(page) == ["All but Armed clash"]
    expect(row(page, "Battles").locator(".count")).to_have_text("2")
    battles.click()  # half on -> on
    count_in_view(page, IN_UKRAINE)
    expect(page.locator("#active")).to_be_hidden()


def test_only_one_sub_type_and_events_without_one(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.get_by_role("button", name="Sub-types of Battles").click()
    page.get_by_role("button", name="Only Armed clash").focus()
    page.keyboard.press("Enter")
    count_in_view(page, 1)
    expect(page.locator("#events .title")).to_have_text(["Attack on a trench near Bakhmut"])
    bare = page.get_by_role("button", name="Only Battles without a sub-type")
    bare.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#events .title")).to_have_text(["Fighting in Donetsk Oblast"])
    page.wait_for_url("**sub_type=Battles**")
    page.reload()
    expect(page.locator("#events .title")).to_have_text(["Fighting in Donetsk Oblast"])
    assert not page.get_by_role("checkbox", name="Riots").is_checked()


def test_the_tree_is_walked_by_arrow_keys(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.get_by_role("button", name="No type").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Battles", exact=True)).not_to_be_focused()  # its own small buttons first
    page.get_by_role("checkbox", name="Battles", exact=True).focus()
    page.keyboard.press("ArrowRight")  # opens
    expect(page.get_by_role("button", name="Sub-types of Battles")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("checkbox", name="Armed clash")).to_be_focused()
    page.keyboard.press("Space")
    count_in_view(page, IN_UKRAINE - 1)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("checkbox", name="Battles", exact=True)).to_be_focused()
    page.keyboard.press("ArrowLeft")  # closes
    expect(page.get_by_role("checkbox", name="Armed clash")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("checkbox", name="Explosions/Remote violence")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("checkbox", name="Diplomacy")).to_be_focused()
    for _ in range(3):  # the row's "only", the switch below the tree
        page.keyboard.press("Tab")
    expect(page.locator("#more-filters summary")).to_be_focused()  # the tree is left in one row's steps


# Where


def test_a_town_gives_a_circle_whose_radius_can_be_changed(page: Page, town_site: str) -> None:
    go(page, town_site)
    choose(page, "melito", "Melitopol")
    page.wait_for_url("**near=**,25**")
    count_in_view(page, 2)
    expect(page.locator("#near-name")).to_have_text("Melitopol")
    assert page.locator("path.filter-area").count() == 3, "the circle, in each copy of the world"
    page.wait_for_url("**around=Melitopol**")
    page.reload()
    expect(page.locator("#near-name")).to_have_text("Melitopol")
    radius = page.get_by_label("Within", exact=True)
    radius.fill("400")
    radius.press("Enter")
    page.wait_for_url("**near=**,400**")
    count_in_view(page, IN_UKRAINE)
    page.get_by_role("button", name=re.compile("Remove the filter Within 400 km of Melitopol")).click()
    expect(page.locator("#near-box")).to_be_hidden()
    expect(page.locator("path.filter-area")).to_have_count(0)


@pytest.mark.parametrize("claim", ["", "&around=Moscow"])
def test_a_circle_of_a_link_is_named_by_the_gazetteer(page: Page, town_site: str, claim: str) -> None:
    go(page, town_site + f"/?near=35.36,46.84,30{claim}")
    expect(page.locator("#near-name")).to_contain_text("Melitopol")
    count_in_view(page, 2)


@pytest.mark.parametrize(
    ("text", "option", "expected"),
    [
        ("ukraine", "country", {"country": ["UA"]}),
        ("kherson", "province", {"country": ["UA"], "admin1": ["Kherson Oblast"]}),
    ],
)
def test_a_country_or_province_is_asked_for_by_name(
    page: Page, town_site: str, text: str, option: str, expected: dict[str, list[str]]
) -> None:
    go(page, town_site)
    choose(page, text, option)
    page.wait_for_url("**country=UA**")
    page.wait_for_load_state("networkidle")
    got = asked(page)
    assert {name: got[name] for name in expected} == expected
    assert "near" not in got


def test_places_are_chosen_by_keyboard(page: Page, town_site: str) -> None:
    go(page, town_site)
    field = page.get_by_role("combobox", name="Town, province or country")
    field.fill("kherson")
    expect(found(page).first).to_be_visible()
    field.press("ArrowDown")
    expect(found(page).first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == "place-0"
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.fill("melitopo")
    expect(found(page).first).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**near=**")
    expect(field).to_have_value("")
    field.fill("Xqzwv")
    expect(page.locator("#place-none")).to_have_text("No such place in the gazetteer.")


# The drawn area


def draw(page: Page) -> None:
    page.locator("#area-toggle").click()
    page.get_by_role("button", name="Draw on the map").click()
    expect(page.locator("#draw-bar")).to_be_visible()


def test_an_area_is_drawn_edited_and_removed_by_mouse(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    draw(page)
    for lon, lat in ((31.5, 45.8), (33.6, 45.8), (33.6, 47.3)):
        page.mouse.click(*point(page, lon, lat))
    page.mouse.click(*point(page, 32.6178, 46.6354))  # on events: a corner, no card
    expect(page.locator("#card")).to_be_hidden()
    expect(page.locator("#draw-hint")).to_contain_text("4 corners")
    page.get_by_role("button", name="Undo").click()
    page.mouse.dblclick(*point(page, 31.5, 47.3))
    expect(page.locator("#draw-bar")).to_be_hidden()
    count_in_view(page, 3)
    assert chips(page) == ["Drawn area, 4 corners"]
    corners = asked(page)["polygon"][0].split(",")
    assert len(corners) == 8
    page.get_by_role("button", name="Edit", exact=True).click()
    x, y = point(page, 33.6, 45.8)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*point(page, 39.5, 45.8), steps=5)
    page.mouse.up()
    x, y = point(page, 33.6, 47.3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*point(page, 39.5, 47.4), steps=5)
    page.mouse.up()
    page.locator("#draw-done").click()
    count_in_view(page, 5)
    page.get_by_role("button", name="Remove", exact=True).last.click()
    count_in_view(page, IN_UKRAINE)
    page.wait_for_url(lambda address: "polygon" not in address)


def test_an_area_is_drawn_by_keyboard(page: Page, site: str) -> None:
    go(page, site + "/?map=6/46.8/31")
    page.locator("#area-toggle").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".folium-map")).to_be_focused()
    for keys in ((), ("ArrowRight",), ("ArrowRight",), ("ArrowDown",), ("ArrowLeft", "ArrowLeft")):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(50)
        page.keyboard.press("Enter")
    expect(page.locator("#draw-hint")).to_contain_text("5 corners")
    page.keyboard.press("Backspace")
    expect(page.locator("#draw-hint")).to_contain_text("4 corners")
    page.locator("#draw-done").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**polygon=**")
    draw(page)
    page.keyboard.press("Escape")
    expect(page.locator("#draw-bar")).to_be_hidden()
    assert "polygon" in page.url, "a drawing called off leaves the area as it was"


def test_an_area_is_typed_or_taken_from_the_view(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.locator("#area-toggle").click()
    page.get_by_role("button", name="Type corners").click()
    text = page.get_by_label("One corner a line")
    use = page.get_by_role("button", name="Use this area")
    for wrong, said in (
        ("31.5, 45.8\n33.6", "Line 2, “33.6”: accepted: longitude, latitude"),
        ("31.5, 45.8\n33.6, 45.8", "3 to 500 corners; this has 2"),
        ("45.8, 131.5\n1, 1\n2, 2", "Longitude comes first"),
        ("-100, 0\n100, 0\n0, 50", "put a corner between"),
    ):
        text.fill(wrong)
        use.click()
        expect(page.locator("#corners-problem")).to_contain_text(said)
    text.fill("31.5, 45.8\n33.6, 45.8\n33.6 47.3\n31.5, 47.3\n31.5, 45.8")
    use.click()
    count_in_view(page, 3)
    page.wait_for_url(f"**polygon={AROUND_KHERSON}**")
    page.locator("#area-toggle").click()
    page.get_by_role("button", name="Use this view").click()
    count_in_view(page, IN_UKRAINE)
    go(page, site + "/?map=2/20/0")
    page.locator("#area-toggle").click()
    page.get_by_role("button", name="Use this view").click()
    page.wait_for_url("**polygon=**")
    count_in_view(page, SHOWN)


def test_an_area_is_drawn_by_touch(page: Page, site: str, context: BrowserContext) -> None:
    browser = context.browser
    assert browser
    phone = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    touched = phone.new_page()
    go(touched, site + "/?map=6/46.8/33")
    touched.locator("#area-toggle").tap()
    touched.get_by_role("button", name="Draw on the map").tap()
    box = touched.locator(".folium-map").bounding_box()
    assert box
    for x, y in ((60, 150), (320, 150), (320, 330), (60, 330)):
        touched.touchscreen.tap(box["x"] + x, box["y"] + y)
        touched.wait_for_timeout(350)
    touched.locator("#draw-done").tap()
    touched.wait_for_url("**polygon=**")
    phone.close()


# Chips, more filters


def test_each_chip_takes_its_filter_away(page: Page, site: str) -> None:
    go(page, site + UKRAINE + "&type=Battles&status=draft&source=Example+Wire&fatalities=2&actor=unknown")
    count_in_view(page, 0)
    assert chips(page) == ["Battles", "Drafts", "Source: Example Wire", "Actor: unknown", "At least 2 dead"]
    expect(page.locator("#more-filters")).to_have_attribute("open", "")
    page.get_by_role("button", name="Remove the filter Battles").click()
    count_in_view(page, 1)
    expect(page.get_by_role("button", name="Remove the filter Drafts")).to_be_focused()
    for name in ("Drafts", "Actor: unknown", "At least 2 dead"):
        page.get_by_role("button", name=f"Remove the filter {name}").click()
    count_in_view(page, 2)
    page.get_by_role("button", name="Clear all").click()
    count_in_view(page, IN_UKRAINE)
    expect(page.locator("#active")).to_be_hidden()


def test_source_actor_and_deaths_narrow(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    page.locator("#more-filters summary").click()
    page.get_by_label("Source").fill("Example Wire")
    page.get_by_label("Source").press("Enter")
    count_in_view(page, 2)
    page.get_by_label("Dead, at least").fill("3")
    count_in_view(page, 1)
    page.get_by_label("Dead, at least").fill("4")
    count_in_view(page, 0)
    page.get_by_label("Dead, at least").fill("")
    page.get_by_label("Actor", exact=True).fill("unknown gr")
    count_in_view(page, 1)


# The link


def test_every_filter_makes_the_round_trip(page: Page, town_site: str, context: BrowserContext) -> None:
    query = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in EVERYTHING.items())
    go(page, f"{town_site}/?{query}")
    count_in_view(page, 1)
    assert listed(page) == ["Explosion at a depot in Melitopol"]
    expect(page.locator("#left")).to_be_hidden()
    assert asked(page) == {name: [value] for name, value in EVERYTHING.items()}
    assert len(chips(page)) == len(EVERYTHING) - 4  # map and unit filter nothing, dates and sub-type share a chip
    other = context.new_page()
    go(other, page.url)
    assert other.url == page.url
    assert chips(other) == chips(page)
    assert listed(other) == listed(page)
    for field, value in (
        ("q", "explosion depot"),
        ("status", "draft"),
        ("precision", "near"),
        ("actor", "unknown"),
        ("fatalities", "2"),
    ):
        assert other.locator(f"#{field}").input_value() == value


@pytest.mark.parametrize(
    ("search", "kept", "left"),
    [
        ("type=Picnics&status=great", {}, ["event type “Picnics”", "status “great”"]),
        ("type=Battles&type=Picnics", {"type": ["Battles"]}, ["“Picnics”"]),
        ("colour=red&zoom=9&q=kherson", {"q": ["kherson"]}, ["“colour”", "“zoom”"]),
        ("near=200,10,5&polygon=1,2,3", {}, ["circle “200,10,5”", "drawn area “1,2,3”"]),
        ("admin1=Kherson+Oblast", {}, ["province “Kherson Oblast”"]),
        ("polygon=" + ",".join(["1,2"] * 502), {}, ["drawn area"]),
        ("map=x/y/z&fatalities=-3&datetime=2023-13-45/x", {}, ["view “x/y/z”", "number of deaths", "dates"]),
        ("utm_source=letter&datetime=2023-05", {"datetime": ["2023-05-01/2023-05-31"]}, []),
        ("datetime=../2022-12-31", {"datetime": ["2022-02-01/2022-12-31"]}, []),
        ("datetime=2022", {"datetime": ["2022-01-01/2022-12-31"]}, []),
        ("bbox=30,44,40,50", {}, []),
    ],
)
def test_a_link_opens_what_it_can_and_says_what_it_left_out(
    page: Page, site: str, search: str, kept: dict[str, list[str]], left: list[str]
) -> None:
    go(page, f"{site}/?{search}")
    if left:
        for words in left:
            expect(page.locator("#left")).to_contain_text(words)
        page.locator("#left-close").click()
    expect(page.locator("#left")).to_be_hidden()
    page.wait_for_timeout(300)  # the address follows the answer
    got = {name: values for name, values in asked(page).items() if name != "map"}
    assert got == kept


def test_the_newest_question_wins_over_a_slow_old_answer(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    held: list[Route] = []
    page.route("**/map/view?**q=trench**", lambda route: held.append(route))
    page.get_by_role("searchbox").fill("trench")
    page.wait_for_timeout(400)
    assert held
    page.get_by_role("searchbox").fill("kherson")
    count_in_view(page, 3)
    assert chips(page) == ["“kherson”"]


# The list


def test_a_long_list_keeps_no_more_rows_than_the_page_carries(
    page: Page, serve: Callable[[Workspace], str], tmp_path: Path
) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "many"))
    workspace.store.save(Event(f"e{k}", "Riots", "", f"Riot {k:03}", day("2024-03-01"), KHERSON) for k in range(320))
    go(page, serve(workspace))
    for shown in (100, 150, 200, 200, 200):
        page.locator("#more").click()
        expect(page.locator("#events li")).to_have_count(shown)
        page.wait_for_load_state("networkidle")
    expect(page.locator("#events")).to_have_attribute("start", "101")
    seen = listed(page)
    page.locator("#earlier").click()
    expect(page.locator("#events")).to_have_attribute("start", "51")
    expect(page.locator("#events li")).to_have_count(200)
    assert listed(page)[50:] == seen[:150]
    workspace.close()


# Text from right to left, access


def test_right_to_left_names_in_chips_and_places(page: Page, tmp_path: Path, serve: Callable[[Workspace], str]) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "rtl"))
    aleppo = Place("حلب", 37.1613, 36.2012, Precision.EXACT, "SY", "Aleppo Governorate")
    workspace.store.save([Event("a", "Protests", "Peaceful protest", ARABIC, day("2023-09-20"), aleppo)])
    go(page, serve(workspace) + "/?q=احتجاج")
    chip = page.locator(".chip span")
    expect(chip).to_have_text("“احتجاج”")
    assert page.locator("#q").evaluate("field => getComputedStyle(field).direction") == "rtl"
    title = page.locator("#events .title")
    expect(title).to_have_text(ARABIC)
    assert title.evaluate("element => getComputedStyle(element).direction") == "rtl"
    workspace.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_filters_menus_and_dialogs(
    page: Page, town_site: str, axe: Callable[[Page], None], scheme: Any, size: Any
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    go(page, town_site + UKRAINE + f"&type=Battles&status=draft&near=32.6,46.6,300&polygon={AROUND_KHERSON}&colour=red")
    if size == PHONE:
        page.get_by_text("Types and more filters").click()
    page.get_by_role("button", name="Sub-types of Battles").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("combobox", name="Town, province or country").fill("kherson")
    expect(found(page).first).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    page.locator("#area-toggle").click()
    axe(page)
    page.get_by_role("button", name="Type corners").click()
    axe(page)
    page.get_by_role("button", name="Cancel").click()
    page.locator("#share summary").click()
    page.get_by_role("button", name="Cite or embed this view").click()
    expect(page.locator("#citation")).not_to_have_value("")
    axe(page)


def test_the_panel_is_gone_through_by_keyboard(page: Page, site: str) -> None:
    go(page, site + UKRAINE + "&q=kherson")
    page.locator("#panel").focus()
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(WHERE_IT_IS)
        met.append(name)
        if name == "tray-unplaced":
            break
    wanted = [
        "q",
        "place",
        "area-toggle",
        "Remove the filter “kherson”",
        "Clear all",
        "types-all",
        "types-none",
        "types-0",
        "tray-view",
    ]
    places = [met.index(name) for name in wanted]
    assert places == sorted(places)
    assert len(met) < 25, "the tree is one stop of a few steps"
