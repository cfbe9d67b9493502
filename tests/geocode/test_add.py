"""Dumps added to a small gazetteer, found in every way, taken out again; and files that are no dumps."""

import contextlib
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.contracts import PlaceRow
from geodata.errors import GeodataError, NotFound, SetupError, UsageError
from geodata.geocode import SqliteGazetteer, gazetteer_info, open_matcher, swap
from geodata.geocode.additions import add_dumps, additions, build_with_additions, library, remove_dump
from geodata.geocode.additions.dump import LONGEST_LINE, look_into, read_name, read_place
from geodata.geocode.additions.shelf import Shelf
from geodata.geocode.build import write_gazetteer
from geodata.geocode.records import NameKind
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.table import TablePlaces
from geodata.geocode.wordlist import names_path
from geodata.model import Document, Precision, Span, Toponym
from tests.geocode.conftest import small_records


def row(number: int, name: str, lon: float, lat: float, **more: str | int) -> str:
    """A row of a country dump: what is not said is as for a village of Ukraine."""
    cells = [str(number), name, str(more.get("ascii", "")), str(more.get("others", "")), str(lat), str(lon)]
    cells += [str(more.get("cls", "P")), str(more.get("code", "PPL")), str(more.get("country", "UA")), ""]
    cells += [str(more.get("admin1", "")), str(more.get("admin2", "")), "", "", str(more.get("people", 0))]
    return "\t".join([*cells, "", "", "Europe/Kyiv", "2024-01-01"])


ROWS = [
    row(701404, "Melitopol", 35.38, 46.85, others="Melitopil-na-Molochnii"),  # there by its id
    row(9001, "Бахмут", 38.0, 48.59, others="Bachmuth", people=90_000),  # there by a name, 600 m away
    row(9002, "Testivka", 38.05, 48.62),  # new, no codes: in Bakhmut's areas
    row(9003, "Velykyi Zrazok", 32.7, 46.7, others="Великий Зразок", people=20_000),
    row(-77, "Primirne", 32.75, 46.72),
    row(9004, "Sample Brook", 38.1, 48.6, cls="H", code="STM"),
    row(9010, "Zrazkova Oblast", 30.0, 51.0, cls="A", code="ADM1", admin1="99"),
    row(9011, "Zrazkovyi Raion", 30.1, 51.0, cls="A", code="ADM2", admin1="99", admin2="7"),
    row(9012, "Kodove", 30.2, 51.1, admin1="99", admin2="7"),
]


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "gazetteer.sqlite"
    path.parent.mkdir()
    write_gazetteer(path, small_records(), "test")
    return path


def dump(folder: Path, rows: list[str], name: str = "UA.zip") -> Path:
    path, text = folder / name, "\n".join(rows) + "\n"
    if path.suffix == ".txt":
        path.write_text(text, encoding="utf-8")
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("readme.txt", "short")
        pack.writestr(f"{path.stem}.txt", text)
    return path


def state(gazetteer: Path) -> tuple[bytes, bytes, list[str]]:
    shelf = Shelf(gazetteer)
    kept = sorted(p.name for p in shelf.folder.glob("*") if p.name.startswith(("UA", "list"))) if shelf.folder else []
    return gazetteer.read_bytes(), names_path(gazetteer).read_bytes(), kept


def test_counts_and_info(gazetteer: Path, tmp_path: Path) -> None:
    before = gazetteer_info(gazetteer)
    [done] = add_dumps(gazetteer, [dump(tmp_path, ROWS)], "Our own, public domain")
    assert (done.rows, done.added, done.merged, done.bad) == (9, 7, 2, 0)
    after = gazetteer_info(gazetteer)
    assert after.places == before.places + 7 == sum(after.counts.values())
    assert after.names == before.names + done.names
    assert additions(gazetteer) == [done]
    assert after.sources[-1]["credit"] == "Our own, public domain"
    SqliteGazetteer(gazetteer).close()


@pytest.mark.parametrize(
    ("name", "place_id", "admin1", "admin2", "precision"),
    [
        ("Testivka", "geonames:9002", "Donetsk Oblast", "Bakhmut Raion", Precision.EXACT),
        ("Великий Зразок", "geonames:9003", "Kherson Oblast", "", Precision.EXACT),
        ("Primirne", "UA:-77", "Kherson Oblast", "", Precision.EXACT),
        ("Sample Brook", "geonames:9004", "Donetsk Oblast", "Bakhmut Raion", Precision.NEAR),
        ("Kodove", "geonames:9012", "Zrazkova Oblast", "Zrazkovyi Raion", Precision.EXACT),
        ("Zrazkovyi Raion", "geonames:9011", "Zrazkova Oblast", "Zrazkovyi Raion", Precision.ADMIN2),
        ("Melitopil-na-Molochnii", "geonames:701404", "Zaporizhzhia Oblast", "", Precision.EXACT),
        ("Bachmuth", "t:bakhmut", "Donetsk Oblast", "Bakhmut Raion", Precision.EXACT),
    ],
)
def test_found_by_search(
    gazetteer: Path, tmp_path: Path, name: str, place_id: str, admin1: str, admin2: str, precision: Precision
) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    place = SqliteGazetteer(gazetteer).search(name)[0].place
    assert (place.place_id, place.admin1, place.admin2, place.precision) == (place_id, admin1, admin2, precision)


