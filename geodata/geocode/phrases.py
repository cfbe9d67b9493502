"""Place phrases of tables read into their parts: "5 km NNW of The Geysers, CA", "village near Bakhmut", "Lviv oblast".

A phrase gives spellings of one name, the level that its words claim, what it is beside, and other names in it.
"""

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from geodata.geometry import EARTH_RADIUS_M
from geodata.model import Precision

_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
BEARINGS = {point: number * 22.5 for number, point in enumerate(_POINTS)}
_WORDS = {"north": "N", "east": "E", "south": "S", "west": "W"}
_DIRECTION = r"(?:(?:north|south)?[\s-]?(?:north|south)?[\s-]?(?:east|west)?|[NSEW]{1,3})"
_OFFSET = re.compile(
    rf"^(\d+(?:[.,]\d+)?)\s*(km|kilomet(?:er|re)s?|mi|miles?)\s+({_DIRECTION})\s+of\s+(.+)$", re.IGNORECASE
)
_SIDE_OF = re.compile(
    r"^(.+?),?\s+(?:just\s+)?(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|in the vicinity)"
    r"(?:ern)?\s+of|near|outside|close to)\s+(.+)$",
    re.IGNORECASE,
)
_NEAR = re.compile(
    r"^(?:(?:the\s+)?(?:town|village|area|place|settlement|road|highway|border|mountain|forest)s?\s+)?"
    r"(?:near|around|outside|close to|between|(?:surroundings?|vicinity|outskirts|north|south|east|west) of)\s+"
    r"(?:the\s+)?(?:(?:town|village|city)\s+of\s+)?(.+)$",
    re.IGNORECASE,
)
_COMPASS = re.compile(r"^(?:north|south|east|west|central)[\w-]*\s+(?=\w)", re.IGNORECASE)
_ADMIN1 = "oblast|province|state|governorate|prefecture|division|krai|voivodeship|republic|region|wilaya|emirate"
_ADMIN2 = (
    "district|raion|rayon|muni?c?i?palit(?:y|ies)|municipio|lga|area council|local government(?: area)?|county|"
    "department|township|territory|commune|canton|subdistrict|cercle|woreda|regency|tehsil|taluk|"
    "self-administered (?:zone|division)"
)
_TOWN = "towns?|villages?|city|settlement|hamlet|camp|locality|ward|area|neighbou?rhood|quarter|suburb|cantonment"
_SITE = (
    "airport|airbase|air base|base|barracks|prison|highway|road|bridge|river|lake|forest|mountains?|hills?|dam|field"
)
_TRAILING = re.compile(
    rf"[\s,]+(?:city municipality|(?P<a1>{_ADMIN1})|(?P<a2>{_ADMIN2})|(?P<town>{_TOWN})|(?P<site>{_SITE}))\.?$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"^(?:the\s+)?(?:(?P<a1>{_ADMIN1})|(?P<a2>{_ADMIN2})|(?P<town>{_TOWN}))\s+of\s+(?:the\s+)?", re.IGNORECASE
)
_PARENS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_SPELLINGS = re.compile(r"\s*/\s*|\s+(?:or|aka|a\.k\.a\.|also known as)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """`names` are spellings of one place, the first as written; `level` is what its words claim, None for nothing.

    `offset` is metres and bearing in degrees from north. `context` holds further names that the phrase binds to it.
    """

    names: tuple[str, ...]
    level: Precision | None = None
    near: bool = False
    offset: tuple[float, float] | None = None
    context: tuple[str, ...] = ()


def read_phrase(text: str) -> Phrase:
    """The parts of a place phrase; `names` is empty where nothing is left of it."""
    text = " ".join(text.split())[:300]
    offset = _OFFSET.match(text)
    if offset:
        distance, unit, direction, rest = offset.groups()
        metres = float(distance.replace(",", ".")) * (1609.344 if unit.lower().startswith("mi") else 1000.0)
        bearing = _bearing(direction)
        if bearing is not None:
            return replace(read_phrase(rest), offset=(metres, bearing), near=True)
    near = _NEAR.match(text)
    if near:
        return replace(read_phrase(re.split(r"\s+and\s+|\s+-\s+", near.group(1))[0]), near=True)
    side = _SIDE_OF.match(text)
    if side:
        first, second = read_phrase(side.group(1)), read_phrase(side.group(2))
        return replace(first, context=(*second.names[:1], *first.context, *second.context))
    head, *context = [part.strip() for part in text.split(",") if part.strip()] or [""]
    return _read_name(head, tuple(context))


def _read_name(text: str, context: tuple[str, ...]) -> Phrase:
    inside = tuple(part.strip() for part in _PARENS.findall(text) if part.strip())
    text = _PARENS.sub(" ", text).strip()
    name, level, site = strip_designator(text)
    compass = _COMPASS.match(name) if level else None
    if compass:
        name = name[compass.end() :]
    route = re.split(r"\s+-\s+", name)
    spellings = [part.strip() for part in _SPELLINGS.split(route[0]) if part.strip()]
    names = dict.fromkeys([*spellings, *inside])
    if level and text not in names:
        names[text] = None
    return Phrase(tuple(names), level, site or bool(compass) or len(route) > 1, None, context)


@lru_cache(maxsize=4096)
def strip_designator(text: str) -> tuple[str, Precision | None, bool]:
    """The name without its kind ("Lviv oblast" -> "Lviv"), the kind's level, and whether it is a site by a town."""
    for pattern in (_TRAILING, _LEADING):
        found = pattern.search(text)
        if found and (len(text) > found.end() or found.start() > 0):
            rest = (
                (text[: found.start()] + text[found.end() :]).strip() if pattern is _TRAILING else text[found.end() :]
            )
            groups = found.groupdict()
            if groups.get("a1"):
                return rest, Precision.ADMIN1, False
            if groups.get("a2") or not any(groups.values()):
                return rest, Precision.ADMIN2, False
            return rest, None, bool(groups.get("site"))
    return text, None, False


def _bearing(direction: str) -> float | None:
    short = re.sub(r"north|south|east|west", lambda m: _WORDS[m.group().lower()], direction, flags=re.IGNORECASE)
    return BEARINGS.get(re.sub(r"[\s-]", "", short).upper())


def moved(lon: float, lat: float, metres: float, bearing_deg: float) -> tuple[float, float]:
    """lon, lat of the point `metres` from a point along a bearing (degrees from north), on a great circle."""
    angle, turn, phi = metres / EARTH_RADIUS_M, math.radians(bearing_deg), math.radians(lat)
    up = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    along = math.atan2(math.sin(turn) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(up))
    return (lon + math.degrees(along) + 540) % 360 - 180, math.degrees(up)
