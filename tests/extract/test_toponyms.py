"""What is a place name, in which form, and what the words around say of it."""

import pytest


def names(made) -> list[str]:
    return [toponym.name for toponym in made.toponyms]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor of Melitopol spoke.", ["Melitopol"]),
        ("Melitopol's museum was looted.", ["Melitopol"]),
        ("Russian and Ukrainian officers met.", []),
        ("General Reading spoke to Ms London.", []),
        ("They fought in March near Bakhmut.", ["Bakhmut"]),
        ("Reading is a pleasure.", []),
        ("Kherson was quiet.", ["Kherson"]),
        ("They came to the village of Al-Dalwa at night.", ["Al-Dalwa"]),
        ("Shells fell in the Kherson region.", ["Kherson region"]),
        ("They were mistaken for rebels in Sana Gul, Borno State, and shot.", ["Sana Gul", "Borno State"]),
    ],
)
def test_names(read, text: str, expected: list[str]) -> None:
    assert names(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Shells fell near Bakhmut.", True),
        ("Shells fell on the outskirts of Bakhmut.", True),
        ("Shells fell in a Kherson suburb.", True),
        ("Shells fell 5 km south of Bakhmut.", True),
        ("Shells fell in Bakhmut.", False),
        ("Вибух поблизу Бахмута, кажуть люди.", True),
        ("Вибух у Бахмуті, кажуть люди.", False),
    ],
)
def test_near(read, text: str, near: bool) -> None:
    (toponym,) = read(text).toponyms
    assert toponym.near is near


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("He lives in Paris, Texas.", ("Texas",)),
        ("Kherson, a city in southern Ukraine, was shelled.", ("Ukraine",)),
        ("Kherson, Bakhmut and Lviv were shelled.", ()),
        ("Kherson was shelled.", ()),
        ("Police in Dobra, Izium District, Kharkiv Region, spoke.", ("Izium District", "Kharkiv Region")),
        ("Police in Dobra, in Nigeria's Borno State, spoke.", ("Borno State", "Nigeria")),
        ("Police in Dobra, Izium District, and Kharkiv Region spoke.", ()),
    ],
)
def test_context(read, text: str, context: tuple[str, ...]) -> None:
    assert read(text).toponyms[0].context == context
