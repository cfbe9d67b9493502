"""Which place a name means: features of a candidate in its document, weighed into a score by a learned ranker.

The ranker is linear, so that the reasons given in words are the very numbers that decided. `training/ranker.py` makes
its weights.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.geocode.context import Evidence, Mention
from geodata.geocode.gazetteer import Entry
from geodata.geocode.records import NameKind
from geodata.geometry import distance_m
from geodata.learned import MODELS, Linear, load_linear
from geodata.model import Place, Precision

NEAR_M = 150_000.0
_NEAR_LAT_DEG = 1.4
"""No two places within NEAR_M lie further apart than this from south to north."""
MODEL = MODELS / "story_places.npz"
_SMALL_COUNTRY = 100_000
_OVERSHADOWED = {Precision.ADMIN1: 30, Precision.ADMIN2: 10}
"""An area with so many times its namesake town's people is meant rather than the town."""


class Features(NamedTuple):
    """Numbers 0..1 that speak for or against a candidate."""

    prominence: float
    own_name: float
    former_name: float
    misspelt: float
    """0 for the very name; else how unlike it the found one is (1: nothing alike)."""
    capital: float
    country: float
    area_as_written: float
    area_unasked: float
    first_level: float
    second_level: float
    named_country: float
    published_in: float
    like_others: float
    near_others: float
    holds_others: float
    in_named_area: float
    bound_area: float
    bound_elsewhere: float


NAMES = Features._fields


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What bears on every candidate of one toponym."""

    evidence: Evidence
    others: Mapping[str, float]
    """Country -> share of the document's other toponyms that most likely lie in it."""
    points: Sequence[tuple[float, float]]
    """lon, lat of the other toponyms' likeliest towns."""
    held_by: Mapping[int, float]
    """Row of a first level area -> share of the other toponyms' likeliest towns that lie in it."""
    named_areas: set[int]
    """Rows of the areas that other toponyms most likely mean."""
    areas: set[int]
    countries: set[str]
    area_countries: set[str]
    """Countries of the areas that the text binds to the name and calls areas."""


def features_of(entries: Sequence[Entry], mention: Mention, around: Surroundings) -> list[Features]:
    """Those of each candidate of a mention."""
    countries = _binding(mention, around)
    return [_features(entry, mention, around, countries) for entry in entries]


def _features(entry: Entry, mention: Mention, around: Surroundings, countries: set[str]) -> Features:
    """`countries`: those that the text binds the name to."""
    place = entry.place
    is_area = place.precision in (Precision.ADMIN1, Precision.ADMIN2)
    second = place.precision is Precision.ADMIN2
    fits_level = is_area and mention.area_level == (2 if second else 1)
    total = around.evidence.countries.total()
    own = around.evidence.countries[place.country]
    bound = place.country in countries or bool({entry.area1, entry.area2} & around.areas - {entry.row})
    is_wide = place.precision in (Precision.COUNTRY, Precision.REGION)
    unasked = is_area and not mention.area_level and _names_a_town_of(entry, mention)
    near = 0 if is_wide else sum(_is_near(place, lon, lat) for lon, lat in around.points)
    return Features(
        prominence=entry.rank / 1000,
        own_name=float(entry.kind is NameKind.NAME),
        former_name=float(entry.kind is NameKind.HISTORICAL),
        misspelt=1 - mention.likeness,
        capital=float(place.feature == "P.PPLC"),
        country=float(is_wide) * (0.3 if 0 < place.population < _SMALL_COUNTRY else 1.0),
        area_as_written=float(fits_level),
        area_unasked=float(unasked),
        first_level=float(place.precision is Precision.ADMIN1),
        second_level=float(second and not fits_level),
        named_country=own / total if total else 0.0,
        published_in=float(bool(place.country) and place.country == around.evidence.publisher),
        like_others=around.others.get(place.country, 0.0),
        near_others=min(1.0, near / 2),
        holds_others=0.0 if unasked else around.held_by.get(entry.row, 0.0),
        in_named_area=float(bool({entry.area1, entry.area2} & around.named_areas - {entry.row})),
        bound_area=float(bound),
        bound_elsewhere=float(bool(around.areas or countries) and not bound),
    )


def _is_near(place: Place, lon: float, lat: float) -> bool:
    return abs(lat - place.lat) < _NEAR_LAT_DEG and distance_m(lon, lat, place.lon, place.lat) < NEAR_M


def _binding(mention: Mention, around: Surroundings) -> set[str]:
    """The countries that the text binds the name to: "Georgia, United States" does, "China, Japan" is a list."""
    named = any(entry.place.precision is Precision.COUNTRY for entry in mention.entries)
    areas = {e.place.country for e in mention.entries if e.place.precision is Precision.ADMIN1}
    return around.countries & areas if named else around.countries


def _names_a_town_of(area: Entry, mention: Mention) -> bool:
    """Whether the name is also that of a town in the area: Kherson, the oblast, and its city.

    Hatay is not: its seat, Antakya, merely has the province's name as another one.
    """
    towns = [
        e.place.population
        for e in mention.entries
        if e.is_town and area.row in (e.area1, e.area2) and (e.kind is NameKind.NAME or area.kind is not NameKind.NAME)
    ]
    return bool(towns) and area.place.population < _OVERSHADOWED[area.place.precision] * max(towns)


@cache
def ranker() -> Linear:
    """The trained ranker; loaded once."""
    return load_linear(MODEL, NAMES)


def shares(scores: Sequence[float] | NDArray[np.float32]) -> list[float]:
    """Scores (log-odds) as shares of one (softmax)."""
    if not len(scores):
        return []
    raised = np.exp(np.asarray(scores, dtype=np.float64) - max(scores))
    return [float(share) for share in raised / raised.sum()]


def surroundings(
    evidence: Evidence,
    others: Sequence[Entry],
    bound_areas: set[int],
    bound_countries: set[str],
    area_countries: set[str],
) -> Surroundings:
    """What the document's other names, as they most likely stand, say of where it is; each name counts once."""
    countries = Counter(entry.place.country for entry in others if entry.place.country)
    towns = [entry for entry in others if entry.is_town]
    held = Counter(town.area1 for town in towns if town.area1)
    return Surroundings(
        evidence,
        {country: count / countries.total() for country, count in countries.items()},
        [(town.place.lon, town.place.lat) for town in towns],
        {area: count / len(towns) for area, count in held.items()},
        {entry.row for entry in others if entry.place.precision in (Precision.ADMIN1, Precision.ADMIN2)},
        bound_areas,
        bound_countries,
        area_countries,
    )
