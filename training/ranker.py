"""The rankers of places for names in stories and for rows of tables, and the judges of confidence for both.

A ranker is a conditional logit: the weights under which the right candidate of each name gets the largest share,
held near the weights that were set by hand where the corpora do not say otherwise (some features, such as the
publisher's country, hardly occur in them). The judges are boosted trees on the ranker's answers, calibrated on folds
that did not see the name or the story.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.geocode import open_gazetteer
from geodata.geocode.confidence import STORY_MODEL as STORY_JUDGE
from geodata.geocode.confidence import StoryEvidence
from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.geocode.ranking import MODEL as STORY_RANKER
from geodata.geocode.ranking import Features
from geodata.geocode.resolver import GazetteerResolver
from geodata.geocode.rows import MODEL as ROW_JUDGE
from geodata.geocode.rows import RANKER as ROW_RANKER
from geodata.geocode.rows import RowEvidence, RowFeatures, features_of
from geodata.geocode.table import TablePlaces
from geodata.geometry import distance_m
from geodata.learned import Linear
from geodata.model import Place
from geodata.settings import Settings
from training.export import of_linear, save
from training.ranker_judge import Example, is_near, is_right, train_judge
from training.ranker_made import made_rows
from training.ranker_rows import GoldRow, read_rows, with_less
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
ROW_PRIOR = RowFeatures(
    prominence=7.0,
    own_name=1.0,
    former_name=-0.5,
    unlike_sound=-8.0,
    unlike_letters=-8.0,
    other_spelling=-0.5,
    level_as_written=4.0,
    level_unlike=-2.0,
    second_level=-1.0,
    in_area=4.0,
    off_area=-1.5,
    area_written=5.0,
)
_SPREAD = 1.0
"""How far weights may stray from the prior: a standard deviation, in log-odds, of each."""
_ROUNDS = 2
"""The features of a name hang on what the others are taken for, so learning repeats with the new weights."""
_MADE_UP_WEIGHT = 0.25
"""What a name of a made-up story counts against one of a real one."""
_ROW_WEIGHTS = {3: 1.0, 2: 1.0, 1: 0.8, 0: 0.4}
"""What a row counts, by how much it says: few tables give the bare names of villages."""
_MADE_ROW_WEIGHT = 0.3
_ROW_CAUTION, _STORY_CAUTION = 0.7, 0.4
"""How much lower confidences are than the shares of right answers that were measured, in log-odds: nobody's tables and
stories are quite like the corpora. With 0.7 a confidence of 0.9 stands for 19 right answers of 20."""
_FAR_M = 161_000.0
"""Of a name's candidates the nearest to its point is the right one, unless it is farther than this."""
_AS_NEAR_M = 5_000.0


def train(corpora: Path) -> None:
    """Writes story_places, story_confidence, row_places and row_confidence."""
    settings = Settings.from_environment()
    gazetteer = open_gazetteer(settings.gazetteer_path)
    rows = read_rows(corpora)
    every_row = [*with_less(rows), *made_rows(settings.gazetteer_path)]
    train_rows(gazetteer, every_row)
    train_stories(gazetteer, [*read_geovirus(corpora / "geovirus.xml"), *made_up(rows)])


def train_rows(gazetteer: SqliteGazetteer, rows: Sequence[GoldRow]) -> None:
    model = fit(row_choices(TablePlaces(gazetteer, model=as_linear(ROW_PRIOR)), rows), ROW_PRIOR)
    save_ranker(ROW_RANKER, model, ROW_PRIOR)
    examples = row_examples(TablePlaces(gazetteer, model=model), rows)
    save(ROW_JUDGE, train_judge(examples, RowEvidence._fields, _ROW_CAUTION))


def train_stories(gazetteer: SqliteGazetteer, stories: Sequence[GoldStory]) -> None:
    model = as_linear(PRIOR)
    for _ in range(_ROUNDS):
        model = fit(choices(GazetteerResolver(gazetteer, model=model), stories), PRIOR)
    save_ranker(STORY_RANKER, model, PRIOR)
    examples = story_examples(GazetteerResolver(gazetteer, model=model), stories)
    save(STORY_JUDGE, train_judge(examples, StoryEvidence._fields, _STORY_CAUTION))


def save_ranker(path: Path, model: Linear, prior: Features | RowFeatures) -> None:
    for name, weight, by_hand in zip(prior._fields, model.weights[:, 0], prior, strict=True):
        print(f"  {name:16} {weight:6.2f}  (by hand {by_hand})")
    save(path, of_linear(model.weights, model.bias, prior._fields))


