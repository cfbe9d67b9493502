"""Columns whose names only hold a known word: "Date (UTC)", "Incident Category", "Загинуло осіб" -> what they mean.

For tables whose mapping is shown to a person. `headers.csv` has the words: a name counts where it holds one of a
field's and none of those that turn its meaning, as a "report date" is not when something happened.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from geodata.sources.columns import assign
from geodata.sources.months import bare

_WORD = re.compile(r"[^\W_]+")
LONGEST_CHARS, LONGEST_WORDS = 60, 7
"""A longer cell is no column's name."""
_TABLE = Path(__file__).parent / "headers.csv"
"""By field, in the order in which columns are given away: words that speak for it, and words that speak against."""


@cache
def _rules() -> Sequence[tuple[str, frozenset[str], frozenset[str]]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["field"], frozenset(row["words"].split()), frozenset(row["but_not"].split()))
            for row in csv.DictReader(file)
        )


def recognised(header: Iterable[str]) -> Mapping[str, str]:
    """As `columns.assign`; of the columns left over, those whose names hold a word of a field that is still free."""
    names = list(header)
    found = assign(names)
    used = set(found.values())
    left = [(name, frozenset(words)) for name in names if name not in used and (words := _words(name))]
    for field, wanted, bars in _rules():
        if field in found or (field == "position" and "lon" in found and "lat" in found):
            continue
        name = next((name for name, words in left if words & wanted and not words & bars and name not in used), "")
        if name:
            found[field] = name
            used.add(name)
    if "lon" in found and "lat" in found:
        found.pop("position", None)
    return found


def is_media(name: str) -> bool:
    """Whether a column is called after pictures and the like, which are no sources."""
    return any(field == "source_url" and not bars.isdisjoint(_words(name)) for field, _, bars in _rules())


def _words(name: str) -> Sequence[str]:
    if len(name) > LONGEST_CHARS:
        return ()
    words = [bare(word).replace("ё", "е") for word in _WORD.findall(name.casefold())]
    return words if len(words) <= LONGEST_WORDS else ()
