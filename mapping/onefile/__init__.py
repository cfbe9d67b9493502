"""A map that is one HTML file: it opens from disk, asks nobody for anything, and holds its events, basemap and credits.

`exporter` satisfies `contracts.Exporter`; `columns` packs the events, `tilecut` cuts the basemap, `inlining` puts
scripts, styles and fonts into the page, `page` puts it together. What runs in it is static/js/onefile.js.
"""

from mapping.onefile.exporter import MOST_EVENTS, OneFileExporter

__all__ = ["MOST_EVENTS", "OneFileExporter"]
