"""Rows of tables -> places; phrases read; never another country."""

import pytest

from geodata.contracts import PlaceRow
from geodata.geocode.phrases import moved, read_phrase
from geodata.geocode.table import TablePlaces
from geodata.geometry import distance_m
from geodata.model import Precision, Resolution


def locate(table: TablePlaces, place: str, admin1: str = "", admin2: str = "", country: str = "") -> Resolution:
    return next(table.locate([PlaceRow("1", place, admin1, admin2, country)]))


@pytest.mark.parametrize(
    ("text", "name", "level", "near"),
    [
        ("Sloviansk town", "Sloviansk", None, False),
        ("Lviv oblast", "Lviv", Precision.ADMIN1, False),
        ("Marte lga", "Marte", Precision.ADMIN2, False),
        ("State of Texas", "Texas", Precision.ADMIN1, False),
        ("village near Bakhmut", "Bakhmut", None, True),
        ("near the village of Bakhmut", "Bakhmut", None, True),
        ("Husayn/Al-Huseen village", "Husayn", None, False),
        ("Chuhuiv, south of Kharkiv", "Chuhuiv", None, False),
        ("Langtang South lga", "Langtang South", Precision.ADMIN2, False),
        ("Bwari Area Council", "Bwari", Precision.ADMIN2, False),
        ("Romero muncipality", "Romero", Precision.ADMIN2, False),
        ("Deir ez Zor airport", "Deir ez Zor", None, True),
        ("Northeastern Homs Governorate", "Homs", Precision.ADMIN1, True),
        ("Saw - Kyaukhtu highway", "Saw", None, True),
        ("5 km NNW of The Geysers, CA", "The Geysers", None, True),
        ("town", "town", None, False),
    ],
)
def test_phrases(text: str, name: str, level: Precision | None, near: bool) -> None:
    phrase = read_phrase(text)
    assert (phrase.names[0], phrase.level, phrase.near) == (name, level, near)


@pytest.mark.parametrize("text", ["", "  ", ",", "\t\n"])
def test_phrases_of_nothing(text: str) -> None:
    assert not any(read_phrase(text).names)


@pytest.mark.parametrize(
    ("row", "place_id", "precision"),
    [
        (("Sloviansk town", "Donetsk oblast", "", "Ukraine"), "t:sloviansk", "exact"),
        (("Slavyansk", "Donetsk oblast", "", "Ukraine"), "t:sloviansk", "exact"),
        (("Kherson", "", "", "UA"), "t:kherson", "exact"),
        (("Kherson oblast", "", "", "Ukraine"), "t:kh", "admin1"),
        (("Paris", "Texas", "", "United States"), "t:paristx", "exact"),
        (("Paris, Texas", "", "", ""), "t:paristx", "exact"),
        (("Paris", "", "", ""), "t:paris", "exact"),
        (("village near Bakhmut", "", "", "Ukraine"), "t:bakhmut", "near"),
        (("Nosuchplace village", "Donetsk oblast", "Artemivsk raion", "Ukraine"), "t:bk2", "admin2"),
        (("Nosuchplace village", "Donetsk oblast", "", "Ukraine"), "t:dn", "admin1"),
        (("Nosuchplace village", "", "", "DR Congo (Zaire)"), "t:cd", "country"),
        (("Paris", "", "", "Ukraine"), "t:ua", "country"),
        (("Melitopal", "", "", "Ukraine"), "geonames:701404", "exact"),
        (("Bakhmut, south of Kharkiv", "", "", "Ukraine"), "t:bakhmut", "exact"),
        (("Kherson, Kherson Oblast", "", "", ""), "t:kherson", "exact"),
        (("Savannah, Georgia", "", "", "United States"), "t:savannah", "exact"),
        (("Kharkiv dam", "", "", "Ukraine"), "t:kharkiv", "near"),
        (("Nosuchplace", "Zaporizhzhia oblast", "Bakhmut Raion", "Ukraine"), "t:bk2", "admin2"),
        (("Nosuchplace", "Crimea", "Bakhmut Raion", "Ukraine"), "t:cri", "admin1"),
        (("Nosuchplace", "Zaporizhzhia Oblast", "Nosuch Raion", "Ukraine"), "t:zp", "admin1"),
        (("", "Donetsk oblast", "", "Ukraine"), "t:dn", "admin1"),
    ],
)
def test_rows(table: TablePlaces, row: tuple[str, str, str, str], place_id: str, precision: str) -> None:
    found = locate(table, *row)
    assert found.place is not None
    assert (found.place.place_id, found.place.precision) == (place_id, precision)
    assert 0 < found.confidence <= 1
    assert found.note


