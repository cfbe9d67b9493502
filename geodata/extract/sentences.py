"""Several triggers of one sentence that tell of one event: "a car bomb exploded, killing three"."""

from collections.abc import Sequence
from typing import Any

from geodata.extract.spots import Words
from geodata.extract.triggers import VAGUE, Mention, clause_head
from geodata.model import Span

RESULTS = frozenset(
    ["kill", "shoot", "murder", "behead", "stab", "execute", "slay", "machinegun", "drown", "die", "wound", "injure"]
)
"""Verbs that, beside another event, tell what came of it."""
HARMFUL = frozenset(
    ("Battles", "Explosions/Remote violence", "Violence against civilians", "Riots", "Disaster", "Crime", "Protests")
)
_OUTCOMES = frozenset(
    ("Looting/property destruction", "Other", "Man-made disaster", "Shelling/artillery/missile attack", "Attack")
)
_AGENTS = frozenset(("Explosions/Remote violence", "Disaster", "Riots", "Crime"))


def told_in(mentions: Sequence[Mention]) -> dict[int, int]:
    """Number of the word of each mention that another one of the sentence already tells -> the number of that one's."""
    into: dict[int, int] = {}
    for mention in mentions:
        for other in mentions:
            one, two = mention.token.i, other.token.i
            if one != two and one not in into and two not in into and told_by(mention, other):
                into[one] = two
    return {one: _last(into, one) for one in into}


def _last(into: dict[int, int], number: int) -> int:
    """Where the chain ends: "killed" told in "fired", and that in "the attack"."""
    while number in into:
        number = into[number]
    return number


def told_by(one: Mention, other: Mention) -> bool:
    """Whether `one` says nothing that `other` does not: its result, its doer, its object, or a weaker word for it."""
    return _result(one, other) or _doer(one, other) or _compound(one, other) or _same_clause_weaker(one, other)


def _compound(one: Mention, other: Mention) -> bool:
    """The general word of two that make one name: "an arson attack"."""
    general = one.terms <= 1 and one.token.lemma_.lower() in VAGUE
    return general and other.token.dep_ == "compound" and other.token.head.i == one.token.i


def _result(one: Mention, other: Mention) -> bool:
    token = one.token
    if other.pattern.event_type not in HARMFUL or other.token.lemma_ in RESULTS:
        return False
    plain = token.lemma_ in RESULTS and one.terms <= 1
    participle = token.tag_ == "VBG" and token.dep_ in ("advcl", "acl") and one.pattern.sub_type in _OUTCOMES
    if not (plain or participle):
        return False
    if token.dep_ == "conj" and has_subject(token):
        return False
    joined = token.dep_ in ("advcl", "relcl", "acl", "conj", "ccomp") or other.token.dep_ in ("nsubj", "advcl", "pobj")
    return joined or same_clause(token, other.token)


def _doer(one: Mention, other: Mention) -> bool:
    """A noun that does or suffers what a verb of the sentence tells: "floods displaced", "rioters burnt"."""
    verb, noun = (one, other) if one.token.pos_ in ("VERB", "AUX") else (other, one)
    if noun.token.pos_ not in ("NOUN", "PROPN") or verb.token.pos_ not in ("VERB", "AUX"):
        return False
    if noun.token.head.i != verb.token.i and noun.token.head.head.i != verb.token.i:
        return False
    core = noun.token.dep_ in ("nsubj", "nsubjpass", "dobj") or (
        noun.token.dep_ == "pobj" and noun.token.head.dep_ == "agent"
    )
    if not core:
        return False
    agents = HARMFUL if verb.token.lemma_ in RESULTS else _AGENTS  # "clashes killed nine": they are what happened
    leads = noun.pattern.event_type in agents and noun.token.dep_ != "dobj"
    doer_leads = leads and noun.pattern.event_type != verb.pattern.event_type
    weaker = verb if doer_leads else (noun if noun.terms <= verb.terms else verb)
    return one is weaker


def _same_clause_weaker(one: Mention, other: Mention) -> bool:
    if not same_clause(one.token, other.token):
        return False
    if one.pattern.event_type == other.pattern.event_type:
        return one.terms < other.terms or (one.terms == other.terms and one.token.i > other.token.i)
    return False


def same_clause(one: Any, other: Any) -> bool:
    return bool(clause_head(one).i == clause_head(other).i)


def has_subject(token: Any) -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass") for child in token.children)


LEAST_PART = 4
"""Words that a part of a sentence needs to be understood by itself."""


def parts(words: Words, triggers: Sequence[int]) -> list[Span]:
    """For each trigger the part of the sentence that hangs together with it and with no trigger above it.

    The first event keeps the whole sentence: the others are told inside it ("... while a drone fell near B").
    Offsets are the sentence's.
    """
    others = set(triggers)
    found = []
    for trigger in triggers:
        top = trigger
        while words.head[top] != top and words.head[top] not in others:
            top = words.head[top]
        own = [n for n in range(len(words.head)) if _below(words, n, top)] if words.head[top] != top else []
        if len(own) < LEAST_PART:
            found.append(Span(0, len(words.text)))
        else:
            found.append(Span(words.at[own[0]], words.at[own[-1]] + len(words.lower[own[-1]])))
    return found


def _below(words: Words, at: int, top: int) -> bool:
    for _ in range(len(words.head)):
        if at == top:
            return True
        if words.head[at] == at:
            return False
        at = words.head[at]
    return False
