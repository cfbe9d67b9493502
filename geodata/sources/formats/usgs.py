"""USGS earthquakes: the CSV of its feeds and of ComCat's search. The same feeds as GeoJSON are read by `geojson`.

An epicentre is `near` with the horizontal error that the network gives, exact where that is under a kilometre. What a
person has reviewed is `reviewed`, what is automatic a draft.
"""

from collections.abc import Mapping
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError
from geodata.model import Event, Place, Precision, Source, Status
from geodata.sources.formats.columnar import BadCell, Cells, Header, day_of, degrees, kind_of, place_at, unplaced
from geodata.sources.formats.positions import MOST_NEAR_M
from geodata.sources.formats.rows import Made, TableRows
from geodata.sources.formats.typenames import USGS_TYPES
from geodata.timespan import TimeSpan

NEEDED = ("time", "latitude", "longitude", "depth", "mag", "magtype", "net", "id")
STATUS: Mapping[str, Status] = {
    "reviewed": Status.REVIEWED,
    "automatic": Status.DRAFT,
    "deleted": Status.REJECTED,
}
NOTES = ("earthquakes that no person has reviewed (status automatic) were taken as drafts; days are UTC",)
CREDIT = Credit(attribution="U.S. Geological Survey, earthquake.usgs.gov", licence="Public domain (US government work)")
PAGE = "https://earthquake.usgs.gov/earthquakes/eventpage/"
_USED = ("latitude", "longitude", "place", "type", "status", "id")


class UsgsRows:
    """Makes an event of a record's cells. `time` stays in the properties with its hour, as do depth and magnitude."""

    def __init__(self, header: Header, mapping: ColumnMapping) -> None:
        self._ids = header.pick("id", "time", "mag", "place", "type", "status")
        self._where = header.pick("longitude", "latitude", "horizontalError")
        self._rest, self._mapping = header.rest(_USED, CREDIT), mapping

    def __call__(self, line: int, cells: Cells) -> Made:
        key, time, size, where, kind, status = self._ids(cells)
        if not key:
            raise BadCell("id", "is empty; every earthquake of USGS has one")
        changes: list[Remark] = []
        properties = self._rest(cells)
        event = Event(
            f"usgs-{key}",
            *kind_of(self._mapping, kind, USGS_TYPES.get(kind.casefold(), (kind, ""))),
            title=title_of(size, where, kind),
            when=_dated(time, changes),
            place=self._placed(where, self._where(cells), properties, changes),
            sources=(Source(url=PAGE + key, publisher="USGS"),),
            status=STATUS.get(status.casefold(), Status.REVIEWED),
            tags=(kind,) if kind else (),
            properties=properties,
        )
        return event, changes

    def _placed(
        self, name: str, where: tuple[str, ...], properties: dict[str, str], changes: list[Remark]
    ) -> Place | None:
        try:
            lon, lat, error_km = where
            precision, radius_m = doubt(degrees(error_km, "horizontalError") if error_km else 0.0)
            return place_at(name, lon, lat, precision, radius_m=radius_m)
        except UsageError as error:
            unplaced(error, name, where[:2], (), properties, changes)
            return None


def title_of(size: str, where: str, kind: str) -> str:
    """As USGS itself writes it: "M 4.9 - 72 km SSE of Biak, Indonesia"; what it was where that is no earthquake."""
    what = f"M {size}" if size else kind.capitalize()
    other = f" {kind.title()}" if size and kind not in ("", "earthquake") else ""
    return f"{what}{other} - {where}" if where else f"{what}{other}"


def doubt(error_km: float) -> tuple[Precision, float]:
    """Precision and radius in metres of an epicentre with this horizontal error."""
    if error_km < 1:
        return Precision.EXACT, 0.0
    return Precision.NEAR if error_km * 1000 <= MOST_NEAR_M else Precision.REGION, error_km * 1000


def _dated(time: str, changes: list[Remark]) -> TimeSpan | None:
    try:
        return TimeSpan.day(day_of(time))
    except UsageError as error:
        changes.append(Remark("time", f"{error}; kept without a date"))
        return None


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The earthquakes of a USGS CSV file."""
    return TableRows(path, name, UsgsRows, mapping, credit=CREDIT, notes=NOTES)


def looks_like(head: str) -> bool:
    """Whether a text begins with the header of a USGS feed."""
    names = {cell.strip(' "\r').casefold() for cell in head.partition("\n")[0].split(",")}
    return set(NEEDED) <= names
