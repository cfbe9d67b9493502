"""Who and how many, as the text names them, and a short title made from the text's own words. Nothing is inferred."""

import re
from collections.abc import Sequence
from typing import Any

from geodata.extract.lexicon import CLASSES
from geodata.extract.naming import DEEDS, EVENT_NOUNS, LABELS, NOMINALS, PHRASES, THINGS
from geodata.extract.triggers import IRREGULAR, OBJECT_DEPS
from geodata.model import Toponym

MAX_TITLE_CHARS = 90
MAX_ACTOR_CHARS = 60
_COUNTED = frozenset(("people", "person", "other", "dozen", "hundred", "thousand", "number", "score", "one", "victim"))
_THINGS = frozenset(
    (
        *("magnitude", "quake", "earthquake", "storm", "flood", "fire", "rain", "landslide", "eruption", "wave"),
        *("war", "conflict", "fighting", "violence", "clash", "battle", "attack", "strike", "raid", "protest", "riot"),
        *("explosion", "blast", "shelling", "bombing", "bombardment", "airstrike", "shooting", "incident", "death"),
        *("drone", "projectile", "bullet", "aircraft", "plane", "warplane", "helicopter", "jet", "tank", "vehicle"),
        *("car", "truck", "bus", "train", "boat", "ship", "house", "home", "building", "school", "hospital", "church"),
        *("mosque", "road", "bridge", "station", "plant", "bar", "square", "street", "part", "fragment", "debris"),
        *(
            "market",
            "shop",
            "hotel",
            "cafe",
            "theatre",
            "theater",
            "museum",
            "refinery",
            "depot",
            "warehouse",
            "factory",
        ),
        *("flat", "apartment", "dam", "pipeline", "line", "silo", "mall", "office", "clinic", "pharmacy", "minibus"),
        *("ceasefire", "agreement", "deal", "truce", "treaty", "talk", "meeting", "summit", "statement", "report"),
        *("day", "week", "month", "year", "hour", "life", "toll", "damage", "injury", "casualty", "power", "window"),
    )
)
"""Nouns that do or suffer things in a sentence without being anybody."""
_SITE = re.compile(r"\b(?:Bridge|Airport|Airfield|Base|Dam|Plant|Port|Prison|Square|Hospital|University)$")
_AREA_TITLES = {"Fall", "Capture", "Recapture", "Liberation", "Occupation", "Seizure"}


def actors(token: Any) -> tuple[str, ...]:
    """Subject and object of the trigger, as written; for "Russian shelling", who is named before it."""
    found = [_noun_phrase(word) for word in (_subject(token), target(token)) if word is not None and _acts(word)]
    if not found and token.pos_ in ("NOUN", "PROPN"):
        found = [
            c.text
            for c in token.children
            if c.dep_ in ("amod", "compound", "poss") and c.ent_type_ in ("NORP", "ORG", "GPE")
        ]
    return tuple(dict.fromkeys(text for text in found if text))


def _acts(word: Any) -> bool:
    """Whether a noun can be someone: no bare count of people, and no weapon, place, measure or happening."""
    lemma = word.lemma_.lower()
    if lemma in _COUNTED:
        return any(child.dep_ in ("amod", "compound", "poss", "nmod") and child.i < word.i for child in word.children)
    return lemma not in _THINGS and not any(lemma in CLASSES[name] for name in ("weapon", "valuable", "place"))


def _subject(token: Any) -> Any | None:
    verb = token
    if token.pos_ in ("NOUN", "PROPN") and token.dep_ in ("dobj", "pobj", "attr"):
        verb = token.head if token.head.pos_ == "VERB" else token.head.head
        if verb.pos_ != "VERB":
            return None
    for child in verb.children:
        if child.dep_ == "nsubj" and child.i != token.i:
            return child
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return verb.head
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        return _subject(verb.head) if verb.head.i != token.i else None
    return None


