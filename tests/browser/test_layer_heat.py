"""The heat map: its switch, its surface and the key to its colours."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.layer_page import DESK, covered, go, point

UKRAINE = "/?map=6/48/34"
RAMP = """
() => {
  const strip = document.querySelector("#heat-key canvas");
  const data = strip.getContext("2d").getImageData(0, 0, strip.width, 1).data;
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return Array.from({ length: strip.width }, (_, k) => {
    const [r, g, b] = [0, 1, 2].map((at) => linear(data[k * 4 + at]));
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  });
}
"""
"""Lightness in OKLab of each pixel of the key's ramp."""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce"}


def test_heat_is_switched_on_and_off_and_kept_in_the_link(page: Page, site: str) -> None:
    go(page, site + UKRAINE)
    key, switch = page.locator("#heat-key"), page.get_by_label("Show where events are dense")
    x, y = point(page, 32.6178, 46.6354)
    expect(key).to_be_hidden()
    with page.expect_response("**/map/grid**"):
        switch.check()
    expect(key).to_be_visible()
    expect(key).to_contain_text("Events per 100 km²")
    assert covered(page, 0, x, y + 26, 4) > 0.9, "the surface is wider than the circle was"
    assert covered(page, 1, x, y, 20) == 0, "the circles and their counts are gone"
    page.wait_for_url(re.compile("heat=1"))
    page.reload()
    expect(key).to_be_visible()
    switch.uncheck()
    expect(key).to_be_hidden()
    assert covered(page, 1, x, y, 30) > 0
    page.wait_for_url(re.compile("^((?!heat).)*$"))


def test_heat_follows_the_filters(page: Page, site: str) -> None:
    go(page, site + UKRAINE + "&heat=1")
    expect(page.locator("#heat-key")).to_be_visible()
    x, y = point(page, 32.6178, 46.6354)
    assert covered(page, 0, x, y, 4) > 0.9
    with page.expect_response("**/map/grid**type=Battles**"):
        page.goto(site + UKRAINE + "&heat=1&type=Battles")
    page.wait_for_load_state("networkidle")
    assert covered(page, 0, x, y, 4) == 0, "no battle in Kherson"


def test_heat_leaves_out_what_is_known_only_by_area(page: Page, site: str) -> None:
    with page.expect_request("**/map/grid**") as asked:
        go(page, site + UKRAINE + "&heat=1")
    assert "precision=near" in asked.value.url
    x, y = point(page, 37.7, 48.1)
    assert covered(page, 0, x - 30, y + 12, 3) == 0, "the middle of the oblast is not hot"


@pytest.mark.parametrize(("scheme", "way"), [("light", -1), ("dark", 1)])
def test_the_ramp_is_even_to_the_eye(page: Page, site: str, scheme: Any, way: int) -> None:
    page.emulate_media(color_scheme=scheme)
    go(page, site + UKRAINE + "&heat=1")
    expect(page.locator("#heat-key canvas")).to_be_visible()
    lightness = page.evaluate(RAMP)
    steps = [way * (later - earlier) for earlier, later in zip(lightness[::32], lightness[32::32], strict=False)]
    assert min(steps) > 0, "each step is darker than the last (lighter, on dark)"
    assert max(steps) < 1.25 * min(steps), "and as large"
