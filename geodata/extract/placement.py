"""What speaks for or against a name as the place of an event, as numbers for the linker's model.

All is read off the parse and a few lists of our own; no word of any corpus is kept. `FEATURES` names the numbers in
order.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate

from geodata.extract.lexicon import CLASSES
from geodata.extract.phrases import Phrase, ancestors, general
from geodata.extract.rivals import beside, rival_numbers
from geodata.extract.rolewords import EVENTS, KINDS, ROLES
from geodata.extract.spots import Spot, Words

_PREPOSITIONS: tuple[frozenset[str], ...] = (
    frozenset(("in", "inside", "within", "throughout")),
    frozenset(("at",)),
    frozenset(("on", "upon")),
    frozenset(("near", "outside", "around", "beside", "off", "along", "across", "over", "between", "through", "above")),
    frozenset(("to", "toward", "towards", "into", "onto", "via", "for")),
    frozenset(("from",)),
    frozenset(("of",)),
    frozenset(("by", "with", "against")),
)
_PREPOSITION_NAMES = ("in", "at", "on", "near", "to", "from", "of", "by")
_DEPS = ("pobj", "dobj", "nsubj", "nsubjpass", "compound", "poss", "appos", "conj", "amod", "npadvmod", "attr", "ROOT")
_ENTS = ("GPE", "LOC", "FAC", "ORG", "PERSON")
_CLAUSES = frozenset(("relcl", "advcl", "ccomp", "acl", "parataxis", "csubj", "pcomp", "xcomp"))
_ROUTE = re.compile(
    r"\b(?:route|road|highway|railway|way|path|corridor|gateway|border|bound|link|flight|train|convoy|march|heading)\s+(?:\w+\s+)?"
    r"(?:to|from|for|with|between|towards?)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"\b(?:km|kms|kilomet\w+|miles?|north|south|east|west|north-?east|north-?west|south-?east|south-?west|northern|southern|eastern|western)"
    r"(?:\s+\([^)]*\))?\s+(?:of|from)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?(?:\w+\s+){0,2}$", re.IGNORECASE)
_COMMAS = frozenset((",", ";", ":", "--", "-"))
_FAR = 12
_KEPT_WORDS = 4_000

FEATURES: tuple[str, ...] = (
    "known", "confidence", "weight", "near", "words", "inner", "owns_context", "is_context", "repeated",
    "inside_other", *(f"ent_{name}" for name in _ENTS), "ent_none", *(f"dep_{name}" for name in _DEPS), "lifted",
    "of_lifted", *(f"prep_{name}" for name in _PREPOSITION_NAMES), "prep_none", "on_trigger", "up", "down", "path",
    "under_trigger", "over_trigger", "clauses", "same_clause", "conjuncts", "verbs_between", "distance", "after",
    "rank", "rank_same_side", "between", "commas_between", "verb_nearer", "count", "count_known", "place_first",
    "initial", "sentence_words", "wide", "town", "part", "site", "troops_after", "speaker", "route", "from_before",
    "launched_from", "offset_before", "in_brackets", "all_caps", *(f"trigger_{name}" for name in EVENTS),
    "trigger_noun", "trigger_passive", "trigger_participle", "trigger_object", "trigger_root", "trigger_has_in",
    "trigger_clause", "trigger_modal", "trigger_to", "trigger_perfect", "trigger_negated", "trigger_says",
    "trigger_relative", "object_people", "object_troops", "object_place", "object_weapon", "object_named",
    "subject_troops", "subject_named", "verbs", "trigger_verb_number", "dates", "best_in_nearer", "known_nearer",
    "in_list", "list_before", "known_in_on_trigger", "governor_verb", "governor_trigger_class", "governor_say",
)  # fmt: skip


class Scene:
    """The names of a sentence, with all that does not depend on the event which is asked: it is read once."""

    def __init__(self, words: Words, spots: Sequence[Spot], phrases: Sequence[Phrase]) -> None:
        self.words, self.spots, self.phrases = words, spots, phrases
        self._verbs = [i for i, pos in enumerate(words.pos) if pos == "VERB"]
        self._verbs_up_to = _counts([pos == "VERB" for pos in words.pos])
        self._commas_up_to = _counts([word in _COMMAS for word in words.lower])
        names = [spot.toponym.name for spot in spots]
        pairs = list(zip(spots, phrases, strict=True))
        self._begin = [_name_numbers(words, s, spots, names) + _phrase_numbers(p) for s, p in pairs]
        self._roles = [_role_numbers(words, spot, phrase) for spot, phrase in pairs]
        self._counted = [_count_numbers(words, spot, spots) for spot in spots]
        self._governors = [_governor_numbers(words, phrase) for phrase in phrases]
        self._placed = [spot.known and phrase.preposition in ROLES["placing"] for spot, phrase in pairs]
        self._beside = list(beside(words, spots))
        self._roots = [spot.root for spot in spots]

    def describe(self, trigger: int) -> list[list[float]]:
        """One row of numbers a spot, for an event at word `trigger` of the sentence."""
        words, phrases, roots = self.words, self.phrases, self._roots
        ways = ancestors(words, trigger)
        far = [abs(root - trigger) for root in roots]
        rank = {n: place for place, n in enumerate(sorted(range(len(roots)), key=far.__getitem__))}
        shared = _trigger_numbers(words, trigger, phrases, self._verbs)
        on_trigger = [phrase.governor == trigger for phrase in phrases]
        verbs = [verb for verb in self._verbs if verb != trigger]
        rows = []
        for n, (spot, phrase) in enumerate(zip(self.spots, phrases, strict=True)):
            governor_verb, governor_event, governor_say = self._governors[n]
            rows.append(
                [
                    *self._begin[n],
                    *self._path_numbers(trigger, ways, spot, phrase),
                    *self._order_numbers(trigger, n, far, rank[n], verbs),
                    *self._counted[n],
                    *self._roles[n],
                    *shared,
                    *rival_numbers(self._beside[n], far, n, self._placed, on_trigger, self.spots),
                    governor_verb,
                    governor_event * (not on_trigger[n]),
                    governor_say,
                ]
            )
        return rows

    def _path_numbers(self, trigger: int, ways: dict[int, int], spot: Spot, phrase: Phrase) -> list[float]:
        words = self.words
        up, at, clauses, conjuncts = 0, phrase.top, 0, 0
        while at not in ways and words.head[at] != at:
            clauses += words.dep[at] in _CLAUSES
            conjuncts += words.dep[at] == "conj"
            at, up = words.head[at], up + 1
        down = ways.get(at, _FAR)
        meeting, low = at, trigger
        while low != meeting and words.head[low] != low:
            clauses += words.dep[low] in _CLAUSES
            conjuncts += words.dep[low] == "conj"
            low = words.head[low]
        return [
            float(phrase.governor == trigger),
            min(up, _FAR),
            min(down, _FAR),
            min(up + down, _FAR),
            float(meeting == trigger),
            float(meeting == phrase.top),
            clauses,
            float(clauses == 0),
            conjuncts,
            _between(self._verbs_up_to, trigger, spot.root),
        ]

    def _order_numbers(self, trigger: int, n: int, far: Sequence[int], rank: int, verbs: Sequence[int]) -> list[float]:
        root, roots = self._roots[n], self._roots
        after = root > trigger
        first, last = (trigger, root) if after else (root, trigger)
        nearest_verb = min([abs(verb - root) for verb in verbs], default=_FAR)
        return [
            min(far[n], 40),
            float(after),
            rank,
            sum([(other > trigger) == after and away < far[n] for other, away in zip(roots, far, strict=True)]),
            sum([first < other < last for other in roots]),
            _between(self._commas_up_to, trigger, root),
            float(nearest_verb < far[n]),
        ]


def _counts(hits: Sequence[bool]) -> list[int]:
    """How many there are before each word, and in all."""
    return [0, *accumulate(hits)]


def _between(up_to: Sequence[int], one: int, other: int) -> int:
    """How many of what was counted stand between two words, themselves left out."""
    first, last = (one, other) if one < other else (other, one)
    return up_to[last] - up_to[first + 1] if last > first else 0


def _name_numbers(words: Words, spot: Spot, spots: Sequence[Spot], names: Sequence[str]) -> list[float]:
    toponym = spot.toponym
    is_context = any(toponym.name in other.toponym.context for other in spots if other is not spot)
    inside = any(o is not spot and o.toponym.span.covers(toponym.span) for o in spots)
    ent = words.ent[spot.root]
    return [
        float(spot.known),
        toponym.confidence,
        spot.weight,
        float(toponym.near),
        spot.last - spot.first + 1,
        spot.inner,
        len(toponym.context),
        float(is_context),
        float(names.count(toponym.name) > 1),
        float(inside),
        *(float(ent == name) for name in _ENTS),
        float(not ent),
    ]


def _phrase_numbers(phrase: Phrase) -> list[float]:
    return [
        *_dep_numbers(phrase.dep),
        float(phrase.lifted),
        float(phrase.of_lifted),
        *_preposition_numbers(phrase.preposition),
    ]


@cache
def _dep_numbers(dep: str) -> tuple[float, ...]:
    return tuple(float(dep == name) for name in _DEPS)


@lru_cache(maxsize=_KEPT_WORDS)
def _preposition_numbers(preposition: str) -> tuple[float, ...]:
    return (*(float(preposition in group) for group in _PREPOSITIONS), float(not preposition))


@lru_cache(maxsize=_KEPT_WORDS)
def _event_numbers(lemma: str) -> tuple[float, ...]:
    return tuple(float(lemma in group) for group in EVENTS.values())


def _count_numbers(words: Words, spot: Spot, spots: Sequence[Spot]) -> list[float]:
    return [
        len(spots),
        sum(o.known for o in spots),
        sum(o.first < spot.first for o in spots),
        float(spot.first <= 1),
        min(len(words.pos), 60),
    ]


def _role_numbers(words: Words, spot: Spot, phrase: Phrase) -> list[float]:
    """What kind of thing the words call it, and whether it is someone's place rather than the event's."""
    start = words.at[spot.first]
    before = words.text[max(0, start - 80) : start]
    around = {phrase.kind, words.lemma[spot.last], *(words.lemma[spot.last + 1 : spot.last + 2])}
    following = set(words.lower[spot.last : spot.last + 4])
    speaker = (
        words.lemma[phrase.governor] in ROLES["speaker"] or phrase.kind in ROLES["speaker"] or _said(words, phrase.top)
    )
    name = words.text[start : words.at[spot.last] + len(words.lower[spot.last])]
    return [
        float(bool(around & KINDS["wide"])),
        float(bool(around & KINDS["town"])),
        float(bool(around & KINDS["part"])),
        float(bool(around & KINDS["site"])),
        float(bool(following & ROLES["troops"])),
        float(speaker),
        float(bool(_ROUTE.search(before))),
        float(bool(_FROM.search(before))),
        float(phrase.preposition == "from" and words.lemma[phrase.governor] in ROLES["launching"]),
        float(bool(_OFFSET.search(before))),
        float(before.count("(") > before.count(")")),
        float(name.isupper()),
    ]


def _said(words: Words, at: int) -> bool:
    """Whether the name hangs on the subject of a verb of saying ("officials in X said")."""
    say = EVENTS["say"]
    for _ in range(5):
        head = words.head[at]
        if words.dep[at] == "nsubj" and words.lemma[head] in say:
            return True
        if head == at or words.dep[at] in ("ccomp", "relcl", "advcl"):
            return False
        at = head
    return False


def _trigger_numbers(words: Words, trigger: int, phrases: Sequence[Phrase], verbs: Sequence[int]) -> list[float]:
    children = [i for i, head in enumerate(words.head) if head == trigger and i != trigger]
    deps = {words.dep[i] for i in children}
    has_in = any(p.governor == trigger and p.preposition in ("in", "at", "on", "near") for p in phrases)
    kids = {words.lower[i] for i in children}
    objects = [i for i in children if words.dep[i] in ("dobj", "nsubjpass")]
    subjects = [i for i in children if words.dep[i] in ("nsubj", "agent")]
    return [
        *_event_numbers(words.lemma[trigger]),
        float(words.pos[trigger] in ("NOUN", "PROPN")),
        float("nsubjpass" in deps or "auxpass" in deps),
        float(words.tag[trigger] in ("VBG", "VBN") and "aux" not in deps and "auxpass" not in deps),
        float("dobj" in deps),
        float(words.head[trigger] == trigger),
        float(has_in),
        float(words.dep[trigger] in _CLAUSES),
        float(bool(kids & ROLES["modal"])),
        float("to" in kids),
        float(any(words.lemma[i] == "have" and words.dep[i] == "aux" for i in children)),
        float("neg" in deps),
        float("ccomp" in deps),
        float(words.dep[trigger] in ("relcl", "acl")),
        float(any(words.lemma[i] in CLASSES["person"] for i in objects)),
        float(any(words.lemma[i] in ROLES["troops"] or words.lemma[i] in CLASSES["fighter"] for i in objects)),
        float(any(general(words.lemma[i]) for i in objects)),
        float(any(words.lemma[i] in CLASSES["weapon"] for i in objects)),
        float(any(words.pos[i] == "PROPN" for i in objects)),
        float(any(words.lemma[i] in ROLES["troops"] or words.lemma[i] in CLASSES["fighter"] for i in subjects)),
        float(any(words.pos[i] == "PROPN" for i in subjects)),
        len(verbs),
        sum(i < trigger for i in verbs),
        float("DATE" in words.ent),
    ]


def _governor_numbers(words: Words, phrase: Phrase) -> tuple[float, float, float]:
    governor = words.lemma[phrase.governor]
    event = any(governor in EVENTS[name] for name in ("harm", "take", "move", "blast", "crowd", "start"))
    return float(words.pos[phrase.governor] in ("VERB", "AUX")), float(event), float(governor in EVENTS["say"])
