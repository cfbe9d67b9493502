"""Our own scripts, styles and fonts: an address that holds their version, kept by browsers for a year, sent compressed.

`url_for("static", filename=...)` gives `/static/v-VERSION/...`. Scripts import each other, and styles their fonts, by
relative addresses, so all of them carry the version; with the next version every address is another one, and until
then a second visit asks for none of them. `/static/...` without a version answers too, checked again each time.
"""

import gzip
import hashlib
import mimetypes
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import brotli
from flask import Flask, Response, request, send_file, url_for
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from mapping.basemaps import version_of
from mapping.bundling import BUNDLES, SHEETS, bundle_of, sheet_of

FRESH_S = 1.0
"""The folder is looked over for changes at most this often; a page that is loaded after a change shows it."""
YEAR_S = 365 * 24 * 3600
TEXT_SUFFIXES = frozenset({".js", ".css", ".svg", ".json", ".txt"})
BROTLI_QUALITY, GZIP_LEVEL = 6, 6
"""Measured on all our scripts and styles, 608 KB: brotli 6 makes 188 KB in 17 ms, 9 the same in 265 ms, 11 makes
172 KB in 660 ms; gzip 6 makes 200 KB in 13 ms. Each file is compressed once a process."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it is sent; `stamp` changes with the file; `encoding` is empty where it is sent as it is."""

    stamp: str
    encoding: str
    body: bytes


class Assets:
    """The files of one folder. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._seen: tuple[float, str] = (-FRESH_S, "")
        self._packed: dict[tuple[str, str], Packed] = {}

    def version(self) -> str:
        """Changes with any file of the folder: names, sizes and times of change."""
        with self._lock:
            if time.monotonic() - self._seen[0] >= FRESH_S:
                self._seen = (time.monotonic(), self._digest())
            return self._seen[1]

    def _digest(self) -> str:
        lines = sorted(f"{path.relative_to(self.folder)} {version_of(path)}" for path in self._files())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file())

    def answer(self, filename: str, version: str = "") -> Response:
        """The file, whole, in the best encoding that the client takes; 304 where it has that very one."""
        if filename in BUNDLES or filename in SHEETS:
            return self._answer_bundle(filename, version)
        found = safe_join(str(self.folder), filename)
        path = Path(found) if found else None
        if path is None or not path.is_file():
            raise NotFound
        if path.suffix in TEXT_SUFFIXES:
            response = _response(self._pack(path, chosen_encoding()), media_type(path))
        else:
            response = send_file(path, mimetype=media_type(path), conditional=False, etag=version_of(path))
        response.last_modified = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        return self._kept(response, version)

    def _answer_bundle(self, filename: str, version: str) -> Response:
        """All scripts or styles of a page as one: another one with any change to the folder."""
        encoding, stamp = chosen_encoding(), self.version()
        key = (filename, encoding)
        held = self._packed.get(key)
        if held is None or held.stamp != stamp:
            entries = BUNDLES.get(filename)
            text = bundle_of(self.folder, entries) if entries else sheet_of(self.folder, filename)
            held = self._packed[key] = Packed(stamp, encoding, packed(text.encode(), encoding))
        return self._kept(_response(held, media_type(Path(filename))), version)

    def _kept(self, response: Response, version: str) -> Response:
        response.cache_control.no_cache = None
        if version == self.version():
            response.cache_control.max_age = YEAR_S
            response.cache_control.public = response.cache_control.immutable = True
        else:
            response.cache_control.no_cache = True
        response.make_conditional(request)
        return response

    def _pack(self, path: Path, encoding: str) -> Packed:
        key, stamp = (str(path), encoding), version_of(path)
        held = self._packed.get(key)
        if held is None or held.stamp != stamp:
            held = self._packed[key] = Packed(stamp, encoding, packed(path.read_bytes(), encoding))
        return held


def _response(held: Packed, mimetype: str) -> Response:
    response = Response(held.body, mimetype=mimetype)
    response.set_etag(f"{held.stamp}{held.encoding and '-' + held.encoding}")
    if held.encoding:
        response.headers["Content-Encoding"] = held.encoding
    response.vary.add("Accept-Encoding")
    return response


def register(app: Flask, folder: Path) -> None:
    """Serve `folder` at `/static`; the app itself is made with `static_folder=None`."""
    assets = Assets(folder)

    def static(filename: str, version: str = "") -> Response:
        return assets.answer(filename, version)

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/static/v-<version>/<path:filename>", "static", static)

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("version", assets.version())


def static_address(filename: str) -> str:
    """The URL of a file below `static`, its version in it."""
    return url_for("static", filename=filename)


def media_type(path: Path) -> str:
    if path.suffix == ".js":
        return "text/javascript"  # whatever the machine's own tables say: a module of another type does not run
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def chosen_encoding() -> str:
    """`br`, `gzip` or, for a client that takes neither, nothing."""
    accepted = request.accept_encodings
    return next((name for name in ("br", "gzip") if accepted[name] > 0), "")


def packed(data: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
    return gzip.compress(data, GZIP_LEVEL, mtime=0) if encoding == "gzip" else data
