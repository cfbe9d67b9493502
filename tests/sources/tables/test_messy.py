"""Tables as people keep them: sums below, no header, days as numbers, quotation marks left open."""

from pathlib import Path

import pytest

from geodata.contracts.loading import ImportReceipt, Outcome
from geodata.contracts.tables import Row
from geodata.errors import UsageError
from geodata.sources.tables import delimited_rows
from geodata.sources.tables.receipt import ReceiptFile
from geodata.sources.tables.source import TableSource


@pytest.fixture
def table(tmp_path: Path):  # type: ignore[no-untyped-def]
    def made(content: str) -> TableSource:
        path = tmp_path / "t.csv"
        path.write_bytes(content.encode())
        return delimited_rows(path, "t.csv")

    return made


def one(source: TableSource) -> Row:
    (row,) = source.rows()
    return row


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Datum;Ort;Breitengrad;Längengrad;Beschreibung;Tote", "01.03.2022;Kherson;46,63;32,61;Beschuss;3"),
        ("Data;Miejscowość;Szerokość;Długość geograficzna;Opis;Ofiary", "01.03.2022;Kherson;46,63;32,61;Ostrzał;3"),
        ("Data,Cidade,Latitude,Longitude,Descrição,Mortos", "2022-03-01,Kherson,46.63,32.61,Ataque,3"),
        ("Data,Luogo,Latitudine,Longitudine,Descrizione,Morti", "2022-03-01,Kherson,46.63,32.61,Attacco,3"),
        ("Tarih,Yer,Enlem,Boylam,Açıklama,Ölü sayısı", "2022-03-01,Kherson,46.63,32.61,Saldırı,3"),
    ],
)
def test_columns_in_further_languages(table, header: str, cells: str) -> None:  # type: ignore[no-untyped-def]
    event = one(table(f"{header}\n{cells}\n")).event
    assert event
    assert event.place
    assert event.fatalities
    assert (str(event.when), event.place.name, event.place.lon, event.place.lat, event.fatalities.best) == (
        "2022-03-01", "Kherson", 32.61, 46.63, 3,
    )  # fmt: skip
    assert event.quote


@pytest.mark.parametrize("cell", ["46,63", "12,5", "1,200"])
def test_numbers_with_a_comma_are_no_positions_unless_so_called(table, cell: str) -> None:  # type: ignore[no-untyped-def]
    event = one(table(f"date;sum\n2022-03-01;{cell}\n")).event
    assert event
    assert (event.place, event.properties["sum"]) == (None, cell)


def test_days_as_a_spreadsheet_counts_them(table) -> None:  # type: ignore[no-untyped-def]
    source = table("date,title,postcode\n44877,A,73000\n44878.5,B,73001\nunknown,C,73002\n")
    assert [str(row.event.when) for row in source.rows()] == ["2022-11-12", "2022-11-13", "None"]
    assert source.mapping.columns["start"] == ("date",)
    assert "44877 in line 2 is 2022-11-12" in source.notes[0]


def test_numbers_that_nothing_calls_dates_are_none(table) -> None:  # type: ignore[no-untyped-def]
    assert "start" not in table("title,postcode\nA,44877\nB,44878\n").mapping.columns


def test_a_column_that_is_called_a_date_and_holds_none_is_told(table) -> None:  # type: ignore[no-untyped-def]
    source = table("date,title\n1668600000,A\n1668600001,B\n")
    assert source.notes == ("t.csv: column 'date' was not read as dates: it holds such as '1668600000'",)


@pytest.mark.parametrize("sums", [",Total,1217", "Summe:,,1217", ",ВСЬОГО,12"])
def test_a_row_of_sums_is_no_event(table, sums: str) -> None:  # type: ignore[no-untyped-def]
    good, bad = table(f"date,place,killed\n2022-11-11,Kherson,5\n{sums}\n").rows()
    assert good.event
    assert bad.event is None
    assert "looks like a row of sums" in bad.problems[0].message


def test_an_event_may_be_called_as_sums_are(table) -> None:  # type: ignore[no-untyped-def]
    assert one(table("date,title\n2022-11-11,Total\n")).event


def test_a_table_without_a_header_keeps_its_first_event(table) -> None:  # type: ignore[no-untyped-def]
    source = table("2022-11-11,Kherson,A shell fell on the house at the corner of the street\n2022-11-12,Odesa,Rain\n")
    rows = list(source.rows())
    assert source.columns == ("column 1", "column 2", "column 3")
    assert [(row.line, str(row.event.when)) for row in rows if row.event] == [(1, "2022-11-11"), (2, "2022-11-12")]
    assert "there is no header" in source.notes[0]


