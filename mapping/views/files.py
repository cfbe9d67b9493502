"""The basemap's file: `/basemap.pmtiles`, by HTTP ranges, and its tiles one by one, so that a browser fetches only the
tiles that it shows. Our pages ask for tiles: by ranges a browser reads two directories before the first of them.
"""

import gzip
from pathlib import Path
from threading import Lock

from flask import Blueprint, Response, request, send_file

from geodata.contracts import Workspace
from geodata.errors import SetupError
from mapping.basemaps import version_of
from mapping.onefile.tilecut import Archive

MEDIA_TYPE = "application/vnd.pmtiles"
TILE_TYPE = "application/vnd.mapbox-vector-tile"
YEAR_S = 365 * 24 * 3600


def files_blueprint(workspace: Workspace) -> Blueprint:
    """The files that the pages fetch from the data folder."""
    site = Blueprint("files", __name__)
    tiles = Tiles()

    def there() -> Path:
        path = workspace.settings.basemap_path.absolute()
        if not path.is_file():
            raise SetupError("the basemap has not been made yet; `make setup` makes it")
        return path

    @site.get("/basemap.pmtiles")
    def basemap() -> Response:
        return ranged(there())

    @site.get("/basemap/<int:z>/<int:x>/<int:y>.mvt")
    def tile(z: int, x: int, y: int) -> Response:
        return tiles.answer(there(), (z, x, y))

    return site


class Tiles:
    """Single tiles of a file that is kept open. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: tuple[str, Archive] | None = None

    def answer(self, path: Path, tile: tuple[int, int, int]) -> Response:
        """The tile (zoom, x, y) as it is packed; 204 where the file has none."""
        version = version_of(path)
        archive = self._archive(path, version)
        z, x, y = tile
        known = z <= archive.deepest and x < 2**z and y < 2**z
        data = archive.tile(z, x, y) if known else None
        response = Response(data or b"", status=200 if data else 204, mimetype=TILE_TYPE)
        if data and archive.packing == "GZIP":
            if request.accept_encodings["gzip"] > 0:
                response.headers["Content-Encoding"] = "gzip"
            else:
                response.set_data(gzip.decompress(data))
            response.vary.add("Accept-Encoding")
        response.set_etag(f"{version}-{z}-{x}-{y}")
        _kept(response, version).make_conditional(request.environ)
        return response

    def _archive(self, path: Path, version: str) -> Archive:
        with self._lock:
            if self._open is None or self._open[0] != version:
                with path.open("rb") as file:
                    self._open = version, Archive(file)  # it maps the file, which may be closed then
            return self._open[1]


def ranged(path: Path) -> Response:
    """The file, or the range of it that was asked for: 206, 304, 416 and `If-Range` as RFC 9110 says.

    The tag is of size and time of change, so a new file is never mixed with parts of the old one.
    """
    version = version_of(path)
    response = _kept(send_file(path, mimetype=MEDIA_TYPE, conditional=False, etag=version), version)
    response.headers["Accept-Ranges"] = "bytes"
    response.make_conditional(request.environ, accept_ranges=True, complete_length=path.stat().st_size)
    return response


def _kept(response: Response, version: str) -> Response:
    """A request that names the version it wants (`?v=`, see `mapping.basemaps`) may be kept for a year; others are
    checked again.
    """
    response.cache_control.no_cache = None
    if request.args.get("v") == version:
        response.cache_control.max_age = YEAR_S
        response.cache_control.public = response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response
