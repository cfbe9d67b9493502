"""What the frozen values promise of themselves."""

import pytest

from geodata.errors import UsageError
from geodata.model import DEFAULT_RADIUS_M, Place, Precision, Span, stable_id


@pytest.mark.parametrize("precision", Precision)
def test_only_an_exact_place_is_a_point(precision: Precision) -> None:
    assert Place("Kherson", 32.6, 46.6, precision).radius_m == DEFAULT_RADIUS_M[precision]
    assert (DEFAULT_RADIUS_M[precision] == 0) is (precision is Precision.EXACT)
    assert Place("Kherson", 32.6, 46.6, precision, radius_m=7_000).radius_m == 7_000


def test_a_place_is_on_earth() -> None:
    with pytest.raises(UsageError, match="off the map"):
        Place("Nowhere", 0, 91)


def test_spans_cover_and_overlap() -> None:
    assert Span(0, 9).covers(Span(3, 9))
    assert not Span(3, 9).covers(Span(0, 9))
    assert Span(0, 4).overlaps(Span(3, 9))
    assert not Span(0, 3).overlaps(Span(3, 9))


def test_ids_are_the_same_everywhere() -> None:
    assert stable_id("a", 1) == stable_id("a", 1) == "839e11a421d370be"
    assert stable_id("a", 1) != stable_id("a1")
