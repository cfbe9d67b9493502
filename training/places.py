"""The linker of events to places, from sentences in which the place of one event verb is marked (event_location).

Trees and nets weigh each name by itself; further trees weigh the names of an event against each other and read the
first ones' shares, as they were on sentences that these had not seen. Folds keep rows of the same text together.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from geodata.extract import linking, placing
from geodata.extract.rivals import rivalry
from geodata.learned import MODELS, NET_LIMIT, Nets
from training import export
from training.places_cases import FOLDS, Marked, read_cases

SEED = 11
BASIC = {
    "objective": "binary",
    "min_data_in_leaf": 20,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 1,
    "deterministic": True,
    "seed": SEED,
    "verbose": -1,
}
FIRST = {**BASIC, "num_leaves": 15, "learning_rate": 0.04, "feature_fraction": 0.3}
SECOND = {**BASIC, "num_leaves": 8, "learning_rate": 0.05, "feature_fraction": 0.5}
FIRST_ROUNDS, SECOND_ROUNDS = 400, 120
NETS = 3
HIDDEN = (64, 32)
EPOCHS = 14
DECAY = 1.0
"""Strength of the nets' regularisation; without it they learn the 6,000 sentences by heart."""
FEATURE_SCALE = 0.7
"""Of a plain feature's deviation beside a meaning's, as the nets see them."""
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Table:
    """All names of all cases as rows."""

    cases: Sequence[Marked]
    rows: Matrix
    meaning: Matrix
    label: NDArray[np.float64]
    weight: NDArray[np.float64]
    fold: NDArray[np.int64]

    def split(self, values: Matrix) -> list[Matrix]:
        """Rows as lists by case."""
        return np.split(values, np.cumsum([len(marked.case.spots) for marked in self.cases])[:-1])

    def where(self, keep: NDArray[np.bool_]) -> "Table":
        """The cases of some folds alone."""
        cases = [marked for marked in self.cases if keep[marked.fold]]
        return table_of(cases)


@dataclass(frozen=True)
class Fitted:
    """The models of names by themselves."""

    trees: lightgbm.Booster
    nets: Sequence[Any]
    shift: Matrix
    scale: Matrix
    directions: Matrix

    def margins(self, table: Table) -> Matrix:
        full = np.hstack([table.rows, placing.brought(table.meaning, self.directions)])
        nets = _nets_of(self).margins(full)
        return placing.met(np.asarray(self.trees.predict(full, raw_score=True), np.float32), nets)


