"""Tables that other projects publish: their columns, precisions, types and terms. The fixtures' events are made up."""

import csv
import gzip
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from geodata.contracts.loading import ImportReceipt, Outcome
from geodata.contracts.tables import ColumnMapping, NeedsAnswer, Remark, Row
from geodata.model import Event, Precision, Status
from geodata.sources import open_rows
from geodata.sources.formats import FORMATS, text_format
from geodata.sources.formats.delimited import HEAD_BYTES
from geodata.sources.tables.receipt import ReceiptFile
from geodata.timespan import DatePrecision

FIXTURES = Path(__file__).parent.parent / "fixtures"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "formats"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared sample files are not here")


def rows_of(path: Path, mapping: ColumnMapping | None = None) -> list[Row]:
    kind = text_format(path.read_text(encoding="utf-8")[:5000])
    return list(FORMATS[kind](path, path.name, mapping).rows())


def fixture(name: str, mapping: ColumnMapping | None = None) -> dict[str, Row]:
    """The rows of a fixture by what their ids end with; rejected ones by their line."""
    rows = rows_of(FIXTURES / name, mapping)
    return {row.event.event_id.rpartition("-")[2] if row.event else f"line {row.line}": row for row in rows}


def event(row: Row) -> Event:
    assert row.event is not None, row.problems
    return row.event


def written(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ucdp.csv", "ucdp"),
        ("acled_2023.csv", "acled"),
        ("acled_2019.csv", "acled"),
        ("acled_2017.csv", "acled"),
        ("gdelt.export.CSV", "gdelt"),
        ("viina_1pd.csv", "viina"),
        ("viina_info.csv", "viina"),
        ("hxl.csv", "hxl"),
        ("usgs.csv", "usgs"),
        ("usgs.geojson", "usgs"),
        ("linked_places.geojson", "geojson"),
        ("mercator.geojson", "geojson"),
        ("lines.geojsonl", "geojsonl"),
        ("sequence.geojsons", "geojsonl"),
        ("places.kml", "kml"),
        ("way.gpx", "gpx"),
        ("timemap.json", "timemap"),
        ("timemap_list.json", "timemap"),
        ("calendar.ics", "ical"),
        ("georss.xml", "georss"),
    ],
)
def test_formats_are_told_by_content(name: str, expected: str) -> None:
    assert text_format((FIXTURES / name).read_text(encoding="utf-8")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "id,date,title\n1,2022-01-01,Fire\n",
        "A story about an earthquake.usgs.gov page.\n",
        '{"text": "A story.", "title": "x"}\n',
        "<rss><channel><item><title>Story</title></item></channel></rss>",
        "# A heading\n\n#word, #other\n",
        "",
    ],
)
def test_other_texts_are_none_of_these(text: str) -> None:
    assert text_format(text) == ""


@pytest.mark.parametrize(
    ("key", "place", "when"),
    [
        ("1", Precision.EXACT, (DatePrecision.DAY, "2031-03-02")),
        ("2", Precision.NEAR, (DatePrecision.WEEK, "2031-03-02/2031-03-05")),
        ("3", Precision.ADMIN2, (DatePrecision.WEEK, "2031-03-03/2031-03-09")),
        ("4", Precision.ADMIN1, (DatePrecision.MONTH, "2031-03-01/2031-03-31")),
        ("5", Precision.REGION, (DatePrecision.YEAR, "2031-01-01/2031-12-31")),
        ("6", Precision.COUNTRY, (DatePrecision.DAY, "2031-03-02")),
        ("7", Precision.REGION, (DatePrecision.DAY, "2031-03-02")),
    ],
)
def test_ucdp_says_how_exactly_place_and_date_are_known(
    key: str, place: Precision, when: tuple[DatePrecision, str]
) -> None:
    found = event(fixture("ucdp.csv")[key])
    assert found.place is not None
    assert found.when is not None
    assert (found.place.precision, (found.when.precision, str(found.when))) == (place, when)


