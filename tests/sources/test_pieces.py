"""Files in pieces: JSON Lines a line at a time, everything else whole; addresses only where that is turned on."""

import json
from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.settings import Settings
from geodata.sources import pieces
from geodata.sources.intake import Intake
from geodata.sources.pieces import count_stories, is_stream, stories


def jsonl(path: Path, *texts: str, encoding: str = "utf-8") -> Path:
    rows = (json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    path.write_bytes("\n".join(rows).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "data", "format_name", "streamed"),
    [
        ("a.jsonl", b'{"text": "a"}\n{"text": "b"}\n', "", True),
        ("a.json", b'{"text": "a"}\n{"text": "b"}\n', "", True),
        ("a.jsonl", b'{"text": "' + b"a" * 300_000 + b'"}\n', "", True),
        ("a.txt", b"A story.\n", "", False),
        ("a.txt", b'{"text": "a"}\n', "text", False),
        ("a.geojson", b'{"type": "FeatureCollection",\n"features": []}', "", False),
        ("a.bin", b"\x89PNG\r\n\x1a\n\x00", "", False),
        ("a.jsonl", b"", "", False),
        ("any", b"A story.", "jsonl", True),
    ],
)
def test_what_is_read_line_by_line(tmp_path: Path, name: str, data: bytes, format_name: str, streamed: bool) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert is_stream(path, format_name) is streamed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_line_is_read_in_the_file_s_encoding(tmp_path: Path, encoding: str) -> None:
    words = ["Вибух у порту Одеси стався в п'ятницю ввечері, повідомляє поліція.", "Ще один вибух стався у Херсоні."]
    found = list(stories(jsonl(tmp_path / "s.jsonl", *words, encoding=encoding), "s.jsonl"))
    assert [document.text for piece in found for document in piece.reading.documents] == words


def test_a_line_that_is_too_long_takes_no_other_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST_LINE_BYTES", 1_000)
    path = jsonl(tmp_path / "s.jsonl", "One.", "a" * 5_000, "Three.")
    assert count_stories(path) == 3
    found = list(stories(path, "s.jsonl"))
    assert [(piece.line, len(piece.reading.documents)) for piece in found] == [(1, 1), (2, 0), (3, 1)]
    assert "longer than 1,000 bytes" in found[1].reading.problems[0].message


def test_a_broken_byte_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_bytes(b'{"text": "One."}\n' * 20_000 + b'{"text": "\xff"}\n')
    (problem,) = [problem for piece in stories(path, "s.jsonl") for problem in piece.reading.problems]
    assert (problem.line, problem.message) == (20_001, "not utf-8 at byte 10 of the line")


def test_the_limits_of_the_settings_hold(tmp_path: Path) -> None:
    intake = Intake(Settings(data=tmp_path, max_story_chars=10, max_upload_bytes=100))
    path = jsonl(tmp_path / "s.jsonl", "Short.", "Longer than that.")
    assert [len(piece.reading.problems) for piece in intake.pieces(path)] == [0, 1]
    large = tmp_path / "large.html"
    large.write_bytes(b"<html>" + b" " * 200)
    (piece,) = intake.pieces(large)
    assert piece.reading.problems[0].message == "large.html has 206 bytes; accepted: at most 100"
    (piece,) = intake.pieces(tmp_path / "gone.txt")
    assert "cannot be read" in piece.reading.problems[0].message


def test_no_address_is_fetched_unless_the_setting_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DATELINE_FETCH_URLS=yes turns it on"):
        Intake(Settings(data=tmp_path)).fetched("https://example.org/")
