"""Numbers of people as tables write them: "1,200", "~10", "5-7", "at least 3", "up to 20", "dozens".

A range gives the least and the most and no best figure; "at least" only the least. Words for many give the floor that
ACLED's codebook gives them, as in stories (geodata/extract/fatalities.py). Nothing else is inferred.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from geodata.errors import shown
from geodata.model import Fatalities
from geodata.sources.coordinates import is_missing

_N = r"\d{1,3}(?:[, '’\u00a0\u202f]\d{3})+|\d{1,3}(?:\.\d{3})+|\d+(?:\.0{1,2})?"
_EITHER = re.compile(r"\d{1,3}\.000")  # 3 or three thousand: it depends on who wrote it
_PEOPLE = (
    r"(?:\s*(?:people|persons?|civilians?|soldiers?|dead|killed|deaths?|fatalit(?:y|ies)|died|victims?|casualties|"
    r"осіб|особи|людей|человека?|загиблих|загиблі|погибших|погибли|вбито|убито|tote|personen|morts?|muertos|personas))?"
)
_ASIDE = r"(?:\s*\([^()]*\))?"
_ABOUT = re.compile(
    rf"(?:~|≈|±|about|around|approx(?:imately|\.)?|ca?\.|circa|some|roughly|nearly|almost|an?\s+estimated|est\.?|etwa|rund|"
    rf"environ|alrededor\s+de|unos|близько|приблизно|майже|около|примерно|почти)\s*({_N}){_PEOPLE}{_ASIDE}"
    rf"|({_N})\s*(?:\?|~|approx\.?|\(?est\.?\)?){_PEOPLE}",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:(?:between|from|від|от|з|zwischen|von|entre|de)\s+)?({_N})\s*(?:-|–|—|\bto\b|\bor\b|\band\b|\bbis\b|\bund\b|\bà\b|"
    rf"\ba\b|\by\b|\bet\b|\bдо\b|\bабо\b|\bили\b)\s*({_N}){_PEOPLE}{_ASIDE}",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"(?:at\s+least|no\s+fewer\s+than|not\s+less\s+than|min(?:imum|\.)?|more\s+than|over|>=?|≥|mindestens|über|mehr\s+als|"
    rf"au\s+moins|plus\s+de|al\s+menos|más\s+de|щонайменше|принаймні|не\s+менше|понад|більше|по\s+меньшей\s+мере|не\s+менее|"
    rf"более|свыше)\s*({_N}){_PEOPLE}{_ASIDE}|({_N})\s*(?:\+|or\s+more|and\s+more){_PEOPLE}{_ASIDE}",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:up\s+to|as\s+many\s+as|at\s+most|max(?:imum|\.)?|fewer\s+than|less\s+than|under|<=?|≤|bis\s+zu|höchstens|weniger\s+als|"
    rf"jusqu['’]à|moins\s+de|hasta|menos\s+de|до|не\s+більше|менше|не\s+более|менее)\s*({_N}){_PEOPLE}{_ASIDE}",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"({_N}){_PEOPLE}{_ASIDE}", re.IGNORECASE)
_MANY = {
    **dict.fromkeys(("several", "a few", "кілька", "декілька", "несколько", "mehrere", "plusieurs", "varios"), 3),
    **dict.fromkeys(("dozens", "tens", "десятки", "dutzende", "dizaines", "docenas", "decenas"), 12),
    **dict.fromkeys(("scores",), 20),
    **dict.fromkeys(("hundreds", "сотні", "сотни", "hunderte", "centaines", "cientos", "centenares"), 100),
    **dict.fromkeys(("thousands", "тисячі", "тысячи", "tausende", "milliers", "miles"), 1000),
}
_WORDS = {
    word: number
    for number, words in enumerate(
        "zero,nil one,a,an two three four five six seven eight nine ten eleven twelve,dozen".replace(",", "|").split()
    )
    for word in words.split("|")
} | {"a dozen": 12, "half a dozen": 6, "two dozen": 24}
_LONGEST = 80


DEATHS = ("fatalities_low", "fatalities_best", "fatalities_high")
MOST = 10_000_000  # deaths of one event; beyond, a cell holds something else
ACCEPTED = (
    f"is no number of deaths; accepted: whole numbers from 0 to {MOST:,}, 5-7, ~10, at least 3, up to 20 or dozens"
)


class Said(NamedTuple):
    """Deaths of one cell, and how they were understood; empty where they say just what the cell says."""

    deaths: Fatalities
    how: str = ""


@lru_cache(20_000)
def deaths_said(text: str) -> Said | None:
    """What a cell of deaths says; None where it is no number in any of these forms."""
    text = " ".join(text.split())
    aside = text.partition("(")[1]  # what stands in brackets is not read
    if not text or len(text) > _LONGEST:
        return None
    if text.isdecimal():
        return Said(Fatalities(best=int(text)))
    if _EITHER.search(text):
        return None
    if match := _PLAIN.fullmatch(text):
        number = _number(match[1])
        is_plain = text == match[1] and (text.count(".") != 1 or text.endswith((".0", ".00")))
        return Said(Fatalities(best=number), "" if is_plain else f"{number:,}")
    if match := _ABOUT.fullmatch(text):
        number = _number(match[1] or match[2])
        return Said(Fatalities(best=number), f"about {number:,}")
    if match := _RANGE.fullmatch(text):
        low, high = _number(match[1]), _number(match[2])
        return Said(Fatalities(low=low, high=high), aside and f"{low:,} to {high:,}") if low <= high else None
    if match := _LEAST.fullmatch(text):
        number = _number(match[1] or match[2])
        return Said(Fatalities(low=number), aside and f"at least {number:,}")
    if match := _MOST.fullmatch(text):
        number = _number(match[1])
        return Said(Fatalities(high=number), aside and f"at most {number:,}")
    word = re.sub(rf"{_PEOPLE}$", "", text.casefold(), flags=re.IGNORECASE).strip()
    if word in _WORDS:
        return Said(Fatalities(best=_WORDS[word]), f"{_WORDS[word]}")
    if word not in _MANY:
        return None
    return Said(Fatalities(low=_MANY[word]), f"at least {_MANY[word]:,}")


def _number(text: str) -> int:
    """A whole number without the marks between its thousands, or zeros behind a decimal mark."""
    whole = re.sub(r"\.0{1,2}$", "", text)
    return int(re.sub(r"\D", "", whole))


class Read(NamedTuple):
    """Deaths of a row; `kept`: cells that say more, or are no number; `remarks`: (field, what is to be told)."""

    deaths: Fatalities | None
    kept: dict[str, str]
    remarks: tuple[tuple[str, str], ...] = ()


def read_deaths(low: str, best: str, high: str, bad: Collection[str] = ()) -> Read:
    """Of the texts of three cells. A cell for one figure fills in the others only where they have no text.

    `bad` are texts that are told of, though they stand for nothing elsewhere.
    """
    found: dict[str, int | None] = dict.fromkeys(DEATHS)
    kept: dict[str, str] = {}
    remarks: list[tuple[str, str]] = []
    given = dict(zip(DEATHS, (low, best, high), strict=True))
    for name, text in given.items():
        if is_missing(text) and text.casefold() not in bad:
            continue
        said = deaths_said(text)
        figures = said and (said.deaths.low, said.deaths.best, said.deaths.high)
        if said is None or figures is None or max(n for n in figures if n is not None) > MOST:
            kept[name] = text
            remarks.append((name, f"{shown(text)} {ACCEPTED}; kept as a property"))
            continue
        if said.how:
            remarks.append((name, f"{shown(text)} was taken as {said.how}"))
            kept[f"{name}_as_given"] = text
        own = figures[DEATHS.index(name)]
        found[name] = own if own is not None else said.deaths.best
        if name == DEATHS[1]:
            for other, figure in zip(DEATHS, figures, strict=True):
                if is_missing(given[other]) and found[other] is None:
                    found[other] = figure
    deaths = Fatalities(*found.values()) if any(figure is not None for figure in found.values()) else None
    return Read(deaths, kept, tuple(remarks))
