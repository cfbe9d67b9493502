"""Events that are known no closer than an area, apart from those with a place: their position is but the area's middle,
where a circle of them would look like a place where much happens.
"""

from geodata.model import Precision

AREA_ZOOM = {Precision.COUNTRY: 3, Precision.REGION: 3, Precision.ADMIN1: 5, Precision.ADMIN2: 7}
"""The zoom from which areas of a rank are kept apart: there the median radius of the rank (`model.DEFAULT_RADIUS_M`) is
about 14 px, and an area can be seen as one."""


def ranks_apart(zoom: float) -> list[str]:
    """The precisions that can be seen as areas at this zoom."""
    return [rank.value for rank, least in AREA_ZOOM.items() if zoom >= least]
