"""Who does what to whom in a passage: which groups of words stand as doer, as object and as what was left behind.

"Troops took the town from rebels" and "rebels took the town from troops" have the same words; only their roles differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.extract.concepts import Concepts, concepts
from geodata.extract.triggers import objects

ACTS: Mapping[str, tuple[str, ...]] = {
    "takes": ("seize", "regain"),
    "hits": ("attack", "clash", "livefire", "teargas", "disperse", "airstrike", "shelling", "explode", "riotact"),
    "leaves": ("withdraw", "change"),
    "holds": ("arrest", "abduct"),
    "finds": ("find", "defuse"),
    "calls": ("protest", "diplomacy", "agree"),
}
ACTORS = ("stateforce", "rebel", "police", "crowd", "protest", "civilian")
PATIENTS = (*ACTORS, "territory", "weaponfound", "loot", "aircraft", "missile")
SOURCES = ("stateforce", "rebel")
NAMES = (
    *(f"{actor} {act}" for act in ACTS for actor in ACTORS),
    *(f"{act} {patient}" for act in ACTS for patient in PATIENTS),
    *(f"takes from {source}" for source in SOURCES),
)
_NUMBER = {name: i for i, name in enumerate(NAMES)}
_MOST_WORDS = 12
"""Words of a phrase that are looked at, from its head on."""


def roles(tokens: Iterable[Any]) -> NDArray[np.float32]:
    """(NAMES,) 1 where a role is filled."""
    known = concepts()
    row = np.zeros(len(NAMES), np.float32)
    for token in tokens:
        acts = _acts(token, known)
        if acts:
            doers, patients, sources = _around(token, known)
            for act in acts:
                _fill(row, (f"{doer} {act}" for doer in doers))
                _fill(row, (f"{act} {patient}" for patient in patients))
                if act == "takes":
                    _fill(row, (f"takes from {source}" for source in sources))
    return row


def _fill(row: NDArray[np.float32], names: Iterable[str]) -> None:
    for name in names:
        number = _NUMBER.get(name)
        if number is not None:
            row[number] = 1


def _acts(token: Any, known: Concepts) -> list[str]:
    if token.pos_ not in ("VERB", "NOUN", "AUX") and token.tag_ not in ("VBN", "VBD", "VBG"):
        return []
    groups = _groups([token], known)
    return [act for act, of in ACTS.items() if groups.intersection(of)]


def _around(token: Any, known: Concepts) -> tuple[set[str], set[str], set[str]]:
    doers: list[Any] = []
    sources: list[Any] = []
    verb = token
    while verb.dep_ in ("conj", "xcomp") and not any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
        verb = verb.head  # "attacked and took": one doer
    for child in verb.children:
        if child.dep_ == "nsubj":
            doers += _phrase(child)
    for child in token.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            doers += [word for inner in child.children for word in _phrase(inner)]
        elif child.dep_ == "prep" and child.lower_ in ("from", "against", "of"):
            sources += [word for inner in child.children for word in _phrase(inner)]
    if token.dep_ == "acl" and token.tag_ == "VBG":
        doers += _phrase(token.head)
    return _groups(doers, known), _groups(objects(token)[:_MOST_WORDS], known), _groups(sources, known)


def _phrase(head: Any) -> list[Any]:
    return [head, *(child for child in head.subtree if child.i != head.i)][:_MOST_WORDS]


def _groups(words: Sequence[Any], known: Concepts) -> set[str]:
    found = known.found([(word.lower_, word.lemma_.lower()) for word in words])
    return {known.names[group] for _, group in found}