def test_a_ucdp_row_is_kept_whole() -> None:
    found = event(fixture("ucdp.csv")["1"])
    assert found.event_id == "ucdp-1"
    assert (found.event_type, found.sub_event_type) == ("Battles", "Armed clash")
    assert found.title == "Government of Freedonia - Front of the North: Alpha town"
    assert found.actors == ("Government of Freedonia", "Front of the North")
    assert found.fatalities
    assert (found.fatalities.low, found.fatalities.best, found.fatalities.high) == (1, 1, 3)
    first, second = found.sources
    assert (first.publisher, first.published, first.title) == (
        "Example Wire", date(2031, 3, 2), "Shots heard near Alpha town, two hurt",
    )  # fmt: skip
    assert second.title == "Quiet after the shots"
    assert found.place
    assert (found.place.name, found.place.lon, found.place.lat) == ("Alpha town", 37.5, 48.5)
    assert (found.place.country, found.place.admin1, found.place.admin2) == ("UA", "Northern province", "Hill district")
    assert found.properties["deaths_a"] == "1"
    assert found.properties["where_prec"] == "1"
    assert found.properties["licence"] == "CC BY 4.0"
    assert not {"source_article", "geom_wkt", "latitude"} & set(found.properties), "said by other fields already"
    assert found.status is Status.REVIEWED


def test_what_ucdp_rows_can_have_wrong_is_told_by_column() -> None:
    rows = fixture("ucdp.csv")
    unplaced, undated = event(rows["8"]), event(rows["9"])
    assert unplaced.place is None
    assert unplaced.properties["place"] == "Gamma town"
    assert [remark.column for remark in rows["8"].changes] == ["longitude"]
    assert undated.when is None
    assert [remark.column for remark in rows["9"].changes] == ["date_start"]
    assert "'2031-02-30 00:00:00.000' is not a date" in rows["9"].changes[0].message
    assert [remark.column for remark in rows["line 11"].problems] == ["id"]
    assert [str(remark) for remark in rows["line 12"].problems] == [
        "best: 'many' is not a whole number from 0 to 10,000,000"
    ]
    assert rows["line 12"].cells[0] == "11"
    other = event(rows["12"])
    assert other.sources == ()
    assert other.properties["source_article"] == "Example Wire 2 March"
    assert other.properties["country"] == "Freedonia"


