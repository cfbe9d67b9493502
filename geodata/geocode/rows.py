"""What a row of a table can mean: its candidates, inside what the row says, each with the evidence for it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz

from geodata.geocode.areas import AreaFinder, RowAreas
from geodata.geocode.confidence import Judge, breadth_of, load_judge, reach_of
from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry, SqliteGazetteer
from geodata.geocode.phrases import Phrase
from geodata.geocode.records import NameKind
from geodata.geometry import distance_m
from geodata.learned import MODELS, Linear, load_linear
from geodata.model import Place, Precision

RANKER = MODELS / "row_places.npz"
MODEL = MODELS / "row_confidence.npz"
APART_M = 25_000.0
_FAR_FROM_AREA_M = 60_000.0
"""How far from its row's area a town may lie and still be taken: borders of areas differ between sources."""
_LEAST_LETTERS = 60.0
"""Of a name that sounds alike, how like its letters must be: "Owak" is no spelling of "Sawaki"."""


class RowFeatures(NamedTuple):
    """Numbers about 0..1 that speak for or against a candidate of a row."""

    prominence: float
    own_name: float
    former_name: float
    unlike_sound: float
    """0 for the very name; else how unlike the names sound."""
    unlike_letters: float
    """0 for the very name; else how unlike they are written."""
    other_spelling: float
    """1 where not the first of the phrase's spellings was found."""
    level_as_written: float
    """An area of the level that the phrase writes, or a town where it writes none."""
    level_unlike: float
    """A town where the phrase writes of an area, or an area where it writes a bare name."""
    second_level: float
    in_area: float
    """1 in the row's second level area, half in its first."""
    off_area: float
    """log10 of the km, over 2, to the middle of the row's area where it lies outside it."""
    area_written: float
    """1 where the phrase itself puts it there."""


class RowEvidence(NamedTuple):
    """What tells a right answer to a row from a wrong one."""

    share: float
    """Of the place among the candidates, 0..1."""
    lead: float
    """Its share less that of the next one elsewhere."""
    namesakes: float
    """log2 of how many candidates are left inside what the row says, elsewhere than this one."""
    prominence: float
    own_name: float
    former_name: float
    likeness: float
    """1 for the very name; else how alike the names sound, 0..1."""
    letters: float
    """1 for the very name; else how alike they are written, 0..1."""
    breadth: float
    reach: float
    level_as_written: float
    country_said: float
    in_area: float
    off_area: float
    area_unknown: float
    """1 where the row names an area that is not known."""
    area_written: float
    own_area: float
    """1 where it is the row's own area, named once more."""
    fallback: float
    """1 for an area that stands in for a place which is not known."""
    aside: float
    """1 where the phrase names a site by the place or somewhere near it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with how it was found. `inside`: 1 or 0.5 in the row's areas, and the km that it lies off them."""

    entry: Entry
    reasons: tuple[str, ...]
    inside: tuple[float, float] = (0.0, 0.0)
    spelling: int = 0
    likeness: float = 1.0
    letters: float = 1.0
    written: float = 0.0
    own_area: bool = False
    fallback: bool = False


def features_of(item: Found, phrase: Phrase) -> RowFeatures:
    """What the ranker looks at."""
    entry, precision = item.entry, item.entry.place.precision
    fits = _fits(entry, phrase)
    return RowFeatures(
        entry.rank / 1000,
        float(entry.kind is NameKind.NAME),
        float(entry.kind is NameKind.HISTORICAL),
        1 - item.likeness,
        1 - item.letters,
        float(item.spelling > 0),
        float(fits > 0),
        float(fits < 0),
        float(precision is Precision.ADMIN2),
        item.inside[0],
        math.log10(1 + item.inside[1]) / 2,
        float(item.written > 0),
    )


def evidence_of(
    item: Found, found: Sequence[Found], share: Sequence[float], phrase: Phrase, areas: RowAreas
) -> RowEvidence:
    """What the judge looks at: a candidate beside all candidates, which come with their shares."""
    place, own = item.entry.place, 1.0
    elsewhere = [0.0]
    for other, part in zip(found, share, strict=True):
        if other is item:
            own = part
        elif apart(place, other.entry.place):
            elsewhere.append(part)
    return RowEvidence(
        own,
        own - max(elsewhere),
        math.log2(len(elsewhere)),
        item.entry.rank / 1000,
        float(item.entry.kind is NameKind.NAME),
        float(item.entry.kind is NameKind.HISTORICAL),
        item.likeness,
        item.letters,
        breadth_of(place),
        reach_of(place),
        float(_fits(item.entry, phrase)),
        float(bool(areas.country)),
        item.inside[0],
        math.log10(1 + item.inside[1]) / 2,
        float(areas.unknown),
        item.written,
        float(item.own_area),
        float(item.fallback),
        float(phrase.near or phrase.offset is not None),
    )


def _fits(entry: Entry, phrase: Phrase) -> int:
    """1 an area of the level as written or a town where none is written, -1 the other way round, 0 in between."""
    precision = entry.place.precision
    is_area = precision in (Precision.ADMIN1, Precision.ADMIN2)
    if phrase.level is None:
        return 1 if entry.is_town else -1 if is_area else 0
    return 1 if precision is phrase.level else 0 if is_area else -1


