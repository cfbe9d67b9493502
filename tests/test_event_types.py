"""The taxonomy files: complete, legible on both maps, and bad files named."""

import itertools
from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.event_types import LANGUAGES, load_event_types
from geodata.extract.lexicon import compile_english, compile_stems

LIGHT_LAND, DARK_LAND = "#f3f1ec", "#1d242b"
COUNTS = {
    "Battles": 3,
    "Explosions/Remote violence": 6,
    "Violence against civilians": 3,
    "Protests": 3,
    "Riots": 2,
    "Strategic developments": 8,
    "Disaster": 2,
    "Crime": 1,
    "Diplomacy": 1,
}
GOOD = (
    'name = "Weather"\norder = 95\ndefinition = "Rain."\nsymbol = "drop"\ncolour = "#112233"\ncolour_dark = "#ccddee"\n'
    '[[sub_type]]\nname = "Rain"\ndefinition = "It rains."\n[sub_type.keywords]\nen = ["rain/n"]\n'
)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_thirty_odd_sub_types_are_there() -> None:
    assert {name: len(item.sub_types) for name, item in load_event_types().items()} == COUNTS
    assert list(load_event_types()) == list(COUNTS)


def test_every_sub_type_has_words_and_a_definition() -> None:
    for item in load_event_types().values():
        for sub in item.sub_types.values():
            assert len(sub.definition) > 20
            assert all(sub.keywords.get(code) for code in LANGUAGES) or sub.name == "Other"


def test_every_keyword_compiles() -> None:
    assert sum(map(len, compile_english(load_event_types()).values())) > 300
    assert all(compile_stems(load_event_types(), code) for code in ("uk", "ru"))


def test_colours_can_be_seen_and_symbols_differ() -> None:
    types = load_event_types().values()
    for item in types:
        assert contrast(item.colour, LIGHT_LAND) >= 3, item.name
        assert contrast(item.colour_dark, DARK_LAND) >= 3, item.name
    for one, other in itertools.combinations(types, 2):
        assert one.symbol != other.symbol
        assert one.colour != other.colour


def test_a_project_adds_its_own_type(tmp_path: Path) -> None:
    (tmp_path / "weather.toml").write_text(GOOD, encoding="utf-8")
    types = load_event_types(tmp_path)
    assert list(types)[-1] == "Weather"
    assert types["Weather"].sub_types["Rain"].keywords == {"en": ("rain/n",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "not TOML"),
        (GOOD.replace('definition = "Rain."\n', ""), "definition"),
        (GOOD.replace("#112233", "blue"), "#rrggbb"),
        (GOOD.replace("order = 95", 'order = "last"'), "whole number"),
        (GOOD + 'shape = "x"\n', "shape"),
        (GOOD.replace("order = 95", "order = 95\nsymbl = 1"), "symbl"),
        (GOOD.replace('["rain/n"]', '"rain"'), "list of words"),
        (GOOD.replace('name = "Rain"', 'name = "Armed clash"'), "Armed clash"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "weather.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_event_types(tmp_path)


@pytest.mark.parametrize("keyword", ["rain/x", "rain/n + <cloud>"])
def test_a_bad_keyword_is_named(tmp_path: Path, keyword: str) -> None:
    (tmp_path / "weather.toml").write_text(GOOD.replace("rain/n", keyword), encoding="utf-8")
    with pytest.raises(UsageError, match="keyword"):
        compile_english(load_event_types(tmp_path))


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        load_event_types(tmp_path / "missing")
