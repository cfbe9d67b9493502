"""Free names of events ("shelling", "IED", "авіаудар") put to the taxonomy, by the table `names.csv`.

A name of the table counts where it is the whole text, or stands in it as whole words and nothing beside it says another
type: "Missile strike on a market". With `=` before it, it must be the whole text, as it is part of too many others.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

Kind = tuple[str, str]
_TABLE = Path(__file__).parent / "names.csv"
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?<=[a-z]{2}(?:ch|sh))es$|(?<=[a-z]{2}[a-rt-z])s$|(?<=[а-яєіґ]{4})[аеиоуыьюяєі]$")
LONGEST_WORDS = 12
"""A longer text is a description of an event, and no name of its type."""


def type_of_name(name: str) -> Kind | None:
    """Type and sub-type, which is empty where a text names several of one type; None where it is not known."""
    words = _words(name)
    if not words or len(words) > LONGEST_WORDS:
        return None
    whole, parts, longest = _table()
    if (found := whole.get(words)) is not None:
        return found
    kinds = list(dict.fromkeys(_named(words, parts, longest)))
    if not kinds or len({kind for kind, _ in kinds}) > 1:
        return None
    subs = {sub for _, sub in kinds if sub}
    return kinds[0][0], subs.pop() if len(subs) == 1 else ""


def _named(words: tuple[str, ...], parts: Mapping[tuple[str, ...], Kind], longest: int) -> Iterator[Kind]:
    """The kinds of the longest names from left to right; words of one are not read again for another."""
    at = 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        size = next((size for size in sizes if words[at : at + size] in parts), 0)
        if size:
            yield parts[words[at : at + size]]
        at += size or 1


@lru_cache(maxsize=1)
def _table() -> tuple[Mapping[tuple[str, ...], Kind], Mapping[tuple[str, ...], Kind], int]:
    """What counts as a whole text, what also as part of one, and how many words the longest name has."""
    whole: dict[tuple[str, ...], Kind] = {}
    parts: dict[tuple[str, ...], Kind] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = row["event_type"], row["sub_event_type"]
            for name in row["names"].split("|"):
                words = _words(name.removeprefix("="))
                whole.setdefault(words, kind)
                if not name.startswith("="):
                    parts.setdefault(words, kind)
    return whole, parts, max(map(len, parts))


def _words(text: str) -> tuple[str, ...]:
    """Folded words without accents, which are often left out, and without what most plurals end in."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    return tuple(map(_singular, _WORD.findall(plain)))


def _singular(word: str) -> str:
    return _ENDING.sub("", word)
