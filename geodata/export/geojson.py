"""GeoJSON (RFC 7946): a FeatureCollection, longitude first, at most 6 decimals, unplaced events with geometry null."""

from collections.abc import Iterable
from typing import IO

from geodata.features import Written, collection
from geodata.model import Event
from geodata.query import EventQuery


class GeoJsonExporter:
    media_type = "application/geo+json"
    suffix = ".geojson"

    def write(self, events: Iterable[Event], out: IO[bytes], query: EventQuery) -> int:
        written = Written()
        for piece in collection(events, head={"description": str(query)}, written=written):
            out.write(piece)
        return written.count
