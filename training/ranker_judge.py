"""The judges of confidence: boosted trees that tell right answers from wrong ones, calibrated on held-out folds."""

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from geodata.geocode.confidence import SURE_RADIUS_M
from geodata.geometry import distance_m
from geodata.model import Place, Precision
from training.export import of_calibration, of_trees

FOLDS = 10
TREES = 120
_PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 40,
    "lambda_l2": 10.0,
    "seed": 20,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
_INNER = 0.5
"""Of an area's half-width. Corners of the box around an area do not belong to it, and half is on the safe side."""
_RISING = frozenset(
    {"share", "lead", "supported", "own_name", "near_others", "in_named_area", "bound_area"}
    | {"likeness", "letters", "in_area", "area_written", "level_as_written"}
)
_FALLING = frozenset({"misspelt", "former_name", "bound_elsewhere", "namesakes", "off_area", "area_unknown"})
"""Evidence that can only speak for an answer, or only against it."""


@dataclass(frozen=True, slots=True)
class Example:
    """An answer's evidence, whether it was right, how much it counts, and the group that must not be parted."""

    evidence: tuple[float, ...]
    right: bool
    weight: float
    group: str


def is_right(place: Place, point: tuple[float, float]) -> bool:
    """Within 25 km of the point; an area or a country also where the point is in the inner half of its width."""
    away_m = distance_m(*point, place.lon, place.lat)
    wide = place.precision not in (Precision.EXACT, Precision.NEAR)
    return away_m <= max(SURE_RADIUS_M, place.radius_m * _INNER if wide else 0.0)


def is_near(place: Place, point: tuple[float, float]) -> bool:
    """Within 25 km of the point, whatever it is."""
    return distance_m(*point, place.lon, place.lat) <= SURE_RADIUS_M


def fold_of(group: str) -> int:
    return zlib.crc32(group.encode()) % FOLDS


def train_judge(examples: Sequence[Example], names: Sequence[str], caution: float) -> dict[str, NDArray[Any]]:
    """The arrays of a judge's file; prints how its confidences hold on folds that it did not see."""
    rows, right, weight, margins = _held_out(examples, names)
    counted = np.repeat(np.arange(len(rows)), np.rint(weight * 20).astype(int))
    calibration = of_calibration(margins[counted], right[counted])
    calibration["shares"] = lowered(calibration["shares"], caution)
    report(np.interp(margins, calibration["margins"], calibration["shares"]), right)
    booster = _fit(rows, right, weight, names)
    return {**of_trees(booster, names), **calibration}


def lowered(shares: NDArray[Any], caution: float) -> NDArray[np.float32]:
    """Shares of right answers, lower by `caution` in log-odds."""
    odds = np.clip(shares, 1e-6, 1 - 1e-6) / (1 - np.clip(shares, 1e-6, 1 - 1e-6)) * math.exp(-caution)
    return np.asarray(odds / (1 + odds), dtype=np.float32)


def _held_out(examples: Sequence[Example], names: Sequence[str]) -> tuple[NDArray[Any], ...]:
    rows = np.array([example.evidence for example in examples], dtype=np.float32)
    right = np.array([example.right for example in examples], dtype=np.float64)
    weight = np.array([example.weight for example in examples])
    folds = np.array([fold_of(example.group) for example in examples])
    margins = np.zeros(len(rows))
    for fold in range(FOLDS):
        seen = folds != fold
        margins[~seen] = _fit(rows[seen], right[seen], weight[seen], names).predict(rows[~seen], raw_score=True)
    return rows, right, weight, margins


def _fit(rows: NDArray[Any], right: NDArray[Any], weight: NDArray[Any], names: Sequence[str]) -> lightgbm.Booster:
    ways = [1 if name in _RISING else -1 if name in _FALLING else 0 for name in names]
    data = lightgbm.Dataset(rows, right, weight=weight, params={"verbose": -1})
    return lightgbm.train({**_PARAMETERS, "monotone_constraints": ways}, data, TREES)


def report(confidence: NDArray[Any], right: NDArray[Any]) -> Mapping[str, float]:
    """Prints the reliability table; returns the share of answers at 0.9 and above, and of right ones among them."""
    print("  confidence    answers   right")
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            print(f"  {low:.2f}-{min(high, 1):.2f}  {inside.sum():9,}   {right[inside].mean():.3f}")
    sure = confidence >= 0.9
    found = {"share": float(sure.mean()), "right": float(right[sure].mean()) if sure.any() else 0.0}
    print(f"  of all {found['share']:.3f} at 0.9 or more, of which right {found['right']:.3f}")
    return found
