"""Searching for a place by a misspelled name, and what a place lies in."""

import pytest

from geodata.errors import NotFound
from geodata.geocode import SqliteGazetteer
from geodata.geocode.readers.chinese import _SIMPLIFIED, _TRADITIONAL, simplified
from geodata.geocode.records import NameKind
from geodata.geocode.typos import alike


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Khreson", "Kherson"),  # exchanged
        ("Hkerson", "Kherson"),  # exchanged at the beginning
        ("Kheson", "Kherson"),  # left out
        ("Khersson", "Kherson"),  # doubled
        ("Xherson", ""),  # another first letter: what else begins so is too much to compare
        ("Melitpol", "Melitopol"),
        ("Мелитпооль", "Melitopol"),
        ("Бахмтт", "Bakhmut"),
        ("Kxyzqw", ""),
        ("Khe", "Kherson"),  # a beginning, not a slip
    ],
)
def test_a_slip_or_two_are_forgiven(small: SqliteGazetteer, asked: str, name: str) -> None:
    found = small.search(asked)
    assert (found[0].place.name.split()[0] if found else "") == name


def test_a_misspelled_name_is_told_and_less_sure(small: SqliteGazetteer) -> None:
    [meant, right] = [small.search(name)[0] for name in ("Melitpol", "Melitopol")]
    assert meant.reasons[0].startswith("spelled much like it (")
    assert meant.score < right.score


@pytest.mark.parametrize("key", ["", "a", "abc", "x" * 10_000, "\x00" * 8, "ав" * 4])
def test_any_key_is_answered(small: SqliteGazetteer, key: str) -> None:
    assert alike(small._db(), key, 5) == []


def test_a_place_lies_in_its_areas_and_country(small: SqliteGazetteer) -> None:
    place = small.search("Bakhmut")[0].place
    assert [area.name for area in small.above(place.place_id)] == ["Bakhmut Raion", "Donetsk Oblast", "Ukraine"]
    assert small.above(small.search("Ukraine")[0].place.place_id) == ()
    assert ("bakhmut", NameKind.NAME) in small.names(place.place_id)
    with pytest.raises(NotFound):
        small.above("t:none")


def test_each_traditional_character_has_another_simplified_one() -> None:
    assert len(_TRADITIONAL) == len(_SIMPLIFIED) == len(set(_TRADITIONAL))
    assert not set(_TRADITIONAL) & set(_SIMPLIFIED)
    assert simplified("基輔 Kyiv 頓涅茨克") == "基辅 Kyiv 顿涅茨克"
