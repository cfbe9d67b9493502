"""`python -m training.vectors`: static word vectors from the teacher, after the manner of model2vec.

Every wordpiece goes through the transformer alone; its states are averaged and brought to fewer dimensions by principal
components. A piece's rank in the vocabulary, which is in order of frequency, says how much it counts, after Zipf. Made
apart from the other models, as it needs the teacher's weights (requirements-vectors.in); the file is committed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geodata.learned import MODELS
from training.export import save
from training.minilm import MiniLM

DIMENSIONS = 96
"""64 are a point of F1 worse in the kinds of events; 256 no better than 96."""
AT_ONCE = 1024
Floats = NDArray[np.float32]


def main() -> None:
    """Write models/vectors.npz."""
    teacher = MiniLM()
    kept = [i for i, piece in enumerate(teacher.vocabulary) if _wanted(piece)]
    states = np.concatenate(
        [teacher.hidden([[i] for i in kept[at : at + AT_ONCE]]).mean(axis=1) for at in range(0, len(kept), AT_ONCE)]
    )
    save(MODELS / "vectors.npz", small(states, np.array(kept), [teacher.vocabulary[i] for i in kept]))


def _wanted(piece: str) -> bool:
    """Pieces of Latin letters and digits, and single marks; no placeholders, no other scripts."""
    return piece == "[UNK]" or (piece.isascii() and not (piece.startswith("[") and len(piece) > 1))


def small(states: Floats, ranks: NDArray[np.int64], vocabulary: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The arrays that ship: principal components, weighted by rank, as whole numbers of one byte."""
    centred = (states - states.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSIONS)])
    weighted = centred @ axes * np.log1p(ranks)[:, None]
    scale = np.quantile(np.abs(weighted), 0.9999, axis=0) / 127
    table = np.clip(np.rint(weighted / scale), -127, 127).astype(np.int8)
    return {
        "table": table,
        "scale": scale.astype(np.float32),
        "vocabulary": np.frombuffer("\n".join(vocabulary).encode("utf-8"), np.uint8),
    }


if __name__ == "__main__":
    main()
