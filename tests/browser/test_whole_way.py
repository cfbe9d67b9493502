"""The whole way in Chromium, with nothing put in its place: the gazetteer, basemap and samples of `make setup`.

The data folder is `DATELINE_DATA`, or `data/`; only its gazetteer and basemap are read, the store is a temporary one.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.model import Document, Event, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import TimeSpan
from geodata.workspace import SAMPLES, open_workspace
from tests.browser.conftest import watch
from tests.browser.test_map import PIXELS, count_in_view, go, listed, point

ROOT = Path(__file__).parents[2]
MADE = ("gazetteer.sqlite", "gazetteer.sqlite.names", "basemap.pmtiles")
TITLE = "Three towns and a march"
URL = "https://example.org/whole-way"
STORY = """Drones struck a fuel depot in Odesa on Saturday and killed two workers.

On 3 May some 400 people marched against the war in Springfield.

Armed men kidnapped a teacher in Melitopol on Thursday.

Shelling of the covered market in Kherson injured three traders on 28 April. The winter had been quiet there."""
NOWHERE = Event(
    "nowhere",
    "Riots",
    quote="A crowd threw stones.",
    doc_id="nowhere",
    when=TimeSpan.day(date(2024, 6, 1)),
    tags=("sample",),
)
"""Every event of the samples may have a place; this one, which goes with them, has none."""
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
STRIKE, MARCH, KIDNAPPING, SHELLING = 1, 2, 3, 4
COLOURS = """
() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].map((tile) => {
  const { data } = tile.getContext("2d").getImageData(0, 0, tile.width, tile.height);
  return new Set(new Uint32Array(data.buffer)).size;
})
"""
NAMES_DRAWN = """
() => [...document.querySelectorAll(".leaflet-place-names-pane canvas")].some((tile) =>
  tile.getContext("2d").getImageData(0, 0, tile.width, tile.height).data.some((value, k) => k % 4 === 3 && value > 200))
"""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A store of its own, with the sample stories read as `make setup` reads them, once for this file."""
    made = Path(os.environ.get("DATELINE_DATA") or ROOT / "data").resolve()
    lack = [name for name in MADE if not (made / name).exists()]
    if lack and os.environ.get("CI"):
        pytest.fail(f"{made} lacks {', '.join(lack)}: run `make setup`")
    if lack:
        pytest.skip(f"{made} lacks {', '.join(lack)}: run `make setup`")
    folder = tmp_path_factory.mktemp("whole-way")
    for name in MADE:
        (folder / name).symlink_to(made / name)
    opened = open_workspace(Settings(data=folder))
    opened.import_samples()
    opened.store.save([NOWHERE], [Document(NOWHERE.doc_id, NOWHERE.quote, sample=True)])
    yield opened
    opened.close()


@pytest.fixture
def browser_context_args(workspace: Workspace, serve: Callable[[Workspace], str]) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": DESK, "reduced_motion": "reduce"}


def number(place: Locator) -> int:
    return int(place.inner_text())


def card(page: Page, at: int) -> Locator:
    return page.locator(".cards > .card").nth(at - 1)


def paste(page: Page, text: str, title: str, published: str, url: str = "") -> None:
    page.get_by_label("Story text").fill(text)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Web address").fill(url)
    page.get_by_label("Publication date").fill(published)
    page.get_by_role("button", name="Read the story").click()
    expect(page.locator("#review-title")).to_have_text(title, timeout=20_000)  # the model may load first


ROWS = """() => [...document.querySelectorAll("#events button[data-id]")]
  .map((row) => [row.dataset.id, row.querySelector(".title").innerText])"""


def drawn(page: Page) -> None:
    """Until every tile is drawn: whoever leaves before has the browser report tiles that it could not fetch."""
    page.wait_for_function("() => !document.querySelector('.leaflet-tile:not(.leaflet-tile-loaded)')")


def shown(page: Page) -> dict[str, str]:
    """Id and title of every event that the map shows, from the whole list, which follows the counts a little later and
    begins anew with each question."""
    for _ in range(60):
        rows: list[list[str]] = page.evaluate(ROWS)
        total = page.locator("#events").get_attribute("data-total")
        if str(len(rows)) == total == page.locator("#tray-view .count").inner_text():
            return dict(rows)
        if page.locator("#more").is_visible():
            page.locator("#more").click()
        page.wait_for_timeout(250)
    counted = page.locator("#tray-view .count").inner_text()
    raise AssertionError(f"{counted} events in view, but the list holds {len(rows)} of {total}")


