"""The export dialog: every format, what each leaves out, and the file that is asked for."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_map import go


def test_a_format_is_chosen_and_its_file_fetched(page: Page, site: str, axe: Callable[[Page], None]) -> None:
    go(page, f"{site}/?unplaced=include")
    page.locator("#share summary").click()
    page.get_by_role("button", name="Export in another format").click()
    dialog = page.get_by_role("dialog", name="Export")
    expect(dialog.get_by_role("radio")).to_have_count(15)
    expect(dialog.get_by_role("radio", name="GeoJSON .geojson")).to_be_focused()
    axe(page)
    dialog.get_by_role("radio", name="CSV table .csv").check()
    expect(dialog.get_by_label("Draw places as wide as they are known")).to_be_disabled()
    dialog.get_by_role("radio", name="KML .kml").check()
    dialog.get_by_label("Draw places as wide as they are known").check()
    dialog.get_by_label("Positions").select_option("10")
    expect(dialog.get_by_text("with exact positions: titles, quotes")).to_be_visible()
    beside = dialog.get_by_label("Also 1 event without a date or place, by the same filters")
    expect(beside).to_be_checked()
    expect(dialog.get_by_role("heading", name="Export 12 events")).to_be_visible()
    beside.uncheck()
    expect(dialog.get_by_role("heading", name="Export 11 events")).to_be_visible()
    beside.check()
    with page.expect_download() as fetched:
        dialog.get_by_role("link", name="Download .kml").click()
    assert fetched.value.suggested_filename.endswith(".kml")
    text = fetched.value.path().read_text(encoding="utf-8")
    assert "<Polygon>" in text
    assert "<TimeSpan>" in text
    assert "<name>Agreement</name>" in text, "it has no place, and lies in a tray of the page"
    assert "depot" not in text, "no words go with rounded positions"
    expect(dialog).to_be_hidden()