def train(corpora: Path) -> None:
    cases, marked = read_cases(corpora)
    table = table_of(cases)
    seen = _held_out(table)
    second, final = _second(table, seen)
    for name, margins in (("each name by itself", seen), ("names against each other", final)):
        shares = table.split(placing.likely(margins))
        print(f"{name}, held out: P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*figures(cases, shares, marked)))
    save(fit(table), second, MODELS)


def table_of(cases: Sequence[Marked]) -> Table:
    sizes = [len(marked.case.spots) for marked in cases]
    return Table(
        cases,
        np.vstack([marked.case.rows for marked in cases]),
        np.vstack([marked.case.meaning for marked in cases]),
        np.array([label for marked in cases for label in marked.labels]),
        np.repeat([marked.weight for marked in cases], sizes),
        np.repeat([marked.fold for marked in cases], sizes),
    )


def fit(table: Table) -> Fitted:
    """Trees and nets on all rows of a table."""
    parts = table.meaning.shape[1]
    directions = np.stack(
        [
            PCA(placing.DIMENSIONS, svd_solver="full").fit(table.meaning[:, part].astype(np.float64)).components_.T
            for part in range(parts)
        ]
    ).astype(np.float32)
    meaning = placing.brought(table.meaning, directions)
    full = np.hstack([table.rows, meaning])
    trees = lightgbm.train(FIRST, lightgbm.Dataset(full, label=table.label, weight=table.weight), FIRST_ROUNDS)
    spread = meaning.reshape(len(meaning), parts, -1).std(axis=(0, 2)) + 1e-6
    shift = np.concatenate([table.rows.mean(axis=0), np.zeros(meaning.shape[1])]).astype(np.float32)
    scale = np.concatenate(
        [FEATURE_SCALE / (table.rows.std(axis=0) + 1e-6), np.repeat(1 / spread, placing.DIMENSIONS)]
    ).astype(np.float32)
    given = np.clip((full - shift) * scale, -NET_LIMIT, NET_LIMIT)
    return Fitted(trees, list(_nets(given, table.label)), shift, scale, directions)


def _nets(given: Matrix, label: NDArray[np.float64]) -> Iterator[Any]:
    for seed in range(NETS):
        net = MLPClassifier(HIDDEN, alpha=DECAY, batch_size=128, max_iter=EPOCHS, random_state=SEED + seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is part of the regularisation
            yield net.fit(given, label)


def _nets_of(fitted: Fitted) -> Nets:
    layers = tuple(
        tuple(
            (weights.astype(np.float32), bias.astype(np.float32))
            for weights, bias in zip(net.coefs_, net.intercepts_, strict=True)
        )
        for net in fitted.nets
    )
    return Nets(placing.FIRST_NAMES, fitted.shift, fitted.scale, layers)


def _held_out(table: Table) -> Matrix:
    """Each row's log-odds by models that have not seen its sentence."""
    made = np.zeros(len(table.rows), np.float32)
    for fold in sorted(set(table.fold.tolist())):
        others = np.array([number != fold for number in range(FOLDS)])
        made[table.fold == fold] = fit(table.where(others)).margins(table.where(~others))
    return made


def _among(table: Table, seen: Matrix) -> Matrix:
    """What the second trees see: the features, and how each name does beside the others."""
    shares = table.split(placing.likely(seen))
    rivals = [
        row
        for marked, share in zip(table.cases, shares, strict=True)
        for row in rivalry(marked.case.spots, share.tolist())
    ]
    return np.hstack([table.rows, np.array(rivals, np.float32)])


def _second(table: Table, seen: Matrix) -> tuple[lightgbm.Booster, Matrix]:
    """The trees of names against each other, and each row's final log-odds by trees that have not seen its sentence."""
    full = _among(table, seen)
    final = np.zeros(len(full), np.float32)
    for fold in sorted(set(table.fold.tolist())):
        known, asked = table.fold != fold, table.fold == fold
        data = lightgbm.Dataset(full[known], label=table.label[known], weight=table.weight[known])
        final[asked] = lightgbm.train(SECOND, data, SECOND_ROUNDS).predict(full[asked], raw_score=True)
    data = lightgbm.Dataset(full, label=table.label, weight=table.weight)
    return lightgbm.train(SECOND, data, SECOND_ROUNDS), (seen + final) / 2


def save(first: Fitted, second: lightgbm.Booster, folder: Path) -> None:
    """Write the model files that `geodata.extract.placing` reads."""
    export.save(folder / placing.FIRST_MODEL.name, export.of_trees(first.trees, placing.FIRST_NAMES))
    export.save(folder / placing.SECOND_MODEL.name, export.of_trees(second, placing.SECOND_NAMES))
    nets = export.of_nets(first.nets, first.shift, first.scale, placing.FIRST_NAMES)
    export.save(folder / placing.NETS_MODEL.name, {**nets, "directions": first.directions.astype(np.float16)})


def figures(cases: Sequence[Marked], shares: Sequence[Matrix], marked: int) -> tuple[float, float, float]:
    """Precision, recall and F1 of place words over the marked verbs, as linking would choose."""
    hit = guessed = 0
    for one, share in zip(cases, shares, strict=True):
        if one.weight < 1:
            continue
        spots = one.case.spots
        links = linking.choose(spots, one.words, one.case.rows, [float(s) for s in share])
        chosen = {link.toponym.span for link in links}
        for spot, (length, right) in zip(spots, one.tokens, strict=True):
            if spot.toponym.span in chosen:
                hit, guessed = hit + right, guessed + length
    precision, recall = hit / max(1, guessed), hit / marked
    return precision, recall, 2 * precision * recall / (precision + recall)
