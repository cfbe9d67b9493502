"""KML and KMZ (OGC 12-007r2): each Placemark an event, dated by its TimeSpan or TimeStamp.

The innermost Folder that a Placemark is in stands for its type where its data name none; all folders stay as `folder`.
A KMZ is read out of its archive without unpacking it; one built to swell is refused. Links to other files are not
followed.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from geodata.contracts.tables import ColumnMapping, RowSource
from geodata.errors import UsageError
from geodata.sources.formats.delimited import Meter, head_of
from geodata.sources.formats.eventmaker import OWN, Item, Plan
from geodata.sources.formats.featured import FeatureRows
from geodata.sources.formats.xmlstream import child_of, elements, local, text_of
from geodata.sources.markup import plain

MOST_KML_BYTES = 500_000_000  # of the KML in a KMZ
MOST_SWELL = 200  # times: KML packs about 10 to 1; beyond, an archive is built to exhaust its reader
MOST_COORDINATES = 2_000_000  # characters, of one geometry


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The placemarks of a KML or KMZ file."""
    plan = Plan(mapping or ColumnMapping(), prefix=f"{Path(name).stem}-")
    return FeatureRows(name, lambda meter: _items(path, name, meter, plan), plan, path.stat().st_size)


def _items(path: Path, name: str, meter: Meter, plan: Plan) -> Iterator[Item]:
    number, folders, links = 0, [""], 0
    with _opened(path, name) as (stream, raw):
        for event, element in elements(stream, name, ("Placemark",), ("Folder", "Document", "name", "NetworkLink")):
            tag = local(element.tag)
            if tag == "Placemark":
                number += 1
                meter.done = raw.tell()
                yield _item(number, element, [folder for folder in folders if folder])
            elif tag == "Folder":
                folders.append("") if event == "start" else folders.pop()
            elif tag == "name" and event == "end" and local(element.getparent().tag) == "Folder":
                folders[-1] = " ".join((element.text or "").split())
            elif tag == "NetworkLink" and event == "end":
                links += 1
    note = f"{name}: links to other files ({links:,}) were not followed"
    if links and note not in plan.notes:
        plan.notes.append(note)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The KML itself, and the file whose position says how far it is."""
    with path.open("rb") as raw:
        if not head_of(path, 4).startswith(b"PK"):
            yield raw, raw
            return
        try:
            with zipfile.ZipFile(raw) as archive, archive.open(_document(archive, name)) as part:
                yield _Bounded(part, name), raw  # type: ignore[misc]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise UsageError(f"{name} is damaged or has a password ({error}); accepted: a whole .kmz") from error


def _document(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The KML of an archive: doc.kml, else the first there is (Google's KMZ rules)."""
    found = [info for info in archive.infolist() if info.filename.casefold().endswith(".kml")]
    if not found:
        raise UsageError(f"{name} is a zip archive without a .kml in it; accepted: .kmz")
    info = next((each for each in found if each.filename == "doc.kml"), found[0])
    if info.file_size > MOST_KML_BYTES or info.file_size > 1_000_000 + MOST_SWELL * info.compress_size:
        raise UsageError(
            f"{name} would unpack to {info.file_size:,} bytes; accepted: at most {MOST_KML_BYTES:,}, and {MOST_SWELL} "
            "times what it is packed"
        )
    return info


class _Bounded(io.RawIOBase):
    """A part of an archive that ends with an error where it is longer than it said."""

    def __init__(self, part: IO[bytes], name: str) -> None:
        self._part, self._name, self._left = part, name, MOST_KML_BYTES

    def read(self, size: int = -1) -> bytes:
        found = self._part.read(min(size, 1 << 20) if size > 0 else 1 << 20)
        self._left -= len(found)
        if self._left < 0:
            raise UsageError(f"{self._name} unpacks to more than {MOST_KML_BYTES:,} bytes, which is the most accepted")
        return found


def _item(number: int, placemark: Any, folders: list[str]) -> Item:
    try:
        feature: dict[str, object] = {"type": "Feature", "geometry": _geometry(placemark)}
        properties = _properties(placemark, f"placemark {number}")
    except (UsageError, ValueError) as error:
        return Item(number, {"properties": {"title": text_of(placemark, "name")}}, str(error))
    if folders and not properties.keys() >= OWN:
        properties.setdefault("folder", " / ".join(folders))
        if not {"event_type", "type", "category", "kind"} & {name.casefold() for name in properties}:
            properties["event_type"] = folders[-1]
    if when := _when(placemark):
        feature["when"] = {"timespans": [when]}
    if placemark.get("id"):
        feature["id"] = placemark.get("id").removeprefix("ID_").removeprefix("kml_")  # as Google and ArcGIS number them
    return Item(number, {**feature, "properties": properties})


