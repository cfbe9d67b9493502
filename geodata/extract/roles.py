"""Who takes ground, and from whom: the words are the same in "troops took it from rebels" and the reverse."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.extract.triggers import objects

TAKING = frozenset(("seize", "regain"))
SIDES = ("stateforce", "rebel")
NAMES = (*(f"{side} takes" for side in SIDES), *(f"takes from {side}" for side in SIDES))
_MOST_WORDS = 12
"""Words of a phrase that are looked at."""
Groups = Mapping[int, set[str]]
"""Number of a word in the passage -> names of the groups that it belongs to."""


def roles(tokens: Sequence[Any], groups: Groups) -> NDArray[np.float32]:
    """(NAMES,) 1 where a role is filled; only words of the passage fill any."""
    row = np.zeros(len(NAMES), np.float32)
    verbs = [tokens[at] for at, of in groups.items() if TAKING & of and tokens[at].pos_ in ("VERB", "NOUN")]
    if verbs:
        sides = {(id(tokens[at].doc), tokens[at].i): of.intersection(SIDES) for at, of in groups.items()}
        for verb in verbs:
            for kind, words in (("{} takes", _doers(verb)), ("takes from {}", _losers(verb))):
                for word in words:
                    for side in sides.get((id(word.doc), word.i), ()):
                        row[NAMES.index(kind.format(side))] = 1
    return row


def _doers(verb: Any) -> list[Any]:
    found = [word for child in verb.children if child.dep_ == "agent" for word in _phrase(child)]
    while verb.dep_ in ("conj", "xcomp") and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
        verb = verb.head  # "attacked and took": one doer
    return found + [word for child in verb.children if child.dep_ == "nsubj" for word in _phrase(child)]


def _losers(verb: Any) -> list[Any]:
    """Whom ground is taken from, and who is driven out."""
    sources = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("from", "against")]
    return [*objects(verb)[:_MOST_WORDS], *(word for child in sources for word in _phrase(child))]


def _phrase(head: Any) -> list[Any]:
    return list(islice(head.subtree, _MOST_WORDS))
