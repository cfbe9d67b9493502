"""The ranker of places for names in stories, and the judges of confidence for stories and for table rows.

The ranker is a conditional logit: the weights under which the right candidate of each name gets the largest share,
held near the weights that were set by hand where the corpora do not say otherwise (some features, such as the
publisher's country, hardly occur in them). The judges are boosted trees on the ranker's answers, calibrated on folds
that did not see the name or the story.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.event_types import load_event_types
from geodata.extract import make_extractor
from geodata.geocode import open_gazetteer, open_matcher
from geodata.geocode.confidence import STORY_MODEL, StoryEvidence
from geodata.geocode.ranking import MODEL, NAMES, Features
from geodata.geocode.resolver import GazetteerResolver, Ranked
from geodata.geometry import distance_m
from geodata.learned import Linear
from geodata.settings import Settings
from training.export import of_linear, save
from training.ranker_judge import Example, is_right, train_judge
from training.ranker_rows import read_rows
from training.ranker_stories import GoldStory, made_up, read_geovirus

PRIOR = Features(
    prominence=7.0,
    own_name=1.0,
    former_name=-0.5,
    misspelt=-8.0,
    capital=1.0,
    country=2.5,
    area_as_written=4.0,
    area_unasked=-4.0,
    first_level=1.2,
    second_level=-0.8,
    named_country=2.2,
    published_in=1.0,
    like_others=1.8,
    near_others=1.2,
    holds_others=2.5,
    in_named_area=1.5,
    bound_area=8.0,
    bound_elsewhere=-5.0,
)
"""What a person set: log-odds for a feature of 1."""
_SPREAD = 1.0
"""How far weights may stray from the prior: a standard deviation, in log-odds, of each."""
_ROUNDS = 2
"""The features of a name hang on what the others are taken for, so learning repeats with the new weights."""
_MADE_UP_WEIGHT = 0.25
"""What a name of a made-up story counts against one of a real one."""
_FAR_M = 161_000.0
"""Of a name's candidates the nearest to its point is the right one, unless it is farther than this."""
_AS_NEAR_M = 5_000.0


def train(corpora: Path) -> None:
    """Writes story_places.npz, story_confidence.npz and row_confidence.npz."""
    settings = Settings.from_environment()
    gazetteer = open_gazetteer(settings.gazetteer_path)
    extractor = make_extractor(settings, open_matcher(settings.gazetteer_path), load_event_types())
    stories = [*read_geovirus(corpora / "geovirus.xml", extractor), *made_up(read_rows(corpora))]
    model = as_linear(PRIOR)
    for _ in range(_ROUNDS):
        model = fit(choices(GazetteerResolver(gazetteer, model=model), stories))
    for name, weight, prior in zip(NAMES, model.weights[:, 0], PRIOR, strict=True):
        print(f"  {name:16} {weight:6.2f}  (by hand {prior})")
    save(MODEL, of_linear(model.weights, model.bias, NAMES))
    examples = story_examples(GazetteerResolver(gazetteer, model=model), stories)
    save(STORY_MODEL, train_judge(examples, StoryEvidence._fields))


Choice = tuple[NDArray[np.float64], NDArray[np.bool_], float, str]
"""(candidates, features), which of them are right, the weight of the name, its group."""


def choices(resolver: GazetteerResolver, stories: Sequence[GoldStory]) -> list[Choice]:
    """Every name that has candidates both right and wrong."""
    found: list[Choice] = []
    for story in stories:
        for ranked, point in zip(resolver.ranked(story.toponyms, story.document), story.points, strict=True):
            if point is None or not ranked.entries:
                continue
            right = right_ones(ranked, point)
            if right.any() and not right.all():
                weight = 1.0 if story.real else _MADE_UP_WEIGHT
                found.append((np.array(ranked.features, dtype=np.float64), right, weight, story.group))
    return found


def right_ones(ranked: Ranked, point: tuple[float, float]) -> NDArray[np.bool_]:
    """The candidates that lie as near to the point as any, none where all are far."""
    away = np.array([distance_m(*point, entry.place.lon, entry.place.lat) for entry in ranked.entries])
    return (away <= away.min() + _AS_NEAR_M) & (away <= _FAR_M)


def fit(names: Sequence[Choice]) -> Linear:
    """The weights that are likeliest, given the names and the prior; rounded, so that every machine finds the same."""
    from scipy.optimize import minimize

    rows = np.concatenate([features for features, _, _, _ in names])
    right = np.concatenate([right for _, right, _, _ in names])
    starts = np.cumsum([0, *(len(features) for features, _, _, _ in names)])[:-1]
    weight = np.array([weight for _, _, weight, _ in names])
    owner = np.repeat(np.arange(len(names)), np.diff([*starts, len(rows)]))
    prior = np.array(PRIOR)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = scores / np.add.reduceat(scores, starts)[owner]
        good = np.add.reduceat(share * right, starts)
        slope = weight[owner] * (share - share * right / good[owner])
        away = (weights - prior) / _SPREAD
        return float(-(weight * np.log(good)).sum() + (away**2).sum() / 2), rows.T @ slope + away / _SPREAD

    found: Any = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return as_linear(np.round(found.x, 2))


def as_linear(weights: Sequence[float] | NDArray[np.float64]) -> Linear:
    return Linear(NAMES, np.array(weights, dtype=np.float32)[:, None], np.zeros(1, dtype=np.float32))


def story_examples(resolver: GazetteerResolver, stories: Sequence[GoldStory]) -> list[Example]:
    """The ranker's answers with whether they are right; names without an answer teach nothing."""
    found = []
    for story in stories:
        for ranked, point in zip(resolver.ranked(story.toponyms, story.document), story.points, strict=True):
            if point is not None and ranked.top is not None:
                right = is_right(ranked.top.place, point)
                found.append(Example(ranked.evidence(), right, 1.0 if story.real else _MADE_UP_WEIGHT, story.group))
    return found