@pytest.mark.parametrize("header", ["when,what,2021,2022", "when,what", "start,1.5,note"])
def test_a_header_with_numbers_in_it_is_one(table, header: str) -> None:  # type: ignore[no-untyped-def]
    assert table(f"{header}\n2022-11-11,A fire,3,4\n").columns[0] == header.partition(",")[0]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line(table, end: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=r"t\.csv, line 3: a quotation mark opens in this row and is never closed"):
        list(table(f'date,title,place\n2022-11-11,A,X\n2022-11-12,"B,Y\n2022-11-13,C,Z{end}').rows())


def test_a_quotation_mark_closed_by_that_of_a_later_row(table) -> None:  # type: ignore[no-untyped-def]
    content = 'date,place,title\n2022-11-11,X,"never closed\n2022-11-12,Y,B\n2022-11-13,Z,"closed"\n2022-11-14,W,D\n'
    bad, good = table(content).rows()
    assert (bad.line, bad.event, bad.problems[0].column) == (2, None, "title")
    assert "holds rows of the table" in bad.problems[0].message
    assert good.line == 5


def test_text_of_several_lines_is_one_cell(table) -> None:  # type: ignore[no-untyped-def]
    event = one(table('date,place,title\n2022-11-11,X,"one, two, three\nand, then, 2022-11-12"\n')).event
    assert event
    assert event.title == "one, two, three\nand, then, 2022-11-12"


@pytest.mark.parametrize("cells", ["0,0", "0.0,0.000"])
def test_nought_nought_is_no_position(table, cells: str) -> None:  # type: ignore[no-untyped-def]
    row = one(table(f"date,lat,lon,place\n2022-11-11,{cells},Kherson\n"))
    assert row.event
    assert row.event.place is None
    assert row.event.properties == {"place": "Kherson", "position_as_given": "0, 0"}
    assert "stands for 'not known'" in row.changes[0].message


def test_a_link_in_the_column_of_sources_is_a_link(table) -> None:  # type: ignore[no-untyped-def]
    first, second = table("date,title,source\n2022-11-11,A,https://example.org/a\n2022-11-12,B,The Daily\n").rows()
    assert first.event.sources[0].url == "https://example.org/a"
    assert second.event.sources[0].publisher == "The Daily"


def test_one_nul_in_a_short_file_is_told_in_its_row(table) -> None:  # type: ignore[no-untyped-def]
    bad, good = table("date,place,title\n2022-11-11,Kher\0son,A\n2022-11-12,Odesa,B\n").rows()
    assert bad.event.properties["place"] == "Kherson"
    assert bad.changes[0].column == "place"
    assert good.changes == ()


def test_a_mended_row_of_a_receipt_is_the_same_event(table, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Its table has no ids, so that a mended row would be another event, and the bad one stay."""
    source = table("date,title\nsoon,A\n2022-11-12,B\n,\n-,-\n")
    written = ReceiptFile(source.columns)
    rows = list(source.rows())
    for row in rows:
        written(row, Outcome.ADDED if row.event else Outcome.REJECTED)
    written.write(tmp_path / "r.csv", "t.csv", ImportReceipt("i", len(rows), added=2))
    mended, *_ = delimited_rows(tmp_path / "r.csv", "r.csv").rows()
    text = (tmp_path / "r.csv").read_text(encoding="utf-8").replace(",soon,", ",2022-11-11,")
    (tmp_path / "m.csv").write_text(text, encoding="utf-8")
    mended, *_ = delimited_rows(tmp_path / "m.csv", "m.csv").rows()
    assert mended.event.event_id == rows[0].event.event_id
    assert (mended.line, str(mended.event.when), mended.event.properties) == (2, "2022-11-11", {})


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("Обрив лінії".encode().decode("cp1252"), "Обрив лінії", "taken as 'Обрив лінії'"),
        ("Café à Köln".encode().decode("cp1252"), "Café à Köln", "taken as 'Café"),
        ("Ð\ufffdÐ±Ñ\ufffd", "Ð\ufffdÐ±Ñ\ufffd", "looks like text read in a wrong encoding"),
        ("Ñandú à la Õ", "Ñandú à la Õ", ""),
        ("Обстріл", "Обстріл", ""),
    ],
)
def test_text_that_was_read_in_a_wrong_encoding_is_told(table, wrong: str, right: str, said: str) -> None:  # type: ignore[no-untyped-def]
    row = one(table(f"date,title\n2022-11-11,{wrong}\n"))
    assert row.event
    assert row.event.title == right
    assert [(remark.column, said in remark.message) for remark in row.changes] == [("title", True)] * bool(said)
