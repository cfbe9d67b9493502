"""The charts beside the map in a real browser: what they count, what a click filters, what can be taken away."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.seeded import EVENTS, SHOWN

UNDER_FILTERS = ("", "?type=Battles", "?datetime=2023-11-01/2023-11-30", "?q=kherson", "?map=6/48/34&unit=month")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "permissions": ["clipboard-read", "clipboard-write"],
    }


def is_charts(response: Response) -> bool:
    return "/map/charts?" in response.url


def go(page: Page, address: str) -> Mapping[str, Any]:
    """Opens the page with its charts; gives the server's answer that they show."""
    with page.expect_response(is_charts):
        page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if is_charts(response) else None)
    with page.expect_response(is_charts):
        page.evaluate("document.querySelector('#charts-toggle').click()")
        page.evaluate("document.querySelector('#charts-toggle').click()")
    page.wait_for_load_state("networkidle")
    answer: Mapping[str, Any] = answers[-1].json()
    return answer


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"[data-chart={name}]")


def table(page: Page, name: str) -> list[list[str]]:
    """The chart's table, its head first."""
    box = figure(page, name)
    if box.get_by_role("button", name="Table").get_attribute("aria-pressed") == "false":
        box.get_by_role("button", name="Table").click()
    return [row.locator("th, td").all_inner_texts() for row in box.locator("tr").all()]


def asked(page: Page, part: str) -> Mapping[str, list[str]]:
    """The page's own address, once it holds `part`."""
    page.wait_for_function("(part) => decodeURIComponent(location.search).includes(part)", arg=part)
    return parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize("search", UNDER_FILTERS)
def test_tables_equal_the_servers_answer(page: Page, site: str, search: str) -> None:
    answer = go(page, f"{site}/{search or '?'}&charts=1".replace("?&", "?"))
    by_type = answer["histogram"]["by_type"]
    times = table(page, "time")
    assert set(times[0][1:-1]) == set(by_type)
    for name, column in zip(times[0][1:-1], list(zip(*times[1:], strict=True))[1:-1], strict=True):
        assert [int(count) for count in column] == by_type[name]
    assert [int(row[-1]) for row in times[1:]] == answer["histogram"]["counts"]
    places = table(page, "places")[1:]
    assert [row[1] for row in places] == [str(place["count"]) for place in answer["places"]]
    assert all(place["name"] in row[0] for row, place in zip(places, answer["places"], strict=True))
    sources = table(page, "sources")[1:]
    assert [row[1] for row in sources] == [str(source["count"]) for source in answer["sources"]]


def test_the_answer_is_that_of_the_events(page: Page, site: str) -> None:
    answer = go(page, f"{site}/?charts=1&unit=year")
    kept = [event for event in EVENTS if event.place and event.status != "rejected"]
    for name, counts in answer["histogram"]["by_type"].items():
        days = [event.when.start.year for event in kept if event.when and event.event_type == name]
        assert counts == [days.count(2022), days.count(2023)]
    spots = [(event.place.lon, event.place.lat) for event in kept if event.place]
    for place in answer["places"]:
        assert spots.count((place["lon"], place["lat"])) == place["count"]
    assert sum(place["count"] for place in answer["places"]) == len(kept)


