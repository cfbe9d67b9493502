"""GeoJSON (RFC 7946): a FeatureCollection, longitude first, at most 6 decimals, unplaced events with geometry null.

Behind the features come the members `credits` (whose events they are, with licences) and `bbox`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions
from geodata.export.circles import drawn
from geodata.features import FeatureTexts, Found, Written, collection, texts_of
from geodata.model import Event
from geodata.query import EventQuery


class GeoJsonExporter:
    media_type = "application/geo+json"
    suffix = ".geojson"
    title = "GeoJSON"
    good_for = "web maps, QGIS, R, Python; the whole event, with spans of time"
    lossless = True
    traits: frozenset[str] = frozenset({"circles"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        written = Written()

        def tail(_: int) -> Mapping[str, object]:
            return {"credits": [credit.as_dict() for credit in written.book.credits()]}

        head: dict[str, object] = {"description": str(query)}
        if options.left_out:
            head["left_out"] = list(options.left_out)
        for piece in collection(_as_asked(events, options), head, tail, written):
            out.write(piece)
        return Exported(written.count)


class GeoJsonLinesExporter:
    media_type = "application/x-ndjson"
    suffix = ".geojsonl"
    title = "GeoJSON, a line an event"
    good_for = "pipelines and very large files: each line stands for itself (tippecanoe, jq, BigQuery)"
    lossless = True
    traits: frozenset[str] = frozenset({"circles"})

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        count = 0
        for piece in texts_of(_as_asked(events, options)):
            # no text of ours holds a line break: JSON writes those of a string as \n
            out.write(piece.text.replace(b"},\n{", b"}\n{") + b"\n")
            count += piece.count
        return Exported(count, ("the list of credits: each line has its own source, licence and attribution",))


def _as_asked(events: Iterable[Event], options: ExportOptions) -> Iterable[Event]:
    if not options.circles:
        return events

    def texts() -> Iterator[FeatureTexts]:
        return map(drawn, events)

    return Found(lambda: iter(events), texts)
