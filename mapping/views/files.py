"""The basemap's file: `/basemap.pmtiles`, by HTTP ranges, so that a browser fetches only the tiles that it shows."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from geodata.contracts import Workspace
from geodata.errors import SetupError
from mapping.basemaps import version_of

MEDIA_TYPE = "application/vnd.pmtiles"
YEAR_S = 365 * 24 * 3600


def files_blueprint(workspace: Workspace) -> Blueprint:
    """The files that the pages fetch from the data folder."""
    site = Blueprint("files", __name__)

    @site.get("/basemap.pmtiles")
    def basemap() -> Response:
        path = workspace.settings.basemap_path.absolute()
        if not path.is_file():
            raise SetupError("the basemap has not been made yet; `make setup` makes it")
        return ranged(path)

    return site


def ranged(path: Path) -> Response:
    """The file, or the range of it that was asked for: 206, 304, 416 and `If-Range` as RFC 9110 says.

    A request that names the version it wants (`?v=`, see `mapping.basemaps`) may be kept for a year; others are
    checked again. The tag is of size and time of change, so a new file is never mixed with parts of the old one.
    """
    version = version_of(path)
    response = send_file(path, mimetype=MEDIA_TYPE, conditional=False, etag=version)
    response.headers["Accept-Ranges"] = "bytes"
    response.cache_control.no_cache = None
    if request.args.get("v") == version:
        response.cache_control.max_age = YEAR_S
        response.cache_control.public = response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request.environ, accept_ranges=True, complete_length=path.stat().st_size)
    return response