def test_found_in_tables_and_texts(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    opened = SqliteGazetteer(gazetteer)
    rows = [PlaceRow("1", "Testivka village", "Donetsk Oblast", "Bakhmut Raion", "Ukraine")]
    [located] = list(TablePlaces(opened).locate(rows))
    assert located.place is not None
    assert located.place.place_id == "geonames:9002"
    text = "Shells fell on Velykyi Zrazok and in Testivka."
    found = [match.name for match in open_matcher(gazetteer).matches(text)]
    assert found == ["Velykyi Zrazok", "Testivka"]
    toponym = Toponym(Span(15, 29), "Velykyi Zrazok", "Velykyi Zrazok")
    [resolved] = GazetteerResolver(opened).resolve([toponym], Document("d", text))
    assert resolved.place is not None
    assert resolved.place.place_id == "geonames:9003"
    nearest = opened.nearest(38.05, 48.62)
    assert nearest is not None
    assert nearest.name == "Testivka"


def test_brooks_are_not_looked_for_in_text(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    assert not open_matcher(gazetteer).matches("We crossed Sample Brook.")


def test_a_population_where_none_was_known_raises_the_place(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, [row(5, "Dribne", 33.0, 47.0)], "A.txt")])
    low = SqliteGazetteer(gazetteer).lookup("dribne")[0]
    add_dumps(gazetteer, [dump(tmp_path, [row(5, "Dribne", 33.0, 47.0, people=5_000)], "B.txt")])
    [high] = SqliteGazetteer(gazetteer).lookup("dribne")
    assert (high.place.population, low.place.population) == (5_000, 0)
    assert high.rank > low.rank


def test_alternate_names(gazetteer: Path, tmp_path: Path) -> None:
    names = [
        "1\t9003\tuk\tЗразкове Місто\t1\t\t\t\t\t",
        "2\t9003\ten\tOld Sample\t\t\t\t1\t\t",
        "3\t9003\tlink\thttps://example.org\t\t\t\t\t\t",
        "4\t123456789\ten\tNowhere\t\t\t\t\t\t",
    ]
    paths = [dump(tmp_path, names, "alternateNamesV2.zip"), dump(tmp_path, ROWS)]
    done = add_dumps(gazetteer, paths)
    assert {entry.name: entry.kind for entry in done} == {"UA": "places", "alternateNamesV2": "names"}
    opened = SqliteGazetteer(gazetteer)
    assert opened.lookup("зразкове місто")[0].place.place_id == "geonames:9003"
    assert opened.lookup("old sample")[0].kind is NameKind.HISTORICAL
    assert not opened.lookup("nowhere")
    assert not opened.lookup("https example org")


def test_remove_leaves_it_as_it_was(gazetteer: Path, tmp_path: Path) -> None:
    before = state(gazetteer)[:2]
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    add_dumps(gazetteer, [dump(tmp_path, [row(9500, "Inshe Misce", 25.0, 49.0)], "other.txt")])
    assert remove_dump(gazetteer, "UA.zip").added == 7
    opened = SqliteGazetteer(gazetteer)
    with pytest.raises(NotFound):
        opened.place("geonames:9002")
    assert opened.place("geonames:9500").name == "Inshe Misce"
    remove_dump(gazetteer, "OTHER")
    assert state(gazetteer)[:2] == before
    assert additions(gazetteer) == []
    with pytest.raises(UsageError, match="added are: nothing"):
        remove_dump(gazetteer, "UA")


