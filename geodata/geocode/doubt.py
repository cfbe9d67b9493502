"""When the gazetteer's best answer is not to be believed, and what the words around an unknown name still tell.

A village that the gazetteer lacks often has a namesake far away: better no place than that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geodata.geocode.fold import fold
from geodata.geocode.gazetteer import Entry
from geodata.geocode.ranking import Features, Surroundings
from geodata.geocode.records import NameKind
from geodata.model import Place, Precision, Resolution

BESIDE_RADIUS_M = 25_000.0
_WELL_KNOWN = 100_000
_WELL_KNOWN_BY_ANOTHER_NAME = 1_000_000
"""People of a town that a text may name out of the blue, by its own name or by another one ("Bombay")."""
_ONE_OF_MANY = 0.25
_BESIDE_CONFIDENCE = 0.5


def refusal(best: Entry, share: float, features: Features, around: Surroundings) -> str:
    """Why the best candidate is not taken: its country is not one that the text speaks of; empty where it is taken.

    `share` is its score among the namesakes.
    """
    place = best.place
    if not best.is_town or features.bound_area:
        return ""
    if around.area_countries and place.country not in around.area_countries:
        return f"not in the gazetteer where the text puts it, but for {_described(place)}"
    supported = features.named_country or features.like_others or features.near_others
    limit = _WELL_KNOWN if best.kind is NameKind.NAME else _WELL_KNOWN_BY_ANOTHER_NAME
    if supported or not (around.evidence.countries or around.others):
        return ""
    if share < _ONE_OF_MANY:
        return "the gazetteer has many places of that name, all far from those that the text speaks of"
    if place.population >= limit:
        return ""
    return f"not in the gazetteer but for {_described(place)}, of which the text does not speak"


def beside_context(missing: Resolution, known: Mapping[str, Resolution]) -> Resolution:
    """A name without a place at the place that the text binds it to ("El Tomate, Cordoba Department"), and said so.

    `known` is the document's other resolutions by folded name. An area keeps its own precision; a town becomes "near".
    """
    for name in missing.toponym.context:
        held = known.get(fold(name))
        place = held.place if held else None
        if held is None or place is None or held.toponym is missing.toponym:
            continue
        if place.precision in (Precision.EXACT, Precision.NEAR):
            place = replace(place, precision=Precision.NEAR, radius_m=BESIDE_RADIUS_M)
        score = _BESIDE_CONFIDENCE * held.confidence * min(1.0, missing.toponym.confidence)
        note = f"{missing.note}; placed at {_described(place)}, which the text names with it"
        return replace(missing, place=place, confidence=round(score, 4), note=note)
    return missing


def by_name(found: Sequence[Resolution]) -> dict[str, Resolution]:
    """The resolutions that have a place, by folded name, the first mention of each."""
    known: dict[str, Resolution] = {}
    for item in found:
        if item.place:
            known.setdefault(fold(item.toponym.name), item)
    return known


def _described(place: Place) -> str:
    return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1, place.country) if part))
