"""Rows of a receipt, mended and sent again: they change the events that they were, and double or undo nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from geodata.contracts.loading import ImportReceipt
from geodata.jobs.tables import TableFile, TableImport, TableResult
from geodata.model import Event, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.sources import ROW_IMPORTERS, format_of
from geodata.sources.formats.records import RECEIPT_COLUMNS
from geodata.sources.tables.receipt import lines_of
from tests.jobs.small_workspace import TrickyWorkspace

HXL = (
    "When,Where,Lat,Lon,Dead\n#date,#loc,#geo+lat,#geo+lon,#affected+killed\n"
    "2022-11-11,Kherson,46.6,32.6,5\n2022-02-30,Odesa,46.4,30.7,2\n"
)
VIINA = "date,longitude,latitude,geonameid,asciiname,text,t_mil_b\n20220230,32.6,46.6,1,Kherson,Shells hit a market,1\n"
PLAIN = "date,title,lat,lon\n2022-11-11,Flood,46.6,32.6\n2022-02-30,Fire,46.6,32.6\n"
JOINED = (
    "id,date,title,lat,lon,url\na,2022-02-27,Fire,46.6,32.6,https://e.org/1\n"
    "a,2022-02-27,Fire,46.6,32.6,https://e.org/2\na,2022-02-30,Fire,46.6,32.6,https://e.org/3\n"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[TrickyWorkspace]:
    made = TrickyWorkspace(Settings(data=tmp_path / "data", workers=1))
    yield made
    made.close()


def load(workspace: TrickyWorkspace, path: Path) -> TableResult:
    return TableImport(workspace, TableFile(path, path.name, format_of(path))).run()


def events(workspace: TrickyWorkspace) -> list[Event]:
    return list(workspace.store.find(EventQuery(statuses=tuple(Status))))


def counts(receipt: ImportReceipt) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "kept", "merged", "rejected")
    return {name: getattr(receipt, name) for name in names if getattr(receipt, name)}


@pytest.mark.parametrize(
    ("name", "text", "bad", "good"),
    [
        ("hxl.csv", HXL, "2022-02-30", "2022-02-28"),
        ("viina.csv", VIINA, "20220230", "20220228"),
        ("plain.csv", PLAIN, "2022-02-30", "2022-02-28"),
    ],
)
def test_a_mended_row_without_an_id_is_the_event_it_was(
    workspace: TrickyWorkspace, tmp_path: Path, name: str, text: str, bad: str, good: str
) -> None:
    table = tmp_path / name
    table.write_text(text)
    result = load(workspace, table)
    before = {event.event_id for event in events(workspace)}
    again = tmp_path / "again.csv"
    again.write_bytes(b"".join(lines_of(result.receipt_file, to_mend=True)).replace(bad.encode(), good.encode()))
    assert counts(load(workspace, again).receipt) == {"changed": 1}
    assert {event.event_id for event in events(workspace)} == before
    assert "2022-02-28" in {str(event.when) for event in events(workspace)}
    assert counts(load(workspace, again).receipt) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("mend", "expected", "sources"),
    [
        (("2022-02-30", "2022-02-30"), {"unchanged": 1, "merged": 1}, 3),
        (("/3", "/4"), {"unchanged": 1, "merged": 1}, 4),
        (("a,2022-02-30", "b,2022-02-28"), {"added": 1, "unchanged": 1}, 3),
    ],
)
def test_joined_rows_sent_again_without_the_first(
    workspace: TrickyWorkspace, tmp_path: Path, mend: tuple[str, str], expected: dict[str, int], sources: int
) -> None:
    """Before, the first of them took the place of the event, whose other sources were lost."""
    table = tmp_path / "t.csv"
    table.write_text(JOINED)
    result = load(workspace, table)
    again = tmp_path / "again.csv"
    again.write_text(b"".join(lines_of(result.receipt_file, to_mend=True)).decode().replace(*mend))
    assert counts(load(workspace, again).receipt) == expected
    first = next(event for event in events(workspace) if event.event_id == "a")
    assert (len(first.sources), str(first.when)) == (sources, "2022-02-27")


def test_a_receipt_of_a_known_table_saved_as_a_workbook(tmp_path: Path) -> None:
    """As a person who mends it in Excel may well do."""
    columns = [*RECEIPT_COLUMNS, *VIINA.split("\n")[0].split(",")]
    cells = [2, "added", "date", "x", "viina-old", "20220228", 32.6, 46.6, 1, "Kherson", "Shells hit a market", 1]
    book = xlsxwriter.Workbook(str(tmp_path / "mended.xlsx"))
    sheet = book.add_worksheet()
    for number, values in enumerate((["# receipt of ged.csv"], columns, cells)):
        sheet.write_row(number, 0, values)
    book.close()
    (row,) = ROW_IMPORTERS["excel"](tmp_path / "mended.xlsx", "mended.xlsx", None).rows()
    assert row.event
    assert (row.line, row.event.event_id, str(row.event.when)) == (2, "viina-old", "2022-02-28")
