"""The first layer of spaCy's models, worked out once for each kind of word and kept.

A word's first vector depends on nothing but a few of its attributes (the word, its beginning, end and shape), yet
making it costs the model a third of its time. News repeats its words: of a stream of stories most are known already.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from geodata.learned import Floats

MOST_KEPT = 40_000
"""Kinds of words: 15 MB a model at 96 numbers each; what is full is emptied."""
_LAYERS = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")
"""spaCy's MultiHashEmbed (spacy/ml/models/tok2vec.py) without static vectors."""


class FirstLayer:
    """Stands in for the forward pass of a model's embedding; gives what that gives, to rounding. Not for training."""

    def __init__(self, embed: Any) -> None:
        self._whole: Callable[..., Any] = embed._func
        self._columns = embed.layers[0].attrs["columns"]
        self._mixers = embed.layers[2:4]
        self._numbers: dict[bytes, int] = {}
        self._vectors = np.zeros((0, embed.get_dim("nO")), np.float32)

    def __call__(self, model: Any, docs: Sequence[Any], is_train: bool) -> tuple[Any, Callable[..., Any]]:
        if is_train:
            return self._whole(model, docs, is_train)  # type: ignore[no-any-return]
        rows = [doc.to_array(self._columns) for doc in docs]
        lengths = [len(each) for each in rows]
        flat = np.concatenate(rows) if rows else np.zeros((0, len(self._columns)), np.uint64)
        found = self._vectors_of(np.ascontiguousarray(flat, np.uint64))
        return np.split(found, np.cumsum(lengths)[:-1]) if lengths else [], _no_training

    def _vectors_of(self, rows: Any) -> Floats:
        keys = rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel().tolist() if rows.size else []
        if len(self._numbers) + len(keys) > MOST_KEPT:
            self._numbers.clear()
        numbers = self._numbers
        new = {key: at for at, key in enumerate(keys) if key not in numbers}
        if new:
            self._learn(rows[list(new.values())], list(new), len(keys))
        return self._vectors[np.fromiter(map(numbers.__getitem__, keys), np.intp, len(keys))]

    def _learn(self, rows: Any, keys: Sequence[bytes], coming: int) -> None:
        made = rows
        for mixer in self._mixers:
            made = mixer.predict(made)
        first = len(self._numbers)
        if first + len(keys) > len(self._vectors):
            grown = np.zeros((max(first + coming, 2 * len(self._vectors)), made.shape[1]), np.float32)
            grown[:first] = self._vectors[:first]
            self._vectors = grown
        self._vectors[first : first + len(keys)] = made
        self._numbers.update(zip(keys, range(first, first + len(keys)), strict=True))


def _no_training(_: object) -> object:
    raise TypeError("a model that remembers its words is not to be trained")


def remember(model: Any) -> int:
    """Let every embedding in a model keep its vectors; how many there were of the kind that can."""
    embeds = [part for part in model.walk() if tuple(layer.name.partition("(")[0] for layer in part.layers) == _LAYERS]
    for embed in embeds:
        embed._func = FirstLayer(embed)
    return len(embeds)
