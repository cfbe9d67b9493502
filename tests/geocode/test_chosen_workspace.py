"""Choices of a project from the store to the geocoders: at once, in stories and tables, and without making a store."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from geodata.contracts import PlaceRow
from geodata.model import Document, Resolution, Source, Span, Toponym
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace, open_workspace

STORY = Document("d", "A march in Paris.", Source(published=date(2024, 5, 1)))
NAME = Toponym(Span(11, 16), "Paris", "Paris")


@pytest.fixture
def workspace(small_path: Path, tmp_path: Path) -> Iterator[DatelineWorkspace]:
    opened = open_workspace(Settings(data=tmp_path, gazetteer=str(small_path)))
    yield opened
    opened.close()


def placed(workspace: DatelineWorkspace) -> tuple[str, str]:
    story: Resolution = workspace.resolver.resolve([NAME], STORY)[0]
    row = next(iter(workspace.table_geocoder.locate([PlaceRow("1", "Paris")])))
    assert story.place
    assert row.place
    return story.place.place_id, row.place.place_id


def test_a_choice_counts_at_once_and_until_it_is_forgotten(workspace: DatelineWorkspace) -> None:
    assert placed(workspace) == ("t:paris", "t:paris")
    kept = workspace.remember(STORY, [(NAME.span, workspace.gazetteer.place("t:paristx"))])
    assert [(choice.name, choice.level, choice.doc_id) for choice in kept] == [("Paris", 0, "d")]
    assert placed(workspace) == ("t:paristx", "t:paristx")
    assert workspace.remember(STORY, [(NAME.span, workspace.gazetteer.place("t:paristx"))]) == []
    workspace.choices.forget(kept[0].choice_id)
    assert placed(workspace) == ("t:paris", "t:paris")


def test_another_process_is_heard(workspace: DatelineWorkspace) -> None:
    assert placed(workspace) == ("t:paris", "t:paris")
    other = open_workspace(workspace.settings)
    other.remember_name("Paris", other.gazetteer.place("t:paristx"))
    other.close()
    assert placed(workspace) == ("t:paristx", "t:paristx")


def test_geocoding_alone_makes_no_store(workspace: DatelineWorkspace) -> None:
    placed(workspace)
    assert not workspace.settings.store_path.exists()
