"""Tables by the command line: mapping, questions, trial, presets, receipt, the list of imports, and undo."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geodata.cli import cli

TABLE = "Tag;Ort;Breite;Laenge;Was\n03/04/2022;Kherson;46,63;32,61;Shells hit a market\n;;;;\n;;99;x;\n"
COLUMNS = (
    "--map",
    "start=Tag",
    "--map",
    "place=Ort",
    "--map",
    "lat=Breite",
    "--map",
    "lon=Laenge",
    "--map",
    "title=Was",
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "may.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(tmp_path: Path, *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), *map(str, arguments)])


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), "(answer with --date-order dmy for day, month, year = 03/04/2022: 3 April 2022, or --date-order mdy"),
        (("--answer", "date_order=first"), "accepted: ymd dmy mdy"),
        (("--answer", "colour=red"), "no question is called 'colour'"),
        (("--map", "start"), "is not FIELD=COLUMN"),
        (("--map", "start=Gone"), "no column 'Gone'"),
        (("--preset", "None such"), "no preset is called 'None such'"),
        (("--date-order", "dmy", "--all-or-nothing"), "1 row would be rejected; nothing was imported"),
    ],
)
def test_what_is_not_answered_is_not_imported(tmp_path: Path, table: Path, more: tuple[str, ...], message: str) -> None:
    done = run(tmp_path, "import", table, *COLUMNS, *more)
    assert done.exit_code in (1, 2)
    assert message in done.output
    assert not run(tmp_path, "imports").stdout


def test_from_a_trial_to_an_undo(tmp_path: Path, table: Path) -> None:
    said = (*COLUMNS, "--date-order", "dmy")
    trial = run(tmp_path, "import", table, *said, "--dry-run")
    assert "2 rows: 1 added, 1 rejected" in trial.output
    assert "a trial: nothing was changed" in trial.output
    assert not run(tmp_path, "imports").stdout
    receipt = tmp_path / "receipt.csv"
    done = run(tmp_path, "import", table, *said, "--save-preset", "German", "--receipt", receipt)
    assert done.exit_code == 1  # a row was bad
    assert "may.csv, line 4: says neither what, when nor where" in done.output
    rows = list(csv.reader(receipt.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[:2] for row in rows[-2:]] == [["2", "added"], ["4", "rejected"]]
    again = run(tmp_path, "import", table)
    assert "as in the preset 'German'" in again.output
    assert "1 unchanged" in again.output
    (line,) = run(tmp_path, "imports").stdout.splitlines()
    assert "may.csv (csv): 1 added, 1 rejected" in line
    undone = run(tmp_path, "undo", line.split()[0])
    assert "1 events removed" in undone.output
    assert "taken back" in run(tmp_path, "imports").stdout
    assert run(tmp_path, "undo", line.split()[0]).exit_code == 2
