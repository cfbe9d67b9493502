"""Which names of a sentence say where each of its events was; none leaves the place to be inherited.

The models of `placing` say how likely each name is the place; here a choice is made among them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.extract.meanings import Senses
from geodata.extract.phrases import Phrase, phrase_of
from geodata.extract.placement import FEATURES, Scene
from geodata.extract.placing import Case, placing
from geodata.extract.placing import likely as as_shares
from geodata.extract.spans import within
from geodata.extract.spots import Spot, Words, find_spots
from geodata.extract.story import Paragraph, Story
from geodata.learned import Floats
from geodata.model import Span, Toponym

LEAST = 0.3
"""Share of right answers from which a name is taken as the place: where the F1 of place words is best (about half of
what it comes to)."""
LEAST_UNKNOWN = 0.3
"""The same of a name that is in no gazetteer."""
LEAST_INNER = 0.15
"""The same of a name that stands before the likeliest one as what lies in it ("X, a village in Y")."""
LEAST_TOWN = 0.2
"""The same of a town beside the likeliest name, where that is an area ("in A province near B")."""
LEAST_SECOND = 0.7
"""The same of a name apart from the likeliest one, in no list with it ("in A on Monday, and later in B")."""
DOUBT = 0.4
"""What is left of the share of a route's end ("the road to A") or a launch site: too rare in the corpus to learn."""
MOST_NAMES = 60
"""Names of a sentence that are weighed for one event; each is weighed against all others, for each event."""
NOTHING = np.zeros((0, 0), np.float32)
_LEAST_SHARE = 1e-6
"""Keeps log-odds finite."""
_MOST = 6
"""Places of one event at most: a longer list is an enumeration of something else."""
_AND = re.compile(
    r"(?:'s)?,?\s+(?:and|or|as\s+well\s+as|&)\s+(?:\w+\s+){0,3}|,\s+(?:\w+\s+){0,2}|\s+(?:and|or)\s+(?:in|at|on|near|of)\s+"
)
_LIES_IN = re.compile(r",\s+an?\s+(?:[\w-]+\s+){1,4}(?:in|of|near)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}")
"""What stands between a name and the area that it lies in: "X, a village in Y"."""
_IN_AREA = re.compile(rf"{_LIES_IN.pattern}|,\s+(?:in\s+)?(?:the\s+)?|\s+(?:in|near)\s+(?:the\s+)?(?:[\w-]+\s+)?")
"""The same where the area is told as one ("X, Y Department")."""
_CAPITAL_OF = re.compile(r"\bcapital\s+of\s+(?:the\s+)?(?:[a-z]+\s+)?$")
_GOES_ON = re.compile(r"(?:'s)?,?\s+(?:and|or|as\s+well\s+as|&)\s|,\s+(?:\w+\s+){0,2}[A-Z]")
_ROLES = [FEATURES.index(name) for name in ("route", "launched_from")]
_PLACED = [FEATURES.index(name) for name in ("prep_in", "prep_at", "prep_on", "prep_near", "dep_dobj", "dep_nsubjpass")]
_WIDE = FEATURES.index("wide")
_ON_TRIGGER = FEATURES.index("on_trigger")
_LEAVING = frozenset(("withdraw", "retreat", "pull", "evacuate", "withdrawal", "pullout", "evacuation"))
_UNDER, _CONJUNCTS = FEATURES.index("under_trigger"), FEATURES.index("conjuncts")


@dataclass(frozen=True, slots=True)
class Link:
    """A toponym, and how likely it is that the event was there (0..1)."""

    toponym: Toponym
    score: float
    unlisted: bool = False
    """Whether no gazetteer has the name or any part of it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence and the words that tell of its events, as numbers in it."""

    paragraph: Paragraph
    words: Words
    triggers: tuple[int, ...]
    beside: tuple[tuple[int, ...], ...] = ()
    """For each trigger, other words that tell of the same event."""


