"""`geocode` and `toponyms` with tables and texts as people send them, and with several processes."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result

from geodata.cli import several
from geodata.errors import GeodataError, UsageError
from geodata.geocode.build import write_gazetteer
from geodata.settings import Settings
from tests.geocode.conftest import small_records
from tests.test_cli import Invoke, invoke

__all__ = ["invoke"]
HOME = Path(__file__).parent.parent


def answers(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize(
    ("table", "names", "told"),
    [
        ("\ufeffid,place\n1,Kherson\n", ["Kherson"], ""),
        ("ID, Place \n1,Kherson\n", ["Kherson"], ""),
        ("id,place\r\n1,Kherson\r\n\r\n2,Bucha\r\n", ["Kherson", "Bucha"], ""),
        ("id,place,admin1\n1,Kherson\n", ["Kherson"], "line 2: 2 of 3 cells; those missing are taken as empty"),
        ("id,place\n1,Kherson,x\n", ["Kherson"], "line 2: more cells than the header"),
        ("id,place\n1,Kherson\n1,Bucha\n", ["Kherson", "Bucha"], "line 3: the id '1' comes again"),
        ('id,place\n1,Kherson\n2,"Bucha\n3,Kherson\n', ["Kherson"], "unexpected end of data"),
        ('id,place\n1,"Kherson"x\n2,Bucha\n', ["Bucha"], "line 2: "),
        (",".join(["id", "place", *(f"c{n}" for n in range(50))]) + "\n1,Kherson" + ",x" * 50, ["Kherson"], ""),
        ("id,place\n1," + "x" * 10_000 + "\n2,Bucha\n", ["", "Bucha"], ""),
        ("id,place\n1," + "x" * 200_000 + "\n2,Bucha\n", ["Bucha"], "field larger than field limit"),
        ("id,place\n1,Kher\x07son\n2,\x00\n", ["", ""], ""),
    ],
)
def test_tables_as_people_send_them(invoke: Invoke, table: str, names: list[str], told: str) -> None:
    result = invoke("geocode", stdin=table)
    assert [row["name"] for row in answers(result)] == names
    assert told in result.stderr
    assert result.stderr or not told
    assert "Traceback" not in result.stderr


def test_latin_1_is_read_and_told_once(invoke: Invoke) -> None:
    result = invoke("geocode", stdin="id,place\n1,Málaga\n2,Bärnö\n3,Kherson\n".encode("latin-1"))
    assert result.exit_code == 0
    assert [row["id"] for row in answers(result)] == ["1", "2", "3"]
    assert result.stderr.count("Windows-1252") == 1
    assert "line 2: not UTF-8" in result.stderr


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("id,place\n1,Kyiv\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04\x00\x00\n", "no text"),
        (b"id,place,place\n1,a,b\n", "place more than once"),
        (b"id;place\n1;Kyiv\n", "lacks the columns id, place"),
        (b'"id,place\n1,Kyiv\n', "line 1: "),
    ],
)
def test_what_is_no_table_of_places_is_refused(invoke: Invoke, table: bytes, why: str) -> None:
    result = invoke("geocode", stdin=table)
    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr


def test_many_ids_again_are_told_a_few_times(invoke: Invoke) -> None:
    result = invoke("geocode", stdin="id,place\n" + "1,Kherson\n" * 50)
    assert len(answers(result)) == 50
    assert result.stderr.count("comes again") == 5


def doubled(_workspace: object, batch: Sequence[int]) -> list[int]:
    return [2 * number for number in batch]


def dying(_workspace: object, batch: Sequence[int]) -> list[int]:
    if 30 in batch:
        os._exit(9)
    return list(batch)


def refusing(_workspace: object, batch: Sequence[int]) -> list[int]:
    raise UsageError(f"not {batch[0]}")


def test_answers_come_in_order_and_few_are_read_ahead(tmp_path: Path) -> None:
    read: list[int] = []

    def numbers() -> "list[int]":
        for number in range(100):
            read.append(number)
            yield number  # type: ignore[misc]

    found = several.in_processes(numbers(), doubled, Settings(data=tmp_path), 2, 5)
    assert next(found) == 0
    assert len(read) <= 25  # two processes, two batches of five each, and one taken
    assert list(found) == [2 * number for number in range(1, 100)]


def test_a_process_that_dies_is_told_with_how_far_it_came(tmp_path: Path) -> None:
    found = several.in_processes(range(100), dying, Settings(data=tmp_path), 2, 10)
    with pytest.raises(GeodataError, match=r"one of the 2 processes ended .* answers were written"):
        list(found)


def test_an_error_in_a_process_is_the_commands_own(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not 0"):
        list(several.in_processes(range(100), refusing, Settings(data=tmp_path), 2, 10))


@pytest.mark.parametrize(("asked", "size", "expected"), [(3, 10, 3), (0, 10, 1), (0, 2_000, 5)])
def test_a_big_file_gets_several(tmp_path: Path, asked: int, size: int, expected: int) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * size)
    with path.open("rb") as source:
        assert several.processes(asked, Settings(workers=5), source, 1_000) == expected
    assert several.processes(asked, Settings(workers=5), io.BytesIO(b"x" * size), 1_000) == (asked or 1)


def run(data: Path, *command: str, stdin: str) -> str:
    settings = {**os.environ, "DATELINE_DATA": str(data)}
    asked = [sys.executable, "-m", "geodata", *command]
    return subprocess.run(
        asked, env=settings, cwd=HOME, input=stdin, capture_output=True, text=True, check=True, timeout=300
    ).stdout


def test_two_processes_answer_as_one_does(tmp_path: Path) -> None:
    write_gazetteer(tmp_path / "gazetteer.sqlite", small_records(), "test")
    names = ["Kherson", "Melitopol", "Nowhere At All", "Bakhmut", ""] * 500
    table = "id,place,country\n" + "".join(f"{n},{name},Ukraine\n" for n, name in enumerate(names))
    one = run(tmp_path, "geocode", "--jobs", "1", stdin=table)
    assert one.count("\n") == 2_501
    assert run(tmp_path, "geocode", "--jobs", "2", stdin=table) == one


def test_two_processes_find_the_same_toponyms(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    write_gazetteer(tmp_path / "gazetteer.sqlite", small_records(), "test")
    texts = "".join(
        json.dumps({"doc_id": n, "text": f"On day {n} shells fell on the city of Kherson."}) + "\n" for n in range(40)
    )
    one = run(tmp_path, "toponyms", "--jobs", "1", stdin=texts)
    assert one.count("\n") == 40
    assert run(tmp_path, "toponyms", "--jobs", "2", stdin=texts) == one
