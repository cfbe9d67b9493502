"""The layer of events in a real browser: what is drawn, pointed at, walked through by keys, and listed at one spot."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from geodata.contracts import Workspace
from geodata.model import Event
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace, open_workspace
from tests.browser.layer_page import DESK, ITEMS, covered, go, point, until
from tests.seeded import ARABIC, DONETSK, KHERSON, MELITOPOL, NEAR_BAKHMUT, day

UKRAINE = "/?map=6/48/34"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce"}


@pytest.fixture
def store_of(tmp_path: Path) -> Iterator[Callable[[list[Event]], DatelineWorkspace]]:
    """Makes a workspace of these events."""
    made: list[DatelineWorkspace] = []

    def make(events: list[Event]) -> DatelineWorkspace:
        workspace = open_workspace(Settings(data=tmp_path / f"store-{len(made)}"))
        workspace.store.save(events)
        made.append(workspace)
        return workspace

    yield make
    for workspace in made:
        workspace.close()


@pytest.fixture
def modules(browser: Browser, site: str) -> Iterator[Page]:
    """A page whose modules a test may import: the policy that forbids this to anybody else is off."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(site + "/stories/new")
    yield page
    context.close()


# Drawing


def test_an_area_is_its_extent_and_has_nothing_in_its_middle(page: Page, site: str) -> None:
    go(page, site + "/?map=7/48.1/37.7&q=fighting")
    x, y = point(page, 37.7, 48.1)
    assert covered(page, 0, x - 60, y + 40, 8) > 0.9, "inside the circle of 110 km the ground is tinted"
    assert covered(page, 1, x, y, 8) == 0, "and no symbol pretends to know the spot"
    badge = next(item for item in page.evaluate(ITEMS) if item["kind"] == "area")
    assert covered(page, 1, badge["x"], badge["y"], 6) > 0.9, "its badge is on the outline"
    assert abs(badge["x"] - x) < 2
    assert 120 < y - badge["y"] < 150
    page.mouse.click(badge["x"], badge["y"])
    expect(page.locator("#card-title")).to_have_text("Fighting in Donetsk Oblast")


def test_events_of_one_area_are_one_badge(
    page: Page, serve: Callable[[Workspace], str], store_of: Callable[[list[Event]], DatelineWorkspace]
) -> None:
    events = [Event(f"e{k}", "Riots", "", f"Riot {k}", day("2024-03-01"), DONETSK) for k in range(3)]
    go(page, serve(store_of(events)) + "/?map=7/48.1/37.7")
    x, y = point(page, 37.7, 48.1)
    assert covered(page, 0, x, y, 6) > 0.9, "the middle is tinted ground"
    assert covered(page, 1, x, y, 8) == 0, "without a circle that would look like a place"
    badge = next(item for item in page.evaluate(ITEMS) if item["kind"] == "area")
    page.mouse.move(badge["x"], badge["y"])
    expect(page.locator("#tip")).to_contain_text("3 events")
    expect(page.locator("#tip")).to_contain_text("known only to lie in Donetsk Oblast")
    page.mouse.click(badge["x"], badge["y"])
    expect(page.locator("#card-title")).to_have_text("3 events somewhere in Donetsk Oblast")


def test_circles_that_overlap_become_one_and_none_is_lost(modules: Page) -> None:
    found = modules.evaluate(
        """async () => {
          const { merged } = await import("/static/js/layers/merge.js");
          let seed = 7;
          const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
          const clusters = Array.from({ length: 300 }, () => {
            const [lon, lat] = [random() * 20, random() * 20];
            return { lon, lat, count: 2 + Math.floor(random() ** 6 * 5000), types: {}, bbox: [lon, lat, lon, lat] };
          });
          for (const cluster of clusters) cluster.types = { Riots: cluster.count };
          const single = (_, id) => ({ id, type: "Battles", lon: random() * 20, lat: random() * 20 });
          const events = Array.from({ length: 900 }, single);
          const toPixel = (lon, lat) => ({ x: lon * 30, y: lat * 30 });
          const before = clusters.reduce((sum, { count }) => sum + count, 0);
          const out = merged(clusters, events, toPixel, 20);
          const overlaps = out.clusters.flatMap((one, k) => out.clusters.slice(k + 1).filter((other) => {
            const [a, b] = [toPixel(one.lon, one.lat), toPixel(other.lon, other.lat)];
            return Math.hypot(a.x - b.x, a.y - b.y) < 0.94 * (one.radius + other.radius) - 1e-6;
          }));
          return {
            before: before + events.length,
            after: out.clusters.reduce((sum, { count }) => sum + count, 0) + out.events.length,
            typed: out.clusters.every(({ count, types }) => Object.values(types).reduce((a, b) => a + b, 0) === count),
            clusters: out.clusters.length, overlaps: overlaps.length,
          };
        }"""
    )
    assert found["before"] == found["after"]
    assert found["typed"]
    assert 0 < found["clusters"] < 300
    assert found["overlaps"] == 0


def test_hits_through_the_grid_are_those_of_a_scan(modules: Page) -> None:
    wrong = modules.evaluate(
        """async () => {
          const { PointGrid } = await import("/static/js/layers/grid.js");
          let seed = 11;
          const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
          const place = () => [random() * 1600 - 200, random() * 1200 - 200];
          const things = Array.from({ length: 500 }, (_, id) => {
            const [x, y] = place();
            return { id, x, y, reach: 4 + random() * 60 };
          });
          const grid = new PointGrid(64);
          for (const thing of things) grid.add(thing.x, thing.y, thing, thing.reach);
          let wrong = 0;
          for (let k = 0; k < 2000; k += 1) {
            const [x, y] = place();
            const reached = things.filter((thing) => Math.hypot(thing.x - x, thing.y - y) <= thing.reach);
            const scan = reached.map(({ id }) => id).sort();
            const found = [];
            grid.near(x, y, 0, ({ id }) => found.push(id));
            if (scan.join() !== found.sort().join()) wrong += 1;
          }
          return wrong;
        }"""
    )
    assert wrong == 0