@pytest.mark.parametrize(
    "row",
    [
        ("", "", "", ""),
        ("Nosuchplace", "", "", ""),
        ("Paris", "", "", "Atlantis"),
        ("x" * 10_000, "", "", ""),
        ("\x00\x01", "", "", ""),
    ],
)
def test_nothing_found_is_an_answer(table: TablePlaces, row: tuple[str, str, str, str]) -> None:
    found = locate(table, *row)
    assert found.place is None
    assert found.note


def test_an_offset_moves_the_point(table: TablePlaces) -> None:
    found = locate(table, "5 km NNW of The Geysers, CA", country="United States")
    assert found.place is not None
    assert found.place.precision is Precision.NEAR
    assert distance_m(-122.76, 38.78, found.place.lon, found.place.lat) == pytest.approx(5_000, rel=0.01)
    assert found.place.lat > 38.78
    assert found.place.lon < -122.76


def test_moving_crosses_the_antimeridian() -> None:
    lon, lat = moved(179.9, 0, 50_000, 90)
    assert lon == pytest.approx(-179.65, abs=0.01)
    assert lat == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("surer", "less_sure"),
    [
        (("Melitopol", "", "", "Ukraine"), ("Melitopal", "", "", "Ukraine")),
        (("Bakhmut", "Donetsk oblast", "Bakhmut Raion", "Ukraine"), ("Bakhmut", "", "", "")),
        (("Bakhmut Raion", "Donetsk oblast", "Bakhmut Raion", "Ukraine"), ("Nosuch", "", "Bakhmut Raion", "Ukraine")),
        (("Nosuch", "", "Bakhmut Raion", "Ukraine"), ("Nosuch", "Donetsk oblast", "", "Ukraine")),
        (("Nosuch", "Donetsk oblast", "", "Ukraine"), ("Nosuch", "", "", "Ukraine")),
        (("Kherson", "", "", "Ukraine"), ("Springfield", "", "", "")),
    ],
)
def test_confidence_falls_with_what_is_known(
    table: TablePlaces, surer: tuple[str, ...], less_sure: tuple[str, ...]
) -> None:
    assert 1 >= locate(table, *surer).confidence > locate(table, *less_sure).confidence >= 0


def test_a_stand_in_is_never_sure_and_names_what_was_not_found(table: TablePlaces) -> None:
    found = locate(table, "Nosuchplace village", "Donetsk oblast", "Bakhmut Raion", "Ukraine")
    assert found.confidence <= 0.8
    assert found.candidates == ()
    assert found.note == "'Nosuchplace' was not found in Bakhmut Raion; the middle of this second level area"


def test_one_row_or_many_give_the_same(table: TablePlaces) -> None:
    rows = [
        PlaceRow(str(n), name, country="Ukraine") for n, name in enumerate(["Kyiv", "Kherson", "Bahkmut", ""] * 300)
    ]
    together = list(table.locate(rows))
    assert together[:4] == [next(table.locate([row])) for row in rows[:4]]
    assert [found.place for found in together] == [found.place for found in together[:4]] * 300


def test_rows_keep_their_order(table: TablePlaces) -> None:
    rows = [PlaceRow(str(n), name) for n, name in enumerate(["Kyiv", "", "Paris"])]
    names = [found.place.name if found.place else None for found in table.locate(rows)]
    assert names == ["Kyiv", None, "Paris"]
