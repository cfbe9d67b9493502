"""USGS earthquakes: the CSV of its feeds and of ComCat's search, and its feeds as GeoJSON.

An epicentre is `near` with the horizontal error that the network gives, exact where that is under a kilometre. What a
person has reviewed is `reviewed`, what is automatic a draft.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Credit, Remark, RowSource
from geodata.errors import UsageError
from geodata.model import Event, Place, Precision, Source, Status
from geodata.sources.formats import jsonstream
from geodata.sources.formats.columnar import BadCell, Cells, Header, day_of, degrees, kind_of, place_at, unplaced
from geodata.sources.formats.delimited import Meter, head_of
from geodata.sources.formats.positions import MOST_NEAR_M
from geodata.sources.formats.records import MadeRecords, TextRecords, header_line
from geodata.sources.formats.rows import Made, TableKind, TableRows
from geodata.sources.formats.typenames import USGS_TYPES
from geodata.timespan import TimeSpan

NEEDED = ("time", "latitude", "longitude", "depth", "mag", "magtype", "net", "id")
STATUS: Mapping[str, Status] = {
    "reviewed": Status.REVIEWED,
    "automatic": Status.DRAFT,
    "deleted": Status.REJECTED,
}
FEED = (
    "id", "time", "latitude", "longitude", "depth", "mag", "place", "type", "status", "updated", "tz", "url", "detail",
    "felt", "cdi", "mmi", "alert", "tsunami", "sig", "net", "code", "ids", "sources", "types", "nst", "dmin", "rms",
    "gap", "magType", "title",
)  # fmt: skip
"""What a feature of a feed has (earthquake.usgs.gov/earthquakes/feed/v1.0/geojson.php)."""
NOTES = ("earthquakes that no person has reviewed (status automatic) were taken as drafts; days are UTC",)
CREDIT = Credit(attribution="U.S. Geological Survey, earthquake.usgs.gov", licence="Public domain (US government work)")
MOST_MS = 10**14  # since 1970: up to the year 5138
PAGE = "https://earthquake.usgs.gov/earthquakes/eventpage/"
_USED = ("latitude", "longitude", "place", "type", "status", "id", "title", "url")


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


KIND = TableKind(UsgsRows, CREDIT, NOTES)


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The earthquakes of a USGS file, CSV or GeoJSON."""
    if not head_of(path).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return TableRows(TextRecords(path, name), name, KIND, mapping)
    found = MadeRecords(FEED, path.stat().st_size, lambda meter: _features(path, name, meter))
    return TableRows(found, name, KIND, mapping)


def _features(path: Path, name: str, meter: Meter) -> Iterator[tuple[int, list[str]]]:
    """The features of a feed as records of its columns, numbered from 1."""
    number = 0
    for key, value in jsonstream.features(path, name, meter):
        if key != "feature":
            continue
        number += 1
        feature = value if isinstance(value, dict) else {}
        properties, geometry = (
            each if isinstance(each, dict) else {} for each in map(feature.get, ("properties", "geometry"))
        )
        position = geometry.get("coordinates")
        lon, lat, depth = ((position if isinstance(position, list) else []) + [None] * 3)[:3]
        said = {**properties, "id": feature.get("id"), "longitude": lon, "latitude": lat, "depth": depth}
        time = properties.get("time")
        if isinstance(time, int) and abs(time) < MOST_MS:
            said["time"] = datetime.fromtimestamp(time / 1000, UTC).isoformat(timespec="milliseconds")
        yield number, ["" if said.get(column) is None else str(said[column]) for column in FEED]


def looks_like(head: str) -> bool:
    """Whether a text begins with the header of a USGS feed, or as its GeoJSON does."""
    if head.lstrip().startswith("{"):
        ours = '"event_type"' in head  # an export of ours, in which there are such events
        return "earthquake.usgs.gov" in head and '"magType"' in head and '"features"' in head and not ours
    names = {cell.strip(' "\r').casefold() for cell in header_line(head).split(",")}
    return set(NEEDED) <= names