def _properties(placemark: Any, where: str) -> dict[str, object]:
    data = dict(_data(placemark))
    if data.keys() >= OWN:  # they say all that name and description say, and more
        return {name: value for name, value in data.items() if name not in ("lon", "lat")}
    found: dict[str, object] = {"title": text_of(placemark, "name")}
    if description := text_of(placemark, "description"):
        found["quote"] = plain(description, where)
    for ours, theirs in (("place", "address"), ("style", "styleUrl"), ("snippet", "Snippet"), ("phone", "phoneNumber")):
        if text := text_of(placemark, theirs):
            found[ours] = text
    link = child_of(placemark, "link")
    if link is not None and link.get("href"):
        found["source_url"] = link.get("href")
    return {name: value for name, value in {**data, **found}.items() if value}


def _data(placemark: Any) -> Iterator[tuple[str, object]]:
    """ExtendedData by name, typed or not."""
    data = child_of(placemark, "ExtendedData")
    for each in data.iter() if data is not None else ():
        name, tag = each.get("name"), local(each.tag)
        if tag == "Data" and name:
            yield name, text_of(each, "value")
        elif tag == "SimpleData" and name:
            yield name, (each.text or "").strip()


def _when(placemark: Any) -> dict[str, object]:
    """TimeSpan or TimeStamp as a timespan of Linked Places; empty where it has neither."""
    stamp, span = child_of(placemark, "TimeStamp"), child_of(placemark, "TimeSpan")
    if span is not None:
        begin, end = text_of(span, "begin"), text_of(span, "end")
        return {name: {"in": text} for name, text in (("start", begin or end), ("end", end or begin)) if text}
    if stamp is not None and (when := text_of(stamp, "when")):
        return {"start": {"in": when}}
    track = next((each for each in placemark.iter() if local(each.tag) == "Track"), None)
    times = (
        [each.text.strip() for each in track if local(each.tag) == "when" and each.text] if track is not None else []
    )
    return {"start": {"in": times[0]}, "end": {"in": times[-1]}} if times else {}


def _geometry(parent: Any) -> dict[str, object] | None:
    """The first geometry of an element, as GeoJSON has it; None where it has none."""
    found = [shape for child in parent if (shape := _shape(child))]
    if len(found) > 1:
        return {"type": "GeometryCollection", "geometries": found}
    return found[0] if found else None


def _shape(element: Any) -> dict[str, object] | None:
    tag = local(element.tag)
    if tag == "Point":
        pairs = _pairs(element)
        return {"type": "Point", "coordinates": pairs[0] if pairs else []}
    if tag in ("LineString", "LinearRing"):
        return {"type": "LineString", "coordinates": _pairs(element)}
    if tag == "Polygon":
        rings = [each for each in element.iter() if local(each.tag) == "LinearRing"]
        return {"type": "Polygon", "coordinates": [_pairs(ring) for ring in rings]}
    if tag in ("MultiGeometry", "MultiTrack"):
        return _geometry(element)
    if tag == "Track":
        coords = [each.text.split() for each in element if local(each.tag) == "coord" and each.text]
        line = [[float(x) for x in each[:3]] for each in coords]
        return (
            {"type": "LineString", "coordinates": line} if len(line) > 1 else {"type": "Point", "coordinates": line[0]}
        )
    return None


def _pairs(element: Any) -> list[list[float]]:
    text = text_of(element, "coordinates")
    if len(text) > MOST_COORDINATES:
        raise UsageError(f"a geometry of {len(text):,} characters; accepted: at most {MOST_COORDINATES:,}")
    try:
        return [[float(x) for x in each.split(",") if x] for each in text.split()]
    except ValueError as error:
        raise UsageError(f"its coordinates are not lon,lat[,altitude]: {error}") from error


def looks_like(head: str) -> bool:
    """Whether a text begins as KML does."""
    return head.lstrip().startswith("<") and "<kml" in head[:5000]