def exported(page: Page) -> dict[str, str]:
    """Id and title of every feature of the file that the export link leads to."""
    page.locator("#share summary").click()
    answer = page.request.get(str(page.get_by_role("link", name="Export GeoJSON").get_attribute("href")))
    assert answer.ok
    assert "attachment" in answer.headers["content-disposition"]
    return {each["id"]: each["properties"]["title"] for each in json.loads(answer.body())["features"]}


def test_from_the_samples_to_a_map_of_ones_own(
    page: Page, context: BrowserContext, workspace: Workspace, complaints: list[str], axe: Callable[[Page], None]
) -> None:
    see_the_samples_on_their_basemap(page)
    see_all_of_them_on_a_phone(context, complaints, axe)
    ask_by_type_and_time(page)
    open_one_event(page)
    follow_the_permalink(page, context, complaints)
    add_a_story(page)
    correct_its_drafts(page)
    axe(page)
    save_and_see_it_on_the_map(page, workspace)
    axe(page)
    take_it_away(page)
    remove_the_samples(page, workspace)


def see_all_of_them_on_a_phone(context: BrowserContext, complaints: list[str], axe: Callable[[Page], None]) -> None:
    page = context.new_page()
    watch(page, complaints)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    go(page, "/")
    answer = page.request.get("/collections/events/items?unplaced=exclude&limit=1")
    count_in_view(page, answer.json()["numberMatched"])
    for row, count in ((".brand, .top-actions > *", 5), (".top-nav a", 5)):
        boxes = [box for each in page.locator(row).all() if (box := each.bounding_box())]
        assert len(boxes) == count, "home, copy, export, add, theme; under them the pages"
        middles = [box["y"] + box["height"] / 2 for box in boxes]
        assert max(middles) - min(middles) < 2, "in one row"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator(".brand span").evaluate("node => node.scrollWidth <= node.clientWidth"), "the name is not cut"
    axe(page)
    drawn(page)
    page.close()


def see_the_samples_on_their_basemap(page: Page) -> None:
    go(page, "/")
    expect(page.locator("#samples")).to_contain_text("These are samples")
    assert number(page.locator("#tray-view .count")) > 80
    assert number(page.locator("#tray-unplaced .count")) > 0, "what has no place is counted, not lost"
    page.locator("#tray-unplaced").click()
    expect(page.locator(f"#events button[data-id='{NOWHERE.event_id}']")).to_be_visible()
    page.locator("#tray-view").click()
    for each in page.locator(".type:not(.sub) .count").all():
        assert number(each) > 0, "the samples have events of every type"
    page.wait_for_function(f"() => Math.max(0, ...({COLOURS})()) > 20")  # land, sea, borders and their soft edges
    page.wait_for_function(NAMES_DRAWN)


def ask_by_type_and_time(page: Page) -> None:
    everything = number(page.locator("#tray-view .count"))
    battles = page.locator(".type", has_text="Battles")
    others = everything - number(battles.locator(".count"))
    battles.get_by_role("checkbox").uncheck()
    count_in_view(page, others)
    whole = page.locator("#range").inner_text()
    first = page.get_by_role("slider", name="First date")
    first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#range")).not_to_have_text(whole)
    expect(page.locator("#tray-view .count")).not_to_have_text(str(others))
    page.wait_for_load_state("networkidle")
    assert 0 < number(page.locator("#tray-view .count")) < others
    assert shown(page) == exported(page)


