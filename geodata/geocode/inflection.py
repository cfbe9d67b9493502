"""Ukrainian and Russian case endings taken off: the nominatives that a written form may stand for.

Rules by ending, the longest first; each gives possible nominatives, most of which are no word. The gazetteer decides
which exists, so a rule may be generous. Stem changes covered: Харкова -> Харків, Києва -> Київ, Розі -> Ріг.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # adjectives as names and before nouns: Хмельницького, Донецької області, Ростовской области
    ("ського", ("ський", "ське")),
    ("ському", ("ський", "ське")),
    ("цького", ("цький", "цьке")),
    ("цькому", ("цький", "цьке")),
    ("ого", ("ий", "ый", "ой", "е", "ое", "ий")),
    ("ому", ("ий", "ый", "ой", "е", "ое")),
    ("его", ("ий", "ее")),
    ("ему", ("ий", "ее")),
    ("ими", ("і", "ие", "ий")),
    ("ыми", ("ые", "ый")),
    ("ої", ("а", "ая")),
    ("ій", ("а",)),
    ("ою", ("а", "ая")),
    ("ой", ("а", "ая", "ой")),
    ("ей", ("я", "а", "ая", "ь")),
    ("ую", ("ая",)),
    ("юю", ("яя",)),
    ("ых", ("ые",)),
    ("их", ("і", "ие")),
    ("им", ("ий", "е", "ое", "ые", "ім")),
    ("ым", ("ый", "ое")),
    ("ом", ("", "о", "ое")),
    ("ем", ("ь", "е", "й", "")),
    ("єм", ("й", "я")),
    # nouns
    ("ові", ("", "о")),
    ("еві", ("ь", "", "й")),
    ("єві", ("й",)),
    ("иями", ("ии",)),
    ("ами", ("и", "ы", "а", "і")),
    ("ями", ("і", "и", "я")),
    ("ам", ("и", "ы", "а")),
    ("ям", ("я", "і", "и")),
    ("ах", ("и", "ы", "а", "і")),
    ("ях", ("і", "и", "я")),
    ("ією", ("ія",)),
    ("ией", ("ия",)),
    ("єю", ("я",)),
    ("ею", ("я", "а")),
    ("ию", ("ия", "ь")),
    ("ію", ("ія",)),
    ("ії", ("ія",)),
    ("ии", ("ия", "ий", "ие")),
    ("ью", ("ь",)),
    ("ців", ("ці",)),
    ("ці", ("ка", "к", "ця", "ць", "ці")),
    ("зі", ("га", "г", "за", "зя", "зь", "з")),
    ("сі", ("ха", "х", "са", "сь", "с")),
    ("ця", ("ець", "ць")),
    ("цю", ("ець", "ця", "ць")),
    ("цем", ("ець",)),
    ("ца", ("ец",)),
    ("цу", ("ец", "ца")),
    ("цом", ("ец",)),
    ("це", ("ец", "ца")),
    ("а", ("", "о", "ы", "и", "е")),
    ("я", ("ь", "й", "е", "")),
    ("у", ("", "о", "а")),
    ("ю", ("ь", "й", "я", "е")),
    ("і", ("", "а", "о", "я", "ь", "е")),
    ("ї", ("й", "я")),
    ("и", ("а", "ь", "я", "")),
    ("ы", ("а", "")),
    ("е", ("", "а", "о", "ь", "я", "й")),
)
_CLOSED = ((re.compile("о([вгсзр]ь?)$"), r"і\1"), (re.compile("єв$"), "їв"), (re.compile("ев$"), "їв"))
_CYRILLIC = re.compile("[\u0400-\u04ff'’ʼ`-]+")
SHORTEST_STEM = 2
SHORTEST_NAME = 3
_MOST_FORMS = 64


@lru_cache(maxsize=20_000)
def nominatives(word: str) -> tuple[str, ...]:
    """Forms that `word` may be a case of, without itself; empty for words that are not Cyrillic."""
    if not _CYRILLIC.fullmatch(word) or len(word) > 40:
        return ()
    found: dict[str, None] = {}
    small = word.lower()
    for ending, replacements in _RULES:
        if not small.endswith(ending) or len(word) - len(ending) < SHORTEST_STEM:
            continue
        stem = word[: len(word) - len(ending)]
        for replacement in replacements:
            found[stem + replacement] = None
            if replacement in ("", "г", "ь"):
                for pattern, closed in _CLOSED:
                    found[pattern.sub(closed, stem + replacement)] = None
    return tuple(form for form in found if form != word and len(form) >= SHORTEST_NAME)


def word_forms(words: Sequence[str]) -> list[str]:
    """Nominatives of a name of several words: each word as it stands or with an ending taken off."""
    found = [""]
    for word in words:
        endings = (word, *nominatives(word))
        found = [f"{start} {form}".strip() for start in found for form in endings][: _MOST_FORMS * len(words)]
    return found