def link(story: Story, asked: Sequence[Asked | None]) -> list[tuple[Asked, list[tuple[Link, ...]]] | None]:
    """For each sentence the places of each of its events, the surest first; several where the text lists them ("in A
    and B"). All of a story go through the models together: each pass costs more than the rows in it."""
    cases = [list(_cases(story, item)) if item is not None else [] for item in asked]
    shares = placing().shares([case for item in cases for words in item for case in words if case.spots])
    made: list[tuple[Asked, list[tuple[Link, ...]]] | None] = []
    for item, told in zip(asked, cases, strict=True):
        if item is None:
            made.append(None)
            continue
        links = [
            tuple(choose(own.spots, item.words, own.rows, _together([next(shares) for _ in words])))
            if (own := words[0]).spots
            else ()
            for words in told
        ]
        if item.paragraph.row:
            links = [found or _of_row(story, item.paragraph) for found in links]
        made.append((item, links))
    return made


def _together(shares: Sequence[Sequence[float]]) -> list[float]:
    """What several words for one event say of its place: the first says as much as all others together (log-odds)."""
    if len(shares) == 1:
        return list(shares[0])
    known = np.clip(np.array(shares), _LEAST_SHARE, 1 - _LEAST_SHARE)
    odds = np.log(known / (1 - known))
    return [float(share) for share in as_shares((odds[0] + odds[1:].mean(axis=0)) / 2)]


def _of_row(story: Story, row: Paragraph) -> tuple[Link, ...]:
    """The first place of a table's row: there no word says how it belongs to what is told."""
    return tuple(Link(toponym, LEAST) for toponym in within(story.toponyms, Span(row.start, row.end))[:1])


def _cases(story: Story, item: Asked) -> Iterator[list[Case]]:
    """For each trigger its case, and one for each other word of its event; what they share of the sentence is read
    once."""
    words = item.words
    spots = find_spots(story, item.paragraph, words)
    phrases = [phrase_of(words, spot) for spot in spots]
    if not spots:
        yield from ([Case((), NOTHING, NOTHING)] for _ in item.triggers)
        return
    few = len(spots) <= MOST_NAMES
    whole = (Scene(words, spots, phrases), Senses(words, spots, phrases)) if few else None
    for trigger, beside in zip(item.triggers, item.beside or ((),) * len(item.triggers), strict=True):
        scene, senses = whole or _nearest(words, spots, phrases, trigger)
        yield [
            Case(scene.spots, np.array(scene.describe(number), dtype=np.float32), senses.of(number))
            for number in dict.fromkeys((trigger, *beside))
        ]


def _nearest(words: Words, spots: Sequence[Spot], phrases: Sequence[Phrase], trigger: int) -> tuple[Scene, Senses]:
    """The names to weigh for one event, in text order, of a sentence without end."""
    order = sorted(sorted(range(len(spots)), key=lambda n: abs(spots[n].root - trigger))[:MOST_NAMES])
    near, ways = [spots[n] for n in order], [phrases[n] for n in order]
    return Scene(words, near, ways), Senses(words, near, ways)


def choose(spots: Sequence[Spot], words: Words, rows: Floats, shares: Sequence[float]) -> Iterator[Link]:
    """The likeliest name, and those of a list with it; a town before the area that it is told with."""
    likely = _doubted(rows, shares)
    fit = [n for n, spot in enumerate(spots) if likely[n] >= (LEAST if spot.known else LEAST_UNKNOWN)]
    if not fit:
        return
    best = _in_clause(max(fit, key=lambda n: likely[n]), fit, rows, likely)
    left = [
        n for n in range(len(spots)) if likely[n] >= LEAST_INNER and rows[n][_ON_TRIGGER] and _left(words, spots[n])
    ]
    best = max(left, key=lambda n: likely[n], default=best)
    if rows[best][_WIDE]:
        near = [n for n in range(len(spots)) if likely[n] >= LEAST_TOWN and _told_with(words, spots[n], spots[best])]
        best = max((n for n in near if _is_town(spots[n], rows[n])), key=lambda n: likely[n], default=best)
    best = _closest(spots, words, best, likely, bool(rows[best][_WIDE]))
    yield Link(_as_meant(words, spots[best]), likely[best], _unlisted(spots[best]))
    taken = [spots[best].toponym]
    for n in sorted(fit, key=lambda n: abs(spots[n].first - spots[best].first)):
        toponym = spots[n].toponym
        apart = not any(other.span.overlaps(toponym.span) for other in taken)
        if not apart or len(taken) == _MOST or any(_one_in_other(toponym, other) for other in taken):
            continue
        # What a rule put the best name before is no second place.
        if LEAST_SECOND <= likely[n] <= likely[best] or any(_listed(words, spots[n], other) for other in taken):
            taken.append(toponym)
            yield Link(_as_meant(words, spots[n]), likely[n], _unlisted(spots[n]))


