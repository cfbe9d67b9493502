"""Map files, feeds and calendars as events. The fixtures are made up; files of GDAL and Arrow are made here."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geodata.contracts.loading import ImportReceipt, Outcome
from geodata.contracts.tables import ColumnMapping, NeedsAnswer, Row
from geodata.errors import UsageError
from geodata.model import Event, Precision, Status
from geodata.sources import open_rows
from geodata.sources.formats import FORMATS, binary_format, jsonstream, kml, text_format, xmlstream
from geodata.sources.formats.delimited import Meter
from geodata.sources.tables.receipt import ReceiptFile
from geodata.timespan import DatePrecision

FIXTURES = Path(__file__).parent.parent / "fixtures"


def fixture(name: str, kind: str, mapping: ColumnMapping | None = None) -> list[Row]:
    return list(FORMATS[kind](FIXTURES / name, name, mapping).rows())


def event(row: Row) -> Event:
    assert row.event is not None, row.problems
    return row.event


def lon_lat(row: Row) -> tuple[float, float]:
    place = event(row).place
    assert place is not None
    return round(place.lon, 6), round(place.lat, 6)


def written(tmp_path: Path, data: bytes | str, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def collection(tmp_path: Path, features: Iterable[object], name: str = "t.geojson", **more: object) -> Path:
    return written(tmp_path, json.dumps({"type": "FeatureCollection", "features": list(features), **more}), name)


def point(lon: object = 30, lat: object = 50, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def messages(row: Row) -> str:
    return "; ".join(map(str, (*row.changes, *row.problems)))


def test_linked_places_and_geometries_of_all_kinds() -> None:
    siege, flood, nowhere, everywhere, across, swapped = fixture("linked_places.geojson", "geojson")
    assert (str(event(siege).when), event(siege).properties["altitude"]) == ("2031-03-02/2031-03-05", "120")
    when = event(flood).when
    assert when is not None
    assert (str(when), when.precision) == ("2030-01-01/2031-06-30", DatePrecision.YEAR)
    assert json.loads(event(flood).properties["when"])["label"] == "spring floods"
    assert json.loads(event(flood).properties["geometry"])["type"] == "Polygon"
    assert "a Polygon: a point on it was taken, with 66 km around it" in messages(flood)
    assert event(flood).event_id == "linked_places-2"
    assert event(nowhere).place is None
    assert event(nowhere).properties == {"place": "Beta", "start_time": "2031-03-02T08:15:00Z"}
    place = event(everywhere).place
    assert place is not None
    assert (place.precision, place.radius_m) == (Precision.NEAR, 6607)
    beyond = event(across).place
    assert beyond is not None
    assert abs(beyond.lon) >= 179
    assert beyond.radius_m < 150_000
    assert swapped.event is None
    assert "are they swapped?" in messages(swapped)


def test_positions_of_another_system_are_brought_to_wgs84() -> None:
    source = FORMATS["geojson"](FIXTURES / "mercator.geojson", "m.geojson", None)
    assert list(source.notes) == [
        "m.geojson: positions were brought from WGS 84 / Pseudo-Mercator (EPSG:3857) to WGS84"
    ]
    (row,) = source.rows()
    assert lon_lat(row) == (37.500001, 48.5)


@pytest.mark.parametrize("name", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_names_of_wgs84(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    source = FORMATS["geojson"](collection(tmp_path, [point(title="A")], crs=crs), "t", None)
    assert [lon_lat(row) for row in source.rows()] == [(30, 50)]
    assert not source.notes


@pytest.mark.parametrize(
    "crs", [{"type": "name", "properties": {"name": "Local grid"}}, {"type": "link", "properties": {"href": "x"}}, None]
)
def test_a_system_that_is_not_known_is_asked_about(tmp_path: Path, crs: object) -> None:
    path = collection(tmp_path, [point(4174481.0, 6190443.8, title="A")], crs=crs)  # crs stands behind the features
    with pytest.raises(NeedsAnswer, match="In which coordinate system"):
        FORMATS["geojson"](path, "t", None).rows()
    (row,) = FORMATS["geojson"](path, "t", ColumnMapping(crs="EPSG:3857")).rows()
    assert lon_lat(row) == (37.500001, 48.5)


def test_bad_features_are_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    path = collection(
        tmp_path,
        [
            point(title="Good", note=float("nan"), deep={"a": [float("inf")]}),
            point(float("nan"), 50, title="No number"),
            point("x", 50, title="Words"),
            point(10**400, 50, title="Too large"),
            {"type": "Feature", "geometry": {"type": "Blob"}, "properties": {}},
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "properties": {}},
            {"type": "Feature", "geometry": None, "properties": [1]},
            {"type": "Feature", "geometry": None, "properties": None, "id": True},
            "no feature",
            point(date="2031-02-30", title="No such day"),
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": []}, "properties": {"title": "Empty"}},
        ],
    )
    source = FORMATS["geojson"](path, "t.geojson", None)
    rows = list(source.rows())
    assert [row.line for row in rows if row.event] == [1, 10, 11]
    assert event(rows[0]).properties == {"note": "nan", "deep": '{"a":["inf"]}'}
    assert [row.cells[source.columns.index("title")] for row in rows[1:4]] == ["No number", "Words", "Too large"]
    assert event(rows[9]).when is None
    assert event(rows[9]).properties == {"start_as_given": "2031-02-30"}
    assert "kept without a date" in messages(rows[9])
    assert all(row.problems[0].message for row in rows if not row.event)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "it is a list of values"),
        ('{"type": "Topology"}', "is not GeoJSON of features"),
        ('{"type": "FeatureCollection", "features": [', "is not JSON: line 1"),
        ('{"type": "FeatureCollection",\n "features": [{"a": 1},\n {"a": ]}', "is not JSON: line 3"),
        ('{"type": "FeatureCollection", "features": []} x', "something follows the end"),
        ('{"type": "FeatureCollection", "features": []}', "holds no feature"),
        ('{"type": "FeatureCollection", "features": [' + "[" * 100_000, "nested too deep"),
        ('{"type": "FeatureCollection", "crs": ' + '{"a":' * 100_000, "nested too deep"),
        ("", "is empty"),
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(FORMATS["geojson"](written(tmp_path, text, "t.geojson"), "t.geojson", None).rows())
    assert message in str(caught.value)


def test_a_feature_or_a_geometry_alone(tmp_path: Path) -> None:
    alone = point(title="A")
    (one,) = FORMATS["geojson"](written(tmp_path, json.dumps(alone), "a"), "a", None).rows()
    (bare,) = FORMATS["geojson"](written(tmp_path, json.dumps(alone["geometry"]), "b"), "b", None).rows()
    assert lon_lat(one) == lon_lat(bare) == (30, 50)


def test_geojson_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "CHUNK_CHARS", 7)  # every value is met in the middle
    path = collection(
        tmp_path, [point(n, 50, title=f"Ünïcode {n}", number=n * 1000) for n in range(20)], bbox=[1, 2, 3]
    )
    found = list(jsonstream.features(path, "t", Meter()))
    assert [value["properties"]["number"] for key, value in found if key == "feature"] == [n * 1000 for n in range(20)]  # type: ignore[index]
    assert ("bbox", [1, 2, 3]) in found
    monkeypatch.setattr(jsonstream, "MOST_FEATURE_CHARS", 50)
    with pytest.raises(UsageError, match="one value has more than 50 characters"):
        list(jsonstream.features(path, "t", Meter()))


def test_a_feature_a_line() -> None:
    first, broken, last = fixture("lines.geojsonl", "geojsonl")
    assert [row.line for row in (first, broken, last)] == [1, 2, 4]
    assert "not JSON: Expecting value at character 140" in messages(broken)
    assert (event(last).title, lon_lat(last)) == ("Event 3", (33, 50))


def test_a_geojson_text_sequence() -> None:
    rows = fixture("sequence.geojsons", "geojsonl")
    assert [(row.line, event(row).title) for row in rows] == [(1, "Event 1"), (16, "Event 2")]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["3/4/2031"], None),
        (["3/4/2031", "13/4/2031"], "2031-04-03"),
        (["3/4/2031", "4/13/2031"], "2031-03-04"),
        (["3/4/2031", "13/4/2031", "4/13/2031"], None),
    ],
)
def test_the_order_of_dates_is_asked_unless_one_tells_it(tmp_path: Path, dates: list[str], order: str | None) -> None:
    path = collection(tmp_path, [point(title="A", date=each) for each in dates])
    source = FORMATS["geojson"](path, "t", None)
    assert [question.key for question in source.questions] == ([] if order else ["date_order"])
    assert str(event(source.sample(1)[0]).when) == str(order)
    answered = FORMATS["geojson"](path, "t", ColumnMapping(date_order="dmy"))
    assert str(event(answered.sample(1)[0]).when) == "2031-04-03"


def test_swapped_positions_are_asked_about(tmp_path: Path) -> None:
    path = collection(tmp_path, [point(48.5, 137.5, title="A"), point(-10, 120, title="B"), point(1, 2, title="C")])
    source = FORMATS["geojson"](path, "t", None)
    (question,) = source.questions
    assert (question.key, question.suggested) == ("swap_lon_lat", "yes")
    assert "2 of 3 positions make sense only the other way round, as 48.5, 137.5" in question.text
    yes = list(FORMATS["geojson"](path, "t", ColumnMapping(swap_lon_lat=True)).rows())
    assert [lon_lat(row) for row in yes] == [(137.5, 48.5), (120, -10), (2, 1)]
    no = list(FORMATS["geojson"](path, "t", ColumnMapping(swap_lon_lat=False)).rows())
    assert [row.event is None for row in no] == [True, True, False]


def test_a_mapping_says_which_property_means_what(tmp_path: Path) -> None:
    mapping = ColumnMapping(
        columns={"title": ("Ereignis",), "event_type": ("Art",)},
        type_names={"Brand": "Disaster/Man-made disaster"},
        defaults={"source_publisher": "Example Wire", "title": "unused"},
    )
    path = collection(tmp_path, [point(Ereignis="Feuer", Art="Brand", title="T", country="Ukraine")])
    (row,) = FORMATS["geojson"](path, "t", mapping).rows()
    found = event(row)
    assert (found.title, found.event_type, found.sub_event_type) == ("T", "Disaster", "Man-made disaster")
    assert found.sources[0].publisher == "Example Wire"
    assert found.place
    assert found.place.country == "UA"
    assert found.properties["type_as_given"] == "Brand"


def test_placemarks_with_folders_and_times() -> None:
    source = FORMATS["kml"](FIXTURES / "places.kml", "places.kml", None)
    shells, meadow, nowhere, bad, walk = source.rows()
    assert (event(shells).event_type, event(shells).quote) == ("Shelling", "Two shells fell.")
    assert lon_lat(shells) == (37.5, 48.5)
    kept = event(shells).properties
    assert (kept["Victims"], kept["crew"], kept["folder"], kept["altitude"]) == ("2", "3", "Spring / Shelling", "110.0")
    assert "2031-03-02T08:15:00Z" in kept["when"]
    when = event(meadow).when
    assert when is not None
    assert (str(when), when.precision) == ("2031-03-01/2031-04-30", DatePrecision.MONTH)
    assert event(nowhere).properties["place"] == "Alpha"
    assert bad.event is None
    assert "its coordinates are not lon,lat[,altitude]" in messages(bad)
    assert str(event(walk).when) == "2031-03-02/2031-03-03"
    assert list(source.notes) == ["places.kml: links to other files (1) were not followed"]


def kmz(data: bytes, name: str = "doc.kml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_a_kmz_is_read_as_its_kml(tmp_path: Path) -> None:
    data = kmz((FIXTURES / "places.kml").read_bytes())
    assert binary_format(data) == "kml"
    rows = list(FORMATS["kml"](written(tmp_path, data, "p.kmz"), "p.kmz", None).rows())
    assert [row.event is not None for row in rows] == [True, True, True, False, True]


KML = b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>%s</Document></kml>'
MARK = b"<Placemark><name>%s</name><Point><coordinates>1,2</coordinates></Point></Placemark>"
BOMB = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (kmz(b" " * 20_000_000 + KML % MARK), "would unpack to 20,000,"),
        (kmz(b"x", "other.txt"), "without a .kml in it"),
        (kmz(KML % MARK)[:-30], "is damaged"),
        (b'<!DOCTYPE kml [<!ENTITY e0 "ha">' + BOMB + b"]>" + KML % (MARK % b"&e11;"), "declares entities"),
        (b'<!DOCTYPE kml [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + KML % (MARK % b"&e;"), "declares entities"),
        (KML % (b"<Folder>" * 5_000), "is not whole XML"),
        (KML % (b"<Placemark>" + b"<a/>" * 501 + b"</Placemark>"), "more than 500 others in one feature"),
        (KML % b"<Placemark><name>Cut", "is not whole XML"),
        (KML % b"", "holds no feature"),
    ],
    ids=["bomb", "no kml", "cut off", "entities", "a file", "deep", "crowded", "not closed", "empty"],
)
def test_kml_made_to_exhaust_or_broken_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, message: str
) -> None:
    monkeypatch.setattr(xmlstream, "MOST_INSIDE", 500)
    with pytest.raises(UsageError) as caught:
        list(FORMATS["kml"](written(tmp_path, data, "k.kml"), "k.kml", None).rows())
    assert message in str(caught.value)


def test_a_kmz_that_lies_about_its_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kml, "MOST_KML_BYTES", 300)
    data = kmz(KML % (MARK * 20))
    lying = data.replace((len(KML % (MARK * 20))).to_bytes(4, "little"), (200).to_bytes(4, "little"))
    with pytest.raises(UsageError, match=r"is damaged|unpacks to more"):
        list(FORMATS["kml"](written(tmp_path, lying, "k.kmz"), "k.kmz", None).rows())


def test_waypoints() -> None:
    source = FORMATS["gpx"](FIXTURES / "way.gpx", "way.gpx", None)
    crater, broken = source.rows()
    found = event(crater)
    assert (found.title, found.event_type, str(found.when)) == ("Crater", "Shelling", "2031-03-02")
    assert found.sources[0].url == "https://example.org/crater"
    assert found.properties == {
        "ele": "110", "start_time": "2031-03-02T08:15:00Z", "link_text": "Photo", "sym": "Flag", "depth": "2",
    }  # fmt: skip
    assert "lat='north' is not in degrees" in messages(broken)
    assert "tracks and routes (1) were passed over" in source.notes[0]


def test_timemap_with_its_sources_and_associations() -> None:
    school, bridge, unplaced = fixture("timemap.json", "timemap")
    found = event(school)
    assert (found.title, found.quote) == ("A shell hit the school", "A shell hit the school. Nobody was inside.")
    assert (str(found.when), found.event_type, found.tags) == ("2031-03-02", "School", ("Cluster munition",))
    assert [(source.url, source.title) for source in found.sources] == [
        ("https://example.org/film", "A film of it"), ("", "s9"),
    ]  # fmt: skip
    assert event(bridge).when is None
    assert "is in no calendar" in messages(bridge)
    assert (event(unplaced).place, event(unplaced).properties["place"]) == (None, "Gamma")


def test_timemap_as_a_list_with_filters() -> None:
    (row,) = fixture("timemap_list.json", "timemap")
    found = event(row)
    assert (found.event_id, str(found.when), lon_lat(row)) == ("CIV7", "2031-03-02", (37.5, 48.5))
    assert found.properties["Type of area affected"] == "Residential; School"
    assert [(source.url, source.title) for source in found.sources] == [("https://example.org/7", "A post")]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is not JSON"), ('{"events": 1}', "is not a TimeMap file"), ("[" * 99_999, "is not JSON")],
)
def test_what_is_no_timemap_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        FORMATS["timemap"](written(tmp_path, text, "t.json"), "t.json", None)


def test_a_calendar() -> None:
    march, days, bad, cut = fixture("calendar.ics", "ical")
    found = event(march)
    assert (found.event_id, found.title) == ("c1@example.org", "March through Alpha, with music")
    assert found.quote == "A long line that is folded because it is long."
    assert (str(found.when), lon_lat(march)) == ("2031-03-02/2031-03-03", (37.5, 48.5))
    assert found.properties["start_time"] == "2031-03-02T23:00:00+02:00"
    assert (found.event_type, found.tags, found.actors) == (
        "Peaceful protest", ("Peaceful protest", "Music"), ("mayor@example.org",),
    )  # fmt: skip
    assert "taken once, on its first day" in messages(march)
    assert found.properties["x-colour"] == "red"
    assert str(event(days).when) == "2031-03-04/2031-03-05"
    assert (event(bad).when, event(bad).place) == (None, None)
    assert event(bad).properties["DTSTART_as_given"] == "20310399"
    assert {remark.column for remark in bad.changes} == {"DTSTART", "GEO"}
    assert cut.event is None
    assert [row.line for row in (march, days, bad, cut)] == [7, 22, 28, 34]


def test_feed_items_that_say_where_are_events_and_others_are_named() -> None:
    flood, quake, storm, somewhere, story, broken = fixture("georss.xml", "georss")
    found = event(flood)
    assert (found.event_id, found.title, found.quote) == ("alert-1", "Flood in Alpha", "Water rose.")
    assert (str(found.when), found.event_type) == ("2031-03-02", "Natural disaster")
    assert (found.sources[0].publisher, found.sources[0].published) == ("Example alerts", date(2031, 3, 2))
    assert found.properties["severity"] == "Orange"
    assert [lon_lat(row) for row in (flood, quake, storm, somewhere)] == [
        (37.5, 48.5), (37.6, 48.6), (37.5, 48.5), (37.7, 48.7),
    ]  # fmt: skip
    place = event(storm).place
    assert place is not None
    assert place.precision is Precision.REGION
    assert "--format feed reads this feed as stories" in messages(story)
    assert broken.event is None


@pytest.mark.parametrize(("placed", "expected"), [(0, ""), (1, ""), (2, "georss"), (3, "georss")])
def test_a_feed_is_of_events_where_most_items_say_where(placed: int, expected: str) -> None:
    items = ["<item><title>x</title><georss:point>1 2</georss:point></item>"] * placed + [
        "<item><title>y</title></item>"
    ] * (3 - placed)
    assert text_format(f"<rss><channel>{''.join(items)}</channel></rss>") == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("linked_places.geojson", "geojson"), ("lines.geojsonl", "geojsonl"), ("places.kml", "kml"), ("way.gpx", "gpx"),
        ("timemap.json", "timemap"), ("calendar.ics", "ical"), ("georss.xml", "georss"),
    ],
)  # fmt: skip
def test_a_receipt_of_features_can_be_mended_and_sent_again(tmp_path: Path, name: str, kind: str) -> None:
    source = FORMATS[kind](FIXTURES / name, name, None)
    receipt = ReceiptFile(source.columns, tmp_path)
    rows = list(source.rows())
    for row in rows:
        receipt(row, Outcome.CHANGED if row.event else Outcome.REJECTED)
    again = open_rows(receipt.write(tmp_path / "r.csv", name, ImportReceipt("i1", rows=len(rows), added=1)))
    changed = [row.event for row in rows if row.event and row.changes]
    found = {row.event.event_id: row.event for row in again.rows() if row.event}
    assert [found[each.event_id] for each in changed] == changed


def frame() -> Any:
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import LineString, Point

    return geopandas.GeoDataFrame(
        {"title": ["Fire", "Way", "Nowhere"], "date": ["2031-03-02", "2031-03", "2031"], "count": [1, 2, None]},
        geometry=[Point(37.5, 48.5), LineString([(30, 50), (30.01, 50.01)]), None],
        crs="EPSG:4326",
    )


FILES = {"GPKG": "e.gpkg", "FlatGeobuf": "e.fgb", "Parquet": "e.parquet", "ESRI Shapefile": "e.shp.zip"}


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32637"])
@pytest.mark.parametrize("driver", FILES)
def test_files_of_maps(tmp_path: Path, driver: str, crs: str) -> None:
    data = frame().to_crs(crs)
    if driver == "ESRI Shapefile":
        data = data[data.geometry.isna() | (data.geometry.geom_type == "Point")]  # one kind of geometry a file
    path = tmp_path / FILES[driver]
    if driver == "Parquet":
        data.to_parquet(path)
    else:
        options = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}  # its index takes no empty geometry
        data.to_file(path, driver=driver, **options)
    assert binary_format(path.read_bytes()[:200_000]) == "spatial"
    source = FORMATS["spatial"](path, path.name, None)
    rows = sorted(source.rows(), key=lambda row: event(row).title)
    assert [event(row).title for row in rows] == ["Fire", "Nowhere", "Way"][: len(rows)]
    assert lon_lat(rows[0]) == (37.5, 48.5)
    assert (str(event(rows[0]).when), event(rows[1]).place) == ("2031-03-02", None)
    assert float(event(rows[0]).properties["count"]) == 1
    assert bool(source.notes) == (crs != "EPSG:4326")
    assert source.done_bytes == source.total_bytes > 0


def test_of_several_layers_one_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "l.gpkg"
    frame().to_file(path, layer="fires", driver="GPKG")
    frame().to_file(path, layer="ways", driver="GPKG")
    source = FORMATS["spatial"](path, "l.gpkg", None)
    assert [option.value for option in source.questions[0].options] == ["fires", "ways"]
    with pytest.raises(NeedsAnswer, match=r"2 layers.*--sheet fires, or --sheet ways"):
        source.rows()
    assert len(list(FORMATS["spatial"](path, "l.gpkg", ColumnMapping(sheet="ways")).rows())) == 3
    with pytest.raises(UsageError, match="has no layer 'x'; it has: fires, ways"):
        FORMATS["spatial"](path, "l.gpkg", ColumnMapping(sheet="x"))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_shapefile_without_a_prj_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "s.zip"
    data = frame()[:1].set_crs(None, allow_override=True)
    data.to_file(tmp_path / "s.shp")
    with zipfile.ZipFile(path, "w") as archive:
        for part in tmp_path.glob("s.[sd]*"):
            archive.write(part, f"folder/{part.name}")
    source = FORMATS["spatial"](path, "s.zip", None)
    assert [(question.key, question.suggested) for question in source.questions] == [("crs", "EPSG:4326")]
    (row,) = FORMATS["spatial"](path, "s.zip", ColumnMapping(crs="EPSG:4326")).rows()
    assert lon_lat(row) == (37.5, 48.5)


def test_files_that_are_no_map_files_are_refused(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet as pq

    pq.write_table(pyarrow.table({"a": [1]}), tmp_path / "plain.parquet")
    swollen = kmz(b"\0" * 30_000_000, "layer.shp")
    cases = [
        ((tmp_path / "plain.parquet").read_bytes(), "without the metadata of GeoParquet"),
        (b"PAR1" + b"x" * 100, "cannot be read as Parquet"),
        (b"fgb\x03fgb\x00" + b"x" * 100, "cannot be read as FlatGeobuf"),
        (swollen, "would unpack to 30,000,000 bytes"),
        (kmz(b"x", "readme.txt"), "is none of the map files"),
        (b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>", "is none of"),
    ]  # fmt: skip
    for data, message in cases:
        with pytest.raises(UsageError) as caught:
            list(FORMATS["spatial"](written(tmp_path, data, "f.bin"), "f.bin", None).rows())
        assert message in str(caught.value)


def test_a_coders_feature_is_reviewed_and_our_own_export_stays_what_it_was(tmp_path: Path) -> None:
    own = point(title="A", event_type="Battles", source_url=None, status="draft", precision="near", radius_m=5.0)
    for each in FORMATS["geojson"](collection(tmp_path, [point(title="B"), own]), "t", None).rows():
        found = event(each)
        assert found.status is (Status.DRAFT if found.title == "A" else Status.REVIEWED)
        assert found.place
        assert found.place.radius_m == (5 if found.title == "A" else 0)
