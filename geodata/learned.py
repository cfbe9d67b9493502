"""Small learned models as files of numbers, read and run with numpy alone.

A model is an .npz of plain arrays that `training/` wrote: boosted trees (LightGBM's), a linear layer or small nets,
with the names of its features, so that a model that no longer fits its code is refused, and a calibration that turns
margins into the share of right answers among answers like it.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.errors import UsageError

MODELS = Path(__file__).parent / "models"
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
NET_LIMIT = 3.0
"""Standard deviations that a net sees of a feature at most."""
_ROWS_AT_ONCE = 4096
"""Rows scored together: rows x trees positions stay within the processor's cache."""


@dataclass(frozen=True)
class Trees:
    """Boosted trees for one or more outputs. A leaf is a node whose both ways lead to itself."""

    feature_names: tuple[str, ...]
    roots: Ints
    """(trees,) first node of each tree."""
    outputs: Ints
    """(trees,) which output a tree adds to."""
    feature: Ints
    """(nodes,) which feature is looked at."""
    threshold: Floats
    """(nodes,) go left where the feature is at most this."""
    ways: Ints
    """(2 x nodes,) the node on the left and on the right of each node."""
    value: Floats
    """(nodes,) what a leaf adds."""
    depth: int

    @cached_property
    def _output_count(self) -> int:
        return int(self.outputs.max()) + 1

    @cached_property
    def _adder(self) -> Floats:
        """(trees, outputs) 1 where a tree adds to an output."""
        return np.eye(self._output_count, dtype=np.float32)[self.outputs]

    @cached_property
    def _as_indexes(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """`feature` and `ways` in numpy's own type for indexes, which saves it a copy at every step."""
        return self.feature.astype(np.intp), self.ways.astype(np.intp)

    def margins(self, rows: Floats) -> Floats:
        """(rows, features) -> (rows, outputs), as log-odds or scores. No feature may be NaN."""
        parts = [self._margins(rows[at : at + _ROWS_AT_ONCE]) for at in range(0, len(rows), _ROWS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self._output_count), dtype=np.float32)

    def _margins(self, rows: Floats) -> Floats:
        flat = np.ascontiguousarray(rows, dtype=np.float32).ravel()
        starts = (np.arange(len(rows)) * len(self.feature_names))[:, None]
        feature, ways = self._as_indexes
        at = np.broadcast_to(self.roots.astype(np.intp), (len(rows), len(self.roots)))
        for _ in range(self.depth):
            right = flat.take(starts + feature.take(at)) > self.threshold.take(at)
            at = ways.take(2 * at + right)
        return self.value.take(at) @ self._adder


@dataclass(frozen=True)
class Linear:
    """A linear layer: features to one or more outputs."""

    feature_names: tuple[str, ...]
    weights: Floats
    """(features, outputs)"""
    bias: Floats
    """(outputs,)"""

    def margins(self, rows: Floats) -> Floats:
        """(rows, features) -> (rows, outputs), as log-odds or scores."""
        return np.asarray(rows @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Nets:
    """Small neural nets with one output, whose log-odds are averaged: layers of rectified sums."""

    feature_names: tuple[str, ...]
    shift: Floats
    """(features,) taken off, then `scale`d, then kept within NET_LIMIT: nothing far off may carry a net away."""
    scale: Floats
    layers: tuple[tuple[tuple[Floats, Floats], ...], ...]
    """Of each net its layers' weights (inputs, outputs) and biases (outputs,)."""

    def margins(self, rows: Floats) -> Floats:
        """(rows, features) -> (rows,) log-odds."""
        given = np.clip((rows - self.shift) * self.scale, -NET_LIMIT, NET_LIMIT)
        total = np.zeros(len(rows), np.float32)
        for net in self.layers:
            values = given
            for weights, bias in net[:-1]:
                values = np.maximum(values @ weights + bias, 0)
            weights, bias = net[-1]
            total += (values @ weights + bias)[:, 0]
        return np.asarray(total / len(self.layers), np.float32)


@dataclass(frozen=True)
class Calibration:
    """Margin to the share of right answers: a rising line through points, flat outside them."""

    margins: Floats
    shares: Floats

    def share(self, margin: float) -> float:
        return float(np.interp(margin, self.margins, self.shares))

    def all_shares(self, margins: Floats) -> Floats:
        return np.interp(margins, self.margins, self.shares).astype(np.float32)


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """All arrays of a model file. UsageError where the file is missing or broken."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"{path.name}: the model file cannot be read ({error}). Restore it, or make it again."
        ) from error


def load_trees(path: Path, feature_names: Sequence[str]) -> Trees:
    """The boosted trees of a file. UsageError where they were made for other features."""
    arrays = read_arrays(path)
    _check(path, arrays["feature_names"], feature_names)
    return Trees(
        feature_names=tuple(feature_names),
        roots=arrays["roots"].astype(np.int32),
        outputs=arrays["outputs"].astype(np.int32),
        feature=arrays["feature"].astype(np.int32),
        threshold=arrays["threshold"].astype(np.float32),
        ways=arrays["ways"].astype(np.int32),
        value=arrays["value"].astype(np.float32),
        depth=int(arrays["depth"].astype(np.int32)),
    )


def load_linear(path: Path, feature_names: Sequence[str]) -> Linear:
    """The linear layer of a file. UsageError where it was made for other features."""
    arrays = read_arrays(path)
    _check(path, arrays["feature_names"], feature_names)
    return Linear(tuple(feature_names), arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32))


def load_nets(path: Path, feature_names: Sequence[str]) -> Nets:
    """The nets of a file. UsageError where they were made for other features."""
    arrays = read_arrays(path)
    _check(path, arrays["feature_names"], feature_names)
    values = {name: array.astype(np.float32) for name, array in arrays.items() if name != "feature_names"}
    counts = [int(count) for count in arrays["layers"].astype(np.int32)]
    layers = tuple(
        tuple((values[f"weights_{net}_{n}"], values[f"bias_{net}_{n}"]) for n in range(count))
        for net, count in enumerate(counts)
    )
    return Nets(tuple(feature_names), values["shift"], values["scale"], layers)


def load_calibration(path: Path) -> Calibration:
    """The calibration that lies in a model's file."""
    arrays = read_arrays(path)
    return Calibration(arrays["margins"].astype(np.float32), arrays["shares"].astype(np.float32))


def _check(path: Path, made_for: NDArray[np.generic], asked: Sequence[str]) -> None:
    names = [str(name) for name in made_for]
    if names != list(asked):
        odd = sorted(set(names) ^ set(asked)) or ["their order"]
        raise UsageError(f"{path.name} was trained for other features ({', '.join(odd)}): run `make train`.")
