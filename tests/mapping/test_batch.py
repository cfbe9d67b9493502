"""The pages of many stories: sorting, the filter, paging, bad parameters."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from geodata.model import Document, Source
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.seeded import NASTY
from tests.store.test_duplicates import told


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    workspace = open_workspace(Settings(data=tmp_path))
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(120)]
    stories = [
        Document(f"d{n}", "x" * 90, Source(title=f"Story {n:03}" if n else NASTY, publisher="Wire", published=day))
        for n, day in enumerate(days)
    ]
    events = [
        replace(told(f"e{n}", doc=f"d{n}"), title=f"Draft {n:03}" if n else NASTY, confidence=(n + 1) / 121)
        for n in range(120)
    ]
    workspace.store.save(events, stories)
    yield create_app(workspace=workspace).test_client()
    workspace.close()


def titles(page: str) -> list[str]:
    return re.findall(r'class="story-list-title"[^>]*>([^<]*)<', page) or re.findall(
        r'draft-title"[^>]*><a[^>]*>([^<]*)<', page
    )


@pytest.mark.parametrize(
    ("path", "first", "last", "said"),
    [
        ("/stories", "Story 119", "Story 070", "1 to 50 of 120 stories"),
        ("/stories?offset=50", "Story 069", "Story 020", "51 to 100 of 120 stories"),
        ("/stories?sort=date&order=asc&offset=100", "Story 100", "Story 119", "101 to 120 of 120 stories"),
        ("/stories?sort=title&offset=50", "Story 050", "Story 099", "51 to 100"),
        ("/stories?sort=confidence&offset=50", "Story 050", "Story 099", "51 to 100"),
        ("/stories?sort=confidence&order=desc", "Story 119", "Story 070", "1 to 50"),
        ("/stories?look=1&offset=50", "Story 009", NASTY, "51 to 60 of 60 stories that need a look"),
        ("/drafts?offset=50", "Draft 050", "Draft 099", "51 to 100 of 120 drafts"),
        ("/drafts?order=desc", "Draft 119", "Draft 070", "1 to 50 of 120 drafts"),
        ("/drafts?look=1&offset=50", "Draft 050", "Draft 059", "51 to 60 of 60 drafts that need a look"),
    ],
)
def test_lists_are_sorted_filtered_and_paged(client: FlaskClient, path: str, first: str, last: str, said: str) -> None:
    page = client.get(path).get_data(as_text=True)
    found = titles(page)
    assert found[0] == first
    assert found[-1] == last or last == NASTY
    assert said in " ".join(page.split())
    assert "<script>window.pwned" not in page


def test_links_keep_the_choices(client: FlaskClient) -> None:
    page = client.get("/stories?sort=title&look=1").get_data(as_text=True)
    assert 'href="/stories?sort=title&amp;order=desc&amp;look=1"' in page, "turned round"
    assert 'href="/stories?sort=date&amp;order=desc&amp;look=1"' in page
    assert 'href="/stories?sort=title&amp;order=asc&amp;look=1&amp;offset=50"' in page
    assert 'href="/stories?sort=title&amp;order=asc"' in page, "show all"


def test_a_draft_leads_to_its_story_and_says_why(client: FlaskClient) -> None:
    page = client.get("/drafts").get_data(as_text=True)
    assert 'href="/stories/d1?event=e1"' in page
    assert "low confidence" in page
    assert "2\N{NO-BREAK SPACE}%" in page


@pytest.mark.parametrize("path", ["/stories", "/drafts"])
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sort=size", "accepted:"),
        ("order=up", "asc, desc"),
        ("offset=-1", "a whole number"),
        ("offset=9999999999", "offset"),
    ],
)
def test_bad_parameters_are_said(client: FlaskClient, path: str, query: str, words: str) -> None:
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert words in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/stories", "No story is kept yet"),
        ("/stories?look=1", "No story has a draft that needs a look"),
        ("/drafts", "No draft waits"),
        ("/drafts?look=1", "No draft needs a look"),
        ("/drafts?offset=50", "No more drafts"),
    ],
)
def test_empty_lists_say_so(tmp_path: Path, path: str, words: str) -> None:
    workspace = open_workspace(Settings(data=tmp_path / "empty"))
    assert words in create_app(workspace=workspace).test_client().get(path).get_data(as_text=True)
    workspace.close()
