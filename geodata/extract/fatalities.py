"""How many died, as the text says it: a figure, a least, a most, or a word for many, with where the words stand.

"At least three" is low 3, "up to five" high 5, a plain number the best figure; "no one was hurt" is none. Words for
many give the floor that ACLED's codebook gives them (dozens: 12, hundreds: 100); what is not said is not inferred.
"""

import re
from collections.abc import Iterator

from geodata.extract.later import Later
from geodata.model import Fatalities

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_WORDS = {word: n for n, word in enumerate(_SMALL.split())} | _TENS
_WORDS |= {"hundred": 100, "a hundred": 100, "one hundred": 100, "two hundred": 200, "three hundred": 300}
_WORDS |= {"half a dozen": 6, "a dozen": 12, "one dozen": 12, "two dozen": 24, "three dozen": 36, "dozen": 12}
_WORDS |= {"a couple of": 2, "a family of four": 4, "a family of five": 5, "a family of six": 6, "a family of three": 3}
_WORDS |= {"both": 2, "himself": 1, "herself": 1, "themselves": 2, "another": 1}
_MANY = {"several": 3, "a few": 3, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1000}
_MANY |= {"tens of thousands": 10_000, "many dozens": 12, "several dozen": 24, "several hundred": 200}
_NONE = r"no\s+one|nobody|no\s+people|no\s+person|none(?:\s+of\s+them)?"
_FIGURE = r"\d{1,3}(?:,\d{3})+|\d{1,6}"


def _any_of(words: dict[str, int]) -> str:
    return "|".join(re.sub(r"\s+", r"\\s+", word) for word in sorted(words, key=len, reverse=True))


_ARTICLE = r"an?(?!\s+(?:\w+\s+)?(?:number|lot|couple|group|total|family|series|few|dozen|hundred)\b)"
_N = rf"\b(?:(?:{_FIGURE})(?!,?\d)|(?:twenty|{'|'.join(_TENS)})-\w+|{_any_of(_MANY)}|{_any_of(_WORDS)}|{_ARTICLE})\b"
_QUALIFIER = (
    r"(?:(?:at\s+least|no\s+fewer\s+than|not\s+less\s+than|a\s+minimum\s+of|more\s+than|over|up\s+to|as\s+many\s+as|about|"
    r"around|some|nearly|almost|roughly|an\s+estimated|between|from|all|the|his|her|their|its|a\s+further|another)\s+){0,2}"
)
_NOT_PEOPLE = (
    r"(?:cattle|cows?|sheep|goats?|animals?|livestock|chickens?|birds?|elephants?|fish|pigs?|trees?|dogs?|horses?|hours?|"
    r"days?|weeks?|months?|years?|km|kilomet\w+|miles?|percent|per\s+cent|houses?|homes?|buildings?|vehicles?|cars?|"
    r"wounded|injured|hurt|homeless|missing|times|others\s+(?:wounded|injured)|missiles?|drones?|rockets?|shells?|bombs?)"
)
_STOP = (
    rf"(?:{_NOT_PEOPLE}|and|or|were|was|is|are|have|had|has|who|which|that|when|while|after|as|in|on|at|by|with|"
    r"died|dead)"
)
_NOUNS = rf"(?:\s+(?:of\s+)?(?!{_STOP}\b)[\w'’-]+){{0,5}}?"
_RANGE = rf"(?:\s*(?:-|–|to|or|(?<=\d)\s+and)\s*{_N})?"
_NO_THING = rf"(?!(?:\s+(?!and\b|or\b)\w+){{0,2}}\s+{_NOT_PEOPLE}\b)"
_GROUP = rf"{_QUALIFIER}{_N}{_RANGE}{_NO_THING}{_NOUNS}(?:\s+(?:on\s+board|aboard))?"
_CHAIN = rf"(?P<chain>{_GROUP}(?:(?:,\s+|,?\s+and\s+){_GROUP}){{0,3}})"
_ASIDE = r"(?:,?\s+(?:including|among\s+them)\s[^;.]{1,60}?)?"
_END = (
    r"(?:killed|shot\s+dead|gunned\s+down|murdered|massacred|executed|slain|beheaded|lynched|assassinated|slaughtered|"
    r"confirmed\s+dead|dead|hacked\s+to\s+death|(?:stabbed|burned|burnt|beaten|crushed|trampled)\s+to\s+death)"
)
_DIED = rf"(?:(?:were|was|have\s+been|has\s+been|had\s+been|are|is)\s+(?:\w+ly\s+|also\s+|reported(?:ly)?\s+|found\s+)?{_END}|(?:have\s+|has\s+|had\s+)?(?:died|perished|drowned)|lost\s+(?:their|his|her)\s+li(?:ves|fe)|dead)\b"  # noqa: E501
_KILLING = (
    r"(?:kill(?:ed|ing|s)?|murder(?:ed|ing|s)|massacr(?:ed|ing|es)|execut(?:ed|ing|es)|shot\s+dead|gunn(?:ed|ing)\s+down|"
    r"behead(?:ed|ing)|assassinat(?:ed|ing)|claim(?:ed|ing|s)?\s+the\s+li(?:ves|fe)\s+of|"
    r"(?:deaths?|killings?|murders?|massacre|execution)\s+of)"
)
_BEHIND = (
    r"(?=\s*(?:[^\w\s-]|$|(?:and|in|on|at|by|near|when|while|after|as|with|who|that|from|before|during|outside|inside|for|"
    r"including|since|early|late|last|yesterday|today|overnight)\b))"
)


