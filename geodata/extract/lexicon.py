"""Keyword patterns of the taxonomy files, compiled: which words point to which sub-type.

Their syntax is told in geodata/event_types.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.contracts import EventType
from geodata.errors import UsageError, shown

_POS = {"v": "VERB", "n": "NOUN", "a": "ADJ"}
_CLASSES: Mapping[str, str] = {
    "place": "city town village settlement district province territory area region capital hill airport port "
    "bridge island neighbourhood neighborhood suburb ground hilltop crossing enclave stronghold locality",
    "person": "man woman child boy girl people person civilian journalist teacher mayor director student resident "
    "villager worker doctor activist priest passenger driver politician lawyer judge nun tourist "
    "businessman official reporter schoolgirl schoolchild pupil bishop aid-worker engineer diplomat "
    "candidate member peasant family traveller shopkeeper",
    "fighter": "soldier troop force army military militant rebel insurgent guerrilla guerilla fighter jihadist "
    "militia militiaman terrorist infantry marine regiment battalion brigade unit militar paratrooper "
    "combatant mercenary taliban isis isil hamas hezbollah al-shabaab shabaab insurgency policeman "
    "peshmerga ypg sdf pkk rsf junta garrison patrol warlord houthi houthis",
    "crowd": "protester protestor demonstrator people student worker resident thousand hundred dozen supporter "
    "farmer activist crowd teacher union nurse marcher villager youth opponent striker",
    "weapon": "weapon arm explosive ied bomb ammunition rifle missile grenade mine landmine rocket gun cache "
    "munition device launcher mortar shell kalashnikov pistol warhead tnt dynamite weaponry",
    "valuable": "museum artifact artefact gold treasure collection painting icon cattle livestock good property money "
    "bank shop store supermarket warehouse aid grain antiquity relic jewel food medicine",
}
CLASSES: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in _CLASSES.items()}


@dataclass(frozen=True, slots=True)
class Condition:
    """Further words a pattern asks for: in the same clause (`+`), or as the trigger's own object (`>`)."""

    words: frozenset[str]
    classes: frozenset[str]
    as_object: bool
    listed: frozenset[str] = field(init=False, repr=False, compare=False)
    """The words, and those of its classes."""
    open_class: bool = field(init=False, repr=False, compare=False)
    """Whether a class takes more than its list: names of places and of people."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", self.words.union(*(CLASSES[name] for name in self.classes)))
        object.__setattr__(self, "open_class", not self.classes.isdisjoint(("place", "person")))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled keyword. `head` is the trigger's lemma, `pos` its coarse part of speech or empty."""

    event_type: str
    sub_type: str
    head: str
    pos: str
    rest: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    terms: float = field(init=False, repr=False, compare=False)
    """How much the pattern says: words and conditions, of which an object says most."""

    def __post_init__(self) -> None:
        said = 1 + len(self.rest) + sum(1.2 if c.as_object else 1.0 for c in self.conditions)
        object.__setattr__(self, "terms", said)


def compile_english(types: Mapping[str, EventType]) -> Mapping[str, tuple[Pattern, ...]]:
    """Patterns by the lemma of their trigger, those that say most first."""
    found: dict[str, list[Pattern]] = defaultdict(list)
    for kind in types.values():
        for sub in kind.sub_types.values():
            for keyword in sub.keywords.get("en", ()):
                pattern = _english(keyword, kind.name, sub.name)
                found[pattern.head].append(pattern)
    return {head: tuple(sorted(patterns, key=lambda p: -p.terms)) for head, patterns in found.items()}


def _english(keyword: str, kind: str, sub: str) -> Pattern:
    parts = re.split(r"\s+([+>])\s+", keyword.strip())
    head, *rest = parts[0].split()
    word, _, pos = head.partition("/")
    if pos and pos not in _POS:
        raise UsageError(f"keyword {shown(keyword)}: part of speech {shown(pos)} is unknown; accepted: v, n, a")
    conditions = tuple(_condition(sign, text, keyword) for sign, text in zip(parts[1::2], parts[2::2], strict=True))
    return Pattern(kind, sub, word.lower(), _POS.get(pos, ""), tuple(w.lower() for w in rest), conditions)


def _condition(sign: str, text: str, keyword: str) -> Condition:
    alternatives = [part.strip().lower() for part in text.split("|") if part.strip()]
    classes = frozenset(part[1:-1] for part in alternatives if part.startswith("<"))
    for name in classes:
        if name not in CLASSES:
            raise UsageError(f"keyword {shown(keyword)}: <{name}> is unknown; accepted: {', '.join(sorted(CLASSES))}")
    return Condition(frozenset(p for p in alternatives if not p.startswith("<")), classes, sign == ">")


@dataclass(frozen=True, slots=True)
class StemPattern:
    """A keyword for languages without a parser: a trigger's stem, and stems that must stand in the same sentence."""

    event_type: str
    sub_type: str
    trigger: re.Pattern[str]
    conditions: tuple[re.Pattern[str], ...]

    @property
    def terms(self) -> int:
        return 1 + len(self.conditions) + self.trigger.pattern.count(r"\s+")


def compile_stems(types: Mapping[str, EventType], language: str) -> tuple[StemPattern, ...]:
    """Patterns of one language, those that say most first."""
    made = []
    for kind in types.values():
        for sub in kind.sub_types.values():
            for keyword in sub.keywords.get(language, ()):
                trigger, *conditions = [part.strip() for part in keyword.split(" + ")]
                made.append(
                    StemPattern(kind.name, sub.name, _stems(trigger), tuple(_stems(part) for part in conditions))
                )
    return tuple(sorted(made, key=lambda p: -p.terms))


def _stems(text: str) -> re.Pattern[str]:
    """Alternatives of one or more stems in a row; `=` before a word asks for just that word."""
    alternatives = []
    for part in text.split("|"):
        words = [
            re.escape(word[1:]) + r"\b" if word.startswith("=") else _word(word) + r"[\w'’-]*" for word in part.split()
        ]
        alternatives.append(r"\s+".join(words))
    return re.compile(rf"\b(?:{'|'.join(alternatives)})", re.IGNORECASE)


def _word(stem: str) -> str:
    """The stem as a pattern; a character class such as [её] may stand in it."""
    return "".join(p if p.startswith("[") else re.escape(p) for p in re.split(r"(\[[^\]]+\])", stem))
