"""Events that are known no closer than an area, apart from those with a place: their position is but the area's middle,
where a circle of them would look like a place where much happens.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from geodata.answers import Cluster
from geodata.index.clusters import clusters
from geodata.index.grid import Floats, Ints, run_starts
from geodata.index.kinds import Bools, Kinds, Names
from geodata.model import Precision

AREA_ZOOM = {Precision.COUNTRY: 3, Precision.REGION: 3, Precision.ADMIN1: 5, Precision.ADMIN2: 7}
"""The zoom from which areas of a rank are kept apart: there the median radius of the rank (`model.DEFAULT_RADIUS_M`) is
about 14 px, and an area can be seen as one."""


def kept_apart(kinds: Kinds, zoom: float) -> Bools:
    """Which kinds are of areas that can be seen as such at this zoom."""
    return kinds.precision.among([rank.value for rank, least in AREA_ZOOM.items() if zoom >= least])


def area_clusters(
    rows: Ints, lon: Floats, lat: Floats, kind: Any, kinds: Kinds, row_id: Ints
) -> Iterator[tuple[Cluster | None, int]]:
    """The events of `rows` (of equal positions one after the other) by area: a cluster for each area that holds more
    than one, None otherwise, and the row id of one of its events. The columns are whole, `rows` picks from them.
    """
    rank = kinds.precision
    new = np.zeros(len(rows), np.int64)
    new[run_starts(lon[rows], lat[rows])] = 1
    spot = np.cumsum(new)
    rows = rows[np.lexsort((rank.code[kind[rows]], spot))]
    code = rank.code[kind[rows]]
    firsts = run_starts(spot, code)
    sizes = np.diff(np.append(firsts, len(rows)))
    made = _made(rows, sizes, (lon, lat, kind), kinds.event_type)
    for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True):
        row = int(row_id[rows[first]])
        if size == 1:
            yield None, row
        else:
            yield replace(next(made), precision=rank.names[code[first]], row_id=row), row


def _made(rows: Ints, sizes: Ints, columns: tuple[Floats, Floats, Any], types: Names) -> Iterator[Cluster]:
    many = np.repeat(sizes > 1, sizes)
    lon, lat, kind = (column[rows[many]] for column in columns)
    return clusters(lon, lat, kind, sizes[sizes > 1], types)
