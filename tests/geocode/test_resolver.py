"""Which place a name means in its document."""

import re
from collections.abc import Sequence

import pytest

from geodata.geocode.resolver import GazetteerResolver
from geodata.model import Document, Precision, Resolution, Span, Toponym


def resolve(resolver: GazetteerResolver, text: str, *names: str, **given: object) -> Sequence[Resolution]:
    """The names, each at its first place in the text after the last one."""
    toponyms, at = [], 0
    for name in names:
        at = text.index(name, at)
        toponyms.append(Toponym(Span(at, at + len(name)), name, name, **given))  # type: ignore[arg-type]
        at += len(name)
    return resolver.resolve(toponyms, Document("d", text))


def ids(found: Sequence[Resolution]) -> list[str | None]:
    return [item.place.place_id if item.place else None for item in found]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("A blast in Melitopol.", ["Melitopol"], ["geonames:701404"]),
        ("Shelling of Kherson.", ["Kherson"], ["t:kherson"]),
        ("Shelling of the Kherson region.", ["Kherson"], ["t:kh"]),
        ("Shelling of Kherson Oblast.", ["Kherson Oblast"], ["t:kh"]),
        ("Kherson, then Bakhmut, Melitopol and the Kherson region.", ["Kherson", "Bakhmut", "Melitopol", "Kherson"],
         ["t:kherson", "t:bakhmut", "geonames:701404", "t:kh"]),
        ("Shelling hit Kherson. Oleshky, near it, was hit.", ["Kherson", "Oleshky"], ["t:kherson", "t:oleshky"]),
        ("Ukrainian troops met near Kyiv; a man called Majano, not of Kharkiv, spoke.", ["Kyiv", "Majano", "Kharkiv"],
         ["t:kyiv", None, "t:kharkiv"]),
        ("Majano was hit by a flood.", ["Majano"], ["t:majano"]),
        ("An earthquake shook Hatay.", ["Hatay"], ["t:hatay"]),
        ("Artemivsk fell.", ["Artemivsk"], ["t:bakhmut"]),
        ("Crimea is a route.", ["Crimea"], ["t:cri"]),
        ("Ships left Snake Island.", ["Snake Island"], ["t:snake"]),
        ("A march in Paris.", ["Paris"], ["t:paris"]),
        ("Protests in Tbilisi, the capital of Georgia.", ["Tbilisi", "Georgia"], ["t:tbilisi", "t:ge"]),
        ("Floods in Atlanta, Savannah and all Georgia.", ["Atlanta", "Savannah", "Georgia"],
         ["t:atlanta", "t:savannah", "t:ga"]),
        ("Georgian police said so in Georgia.", ["Georgia"], ["t:ge"]),
        ("Nowheresville burned.", ["Nowheresville"], [None]),
    ],
)  # fmt: skip
def test_resolves(resolver: GazetteerResolver, text: str, names: list[str], expected: list[str | None]) -> None:
    assert ids(resolve(resolver, text, *names)) == expected


def test_the_text_binds_a_name_to_its_area_throughout(resolver: GazetteerResolver) -> None:
    text = "A tornado hit Paris, Texas. Paris had no warning."
    toponyms = [
        Toponym(Span(14, 19), "Paris", "Paris", context=("Texas",)),
        Toponym(Span(28, 33), "Paris", "Paris"),
    ]
    found = resolver.resolve(toponyms, Document("d", text))
    assert ids(found) == ["t:paristx", "t:paristx"]
    assert [item.toponym for item in found] == toponyms
    assert "Texas" in found[0].note


@pytest.mark.parametrize(
    ("name", "context", "place_id"),
    [("France", "United States", "t:fr"), ("Georgia", "United States", "t:ga"), ("France", "Texas", "t:francetx")],
)
def test_countries_in_a_row_are_a_list(resolver: GazetteerResolver, name: str, context: str, place_id: str) -> None:
    toponym = Toponym(Span(0, len(name)), name, name, context=(context,))
    assert ids(resolver.resolve([toponym], Document("d", f"{name}, {context}"))) == [place_id]


@pytest.mark.parametrize(
    ("text", "radius_m"), [("Fighting near Bakhmut.", 25_000), ("A shooting in a Bakhmut suburb.", 10_000)]
)
def test_beside_a_town_is_near_it(resolver: GazetteerResolver, text: str, radius_m: float) -> None:
    place = resolve(resolver, text, "Bakhmut", near=True)[0].place
    assert place is not None
    assert (place.precision, place.radius_m) == (Precision.NEAR, radius_m)


def test_a_town_is_exact_and_areas_have_a_width(resolver: GazetteerResolver) -> None:
    town, area, country, sea = (
        item.place
        for item in resolve(resolver, "Kyiv, Crimea, Ukraine, Black Sea", "Kyiv", "Crimea", "Ukraine", "Black Sea")
    )
    assert None not in (town, area, country, sea)
    assert [(p.precision.value, p.radius_m > 0) for p in (town, area, country, sea) if p] == [
        ("exact", False),
        ("admin1", True),
        ("country", True),
        ("region", True),
    ]


