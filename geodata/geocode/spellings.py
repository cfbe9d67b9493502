"""Names of a story that the gazetteer has in another spelling, looked for in the countries that the story speaks of."""

from dataclasses import replace

from rapidfuzz import fuzz

from geodata.geocode.context import Evidence, Mention
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import SqliteGazetteer

_LEAST_LIKENESS = 87.0
"""One letter written otherwise in eight, or one more or less in six."""
_SHORTEST = 6
_SURE_LETTERS = 2
"""Slips of the pen seldom fall on the first letters, and few names share them."""
_MOST_COUNTRIES = 2
_MOST_WORDS = 3


def corrected(gazetteer: SqliteGazetteer, mention: Mention, evidence: Evidence) -> Mention:
    """The mention with the towns of the likest name, or as it is where it has places or nothing is like it."""
    name = fold(mention.toponym.name)
    if mention.entries or not name.isascii() or len(name) < _SHORTEST or name.count(" ") >= _MOST_WORDS:
        return mention
    for country, _count in evidence.countries.most_common(_MOST_COUNTRIES):
        found: dict[int, float] = {}
        for written, row in gazetteer.towns_beginning(country, name[:_SURE_LETTERS]):
            likeness = fuzz.ratio(name, written, score_cutoff=_LEAST_LIKENESS)
            if likeness:
                found[row] = max(likeness, found.get(row, 0.0))
        if found:
            best = max(found.values())
            rows = [row for row, likeness in found.items() if likeness == best]
            return replace(mention, entries=tuple(gazetteer.entries(rows)), likeness=best / 100)
    return mention
