"""From mentions as the lexicon has them to mentions of decided kinds: the learned choice, sentence by sentence.

A short text is a note on one event: it is judged as a whole, and the mention that fits best carries its kind. In a
longer story each sentence is judged by itself; where it tells of several events, each one's own clause counts as much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.extract.kinds import Kinds, features
from geodata.extract.triggers import Mention, clause

Floats = NDArray[np.float32]
SHORT_SENTENCES = 3
"""Up to so many sentences a text is a note on one event, and nothing in it is said in passing."""


@dataclass(slots=True)
class Reading:
    """A sentence: all patterns that hold in it, and the mentions of what happened."""

    sentence: Any
    hints: Sequence[Mention]
    told: list[Mention]


def decide(readings: Sequence[Reading], model: Kinds, owners: Mapping[str, str]) -> None:
    """Give each mention its kind and how sure that is. `owners`: sub-type -> event type; what the model does not know
    stays as the lexicon has it."""
    passages = [list(readings)] if len(readings) <= SHORT_SENTENCES else [[reading] for reading in readings]
    passages = [passage for passage in passages if any(reading.told for reading in passage)]
    if not passages:
        return
    known = np.array([name in owners for name in model.sub_types])
    whole = model.shares(np.stack([passage_row(passage, model.sub_types) for passage in passages])) * known
    for passage, shares in zip(passages, whole, strict=True):
        _decide(passage, shares, known, model, owners)


def _decide(
    passage: Sequence[Reading], shares: Floats, known: NDArray[np.bool_], model: Kinds, owners: Mapping[str, str]
) -> None:
    mentions = [m for reading in passage for m in reading.told if m.pattern.sub_type in model.sub_types]
    if not mentions:
        return
    each = np.broadcast_to(shares, (len(mentions), len(shares)))
    if len(mentions) > 1:
        rows = np.stack([_clause_row(mention, passage, model) for mention in mentions])
        each = np.sqrt(model.shares(rows) * known * shares)
        each /= each.sum(axis=1, keepdims=True) + 1e-9
    chosen = each.argmax(axis=1)
    sure = each.max(axis=1)
    leading = int(shares.argmax())
    carrier = int(each[:, leading].argmax())
    chosen[carrier], sure[carrier] = leading, max(float(shares[leading]), float(sure[carrier]))
    made = {
        id(mention): _as(mention, model.sub_types[kind], float(share), owners)
        for mention, kind, share in zip(mentions, chosen, sure, strict=True)
    }
    for reading in passage:
        reading.told = [made.get(id(mention), mention) for mention in reading.told]


def _as(mention: Mention, sub_type: str, share: float, owners: Mapping[str, str]) -> Mention:
    pattern = replace(mention.pattern, event_type=owners[sub_type], sub_type=sub_type)
    return replace(mention, pattern=pattern, share=share)


def passage_row(passage: Sequence[Reading], sub_types: Sequence[str]) -> Floats:
    """The features of a passage judged as a whole."""
    return features(
        (token for reading in passage for token in reading.sentence),
        [mention for reading in passage for mention in reading.hints],
        [mention for reading in passage for mention in reading.told],
        sub_types,
    )


def _clause_row(mention: Mention, passage: Sequence[Reading], model: Kinds) -> Floats:
    words = clause(mention.token)
    own = {word.i for word in words}
    hints = [
        hint
        for reading in passage
        for hint in reading.hints
        if hint.token.doc is mention.token.doc and hint.token.i in own
    ]
    return features(words, hints, [mention], model.sub_types)