def test_candidates_come_with_shares_and_reasons(resolver: GazetteerResolver) -> None:
    found = resolve(resolver, "French police searched flats in Paris.", "Paris")[0]
    assert [candidate.place.country for candidate in found.candidates] == ["FR", "US"]
    assert sum(candidate.score for candidate in found.candidates) == pytest.approx(1, abs=0.01)
    assert any("French" in reason for reason in found.candidates[0].reasons)


def test_nothing_known_says_so(resolver: GazetteerResolver) -> None:
    found = resolve(resolver, "Nowheresville burned.", "Nowheresville")[0]
    assert (found.place, found.confidence, found.note) == (None, 0.0, "not in the gazetteer")


@pytest.mark.parametrize("name", ["", " ", "\x00", "x" * 10_000, "🙂", "'--", "и" * 500])
def test_what_is_no_name_is_not_found(resolver: GazetteerResolver, name: str) -> None:
    found = resolver.resolve([Toponym(Span(0, len(name)), name, name)], Document("d", name))
    assert [item.place for item in found] == [None]


def test_a_story_of_300_places(resolver: GazetteerResolver) -> None:
    text = " and ".join(["Kyiv", "Kherson", "Paris"] * 100)
    spans = [match.span() for match in re.finditer(r"[A-Z]\w+", text)]
    toponyms = [Toponym(Span(*span), text[slice(*span)], text[slice(*span)]) for span in spans]
    found = resolver.resolve(toponyms, Document("d", text))
    assert len(found) == 300
    assert len({item.place for item in found}) == 3


@pytest.mark.parametrize(
    ("text", "names", "place_id", "precision"),
    [
        ("Houses burned in Nowheresville, Kherson Oblast.", ["Nowheresville", "Kherson Oblast"], "t:kh", "admin1"),
        ("Houses burned in Nowheresville, Bakhmut Raion, Donetsk Oblast.",
         ["Nowheresville", "Bakhmut Raion", "Donetsk Oblast"], "t:bk2", "admin2"),
        ("Houses burned in Nowheresville and Kherson Oblast.", ["Nowheresville", "Kherson Oblast"], None, None),
        ("Houses burned in Nowheresville, Kherson and Kyiv.", ["Nowheresville", "Kherson", "Kyiv"], None, None),
    ],
)  # fmt: skip
def test_an_unknown_village_stands_for_the_area_it_is_said_to_be_in(
    resolver: GazetteerResolver, text: str, names: list[str], place_id: str | None, precision: str | None
) -> None:
    found = resolve(resolver, text, *names)[0]
    assert (found.place and found.place.place_id, found.place and found.place.precision.value) == (place_id, precision)
    assert found.candidates == ()
    assert "not in the gazetteer" in found.note


def test_an_unknown_street_is_near_the_town_it_is_in(resolver: GazetteerResolver) -> None:
    toponyms = [
        Toponym(Span(10, 24), "Nowhere Street", "Nowhere Street", context=("Kyiv",)),
        Toponym(Span(28, 32), "Kyiv", "Kyiv"),
    ]
    street, town = resolver.resolve(toponyms, Document("d", "A bomb on Nowhere Street in Kyiv."))
    assert street.place is not None
    assert town.place is not None
    assert (street.place.place_id, street.place.precision) == ("t:kyiv", Precision.NEAR)
    assert 0 < street.confidence < town.confidence
    assert "Kyiv" in street.note


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("Rebels attacked the Angel sugar mill located near Kyiv.", "t:kyiv"),
        ("Rebels attacked the Angel mill, which is in the town of Kyiv.", "t:kyiv"),
        ("Rebels attacked Angel while others rested in Kyiv.", None),
        ("Rebels from Angel and men in Kyiv talked.", None),
    ],
)
def test_an_unknown_place_is_near_the_town_that_it_is_said_to_lie_near(
    resolver: GazetteerResolver, text: str, place_id: str | None
) -> None:
    found = resolve(resolver, text, "Angel", "Kyiv")[0]
    assert (found.place and found.place.place_id) == place_id


def test_a_namesake_is_refused_where_the_text_calls_the_area_elsewhere(resolver: GazetteerResolver) -> None:
    text = "A flood in Savannah, Kherson Oblast."
    toponyms = [
        Toponym(Span(11, 19), "Savannah", "Savannah", context=("Kherson Oblast",)),
        Toponym(Span(21, 35), "Kherson Oblast", "Kherson Oblast"),
    ]
    found = resolver.resolve(toponyms, Document("d", text))[0]
    assert found.place is not None
    assert found.place.place_id == "t:kh"
    assert "where the text puts it" in found.note


def test_one_of_many_namesakes_far_away_is_not_taken_and_all_are_offered(resolver: GazetteerResolver) -> None:
    found = resolve(resolver, "Ukrainian police in Kyiv and Kharkiv spoke of Springfield.", "Kyiv", "Springfield")[1]
    assert found.place is None
    assert len(found.candidates) == 5
    assert "many places of that name" in found.note
