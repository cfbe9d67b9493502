"""How each event type is drawn: a shape and a colour for light and dark maps, as the browser is told.

Shape and colour say the same thing twice, so that neither colour-blind eyes nor grey print lose a type. Hollow means
draft: no shape of the table is hollow by itself.
"""

import re
from collections.abc import Mapping, Sequence

from geodata.contracts import EventType

SHAPES = (
    "circle",
    "square",
    "diamond",
    "triangle",
    "triangle_down",
    "plus",
    "cross",
    "star",
    "pentagon",
    "hexagon",
    "chevron",
    "drop",
)
"""The names that a taxonomy file's `symbol` may hold; static/js/shapes.js draws them."""

FALLBACK_COLOUR = ("#565e67", "#a9b4be")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def type_styles(event_types: Mapping[str, EventType]) -> Sequence[Mapping[str, str]]:
    """One entry a type, in the order of the legend: name, shape, colour (light map), colour_dark, definition.

    A symbol or colour that we cannot draw falls back to a grey circle rather than to nothing.
    """
    return [
        {
            "name": item.name,
            "shape": item.symbol if item.symbol in SHAPES else SHAPES[0],
            "colour": item.colour if _COLOUR.fullmatch(item.colour) else FALLBACK_COLOUR[0],
            "colour_dark": item.colour_dark if _COLOUR.fullmatch(item.colour_dark) else FALLBACK_COLOUR[1],
            "definition": item.definition,
        }
        for item in event_types.values()
    ]


def sub_types(event_types: Mapping[str, EventType]) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The sub-types of each type that has any: name and definition, in the taxonomy's order."""
    return {
        item.name: [{"name": sub.name, "definition": sub.definition} for sub in item.sub_types.values()]
        for item in event_types.values()
        if item.sub_types
    }
