"""The rows of a tile as a vector tile: the layer `events`, a point for each event, or for some of one cell and type.

A point with `count` above 1 stands for so many events of its type; all others have `id`, their dates and the rest.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from geodata.answers import UNKNOWN, Named, TileRows
from geodata.model import Precision
from mapping.tiles.mvt import Layer

LAYER = "events"
FIELDS = {
    "id": "String",
    "event_type": "String",
    "sub_event_type": "String",
    "start": "String",
    "end": "String",
    "precision": "String",
    "status": "String",
    "count": "Number",
}
"""The properties as TileJSON has them (`vector_layers.fields`)."""
_EPOCH = date(1970, 1, 1)
Values = tuple[Sequence[str | int | float], Any]


def tile_bytes(rows: TileRows, event_ids: Sequence[str], blurred: bool = False) -> bytes:
    """The tile; empty where it holds nothing. `blurred`: positions were rounded, so that none is exact."""
    layer = Layer(LAYER)
    single = len(rows.rows)
    precisions = rows.precision
    if blurred:
        near = [Precision.NEAR.value if name == Precision.EXACT else name for name in precisions.names]
        precisions = Named(tuple(near), precisions.code)
    there = np.array([bool(each) for each in event_ids], bool)  # one that was removed meanwhile has no id
    dated, subbed = rows.start_day != UNKNOWN, np.array([bool(n) for n in rows.sub_event_type.names], bool)
    subbed = subbed[rows.sub_event_type.code] if len(subbed) else np.zeros(single, bool)
    for has_date in (True, False):
        for has_sub in (True, False):
            at = np.flatnonzero(there & (dated == has_date) & (subbed == has_sub))
            if not len(at):
                continue
            properties: dict[str, Values] = {
                "id": ([event_ids[i] for i in at.tolist()], np.arange(len(at))),
                "event_type": _named(rows.event_type, at),
                "precision": _named(precisions, at),
                "status": _named(rows.status, at),
                "count": ([1], np.zeros(len(at), int)),
            }
            if has_sub:
                properties["sub_event_type"] = _named(rows.sub_event_type, at)
            if has_date:
                properties |= {"start": _days(rows.start_day[at]), "end": _days(rows.end_day[at])}
            layer.add(rows.x[at], rows.y[at], rows.rows[at], properties)
    counts, code = np.unique(rows.counts, return_inverse=True)
    types = _named(rows.count_types, np.arange(len(rows.counts)))
    layer.add(rows.x[single:], rows.y[single:], None, {"event_type": types, "count": (counts.tolist(), code)})
    return bytes(layer)


def _named(names: Named, at: Any) -> Values:
    """Only the names that occur, so that a tile carries no others."""
    used, code = np.unique(names.code[at], return_inverse=True)
    return [names.names[number] for number in used.tolist()], code


def _days(days: Any) -> Values:
    found, code = np.unique(days, return_inverse=True)
    return [(_EPOCH + timedelta(days=day)).isoformat() for day in found.tolist()], code
