"""Event mentions in English: the words of the lexicon, tried on the dependency parse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.extract.lexicon import CLASSES, Condition, Pattern

CLAUSE_DEPS = {"ROOT", "ccomp", "advcl", "relcl", "parataxis", "acl"}
OBJECT_DEPS = {"dobj", "nsubjpass", "obj", "nsubj:pass"}
IRREGULAR = {
    "raped": "rape",
    "retook": "retake",
    "retaken": "retake",
    "overran": "overrun",
    "withdrew": "withdraw",
    "withdrawn": "withdraw",
    "overthrew": "overthrow",
    "shot": "shoot",
    "slew": "slay",
    "slain": "slay",
    "blew": "blow",
    "blown": "blow",
    "stole": "steal",
    "stolen": "steal",
    "sank": "sink",
    "sunk": "sink",
    "burnt": "burn",
    "beaten": "beat",
    "fought": "fight",
    "struck": "strike",
    "overtook": "overtake",
    "overtaken": "overtake",
    "drove": "drive",
    "won": "win",
    "bombings": "bombing",
    "killings": "killing",
}
VAGUE = frozenset(
    [
        "attack",
        "kill",
        "killing",
        "violence",
        "shoot",
        "fire",
        "strike",
        "bomb",
        "fight",
        "fighting",
        "murder",
        "assault",
        "ambush",
        "raid",
        "clash",
        "blast",
        "explosion",
        "explode",
        "incident",
        "death",
        "target",
        "beat",
        "burn",
        "hit",
    ]
)
"""Lemmas that fit events of many kinds."""
_LIGHT = frozenset(
    [
        "launch",
        "stage",
        "mount",
        "conduct",
        "continue",
        "begin",
        "start",
        "carry",
        "wage",
        "occur",
        "happen",
        "take",
        "hold",
        "resume",
        "commit",
        "perpetrate",
        "escalate",
        "renew",
        "intensify",
    ]
)
"""Verbs that leave it to their noun to say what happened."""
TAKING_PLACE = frozenset(["occur", "happen", "take"])
"""Those of them that say no more than where and when."""
DEFINITE = frozenset(["the", "this", "that", "these", "those"])
MAX_GAP = 3
"""Further words that may stand between two words of a keyword."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A trigger in a parsed sentence: `token` is spaCy's, `terms` how much its pattern says.

    `share`: how often a kind chosen as surely as this one is right; None where the lexicon alone chose it.
    """

    token: Any
    pattern: Pattern
    words: tuple[Any, ...]
    share: float | None = None

    @property
    def terms(self) -> float:
        return self.pattern.terms

    @property
    def in_order(self) -> list[Any]:
        """The keyword's words as they stand in the text."""
        return sorted(self.words, key=lambda word: word.i)


def find_mentions(sentence: Any, patterns: Mapping[str, tuple[Pattern, ...]]) -> list[Mention]:
    """At most one mention a token, by the pattern that says most; a word used up by a longer keyword is no trigger."""
    found = [mention for token in sentence if (mention := _best(token, patterns)) is not None]
    found.sort(key=lambda m: (-m.terms, m.token.i))
    kept: list[Mention] = []
    used: set[int] = set()
    for mention in found:
        if mention.token.i not in used:
            kept.append(mention)
            used.update(word.i for word in mention.words)
    return sorted(kept, key=lambda m: m.token.i)


def _best(token: Any, patterns: Mapping[str, tuple[Pattern, ...]]) -> Mention | None:
    lower = token.lower_
    lemma = IRREGULAR.get(lower) or token.lemma_.lower()
    candidates = patterns.get(lemma, ())
    if not candidates and token.pos_ == "PROPN" and lemma.endswith("s"):
        candidates = patterns.get(lemma[:-1], ())  # "Wildfires near Athens": a name to spaCy, which has no plural
    if lower != lemma and lower in patterns:
        candidates = (*candidates, *patterns[lower])
    if not candidates:
        return None
    best: Mention | None = None
    pools: dict[bool, _Pool] = {}
    for pattern in candidates:
        if best is not None and pattern.terms <= best.terms:
            continue
        words = _matches(token, pattern, pools)
        if words is not None:
            best = Mention(token, pattern, words)
    return best


