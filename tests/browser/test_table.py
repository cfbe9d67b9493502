"""A table through the page in Chromium: its columns, a question, a trial, the import, the receipt, the undo."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from geodata.contracts import Workspace
from geodata.settings import Settings
from tests.jobs.small_workspace import TrickyWorkspace

TABLE = """Day;Town;Lat;Lon;Kind;What happened;Killed
03/04/2022;Kherson;46,63;32,61;Shelling;Shells hit the market of the town in the morning;2
05/04/2022;Kherson;46,64;32,62;Shelling;Shells hit the harbour of the town at night;hardly any
06/04/2022;;;;;;
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[TrickyWorkspace]:
    made = TrickyWorkspace(Settings(data=tmp_path / "data", workers=1))
    yield made
    made.close()


@pytest.fixture
def browser_context_args(workspace: TrickyWorkspace, serve: Callable[[Workspace], str]) -> dict[str, Any]:
    return {"base_url": serve(workspace), "viewport": ViewportSize(width=390, height=844), "accept_downloads": True}


def test_from_a_table_to_its_undo(page: Page, workspace: TrickyWorkspace) -> None:
    page.goto("/stories/new")
    page.set_input_files("#story-file", [{"name": "may.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}])
    page.click("#story-read")
    page.wait_for_url("**/tables/*")
    expect(page.get_by_label("Town means")).to_have_value("place")
    expect(page.get_by_label("What happened means")).to_have_value("quote")
    expect(page.locator("#table-go")).to_be_disabled()
    # a column is given another meaning, and the question is answered, by keyboard
    page.get_by_label("Kind means").select_option("sub_event_type")
    page.get_by_label("day, month, year").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#table-sample")).to_contain_text("2022-04-03")
    expect(page.locator("#table-go")).to_be_enabled()
    assert not Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    page.get_by_text("Dates, coordinates, source, presets").click()
    page.fill("#table-preset-name", "Town list")
    page.click("#table-preset-save")
    expect(page.locator("#table-about")).to_contain_text("Town list")
    # a trial changes nothing
    page.click("#table-try")
    expect(page.locator("#table-trial")).to_contain_text("What would happen")
    expect(page.locator("#table-trial dd").first).to_have_text("3")
    expect(page.locator("#table-trial")).to_contain_text("hardly any")
    assert not list(workspace.store.imports.list())
    page.click("#table-go")
    page.wait_for_url("**/imports/*")
    expect(page.locator("#import-receipt")).to_contain_text("added")
    assert len(workspace.store.imports.list()) == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="Only the rows to mend").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert any("hardly any" in row for row in rows)
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="back?").click()
    expect(page.locator(".import-undone")).to_contain_text("removed")
    assert workspace.store.imports.list()[0].undone_at
    # the same columns again: the preset is applied by itself, and nothing is asked
    page.goto("/stories/new")
    page.set_input_files("#story-file", [{"name": "june.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}])
    page.click("#story-read")
    page.wait_for_url("**/tables/*")
    expect(page.locator("#table-about")).to_contain_text("Town list")
    expect(page.locator("#table-go")).to_be_enabled()


def test_a_table_that_cannot_be_read_is_told_where_it_is_handed_in(page: Page, complaints: list[str]) -> None:
    """With its line; before, it led to a page of its own that said no more than an error's number."""
    page.goto("/stories/new")
    left_open = b'date,title\n2022-11-11,"never closed\n2022-11-12,B\n'
    page.set_input_files("#story-file", [{"name": "open.csv", "mimeType": "text/csv", "buffer": left_open}])
    page.click("#story-read")
    expect(page.locator(".bad:visible").first).to_contain_text("open.csv, line 2: a quotation mark opens in this row")
    complaints.clear()
