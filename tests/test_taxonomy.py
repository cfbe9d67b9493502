"""A table's own words for what happened, put to the taxonomy."""

import csv
from pathlib import Path

import pytest

from geodata.errors import UsageError
from geodata.event_types import load_event_types
from geodata.model import Event, Place
from geodata.taxonomy import FALLBACK, check_type, classified, titled
from geodata.taxonomy import names as free_names

TYPES = load_event_types()
SHELLING = ("Explosions/Remote violence", "Shelling/artillery/missile attack")


@pytest.mark.parametrize(
    ("given", "expected", "noted"),
    [
        (("Battles", "Armed clash"), ("Battles", "Armed clash"), False),
        (("battles", "armed CLASH"), ("Battles", "Armed clash"), False),
        (("Armed clash", ""), ("Battles", "Armed clash"), False),
        (("", "Armed clash"), ("Battles", "Armed clash"), False),
        (("Riots", ""), ("Riots", ""), False),
        (("Riots", "Armed clash"), ("Riots", ""), True),
        (("Picnic", ""), ("Strategic developments", "Other"), True),
        (("", ""), ("Strategic developments", "Other"), True),
        (("shelling", ""), SHELLING, False),
        (("Kinetic", "Обстріли"), SHELLING, False),
        (("Missile strikes on a market", ""), SHELLING, False),
        (("Airstrike", ""), ("Explosions/Remote violence", "Air/drone strike"), False),
        (("drone attack", ""), ("Explosions/Remote violence", "Air/drone strike"), False),
        (("غارة جوية", ""), ("Explosions/Remote violence", "Air/drone strike"), False),
        (("IED", ""), ("Explosions/Remote violence", "Remote explosive/landmine/IED"), False),
        (("Shelling / airstrike", ""), ("Explosions/Remote violence", ""), False),
        (("Explosions/Remote violence", "IED"), ("Explosions/Remote violence", "Remote explosive/landmine/IED"), False),
        (("Battles", "IED"), ("Battles", ""), True),
        (("Floods", ""), ("Disaster", "Natural disaster"), False),
        (("Überschwemmung", ""), ("Disaster", "Natural disaster"), False),
        (("shelling and protest", ""), ("Strategic developments", "Other"), True),
        (("bomb threat", ""), ("Strategic developments", "Other"), True),
        (("ceasefire violation", ""), ("Strategic developments", "Other"), True),
        (("A shell hit the house of a man who had gone to the market in the town", ""), FALLBACK, True),
    ],
)
def test_types_are_matched_and_none_is_lost(given: tuple[str, str], expected: tuple[str, str], noted: bool) -> None:
    made = classified(Event("e", *given), TYPES)
    assert (made.event_type, made.sub_event_type) == expected
    assert bool(made.notes) is noted
    check_type(made, TYPES)
    said = " ".join((made.event_type, made.sub_event_type, made.properties.get("type_as_given", ""))).casefold()
    assert all(text.casefold() in said for text in given)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Event("e", "Picnic"), "event type 'Picnic' is unknown; accepted: Battles"),
        (Event("e", "Riots", "Armed clash"), "'Armed clash' is no sub-type of Riots; accepted:"),
    ],
)
def test_what_a_person_saves_must_be_of_the_taxonomy(event: Event, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_type(event, TYPES)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (Event("e", "Riots", title="Own"), "Own"),
        (Event("e", "Riots"), "Riots"),
        (Event("e", "Riots", "Mob violence", place=Place("Kyiv", 30.5, 50.4)), "Mob violence: Kyiv"),
        (Event("e", "Riots", properties={"type_as_given": "melee", "place": "Kyiv"}), "melee: Kyiv"),
    ],
)
def test_no_event_goes_without_a_title(event: Event, title: str) -> None:
    assert titled(event).title == title


def test_every_name_is_of_a_type_and_of_one_alone() -> None:
    with (Path(free_names.__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        check_type(Event("e", row["event_type"], row["sub_event_type"]), TYPES)
    names = [name.removeprefix("=") for row in rows for name in row["names"].split("|")]
    assert len(names) == len(set(names)) > 400
