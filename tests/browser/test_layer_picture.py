"""The picture to take away: a PNG of the right size with the map, the key, the scale bar and the credits on it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watch
from tests.browser.layer_page import DESK, go

UKRAINE = "/?map=6/48/34"


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce", "color_scheme": "light"}


def picture_of(page: Page, folder: Path) -> tuple[str, Image.Image]:
    """The name and the content of the file that the button brings."""
    page.locator("#share summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download picture").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.name, Image.open(BytesIO(path.read_bytes())).convert("RGB")


def has(image: Image.Image, colour: tuple[int, int, int], within: int = 3) -> int:
    """How many pixels are of a colour, more or less."""
    return sum(
        count
        for count, found in image.getcolors(image.width * image.height) or ()
        if all(abs(one - other) <= within for one, other in zip(colour, found, strict=True))
    )


def colour_of(page: Page, name: str) -> tuple[int, int, int]:
    """The colour of a type in the panel's legend."""
    swatch = page.locator(".type", has_text=name).locator("svg.swatch path").first.get_attribute("fill") or ""
    return int(swatch[1:3], 16), int(swatch[3:5], 16), int(swatch[5:7], 16)


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_picture_has_the_map_its_key_and_its_size(browser: Browser, site: str, tmp_path: Path, ratio: int) -> None:
    context = browser.new_context(viewport=DESK, device_scale_factor=ratio, color_scheme="light")
    page, complaints = context.new_page(), list[str]()
    watch(page, complaints)
    go(page, site + UKRAINE + "&datetime=2022-01-01/2023-12-31")
    box = page.locator(".folium-map").bounding_box()
    assert box
    name, image = picture_of(page, tmp_path)
    assert name == "dateline-2022-01-01-to-2023-12-31.png"
    assert image.width == round(box["width"] * ratio)
    assert image.height > (box["height"] + 100) * ratio, "head and foot are added to the map"
    foot = image.crop((0, image.height - 120 * ratio, image.width, image.height))
    assert has(foot, colour_of(page, "Battles")) > 20 * ratio**2, "the key shows the type's mark"
    head = image.crop((0, 0, image.width, 40 * ratio))
    assert has(head, (255, 255, 255)) > head.width * head.height / 2
    assert has(head, (0x1B, 0x1F, 0x23), 12) > 100, "a sentence is written on it"
    middle = image.crop((0, 150 * ratio, image.width, round(box["height"] * ratio)))
    assert has(middle, colour_of(page, "Battles")) > 5, "the events are on the map"
    context.close()
    assert not complaints


def test_a_type_that_is_off_is_not_in_the_key(page: Page, site: str, tmp_path: Path) -> None:
    go(page, site + UKRAINE + "&type=Protests&type=Battles")
    strategic = colour_of(page, "Strategic developments")
    _, image = picture_of(page, tmp_path)
    assert has(image, colour_of(page, "Battles")) > 20
    assert has(image, strategic, 0) == 0


def test_a_picture_of_the_heat_map_has_its_ramp(page: Page, site: str, tmp_path: Path) -> None:
    go(page, site + UKRAINE + "&heat=1")
    expect(page.locator("#heat-key")).to_be_visible()
    ends = page.evaluate(
        """() => {
          const strip = document.querySelector("#heat-key canvas");
          const { data } = strip.getContext("2d").getImageData(0, 0, strip.width, 1);
          return [10, 245].map((x) => [...data.slice(4 * x, 4 * x + 3)]);
        }"""
    )
    _, image = picture_of(page, tmp_path)
    foot = image.crop((0, image.height - 130, image.width, image.height))
    for colour in ends:
        assert has(foot, tuple(colour), 6) > 8


def test_what_a_picture_cannot_have_is_said(page: Page, site: str, complaints: list[str]) -> None:
    go(page, site + UKRAINE)
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    page.locator("#share summary").click()
    page.get_by_role("button", name="Download picture").click()
    expect(page.locator("#live")).to_contain_text("The picture could not be made")
    assert not complaints
