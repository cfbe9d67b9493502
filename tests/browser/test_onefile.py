"""The map as one file, opened from disk: no request, no complaint, and all that it promises."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from geodata.contracts import Workspace
from geodata.index import ColumnIndex
from geodata.model import Event, Fatalities, Place, Precision, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import DatePrecision, Interval, TimeSpan
from geodata.workspace import open_workspace
from mapping import plain
from mapping.exporters import further_exporters
from mapping.framed import tray
from tests.browser.conftest import WATCH
from tests.browser.layer_page import until
from tests.columns import columns_of

EVIL = 'Shots </script><img src=x onerror="alert(1)">${alert(1)}'
ANSWERS = """
async () => {
  const { Answers } = await import("js/onefile/answers.js");
  const { bytesOf, inflated } = await import("js/onefile/tiles.js");
  const bytes = await inflated(bytesOf(document.getElementById("data-events").textContent));
  window.answers = new Answers(JSON.parse(new TextDecoder().decode(bytes)));
}
"""
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TYPES = ("Battles", "Protests", "Riots")
PLACES = (
    Place("Kyiv", 30.5234, 50.4501, country="UA"),
    Place("Lviv", 24.0297, 49.8397, Precision.NEAR, "UA"),
    Place("Donetsk Oblast", 37.8, 48.0, Precision.ADMIN1, "UA"),
    Place("Odesa", 30.7326, 46.4775, country="UA"),
    None,
)


def made() -> list[Event]:
    """Forty events of all kinds: some of a month, some without a date or a place, some drafts."""

    def event(k: int) -> Event:
        day = date(2022, 1, 3) + timedelta(days=9 * k)
        when = (
            None
            if k % 11 == 10
            else TimeSpan(day, day + timedelta(days=27), DatePrecision.MONTH)
            if k % 7 == 3
            else TimeSpan.day(day)
        )
        return Event(
            f"e{k}", TYPES[k % 3], "", f"Event {k}", when, PLACES[k % 5], quote=f"It was {k}.",
            sources=(Source(f"https://example.org/{k}", "A report", "Example Wire", day),), actors=("Somebody",),
            fatalities=Fatalities(1, 2, 3), status=Status.DRAFT if k % 2 else Status.REVIEWED,
        )  # fmt: skip

    first = Event("evil", "Battles", title=EVIL, when=TimeSpan.day(date(2023, 6, 1)), place=PLACES[0], quote=EVIL)
    return [first, *(event(k) for k in range(40))]


EVENTS = made()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onefile")
    basemap = Path(__file__).parents[2] / "data" / "basemap.pmtiles"
    workspace: Workspace = open_workspace(Settings(data=folder / "data"))
    if basemap.exists():
        (folder / "data" / "basemap.pmtiles").symlink_to(basemap)
    out = BytesIO()
    further_exporters(workspace)["onefile"].write(iter(EVENTS), out, EventQuery())
    path = folder / "map.html"
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture
def page(context: BrowserContext, complaints: list[str], file: Path) -> Iterator[Page]:
    """A page without a network, on which any request but that of the file is a complaint."""
    context.set_offline(True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(f"console {said.type}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    page.on(
        "request",
        lambda asked: (
            asked.url not in (file.as_uri(),) and not asked.url.startswith("data:") and complaints.append(asked.url)
        ),
    )
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    yield page
    complaints += page.evaluate("window.violations")
    assert not complaints, "\n".join(complaints)


def opened(page: Page, file: Path, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]", state="attached")


def shown(page: Page) -> dict[str, object]:
    """The counts that the page tells."""

    def number(text: str | None) -> int:
        return int("".join(filter(str.isdigit, text or "0")))

    rows = page.locator("#legend > li > .type")
    types = {
        rows.nth(k).locator(".name").inner_text(): number(rows.nth(k).locator(".count").inner_text())
        for k in range(rows.count())
    }
    return {
        "matched": number(page.locator("#matched").inner_text()),
        "types": {name: count for name, count in types.items() if count},
        "undated": number(page.locator("#tray-undated .count").inner_text()),
        "unplaced": number(page.locator("#tray-unplaced .count").inner_text()),
    }


def told(query: EventQuery) -> dict[str, object]:
    """The same from the index that answers the map page."""
    index = ColumnIndex.build(columns_of(EVENTS))
    found = index.view(query, 5)
    undated = index.rows(tray(query, "undated"), None, 0)[0]
    unplaced = index.rows(tray(query, "unplaced"), None, 0)[0]
    return {"matched": found.matched, "types": dict(found.types), "undated": undated, "unplaced": unplaced}


def test_a_file_without_a_network_is_the_whole_map(page: Page, file: Path, axe: Callable[[Page], None]) -> None:
    opened(page, file, DESK)
    assert shown(page) == told(EventQuery(unplaced="exclude"))
    axe(page)

    # the timeline is brushed, by keyboard and by pointer
    page.locator("#t0").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('#all-dates').disabled === false")
    page.wait_for_timeout(100)
    first, last = page.evaluate(
        "[...document.querySelectorAll('#hist input')].map((input) => input.getAttribute('aria-valuetext'))"
    )
    assert first != last
    brushed = shown(page)
    assert 0 < int(str(brushed["matched"])) < 33

    # a type is switched off; what the page counts is what the index counts for the same question
    page.get_by_role("checkbox", name="Riots").uncheck()
    page.wait_for_timeout(100)
    off = shown(page)
    assert off["types"] == brushed["types"]
    assert off["matched"] == int(str(brushed["matched"])) - brushed["types"]["Riots"]  # type: ignore[index]
    page.get_by_role("button", name="All dates").click()
    page.wait_for_timeout(100)
    assert shown(page) == told(EventQuery(types=("Battles", "Protests"), unplaced="exclude"))
    page.get_by_role("button", name="All types").click()

    # a card is opened from the list, and holds text as text
    page.locator("#events button", has_text="Shots").click()
    card = page.locator("#card")
    expect(card.get_by_role("heading")).to_have_text(EVIL)
    expect(card.locator("blockquote")).to_contain_text(EVIL)
    expect(card.locator(".tag.draft")).to_be_visible()
    assert card.locator("img").count() == 0
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.locator("#events button", has_text="Event 38").click()
    expect(card.get_by_role("link", name="A report")).to_have_attribute("href", "https://example.org/38")
    for words in ("2 dead (1 to 3)", "Somebody", "Odesa", "It was 38."):
        expect(card).to_contain_text(words)

    # events without a date or a place are there
    page.get_by_role("button", name="Unplaced").click()
    expect(page.locator("#events > li")).to_have_count(8)
    page.locator("#events button").first.click()
    expect(card).to_contain_text("Place not known")
    page.get_by_role("button", name="Undated").first.click()
    expect(page.locator("#events > li")).to_have_count(3)

    # it plays, says where it comes from, and is dark where that is wanted
    page.get_by_role("button", name="Play through time").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Dark theme").click()
    page.get_by_role("button", name="Sources and about").click()
    about = page.get_by_role("dialog", name="Sources and about")
    expect(about).to_contain_text("Example Wire")
    expect(about).to_contain_text("data version")
    axe(page)


def test_on_a_phone(page: Page, file: Path, axe: Callable[[Page], None]) -> None:
    opened(page, file, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#events button").first.click()
    expect(page.locator("#card")).to_be_in_viewport()
    axe(page)


@pytest.fixture(scope="module")
def answers(browser: Browser, file: Path) -> Iterator[Page]:
    """The page with its answers at hand; its policy, which no test could ask past, is passed over."""
    context = browser.new_context(bypass_csp=True, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate(ANSWERS)
    yield page
    context.close()


@pytest.mark.parametrize("zoom", [1, 3, 5, 7, 12, 15])
@pytest.mark.parametrize(("datetime", "dates"), [("", ""), ("2022-03/2022-06", ""), ("2022-03/2022-06", "surely")])
def test_answers_are_those_of_the_server(answers: Page, zoom: int, datetime: str, dates: str) -> None:
    params = {
        "datetime": [datetime],
        "dates": [dates],
        "unplaced": ["exclude"],
        "undated": ["exclude" if datetime else "include"],
        "type": ["Battles", "Riots"],
        "bbox": ["20,44,40,52"],
    }
    query = EventQuery.from_params(params, TYPES)
    asked = {
        "zoom": zoom,
        "bbox": [20, 44, 40, 52],
        "types": ["Battles", "Riots"],
        "unit": "week",
        "dates": dates,
        "axis": None,
    }
    asked |= {"from": "2022-03-01", "to": "2022-06-30"} if datetime else {"from": None, "to": None}
    index = ColumnIndex.build(columns_of(EVENTS))
    extent = index.extent()
    wanted = index.view(query, zoom, None, "week", Interval(extent.first, extent.last))
    found = answers.evaluate("(asked) => window.answers.view(asked)", asked)
    assert found["matched"] == wanted.matched
    assert found["types"] == dict(wanted.types)
    assert found["histogram"] == plain.histogram(wanted.histogram)
    assert found["undated"] == index.rows(tray(query, "undated"), None, 0)[0]
    assert found["unplaced"] == index.rows(tray(query, "unplaced"), None, 0)[0]
    theirs = sorted((c["count"], round(c["lon"], 4), round(c["lat"], 4), "area" in c) for c in found["clusters"])
    assert theirs == sorted((c.count, round(c.lon, 4), round(c.lat, 4), bool(c.precision)) for c in wanted.clusters)
    assert len(found["events"]) == len(wanted.single_rows)
    assert sorted(event["title"] for event in found["events"]) == sorted(
        EVENTS[row].title for row in wanted.single_rows
    )
