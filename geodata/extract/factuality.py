"""Is a mention something that happened? Threats, plans, denials, conditions, anniversaries and habits are not."""

import re
from typing import Any

from geodata.extract.factuality_words import (
    ABOUT,
    CARRIED_OUT,
    FIGURES,
    FIGURES_BY_SUBJECT,
    FIGURES_OF,
    FUTURE_AUX,
    GENERIC_DETS,
    GOING_ON,
    HAZARDS,
    NOT_YET,
    REAL_OF,
    UNREAL_HEADS,
    UNREAL_NOUN_HEADS,
)
from geodata.extract.triggers import Mention

_PLURAL_GENERIC = re.compile(
    r"\b(?:have|has)\s+(?:\w+\s+)?(?:intensified|increased|decreased|become|been\s+(?:common|rising|growing|on\s+the\s+rise))\b"
    r"|\b(?:often|frequently|regularly|routinely|usually|typically|sometimes|every\s+(?:day|week|month|year)|for\s+(?:years|decades)"
    r"|rising\s+(?:number|frequency)|frequency|sporadic(?:ally)?|long\s+history)\b",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    r"\b(?:anniversary|commemorat\w+|remembrance|in\s+memory\s+of|marking\s+\w+\s+years)\b", re.IGNORECASE
)
_CONDITION = re.compile(r"^(?:if|unless|should|whether|in\s+case)\b", re.IGNORECASE)


def is_event(mention: Mention, sentence: Any) -> bool:
    """Whether the words tell of a thing that happened, once, at some place and time."""
    token = mention.token
    if _background(mention) or _figure_of_speech(mention) or _negated(token) or _unreal(token) or _conditional(token):
        return False
    if _ANNIVERSARY.search(sentence.text) and _remembered(token):
        return False
    return not _generic(mention, sentence)


def _remembered(token: Any) -> bool:
    """In a sentence about an anniversary, the nouns, and the verbs that tell what it is the anniversary of."""
    return token.pos_ in ("NOUN", "PROPN") or any(_ANNIVERSARY.match(above.text) for above in token.ancestors)


def _negated(token: Any) -> bool:
    around = [*token.children, *(token.head.children if token.pos_ in ("NOUN", "PROPN") else ())]
    if any(child.dep_ == "neg" for child in token.children) or any(
        child.lower_ in ("no", "neither", "nor", "without") and child.dep_ in ("det", "preconj", "cc")
        for child in token.children
    ):
        return True
    if token.dep_ == "pobj" and token.head.lower_ in ("without", "instead"):
        return True
    # "there was no shelling", "did not shell": the negation may sit on the verb above a noun
    return token.dep_ in ("dobj", "attr", "nsubjpass") and any(c.dep_ == "neg" for c in around)


def _unreal(token: Any) -> bool:
    """Under a verb or noun of planning, threatening or denying, or behind a modal."""
    if any(child.dep_ == "aux" and child.lower_ in FUTURE_AUX for child in token.children):
        return not any(child.lower_ in ("have", "'ve") and child.dep_ == "aux" for child in token.children)
    if any(child.lower_ in GENERIC_DETS for child in token.children) or _purpose(token):
        return True
    if token.dep_ in ("compound", "amod", "nmod", "poss") and token.head.lemma_.lower() in UNREAL_NOUN_HEADS - REAL_OF:
        return True
    if token.pos_ == "VERB" and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children) and not _done(token):
        # "to reclaim the city", "going to be kidnapped": an infinitive has not happened, unless the verb above says so
        return token.head.lemma_ not in CARRIED_OUT or token.dep_ != "xcomp" or _began_other(token.head)
    above, steps = token, 0
    while above.head.i != above.i and steps < 4:
        below, above = above, above.head
        steps += 1
        if below.dep_ in ("nsubj", "nsubjpass") and above.lemma_.lower() in NOT_YET:
            return True
        if below.dep_ in ("nsubj", "nsubjpass") and above.lemma_.lower() in GOING_ON and _to_come(above):
            return True
        if below.dep_ in ("nsubj", "nsubjpass", "relcl", "advcl", "appos", "parataxis", "npadvmod"):
            return False
        if below.dep_ in ("ccomp",) and above.lemma_ in (
            "say",
            "report",
            "tell",
            "confirm",
            "announce",
            "state",
            "add",
        ):
            return False
        if below.dep_ == "acl" and below.tag_ in ("VBD", "VBN"):
            return False  # "a team shot at in A", "a team that rode by and gunned down a man": done, whatever did it
        if below.dep_ == "conj" and above.pos_ in ("VERB", "AUX"):
            continue
        lemma = above.lemma_.lower()
        if lemma in UNREAL_HEADS or (above.pos_ == "NOUN" and lemma in UNREAL_NOUN_HEADS - REAL_OF):
            return not (
                lemma in ("accuse", "suspect", "order", "end", "stop", "concern")
                and below.dep_ != "xcomp"
                and steps > 1
            )
        if any(c.dep_ == "aux" and c.lower_ in FUTURE_AUX for c in above.children) and above.pos_ in ("VERB", "AUX"):
            return not any(c.lower_ in ("have", "'ve") and c.dep_ == "aux" for c in above.children)
    return False


