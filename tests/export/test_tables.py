"""The formats of tables: what one of them writes, read by the libraries that people use, is the same events."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from typing import cast

import pyarrow.parquet as pq
import pyogrio
import pytest
import python_calamine
from hypothesis import Phase, given, settings
from lxml import etree

from geodata.export import EXPORTERS
from geodata.features import degrees_of
from geodata.model import Event, Fatalities, Source
from geodata.query import EventQuery
from geodata.sources.features import event_from_cells
from geodata.timespan import TimeSpan
from tests.export.test_round_trip import EVENT, UNPLACED
from tests.random_events import event_lists

Rows = list[Mapping[str, object]]
KML = "{http://www.opengis.net/kml/2.2}"


def written(name: str, events: list[Event]) -> bytes:
    out = io.BytesIO()
    assert EXPORTERS[name].write(iter(events), out, EventQuery()).count == len(events)
    return out.getvalue()


def excel(data: bytes) -> Rows:
    head, *rows = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name("Events").to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def kml(data: bytes) -> Rows:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    return [
        {each.get("name"): each[0].text or "" for each in mark.iter(f"{KML}Data")}
        for mark in root.iter(f"{KML}Placemark")
    ]


def kmz(data: bytes) -> Rows:
    return kml(zipfile.ZipFile(io.BytesIO(data)).read("doc.kml"))


def spatial(data: bytes, layer: str = "events") -> Rows:
    _, table = pyogrio.read_arrow(io.BytesIO(data), layer=layer)
    names = {"geom": "geometry", "wkb_geometry": "geometry"}
    return with_positions(table.rename_columns([names.get(name, name) for name in table.column_names]).to_pylist())


def parquet(data: bytes) -> Rows:
    return with_positions(pq.read_table(io.BytesIO(data)).drop_columns("bbox").to_pylist())


def with_positions(rows: list[dict[str, object]]) -> Rows:
    import shapely

    for row in rows:
        point = shapely.from_wkb(row.pop("geometry"))
        if point is not None:
            row |= {"lon": point.x, "lat": point.y}
    return rows


pytestmark = pytest.mark.filterwarnings("ignore:File /vsimem:RuntimeWarning")  # it has no suffix in memory

READERS: Mapping[str, Callable[[bytes], Rows]] = {
    "excel": excel,
    "kml": kml,
    "kmz": kmz,
    "gpkg": spatial,
    "geoparquet": parquet,
    "flatgeobuf": spatial,
}


def kept(event: Event) -> Event:
    """As a table keeps it: positions to 6 decimals, nothing that says nothing."""
    place = event.place and replace(event.place, lon=degrees_of(event.place.lon), lat=degrees_of(event.place.lat))
    deaths = None if event.fatalities == Fatalities() else event.fatalities
    sources = () if event.sources == (Source(),) else event.sources
    return replace(event, place=place, fatalities=deaths, sources=sources)


def plain(value: object) -> object:
    """The same trimmed, without control characters, which XML lacks, and with 15 digits of numbers, as Excel."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "", value).strip()
    if isinstance(value, float):
        return float(f"{value:.15g}")
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, dict):
        return {plain(name): plain(text) for name, text in value.items()}
    if is_dataclass(value) and not isinstance(value, TimeSpan | type):
        return replace(value, **{each.name: plain(getattr(value, each.name)) for each in fields(value)})
    return value


@pytest.mark.parametrize("name", READERS)
def test_what_a_library_reads_is_what_was_written(name: str) -> None:
    events = [EVENT] if name == "flatgeobuf" else [EVENT, UNPLACED]
    assert [event_from_cells(row) for row in READERS[name](written(name, events))] == [kept(each) for each in events]


