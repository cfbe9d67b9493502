"""What a GeoNames feature code means here: how exact a pin on such a place is, and how prominent the place."""

from geodata.geocode.records import Record, rank_of
from geodata.model import Precision

_REGIONS = frozenset(
    ["H.SEA", "H.OCN", "H.GULF", "H.STRT", "L.RGN", "L.CONT", "T.MTS", "T.ISLS", "T.PEN", "T.DSRT", "T.PLN"]
)
_WIDE = frozenset("AHLTVRU")
"""Feature classes of things that have an extent which the dump does not tell: areas, waters, mountains, roads."""
NOTABLE = frozenset(
    ["A.PCLI", "A.ADM1", "H.SEA", "H.OCN", "H.GULF", "H.STRT", "L.CONT", "S.AIRP", "S.NKPL", "T.ISLS", "T.PEN"]
)
"""Beside towns, what is looked for in running text; brooks, schools and hills have the names of everything."""
_RADIUS_M = {Precision.ADMIN1: 80_000.0, Precision.ADMIN2: 20_000.0, Precision.REGION: 60_000.0}
_WIDE_RADIUS_M = 10_000.0
_MINOR = 50
"""Prominence of a brook or a school: below a village's."""


def precision_of(feature: str) -> Precision:
    """How exactly the position of such a place says where something is."""
    if feature.startswith("A.PCL") and feature != "A.PCLH":
        return Precision.COUNTRY
    if feature in ("A.ADM1", "A.ADM1H"):
        return Precision.ADMIN1
    if feature in ("A.ADM2", "A.ADM2H"):
        return Precision.ADMIN2
    if feature in _REGIONS:
        return Precision.REGION
    return Precision.NEAR if feature[:1] in _WIDE else Precision.EXACT


def radius_of(feature: str) -> float:
    """Half-width in metres to go with `precision_of`, of a place whose extent is not known."""
    precision = precision_of(feature)
    return _RADIUS_M.get(precision, _WIDE_RADIUS_M if precision is Precision.NEAR else 0.0)


def rank(feature: str, population: int) -> int:
    """Prominence 0..1000: as the builder's for all that it has, low for what only large dumps hold."""
    if feature[:1] not in ("P", "A") and feature not in NOTABLE:
        return _MINOR
    if feature[:1] == "A" and precision_of(feature) is Precision.NEAR:
        feature = "A.ADM2"  # smaller areas: by their people
    return rank_of(Record("", "", None, None, feature, "", precision_of(feature), population=population))


def compatible(one: str, other: str) -> bool:
    """Whether two features can be one place: two towns, two areas of one level, two waters."""
    if one[:1] == "A" or other[:1] == "A":
        return precision_of(one) is precision_of(other) and one[:1] == other[:1]
    return one[:1] == other[:1]
