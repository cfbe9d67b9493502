"""The timeline in a real browser: its axis, its bins, its window, by mouse, fingers, keys and play."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Response, Route, expect

from geodata.contracts import Workspace
from geodata.model import Event
from geodata.timespan import TimeSpan
from tests.seeded import EVENTS, SHOWN

FIRST, LAST = date(2022, 2, 1), date(2023, 11, 13)
"""The first and the last day that an event of tests/seeded.py, rejected ones left out, can have begun."""
PLACED = [event for event in EVENTS if event.place and event.when and event.status != "rejected"]
MONTHS = (date(2022, 2, 1), date(2023, 11, 30))
WEEKS = (date(2022, 1, 31), date(2023, 11, 19))
"""The whole axis in months, in weeks."""
DAY = timedelta(days=1)


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")


def bars(page: Page) -> Mapping[str, float]:
    box = page.locator("#hist").bounding_box()
    assert box
    return {"x": box["x"], "width": box["width"], "top": box["y"] + 30, "labels": box["y"] + 66}


def x_of(page: Page, day: date, axis: tuple[date, date] = MONTHS) -> float:
    """Where a day is on an axis of these days, both included."""
    box = bars(page)
    return box["x"] + box["width"] * ((day - axis[0]).days + 0.5) / ((axis[1] - axis[0]).days + 1)


def is_view(response: Response) -> bool:
    return "/map/view?" in response.url


def asked(response: Response) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}


def starts(unit: str, first: date, last: date) -> Sequence[date]:
    """The first days of the bins from the one of `first` to that of `last`, counted out day by day."""
    begins: Mapping[str, Callable[[date], bool]] = {
        "day": lambda day: True,
        "week": lambda day: day.weekday() == 0,
        "month": lambda day: day.day == 1,
        "year": lambda day: (day.month, day.day) == (1, 1),
    }
    while not begins[unit](first):
        first -= DAY
    return [day for n in range((last - first).days + 1) if begins[unit](day := first + n * DAY)]


def counted(events: Sequence[Event], unit: str, first: date, last: date) -> Mapping[str, list[int]]:
    """Events per bin by their first day, wholly in it, and partly in it: by looking at each event in each bin."""
    begins = starts(unit, first, last)
    after = [*begins[1:], starts(unit, last, last + timedelta(days=400))[1]]
    spans: Sequence[TimeSpan] = [event.when for event in events if event.when]
    found: dict[str, list[int]] = {"counts": [], "surely": [], "possibly": []}
    for begin, end in zip(begins, after, strict=True):
        found["counts"].append(sum(begin <= span.start < end for span in spans))
        found["surely"].append(sum(begin <= span.start and span.end < end for span in spans))
        found["possibly"].append(sum(span.start < end and span.end >= begin for span in spans))
    return found


def check_exact(response: Response) -> tuple[str, int]:
    """The bins of an answer against a count by hand; gives their unit and number."""
    given = asked(response)
    first, last = (date.fromisoformat(day) for day in given.get("axis", f"{FIRST}/{LAST}").split("/"))
    bins = response.json()["histogram"]
    assert bins["unit"] == given["unit"]
    assert bins["start"] == starts(bins["unit"], first, last)[0].isoformat()
    wanted = counted(PLACED, bins["unit"], first, last)
    assert {name: bins[name] for name in wanted} == wanted
    return bins["unit"], len(bins["counts"])


# The axis


@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_bins_of_every_unit_are_exact(page: Page, site: str, unit: str) -> None:
    go(page, site)
    with page.expect_response(is_view) as response:
        page.get_by_label("Bars of the timeline").select_option(unit)
    assert check_exact(response.value)[0] == unit
    page.wait_for_url(re.compile(f"unit={unit}"))


def test_a_wheel_zooms_the_axis_to_finer_exact_bins(page: Page, site: str) -> None:
    answers: list[Response] = []
    go(page, site)
    page.on("response", lambda response: answers.append(response) if is_view(response) else None)
    box = bars(page)
    page.mouse.move(x_of(page, date(2022, 11, 11), WEEKS), box["top"])
    for _ in range(14):
        page.mouse.wheel(0, -200)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    last = asked(answers[-1])
    first_day, last_day = (date.fromisoformat(day) for day in last["axis"].split("/"))
    assert first_day <= date(2022, 11, 11) <= last_day, "what lay under the pointer stays in sight"
    assert (last_day - first_day).days < 60
    assert last["unit"] == "day"
    for answer in answers:
        check_exact(answer)
    assert "datetime" not in page.url, "zooming chooses nothing"
    assert re.search(r"axis=2022-\d\d-\d\d/202\d-\d\d-\d\d", page.url)


def test_the_bar_under_the_pointer_says_its_count(page: Page, site: str) -> None:
    go(page, site + "/?unit=month")
    page.mouse.move(x_of(page, date(2023, 11, 15)), bars(page)["top"])
    expect(page.locator("#hist-tip")).to_have_text("Nov 2023: 4 events")
    go(page, site + "/?axis=2022-02-01/2022-03-02")
    page.mouse.move(x_of(page, date(2022, 2, 10), (date(2022, 2, 1), date(2022, 3, 2))), bars(page)["top"])
    expect(page.locator("#hist-tip")).to_have_text("10 Feb 2022: 1 event possibly")


def test_buttons_zoom_and_labels_pan(page: Page, site: str) -> None:
    go(page, site)
    expect(page.get_by_role("button", name="Show a longer time")).to_be_disabled()
    for _ in range(3):
        with page.expect_response(is_view) as response:
            page.get_by_role("button", name="Show a shorter time").click()
    first = asked(response.value)["axis"]
    check_exact(response.value)
    box = bars(page)
    page.mouse.move(box["x"] + 500, box["labels"])
    page.mouse.down()
    page.mouse.move(box["x"] + 700, box["labels"], steps=4)
    page.mouse.up()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("(first) => !location.search.includes(first)", arg=first)
    panned = parse_qs(urlsplit(page.url).query)["axis"][0]
    assert panned < first, "dragged to the right, earlier days come into sight"
    for _ in range(3):
        page.get_by_role("button", name="Show a longer time").click()
    expect(page.get_by_role("button", name="Show a longer time")).to_be_disabled()
    page.wait_for_function("() => !location.search.includes('axis')")


@pytest.mark.parametrize(
    "link", ["axis=1999-01-01/2001-01-01", "axis=2040-01-01/2041-01-01", "axis=1000-01-01/9000-01-01"]
)
def test_the_axis_never_leaves_the_data(page: Page, site: str, link: str) -> None:
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response) if is_view(response) else None)
    go(page, f"{site}/?{link}")
    first, last = (date.fromisoformat(day) for day in asked(answers[-1]).get("axis", f"{FIRST}/{LAST}").split("/"))
    assert FIRST - timedelta(days=6) <= first <= last <= date(2023, 11, 30)
    expect(page.locator("#range")).to_have_text("1 Feb 2022 to 13 Nov 2023")


def test_all_dates_shows_the_whole_axis_again(page: Page, site: str) -> None:
    go(page, site + "/?axis=2023-10-01/2023-11-13&datetime=2023-11-10/2023-11-12")
    expect(page.locator("#range")).to_have_text("10 to 12 Nov 2023")
    page.reload()
    expect(page.locator("#range")).to_have_text("10 to 12 Nov 2023")
    assert "axis=2023-10-01/2023-11-13" in page.url
    page.get_by_role("button", name="All dates").click()
    expect(page.locator("#range")).to_have_text("1 Feb 2022 to 13 Nov 2023")
    page.wait_for_function("() => !/axis|datetime/.test(location.search)")
    expect(page.get_by_role("button", name="All dates")).to_be_disabled()


# The window


def test_edges_and_window_are_dragged(page: Page, site: str) -> None:
    go(page, site + "/?unit=month&datetime=2022-06-01/2022-08-31")
    top = bars(page)["top"]

    def drag(from_x: float, to_x: float) -> None:
        page.mouse.move(from_x, top)
        page.mouse.down()
        page.mouse.move(to_x, top, steps=5)
        page.mouse.up()

    drag(x_of(page, date(2022, 9, 1)), x_of(page, date(2022, 12, 10)))
    expect(page.locator("#range")).to_have_text("1 Jun to 31 Dec 2022")
    drag(x_of(page, date(2022, 6, 1)), x_of(page, date(2022, 11, 20)))
    expect(page.locator("#range")).to_have_text("1 Nov to 31 Dec 2022")
    drag(x_of(page, date(2022, 11, 28)), x_of(page, date(2023, 10, 28)))
    expect(page.locator("#range")).to_have_text("1 Oct to 30 Nov 2023")
    drag(x_of(page, date(2023, 10, 28)), x_of(page, date(2023, 11, 29)))
    expect(page.locator("#range")).to_have_text("1 Oct to 30 Nov 2023")  # the window stays inside the data
    expect(page.locator("#tray-view .count")).to_have_text("4")


def test_a_brush_asks_one_question_at_a_time(page: Page, site: str) -> None:
    running: list[int] = [0, 0]

    def slow(route: Route) -> None:
        running[0] += 1
        running[1] = max(running)
        page.wait_for_timeout(60)
        route.continue_()
        running[0] -= 1

    go(page, site + "/?unit=month")
    page.route("**/map/view**", slow)
    top = bars(page)["top"]
    page.mouse.move(x_of(page, date(2022, 3, 10)), top)
    page.mouse.down()
    for month in range(4, 13):
        page.mouse.move(x_of(page, date(2022, month, 10)), top)
    page.mouse.up()
    expect(page.locator("#range")).to_have_text("1 Mar to 31 Dec 2022")
    page.wait_for_function("() => location.search.includes('datetime=2022-03-01/2022-12-31')")
    expect(page.locator("#tray-view .count")).to_have_text("1")
    assert running[1] == 1


def test_keys_move_window_and_axis(page: Page, site: str) -> None:
    go(page, site + "/?unit=month&datetime=2022-06-01/2022-08-31")
    first = page.get_by_role("slider", name="First date")
    first.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#range")).to_have_text("1 Jul to 30 Sep 2022")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#range")).to_have_text("1 Jun to 30 Sep 2022")
    with page.expect_response(lambda response: is_view(response) and "axis" in asked(response)) as response:
        page.keyboard.press("+")
    check_exact(response.value)
    before = asked(response.value)["axis"]
    with page.expect_response(is_view) as response:
        page.keyboard.press("]")
    assert asked(response.value)["axis"] > before
    with page.expect_response(is_view) as response:
        page.keyboard.press("0")
    assert "axis" not in asked(response.value)
    expect(page.locator(":focus")).to_have_id("t0")
    for key in ("Home", "End"):
        page.keyboard.press(key)
    expect(first).to_have_attribute("aria-valuetext", "1 Sep 2022")  # not past the other edge


def test_a_handle_out_of_sight_brings_the_axis_along(page: Page, site: str) -> None:
    go(page, site + "/?unit=day&axis=2023-10-01/2023-11-13&datetime=2022-06-01/2023-11-12")
    page.get_by_role("slider", name="First date").focus()
    with page.expect_response(is_view) as response:
        page.keyboard.press("ArrowRight")
    first, last = asked(response.value)["axis"].split("/")
    assert first <= "2022-06-02" <= last
    expect(page.locator("#range")).to_have_text("2 Jun 2022 to 12 Nov 2023")


# Fingers


@pytest.fixture
def phone(browser: Browser, site: str) -> Any:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    go(page, site + "/?unit=month")
    yield page, context.new_cdp_session(page)
    context.close()


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    at = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})


def test_fingers_tap_brush_and_pinch(phone: tuple[Page, CDPSession]) -> None:
    page, session = phone
    top = bars(page)["top"]
    page.touchscreen.tap(x_of(page, date(2022, 11, 15)), top)
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2022")
    page.get_by_role("button", name="All dates").click()
    touch(session, "Start", (x_of(page, date(2022, 6, 15)), top))
    for month in (7, 8, 9, 10):
        touch(session, "Move", (x_of(page, date(2022, month, 15)), top))
    touch(session, "End")
    expect(page.locator("#range")).to_have_text("1 Jun to 31 Oct 2022")
    ends = (x_of(page, date(2022, 7, 1)), x_of(page, date(2022, 12, 31)))
    touch(session, "Start", (ends[0], top))
    touch(session, "Start", (ends[0], top), (ends[1], top))
    for step in (10, 20, 30, 40):
        touch(session, "Move", (ends[0] - step, top), (ends[1] + step, top))
    touch(session, "End")
    page.wait_for_function("() => location.search.includes('axis=')")
    page.wait_for_timeout(400)  # the address follows a moving axis a little later
    first, last = (date.fromisoformat(day) for day in parse_qs(urlsplit(page.url).query)["axis"][0].split("/"))
    assert first <= date(2022, 7, 1) < date(2022, 12, 31) <= last
    assert (last - first).days < 500
    expect(page.locator("#range")).to_have_text("1 Jun to 31 Oct 2022")  # two fingers choose nothing


def test_the_phone_keeps_its_controls_folded(phone: tuple[Page, CDPSession], axe: Callable[[Page], None]) -> None:
    page, _ = phone
    height = page.locator(".time").bounding_box()
    assert height
    assert height["height"] < 140
    expect(page.locator("#unit")).to_be_hidden()
    page.get_by_role("button", name="Timeline options").click()
    expect(page.get_by_label("Bars of the timeline")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)


# What is not known for sure


def test_surely_leaves_out_what_may_lie_outside(page: Page, site: str, axe: Callable[[Page], None]) -> None:
    go(page, site + "/?unit=day&axis=2023-11-01/2023-11-13&datetime=2023-11-08/2023-11-13")
    count = page.locator("#tray-view .count")
    expect(count).to_have_text("4")  # one of them between 3 and 9 November
    expect(page.locator("#time-doubt")).to_be_visible()
    page.get_by_label("Surely in range").check()
    expect(count).to_have_text("3")
    page.wait_for_function("() => location.search.includes('dates=surely')")
    axe(page)
    page.reload()
    expect(page.get_by_label("Surely in range")).to_be_checked()
    expect(count).to_have_text("3")
    page.get_by_label("Surely in range").uncheck()
    expect(count).to_have_text("4")


def test_solid_is_sure_and_pale_is_possible(page: Page, site: str) -> None:
    """The pixels of two bars: a day in the week that is all that is known, and the day of a dated event."""
    go(page, site + "/?unit=day&axis=2023-11-01/2023-11-13")
    colours = page.evaluate(
        """() => {
          const bars = document.querySelector("#bars");
          const copy = new OffscreenCanvas(bars.width, bars.height).getContext("2d", { willReadFrequently: true });
          copy.drawImage(bars, 0, 0);
          const colour = (day) => [...copy.getImageData((bars.width * day) / 13, 40, 1, 1).data.slice(0, 3)];
          return [3.5, 9.5].map((day) => `#${colour(day).map((part) => part.toString(16).padStart(2, "0")).join("")}`);
        }"""
    )
    assert colours == ["#9fc3e6", "#0b5cad"]


def test_undated_events_are_one_press_away(page: Page, site: str) -> None:
    go(page, site)
    page.get_by_role("button", name="List the 1 events without a date").click()
    expect(page.locator("#events .title")).to_have_text(["A march on a day not named"])
    expect(page.locator("#tray-undated")).to_have_attribute("aria-pressed", "true")


# Play


def test_play_waits_for_the_map(page: Page, site: str) -> None:
    """A server that answers slower than the play steps is not left behind: every step is seen."""
    go(page, site + "/?unit=month&datetime=2023-08-01/2023-08-31")

    def slow(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/map/view**", slow)
    shown: list[str] = []
    page.on("response", lambda response: shown.append(asked(response)["datetime"]) if is_view(response) else None)
    page.get_by_label("Speed of play").select_option("4")
    page.get_by_role("button", name="Play through time").click()
    expect(page.locator("#range")).to_have_text("1 to 30 Nov 2023", timeout=9000)
    expect(page.get_by_role("button", name="Play through time")).to_be_visible(timeout=9000)
    page.wait_for_load_state("networkidle")
    assert shown == ["2023-09-01/2023-09-30", "2023-10-01/2023-10-31", "2023-11-01/2023-11-30"]


def test_play_of_all_dates_begins_with_a_part_and_steps_by_bins(page: Page, site: str) -> None:
    go(page, site + "/?unit=month")
    page.get_by_role("button", name="Play through time").click()
    expect(page.locator("#range")).to_have_text("1 Feb to 31 Mar 2022")  # a twelfth
    expect(page.locator("#range")).to_have_text("1 Mar to 30 Apr 2022")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play through time")).to_be_visible()


@pytest.mark.parametrize(("motion", "moves"), [("reduce", "0s"), ("no-preference", "0.18s")])
def test_play_moves_smoothly_only_where_motion_is_wanted(page: Page, site: str, motion: Any, moves: str) -> None:
    page.emulate_media(reduced_motion=motion)
    go(page, site + "/?unit=month&datetime=2022-06-01/2022-08-31")
    page.get_by_role("button", name="Play through time").click()
    duration = page.locator("#brush").evaluate("(node) => getComputedStyle(node).transitionDuration")
    assert duration.split(",")[0] == moves
    page.get_by_role("button", name="Pause").click()


# Filters


def test_the_timeline_follows_the_filters_and_drives_them(page: Page, site: str) -> None:
    go(page, site + "/?unit=month&type=Battles")
    page.mouse.move(x_of(page, date(2023, 11, 15)), bars(page)["top"])
    expect(page.locator("#hist-tip")).to_have_text("Nov 2023: 1 event")
    page.get_by_role("searchbox").first.fill("words that nothing has")
    expect(page.locator("#tray-view .count")).to_have_text("0")
    page.mouse.move(x_of(page, date(2023, 11, 16)), bars(page)["top"])
    expect(page.locator("#hist-tip")).to_have_text("Nov 2023: 0 events")
    page.get_by_role("searchbox").first.fill("")
    page.mouse.click(x_of(page, date(2023, 6, 15)), bars(page)["top"])
    expect(page.locator("#events .title")).to_have_text(["Fighting in Donetsk Oblast"])


def test_the_counts_of_the_whole_are_those_of_the_store(page: Page, site: str, seeded: Workspace) -> None:
    go(page, site + "/?unit=year")
    answer = page.request.get(f"{site}/map/view?unit=year&zoom=2&unplaced=exclude").json()
    assert sum(answer["histogram"]["counts"]) == SHOWN - 1  # one has no date
    assert json.loads(json.dumps(answer["histogram"]["counts"])) == counted(PLACED, "year", FIRST, LAST)["counts"]
