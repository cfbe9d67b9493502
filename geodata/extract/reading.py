"""A sentence as the lexicon reads it, and a passage of such sentences as the kinds' model sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.extract.kinds import Floats, features
from geodata.extract.moods import moods
from geodata.extract.triggers import Mention


@dataclass(slots=True)
class Reading:
    """A sentence: all patterns that hold in it, and the mentions of what happened."""

    sentence: Any
    hints: Sequence[Mention]
    told: list[Mention]
    beside: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Number of a told mention's word -> numbers of other words that tell of the same event ("bombed, killing two")."""


def mood_row(passage: Sequence[Reading]) -> Floats:
    """How a passage speaks."""
    return moods([token for reading in passage for token in reading.sentence])


def passage_row(passage: Sequence[Reading], sub_types: Sequence[str]) -> Floats:
    """The features of a passage judged as a whole."""
    return features(
        (token for reading in passage for token in reading.sentence),
        [mention for reading in passage for mention in reading.hints],
        [mention for reading in passage for mention in reading.told],
        sub_types,
    )
