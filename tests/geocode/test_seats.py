""" "The capital of A" is a town, not A."""

import pytest

from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.seats import area_of
from geodata.model import Document, Span, Toponym


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("the capital of Texas", "Texas"),
        ("capital of the Netherlands", "Netherlands"),
        ("Texas", "Texas"),
        ("capital of ", "capital of "),
    ],
)
def test_area_of(name: str, area: str) -> None:
    assert area_of(name) == area


@pytest.mark.parametrize(
    ("area", "place_id", "note"),
    [
        ("Georgia", "t:tbilisi", "the capital of Georgia"),
        ("Kherson Oblast", "t:kherson", "taken for the capital of Kherson Oblast: by far its largest town"),
        ("Crimea", "t:cri", "which town is the capital of Crimea is not in the gazetteer"),
    ],
)
def test_the_capital_of_an_area(resolver: GazetteerResolver, area: str, place_id: str, note: str) -> None:
    name = f"the capital of {area}"
    text = f"A bomb went off in {name}. Georgian and Ukrainian police were there."
    at = text.index(area)
    (found,) = resolver.resolve([Toponym(Span(at, at + len(area)), area, name)], Document("d", text))
    assert found.place is not None
    assert (found.place.place_id, found.note) == (place_id, note)
