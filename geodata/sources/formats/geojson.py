"""GeoJSON (RFC 7946) and its newline-delimited kin: features of any geometry, streamed.

`when` of Linked Places is read where a feature has no date of its own. A `crs` member (GeoJSON of before RFC 7946) is
heeded: positions are brought to WGS84 where it is known, asked about where it is not. Feeds of USGS as GeoJSON are read
as the table that USGS makes of the same earthquakes.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from geodata.contracts.tables import ColumnMapping, Question, RowSource
from geodata.errors import UsageError
from geodata.sources.formats import jsonstream
from geodata.sources.formats.crs import ACCEPTED, crs_of_member, is_wgs84, title_of, to_wgs84
from geodata.sources.formats.delimited import Meter
from geodata.sources.formats.eventmaker import Item, Plan
from geodata.sources.formats.featured import FeatureRows

GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
FIRST_CHARS = 2_000
TAIL_BYTES = 4_096  # where a member that follows the features is looked for
_NONE = object()
LOOKED_AT = 200  # members and features looked at for a crs member before rows are read


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The features of one GeoJSON document; UsageError where it is none."""
    plan = Plan(mapping or ColumnMapping(), prefix=f"{Path(name).stem}-")
    _heed_crs(path, name, plan)
    return FeatureRows(name, lambda meter: _items(path, name, meter, plan), plan, path.stat().st_size)


def line_rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The features of newline-delimited GeoJSON, or of a GeoJSON text sequence (RFC 8142); numbered by line."""
    plan = Plan(mapping or ColumnMapping(), prefix=f"{Path(name).stem}-")
    plan.reproject = to_wgs84(plan.mapping.crs)
    return FeatureRows(name, lambda meter: _line_items(path, name, meter), plan, path.stat().st_size)


def _items(path: Path, name: str, meter: Meter, plan: Plan) -> Iterator[Item]:
    number, members, several = 0, {}, False
    for key, value in jsonstream.features(path, name, meter):
        if key == "feature":
            number += 1
            yield Item(number, value)
        elif key == "features":
            several = True
        else:
            members[key] = value
            if key == "crs" and number and not (plan.reproject or plan.mapping.crs or plan.questions):
                _check_late_crs(value, name)
    if not several:
        yield Item(1, _alone(members, name))


def _alone(members: dict[str, object], name: str) -> object:
    """A document that is one Feature or one geometry."""
    if members.get("type") == "Feature":
        return members
    if members.get("type") in GEOMETRIES:
        return {"type": "Feature", "geometry": members, "properties": {}}
    raise UsageError(
        f'{name} is not GeoJSON of features; accepted: {{"type":"FeatureCollection","features":[...]}} with longitude '
        "first, WGS84 (RFC 7946)"
    )


def _line_items(path: Path, name: str, meter: Meter) -> Iterator[Item]:
    for number, value, problem in jsonstream.lines(path, name, meter):
        yield Item(number, _alone_or_value(value), problem)


def _alone_or_value(value: object) -> object:
    bare = isinstance(value, dict) and value.get("type") in GEOMETRIES
    return {"type": "Feature", "geometry": value, "properties": {}} if bare else value


def _heed_crs(path: Path, name: str, plan: Plan) -> None:
    """Sets the way to WGS84 by what a person said, else by the document's `crs`; asks where it names none known."""
    theirs = plan.mapping.crs
    if not theirs:
        member = _crs_member(path, name)
        if member is _NONE:
            return
        try:
            theirs = crs_of_member(member)
            to_wgs84(theirs)
        except UsageError as error:
            plan.questions.append(Question("crs", f"{error}. In which coordinate system are its positions?"))
            return
    plan.reproject = to_wgs84(theirs)
    if plan.reproject:
        plan.notes.append(f"{name}: positions were brought from {title_of(theirs)} to WGS84")


def _crs_member(path: Path, name: str) -> object:
    """The document's `crs` member, before its features or at its very end; _NONE where it has none."""
    for key, value in islice(jsonstream.features(path, name, Meter()), LOOKED_AT):
        if key == "crs":
            return value
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        _, found, rest = file.read().decode("utf-8", "replace").rpartition('"crs"')
    if not found:
        return _NONE
    try:
        value, end = json.JSONDecoder().raw_decode(rest.lstrip(" \r\n\t:"))
    except (ValueError, RecursionError):
        return _NONE
    inside_feature = "]" in rest.lstrip(" \r\n\t:")[end:]
    return _NONE if inside_feature else value


def _check_late_crs(member: object, name: str) -> None:
    """Refuses a crs that stands behind the features, and was not seen before they were read."""
    if not is_wgs84(crs_of_member(member)):
        raise UsageError(
            f"{name} names its coordinate system, {crs_of_member(member)}, only behind its features: say it before; "
            f"{ACCEPTED}"
        )


def looks_like(head: str) -> bool:
    """Whether a JSON text begins as GeoJSON does."""
    text = head.lstrip()
    if text.startswith("["):
        return '"Feature"' in text[:FIRST_CHARS]  # features in a bare list
    return text.startswith("{") and ('"Feature' in head or '"features"' in head or '"coordinates"' in head)


def looks_like_lines(head: str) -> bool:
    """Whether a text is a feature a line, or a sequence of RFC 8142."""
    if head.startswith(jsonstream.RECORD):
        return True
    first, _, rest = head.lstrip().partition("\n")
    whole = first.startswith("{") and first.rstrip().endswith("}")
    return whole and '"geometry"' in first and (rest.lstrip()[:1] in ("{", "")) and '"features"' not in first
