"""Deaths told in a sentence, in a table: words -> low, best, high."""

import pytest

from geodata.extract.fatalities import fatalities

CASES = [
    ("At least three people were killed.", (3, None, None)),
    ("The blast killed three people.", (None, 3, None)),
    ("Up to five soldiers died.", (None, None, 5)),
    ("More than 100 people died.", (101, None, None)),
    ("Between 10 and 12 people were killed.", (10, None, 12)),
    ("Twelve to fifteen people were killed.", (12, None, 15)),
    ("10-12 people were killed.", (10, None, 12)),
    ("Dozens of people were killed.", (12, None, None)),
    ("Several villagers were massacred.", (3, None, None)),
    ("Tens of thousands died.", (10_000, None, None)),
    ("Half a dozen men were shot dead.", (None, 6, None)),
    ("A family of four died in the fire.", (None, 4, None)),
    ("A soldier was killed.", (None, 1, None)),
    ("Both men were killed.", (None, 2, None)),
    ("Two policemen and a civilian were killed.", (None, 3, None)),
    ("Shells fell on a house, killing a mother and her two children.", (None, 3, None)),
    ("He blew himself up, killing himself and nine soldiers.", (None, 10, None)),
    ("Rebels killed 14 and wounded 30.", (None, 14, None)),
    ("14 people, including three children, were killed.", (None, 14, None)),
    ("All 176 people on board died.", (None, 176, None)),
    ("The death toll rose to 66.", (None, 66, None)),
    ("It left 20 dead and 30 injured.", (None, 20, None)),
    ("The storm claimed the lives of 12 people.", (None, 12, None)),
    ("20 people are feared dead.", (None, None, 20)),
    ("No one was hurt.", (None, 0, None)),
    ("No one was killed in the attack.", (None, 0, None)),
    ("The shell fell in a field without causing casualties.", (None, 0, None)),
]
NONE = [
    "The blast wounded 30 people.",
    "The flood killed 3,000 cattle.",
    "Rockets destroyed 20 houses.",
    "An unknown number of people were killed.",
    "He was born in 1985 and studied law.",
    "The killing went on for three days.",
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_figures(text: str, expected: tuple[int | None, int | None, int | None]) -> None:
    ((offset, figure),) = fatalities(text)
    assert (figure.low, figure.best, figure.high) == expected
    assert 0 <= offset < len(text)


@pytest.mark.parametrize("text", NONE)
def test_no_figure(text: str) -> None:
    assert fatalities(text) == []