Choice = tuple[NDArray[np.float64], NDArray[np.bool_], float]
"""(candidates, features), which of them are right, the weight of the name."""


def choices(resolver: GazetteerResolver, stories: Sequence[GoldStory]) -> list[Choice]:
    """Every name that has candidates both right and wrong."""
    found: list[Choice] = []
    for story in stories:
        for ranked, point in zip(resolver.ranked(story.toponyms, story.document), story.points, strict=True):
            if point is None or not ranked.entries:
                continue
            weight = 1.0 if story.real else _MADE_UP_WEIGHT
            found += _choice([entry.place for entry in ranked.entries], ranked.features, point, weight)
    return found


def row_choices(table: TablePlaces, rows: Sequence[GoldRow]) -> list[Choice]:
    """Every row that has candidates both right and wrong."""
    found: list[Choice] = []
    for gold in rows:
        asked = table.ask(gold.row)
        features = [features_of(item, asked.phrase) for item in asked.found]
        found += _choice([item.entry.place for item in asked.found], features, (gold.lon, gold.lat), weight_of(gold))
    return found


def _choice(
    places: Sequence[Place], features: Sequence[tuple[float, ...]], point: tuple[float, float], weight: float
) -> list[Choice]:
    """Right are the candidates that lie as near to the point as any; none where all are far, or all are as near."""
    if not places:
        return []
    away = np.array([distance_m(*point, place.lon, place.lat) for place in places])
    right = (away <= away.min() + _AS_NEAR_M) & (away <= _FAR_M)
    return [] if right.all() or not right.any() else [(np.array(features, dtype=np.float64), right, weight)]


def fit(names: Sequence[Choice], by_hand: Features | RowFeatures) -> Linear:
    """The weights that are likeliest, given the names and the prior; rounded, so that every machine finds the same."""
    from scipy.optimize import minimize

    rows = np.concatenate([features for features, _, _ in names])
    right = np.concatenate([right for _, right, _ in names])
    starts = np.cumsum([0, *(len(features) for features, _, _ in names)])[:-1]
    weight = np.array([weight for _, _, weight in names])
    owner = np.repeat(np.arange(len(names)), np.diff([*starts, len(rows)]))
    prior = np.array(by_hand)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = rows @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = scores / np.add.reduceat(scores, starts)[owner]
        good = np.add.reduceat(share * right, starts)
        slope = weight[owner] * (share - share * right / good[owner])
        away = (weights - prior) / _SPREAD
        return float(-(weight * np.log(good)).sum() + (away**2).sum() / 2), rows.T @ slope + away / _SPREAD

    found: Any = minimize(loss, prior, jac=True, method="L-BFGS-B")
    return as_linear(type(by_hand)(*np.round(found.x, 2)))


def as_linear(weights: Features | RowFeatures) -> Linear:
    return Linear(weights._fields, np.array(weights, dtype=np.float32)[:, None], np.zeros(1, dtype=np.float32))


def story_examples(resolver: GazetteerResolver, stories: Sequence[GoldStory]) -> list[Example]:
    """The ranker's answers with whether they are right; names without an answer teach nothing."""
    found = []
    for story in stories:
        for ranked, point in zip(resolver.ranked(story.toponyms, story.document), story.points, strict=True):
            if point is not None and ranked.top is not None:
                right = is_right(ranked.top.place, point)
                weight = 1.0 if story.real else _MADE_UP_WEIGHT
                found.append(Example(ranked.evidence(), right, weight, story.group))
    return found


def row_examples(table: TablePlaces, rows: Sequence[GoldRow]) -> list[Example]:
    """The answers to rows, and the areas that stand in, which count as right only near the point."""
    found = []
    for gold, ranked in zip(rows, table.ranked(table.ask(gold.row) for gold in rows), strict=True):
        point, evidence = (gold.lon, gold.lat), list(ranked.evidence)
        if ranked.found:
            right = is_right(ranked.found[0].entry.place, point)
            found.append(Example(evidence.pop(0), right, weight_of(gold), gold.group))
        if ranked.asked.area:
            right = is_near(ranked.asked.area.entry.place, point)
            found.append(Example(evidence.pop(0), right, weight_of(gold), gold.group))
    return found


def weight_of(gold: GoldRow) -> float:
    return _MADE_ROW_WEIGHT if gold.row.row_id.startswith("made:") else _ROW_WEIGHTS[gold.said]
