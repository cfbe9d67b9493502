"""Why a place was taken for a name, in words: what weighed most for it in the ranker, the strongest first."""

from collections.abc import Callable, Mapping, Sequence

from geodata.geocode.gazetteer import Entry
from geodata.geocode.ranking import NAMES, Features, Surroundings
from geodata.learned import Linear

_LEAST_WEIGHT = 0.05
_LARGEST_WEIGHT = 0.5
_PEOPLE_WEIGHT = 0.1
"""How much is said of size: prominence is what it weighs by, but few read a share of it."""


def _where_bound(entry: Entry, _features: Features, _around: Surroundings) -> str:
    return f"the text puts it in {entry.place.admin1 or entry.place.country}"


def _named_country(entry: Entry, _features: Features, around: Surroundings) -> str:
    country = entry.place.country
    return f"the text speaks of {around.evidence.named_by.get(country, country)}"


def _like_others(entry: Entry, features: Features, _around: Surroundings) -> str:
    return f"in the country of {round(features.like_others * 100)}% of the text's other places"


def _in_named_area(entry: Entry, _features: Features, _around: Surroundings) -> str:
    return f"in {entry.place.admin1}, which the text names"


_Wording = Callable[[Entry, Features, Surroundings], str]
_WORDS: Mapping[str, str | _Wording] = {
    "bound_area": _where_bound,
    "area_as_written": "the text calls it a region, province or district",
    "named_country": _named_country,
    "published_in": "where the story was published",
    "like_others": _like_others,
    "near_others": "within 150 km of other places of the text",
    "holds_others": "holds other places of the text",
    "in_named_area": _in_named_area,
    "capital": "a capital",
}


def reasons_for(
    entry: Entry, features: Features, around: Surroundings, rivals: Sequence[Entry], ranker: Linear
) -> tuple[str, ...]:
    """What speaks for this place, and of doubtful names that it is a former or a like one."""
    found: list[tuple[float, str]] = []
    for name, value, weight in zip(NAMES, features, ranker.weights[:, 0], strict=True):
        words = _WORDS.get(name)
        if words is not None and value * weight > _LEAST_WEIGHT:
            found.append((float(value * weight), words if isinstance(words, str) else words(entry, features, around)))
    towns = [rival for rival in rivals if rival.is_town]
    if entry.is_town and len(towns) > 1 and entry.place.population == max(t.place.population for t in towns):
        found.append((_LARGEST_WEIGHT, f"largest of {len(towns)} towns of that name"))
    if features.former_name:
        found.append((_LARGEST_WEIGHT, "a former name"))
    if features.misspelt:
        found.append((_LARGEST_WEIGHT, f"spelled like {entry.place.name}"))
    if entry.place.population:
        found.append((_PEOPLE_WEIGHT, f"{entry.place.population:,} people"))
    return tuple(words for _, words in sorted(found, key=lambda pair: -pair[0]))
