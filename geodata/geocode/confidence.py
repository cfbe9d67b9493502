"""How sure an answer is: the learned share of right answers among answers like it.

Right is an answer within 25 km of the truth, or an area that holds it well inside: not in its outer half. Two judges,
each a small model of boosted trees with a calibration made by cross-validation: one of names in stories, one of rows of
tables. `training/ranker.py` makes both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geodata.geocode.ranking import Features
from geodata.learned import MODELS, Calibration, Trees, load_calibration, load_trees
from geodata.model import Place, Precision

STORY_MODEL = MODELS / "story_confidence.npz"
SURE_RADIUS_M = 25_000.0
"""An answer is right within this distance of the truth: UCDP's "near"."""
_BREADTHS = {
    Precision.EXACT: 0.0,
    Precision.NEAR: 0.0,
    Precision.ADMIN2: 1.0,
    Precision.ADMIN1: 2.0,
    Precision.REGION: 3.0,
    Precision.COUNTRY: 4.0,
}


class StoryEvidence(NamedTuple):
    """What tells a right answer of a story from a wrong one."""

    share: float
    """Of the place among its namesakes, 0..1."""
    lead: float
    """Its share less that of the next one elsewhere."""
    breadth: float
    """0 a town or site, 1 second level area, 2 first level area, 3 region, 4 country."""
    reach: float
    """log10 of the place's half-width in km."""
    namesakes: float
    """log2 of how many places have the name."""
    supported: float
    """How much of the rest of the story lies in the place's country, 0..2."""
    alone: float
    """1 where nothing else in the story says where it is about."""
    prominence: float
    own_name: float
    former_name: float
    misspelt: float
    area_as_written: float
    near_others: float
    in_named_area: float
    bound_area: float
    bound_elsewhere: float


def story_evidence(
    place: Place, features: Features, share: float, lead: float, namesakes: int, alone: bool
) -> StoryEvidence:
    """The judge's view of a story's answer."""
    return StoryEvidence(
        share,
        lead,
        breadth_of(place),
        reach_of(place),
        math.log2(max(1, namesakes)),
        features.named_country + features.like_others,
        float(alone),
        features.prominence,
        features.own_name,
        features.former_name,
        features.misspelt,
        features.area_as_written,
        features.near_others,
        features.in_named_area,
        features.bound_area,
        features.bound_elsewhere,
    )


def breadth_of(place: Place) -> float:
    return _BREADTHS[place.precision]


def reach_of(place: Place) -> float:
    """log10 of the half-width in km, 0 up to 1 km."""
    return math.log10(max(1.0, place.radius_m / 1000))


@dataclass(frozen=True, slots=True)
class Judge:
    """Boosted trees and their calibration."""

    trees: Trees
    calibration: Calibration

    def confidences(self, rows: Sequence[tuple[float, ...]]) -> list[float]:
        """One for each row of evidence, 0..1."""
        return [round(share, 4) for _, share in self.judged(rows)]

    def judged(self, rows: Sequence[tuple[float, ...]]) -> list[tuple[float, float]]:
        """The margin (log-odds, finer) and the confidence of each row of evidence."""
        if not rows:
            return []
        margins = self.trees.margins(np.array(rows, dtype=np.float32))[:, 0]
        return list(zip(margins.tolist(), self.calibration.all_shares(margins).tolist(), strict=True))


@cache
def story_judge() -> Judge:
    return load_judge(STORY_MODEL, StoryEvidence._fields)


def load_judge(path: Path, names: Sequence[str]) -> Judge:
    """The judge of a file. UsageError where it was trained for other evidence."""
    return Judge(load_trees(path, names), load_calibration(path))
