"""Coordinate systems: what a file says its positions are in, and the way from there to WGS84, longitude first."""

import re
from typing import Any

from geodata.errors import UsageError, shown
from geodata.sources.formats.positions import Reproject

WGS84_NAMES = ("", "wgs84", "crs84", "ogc:crs84", "epsg:4326", "epsg:4979")
_CODE = re.compile(
    r"(?:urn:ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?(epsg|ogc)[:/](?:[\d.]*[:/])?(\w+)", re.IGNORECASE
)
ACCEPTED = "accepted: WGS84, or an EPSG code that PROJ knows, as EPSG:3857"


def crs_of_member(member: object) -> str:
    """The name in a `crs` member of GeoJSON as it was before RFC 7946; UsageError where it names none."""
    if isinstance(member, dict) and isinstance(member.get("properties"), dict):
        name = member["properties"].get("name", member["properties"].get("code"))
        if isinstance(name, str | int) and member.get("type") != "link":
            return f"EPSG:{name}" if str(name).isdigit() else str(name)
    raise UsageError(f"the coordinate system {shown(str(member))} has no name; {ACCEPTED}")


def is_wgs84(name: str) -> bool:
    return short(name).casefold() in WGS84_NAMES


def short(name: str) -> str:
    """`EPSG:3857` of `urn:ogc:def:crs:EPSG::3857`; other text as it is."""
    match = _CODE.fullmatch(name.strip())
    return f"{match[1].upper()}:{match[2]}" if match else name.strip()


def to_wgs84(name: str) -> Reproject | None:
    """The way from a coordinate system (a code, or WKT) to WGS84; None where it is WGS84. UsageError: not known."""
    if is_wgs84(name):
        return None
    import shapely
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        theirs = CRS.from_user_input(short(name))
        if theirs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
            return None
        transformer = Transformer.from_crs(theirs, "EPSG:4326", always_xy=True)
    except (CRSError, ProjError) as error:
        raise UsageError(f"the coordinate system {shown(name)} is not known; {ACCEPTED}") from error

    project: Any = transformer.transform

    def reproject(geometry: Any) -> Any:
        return shapely.transform(geometry, project, interleaved=False)

    return reproject


def title_of(name: str) -> str:
    """A coordinate system as a person would call it: "WGS 84 / Pseudo-Mercator (EPSG:3857)"."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(short(name))
    except CRSError:
        return shown(name)
    code = found.to_authority()
    return f"{found.name} ({code[0]}:{code[1]})" if code else found.name