@dataclass(frozen=True, slots=True)
class _Pool:
    """Where a condition looks: the trigger's clause, or its object."""

    words: Sequence[Any]
    forms: frozenset[str]
    """As written and dictionary forms, in small letters."""


def _matches(token: Any, pattern: Pattern, pools: dict[bool, _Pool]) -> tuple[Any, ...] | None:
    """The words that the pattern takes, or None. `pools` keeps the words of the trigger's clause and object."""
    if pattern.pos and not _has_pos(token, pattern.pos) and not _gerund(token, pattern):
        return None
    words = [token]
    for word in pattern.rest:
        following = _next(words[-1], word)
        if following is None:
            return None
        words.append(following)
    for condition in pattern.conditions:
        if not _holds(token, condition, words, pools):
            return None
    return tuple(words)


def _gerund(token: Any, pattern: Pattern) -> bool:
    """ "Shelling hit the town": small models take the noun for a verb."""
    return pattern.pos == "NOUN" and token.tag_ == "VBG" and bool(token.lower_ == pattern.head)


def _has_pos(token: Any, pos: str) -> bool:
    if pos == "NOUN":
        if token.pos_ == "PROPN":
            return bool(token.ent_type_ not in ("PERSON", "GPE")) or _opens(token)
        return bool(token.pos_ == "NOUN" or (token.pos_ == "ADJ" and token.dep_ == "compound"))
    if pos == "VERB":
        # Small models tag headline verbs and participles before nouns as adjectives; keep those with a verb's tag.
        return bool(
            token.pos_ == "VERB" or (token.pos_ == "AUX" and token.dep_ == "ROOT") or token.tag_ in ("VBD", "VBN")
        )
    return bool(token.pos_ == pos)


def _opens(token: Any) -> bool:
    """ "Riot in Vienna", "Wildfires near Athens": what opens a headline has a capital, and is taken for a name."""
    following = token.doc[token.i + 1 : token.i + 2]
    is_name = token.i in token.doc.places or any(word.pos_ == "PROPN" for word in following)
    return bool(token.is_sent_start) and token.dep_ != "compound" and not is_name


def _next(token: Any, word: str) -> Any | None:
    end = min(token.i + 2 + MAX_GAP, len(token.doc))
    for other in token.doc[token.i + 1 : end]:
        if other.lemma_.lower() == word or other.lower_ == word:
            return other
        if other.is_punct and other.text != "-":
            return None
    return None


def _holds(token: Any, condition: Condition, words: Sequence[Any], pools: dict[bool, _Pool]) -> bool:
    pool = pools.get(condition.as_object)
    if pool is None:
        found = objects(token) if condition.as_object else clause(token)
        forms = frozenset(form for word in found for form in (word.lower_, word.lemma_.lower()))
        pool = pools[condition.as_object] = _Pool(found, forms)
    if not condition.open_class and condition.listed.isdisjoint(pool.forms):
        return False  # as nearly always
    own = {word.i for word in words}
    return any(_is(other, condition) for other in pool.words if other.i not in own)


def _is(token: Any, condition: Condition) -> bool:
    if token.lower_ in condition.listed or token.lemma_.lower() in condition.listed:
        return True
    return condition.open_class and any(in_class(token, name) for name in condition.classes)


def in_class(token: Any, name: str) -> bool:
    if token.lemma_.lower() in CLASSES[name] or token.lower_ in CLASSES[name]:
        return True
    if name == "place":
        return token.i in token.doc.places or token.ent_type_ in ("GPE", "LOC", "FAC")
    return bool(name == "person" and token.ent_type_ == "PERSON")