def test_hdx_writes_a_row_of_tags_below_ucdps_header(tmp_path: Path) -> None:
    lines = (FIXTURES / "ucdp.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    tags = ["#date+year", *[""] * (lines[0].count(",") - 1), "#affected+killed"]
    rows = rows_of(written(tmp_path, "".join([lines[0], ",".join(tags) + "\n", *lines[1:3]])))
    assert [(row.line, event(row).event_id) for row in rows] == [(3, "ucdp-1"), (4, "ucdp-2")]


def test_a_preset_can_say_other_types(tmp_path: Path) -> None:
    mapping = ColumnMapping(type_names={"1": "Explosions/Remote violence/Shelling/artillery/missile attack"})
    found = event(fixture("ucdp.csv", mapping)["1"])
    assert (found.event_type, found.sub_event_type) == (
        "Explosions/Remote violence", "Shelling/artillery/missile attack",
    )  # fmt: skip


def test_what_of_a_mapping_is_of_no_use_is_told() -> None:
    source = FORMATS["ucdp"](FIXTURES / "ucdp.csv", "u.csv", ColumnMapping(decimal=",", defaults={"title": "x"}))
    assert "u.csv: of the mapping, decimal, defaults was not used" in source.notes[-1]


def test_acled_of_today() -> None:
    rows = fixture("acled_2023.csv")
    clash, shells, march = (event(rows[key]) for key in ("FRE1", "FRE2", "FRE3"))
    assert (clash.event_type, clash.sub_event_type, str(clash.when)) == ("Battles", "Armed clash", "2031-03-02")
    assert clash.actors == ("Army of Freedonia", "Police of Freedonia", "Guard", "Front of the North")
    assert [source.publisher for source in clash.sources] == ["Example Wire", "Other Wire"]
    assert clash.quote.startswith("Soldiers and fighters")
    assert clash.fatalities
    assert clash.fatalities.best == 2
    assert clash.properties["interaction"] == "State forces-Rebel group"
    assert shells.when
    assert (str(shells.when), shells.when.precision) == ("2031-03-02/2031-03-08", DatePrecision.WEEK)
    assert march.when
    assert (str(march.when), march.when.precision) == ("2031-03-01/2031-03-31", DatePrecision.MONTH)
    precisions = [each.place and each.place.precision for each in (clash, shells, march)]
    assert precisions == [Precision.EXACT, Precision.NEAR, Precision.ADMIN1]
    assert [remark.column for remark in rows["line 5"].problems] == ["fatalities"]


def test_acled_is_not_to_be_passed_on() -> None:
    source = FORMATS["acled"](FIXTURES / "acled_2023.csv", "acled.csv", None)
    assert not source.credit.reexport
    assert any("left out of every export" in note for note in source.notes)
    for row in source.rows():
        if row.event:
            assert "restricted" in row.event.tags
            assert "acleddata.com" in row.event.properties["attribution"]


def test_older_acled_files() -> None:
    (riot,) = fixture("acled_2019.csv").values()
    assert (event(riot).sub_event_type, str(event(riot).when)) == ("Mob violence", "2019-03-02")
    assert event(riot).properties["data_id"] == "700"
    with pytest.raises(NeedsAnswer, match=r"'02/03/2017' can be read two ways.*--date-order dmy .*--date-order mdy"):
        fixture("acled_2017.csv")
    (clash,) = fixture("acled_2017.csv", ColumnMapping(date_order="dmy")).values()
    assert (event(clash).event_type, event(clash).sub_event_type) == ("Battles", "Armed clash")
    assert str(event(clash).when) == "2017-03-02"
    assert event(clash).actors == ("Army of Freedonia", "Guard", "Front of the North")


def test_gdelt_events_without_a_header() -> None:
    rows = fixture("gdelt.export.CSV")
    guns, talks, riot, undated = (event(rows[f"90000000{n}"]) for n in (1, 2, 3, 4))
    assert guns.sub_event_type == "Shelling/artillery/missile attack"
    assert guns.title == "Fight: Freedonia – Rebel"
    assert guns.place
    assert (guns.place.name, guns.place.country, guns.place.admin1) == ("Alpha Town", "UA", "Donets'ka Oblast'")
    assert (guns.status, guns.sources[0].url) == (Status.DRAFT, "https://example.org/a")
    assert guns.properties["DATEADDED"] == "20310303001500"
    assert guns.properties["Actor1Geo_FullName"] == "Beta, Ukraine"
    assert talks.place
    assert (talks.sub_event_type, talks.place.country, talks.place.precision) == (
        "Diplomatic event", "DE", Precision.COUNTRY,
    )  # fmt: skip
    assert (riot.sub_event_type, riot.place, rows["900000003"].changes) == ("Violent demonstration", None, ())
    assert undated.when is None
    assert undated.sources[0].title == "BBC Monitoring"
    assert [remark.column for remark in rows["line 5"].problems] == ["GLOBALEVENTID"]
    assert rows["line 6"].problems[0].message == "has 3 cells where the header has 61"


def test_gdelt_with_other_numbers_of_columns(tmp_path: Path) -> None:
    first = (FIXTURES / "gdelt.export.CSV").read_text(encoding="utf-8").splitlines()[0].split("\t")
    before = [cell for index, cell in enumerate(first) if index not in (39, 47, 55)]  # ADM2 codes
    (row,) = rows_of(written(tmp_path, "\t".join(before) + "\n"))
    assert event(row).place
    assert event(row).sources[0].url == "https://example.org/a"
    with pytest.raises(ValueError, match="has 60 tab-separated columns; accepted: GDELT's 61"):
        FORMATS["gdelt"](written(tmp_path, "\t".join(first[:60]) + "\n"), "g.csv", None)


def test_viina_labels_of_zero_and_one() -> None:
    shells, other = (event(row) for row in fixture("viina_1pd.csv").values())
    assert shells.sub_event_type == "Shelling/artillery/missile attack"
    assert (shells.tags, shells.actors) == (("artillery", "civcas", "mil"), ("Russian forces",))
    assert (shells.status, other.sub_event_type) == (Status.DRAFT, "Armed clash")
    assert other.place
    assert other.place.precision is Precision.ADMIN1


def test_viina_labels_as_probabilities() -> None:
    (row,) = fixture("viina_info.csv").values()
    found = event(row)
    assert (found.sub_event_type, found.tags, found.actors) == ("Air/drone strike", ("airstrike", "mil"), ())
    assert found.place
    assert found.place.precision is Precision.NEAR
    assert found.quote.startswith("Вибух")
    assert (found.sources[0].url, found.sources[0].publisher) == ("https://example.org/21", "examplewire")
    assert found.properties["time"] == "08:15"


def test_hxl_tags_say_what_columns_mean() -> None:
    flood, bridge, bad = (fixture("hxl.csv")[key] for key in ("E1", "E2", "E3"))
    assert flood.line == 4
    assert (event(flood).title, event(flood).event_type) == ("Flood at the mill", "Natural disaster")
    assert str(event(flood).when) == "2031-03-02/2031-03-03"
    assert event(flood).fatalities
    assert event(flood).properties == {"Needs": "water"}
    assert event(bridge).properties == {"place": "Beta", "admin1": "Donetsk"}
    assert [str(remark) for remark in bad.changes] == [
        "#geo: latitude 'north', longitude '37.5' are no position; kept without a place"
    ]


@pytest.mark.parametrize("name", ["usgs.csv", "usgs.geojson"])
def test_earthquakes_as_a_table_and_as_a_feed(name: str) -> None:
    rows = fixture(name)
    quake, blast = event(rows["us0000ex1"]), event(rows["ci0000ex2"])
    assert (quake.event_id, quake.title) == ("usgs-us0000ex1", "M 4.9 - 10 km S of Alpha, Freedonia")
    assert (quake.sub_event_type, blast.sub_event_type) == ("Natural disaster", "Man-made disaster")
    assert (quake.status, blast.status) == (Status.REVIEWED, Status.DRAFT)
    assert quake.place
    assert (quake.place.lon, quake.place.lat) == (136.25, -1.5)
    assert str(quake.when) == "2031-03-02"
    assert float(quake.properties["depth"]) == 10
    assert quake.properties["time"].startswith("2031-03-02T10:20:30.400")


def test_an_epicentre_has_the_radius_of_its_error() -> None:
    rows = fixture("usgs.csv")
    quake, blast = event(rows["us0000ex1"]).place, event(rows["ci0000ex2"]).place
    assert quake is not None
    assert blast is not None
    assert (quake.precision, quake.radius_m) == (Precision.NEAR, 5400)
    assert (blast.precision, blast.radius_m) == (Precision.EXACT, 0)
    assert "are they swapped?" in rows["ci0000ex3"].changes[0].message


def test_rows_that_do_not_fit_the_header_are_told(tmp_path: Path) -> None:
    lines = (FIXTURES / "usgs.csv").read_text(encoding="utf-8").splitlines()
    bad = [lines[1] + ",more", lines[1].rpartition(",")[0], lines[2] + ",,", "", "x" * 10]
    rows = rows_of(written(tmp_path, "\r\n".join([lines[0], *bad]) + "\r\n"))
    assert [(row.line, row.event is None) for row in rows] == [(2, True), (3, True), (4, False), (6, True)]
    assert rows[0].problems[0].message == "has 23 cells where the header has 22"


def test_what_is_no_text_in_a_row_is_told(tmp_path: Path) -> None:
    header, first, second, _ = (FIXTURES / "usgs.csv").read_bytes().splitlines(keepends=True)
    filled = first * (HEAD_BYTES // len(first) + 1)  # what stands in a file's head decides on its encoding
    strange = first.replace(b"10 km S of Alpha", b"10 km\xff S of\x00 Alpha")
    data = header + filled + strange + second.replace(b"3 km N of Beta", b"3 km\r N of Beta")
    *_, quake, blast = FORMATS["usgs"](written(tmp_path, data), "t.csv", None).rows()
    assert event(quake).place
    assert event(quake).title == "M 4.9 - 10 km\ufffd S of Alpha, Freedonia"
    assert {remark.column for remark in quake.changes} == {"place"}
    assert "1 control character taken out" in [remark.message for remark in quake.changes]
    assert event(blast).title == "M 2.1 Quarry Blast - 3 km N of Beta, Freedonia"
    assert blast.changes[0].message == "a carriage return in the middle of the row was taken for a space"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_tables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = (FIXTURES / "viina_info.csv").read_text(encoding="utf-8")
    source = FORMATS["viina"](written(tmp_path, text.encode(encoding)), "v.csv", None)
    (row,) = source.rows()
    assert event(row).quote.startswith("Вибух у місті")
    assert any("read as" in note for note in source.notes) == (encoding != "utf-8-sig")


def test_a_table_of_old_macs(tmp_path: Path) -> None:
    text = (FIXTURES / "viina_1pd.csv").read_text(encoding="utf-8").replace("\n", "\r")
    rows = list(FORMATS["viina"](written(tmp_path, text), "v.csv", None).rows())
    assert [row.line for row in rows] == [2, 3]


def test_reading_goes_on_from_the_start_and_says_how_far_it_is() -> None:
    source = FORMATS["usgs"](FIXTURES / "usgs.csv", "usgs.csv", None)
    assert len(source.sample(2)) == 2
    assert len(list(source.rows())) == len(list(source.rows())) == 3
    assert source.done_bytes == source.total_bytes > 0


@pytest.mark.parametrize(
    "name",
    ["ucdp.csv", "acled_2023.csv", "gdelt.export.CSV", "viina_1pd.csv", "viina_info.csv", "hxl.csv", "usgs.csv",
     "usgs.geojson"],
)  # fmt: skip
def test_a_receipt_can_be_mended_and_sent_again(tmp_path: Path, name: str) -> None:
    path = FIXTURES / name
    source = FORMATS[text_format(path.read_text(encoding="utf-8"))](path, name, None)
    rows = list(source.rows())
    receipt = ReceiptFile(source.columns, tmp_path)
    for row in rows:
        told = replace(row, changes=(*row.changes, Remark("", "told, so that the receipt holds its cells")))
        receipt(told, Outcome.CHANGED if row.event else Outcome.REJECTED)
    place = receipt.write(tmp_path / "receipt.csv", name, ImportReceipt("i1", rows=len(rows), added=1, rejected=2))
    again = rows_of(place)
    fitting = [row for row in rows if len(row.cells) == len(source.columns)]
    assert [row.line for row in again if len(row.cells) == len(source.columns)] == [row.line for row in fitting]
    assert [row.event for row in again if row.event] == [row.event for row in rows if row.event]


def test_a_workbook_with_known_columns_is_read_as_that_format(tmp_path: Path) -> None:
    path = tmp_path / "acled.xlsx"
    with (FIXTURES / "acled_2023.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    source = open_rows(path)
    assert not source.credit.reexport
    found = list(source.rows())
    expected = list(FORMATS["acled"](FIXTURES / "acled_2023.csv", "acled.csv", None).rows())
    assert [row.event for row in found] == [row.event for row in expected]


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.write(FIXTURES / name, f"folder/{name}")
        made.writestr("folder/readme.pdf", b"%PDF-")
        made.writestr("__MACOSX/._x.csv", b"x")
    return path


def test_a_packed_table_is_read_as_what_it_is(tmp_path: Path) -> None:
    expected = [row.event for row in FORMATS["ucdp"](FIXTURES / "ucdp.csv", "u", None).rows()]
    zipped = open_rows(archive(tmp_path / "ged.zip", "ucdp.csv"))
    assert [row.event for row in zipped.rows()] == expected
    assert zipped.notes[0] == "ged.zip: ucdp.csv was read out of it"
    (tmp_path / "ged.csv.gz").write_bytes(gzip.compress((FIXTURES / "ucdp.csv").read_bytes(), mtime=0))
    assert [row.event for row in open_rows(tmp_path / "ged.csv.gz").rows()] == expected


def test_of_several_packed_files_one_is_asked_for(tmp_path: Path) -> None:
    path = archive(tmp_path / "two.zip", "ucdp.csv", "usgs.csv")
    source = open_rows(path)
    assert [option.value for option in source.questions[0].options] == ["folder/ucdp.csv", "folder/usgs.csv"]
    assert source.sample(1)
    with pytest.raises(NeedsAnswer, match="holds 2 files"):
        source.rows()
    chosen = open_rows(path, mapping=ColumnMapping(sheet="folder/usgs.csv"))
    assert [event(row).event_id for row in chosen.sample(1)] == ["usgs-us0000ex1"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("bomb.csv.gz", gzip.compress(b"a,b\n" * 5_000_000, mtime=0), "unpacks to more than 10,000,000 bytes"),
        ("cut.csv.gz", gzip.compress(b"a,b\n" * 50, mtime=0)[:-9], "is damaged"),
        ("no.csv.gz", b"\x1f\x8bnothing", "is damaged"),
        ("twice.csv.gz", gzip.compress(gzip.compress(b"a,b\n", mtime=0), mtime=0), "a packed file in a packed file"),
        ("none.zip", b"PK\x03\x04" + b"x" * 50, "is damaged"),
    ],
)
def test_what_cannot_be_unpacked_is_told(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        open_rows(written(tmp_path, data, name))


@needs_shared
def test_all_of_a_real_ucdp_file() -> None:
    rows = rows_of(SHARED / "ucdp_hdx_ukraine.csv")
    assert len(rows) == 748
    assert all(row.event and row.event.place and row.event.when and not row.changes for row in rows)
    counts = [sum(event(row).place.precision is each for row in rows) for each in Precision]  # type: ignore[union-attr]
    assert dict(zip(Precision, counts, strict=True)) == {
        Precision.EXACT: 221, Precision.NEAR: 519, Precision.ADMIN2: 3, Precision.ADMIN1: 0, Precision.REGION: 5,
        Precision.COUNTRY: 0,
    }  # fmt: skip
    days = [event(row).when.precision for row in rows]  # type: ignore[union-attr]
    assert [days.count(each) for each in DatePrecision] == [670, 68, 8, 0, 2]
    assert rows[0].line == 3
    assert sum(len(event(row).sources) for row in rows) > 1_000
    assert {event(row).place.country for row in rows} <= {"UA", "RU"}  # type: ignore[union-attr]


@needs_shared
def test_all_of_a_real_usgs_file() -> None:
    rows = rows_of(SHARED / "usgs_m45.csv")
    assert len(rows) == 481
    assert all(row.event and row.event.place and row.event.when and not row.changes for row in rows)
    place = event(rows[0]).place
    assert place is not None
    assert (place.lon, place.lat, place.radius_m) == (136.3046, -1.7928, 5440)


@needs_shared
def test_all_of_a_real_viina_file() -> None:
    rows = rows_of(SHARED / "viina_sample.csv")
    assert len(rows) == 399
    assert all(row.event and row.event.place and row.event.when for row in rows)
    assert [row.line for row in rows if row.changes] == [101, 208]