def target(token: Any) -> Any | None:
    """The head word of what the trigger was done to."""
    for child in token.children:
        if child.dep_ in OBJECT_DEPS:
            return child
        if token.pos_ != "VERB" and child.dep_ == "prep" and child.lower_ in ("of", "on", "against"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    if token.dep_ == "conj" and token.head.pos_ == "VERB" and token.tag_ == "VBN":
        return target(token.head)
    return None


def _noun_phrase(word: Any) -> str:
    """A noun with what stands before it, without articles; empty for a pronoun or a long one."""
    if word.pos_ in ("PRON", "DET") or word.dep_ == "relcl":
        return ""
    start = min((w.left_edge.i for w in word.lefts if _belongs(w)), default=word.i)
    end = max(
        (w.i for c in word.rights if c.dep_ in ("flat", "appos") and c.i == word.i + 1 for w in c.subtree),
        default=word.i,
    )
    text = word.doc[start : end + 1].text
    text = re.sub(r"^(?:the|an?|its|their|his|her|some|several|at\s+least|about)\s+", "", text, flags=re.IGNORECASE)
    return text.strip() if len(text) <= MAX_ACTOR_CHARS else word.text


def _belongs(word: Any) -> bool:
    return word.dep_ not in ("relcl", "prep", "punct", "advmod", "cc", "preconj") and word.ent_type_ not in (
        "DATE",
        "TIME",
    )


def title(words: Sequence[Any], sub_type: str, toponym: Toponym | None) -> str:
    """What happened and where, in few words: "Explosion in Melitopol", "Kidnapping of director Leila Ibrahimova"."""
    token = words[0]
    what, takes_object = _nominal(words, sub_type)
    thing = target(token) if takes_object else None
    phrase = _noun_phrase(thing) if thing is not None else ""
    if toponym is not None and (not phrase or toponym.name in phrase):
        joint = "of" if what in _AREA_TITLES else _joint(toponym)
        return f"{what} {joint} {toponym.name}"[:MAX_TITLE_CHARS]
    where = f" {_joint(toponym)} {toponym.name}" if toponym else ""
    on = "on" if what in ("Attack", "Assault", "Strike", "Raid") else "of"
    return f"{what}{f' {on} {phrase}' if phrase else ''}{where}"[:MAX_TITLE_CHARS]


def _joint(toponym: Toponym) -> str:
    return "near" if toponym.near else "at" if _SITE.search(toponym.name) else "in"


def _nominal(words: Sequence[Any], sub_type: str) -> tuple[str, bool]:
    """The name of what happened, and whether an object fits behind it."""
    token = words[0]
    lemma = token.lemma_.lower()
    if len(words) > 1:
        lemmas = " ".join(word.lemma_.lower() for word in words)
        if lemmas in PHRASES:
            return PHRASES[lemmas], False
        nouns = words[-1].pos_ == "NOUN" and words[-1].i == token.i + len(words) - 1
        if nouns and words[-1].lemma_.lower() in EVENT_NOUNS:
            return lemmas[:1].upper() + lemmas[1:], False
        return LABELS.get(sub_type, sub_type), False
    if token.pos_ in ("NOUN", "PROPN"):
        if lemma in THINGS:
            return THINGS[lemma], False
        if lemma not in EVENT_NOUNS:
            return LABELS.get(sub_type, sub_type), False
        before = [
            c
            for c in token.lefts
            if c.dep_ == "compound" and c.i == token.i - 1 and c.pos_ == "NOUN" and not c.ent_type_
        ]
        text = " ".join([*(w.lower_ for w in before), token.lower_])
        return text[:1].upper() + text[1:], lemma in DEEDS
    name = NOMINALS.get(IRREGULAR.get(token.lower_, lemma), "")
    return (
        (name, name not in ("Explosion", "Clash", "Crash", "Fall", "Protest", "Visit", "Meeting"))
        if name
        else (LABELS.get(sub_type, sub_type), False)
    )
