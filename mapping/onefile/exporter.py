"""The exporter of one HTML file; types, basemap and the data's version it has from a workspace."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import IO

from geodata.contracts import AS_USUAL, Exported, ExportOptions, Workspace
from geodata.errors import UsageError
from geodata.model import Event
from geodata.query import EventQuery

MOST_EVENTS = 20_000
"""More than this is too much for a page that has no server: it holds all of them in memory, and is 10 MB large."""
LEFT_OUT = (
    "ids, and the columns of tables that have no place on a card; to work with the events choose GeoJSON, Excel or "
    "GeoPackage"
)


class OneFileExporter:
    """`onefile`: the map as one page that needs neither server nor network."""

    media_type = "text/html"
    suffix = ".html"
    title = "Map as one web page"
    good_for = (
        "mailing, archiving, publishing: map, timeline, list and sources in one file that opens without a network"
    )
    lossless = False
    traits: frozenset[str] = frozenset()

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def write(
        self, events: Iterable[Event], out: IO[bytes], query: EventQuery, options: ExportOptions = AS_USUAL
    ) -> Exported:
        """UsageError where there are more events than such a page can carry."""
        from mapping.onefile.page import Making, page_of  # Folium and Jinja: not for whoever asks for another format

        found = list(islice(events, MOST_EVENTS + 1))
        if len(found) > MOST_EVENTS:
            raise UsageError(
                f"more than {MOST_EVENTS:,} events are too many for one web page; narrow them down, as by dates "
                "(--datetime 2023/2024), by type or by an area, or choose GeoPackage or GeoJSON, which hold any number"
            )
        made = Making(found, query, options.left_out, datetime.now(UTC).date(), self._workspace.store.version())
        for piece in page_of(made, self._workspace.settings, self._workspace.event_types):
            out.write(piece.encode())
        return Exported(len(found), (LEFT_OUT,))