def test_charts_are_asked_for_only_while_they_are_open(page: Page, site: str) -> None:
    calls: list[str] = []
    page.on("request", lambda request: calls.append(request.url) if "/map/charts" in request.url else None)
    page.goto(site)
    page.wait_for_load_state("networkidle")
    assert not calls
    toggle = page.get_by_role("button", name="Charts")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(figure(page, "time").get_by_role("heading")).to_have_text("Events per month, by type")
    assert "charts=1" in page.url
    page.locator("#charts").get_by_role("button", name="Close").click()
    expect(toggle).to_be_focused()
    expect(page.locator("#charts")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    before = len(calls)
    page.get_by_role("searchbox").first.fill("kherson")
    expect(page.locator("#tray-view .count")).to_have_text("3")
    page.wait_for_load_state("networkidle")
    assert len(calls) == before


def test_a_type_a_bar_a_place_and_a_source_filter(page: Page, site: str) -> None:
    go(page, f"{site}/?charts=1&unit=month")
    count = page.locator("#tray-view .count")
    figure(page, "time").get_by_role("button", name="Explosions/Remote violence").click()
    expect(count).to_have_text("3")
    assert asked(page, "type=")["type"] == ["Explosions/Remote violence"]
    expect(figure(page, "time").locator(".chart-row")).to_have_count(1)  # the charts follow the map a little later
    plot = figure(page, "time").locator(".chart-row svg:not(.swatch)").first
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
    expect(count).to_have_text("2")
    assert asked(page, "datetime=")["datetime"] == ["2023-11-01/2023-11-30"]
    plot.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
    expect(count).to_have_text("3")  # the same bar again takes the dates back
    figure(page, "time").get_by_role("button", name="Explosions/Remote violence").click()
    expect(count).to_have_text(str(SHOWN))
    figure(page, "places").get_by_role("button", name="Kherson").first.click()
    assert asked(page, "near=")["near"] == ["32.6178,46.6354,1"]
    expect(count).to_have_text("3")
    expect(figure(page, "places").get_by_role("button", name="Kherson").first).to_have_attribute("aria-pressed", "true")
    figure(page, "places").get_by_role("button", name="Kherson").first.click()
    expect(count).to_have_text(str(SHOWN))
    figure(page, "sources").get_by_role("button", name="Example Wire").click()
    assert asked(page, "source=")["source"] == ["Example Wire"]
    expect(count).to_have_text("2")


def test_the_table_filters_by_keyboard_too(page: Page, site: str) -> None:
    go(page, f"{site}/?charts=1&unit=month")
    table(page, "time")
    figure(page, "time").get_by_role("button", name="Nov 2023").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2023")
    expect(page.locator("#tray-view .count")).to_have_text("4")
    expect(page.locator(":focus")).to_have_text("Nov 2023")  # the answer drew the table anew


@pytest.mark.parametrize("way", ["By type", "Stacked", "One hue"])
def test_every_way_of_drawing_shows_every_event(page: Page, site: str, way: str) -> None:
    """The height of all bars together says the same as the counts."""
    answer = go(page, f"{site}/?charts=1&unit=month")
    page.get_by_label("How events over time are drawn").select_option(label=way)
    paths = figure(page, "time").locator("svg:not(.swatch) path[fill]")
    drawn = paths.evaluate_all(
        "(all) => all.reduce((sum, path) => sum + (path.getAttribute('d').match(/M/g) || []).length, 0)"
    )
    by_type = answer["histogram"]["by_type"].values()
    bars = [answer["histogram"]["counts"]] if way == "One hue" else by_type
    assert drawn == sum(1 for counts in bars for count in counts if count)
    expect(figure(page, "time").locator(".chart-key")).to_have_count(1 if way == "Stacked" else 0)


def test_data_is_copied_and_saved(page: Page, site: str) -> None:
    answer = go(page, f"{site}/?charts=1")
    with page.expect_download() as waited:
        figure(page, "sources").get_by_role("button", name="CSV").click()
    assert waited.value.suggested_filename == "dateline-sources.csv"
    path: Path = waited.value.path()
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Source", "Events"]
    assert [int(row[1]) for row in rows[1:]] == [source["count"] for source in answer["sources"]]
    figure(page, "time").get_by_role("button", name="Copy").click()
    expect(figure(page, "time").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert len(copied) == len(answer["histogram"]["counts"]) + 1
    assert copied[1].split("\t")[0] == answer["histogram"]["start"]


def test_a_name_that_a_spreadsheet_would_run_is_defused(browser: Browser, site: str) -> None:
    page = browser.new_context(bypass_csp=True).new_page()  # the policy lets no module in beside the page's own
    page.goto(f"{site}/static/icon.svg")
    made = page.evaluate(
        """async (module) => {
          const { asCsv, asTabs } = await import(module);
          const rows = [{ head: '=HYPERLINK("x")', cells: [1] }, { head: "a\\tb", cells: [-2] }];
          const data = { columns: ["Source", "Events"], rows };
          return [asCsv(data), asTabs(data)];
        }""",
        "/static/js/charts-table.js",
    )
    assert made[0].lstrip("\ufeff").split("\r\n")[:3] == ["Source,Events", '"\'=HYPERLINK(""x"")",1', "a\tb,-2"]
    assert made[1].split("\n")[1:] == ['\'=HYPERLINK("x")\t1', "a b\t-2"]
    page.context.close()


def test_no_type_chosen_counts_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/?charts=1&type=none")
    expect(figure(page, "time")).to_contain_text("No dated events to count.")
    expect(figure(page, "places")).to_contain_text("No events with a place match.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_accessible(page: Page, site: str, theme: Any, axe: Callable[[Page], None]) -> None:
    page.emulate_media(color_scheme=theme)
    go(page, f"{site}/?charts=1")
    page.get_by_label("How events over time are drawn").select_option("stacked")
    axe(page)
    table(page, "time")
    table(page, "places")
    axe(page)


def test_on_a_phone_the_charts_stand_below_the_map(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, f"{site}/?charts=1")
    time, charts = page.locator(".time").bounding_box(), page.locator("#charts").bounding_box()
    assert time
    assert charts
    assert charts["y"] >= time["y"] + time["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