@cache
def row_ranker() -> Linear:
    """The trained ranker of a row's candidates; loaded once."""
    return load_linear(RANKER, RowFeatures._fields)


@cache
def row_judge() -> Judge:
    """The judge of rows' candidates; loaded once."""
    return load_judge(MODEL, RowEvidence._fields)


class RowCandidates:
    """Finds what a row can mean, never outside the country that it gives."""

    def __init__(self, gazetteer: SqliteGazetteer, areas: AreaFinder) -> None:
        self._gazetteer = gazetteer
        self._areas = areas

    def find(self, phrase: Phrase, areas: RowAreas) -> list[Found]:
        """Places of the name inside what the row says; where there is none, places spelled much like it."""
        context = self._areas.of_row("", "", "", phrase.context) if phrase.context else None
        best: dict[int, Found] = {}
        for number, name in enumerate(phrase.names):
            for entry in self._gazetteer.lookup(fold(name)):
                if entry.row not in best and (found := self._named(entry, number, areas, context)):
                    best[entry.row] = found
        if not best and areas.country:
            for found in self._alike(phrase, areas):
                best.setdefault(found.entry.row, found)
        bound = [found for found in best.values() if found.written > 0]
        return bound or list(best.values())

    def _named(self, entry: Entry, number: int, areas: RowAreas, context: RowAreas | None) -> Found | None:
        place = entry.place
        if entry.kind >= NameKind.DEMONYM or (areas.country and place.country not in (areas.country, "")):
            return None
        inside = inside_of(entry, areas)
        if inside is None:
            return None
        in_area, off_km, words = inside
        reasons = (words, "in the row's country") if areas.country else (words,)
        written = _written(entry, context)
        if written > 0:
            reasons = ("the phrase puts it there", *reasons)
        return Found(entry, tuple(filter(None, reasons)), (in_area, off_km), number, written=written)

    def _alike(self, phrase: Phrase, areas: RowAreas) -> Iterator[Found]:
        """Places spelled much like the name, in the row's smallest known area."""
        similar = self._areas.similar(areas.country, "P.%")
        within = tuple(area.row for area in (areas.admin2, areas.admin1) if area)
        for number, name in enumerate(phrase.names):
            folded = fold(name)
            likest: dict[int, tuple[float, float]] = {}
            for sounds, row, written in similar.spelled(folded, within):
                letters = fuzz.ratio(folded, written)
                if letters >= _LEAST_LETTERS:
                    likest[row] = max(likest.get(row, (0.0, 0.0)), (letters, sounds))
            for entry in self._gazetteer.entries(likest) if likest else ():
                inside = inside_of(entry, areas)
                if inside is not None:
                    letters, sounds = likest[entry.row]
                    reasons = (f"spelled like {entry.place.name} ({letters:.0f}%)", inside[2])
                    words = tuple(filter(None, reasons))
                    yield Found(entry, words, inside[:2], number, sounds / 100, letters / 100)
            if likest:
                return


def own_area(entry: Entry) -> Found:
    """The row's own area, which its place column names once more."""
    reason = f"the row's own area, {entry.place.name}"
    return Found(entry, (reason,), (1.0 if entry.place.precision is Precision.ADMIN2 else 0.5, 0.0), own_area=True)


def stand_in(areas: RowAreas) -> Found | None:
    """The smallest area of the row that is known, or its country; None where it says neither."""
    for level, area in ((1.0, areas.admin2), (0.5, areas.admin1), (0.0, areas.whole)):
        if area is not None:
            return Found(area, (), (level, 0.0), fallback=True)
    return None


def _written(entry: Entry, context: RowAreas | None) -> float:
    """Whether the phrase's own words put a place where it is (1), elsewhere (-1), or do not say (0)."""
    if context is None or not (context.country or context.rows()):
        return 0.0
    if context.rows():
        return 1.0 if {entry.area1, entry.area2} & context.rows() else -1.0
    return 1.0 if entry.place.country == context.country else -1.0


def inside_of(entry: Entry, areas: RowAreas) -> tuple[float, float, str] | None:
    """How small an area of the row holds a place (1, 0.5 or 0), how many km off it lies, and that in words.

    None where it is outside the smallest that is known. A town outside the row's second level area, but close to its
    middle, may still be meant: borders are drawn anew.
    """
    for level, area in ((1.0, areas.admin2), (0.5, areas.admin1)):
        if area is None:
            continue
        if area.row in (entry.row, entry.area1, entry.area2):
            return level, 0.0, f"in {area.place.name}"
        away_m = distance_m(area.place.lon, area.place.lat, entry.place.lon, entry.place.lat)
        near = area is areas.admin2 and away_m < max(_FAR_FROM_AREA_M, area.place.radius_m)
        adrift = area is areas.admin1 and not entry.area1 and away_m < area.place.radius_m
        if near or adrift:
            return level - 0.5, away_m / 1000, f"{away_m / 1000:.0f} km from the middle of {area.place.name}"
        return None
    return 0.0, 0.0, ""


def apart(one: Place, other: Place) -> bool:
    return distance_m(one.lon, one.lat, other.lon, other.lat) > APART_M
