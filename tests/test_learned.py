"""Small models: numpy's answers equal the trainer's, and a model that does not fit its code is refused."""

from pathlib import Path

import numpy as np
import pytest

from geodata.errors import UsageError
from geodata.learned import Calibration, Linear, Trees, load_linear, load_trees

STUMP = {
    "feature_names": np.array(["a", "b"]),
    "roots": np.array([0, 3], np.int32),
    "outputs": np.array([0, 1], np.int32),
    "feature": np.array([1, 0, 0, 0], np.int16),
    "threshold": np.array([0.5, 0, 0, 0], np.float32),
    "ways": np.array([1, 2, 1, 1, 2, 2, 3, 3], np.int32),
    "value": np.array([0, -1, 2, 7], np.float32),
    "depth": np.array(1, np.int32),
}


@pytest.fixture
def stump(tmp_path: Path) -> Path:
    np.savez_compressed(tmp_path / "stump.npz", **STUMP)
    return tmp_path / "stump.npz"


def test_trees_go_left_at_most_at_the_threshold(stump: Path) -> None:
    rows = np.array([[9, 0.5], [9, 0.6]], np.float32)
    assert load_trees(stump, ["a", "b"]).margins(rows).tolist() == [[-1, 7], [2, 7]]


def test_no_rows_give_no_margins(stump: Path) -> None:
    assert load_trees(stump, ["a", "b"]).margins(np.zeros((0, 2), np.float32)).shape == (0, 2)


def test_more_rows_than_are_scored_together(stump: Path) -> None:
    rows = np.random.default_rng(1).random((9_000, 2)).astype(np.float32)
    assert (load_trees(stump, ["a", "b"]).margins(rows)[:, 0] == np.where(rows[:, 1] > 0.5, 2, -1)).all()


@pytest.mark.parametrize("names", [["a"], ["b", "a"], ["a", "b", "c"]])
def test_a_model_of_other_features_is_refused(stump: Path, names: list[str]) -> None:
    with pytest.raises(UsageError, match="make train"):
        load_trees(stump, names)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(UsageError, match="bad"):
        load_trees(tmp_path / "bad.npz", ["a"])
    with pytest.raises(UsageError, match="cannot be read"):
        load_linear(tmp_path / "none.npz", ["a"])


def test_linear() -> None:
    layer = Linear(("a", "b"), np.array([[1.0], [2.0]], np.float32), np.array([0.5], np.float32))
    assert layer.margins(np.array([[1, 1]], np.float32)).tolist() == [[3.5]]


def test_calibration_is_flat_outside_its_points() -> None:
    line = Calibration(np.array([-1, 1], np.float32), np.array([0.2, 0.8], np.float32))
    assert [line.share(m) for m in (-9, 0, 9)] == pytest.approx([0.2, 0.5, 0.8])


def test_numpy_answers_as_lightgbm_does() -> None:
    pytest.importorskip("lightgbm", reason="only where `make train` has installed it")
    import lightgbm

    from training.export import of_trees

    generator = np.random.default_rng(7)
    rows = generator.random((400, 3)).astype(np.float32)
    target = (rows[:, 0] > rows[:, 1]).astype(int) + (rows[:, 2] > 0.7)
    settings = {"objective": "multiclass", "num_class": 3, "verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, target), 20)
    arrays = of_trees(booster, ["x", "y", "z"])
    ours = Trees(
        ("x", "y", "z"), *(arrays[n] for n in ("roots", "outputs", "feature", "threshold", "ways", "value")), 0
    )
    ours = Trees(**{**ours.__dict__, "depth": int(arrays["depth"])})
    assert ours.margins(rows) == pytest.approx(booster.predict(rows, raw_score=True), abs=1e-5)
