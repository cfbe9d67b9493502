"""Names of stories written otherwise than in the gazetteer."""

import pytest

from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.similar import SimilarByCountry, SimilarNames, skeleton
from geodata.model import Document, Resolution, Span, Toponym


def last_of(resolver: GazetteerResolver, text: str, *names: str) -> Resolution:
    spans = [Span(text.index(name), text.index(name) + len(name)) for name in names]
    toponyms = [Toponym(span, name, name) for span, name in zip(spans, names, strict=True)]
    return resolver.resolve(toponyms, Document("d", text))[-1]


@pytest.mark.parametrize(
    ("written", "place_id"),
    [
        ("Melitopal", "geonames:701404"),
        ("Melitpol", "geonames:701404"),
        ("Slovianskk", "t:sloviansk"),
        ("Mellow", None),
        ("Kyyiv", None),  # too short to tell
        ("Paryss", None),  # not in a country that the text speaks of
        ("Melitopal Street Market Hall", None),
    ],
)
def test_a_slip_of_the_pen_is_found_where_the_story_is(
    resolver: GazetteerResolver, written: str, place_id: str | None
) -> None:
    found = last_of(resolver, f"In Ukraine, troops left {written}.", "Ukraine", written)
    assert (found.place and found.place.place_id) == place_id


def test_it_is_less_sure_and_says_so(resolver: GazetteerResolver) -> None:
    right = last_of(resolver, "In Ukraine, troops left Melitopol.", "Ukraine", "Melitopol")
    slip = last_of(resolver, "In Ukraine, troops left Melitopal.", "Ukraine", "Melitopal")
    assert 0 < slip.confidence < right.confidence
    assert "spelled like Melitopol" in slip.candidates[0].reasons


def test_nothing_is_guessed_where_no_country_is_named(resolver: GazetteerResolver) -> None:
    assert last_of(resolver, "Troops left Melitopal.", "Melitopal").place is None


@pytest.mark.parametrize(
    ("one", "other"), [("dayr hafir", "deir hafer"), ("ash shaddadah", "al shadadah"), ("kharkhiv", "karkiv")]
)
def test_names_that_sound_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_similar_names_are_looked_for_in_the_first_area_that_has_any() -> None:
    rows = [
        ("bakhmut", 1, 0, 10, 11),
        ("bahmutivka", 2, 0, 10, 12),
        ("bakhmutske", 3, 0, 20, 21),
        ("київ", 4, 0, 10, 0),
    ]
    names = SimilarNames(rows)
    assert names.alike("bakmut") == [(100.0, 1)]
    assert names.alike("bakmut", (21, 10)) == [(100.0, 1)]
    assert names.alike("bakmutske", (12, 20)) == [(100.0, 3)]
    assert names.alike("bakmut", (12,)) == []
    assert names.alike("ba") == []


def test_the_towns_that_begin_so(small: SqliteGazetteer) -> None:
    assert {name for name, _ in small.towns_beginning("UA", "kh")} == {"kherson", "kharkiv"}
    assert small.towns_beginning("FR", "kh") == []


def test_looking_ahead_finds_what_looking_up_does(small: SqliteGazetteer) -> None:
    keys = ["paris", "kherson", "nosuchplace", ""]
    one_by_one = [SqliteGazetteer(small.path).lookup(key) for key in keys]
    ahead = SqliteGazetteer(small.path)
    ahead.look_ahead(keys)
    assert [ahead.lookup(key) for key in keys] == one_by_one


def test_names_of_countries_are_kept_while_there_is_room_and_those_asked_for_last_stay() -> None:
    asked: list[str] = []

    class Names:
        def country_places(self, country: str, features: str) -> list[tuple[str, int, int, int, int]]:
            asked.append(country)
            return [(f"{country.lower()}town{letter}", 1, 0, 0, 0) for letter in "bcd"]

    similar = SimilarByCountry(Names(), most=6)
    for country in ("UA", "PL", "UA", "RO", "UA", "PL"):
        similar.names(country, "P.%")
    assert asked == ["UA", "PL", "RO", "PL"]