def test_a_zoom_keeps_the_old_drawing_until_the_answer_is_there(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    held: list[Route] = []
    page.route("**/map/view**", lambda route: held.append(route))
    with page.expect_request("**/map/view**"):
        page.locator(".leaflet-control-zoom-in").click()
    scale = "new DOMMatrix(getComputedStyle(document.querySelector('.event-canvas')).transform).a"
    assert page.evaluate(scale) == 2, "what was drawn is shown twice as large"
    held[0].continue_()
    until(page, f"{scale} === 1")


@pytest.mark.parametrize(("motion", "fades"), [("reduce", False), ("no-preference", True)])
def test_what_was_drawn_fades_only_for_who_likes_motion(page: Page, site: str, motion: Any, fades: bool) -> None:
    page.emulate_media(reduced_motion=motion)
    go(page, site + UKRAINE)
    page.evaluate(
        """() => {
          window.ghosts = 0;
          new MutationObserver((changes) => {
            const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
            window.ghosts += added.filter((node) => node.classList?.contains("event-ghost")).length;
          }).observe(document.querySelector(".folium-map"), { childList: true, subtree: true });
        }"""
    )
    with page.expect_response("**/map/view**"):
        page.locator(".leaflet-control-zoom-in").click()
    until(page, "new DOMMatrix(getComputedStyle(document.querySelector('.event-canvas')).transform).a === 1")
    page.wait_for_timeout(300)
    assert (page.evaluate("window.ghosts") > 0) is fades
    expect(page.locator(".event-ghost")).to_have_count(0)


# Keys


def test_arrow_keys_walk_from_event_to_event(page: Page, site: str) -> None:
    go(page, site + "/?map=7/47.4/36.6&status=reviewed")  # the capture of Melitopol and the fighting in the oblast
    box, said = page.locator(".folium-map"), page.locator("#map-live")
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Melitopol is captured. Strategic developments, Feb 2022, Melitopol")
    x, y = point(page, MELITOPOL.lon, MELITOPOL.lat)
    assert covered(page, 1, x + 12, y, 2) > 0.5, "a ring is drawn around it"
    expect(page.locator("#tip")).to_contain_text("Melitopol is captured")
    page.keyboard.press("ArrowUp")
    expect(said).to_contain_text("Fighting in Donetsk Oblast")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Melitopol is captured")
    page.keyboard.press("Enter")
    expect(page.locator("#card-title")).to_have_text("Melitopol is captured")
    expect(page.locator("#card-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()


def test_keys_leave_the_map_and_come_back(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    box = page.locator(".folium-map")
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#map-live")).not_to_be_empty()
    before = page.url
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    expect(box).to_be_focused()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(before)  # past the last event the map itself moves
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()


def test_enter_on_a_cluster_zooms_to_it_and_stays_there(page: Page, site: str) -> None:
    go(page, site + "/?map=3/47/34")
    page.locator(".folium-map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#map-live")).to_contain_text("events:")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"map=([4-9]|1\d)/"))
    expect(page.locator(".folium-map")).to_be_focused()


def test_the_map_is_one_tab_stop(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    stops = page.locator(".folium-map [tabindex='0'], .leaflet-map-pane button, .leaflet-map-pane a")
    assert stops.count() == 0
    expect(page.locator(".folium-map")).to_have_attribute("role", "application")
    expect(page.locator(".folium-map")).to_have_attribute("aria-describedby", "map-help")


# One spot


def test_a_spot_lists_its_events_by_pages(
    page: Page, serve: Callable[[Workspace], str], store_of: Callable[[list[Event]], DatelineWorkspace]
) -> None:
    events = [Event(f"e{k:03}", "Riots", "", f"Riot number {k}", day("2024-03-01"), KHERSON) for k in range(120)]
    go(page, serve(store_of(events)) + "/?map=9/46.6354/32.6178")
    page.mouse.click(*point(page, KHERSON.lon, KHERSON.lat))
    card = page.locator("#card")
    expect(page.locator("#card-title")).to_have_text("120 events at this spot")
    expect(card.locator("li")).to_have_count(50)
    expect(card.get_by_role("button", name="Newer")).to_be_disabled()
    card.get_by_role("button", name="Older").click()
    expect(card.locator(".pager")).to_contain_text("51 to 100 of 120")
    third = card.locator("li button").nth(2)
    title = third.locator(".title").inner_text()
    third.click()
    expect(page.locator("#card-title")).to_have_text(title)
    card.get_by_role("button", name="Back to the list").click()
    expect(card.locator(".pager")).to_contain_text("51 to 100 of 120")
    card.get_by_role("button", name="Older").click()
    expect(card.locator("li")).to_have_count(20)
    expect(card.get_by_role("button", name="Older")).to_be_disabled()


# Tips


def test_a_tip_reads_right_to_left_where_its_title_does(page: Page, site: str) -> None:
    go(page, site + "/?map=8/36.2/37.1")
    page.mouse.move(*point(page, 37.1613, 36.2012))
    title = page.locator("#tip b")
    expect(title).to_have_text(ARABIC)
    assert title.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_a_tip_says_what_is_not_known_of_the_place(page: Page, site: str) -> None:
    go(page, site + "/?map=9/48.5/37.9")
    page.mouse.move(*point(page, NEAR_BAKHMUT.lon, NEAR_BAKHMUT.lat))
    expect(page.locator("#tip")).to_contain_text("near this place, within about 25 km")
