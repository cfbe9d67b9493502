"""What is opened once and shared: stories read and kept, samples once, an index that follows the store."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geodata.errors import SetupError, UsageError
from geodata.model import Event, Place, Span
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace, open_workspace
from tests.fake_stages import TEXT, FakeExtractor, FakeLocator, FakeResolver

Open = Callable[[Settings], DatelineWorkspace]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatelineWorkspace]:
    fakes = {"extractor": FakeExtractor(), "resolver": FakeResolver(), "table_geocoder": FakeLocator()}
    for name, fake in fakes.items():
        monkeypatch.setattr(DatelineWorkspace, name, property(lambda self, fake=fake: fake))
    opened = open_workspace(Settings(data=tmp_path / "deep" / "data"))
    yield opened
    opened.close()


def test_the_data_folder_is_made(workspace: DatelineWorkspace) -> None:
    assert workspace.settings.data.is_dir()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SetupError, match=r"the data folder .* cannot be made"):
        open_workspace(Settings(data=tmp_path / "file" / "data"))


def test_what_is_given_wins_over_what_the_file_says(workspace: DatelineWorkspace) -> None:
    data = b"---\ntitle: Of the file\npublisher: Wire\npublished: 2020-01-01\n---\nIn Kherson."
    story = workspace.read_story(data, "a.md", title=" Given ", published=date(2021, 1, 1))
    source = story.document.source
    assert (source.title, source.publisher, source.published) == ("Given", "Wire", date(2021, 1, 1))
    assert story.events[0].sources == (source,)
    assert workspace.store.count(EventQuery()) == 0


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ("", "story.txt", "is empty"),
        (" \n", "story.txt", "is empty"),
        (b"\x89PNG\r\n\x1a\n0", "picture.png", "looks like a PNG image"),
        ("x" * 500_001, "story.txt", "500,001 characters; accepted: at most 500,000"),
        (b"x" * 5_000_000, "story.txt", "5,000,000 characters; accepted: at most 500,000"),
        (b"x" * 8_000_001, "story.txt", "8,000,001 bytes; accepted: at most 8,000,000"),
        ('{"text": "One."}\n{"text": "Two."}', "two.jsonl", "holds 2 items, not one story"),
        ("date,title\n2022-01-01,a\n", "t.csv", "holds 1 items, not one story"),
        ("<html><body></body></html>", "a.html", "no article was found"),
        ("\x00\x01\x02\x03", "story.txt", "is not text"),
    ],
)
def test_bad_stories(workspace: DatelineWorkspace, data: bytes | str, name: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        workspace.read_story(data, name)
    assert words in str(caught.value)


def test_a_table_may_be_larger_than_a_story(workspace: DatelineWorkspace) -> None:
    row = "2022-01-01," + "x" * 990 + "\n"
    assert len(workspace.read_file(b"date,title\n" + row.encode() * 9000, "t.csv").events) == 1


def test_a_file_cannot_make_itself_a_sample(workspace: DatelineWorkspace) -> None:
    story = workspace.read_story("---\nsample: true\n---\nIn Kherson.", "a.md")
    assert not story.document.sample
    workspace.save_story(story.document, story.events)
    assert workspace.store.remove_samples() == 0


def test_lone_surrogates_in_pasted_text_are_cleaned_and_said(workspace: DatelineWorkspace) -> None:
    story = workspace.read_story("A \ud83d in Kherson.")
    assert story.document.text == "A \ufffd in Kherson."
    assert any("broken character" in note for note in story.notes)


def test_a_saved_story_is_kept_with_its_events(workspace: DatelineWorkspace) -> None:
    story = workspace.read_story(TEXT)
    receipt = workspace.save_story(story.document, story.events)
    assert (receipt.added, receipt.stories) == (5, 1)
    assert {event.event_id for event in workspace.store.find(EventQuery())} == {e.event_id for e in story.events}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event_type": "Picnics"}, "event type 'Picnics' is unknown"),
        ({"sub_event_type": "Mob violence"}, "is no sub-type of Battles"),
        ({"doc_id": "other"}, "is of document 'other'"),
        ({"quote_span": Span(0, 10_000)}, "has a span outside the text"),
        ({"place_span": Span(-5, 2)}, "has a span outside the text"),
    ],
)
def test_a_story_with_a_wrong_event_is_not_kept_at_all(
    workspace: DatelineWorkspace, change: dict[str, object], words: str
) -> None:
    story = workspace.read_story(TEXT)
    wrong = replace(story.events[1], **change)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        workspace.save_story(story.document, (story.events[0], wrong))
    assert words in str(caught.value)
    assert workspace.store.count(EventQuery()) == 0


def test_the_index_follows_the_store(workspace: DatelineWorkspace) -> None:
    before = workspace.index()
    assert workspace.index() is before
    workspace.store.save([Event("e", "Riots", place=Place("X", 1, 2))])
    after = workspace.index()
    assert after is not before
    assert [event.event_id for event in workspace.store.get_rows(after.rows(EventQuery())[1])] == ["e"]


def test_many_threads_open_one_store_and_one_index(workspace: DatelineWorkspace) -> None:
    found: list[tuple[int, int]] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.append((id(workspace.store), id(workspace.index())))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_warming_without_a_gazetteer_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    opened = open_workspace(Settings(data=tmp_path))
    thread = opened.warm()
    thread.join(60)
    opened.close()
    assert not thread.is_alive()
    assert capfd.readouterr().err == ""


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\n---\nIn Kherson.", encoding="utf-8")
    (folder / "b.md").write_text("---\ntitle: B\n---\nIn Bucha.", encoding="utf-8")
    monkeypatch.setattr("geodata.workspace.SAMPLES", folder)


@pytest.mark.usefixtures("samples")
def test_samples_come_once_and_not_again_after_they_were_removed(workspace: DatelineWorkspace) -> None:
    assert workspace.import_samples().added == 2
    assert workspace.store.sample_count() == 2
    assert workspace.import_samples().added == 0
    assert workspace.store.remove_samples() == 2
    assert workspace.import_samples().notes == ("the sample stories were imported before",)
    assert workspace.store.sample_count() == 0
    assert workspace.import_samples(again=True).added == 2


@pytest.mark.usefixtures("samples")
def test_a_new_store_gets_its_samples(workspace: DatelineWorkspace) -> None:
    workspace.import_samples()
    workspace.close()
    for path in workspace.settings.data.glob("dateline.sqlite*"):
        path.unlink()
    fresh = DatelineWorkspace(workspace.settings)
    assert fresh.import_samples().added == 2
    fresh.close()


def test_an_event_whose_document_is_not_here_comes_without_its_spans(
    workspace: DatelineWorkspace, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,title,doc_id,quote_start,quote_end\ne,Clash,gone,0,5\n", encoding="utf-8")
    workspace.import_readings([workspace.read_file(path.read_bytes(), path.name)])
    event = workspace.store.get("e")
    assert (event.doc_id, event.quote_span) == ("", None)
