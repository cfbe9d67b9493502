"""`spans`: which spans of an English text are place names. Boosted trees, cross-validated by document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from geodata.extract.candidates import Bounds
from geodata.extract.spotfeatures import FEATURES, features_of
from geodata.extract.spotting import MODEL, choose
from training.export import of_trees, save
from training.spans_data import Labelled, read_corpora

SEED = 7
FOLDS = 5
TREES = 150
OWN = 3.0
"""Weight of a candidate of our own sentences, which are few and hard."""
PARTIAL = 0.3
"""Weight of a candidate from a text that is marked in part, against 1 for one that is marked throughout."""
SURELY_NONE = 0.1
"""In a text marked in part, an unmarked candidate counts as no name where a first model thinks it no likelier."""
_SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 12,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": SEED,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True)
class Example:
    """One document's candidates, as the model sees them, which of them are names, and how much each counts."""

    text: Labelled
    spans: Sequence[tuple[int, Bounds]]
    rows: NDArray[np.float32]
    right: NDArray[np.float32]
    weight: NDArray[np.float32]


def train(corpora: Path) -> None:
    examples = [example_of(text) for text in read_corpora(corpora)]
    _measure(examples)
    save(MODEL, of_trees(_fit_all(examples), FEATURES))


def example_of(text: Labelled) -> Example:
    """In a text that is marked in part, only candidates that touch a mark count: the rest may be names or not."""
    spans, rows = features_of(text.paragraphs)
    whole = [(text.paragraphs[at].start + start, text.paragraphs[at].start + end) for at, (start, end) in spans]
    right = np.array([span in text.gold for span in whole], np.float32)
    if text.complete:
        return Example(text, spans, rows, right, np.full(len(spans), 1.0 if text.measured else OWN, np.float32))
    touching = [any(start < stop and begin < end for begin, stop in text.gold) for start, end in whole]
    return Example(text, spans, rows, right, PARTIAL * np.array(touching, np.float32))


def _fit_all(examples: Sequence[Example]) -> lightgbm.Booster:
    """First from what is known; then with those unmarked candidates too that this first model is sure of."""
    first = _fit(examples)
    return _fit([example if example.text.complete else _with_unmarked(example, first) for example in examples])


def _with_unmarked(example: Example, first: lightgbm.Booster) -> Example:
    none = np.asarray(first.predict(example.rows)) < SURELY_NONE if len(example.rows) else np.zeros(0, bool)
    return replace(example, weight=np.where((example.weight == 0) & none, np.float32(PARTIAL), example.weight))


def _fit(examples: Sequence[Example]) -> lightgbm.Booster:
    kept = [example.weight > 0 for example in examples]
    rows = np.concatenate([e.rows[k] for e, k in zip(examples, kept, strict=True)])
    right = np.concatenate([e.right[k] for e, k in zip(examples, kept, strict=True)])
    weight = np.concatenate([e.weight[k] for e, k in zip(examples, kept, strict=True)])
    return lightgbm.train(_SETTINGS, lightgbm.Dataset(rows, right, weight=weight), TREES)


def _measure(examples: Sequence[Example]) -> None:
    """Exact recognition of GeoVirus's documents, each by a model that has not seen it."""
    whole = [example for example in examples if example.text.measured]
    others = [example for example in examples if not example.text.measured]
    folds = np.random.default_rng(SEED).permutation(len(whole)) % FOLDS
    hits = found = marked = 0
    for fold in range(FOLDS):
        model = _fit_all([*(e for e, f in zip(whole, folds, strict=True) if f != fold), *others])
        for example in (e for e, f in zip(whole, folds, strict=True) if f == fold):
            chosen = choose(example.spans, np.asarray(model.predict(example.rows), np.float32))
            starts = [paragraph.start for paragraph in example.text.paragraphs]
            spans = {(starts[c.paragraph] + c.start, starts[c.paragraph] + c.end) for c in chosen}
            hits, found, marked = (
                hits + len(spans & example.text.gold),
                found + len(spans),
                marked + len(example.text.gold),
            )
    precision, recall = hits / found, hits / marked
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{len(whole)} documents, {FOLDS} folds: precision {precision:.3f}, recall {recall:.3f}, exact F1 {f1:.3f}")