def test_a_dump_of_the_same_name_replaces_the_former(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    add_dumps(gazetteer, [dump(tmp_path, ROWS[:3])])
    [entry] = additions(gazetteer)
    assert (entry.rows, entry.added) == (3, 1)
    assert len(list(Shelf(gazetteer).folder.glob("UA-*.zip"))) == 1


def test_a_new_base_gets_the_additions_again(gazetteer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    built: list[Path] = []

    def build(target: Path, **_options: object) -> None:
        built.append(target)
        write_gazetteer(target, small_records(), "newer")

    monkeypatch.setattr(library, "build_gazetteer", build)
    monkeypatch.setattr(library, "fingerprint", lambda: "newer")
    report = build_with_additions(gazetteer)
    assert (report.built, built) == (True, [Shelf(gazetteer).base])
    assert SqliteGazetteer(gazetteer).place("geonames:9002").admin2 == "Bakhmut Raion"
    write_gazetteer(gazetteer, small_records(), "newer")  # somebody built it without its additions
    build_with_additions(gazetteer)
    assert SqliteGazetteer(gazetteer).place("geonames:9002").name == "Testivka"


def test_readers_of_the_old_file_keep_it(gazetteer: Path, tmp_path: Path) -> None:
    opened = SqliteGazetteer(gazetteer)
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    assert not opened.lookup("testivka")
    assert opened.place("geonames:701404").name == "Melitopol"


def test_two_at_once(gazetteer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "SHORT_WAIT_S", 0.05)
    with swap.changing(gazetteer, print), pytest.raises(SetupError, match="another process"):
        add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    assert add_dumps(gazetteer, [dump(tmp_path, ROWS)])


GOOD = [row(n, f"Selo{n}", 30 + n / 1000, 49) for n in range(100, 160)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1\tx", "2 columns instead of 19"),
        (row(1, "", 30, 49), "no name"),
        (row(1, "x" * 10_000, 30, 49), "10,000 characters"),
        (row(1, "a\x07b", 30, 49), "control characters"),
        (row(1, "Far", 200, 49), "longitude '200' is not from"),
        (row(1, "Far", 30, 91), "latitude '91' is not from"),
        (row(1, "Far", float("nan"), 49), "longitude 'nan'"),
        (row(1, "Many", 30, 49, people="many"), "population 'many'"),
        (row(1, "Wide", 30, 49, others="x" * (LONGEST_LINE + 5)), "longer than"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_rest_taken(
    gazetteer: Path, tmp_path: Path, line: str, why: str
) -> None:
    said: list[str] = []
    rows = [*GOOD[:4], line, *GOOD[4:]]
    [done] = add_dumps(gazetteer, [dump(tmp_path, rows)], progress=said.append)
    assert (done.added, done.bad) == (60, 1)
    assert any("line 5: " in text and why in text for text in said)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda p: p.write_bytes(b""), "no whole zip"),
        (lambda p: p.write_bytes(dump(p.parent, GOOD * 50, "x.zip").read_bytes()[:900]), "no whole zip"),
        (
            lambda p: p.write_bytes(_damaged(dump(p.parent, GOOD * 50, "x.zip").read_bytes())),
            "UA breaks off after line",
        ),
        (lambda p: zipfile.ZipFile(p, "w").close(), "holds no .txt"),
        (lambda p: dump(p.parent, ["a,b,c"] * 50), "1 columns"),
        (lambda p: dump(p.parent, [*GOOD, *["1\tx"] * 30]), "21 of 81 rows"),
        (lambda p: dump(p.parent, [row(1, "", 30, 49)]), "1 of 1 rows"),
        (lambda p: dump(p.parent, [""]), "holds no rows"),
        (lambda p: p.mkdir(), "no file"),
    ],
)
def test_a_file_that_is_no_dump_changes_nothing(gazetteer: Path, tmp_path: Path, make: object, why: str) -> None:
    before, path = state(gazetteer), tmp_path / "UA.zip"
    make(path)  # type: ignore[operator]
    with pytest.raises(UsageError) as caught:
        add_dumps(gazetteer, [path])
    assert why in str(caught.value)
    assert state(gazetteer) == before
    assert additions(gazetteer) == []
    assert not list(gazetteer.parent.glob("*.building*"))


def _damaged(content: bytes) -> bytes:
    """The same zip with bytes of its table overwritten, its directory whole."""
    middle = len(content) // 2
    return content[:middle] + b"\xff" * 40 + content[middle + 40 :]


def test_bom_latin_1_and_utf_16(gazetteer: Path, tmp_path: Path) -> None:
    text = "\r\n".join(GOOD)
    path = tmp_path / "bom.txt"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    [done] = add_dumps(gazetteer, [path])
    assert (done.added, done.bad) == (60, 0)
    path.write_bytes("\n".join(row(n, f"Bärnö{n}", 30, 49) for n in range(1, 40)).encode("latin-1"))
    with pytest.raises(UsageError, match=r"line 1: no UTF-8 .*Latin-1"):
        add_dumps(gazetteer, [path])
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(UsageError, match="UTF-16"):
        add_dumps(gazetteer, [path])


@pytest.mark.parametrize("name", ["a b.zip", "..", "x;y.txt", "q" * 90 + ".txt"])
def test_names_that_are_refused(gazetteer: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        add_dumps(gazetteer, [tmp_path / name])


def test_without_a_gazetteer(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="make setup"):
        add_dumps(tmp_path / "none.sqlite", [dump(tmp_path, ROWS)])


def test_a_broken_list_is_told(gazetteer: Path, tmp_path: Path) -> None:
    add_dumps(gazetteer, [dump(tmp_path, ROWS)])
    (Shelf(gazetteer).folder / "list.json").write_text(json.dumps([{"odd": 1}]), encoding="utf-8")
    with pytest.raises(SetupError, match="list of additions"):
        additions(gazetteer)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300) | st.lists(st.text(max_size=8), max_size=22).map(lambda cells: "\t".join(cells).encode())
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for read in (read_place, read_name):
        with contextlib.suppress(ValueError):
            read(content)
    path = tmp_path / "any.txt"
    path.write_bytes(content)
    with contextlib.suppress(GeodataError):
        look_into(path)