def open_one_event(page: Page) -> None:
    page.get_by_role("searchbox").fill("Loikaw")
    expect(page.locator("#events .title")).to_have_text(["Explosion near Loikaw", "Floods in Kachin State"])
    page.get_by_role("button", name="Explosion near Loikaw").click()  # one sentence tells of both
    for words in (
        "10 May 2025",
        "Loikaw",
        "near this place, within about 25 km",
        "a landmine exploded near Loikaw on Saturday, killing two farmers",
        "Source: Myanmar: air raids, a lost town and an earthquake",
    ):
        expect(page.locator("#card")).to_contain_text(words)
    expect(page.locator("#card .kind .tag")).to_have_text("draft")
    assert page.locator("#card .source a").first.get_attribute("href") == "https://example.org/samples/myanmar"
    page.get_by_role("button", name="Zoom to it").click()
    page.wait_for_url(re.compile("map=9/"))
    page.wait_for_load_state("networkidle")
    drawn(page)
    x, y = point(page, 97.20975, 19.67798)
    metres_a_pixel = 40_075_017 * 0.9416 / 2**17  # at zoom 9 and 19.7 degrees north
    inside, outside = 0.6 * 25_000 / metres_a_pixel, 1.2 * 25_000 / metres_a_pixel
    for _ in range(50):  # the drawing of the zoom before fades
        if page.evaluate(PIXELS, [0, x, y + outside, 8]) == 0:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(PIXELS, [0, x, y + inside, 8]) > 0.9, "the circle that the place can lie in"
    assert page.evaluate(PIXELS, [0, x, y + outside, 8]) == 0


def follow_the_permalink(page: Page, context: BrowserContext, complaints: list[str]) -> None:
    other = context.new_page()
    watch(other, complaints)
    go(other, page.url)
    assert other.url == page.url
    assert listed(other) == listed(page) == ["Explosion near Loikaw"]
    assert other.get_by_role("searchbox").input_value() == "Loikaw"
    assert not other.locator(".type", has_text="Battles").get_by_role("checkbox").is_checked()
    assert other.locator("#range").inner_text() == page.locator("#range").inner_text()
    expect(other.locator("#card-title")).to_have_text("Explosion near Loikaw")
    drawn(other)
    other.close()


def add_a_story(page: Page) -> None:
    page.get_by_role("link", name="Add story").click()
    paste(page, STORY, TITLE, "2024-05-13", URL)
    expect(page.locator("mark.words.where")).to_have_text(["where", "Odesa", "Springfield", "Melitopol", "Kherson"])
    expect(page.locator("mark.words.when")).to_have_text(["when", "on Saturday", "3 May", "on Thursday", "28 April"])
    for at, facts in (
        (STRIKE, "Air/drone strike · 11 May 2024 · Odesa"),
        (MARCH, "Peaceful protest · 3 May 2024"),  # which of the many Springfields is left to the person
        (KIDNAPPING, "Abduction/forced disappearance · 9 May 2024 · Melitopol"),
        (SHELLING, "Shelling/artillery/missile attack · 28 Apr 2024 · Kherson"),
    ):
        expect(card(page, at).locator(".card-facts")).to_have_text(facts)
        expect(card(page, at).locator(".tag").first).to_have_text("Draft")
    expect(card(page, MARCH).locator(".tag.flag")).to_have_text("No place")


def correct_its_drafts(page: Page) -> None:
    strike = card(page, STRIKE)
    strike.locator(".card-open").click()
    strike.get_by_label("Type").select_option(label="Shelling/artillery/missile attack")
    strike.get_by_label("Earliest").fill("2024-05-12")
    expect(strike.locator(".card-facts")).to_have_text("Shelling/artillery/missile attack · 12 May 2024 · Odesa")

    march = card(page, MARCH)
    march.locator(".card-open").click()  # a place in doubt shows its candidates at once
    march.get_by_role("radio", name=re.compile("Massachusetts")).check()
    march.get_by_role("button", name="Done").click()
    expect(march.locator(".place-line")).to_contain_text("Massachusetts, United States")

    card(page, KIDNAPPING).get_by_role("button", name="Discard event 3").click()

    shelling = card(page, SHELLING)
    shelling.locator(".card-open").click()
    shelling.get_by_role("button", name="Change place").click()
    shelling.get_by_label("Search the gazetteer").fill("Нікополь")
    shelling.get_by_role("radio", name=re.compile("Dnipropetrovsk")).first.check()
    shelling.get_by_role("button", name="Done").click()
    expect(shelling.locator(".place-line")).to_contain_text("Nikopol")


