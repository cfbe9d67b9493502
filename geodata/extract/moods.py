"""How a passage speaks: of what was done, or of what may be, is wished, is usual or long past; for the models."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MODALS = frozenset(["will", "wo", "'ll", "shall", "would", "could", "may", "might", "should", "must", "can", "ca"])
_CONDITIONS = frozenset(["if", "unless", "whether"])
_HABITS = frozenset(
    ["often", "usually", "always", "regularly", "frequently", "every", "typically", "sometimes", "such"]
)
_OTHERS = frozenset(["he", "she", "they", "his", "her", "their"])
_SELF = frozenset(["i", "we", "our", "my", "us", "you", "your"])
NAMES = (
    *("modal", "negation", "condition", "infinitive", "habit", "speaker", "person named before", "question or quote"),
    *("past clause", "present clause", "perfect", "past clause leads", "present clause leads", "no verb"),
    *("number", "day", "place", "long", "several sentences"),
)
_NUMBER: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}
_CLAUSES = frozenset(("ROOT", "conj", "ccomp", "advcl", "relcl", "parataxis"))
LONG_WORDS = 30


def moods(tokens: Sequence[Any]) -> NDArray[np.float32]:
    """(NAMES,) 1 where it holds."""
    row = np.zeros(len(NAMES), np.float32)
    for token in tokens:
        for name in _of(token):
            row[_NUMBER[name]] = 1
    row[_NUMBER["no verb"]] = not (row[_NUMBER["past clause"]] or row[_NUMBER["present clause"]])
    row[_NUMBER["long"]] = len(tokens) > LONG_WORDS
    row[_NUMBER["several sentences"]] = sum(bool(token.is_sent_start) for token in tokens) > 1
    return row


def _of(token: Any) -> list[str]:
    found = _of_word(token)
    if token.pos_ in ("VERB", "AUX") and token.dep_ in _CLAUSES:
        tense = _tense(token)
        if tense:
            found.append(f"{tense} clause")
            if token.dep_ == "ROOT":
                found.append(f"{tense} clause leads")
    if token.ent_type_ in ("CARDINAL", "DATE"):
        found.append("number" if token.ent_type_ == "CARDINAL" else "day")
    if token.ent_type_ in ("GPE", "LOC", "FAC") or token.i in token.doc.user_data.get("places", ()):
        found.append("place")
    return found


def _of_word(token: Any) -> list[str]:
    word = token.lower_
    tests = (
        ("modal", token.dep_ == "aux" and word in _MODALS),
        ("negation", token.dep_ == "neg" or word == "no"),
        ("condition", token.dep_ == "mark" and word in _CONDITIONS),
        ("infinitive", word == "to" and token.dep_ == "aux"),
        ("habit", word in _HABITS),
        ("speaker", word in _SELF),
        ("person named before", word in _OTHERS),
        ("question or quote", word in ("?", '"', "“", "``")),
        ("perfect", token.dep_ == "aux" and token.lemma_ == "have"),
    )
    return [name for name, holds in tests if holds]


def _tense(verb: Any) -> str:
    """ "past" or "present" by the first finite verb of the group; empty behind a modal."""
    group = [child for child in verb.children if child.dep_ in ("aux", "auxpass")] or [verb]
    first = min(group, key=lambda word: word.i)
    if first.tag_ == "VBD" or first.lemma_ == "have":
        return "past"
    if first.tag_ in ("VBZ", "VBP"):
        return "present"
    return "past" if first.tag_ == "VBN" else ""
