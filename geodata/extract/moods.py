"""How a passage speaks: of what was done, or of what may be, is wished, is usual or long past; for the models."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WORDS: Mapping[str, Mapping[str, str]] = {
    "modal": dict.fromkeys(("will", "wo", "'ll", "shall", "would", "could", "may", "might", "should", "must"), "aux")
    | {"can": "aux", "ca": "aux"},
    "negation": {"no": "", "not": "neg", "n't": "neg", "never": "neg"},
    "condition": {"if": "mark", "unless": "mark", "whether": "mark"},
    "infinitive": {"to": "aux"},
    "habit": dict.fromkeys(
        ("often", "usually", "always", "regularly", "frequently", "every", "typically", "sometimes", "such"), ""
    ),
    "speaker": dict.fromkeys(("i", "we", "our", "my", "us", "you", "your"), ""),
    "person named before": dict.fromkeys(("he", "she", "they", "his", "her", "their"), ""),
    "question or quote": dict.fromkeys(("?", '"', "“", "``"), ""),
    "perfect": dict.fromkeys(("have", "has", "had", "'ve", "having"), "aux"),
}
"""Name -> words, each with the place in the sentence that it must have, if any."""
NAMES = (
    *("modal", "negation", "condition", "infinitive", "habit", "speaker", "person named before", "question or quote"),
    *("past clause", "present clause", "perfect", "past clause leads", "present clause leads", "no verb"),
    *("number", "day", "place", "long", "several sentences"),
)
_NUMBER: Mapping[str, int] = {name: i for i, name in enumerate(NAMES)}
_BY_WORD = {word: (name, place) for name, words in _WORDS.items() for word, place in words.items()}
_BY_ENTITY: Mapping[str, str] = {"CARDINAL": "number", "DATE": "day", "GPE": "place", "LOC": "place", "FAC": "place"}
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
    found = []
    said = _BY_WORD.get(token.lower_)
    if said is not None and (not said[1] or said[1] == token.dep_):
        found.append(said[0])
    if token.pos_ in ("VERB", "AUX") and token.dep_ in _CLAUSES:
        tense = _tense(token)
        if tense:
            found.append(f"{tense} clause")
            if token.dep_ == "ROOT":
                found.append(f"{tense} clause leads")
    kind = _BY_ENTITY.get(token.ent_type_)
    if kind is not None:
        found.append(kind)
    if token.i in token.doc.places:
        found.append("place")
    return found


def _tense(verb: Any) -> str:
    """ "past" or "present" by the first finite verb of the group; empty behind a modal."""
    group = [child for child in verb.children if child.dep_ in ("aux", "auxpass")] or [verb]
    first = min(group, key=lambda word: word.i)
    if first.tag_ == "VBD" or first.lemma_ == "have":
        return "past"
    if first.tag_ in ("VBZ", "VBP"):
        return "present"
    return "past" if first.tag_ == "VBN" else ""