def save_and_see_it_on_the_map(page: Page, workspace: Workspace) -> None:
    page.get_by_role("button", name="Save 3 events, discard 1").click()
    expect(page.locator(".saved-lines")).to_contain_text("3 events kept: 3 reviewed")
    page.get_by_role("link", name="Show them on the map").click()
    page.wait_for_selector("body[data-ready]", state="attached")
    for title in ("Air or drone strike in Odesa", "March in Springfield", "Shelling in Kherson"):
        row = page.locator("#events button", has_text=title)
        expect(row).to_have_count(1)
        expect(row.locator(".tag")).to_have_count(0)  # a person has checked it: it is no draft
    expect(page.locator("#events button", has_text="Kidnapping of teacher")).to_have_count(0)

    kept = {event.title: event for event in workspace.store.find(EventQuery(statuses=tuple(Status))) if is_ours(event)}
    strike, march = kept["Air or drone strike in Odesa"], kept["March in Springfield"]
    assert (strike.sub_event_type, str(strike.when)) == ("Shelling/artillery/missile attack", "2024-05-12")
    assert march.place is not None
    assert (march.place.admin1, march.quote) == ("Massachusetts", STORY.split("\n\n")[1])
    assert kept["Kidnapping of teacher in Melitopol"].status is Status.REJECTED
    page.locator("#events button", has_text="March in Springfield").click()
    expect(page.locator("#card")).to_contain_text("Springfield, Hampden County, Massachusetts, United States")
    expect(page.locator("#card .kind .tag")).to_have_text("reviewed")
    assert page.locator("#card .source a").first.get_attribute("href") == URL
    drawn(page)


def is_ours(event: Any) -> bool:
    return any(source.url == URL for source in event.sources)


def take_it_away(page: Page) -> None:
    go(page, "/")
    everything = shown(page)
    assert len(everything) == number(page.locator("#tray-view .count"))
    assert exported(page) == everything
    drawn(page)
    go(page, "/?q=Springfield")
    assert list(shown(page).values()) == list(exported(page).values()) == ["March in Springfield"]
    drawn(page)


def remove_the_samples(page: Page, workspace: Workspace) -> None:
    go(page, "/")
    page.locator("#remove-samples").click()
    page.get_by_role("button", name="Remove samples").click()
    count_in_view(page, 3)
    expect(page.locator("#samples")).to_be_hidden()
    expect(page.locator("#tray-unplaced .count")).to_have_text("0")
    titles = {"Air or drone strike in Odesa", "March in Springfield", "Shelling in Kherson"}
    expect(page.locator("#events")).to_have_attribute("data-total", "3")  # the list follows the counts
    assert set(exported(page).values()) == set(listed(page)) == titles
    assert workspace.store.sample_count() == 0
    drawn(page)
    page.get_by_role("link", name="Stories").click()
    expect(page.locator(".story-list-title")).to_have_text([TITLE])


@dataclass(frozen=True)
class Foreign:
    """A sample in another language: what its drafts must say, and words that must be marked in its text."""

    file: str
    published: str
    facts: tuple[str, ...]
    when: tuple[str, ...]
    where: tuple[str, ...]


FOREIGN = (
    Foreign(
        "kharkiv-uk.md",
        "2024-05-27",
        ("10 May 2024 · near Vovchansk", "23 May 2024 · Kharkiv", "25 May 2024 · Kharkiv", "19 May 2024 · Derhachi"),
        ("23 травня", "19 травня"),
        ("Вовчанська", "Харкові", "Дергачі"),
    ),
    Foreign(
        "syria-ru.md",
        "2025-05-15",
        ("30 Nov 2024 · Aleppo", "10 Mar 2025 · Damascus", "14 May 2025 · Homs"),
        ("30 ноября 2024 года", "10 марта", "Вчера"),
        ("Алеппо", "Дамаске", "Хомсе"),
    ),
)


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda foreign: foreign.file)
def test_ukrainian_and_russian_give_place_and_date(page: Page, foreign: Foreign) -> None:
    text = (SAMPLES / foreign.file).read_text("utf-8").split("---\n", 2)[2].strip()
    page.goto("/stories/new")
    paste(page, text, foreign.file, foreign.published)
    facts = page.locator(".card .card-facts").all_inner_texts()
    for said in foreign.facts:
        assert any(each.endswith(said) for each in facts), (said, facts)
    for role, wanted in (("when", foreign.when), ("where", foreign.where)):
        marked = page.locator(f".review-text mark.words.{role}").all_inner_texts()
        for words in wanted:
            assert any(words in each for each in marked), (words, marked)
