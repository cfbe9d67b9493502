"""How sure answers are: more where more speaks for them."""

import pytest

from geodata.geocode.confidence import breadth_of, reach_of, story_judge
from geodata.geocode.ranking import NAMES, ranker
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.rows import RowFeatures, row_judge, row_ranker
from geodata.model import Document, Place, Precision, Source, Span, Toponym


def confidence(resolver: GazetteerResolver, text: str, name: str, url: str = "") -> tuple[str, float]:
    at = text.index(name)
    document = Document("d", text, Source(url=url))
    found = resolver.resolve([Toponym(Span(at, at + len(name)), name, name)], document)[0]
    return (found.place.place_id if found.place else ""), found.confidence


def test_a_country_that_the_text_speaks_of_makes_it_surer(resolver: GazetteerResolver) -> None:
    bare = confidence(resolver, "A fire in Savannah.", "Savannah")
    spoken = confidence(resolver, "American police say a fire in Savannah.", "Savannah")
    assert bare[0] == spoken[0] == "t:savannah"
    assert 0 < bare[1] < spoken[1] <= 1


def test_the_publishers_country_counts(resolver: GazetteerResolver) -> None:
    assert confidence(resolver, "A fire in Springfield.", "Springfield", "https://news.example.ge/1")[0] == "t:spring2"
    assert confidence(resolver, "A fire in Springfield.", "Springfield", "https://news.example.fr/1")[0] == "t:spring1"


@pytest.mark.parametrize("part", [0.25, 0.5])
def test_a_doubtful_name_makes_a_doubtful_place(resolver: GazetteerResolver, part: float) -> None:
    name = Toponym(Span(10, 15), "Paris", "Paris")
    document = Document("d", "A fire in Paris.")
    sure = resolver.resolve([name], document)[0].confidence
    doubtful = Toponym(name.span, "Paris", "Paris", confidence=part)
    assert resolver.resolve([doubtful], document)[0].confidence == pytest.approx(sure * part, abs=1e-4)


@pytest.mark.parametrize(
    ("precision", "radius_m", "breadth", "reach"),
    [
        (Precision.EXACT, 0, 0, 0),
        (Precision.ADMIN2, 10_000, 1, 1),
        (Precision.ADMIN1, 100_000, 2, 2),
        (Precision.COUNTRY, 1_000_000, 4, 3),
    ],
)
def test_breadth_and_reach(precision: Precision, radius_m: float, breadth: float, reach: float) -> None:
    place = Place("X", 0, 0, precision, radius_m=radius_m)
    assert (breadth_of(place), reach_of(place)) == pytest.approx((breadth, reach))


def test_the_models_are_whole_and_their_confidences_rise() -> None:
    for judge in (story_judge(), row_judge()):
        shares = judge.calibration.shares.tolist()
        assert shares == sorted(shares)
        assert 0 <= shares[0] < 0.2
        assert 0.9 < shares[-1] <= 1
        assert judge.confidences([]) == []
    weights = dict(zip(NAMES, ranker().weights[:, 0].tolist(), strict=True))
    rows = dict(zip(RowFeatures._fields, row_ranker().weights[:, 0].tolist(), strict=True))
    for name in ("prominence", "named_country", "like_others", "near_others", "bound_area", "published_in"):
        assert weights[name] > 0
    for name in ("area_unasked", "misspelt", "bound_elsewhere"):
        assert weights[name] < 0
    assert rows["in_area"] > 0 > rows["unlike_letters"]
