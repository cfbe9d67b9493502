"""Which place a name means: features of a candidate in its document, weighed into a score, with the reasons in words.

`Features` is what a learned ranker would read; `WEIGHTS` stands where its model would.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from geodata.geocode.context import Evidence, Mention
from geodata.geocode.gazetteer import Entry
from geodata.geocode.records import NameKind
from geodata.geometry import distance_m
from geodata.model import Precision

NEAR_M = 150_000.0
_SMALL_COUNTRY = 100_000
_OVERSHADOWED = {Precision.ADMIN1: 30, Precision.ADMIN2: 10}
"""An area with so many times its namesake town's people is meant rather than the town."""


@dataclass(frozen=True, slots=True)
class Features:
    """Numbers 0..1 that speak for or against a candidate."""

    prominence: float
    own_name: float
    former_name: float
    capital: float
    country: float
    area_as_written: float
    area_unasked: float
    first_level: float
    second_level: float
    named_country: float
    like_others: float
    near_others: float
    holds_others: float
    in_named_area: float
    bound_area: float
    bound_elsewhere: float


WEIGHTS = Features(
    prominence=7.0,
    own_name=1.0,
    former_name=-0.5,
    capital=1.0,
    country=2.5,
    area_as_written=4.0,
    area_unasked=-4.0,
    first_level=1.2,
    second_level=-0.8,
    named_country=2.2,
    like_others=1.8,
    near_others=1.2,
    holds_others=2.5,
    in_named_area=1.5,
    bound_area=8.0,
    bound_elsewhere=-5.0,
)
_NAMES = tuple(field.name for field in fields(Features))


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


def features_of(entry: Entry, mention: Mention, around: Surroundings) -> Features:
    place = entry.place
    is_area = place.precision in (Precision.ADMIN1, Precision.ADMIN2)
    second = place.precision is Precision.ADMIN2
    fits_level = is_area and mention.area_level == (2 if second else 1)
    total = around.evidence.countries.total()
    own = around.evidence.countries[place.country]
    countries = _binding(mention, around)
    bound = place.country in countries or bool({entry.area1, entry.area2} & around.areas - {entry.row})
    is_wide = place.precision in (Precision.COUNTRY, Precision.REGION)
    unasked = is_area and not mention.area_level and _names_a_town_of(entry, mention)
    near = [] if is_wide else [1 for lon, lat in around.points if distance_m(lon, lat, place.lon, place.lat) < NEAR_M]
    return Features(
        prominence=entry.rank / 1000,
        own_name=float(entry.kind is NameKind.NAME),
        former_name=float(entry.kind is NameKind.HISTORICAL),
        capital=float(place.feature == "P.PPLC"),
        country=float(is_wide) * (0.3 if 0 < place.population < _SMALL_COUNTRY else 1.0),
        area_as_written=float(fits_level),
        area_unasked=float(unasked),
        first_level=float(place.precision is Precision.ADMIN1),
        second_level=float(second and not fits_level),
        named_country=own / total if total else 0.0,
        like_others=around.others.get(place.country, 0.0),
        near_others=min(1.0, sum(near) / 2),
        holds_others=0.0 if unasked else around.held_by.get(entry.row, 0.0),
        in_named_area=float(bool({entry.area1, entry.area2} & around.named_areas - {entry.row})),
        bound_area=float(bound),
        bound_elsewhere=float(bool(around.areas or countries) and not bound),
    )


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


def weigh(features: Features) -> float:
    """The score, as log-odds."""
    return float(sum(getattr(features, name) * getattr(WEIGHTS, name) for name in _NAMES))


def shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares of one (softmax)."""
    if not scores:
        return []
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]


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


def reasons_for(entry: Entry, features: Features, around: Surroundings, rivals: Sequence[Entry]) -> tuple[str, ...]:
    """Why this place, in words, the strongest first."""
    place = entry.place
    found: list[tuple[float, str]] = []
    if features.bound_area:
        found.append((WEIGHTS.bound_area, f"the text puts it in {place.admin1 or place.country}"))
    if features.area_as_written:
        found.append((WEIGHTS.area_as_written, "the text calls it a region, province or district"))
    if features.named_country:
        word = around.evidence.named_by.get(place.country, place.country)
        found.append((features.named_country * WEIGHTS.named_country, f"the text speaks of {word}"))
    if features.like_others:
        share = round(features.like_others * 100)
        found.append(
            (features.like_others * WEIGHTS.like_others, f"in {place.country}, as {share}% of its other places")
        )
    if features.near_others:
        found.append((features.near_others * WEIGHTS.near_others, "within 150 km of other places of the text"))
    if features.holds_others:
        found.append((features.holds_others * WEIGHTS.holds_others, "holds other places of the text"))
    if features.in_named_area:
        found.append((WEIGHTS.in_named_area, f"in {place.admin1}, which the text names"))
    if features.capital:
        found.append((WEIGHTS.capital, "a capital"))
    towns = [rival for rival in rivals if rival.is_town]
    if entry.is_town and len(towns) > 1 and place.population == max(t.place.population for t in towns):
        found.append((1.0, f"largest of {len(towns)} towns of that name"))
    if features.former_name:
        found.append((0.5, "a former name"))
    if place.population:
        found.append((0.1, f"{place.population:,} people"))
    return tuple(words for _, words in sorted(found, key=lambda pair: -pair[0]))
