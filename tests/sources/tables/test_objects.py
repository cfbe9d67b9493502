"""JSON of flat objects as tables: in a list, in a member of an object, an object a line."""

from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.sources import format_of, open_rows

ROW = '{"date": "2022-11-11", "lat": 46.6, "lon": 32.6, "title": "Fire"}'


def written(tmp_path: Path, text: str, name: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("t.json", f"[{ROW}]", "json"),
        ("t.json", f'{{"meta": {{"n": 1}}, "data": [{ROW}]}}', "json"),
        ("t.jsonl", f"{ROW}\n{ROW}\n", "json"),
        ("t.jsonl", ROW.replace("title", "text"), "json"),
        ("t.json", '[{"when": "2022", "point": {"type": "Point", "coordinates": [32.6, 46.6]}}]', "json"),
        ("t.jsonl", '{"doc_id": "1", "text": "A story.", "published": "2022-01-01"}\n', "jsonl"),
        ("t.json", '{"type": "FeatureCollection", "features": []}', "geojson"),
        ("t.json", '[{"type": "Feature", "geometry": null, "properties": {}}]', "geojson"),
    ],
)
def test_the_kind_is_told_by_the_first_object(tmp_path: Path, name: str, text: str, kind: str) -> None:
    assert format_of(written(tmp_path, text, name), name) == kind


def test_rows_have_lines_and_names_that_come_late_are_columns(tmp_path: Path) -> None:
    text = f'[{ROW},\n{{"date": "2022-11-12", "location": {{"lat": 46.5, "lng": 32.5}}, "tags": ["a", "b"]}},\n7]'
    source = open_rows(written(tmp_path, text, "t.json"))
    assert source.columns == ("date", "lat", "lon", "title", "location.lat", "location.lng", "tags")
    first, second, third = source.rows()
    assert [row.line for row in (first, second, third)] == [1, 2, 3]
    assert first.event
    assert first.event.place
    assert (first.event.place.lon, first.event.place.lat, first.event.title) == (32.6, 46.6, "Fire")
    assert second.event
    assert second.event.tags == ("a", "b")
    assert second.event.properties == {"location.lat": "46.5", "location.lng": "32.5"}
    assert "is not an object: '7'" in third.problems[0].message


def test_positions_inside_objects_are_known(tmp_path: Path) -> None:
    text = '[{"date": "2022-11-11", "location": {"lat": 46.5, "lng": 32.5}}]'
    (row,) = open_rows(written(tmp_path, text, "t.json")).rows()
    assert row.event
    assert row.event.place
    assert (row.event.place.lon, row.event.place.lat) == (32.5, 46.5)


def test_a_line_that_is_no_json_costs_that_line(tmp_path: Path) -> None:
    _, bad, good = open_rows(written(tmp_path, f'{ROW}\n{{"date": x}}\n{ROW}\n', "t.jsonl")).rows()
    assert (bad.line, bad.event, good.line) == (2, None, 3)
    assert bad.problems[0].message == "not JSON: Expecting value at character 10"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'[{ROW},\n{{"date": "20', "line 2: Unterminated string"),
        (f"[{ROW},\n" + '{"a":' * 100_000, "line 2: it is nested too deep"),
        (f'{{"data": [{ROW}], "b": [{ROW}]}} x', "something follows the end"),
    ],
)
def test_a_broken_document_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        list(open_rows(written(tmp_path, text, "t.json")).rows())


def test_of_several_lists_the_first_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    text = f'{{"tags": ["x"], "data": [{ROW}], "sources": [{{"id": 1}}]}}'
    source = open_rows(written(tmp_path, text, "t.json"))
    assert len(list(source.rows())) == 1
    assert "rows were taken of 'data', and none of 'tags', 'sources'" in source.notes[0]