def _pattern(needs: str, pattern: str) -> tuple[re.Pattern[str], Later]:
    """What stands in all that a pattern matches, which is quicker to look for, and the pattern."""
    return re.compile(needs, re.IGNORECASE), Later(pattern)


_TOLD = (
    _pattern(_DIED, rf"(?<![\w,.-]){_CHAIN}{_ASIDE},?\s+{_DIED}"),
    _pattern(_KILLING, rf"\b{_KILLING}\s+{_CHAIN}{_BEHIND}"),
    _pattern(_KILLING, rf"\b{_KILLING}\s+(?P<chain>{_GROUP})(?![\w-])"),
    _pattern("dead", rf"\b(?:left|leaving|leaves)\s+{_CHAIN}\s+(?:people\s+)?dead\b"),
    _pattern("toll", rf"\btoll\b[^.;]{{0,40}}?\b{_CHAIN}(?![\w-])"),
    _pattern("deaths|fatalities", rf"(?<![\w,.-]){_CHAIN}\s+(?:deaths|fatalities)\b"),
)
_NOBODY = re.compile(
    rf"\b(?:{_NONE})\s+(?:was|were|has\s+been|had\s+been)\s+(?:\w+ly\s+)?(?:killed|hurt|harmed|injured|wounded)\b"
    r"|\b(?:no|without(?:\s+causing)?(?:\s+any)?)\s+(?:casualties|fatalities|deaths|loss\s+of\s+life|victims)\b"
    rf"|\bkill(?:ed|ing)\s+(?:{_NONE})\b",
    re.IGNORECASE,
)
_FEARED = _pattern(
    r"(?:feared|presumed|believed)\s+dead",
    rf"(?<![\w,.-]){_CHAIN}\s+(?:are\s+|were\s+)?(?:feared|presumed|believed)\s+dead\b",
)
_DEATH = re.compile(
    r"kill|die|dead|death|toll|fatal|murder|massacr|execut|slain|slaught|behead|lynch|assassin|perish|drown|gunn|lives|"
    r"life|casualt|victims|hurt|harmed|injured|wounded",
    re.IGNORECASE,
)
"""Most sentences tell of no deaths, and are passed over at once."""
_ONE = Later(rf"(?P<said>{_QUALIFIER})(?P<n>{_N})(?:\s*(?:-|–|to|or|(?<=\d)\s+and)\s*(?P<n2>{_N}))?")


def fatalities(sentence: str) -> list[tuple[int, Fatalities]]:
    """Deaths told in a sentence, each with the offset of its words; the sentence's dates must be blanked out."""
    if not _DEATH.search(sentence):
        return []
    found: list[tuple[int, int, Fatalities]] = []
    for start, end, figure in _told(sentence):
        if not any(begun < end and start < ended for begun, ended, _ in found):
            found.append((start, end, figure))
    return [(start, figure) for start, _, figure in sorted(found, key=lambda item: item[0])]


def _told(sentence: str) -> Iterator[tuple[int, int, Fatalities]]:
    for match in _NOBODY.finditer(sentence):
        yield match.start(), match.end(), Fatalities(best=0)
    for match in _found(_FEARED, sentence):
        figure = _figure(match["chain"])
        if figure is not None:
            yield match.start(), match.end(), Fatalities(high=figure.high or figure.best or figure.low)
    for pattern in _TOLD:
        for match in _found(pattern, sentence):
            figure = _figure(match["chain"])
            if figure is not None:
                yield match.start(), match.end(), figure


def _found(pattern: tuple[re.Pattern[str], Later], sentence: str) -> Iterator[re.Match[str]]:
    needs, whole = pattern
    return whole.finditer(sentence) if needs.search(sentence) else iter(())


def _figure(chain: str) -> Fatalities | None:
    """The sum of "two women and a child"; what only one part bounds stays a bound."""
    parts = [part for match in _ONE.finditer(chain) if (part := _part(match)) is not None]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    low = sum(part.low if part.low is not None else part.best or 0 for part in parts)
    if all(part.best is not None for part in parts):
        return Fatalities(best=low)
    return Fatalities(low=low) if all(part.high is None for part in parts) else None


def _part(match: re.Match[str]) -> Fatalities | None:
    text, said = " ".join(match["n"].lower().split()), " ".join(match["said"].lower().split())
    if text in _MANY:
        return Fatalities(low=_MANY[text])
    number = 1 if text in ("a", "an") else _number(text)
    if number is None or (1900 <= number <= 2100 and "," not in text and not said):
        return None
    other = _number(" ".join(match["n2"].lower().split())) if match["n2"] else None
    if other is not None and other > number:
        return Fatalities(low=number, high=other)
    if said.startswith(("at least", "no fewer", "not less", "a minimum")):
        return Fatalities(low=number)
    if said.startswith(("more than", "over")):
        return Fatalities(low=number + 1)
    if said.startswith(("up to", "as many as")):
        return Fatalities(high=number)
    return Fatalities(best=number)


def _number(word: str) -> int | None:
    if word[0].isdigit():
        return int(word.replace(",", ""))
    if "-" in word:
        tens, _, ones = word.partition("-")
        return _WORDS[tens] + _WORDS[ones] if ones in _WORDS and tens in _WORDS else None
    return _WORDS.get(word)


def together(one: Fatalities | None, other: Fatalities | None) -> Fatalities | None:
    """The figures of two mentions of one event: what the first lacks, the second gives."""
    if one is None or other is None:
        return one or other
    low, best, high = (
        a if a is not None else b for a, b in ((one.low, other.low), (one.best, other.best), (one.high, other.high))
    )
    return Fatalities(low, best, high)
