"""What every route of the API checks: known parameters only, each said once, and the form of the answer."""

from collections.abc import Mapping

from flask import request

from geodata.errors import UsageError, shown
from geodata.query import LISTED
from mapping.api.definition import GEOJSON, HTML, JSON

DOCUMENT: Mapping[str, str] = {"json": JSON, "html": HTML}
"""The forms of a document that is no data."""


def only(*accepted: str) -> None:
    """UsageError for a parameter that this route does not know, or that says a thing twice which can be said once."""
    for name, values in request.args.lists():
        if name not in accepted:
            raise UsageError(f"parameter {shown(name)} is unknown; accepted: {', '.join(accepted) or 'none'}")
        if len(values) > 1 and name not in LISTED:
            raise UsageError(f"parameter {shown(name)} is given {len(values)} times; accepted: once")


def form_of(offered: Mapping[str, str] = DOCUMENT) -> str:
    """The form asked for: by `f`, else the one of its media types that the Accept header likes best, else the first."""
    if (asked := request.args.get("f")) is not None:
        if asked not in offered:
            raise UsageError(f"f {shown(asked)} is unknown here; accepted: {', '.join(offered)}")
        return asked
    kinds = {media.partition(";")[0]: name for name, media in reversed(list(offered.items()))}
    if GEOJSON in kinds:  # whoever asks for JSON means GeoJSON, not another form that is JSON too
        kinds[JSON] = kinds[GEOJSON]
    first = next(iter(offered.values())).partition(";")[0]
    kinds.setdefault(first, next(iter(offered)))
    best: str = request.accept_mimetypes.best_match([first, *(kind for kind in kinds if kind != first)], first)
    return kinds[best]


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number from `least` on, clamped to `most`."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text[:20]) < least:
        raise UsageError(f"{name} {shown(text)} is not accepted; accepted: a whole number from {least} to {most}")
    return min(int(text[:20]), most)


def root() -> str:
    """The site's address without a slash at its end."""
    return request.url_root.rstrip("/")
