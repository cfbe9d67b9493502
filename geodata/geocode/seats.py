""" "The capital of Caqueta": the town meant, where a text names only the area whose capital it is.

The gazetteer marks the capitals of countries. Of other areas the largest town is taken, if it is by far the largest.
"""

import re
from dataclasses import replace

from geodata.geocode.gazetteer import SqliteGazetteer
from geodata.model import Candidate, Place, Precision, Resolution

BY_FAR = 2.0
"""How many times as many people as in the next largest town of an area make a town its likely capital."""
CAPITAL_SHARE, LARGEST_SHARE = 0.95, 0.75
"""What is left of the area's confidence for a capital that is marked as one, and for a town that is by far the
largest."""
_CAPITAL = re.compile(r"(?:the\s+)?capital\s+of\s+(?:the\s+)?", re.IGNORECASE)
_AREAS = (Precision.COUNTRY, Precision.ADMIN1)


def area_of(name: str) -> str:
    """The area in "the capital of A"; the name itself where it says nothing of a capital."""
    found = _CAPITAL.match(name)
    return name[found.end() :] if found and found.end() < len(name) else name


def at_seat(found: Resolution, gazetteer: SqliteGazetteer) -> Resolution:
    """A resolution of "the capital of A" to the area A, moved to its capital; any other as it is."""
    area, name = found.place, found.toponym.name
    if area is None or area.precision not in _AREAS or area_of(name) == name:
        return found
    towns = gazetteer.largest_towns(area.place_id, 2)
    capital = gazetteer.capital(area.country) if area.precision is Precision.COUNTRY else None
    if capital is not None:
        return _moved(found, capital, CAPITAL_SHARE, f"the capital of {area.name}")
    if towns and (len(towns) == 1 or towns[0].population >= BY_FAR * max(1, towns[1].population)):
        note = f"taken for the capital of {area.name}: by far its largest town"
        return _moved(found, towns[0], LARGEST_SHARE, note)
    return replace(found, note=f"which town is the capital of {area.name} is not in the gazetteer")


def _moved(found: Resolution, town: Place, share: float, note: str) -> Resolution:
    confidence = round(found.confidence * share, 4)
    return replace(
        found,
        place=town,
        confidence=confidence,
        candidates=(Candidate(town, confidence, (note,)), *found.candidates),
        note=note,
    )
