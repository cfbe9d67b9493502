"""KML 2.3 (OGC 12-007r2) with TimeSpan and a style for each type; KMZ is the same zipped, with its symbols inside.

All cells of the table stand in ExtendedData, so that it can be imported again. XML has no control characters: they are
left out and told.
"""

import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from geodata.contracts import AS_USUAL, EventType, Exported, ExportOptions
from geodata.credits import CreditBook, keys_of
from geodata.event_types import load_event_types
from geodata.export.cells import cells
from geodata.export.circles import rings
from geodata.features import degrees_of
from geodata.model import Event
from geodata.query import EventQuery

NAMESPACE = "http://www.opengis.net/kml/2.2"  # that of 2.3 too
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\r")
ICON_PX = 32
OTHER = "other"
OTHER_COLOUR = "#666666"


class KmlExporter:
    media_type = "application/vnd.google-earth.kml+xml"
    suffix = ".kml"
    title = "KML"
    good_for = "Google Earth, with its slider of time; a colour for each type"
    lossless = True
    traits: frozenset[str] = frozenset({"circles"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        return _Document(out, options).write(events, query)


class KmzExporter:
    media_type = "application/vnd.google-earth.kmz"
    suffix = ".kmz"
    title = "KMZ"
    good_for = "Google Earth: KML zipped to a tenth, its symbols inside"
    lossless = True
    traits: frozenset[str] = frozenset({"circles"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        with tempfile.TemporaryFile() as made, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("doc.kml", "w", force_zip64=True) as page:
                done = _Document(page, options, icons=True).write(events, query)
            for name, colour in _colours(load_event_types()):
                archive.writestr(f"icons/{name}.png", disc(colour))
            archive.close()
            made.seek(0)
            shutil.copyfileobj(made, out, 1 << 20)
        return done


class _Document:
    def __init__(self, out: IO[bytes], options: ExportOptions, icons: bool = False) -> None:
        self.out, self.options, self.icons = out, options, icons
        self.styles = dict(zip(load_event_types(), _names(), strict=False))
        self.cleaned = 0

    def write(self, events: Iterable[Event], query: EventQuery) -> Exported:
        book, written = CreditBook(), 0
        self.out.write("".join(self._head(query)).encode())
        for event in book.watch(events):
            self.out.write("".join(self._placemark(event)).encode())
            written += 1
        sources = "\n".join(map(str, book.credits()))
        self.out.write(
            f"<Folder><name>Sources</name><description>{self._text(sources)}</description></Folder>\n".encode()
        )
        self.out.write(b"</Document>\n</kml>\n")
        marks = "control character" if self.cleaned == 1 else "control characters"
        gone = (f"{self.cleaned:,} {marks}, which XML cannot hold",) if self.cleaned else ()
        return Exported(written, gone)

    def _text(self, text: str) -> str:
        found, gone = _NO_XML.subn("", text)
        self.cleaned += gone
        return escape(found)

    def _head(self, query: EventQuery) -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{NAMESPACE}"><Document>\n'
        yield f"<name>Events</name><description>{self._text(str(query))}</description>\n"
        for name, colour in _colours(load_event_types()):
            icon = f"<Icon><href>icons/{name}.png</href></Icon>" if self.icons else ""
            tint = "" if self.icons else f"<color>{abgr(colour)}</color>"
            yield f'<Style id="{name}"><IconStyle>{tint}<scale>0.8</scale>{icon}</IconStyle>'
            yield f"<LineStyle><color>{abgr(colour)}</color></LineStyle>"
            yield f"<PolyStyle><color>{abgr(colour, 0x33)}</color></PolyStyle></Style>\n"

    def _placemark(self, event: Event) -> Iterator[str]:
        yield f"<Placemark><name>{self._text(event.title or event.sub_event_type or event.event_type)}</name>"
        yield f"<description>{self._text(chr(10).join(_said(event)))}</description>"
        if event.when:
            begin, end = event.when.start.isoformat(), event.when.end.isoformat()
            yield f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>"
        yield f"<styleUrl>#{self.styles.get(event.event_type, OTHER)}</styleUrl><ExtendedData>"
        for name, value in cells(event).items():
            if value is not None:
                text = value.isoformat() if isinstance(value, date) else str(value)
                yield f"<Data name={quoteattr(name)}><value>{self._text(text)}</value></Data>"
        yield f"</ExtendedData>{self._geometry(event)}</Placemark>\n"

    def _geometry(self, event: Event) -> str:
        place = event.place
        if not place:
            return ""
        lon, lat = degrees_of(place.lon), degrees_of(place.lat)
        point = f"<Point><coordinates>{lon},{lat}</coordinates></Point>"
        if not (self.options.circles and place.radius_m):
            return point
        return f"<MultiGeometry>{point}{''.join(map(_polygon, rings(lon, lat, place.radius_m)))}</MultiGeometry>"


def _polygon(ring: list[list[float]]) -> str:
    corners = " ".join(f"{lon},{lat}" for lon, lat in ring)
    return (
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs>"
        "</Polygon>"
    )


def _said(event: Event) -> Iterator[str]:
    if event.quote:
        yield event.quote
    for source, licence, attribution in dict.fromkeys(keys_of(event)):
        yield "Source: " + ". ".join(dict.fromkeys(part for part in (source, attribution, licence) if part))
    yield from dict.fromkeys(source.url for source in event.sources if source.url)


def _names() -> Iterator[str]:
    """The ids of styles, in the order of the types: their own names hold spaces, which an id cannot."""
    return (f"type{number}" for number in count(1))


def _colours(types: Mapping[str, EventType]) -> Iterator[tuple[str, str]]:
    """The id of each type's style, and its colour."""
    for name, kind in zip(_names(), types.values(), strict=False):
        yield name, kind.colour
    yield OTHER, OTHER_COLOUR


def abgr(colour: str, opacity: int = 0xFF) -> str:
    """KML writes colours as alpha, blue, green, red."""
    return f"{opacity:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def disc(colour: str, size: int = ICON_PX) -> bytes:
    """A PNG of a disc in this colour with a white rim."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    lines = bytearray()
    for y in range(size):
        lines.append(0)  # no filter
        for x in range(size):
            far = ((x - size / 2 + 0.5) ** 2 + (y - size / 2 + 0.5) ** 2) ** 0.5
            alpha = max(0.0, min(1.0, size / 2 - far))
            white = max(0.0, min(1.0, far - size / 2 + 4))
            lines += bytes(round(c + (255 - c) * white) for c in (red, green, blue)) + bytes([round(255 * alpha)])
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