def _to_come(verb: Any) -> bool:
    """Behind a modal, and not told as done ("talks may resume", but not "the attack may have begun")."""
    aux = {child.lower_ for child in verb.children if child.dep_ == "aux"}
    return bool(aux & FUTURE_AUX) and not aux & {"have", "'ve"}


def _done(infinitive: Any) -> bool:
    """ "He is said to have shot two men", "the third man to be shot": infinitives of what has happened."""
    if any(child.dep_ == "aux" and child.lower_ == "have" for child in infinitive.children):
        return True
    counted = infinitive.dep_ in ("relcl", "acl") and infinitive.head.pos_ in ("NOUN", "PROPN", "ADJ")
    return counted and any(
        word.ent_type_ == "ORDINAL" or word.lower_ in ("last", "latest", "only")
        for word in (infinitive.head, *infinitive.head.children)
    )


def _began_other(verb: Any) -> bool:
    """ "They began an offensive to free the city": what they began is the offensive."""
    return verb.lemma_ in ("begin", "start", "continue") and any(child.dep_ == "dobj" for child in verb.children)


def _purpose(token: Any) -> bool:
    """ "A centre for drug trafficking", "known for its bombings": what a place or person is about."""
    noun = token.head if token.dep_ == "compound" else token
    return bool(noun.dep_ == "pobj" and noun.head.lower_ == "for" and noun.head.head.lemma_.lower() in ABOUT)


def _figure_of_speech(mention: Mention) -> bool:
    token, lemma = mention.token, mention.token.lemma_.lower()
    objects = {child.lemma_.lower() for child in token.children if child.dep_ == "dobj"}
    if objects & FIGURES.get(lemma, frozenset()):
        return True
    if token.pos_ == "VERB":
        doers = {child.lemma_.lower() for child in token.children if child.dep_ in ("nsubj", "nsubjpass")}
        return bool(doers & FIGURES_BY_SUBJECT.get(lemma, frozenset())) and not any(map(_counts, token.children))
    before = {child.lemma_.lower() for child in token.children if child.dep_ in ("compound", "amod")}
    said_of = {
        inner.lemma_.lower()
        for child in token.children
        if child.lower_ == "of" and child.dep_ == "prep"
        for inner in child.children
        if inner.dep_ == "pobj" and inner.i not in token.doc.places
    }
    figures = FIGURES_BY_SUBJECT.get(lemma, frozenset())
    return bool(before & figures or said_of & figures or (said_of and lemma in FIGURES_OF and not said_of & HAZARDS))


def _counts(word: Any) -> bool:
    """ "A number of tanks exploded": the tanks did; but "the number of cases exploded"."""
    return word.lower_ == "number" and not any(child.lower_ == "the" for child in word.children)


def _conditional(token: Any) -> bool:
    above, steps = token, 0
    while steps < 6:
        present = any(c.lower_ in ("is", "are") for c in above.children) or above.tag_ in ("VBP", "VBZ")
        if present and any(c.lower_ in ("when", "whenever", "once") and c.dep_ == "advmod" for c in above.children):
            return True
        if above.dep_ in ("advcl", "ccomp") and any(
            c.dep_ == "mark" and _CONDITION.match(c.lower_) for c in above.children
        ):
            return True
        if above.head.i == above.i:
            return False
        above, steps = above.head, steps + 1
    return False


def _generic(mention: Mention, sentence: Any) -> bool:
    """Plural habits without a place or day: "attacks have intensified", "the rising frequency of such attacks"."""
    token = mention.token
    plural = token.tag_ in ("NNS", "NNPS") or token.tag_ in ("VBP", "VBZ", "VBG")
    return plural and bool(_PLURAL_GENERIC.search(sentence.text))


def _background(mention: Mention) -> bool:
    """Participles before a noun and states told in passing: "the occupied city", "an area previously held by"."""
    token = mention.token
    if token.pos_ == "ADJ" or (token.dep_ == "amod" and token.tag_ in ("VBN", "VBD", "JJ", "VBG")):
        return mention.pattern.pos != "ADJ" and mention.pattern.pos != "NOUN" and not mention.pattern.rest
    stative = token.lemma_ in ("occupy", "control", "hold")
    if stative and (token.dep_ in ("acl", "relcl") or any(c.lower_ in ("has", "have") for c in token.children)):
        return True
    if token.dep_ == "relcl" and _goes_on(token):
        return True
    return any(
        c.lower_ in ("previously", "formerly", "once", "long", "already") for c in token.children
    ) and token.dep_ in ("acl", "relcl")


def _goes_on(token: Any) -> bool:
    """ "The government that is fighting the rebels": a state of things, told of somebody."""
    if token.tag_ in ("VBZ", "VBP"):
        return True
    return token.tag_ == "VBG" and any(c.dep_ == "aux" and c.lower_ in ("is", "are") for c in token.children)
