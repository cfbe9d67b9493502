"""How the types of the taxonomy are drawn in pictures, which are light."""

from collections.abc import Mapping

from geodata.contracts import EventType
from mapping.preview.marks import Look
from mapping.style import type_styles


def looks_of(event_types: Mapping[str, EventType]) -> Mapping[str, Look]:
    """By name, in the order of the legend."""
    return {style["name"]: Look(style["shape"], _rgb(style["colour"])) for style in type_styles(event_types)}


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
