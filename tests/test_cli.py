"""The commands, as scripts use them: formats, exit codes, what goes to stdout and what to stderr."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from geodata.cli import cli
from geodata.cli.common import Run
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace
from tests.fake_stages import TEXT, FakeExtractor, FakeGazetteer, FakeLocator, FakeResolver

ROOT = Path(__file__).parent.parent
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs one command over fake stages and a real, empty store."""
    for name in list(os.environ):
        if name.startswith("DATELINE_"):
            monkeypatch.delenv(name)
    fakes = {"extractor": FakeExtractor(), "resolver": FakeResolver(), "table_geocoder": FakeLocator()}
    for name, fake in fakes.items():
        monkeypatch.setattr(DatelineWorkspace, name, property(lambda self, fake=fake: fake))

    def run(*args: object, stdin: str | bytes = "") -> Result:
        return CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), *map(str, args)], input=stdin)

    return run


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_toponyms(invoke: Invoke) -> None:
    result = invoke("toponyms", stdin=json.dumps({"doc_id": "d", "text": "😀 Near Kherson, not Atlantis."}) + "\n")
    assert (result.exit_code, result.stderr) == (0, "")
    found, lost = lines(result)
    assert found == {
        "doc_id": "d",
        "start": 7,
        "end": 14,
        "text": "Kherson",
        "name": "Kherson",
        "lon": 32.6,
        "lat": 46.6,
        "country": "UA",
        "precision": "exact",
        "confidence": 0.5,
    }
    assert (lost["text"], lost["lon"], lost["lat"], lost["country"]) == ("Atlantis", None, None, None)


def test_extract(invoke: Invoke) -> None:
    result = invoke("extract", stdin=json.dumps({"doc_id": 7, "text": TEXT, "published": "2022-11-12"}))
    assert result.exit_code == 0
    rows = lines(result)
    assert rows[0] == {
        "doc_id": "7",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "start": "2022-11-11",
        "end": "2022-11-11",
        "place": {
            "name": "Kherson",
            "lon": 32.6,
            "lat": 46.6,
            "precision": "exact",
            "country": "UA",
            "start": 13,
            "end": 20,
        },
        "quote": {"start": 0, "end": 31},
        "confidence": 0.4,
    }
    assert rows[-1]["place"] is None
    assert rows[-1]["start"] is None
    assert rows[3]["place"] == {
        "name": "Atlantis",
        "lon": None,
        "lat": None,
        "precision": None,
        "country": None,
        "start": TEXT.index("Atlantis"),
        "end": TEXT.index("Atlantis") + 8,
    }


@pytest.mark.parametrize(
    "text", ["a\r\nb Kherson", "\x00\x07 Kherson", "\ufeff Kherson", "\ud83d Kherson", "\x85\u2028Kherson"]
)
def test_offsets_are_those_of_the_text_as_given(invoke: Invoke, text: str) -> None:
    (row,) = lines(invoke("toponyms", stdin=json.dumps({"doc_id": "d", "text": text})))
    assert row["start"] == text.index("Kherson")


