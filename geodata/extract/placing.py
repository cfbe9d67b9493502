"""The linker's models: how likely each name of a sentence is the place of an event, from the numbers of `placement` and
the meanings of the words around.

Boosted trees and small neural nets weigh each name by itself; their shares meet halfway. Further trees, which see those
shares, weigh the names of one event against each other. All are trained by training/places.py;
geodata/models/README.md has their card.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.extract.meanings import PARTS
from geodata.extract.placement import FEATURES
from geodata.extract.rivals import RIVALRY, rivalry
from geodata.extract.spots import Spot
from geodata.learned import MODELS, Floats, Nets, Trees, load_nets, load_trees, read_arrays

FIRST_MODEL = MODELS / "places.npz"
NETS_MODEL = MODELS / "places_nets.npz"
SECOND_MODEL = MODELS / "places_among.npz"
DIMENSIONS = 24
"""Of a part's meaning, once its vector is brought to the directions in which the corpus varies most."""
MEANING_NAMES = tuple(f"{part} {n}" for part in PARTS for n in range(DIMENSIONS))
FIRST_NAMES = (*FEATURES, *MEANING_NAMES)
SECOND_NAMES = (*FEATURES, *RIVALRY)
NETS_SAY = 0.45
"""The nets' part of the first share, in log-odds; the trees alone are a little better than the nets alone."""


@dataclass(frozen=True)
class Case:
    """One event and the names of its sentence."""

    spots: Sequence[Spot]
    rows: Floats
    """(spots, FEATURES)"""
    meaning: Floats
    """(spots, parts, dimensions of the vectors)"""


@dataclass(frozen=True)
class Placing:
    """The models together."""

    first: Trees
    nets: Nets
    second: Trees
    directions: NDArray[np.float32]
    """(parts, dimensions of the vectors, DIMENSIONS)"""

    def shares(self, cases: Sequence[Case]) -> Iterator[list[float]]:
        """Of each case that has names, how likely each of them is the place (0..1). All cases of a story together:
        each pass through a model costs more than the rows in it."""
        if not cases:
            return
        rows = np.concatenate([case.rows for case in cases])
        full = np.hstack([rows, brought(np.concatenate([case.meaning for case in cases]), self.directions)])
        before = met(self.first.margins(full)[:, 0], self.nets.margins(full))
        ends = np.cumsum([len(case.spots) for case in cases])[:-1]
        alone = np.split(likely(before), ends)
        rivals = [rivalry(case.spots, share.tolist()) for case, share in zip(cases, alone, strict=True)]
        among = self.second.margins(np.hstack([rows, np.array([row for some in rivals for row in some], np.float32)]))
        for share in np.split(likely(met(before, among[:, 0], 0.5)), ends):
            yield share.tolist()


def brought(meaning: Floats, directions: NDArray[np.float32]) -> Floats:
    """(rows, parts x DIMENSIONS): each part's vector along that part's directions."""
    made = np.einsum("rpd,pdk->rpk", meaning, directions, optimize=True)
    return np.asarray(made.reshape(len(made), -1), np.float32)


def met(one: Floats, other: Floats, say: float = NETS_SAY) -> Floats:
    """Log-odds between those of two models; `say` is the second one's part."""
    return np.asarray((1 - say) * one + say * other, np.float32)


def likely(margins: Floats) -> Floats:
    """Log-odds as shares."""
    return np.asarray(1 / (1 + np.exp(-margins)), np.float32)


@cache
def placing(folder: Path = MODELS) -> Placing:
    """The models of a folder, by default those that ship."""
    nets = folder / NETS_MODEL.name
    return Placing(
        load_trees(folder / FIRST_MODEL.name, FIRST_NAMES),
        load_nets(nets, FIRST_NAMES),
        load_trees(folder / SECOND_MODEL.name, SECOND_NAMES),
        read_arrays(nets)["directions"].astype(np.float32),
    )
