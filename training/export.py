"""Writes trained models as the plain arrays that `geodata.learned` reads. The same model gives the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray


def save(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """An .npz of the arrays (numpy dates its members 1980, so equal arrays are an equal file)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **dict(arrays))
    print(f"{path}: {path.stat().st_size / 1024:.0f} KB")


def of_trees(booster: lightgbm.Booster, feature_names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The arrays of `geodata.learned.Trees`. Numerical features without missing values only."""
    dump = booster.dump_model()
    outputs = dump["num_tree_per_iteration"]
    nodes: list[tuple[int, float, int, int, float]] = []
    roots: list[int] = []
    depth = 0

    def add(node: dict[str, Any], level: int) -> int:
        nonlocal depth
        depth = max(depth, level)
        at = len(nodes)
        nodes.append((0, 0.0, at, at, 0.0))
        if "leaf_value" in node and "split_feature" not in node:
            nodes[at] = (0, 0.0, at, at, node["leaf_value"])
            return at
        if node["decision_type"] != "<=":
            raise ValueError("categorical splits are not supported")
        left, right = add(node["left_child"], level + 1), add(node["right_child"], level + 1)
        nodes[at] = (node["split_feature"], _below(node["threshold"]), left, right, 0.0)
        return at

    roots.extend(add(tree["tree_structure"], 0) for tree in dump["tree_info"])
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return {
        "feature_names": np.array(feature_names),
        "roots": np.array(roots, np.int32),
        "outputs": np.arange(len(roots), dtype=np.int32) % outputs,
        "feature": np.array(feature, np.int16),
        "threshold": np.array(threshold, np.float32),
        "ways": np.array([left, right], np.int32).T.ravel(),
        "value": np.array(value, np.float32),
        "depth": np.array(depth, np.int32),
    }


def of_linear(weights: NDArray[Any], bias: NDArray[Any], feature_names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The arrays of `geodata.learned.Linear`; weights (features, outputs)."""
    return {
        "feature_names": np.array(feature_names),
        "weights": np.asarray(weights, np.float32),
        "bias": np.asarray(bias, np.float32),
    }


def of_nets(
    nets: Sequence[Any], shift: NDArray[Any], scale: NDArray[Any], feature_names: Sequence[str]
) -> dict[str, NDArray[Any]]:
    """The arrays of `geodata.learned.Nets`, from scikit-learn's MLPClassifier with rectified layers. Half precision:
    the shares differ by less than 0.001."""
    made: dict[str, NDArray[Any]] = {
        "feature_names": np.array(feature_names),
        "shift": np.asarray(shift, np.float32),
        "scale": np.asarray(scale, np.float32),
        "layers": np.array([len(net.coefs_) for net in nets], np.int32),
    }
    for number, net in enumerate(nets):
        for n, (weights, bias) in enumerate(zip(net.coefs_, net.intercepts_, strict=True)):
            made[f"weights_{number}_{n}"] = weights.astype(np.float16)
            made[f"bias_{number}_{n}"] = bias.astype(np.float16)
    return made


def of_calibration(margins: NDArray[Any], right: NDArray[Any], points: int = 24) -> dict[str, NDArray[Any]]:
    """The arrays of `geodata.learned.Calibration`: isotonic regression of right (0, 1) on margins, thinned."""
    from sklearn.isotonic import IsotonicRegression

    line = IsotonicRegression(out_of_bounds="clip").fit(margins, right)
    at = np.quantile(margins, np.linspace(0, 1, points))
    return {"margins": at.astype(np.float32), "shares": line.predict(at).astype(np.float32)}


def _below(threshold: float) -> float:
    """The greatest float32 that is no greater: features are float32, so the split stays where it was."""
    near = np.float32(threshold)
    return float(near if near <= threshold else np.nextafter(near, np.float32(-np.inf)))