def objects(token: Any) -> list[Any]:
    """The words of the trigger's object: what was captured, or whose capture it was; heads with their compounds."""
    heads: list[Any] = []
    for child in token.children:
        if child.dep_ in OBJECT_DEPS or (token.pos_ != "VERB" and child.dep_ in ("poss", "compound", "nmod")):
            heads.append(child)
        elif child.dep_ == "prep" and child.lower_ in (("of",) if token.pos_ != "VERB" else ("of", "on", "against")):
            heads += [c for c in child.children if c.dep_ == "pobj"]
        elif child.dep_ in ("advmod", "npadvmod") and child.i in token.doc.places:
            heads.append(child)  # small models take an unknown town's name for an adverb
        elif child.dep_ == "prt":
            heads += [c for c in child.children if c.dep_ in ("dobj", "pobj")]
    if token.dep_ == "acl" and token.tag_ == "VBN":
        heads.append(token.head)
    if token.dep_ in ("amod",) and token.tag_ in ("VBN", "VBD"):
        heads.append(token.head)
    found: list[Any] = []
    for head in heads:
        found += list(_phrase(head))
    return found


def _phrase(head: Any, depth: int = 0) -> Iterator[Any]:
    """A noun with its compounds, conjuncts and what it is a part or piece of ("the town of X", "five of the men")."""
    yield head
    if depth > 4:
        return
    for child in head.children:
        if child.dep_ in ("compound", "conj", "amod", "appos", "nmod", "poss"):
            yield from _phrase(child, depth + 1)
        elif child.dep_ == "prep" and child.lower_ == "of":
            for inner in child.children:
                yield from _phrase(inner, depth + 1)


def told_again(token: Any) -> bool:
    """Whether the words point to something told before: "the attack", "these men were kidnapped"."""
    if token.pos_ in ("NOUN", "PROPN"):
        return any(child.lower_ in DEFINITE for child in token.children if child.dep_ == "det")
    patients = [child for child in token.children if child.dep_ in OBJECT_DEPS]
    if not patients and token.dep_ == "conj" and token.tag_ == "VBN":
        patients = [child for child in token.head.children if child.dep_ in ("nsubj", "nsubjpass")]
    return any(
        (word.pos_ == "NUM" or in_class(word, "person") or in_class(word, "fighter"))
        and any(child.lower_ in DEFINITE for child in word.children if child.dep_ == "det")
        for word in patients
    )


def carrier(token: Any) -> Any:
    """The verb that says no more than that a noun's event took place ("launched an attack"), else the word itself."""
    head = token.head
    light = head.pos_ == "VERB" and head.lemma_.lower() in _LIGHT and token.dep_ in ("dobj", "nsubj", "nsubjpass")
    return head if light and token.pos_ in ("NOUN", "PROPN") else token


def clause_head(token: Any) -> Any:
    """The verb of the clause that holds a word."""
    while token.dep_ not in CLAUSE_DEPS and token.head.i != token.i:
        if token.dep_ == "conj" and token.pos_ in ("VERB", "AUX") and _own_subject(token):
            return token
        token = token.head
    return token


def _own_subject(token: Any) -> bool:
    return any(child.dep_ in ("nsubj", "nsubjpass", "csubj", "expl") for child in token.children)


def clause(token: Any) -> list[Any]:
    """The words of the trigger's clause, and of what hangs on the trigger itself."""
    head = clause_head(token)
    found = {head.i: head}
    stack = [head]
    while stack:
        for child in stack.pop().children:
            if child.dep_ in ("ccomp", "advcl", "relcl", "parataxis") and child.i != token.i:
                continue
            if child.dep_ == "conj" and child.pos_ in ("VERB", "AUX") and _own_subject(child):
                continue
            if child.i not in found:
                found[child.i] = child
                stack.append(child)
    stack = [token]
    while stack:
        word = stack.pop()
        found[word.i] = word
        stack += word.children
    return [found[i] for i in sorted(found)]