@pytest.mark.parametrize("name", ["excel", "kml", "gpkg", "geoparquet"])
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(some=event_lists)
def test_any_events_come_back(name: str, some: list[Event]) -> None:
    given = list({each.event_id: each for each in cast("list[Event]", [plain(kept(event)) for event in some])}.values())
    rows = READERS[name](written(name, given))
    assert [plain(event_from_cells(row)) for row in rows] == given


def test_geoparquet_says_where_its_events_are() -> None:
    data = written("geoparquet", [EVENT, UNPLACED])
    told = {name.decode(): text for name, text in pq.read_metadata(io.BytesIO(data)).metadata.items()}
    geo = json.loads(told["geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["bbox"] == [38.000123, 48.59, 38.000123, 48.59]
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert json.loads(told["credits"])[0] == {"source": "P", "cited": 1}
    first, second = pq.read_table(io.BytesIO(data), columns=["bbox"])["bbox"].to_pylist()
    assert (first["xmin"], first["ymax"], second) == (38.000123, 48.59, None)


def test_credits_travel_in_geopackage_and_flatgeobuf() -> None:
    _, credits = pyogrio.read_arrow(io.BytesIO(written("gpkg", [EVENT])), layer="credits")
    assert credits.to_pylist() == [{"source": "P", "licence": "", "attribution": "", "cited": 1}]
    info = pyogrio.read_info(io.BytesIO(written("flatgeobuf", [EVENT])))
    assert info["layer_metadata"]["DESCRIPTION"] == "Sources: P (1)"
    assert info["crs"] == "EPSG:4326"


def test_flatgeobuf_says_what_it_leaves_out() -> None:
    done = EXPORTERS["flatgeobuf"].write(iter([EVENT, UNPLACED]), io.BytesIO(), EventQuery())
    assert (done.count, done.left_out) == (1, ("1 event without a place",))


def test_geopackage_keeps_what_stands_behind_a_nul() -> None:
    out = io.BytesIO()
    done = EXPORTERS["gpkg"].write(iter([replace(EVENT, title="a\0b")]), out, EventQuery())
    (row,) = spatial(out.getvalue())
    assert (row["title"], done.left_out) == ("ab", ("1 NUL character, which GDAL cannot write",))


def test_excel_has_dates_and_no_formulas() -> None:
    data = written("excel", [EVENT])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    (row,) = excel(data)
    assert (row["start"], row["quote"]) == (date(2022, 11, 1), EVENT.quote)
    sources = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name("Sources").to_python()
    assert ["P", "", "", 1.0] in sources


def test_excel_goes_on_in_a_further_sheet_and_tells_what_it_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geodata.export.excel.MOST_ROWS", 2)
    out = io.BytesIO()
    long = replace(EVENT, quote="x" * 32_768, when=TimeSpan.day(date(1812, 6, 24)))
    done = EXPORTERS["excel"].write(iter([EVENT, long]), out, EventQuery())
    book = python_calamine.load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheet_names == ["Events", "Events 2", "Sources"]
    assert "1812-06-24" in book.get_sheet_by_name("Events 2").to_python()[1]
    assert done.left_out == ("the end of 1 text longer than 32,767 characters, the most that a cell holds",)


def test_kml_has_times_and_styles() -> None:
    root = etree.fromstring(written("kml", [EVENT]))
    assert [each.text for each in root.find(f".//{KML}TimeSpan")] == ["2022-11-01", "2022-11-30"]
    style = root.find(f".//{KML}styleUrl").text[1:]
    assert root.find(f".//{KML}Style[@id='{style}']") is not None
    assert "P (1)" in root.find(f".//{KML}Folder/{KML}description").text
    assert zipfile.ZipFile(io.BytesIO(written("kmz", [EVENT]))).read(f"icons/{style}.png").startswith(b"\x89PNG")


def test_kml_tells_of_control_characters() -> None:
    done = EXPORTERS["kml"].write(iter([replace(EVENT, tags=("a\x01b",))]), io.BytesIO(), EventQuery())
    assert done.left_out == ("1 control character, which XML cannot hold",)
