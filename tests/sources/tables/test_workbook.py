"""Workbooks: typed cells, formulas, merged cells, several sheets, and files made to harm."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from geodata.contracts.tables import ColumnMapping, NeedsAnswer
from geodata.errors import UsageError
from geodata.sources import format_of
from geodata.sources.tables import workbook_rows

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="S">
<table:table-row><table:table-cell office:value-type="string"><text:p>Title</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Date</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Fire</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2022-05-06"><text:p>06/05/22</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def incidents(path: Path, more_sheets: bool = False) -> Path:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("Incidents")
    sheet.merge_range("A1:E1", "Incidents of May")
    for column, name in enumerate(("Date", "Place", "Lat", "Lon", "Title", "Deaths")):
        sheet.write(1, column, name)
    for row in (2, 3):
        sheet.write_datetime(row, 0, datetime(2022, 5, row), day)
        sheet.write(row, 2, 46.6)
        sheet.write(row, 3, 32.6)
        sheet.write(row, 4, f"Shelling {row}")
    sheet.merge_range("B3:B4", "Kherson")
    sheet.write_formula(2, 5, "=1+2", None, 3)
    sheet.write_formula(3, 5, "=F3", None, "")
    notes = book.add_worksheet("Notes")
    notes.write(0, 0, "Compiled by hand")
    if more_sheets:
        notes.write_row(1, 0, ["Title", "Date"])
        notes.write_row(2, 0, ["Flood", "2022-06-01"])
    book.close()
    return path


def test_an_excel_sheet(tmp_path: Path) -> None:
    path = incidents(tmp_path / "i.xlsx")
    assert format_of(path, "no-ending") == "excel"
    source = workbook_rows(path, "i.xlsx")
    rows = list(source.rows())
    assert [row.line for row in rows] == [3, 4]
    events = [row.event for row in rows if row.event]
    assert [str(event.when) for event in events] == ["2022-05-02", "2022-05-03"]
    assert [event.place and event.place.name for event in events] == ["Kherson", "Kherson"]
    assert [event.fatalities and event.fatalities.best for event in events] == [3, None]
    told = " ".join(source.notes)
    for words in ("sheet 'Incidents' was read, and not 'Notes'", "above the header", "merged cells: 2", "formulas: 2;"):
        assert words in told
    assert "formulas without a value in the file: 1" in told


def test_which_of_several_sheets_is_asked(tmp_path: Path) -> None:
    path = incidents(tmp_path / "i.xlsx", more_sheets=True)
    source = workbook_rows(path, "i.xlsx")
    (question,) = source.questions
    assert [option.value for option in question.options] == ["Incidents", "Notes"]
    with pytest.raises(NeedsAnswer, match=r"--sheet Incidents .*--sheet Notes "):
        source.rows()
    (row,) = workbook_rows(path, "i.xlsx", ColumnMapping(sheet="Notes")).rows()
    assert row.event
    assert (row.line, row.event.title) == (3, "Flood")
    with pytest.raises(UsageError, match="it has Incidents, Notes"):
        workbook_rows(path, "i.xlsx", ColumnMapping(sheet="Other"))


def test_an_opendocument_sheet(tmp_path: Path) -> None:
    path = tmp_path / "s.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", KIND)
        archive.writestr("content.xml", ODS.replace("\n", " ").replace("> <", "><"))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/></manifest:manifest>',
        )
    assert format_of(path) == "excel"
    (row,) = workbook_rows(path, "s.ods").rows()
    assert row.event
    assert (row.event.title, str(row.event.when)) == ("Fire", "2022-05-06")


def bomb(path: Path) -> None:
    """A tenth of a megabyte that unpacks to eighty."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(80):
                part.write(b" " * 1_000_000)


def wide(path: Path) -> None:
    """Two cells in the farthest corners of a sheet: 17 thousand million cells, if all are laid out."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "title")
    sheet.write(1_048_575, 16_383, "far")
    book.close()


def damaged(path: Path) -> None:
    path.write_bytes(incidents(path).read_bytes()[:-700])


def other(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "no workbook")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (bomb, "unpacks to more than"),
        (wide, "too large to be unpacked"),
        (damaged, "damaged|cannot be read as a workbook"),
        (other, "cannot be read as a workbook"),
    ],
)
def test_workbooks_that_are_none(tmp_path: Path, make, message: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "bad.xlsx"
    make(path)
    with pytest.raises(UsageError, match=message):
        list(workbook_rows(path, "bad.xlsx").rows())
