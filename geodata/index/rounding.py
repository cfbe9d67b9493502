"""A layout as columns with every position in the middle of its cell: what an index for others is built from."""

import numpy as np

from geodata.answers import UNKNOWN, EventColumns, Named
from geodata.index.kinds import Names
from geodata.index.layout import Layout
from geodata.index.tiling import generalised
from geodata.model import Precision


def rounded(layout: Layout, km: int, version: str) -> EventColumns:
    """As `allowed.generalised` has it, but that a place known less exactly than a cell is moved too."""
    kind, kinds = layout.kind, layout.kinds
    lon, lat, placed = layout.lon.copy(), layout.lat.copy(), layout.lon != UNKNOWN
    lon[placed], lat[placed], _ = generalised(lon[placed], lat[placed], km)
    first = layout.days[layout.start]
    last = np.where(first == UNKNOWN, UNKNOWN, first + np.maximum(kinds.days[kind], 0))

    def named(names: Names) -> Named:
        return Named(names.names, names.code[kind])

    precision = named(kinds.precision)
    blurred = tuple(Precision.NEAR.value if name == Precision.EXACT else name for name in precision.names)
    return EventColumns(
        row_id=layout.row_id,
        lon_e7=lon,
        lat_e7=lat,
        start_day=first,
        end_day=last,
        event_type=named(kinds.event_type),
        sub_event_type=named(kinds.sub_event_type),
        precision=Named(blurred, precision.code),
        status=named(kinds.status),
        source=Named(layout.sources, layout.source),
        fatalities=layout.deaths.astype(np.int64) - 1,
        version=version,
    )
