"""Tables as text whose columns are anybody's: what is guessed, what is asked, and what becomes of bad rows."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest

from geodata.contracts.loading import ImportReceipt, Outcome
from geodata.contracts.tables import ColumnMapping, NeedsAnswer, Row
from geodata.errors import NotFound, UsageError
from geodata.sources.tables import delimited_rows
from geodata.sources.tables.presets import PresetBook
from geodata.sources.tables.receipt import ReceiptFile, lines_of
from geodata.sources.tables.source import TableSource


@pytest.fixture
def table(tmp_path: Path):  # type: ignore[no-untyped-def]
    def made(content: str | bytes, mapping: ColumnMapping | None = None, name: str = "t.csv") -> TableSource:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return delimited_rows(path, name, mapping)

    return made


def one(source: TableSource) -> Row:
    (row,) = source.rows()
    return row


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Fecha;Ciudad;Latitud;Longitud;Descripción", "2022-03-01;Lima;-12,05;-77,04;Un incendio", "Lima"),
        ("Дата;Місто;Широта;Довгота;Опис", "01.03.2022;Херсон;46,63;32,61;Обстріл", "Херсон"),
        ("Дата;Город;Широта;Долгота;Описание", "01.03.2022;Херсон;46,63;32,61;Обстрел", "Херсон"),
        ("Date;Ville;Latitude;Longitude;Titre", "1 mars 2022;Lyon;45,76;4,84;Incendie", "Lyon"),
        ("التاريخ;المدينة;خط العرض;خط الطول;الوصف", "2022-03-01;حلب;36.2;37.15;قصف", "حلب"),
    ],
)
def test_headers_in_other_languages(table, header: str, cells: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    event = one(table(f"{header}\n{cells}\n")).event
    assert event
    assert str(event.when) == "2022-03-01"
    assert event.place
    assert event.place.name == expected
    assert event.title or event.quote


@pytest.mark.parametrize(
    ("header", "cells", "field", "columns"),
    [
        (
            "happened,who saw it",
            "12 May 2022,A man who was waiting for the bus at the corner saw it",
            "start",
            ("happened",),
        ),
        ("title,a,b", "Fire,48°27'N,35°03'E", "lat", ("a",)),
        ("title,spot", 'Fire,"48.45, 35.05"', "position", ("spot",)),
        ("title,read at", "Fire,https://example.org/1", "source_url", ("read at",)),
        ("title,time,when it was", "Fire,14:30,2022-05-06", "start", ("when it was",)),
        ("title,year,month,day", "Fire,2022,5,6", "start", ("year", "month", "day")),
        ("title,nation?", "Fire,Ukraine", "country", ("nation?",)),
    ],
)
def test_columns_are_known_by_what_they_hold(
    table, header: str, cells: str, field: str, columns: tuple[str, ...]
) -> None:  # type: ignore[no-untyped-def]
    assert table(f"{header}\n{cells}\n").mapping.columns[field] == columns


def test_a_date_in_three_columns(table) -> None:  # type: ignore[no-untyped-def]
    event = one(table("title,year,month,day\nFire,2022,5,6\n")).event
    assert event
    assert str(event.when) == "2022-05-06"


@pytest.mark.parametrize(
    ("cells", "lon_lat"),
    [
        ("48.5;35.25", (35.25, 48.5)),
        ("48,5;35,25", (35.25, 48.5)),
        ("48°30'N;35°15'00\"E", (35.25, 48.5)),
        ("48 30;35 15", (35.25, 48.5)),
        ("N48.5;W35.25", (-35.25, 48.5)),
        ("48°30'S;35:15:00", (35.25, -48.5)),
        ("35°15'E;48°30'N", (35.25, 48.5)),  # the letters say which is which
        ("NaN;NaN", None),
        ("NULL;", None),
        ("inf;35", None),
        ("48°70'N;35°E", None),
        ("north;east", None),
        ("95;190", None),
    ],
)
def test_coordinates(table, cells: str, lon_lat: tuple[float, float] | None) -> None:  # type: ignore[no-untyped-def]
    mapping = ColumnMapping(crs="EPSG:4326")  # degrees are meant, whatever they hold
    row = one(table(f"title;lat;lon\nFire;{cells}\n", mapping))
    assert row.event
    place = row.event.place
    assert (place and (place.lon, place.lat)) == lon_lat
    if lon_lat is None and "N" not in cells[:2]:
        assert any("kept without a place" in remark.message for remark in row.changes)


@pytest.mark.parametrize(
    ("content", "key", "example"),
    [
        ("title,date\na,3/4/2022\nb,4/5/2022\n", "date_order", "'3/4/2022' (line 2)"),
        ("title,date\na,13/4/2022\nb,4/13/2022\n", "date_order", "mixes day first ('13/4/2022' in line 2)"),
        ("title,lat,lon,country\na,32.6,46.6,Ukraine\nb,36.2,49.9,Ukraine\n", "swap_lon_lat", "32.6"),
        ("title,lat,lon\na,135.5,34.6\nb,139.7,35.6\n", "swap_lon_lat", "135.5"),
        ("title,x,y\na,3634000,6160000\nb,4230000,6200000\n", "crs", "EPSG"),
        ('title,x,y\na,"500,123","610,456"\nb,"500,124","610,457"\n', "decimal", "comma"),
    ],
)
def test_what_could_mean_two_things_is_asked(table, content: str, key: str, example: str) -> None:  # type: ignore[no-untyped-def]
    source = table(content)
    (question, *_) = source.questions
    assert question.key == key
    assert example in question.text
    with pytest.raises(NeedsAnswer, match=f"answer with --{key.replace('_', '-')} "):
        source.rows()
    assert len(source.sample(2)) == 2


@pytest.mark.parametrize(
    ("content", "answers", "expected"),
    [
        ("title,date\na,3/4/2022\n", {"date_order": "mdy"}, "2022-03-04"),
        ("title,date\na,3/4/2022\n", {"date_order": "dmy"}, "2022-04-03"),
        ("title,lat,lon\na,135.5,34.6\n", {"swap_lon_lat": "yes"}, "135.5 34.6"),
        ("title,lat,lon\na,135.5,34.6\n", {"swap_lon_lat": "no"}, "None"),
        ("title,x,y\na,3634000,6160000\n", {"crs": "EPSG:3857"}, "32.6448 48.3185"),
        ("title,x,y\na,3634000,6160000\n", {"crs": "3857"}, "32.6448 48.3185"),
        ("title,easting,northing\na,500000,5500000\n", {"crs": "EPSG:32636"}, "33.0 49.6525"),
        ('title,easting,northing\na,"500,000","5,500,000"\n', {"crs": "EPSG:32636", "decimal": "."}, "33.0 49.6525"),
    ],
)
def test_answers(table, content: str, answers: dict[str, str], expected: str) -> None:  # type: ignore[no-untyped-def]
    event = one(table(content, ColumnMapping().answered(answers))).event
    assert event
    place = event.place
    said = str(event.when) if "date" in content else str(place and f"{round(place.lon, 4)} {round(place.lat, 4):.4f}")
    assert said in (expected, expected.replace("34.6", "34.6000"))


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("title,date\na,13/4/2022\nb,5/4/2022\n", "day, month, year, as '13/4/2022' in line 2 shows"),
        ("title,date\na,13/4/22\n", "years of two digits"),
        ("Incidents of May\ntitle,date\na,2022-05-05\n", "lines above the header were passed over: 1"),
        ("title,date\nВибух у місті,2022-05-05\nОбстріл села,2022-05-06\n".encode("cp1251"), "read as cp1251"),
    ],
)
def test_what_was_decided_is_told(table, content: str | bytes, note: str) -> None:  # type: ignore[no-untyped-def]
    source = table(content)
    assert all(row.event and row.event.when for row in source.rows())
    assert any(note in told for told in source.notes)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("a,2022-02-30,,", "date", "in no calendar"),
        ("a,soon,,", "date", "is not a date"),
        ("a,2022-01-01,x,30", "lat", "not a number of degrees"),
        ("a,2022-01-01,95,30", "lat", "off the map"),
        ("a,2022-01-01,50,", "lon", "longitude is missing"),
        ("a\x00b,2022-01-01,,", "title", "control character"),
        ("a,2022-01-01,,,,,extra", "", "more cells"),
        ("a", "", "the rest is empty"),
        (",,,", "", "says neither what, when nor where"),
    ],
)
def test_bad_rows_are_told_with_line_and_column(table, row: str, column: str, message: str) -> None:  # type: ignore[no-untyped-def]
    source = table(f"title,date,lat,lon,deaths\nGood,2022-01-01,50,30,0\n{row},1 or 2\nLast,2022-01-02,50,30,1\n")
    first, bad, last = source.rows()
    assert (first.line, bad.line, last.line) == (2, 3, 4)
    assert not first.changes
    assert first.event
    told = {remark.column: remark.message for remark in (*bad.problems, *bad.changes)}
    assert any(message in text for name, text in told.items() if name == column), told
    assert bad.cells[: len(row.split(","))] == tuple(row.split(","))[:5] or "extra" in row


def test_mojibake_in_one_cell_costs_that_cell_only(table) -> None:  # type: ignore[no-untyped-def]
    good = "Обстріл,2022-01-01\n".encode() * 8_000  # beyond what the encoding is told from
    rows = list(table(b"title,date\n" + good + b"caf\xe9,2022-01-02\n").rows())
    assert rows[-1].event
    assert rows[-1].event.title == "caf\ufffd"
    assert "no text" in rows[-1].changes[0].message
    assert not rows[0].changes


def test_the_other_way_round_inside_the_country_is_told_row_by_row(table) -> None:  # type: ignore[no-untyped-def]
    good = "".join(f"a{n},{48 + n / 100},35,Ukraine\n" for n in range(40))
    rows = list(table(f"title,lat,lon,country\n{good}b,35.1,48.1,Ukraine\n").rows())
    assert "inside if swapped; taken as it stands" in rows[-1].changes[0].message
    assert not any(row.changes for row in rows[:-1])


def test_numbered_rows_of_two_tables_are_apart_and_ids_of_rows_stay(table) -> None:  # type: ignore[no-untyped-def]
    content = "id,title\n1,Fire\nUA-7,Flood\n"
    ids = [[row.event.event_id for row in table(content, name=name).rows()] for name in ("may.csv", "june.csv")]
    assert ids == [["may-1", "UA-7"], ["june-1", "UA-7"]]
    bare = "title,date\nFire,2022\n"
    again = [one(table(bare, name=name)).event for name in ("may.csv", "june.csv")]
    assert again[0] == again[1]  # told by what it holds: another name of the file is no other row


def test_mapping_said_by_a_person(table) -> None:  # type: ignore[no-untyped-def]
    content = "title,kind,date,reported\nFire,A1,2022-05-05,2022-05-06\n"
    mapping = ColumnMapping(
        columns={"start": ("reported",), "title": (), "quote": ("title",)},
        type_names={"A1": "Crime/Organised crime"},
        defaults={"source_publisher": "Police", "licence": "CC BY 4.0", "restricted": "yes"},
    )
    source = table(content, ColumnMapping.from_json(mapping.to_json()))
    event = one(source).event
    assert event
    assert (event.title, event.quote, str(event.when)) == ("", "Fire", "2022-05-06")
    assert (event.event_type, event.sub_event_type) == ("Crime", "Organised crime")
    assert (event.sources[0].publisher, event.tags) == ("Police", ("restricted",))
    assert event.properties == {"date": "2022-05-05", "licence": "CC BY 4.0"}
    assert not source.credit.reexport


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ('{"columns": {"start": "gone"}}', "no column 'gone'"),
        ('{"columns": {"colour": "title"}}', "no field is called 'colour'"),
        ('{"crs": "EPSG:99"}', "is not known"),
        ('{"date_order": "dym"}', "accepted: ymd dmy mdy"),
        ('{"size": 5}', "has no 'size'"),
        ("[]", "is a JSON object"),
        ("{", "is a JSON object"),
    ],
)
def test_a_mapping_that_does_not_fit(table, mapping: str, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=message):
        list(table("title,x,y\nFire,1,2\n", ColumnMapping.from_json(mapping)).rows())


def test_a_long_table_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    row = f'2022-05-05,Kherson,46.6,32.6,"{"words " * 150}"\n'
    with path.open("w") as file:
        file.write("date,place,lat,lon,text\n")
        for _ in range(12):
            file.write(row * 500)
    size = path.stat().st_size
    source = delimited_rows(path, "long.csv")
    tracemalloc.start()
    count = sum(1 for row in source.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000
    assert size > 5_000_000
    assert peak < 3_000_000, f"{peak:,} bytes for a file of {size:,}"
    assert source.done_bytes == source.total_bytes == size


def test_a_cell_without_end_is_refused_with_its_line(table) -> None:  # type: ignore[no-untyped-def]
    content = 'title,date\nFire,2022\n"' + "x" * 1_100_000
    with pytest.raises(UsageError, match=r"line 3"):
        list(table(content).rows())


def test_presets_are_applied_to_the_same_columns(tmp_path: Path) -> None:
    book = PresetBook(tmp_path)
    mapping = ColumnMapping(columns={"start": ("Tag",)}, date_order="dmy")
    book.save("Police: May", ("Ort", "Tag"), mapping)
    book.save("Police? May", ("Ort",), ColumnMapping())
    assert [preset.name for preset in book.list()] == ["Police: May", "Police? May"]
    found = book.matching(("Tag", "Ort"))
    assert found
    assert found.mapping == mapping
    assert book.matching(("Tag",)) is None
    book.remove("Police: May")
    with pytest.raises(NotFound, match=r"known: 'Police\? May'"):
        book.get("Police: May")
    with pytest.raises(UsageError, match="1 to 100"):
        book.save(" ", (), mapping)


def test_a_receipt_can_be_mended_and_sent_again(table, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    content = "id,title,date\n1,Fire,2022-05-05\n2,=Flood,2022-02-30\n3,,\n"
    source = table(content, name="may.csv")
    receipt = ReceiptFile(source.columns, tmp_path)
    for row in source.rows():
        receipt(row, Outcome.ADDED if row.event else Outcome.REJECTED)
    place = receipt.write(tmp_path / "r.csv", "may.csv", ImportReceipt("x", rows=3, added=2, rejected=1))
    text = place.read_text(encoding="utf-8-sig")
    assert "# may.csv: 3 rows: 2 added, 1 rejected" in text.replace('"', "")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[-2][:4] == ["3", "added", "date", rows[-2][3]]
    assert "in no calendar" in rows[-2][3]
    assert rows[-2][4:7] == ["may-2", "2", "'=Flood"]
    mended = b"".join(lines_of(place, to_mend=True)).decode().replace("2022-02-30", "2022-02-28")
    assert "Fire" not in mended
    again = table(mended, name="mended.csv")
    (row,) = [row for row in again.rows() if row.event]
    assert row.event
    assert (row.event.event_id, row.event.title, str(row.event.when)) == ("may-2", "=Flood", "2022-02-28")
    assert row.line == 3
