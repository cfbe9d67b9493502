"""The formats that show events: they need colours and a basemap; those of geodata/export only hold events.

`geodata` knows nothing of `mapping`, so the composition roots (app.py, `python -m geodata export`) add these to the
formats of the workspace.
"""

from collections.abc import Mapping

from geodata.contracts import Exporter, Workspace
from mapping.onefile import MOST_EVENTS, OneFileExporter
from mapping.pictured import PdfExporter, PictureExporter

MOST: Mapping[str, int] = {"onefile": MOST_EVENTS}
"""The most events that a format can hold; the others hold any number."""


def further_exporters(workspace: Workspace) -> Mapping[str, Exporter]:
    """By the name that `--format` and `f=` know them by."""
    return {
        "onefile": OneFileExporter(workspace),
        "png": PictureExporter(workspace),
        "pdf": PdfExporter(workspace),
    }