def _as_meant(words: Words, spot: Spot) -> Toponym:
    """The town meant where the text names the area whose capital it is; any other name as it stands."""
    toponym = spot.toponym
    if not _CAPITAL_OF.search(words.text, 0, words.at[spot.first]):
        return toponym
    return replace(toponym, name=f"the capital of {toponym.name}", context=(toponym.name, *toponym.context))


def _doubted(rows: Floats, shares: Sequence[float]) -> list[float]:
    """The shares with routes' ends and launch sites marked down; what the surest of these loses speaks for the others,
    which were weighed against it."""
    roles = [int(row[_ROLES].sum()) for row in rows]
    lost = max((share * (1 - DOUBT**role) for share, role in zip(shares, roles, strict=True)), default=0.0)
    return [
        share * DOUBT**role if role else min(1.0, share / (1 - lost)) for share, role in zip(shares, roles, strict=True)
    ]


def _in_clause(best: int, fit: Sequence[int], rows: Floats, likely: Sequence[float]) -> int:
    """Rather than a name of a clause beside the event's, the one that its own word governs, if that may be the place
    ("the flood covered A, and people were evacuated from B")."""
    if rows[best][_UNDER] or not rows[best][_CONJUNCTS]:
        return best
    return max((n for n in fit if rows[n][_UNDER]), key=lambda n: likely[n], default=best)


def _left(words: Words, spot: Spot) -> bool:
    """Whether it is what the event's own verb says was left ("they withdrew from A")."""
    preposition = words.head[spot.root]
    return words.lower[preposition] == "from" and words.lemma[words.head[preposition]] in _LEAVING


def _told_with(words: Words, one: Spot, other: Spot) -> bool:
    """Whether no verb stands between two names, as where a second clause tells of another event."""
    first, second = sorted((one, other), key=lambda spot: spot.first)
    return not any(pos in ("VERB", "AUX") for pos in words.pos[first.last + 1 : second.first])


def _unlisted(spot: Spot) -> bool:
    return spot.weight == 0 or not spot.known


def _is_town(spot: Spot, row: Floats) -> bool:
    """Whether a name of the gazetteer stands like a place, and not as a wide area."""
    return spot.known and not row[_WIDE] and bool(row[_PLACED].any())


def _closest(spots: Sequence[Spot], words: Words, best: int, likely: Sequence[float], wide: bool) -> int:
    """Rather than an area, the name that the text puts in it, if that may be the place at all."""
    inner = [n for n in range(len(spots)) if likely[n] >= LEAST_INNER and _lies_in(words, spots[n], spots[best], wide)]
    return max(inner, key=lambda n: likely[n], default=best)


def _lies_in(words: Words, one: Spot, other: Spot, wide: bool) -> bool:
    offset = one.toponym.span.start - words.at[one.first]
    between = words.text[one.toponym.span.end - offset : other.toponym.span.start - offset]
    return one.last < other.first and bool((_IN_AREA if wide else _LIES_IN).fullmatch(between))


def _one_in_other(one: Toponym, other: Toponym) -> bool:
    """Whether the text tells one name as what the other lies in."""
    return one.name in other.context or other.name in one.context


def _listed(words: Words, one: Spot, other: Toponym) -> bool:
    """Whether two names stand side by side in a list."""
    mine = one.toponym
    offset = mine.span.start - words.at[one.first]
    first, second = sorted((mine.span, other.span))
    between, after = words.text[first.end - offset : second.start - offset], words.text[second.end - offset :]
    # "A, B" that neither goes on nor is joined by "and" is a place and what it lies in, unless both are known.
    joined = one.known or " " in between.strip(" ,") or between.strip() != "," or bool(_GOES_ON.match(after))
    return joined and bool(_AND.fullmatch(between))
