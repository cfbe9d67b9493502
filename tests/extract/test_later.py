"""Patterns compiled at first use find what `re` finds."""

import re

import pytest

from geodata.extract.later import Later


@pytest.mark.parametrize(("start", "end"), [(0, 99), (3, 99), (0, 9), (5, 6)])
def test_same_as_re(start: int, end: int) -> None:
    text = "May may MAY, mayor"
    pattern = Later(r"\bmay\b")
    expected = [match.span() for match in re.compile(r"\bmay\b", re.IGNORECASE).finditer(text, start, end)]
    for _ in range(2):
        assert [match.span() for match in pattern.finditer(text, start, end)] == expected


def test_a_bad_pattern_is_told_when_it_is_used() -> None:
    pattern = Later("(")
    with pytest.raises(re.error):
        pattern.finditer("text")
