"""How a name hangs in its sentence: the phrase that it is part of, its preposition, and the word that governs both."""

from dataclasses import dataclass

from geodata.extract.rolewords import KINDS, ROLES
from geodata.extract.spots import Spot, Words


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name's way up: the head of the phrase it is part of, and how it hangs on what governs it."""

    top: int
    dep: str
    preposition: str
    governor: int
    """The word that the phrase, with its preposition, hangs on."""
    lifted: bool
    of_lifted: bool
    kind: str
    """The common noun that it names a part or kind of ("town", "airport"), or empty."""


def ancestors(words: Words, at: int) -> dict[int, int]:
    """Every word above (and the word itself) with the steps up to it."""
    found: dict[int, int] = {}
    while at not in found:
        found[at] = len(found)
        at = words.head[at]
    return found


def phrase_of(words: Words, spot: Spot) -> Phrase:
    at, kind = spot.root, ""
    lifted = of_lifted = False
    for _ in range(6):
        dep, head = words.dep[at], words.head[at]
        if head == at:
            break
        if dep in ("compound", "nmod", "appos", "conj", "amod") and words.pos[head] in ("NOUN", "PROPN"):
            if dep in ("compound", "nmod") and words.pos[head] == "NOUN":
                kind, lifted = kind or words.lemma[head], True
            at = head
            continue
        if dep == "pobj" and words.lower[head] == "of" and general(words.lemma[words.head[head]]):
            kind, of_lifted = kind or words.lemma[words.head[head]], True
            at = words.head[head]
            continue
        break
    dep, head = words.dep[at], words.head[at]
    if dep == "nsubj" and words.lemma[head] in ROLES["undergoing"]:
        dep = "nsubjpass"
    if dep in ("pobj", "pcomp") and words.dep[head] in ("prep", "agent", "dative", "advmod", "mark", "prt"):
        return Phrase(at, dep, words.lower[head], words.head[head], lifted, of_lifted, kind)
    if dep == "pobj":
        return Phrase(at, dep, words.lower[head], words.head[head], lifted, of_lifted, kind)
    return Phrase(at, dep, "", head, lifted, of_lifted, kind)


def general(lemma: str) -> bool:
    return any(lemma in nouns for nouns in KINDS.values())