def test_bad_lines_are_reported_and_the_rest_is_done(invoke: Invoke) -> None:
    good = json.dumps({"doc_id": "d", "text": "In Kherson."}).encode()
    bad = [
        b"{",
        b'{"text": 1}',
        b'"text"',
        b"\xff\xfe",
        b'{"text": "x", "published": "2022-13-01"}',
        b"",
        b"[" * 10_000,
    ]
    result = invoke("toponyms", stdin=b"\n".join([good, *bad, good]))
    assert result.exit_code == 1
    assert len(lines(result)) == 2
    for number in (2, 3, 4, 5, 6, 8):
        assert f"line {number}: " in result.stderr
    assert "line 7" not in result.stderr
    assert "6 rows were not taken" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_text_above_the_limit_is_a_bad_row(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_MAX_STORY_CHARS", "20")
    result = invoke("extract", stdin=json.dumps({"text": "x" * 21}))
    assert result.exit_code == 1
    assert "21 characters; accepted: at most 20" in result.stderr


def test_geocode(invoke: Invoke) -> None:
    table = "id,place,admin1,admin2,country\n1,Kherson,,,UA\n2,Atlantis,,,\n3,,,,\n4,Bucha,,,UA,more\n"
    result = invoke("geocode", stdin="\ufeff" + table)
    assert result.exit_code == 1
    assert "line 5: more cells" in result.stderr
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == ["id", "name", "lon", "lat", "precision", "country", "confidence", "note"]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert (rows[0]["name"], rows[0]["lon"], rows[0]["lat"], rows[0]["country"]) == ("Kherson", "32.6", "46.6", "UA")
    assert (rows[1]["lon"], rows[1]["lat"], rows[1]["note"]) == ("", "", "nothing found")
    assert rows[2]["note"] == "no place was given"


@pytest.mark.parametrize("stdin", ["name,where\na,b\n", "id\n1\n", "id;place\n1;Kherson\n"])
def test_geocode_without_its_columns_is_misuse(invoke: Invoke, stdin: str) -> None:
    result = invoke("geocode", stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "accepted: id, place, admin1, admin2, country" in result.stderr


@pytest.mark.parametrize("stdin", ["", "id,place\n"])
def test_geocode_of_nothing_is_a_header(invoke: Invoke, stdin: str) -> None:
    result = invoke("geocode", stdin=stdin)
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)


def test_import_then_export(invoke: Invoke, tmp_path: Path) -> None:
    story, table = tmp_path / "story.txt", tmp_path / "table.csv"
    story.write_text(TEXT, encoding="utf-8")
    table.write_text(
        "date,place,type,title\n2022-02-03,Bucha,Riots,One\n2022-02-03,Atlantis,Picnic,Two\n", encoding="utf-8"
    )
    first = invoke("import", story, table)
    assert first.exit_code == 1, "a row that is kept without the place that it names is told"
    assert "table.csv, line 3: no place was found for 'Atlantis'" in first.stderr
    assert first.stdout.startswith("7 events, 1 story\n  added            7\n")
    again = invoke("import", story, table)
    assert "  unchanged        7" in again.stdout
    assert "  added            0" in again.stdout
    exported = json.loads(invoke("export").stdout)
    assert len(exported["features"]) == 7
    riots = json.loads(invoke("export", "--type", "Riots", "--bbox", "30,50,31,51", "--unplaced", "exclude").stdout)
    assert [feature["properties"]["title"] for feature in riots["features"]] == ["One"]
    other = json.loads(invoke("export", "--type", "Strategic developments").stdout)["features"][0]["properties"]
    assert other["type_as_given"] == "Picnic"
    assert "its type 'Picnic' is not in the taxonomy" in other["notes"]


def test_an_export_goes_back_in_unchanged(invoke: Invoke, tmp_path: Path) -> None:
    story, out = tmp_path / "story.txt", tmp_path / "out.geojson"
    story.write_text(TEXT, encoding="utf-8")
    invoke("import", story)
    assert "5 events in" in invoke("export", "-o", out).stderr
    assert not list(tmp_path.glob("*.part"))
    result = invoke("import", out)
    assert result.exit_code == 0, result.stderr
    assert "  unchanged        5" in result.stdout


def test_export_as_csv(invoke: Invoke, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("date,title,lon,lat\n2022-02-03,=1+1,1,2\n", encoding="utf-8")
    invoke("import", table)
    (row,) = csv.DictReader(io.StringIO(invoke("export", "--format", "csv").stdout))
    assert (row["title"], row["lon"], row["lat"]) == ("'=1+1", "1.0", "2.0")


def test_an_export_takes_its_format_from_the_file_and_says_what_it_leaves_out(invoke: Invoke, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "date,title,lon,lat,tags\n2022-02-03,One,1,2,\n2022-02-03,Two,,,\n2022-02-03,Kept,1,2,restricted\n"
    )
    invoke("import", table)
    done = invoke("export", "-o", tmp_path / "out.fgb")
    assert f"1 events in {tmp_path / 'out.fgb'}" in done.stderr
    assert "left out: 1 event whose source's terms do not allow passing on" in done.stderr
    assert "left out: 1 event without a place" in done.stderr
    invoke("export", "-o", tmp_path / "out.kml", "--areas", "circle", "--generalise", "10")
    assert "<Polygon>" in (tmp_path / "out.kml").read_text(encoding="utf-8")
    assert invoke("export", "-o", tmp_path / "out.doc").exit_code == 2
    assert "Excel workbook" in invoke("export", "--list").stdout


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--near", "30.5,50.4,10"], ["Blast"]),
        (["--polygon", "30,50,31,50,31,51,30,51"], ["Blast"]),
        (["--source", "Paper, One", "--source", "Two"], ["Blast", "March"]),
        (["--actor", "riot pol"], ["March"]),
        (["--fatalities", "3"], ["Blast"]),
        (["--datetime", "2022-02", "--surely"], ["Blast"]),
        (["--datetime", "2022-02"], ["Blast", "March"]),
        (["-q", "blas"], ["Blast"]),
        (["--country", "UA"], []),
    ],
)
def test_export_by_every_filter(invoke: Invoke, tmp_path: Path, options: list[str], titles: list[str]) -> None:
    def event(title: str, lon: float, end: str, source: str, actor: str, deaths: int) -> dict[str, object]:
        told = {"title": title, "event_type": "Riots", "start": "2022-02-03", "end": end, "source_publisher": source}
        properties = {**told, "actors": [actor], "fatalities_best": deaths}
        geometry = {"type": "Point", "coordinates": [lon, 50.4]}
        return {"type": "Feature", "id": title, "geometry": geometry, "properties": properties}

    made = [event("Blast", 30.5, "2022-02-03", "Paper, One", "Army", 3)]
    made.append(event("March", 35.0, "2022-03-03", "Two", "Riot police", 0))
    file = tmp_path / "events.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")
    assert invoke("import", file).exit_code == 0
    for form in ("geojson", "csv"):
        result = invoke("export", "--format", form, *options)
        assert result.exit_code == 0, result.stderr
        if form == "geojson":
            found = [feature["properties"]["title"] for feature in json.loads(result.stdout)["features"]]
        else:
            found = [row["title"] for row in csv.DictReader(io.StringIO(result.stdout))]
        assert sorted(found) == titles


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("picture.png", b"\x89PNG\r\n\x1a\n00", 2, "picture.png is not text (it looks like a PNG image)"),
        ("empty.txt", b"", 2, "empty.txt is empty"),
        ("big.txt", b"word " * 101_000, 2, "505,000 characters; accepted: at most 500,000"),
        ("huge.txt", b"word " * 1_700_000, 2, "8,500,000 bytes; accepted: at most 8,000,000"),
        ("bad.geojson", b"{", 2, "is not JSON"),
        ("part.jsonl", b'{"text": "In Kherson."}\n{\n', 1, "part.jsonl, line 2: not JSON"),
        ("rows.csv", b"date,title\n2022-01-01,a\nsoon,b\n", 1, "rows.csv, line 3: date: 'soon' is not a date"),
        (
            "none.geojson",
            b'{"type": "FeatureCollection", "features": []}',
            2,
            "none.geojson holds no feature that could be an event",
        ),
    ],
)
def test_bad_files(invoke: Invoke, tmp_path: Path, name: str, data: bytes, code: int, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    result = invoke("import", path)
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_bad_file_is_named_and_the_others_are_imported(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\r\n\x1a\n00")
    result = invoke("import", tmp_path / "a.txt", tmp_path / "b.txt")
    assert result.exit_code == 1
    assert "b.txt is not text" in result.stderr
    assert json.loads(invoke("export").stdout)["features"] != []


def test_where_every_file_is_bad_nothing_is_imported(invoke: Invoke, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n00")
    result = invoke("import", tmp_path / "a.txt", tmp_path / "b.txt")
    assert result.exit_code == 2
    assert "a.txt is not text" in result.stderr
    assert "b.txt is not text" in result.stderr
    assert json.loads(invoke("export").stdout)["features"] == []


def test_a_folder_gives_its_files(invoke: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("In Kherson.", encoding="utf-8")
    (folder / "deep" / "b.md").write_text("In Bucha.", encoding="utf-8")
    (folder / "c.png").write_bytes(b"\x89PNG")
    assert invoke("import", folder).stdout.startswith("2 events, 2 stories")
    empty = tmp_path / "none"
    empty.mkdir()
    assert invoke("import", empty).exit_code == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["export", "--bbox", "1,2"], "has 2 numbers"),
        (["export", "--datetime", "2022-02-30"], "in no calendar"),
        (["export", "--type", "Picnics"], "accepted: Battles"),
        (["export", "--near", "30,50"], "accepted: lon,lat,km"),
        (["export", "--polygon", "30,50,31"], "an odd one"),
        (["export", "--admin1", "Kyiv"], "without its country"),
        (["export", "--fatalities", "-3"], "a whole number"),
        (["export", "--format", "docx"], "accepted: geojson, csv"),
        (["export", "-o", "/nowhere/at/all.geojson"], "cannot be written"),
        (["import", "/nowhere/at/all.txt"], "does not exist"),
        (["import"], "Missing argument"),
        (["dance"], "No such command"),
        (["serve", "--port", "99999"], "not in the range"),
    ],
)
def test_misuse_exits_with_2(invoke: Invoke, args: list[str], words: str) -> None:
    result = invoke(*args)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_missing_gazetteer_exits_with_1_and_says_what_makes_it(invoke: Invoke) -> None:
    result = invoke("gazetteer", "info")
    assert result.exit_code == 1
    assert "make setup" in result.stderr


def test_settings_are_all_listed(invoke: Invoke) -> None:
    shown = invoke("settings").stdout
    assert all(f"DATELINE_{name.upper()}=" in shown for name in Settings.__dataclass_fields__)


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found += commands(command, (*prefix, name)) if isinstance(command, click.Group) else [(*prefix, name)]
    return found


@pytest.mark.parametrize("command", commands(cli), ids=" ".join)
def test_every_command_has_help_with_an_example(invoke: Invoke, command: tuple[str, ...]) -> None:
    shown = invoke(*command, "--help").stdout
    assert "Example:" in shown
    assert f"{command[-1]}" in shown.partition("Example:")[2]


def test_rows_with_problems_set_the_exit_code() -> None:
    run = Run()
    run.report("a.csv", 3, "bad")
    with pytest.raises(click.exceptions.Exit) as caught:
        run.finish()
    assert caught.value.exit_code == 1


# The rest runs `python -m geodata` itself.


def command(tmp_path: Path, *args: str) -> list[str]:
    return [sys.executable, "-m", "geodata", "--data", str(tmp_path / "data"), *args]


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return {**kept, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


def store_of(tmp_path: Path, rows: int) -> None:
    table = tmp_path / "rows.csv"
    lines = [f"2022-02-03,Подія {n},Riots,{n % 90},{1 + n % 44}" for n in range(rows)]
    table.write_text("\n".join(["date,title,type,lon,lat", *lines]), encoding="utf-8")
    done = subprocess.run(
        command(tmp_path, "import", str(table)), cwd=ROOT, env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    store_of(tmp_path, 2)
    done = subprocess.run(command(tmp_path, "export"), cwd=ROOT, env=environment(), capture_output=True, check=False)
    assert "Подія 1" in done.stdout.decode("utf-8")
    assert done.stderr == b""  # no progress where nobody watches


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    store_of(tmp_path, 3000)
    with subprocess.Popen(
        command(tmp_path, "export"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


def test_serve_answers_says_where_and_stops_when_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        command(tmp_path, "serve", "--port", "0"),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        said = process.stdout.readline().decode().strip()
        try:
            assert said.startswith("Dateline is at http://127.0.0.1:"), process.stderr.read().decode()
            with urllib.request.urlopen(f"{said.removeprefix('Dateline is at ')}/collections/events/items") as answer:
                assert json.load(answer)["numberMatched"] == 0
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert b"Traceback" not in process.stderr.read()


def test_a_port_in_use_names_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            command(tmp_path, "serve", "--port", str(port)),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr.decode()
    assert "PORT=" in done.stderr.decode()


def test_choices_are_added_listed_removed_and_taken_back(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(DatelineWorkspace, "gazetteer", property(lambda self: FakeGazetteer()))
    empty = invoke("choices", "list")
    assert (empty.exit_code, empty.stdout, empty.stderr) == (0, "", "nothing was chosen yet\n")
    assert not (tmp_path / "data" / "dateline.sqlite").exists()
    added = invoke("choices", "add", "Bucha", "t:bucha")
    assert (added.exit_code, added.stdout.split(maxsplit=1)[1]) == (
        0,
        "Bucha = Bucha, Kyiv, UA  30.2000 50.5000  t:bucha\n",
    )
    choice_id = added.stdout.split()[0]
    area = invoke("choices", "add", "Bucha", "t:bucha", "--level", "2")
    assert "second level area Bucha = " in area.stdout
    refused = invoke("choices", "remove", "bucha")
    assert (refused.exit_code, "2 choices are called 'bucha'" in refused.stderr) == (2, True)
    assert invoke("choices", "remove", choice_id).exit_code == 0
    assert [line.split()[0] for line in invoke("choices", "list").stdout.splitlines()] == [area.stdout.split()[0]]
    assert invoke("choices", "undo", choice_id).stdout.startswith(f"{choice_id}  Bucha = ")
    assert len(invoke("choices", "list").stdout.splitlines()) == 2
    assert invoke("choices", "remove", "Nowhere").exit_code == 2
    assert invoke("choices", "add", "Bucha", "t:none").exit_code == 1
    assert invoke("choices", "undo", "none").exit_code == 1
