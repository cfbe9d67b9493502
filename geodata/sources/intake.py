"""Files and addresses to readings, under the limits that `Settings` names. Nothing is extracted or kept here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from geodata.contracts import Reading, RowProblem
from geodata.errors import OutsideError, UsageError
from geodata.model import Document
from geodata.settings import Settings
from geodata.sources import SUFFIXES, detect, importer
from geodata.sources.pieces import Piece, is_stream, stories
from geodata.sources.web import Fetcher, Page, keep_copy

SIZED = ("text", "markdown", "html", "mhtml", "docx", "pdf", "feed")
"""Formats of stories, which the limit of size is for; tables and JSON Lines may be larger."""
TURNED_OFF = (
    "reading from a web address is turned off; DATELINE_FETCH_URLS=yes turns it on. Until then, save the page and "
    "import the file, or paste its text"
)


class Intake:
    """What people hand in, read by its importer. `fetcher` is how addresses are fetched."""

    def __init__(self, settings: Settings, fetcher: Fetcher | None = None) -> None:
        self._settings = settings
        self.fetcher = fetcher or Fetcher(contact=settings.contact)

    def read(self, data: bytes | str, name: str, format_name: str = "") -> Reading:
        """What is in a file, by the format named or detected. UsageError where it is too large, empty or no text."""
        if isinstance(data, str):
            self._check_length(len(data), name)
            data = data.encode("utf-8", "surrogatepass")
        kind = format_name or detect(data, name)
        if kind in SIZED:
            self._check_size(len(data), name)
        reading = importer(kind)(data, name)
        for document in reading.documents:
            self._check_length(len(document.text), document.source.title or name)
        # a file's own word that it is a sample counts for nothing: one click takes all samples out
        return replace(reading, documents=tuple(replace(each, sample=False) for each in reading.documents))

    def pieces(self, path: Path, name: str = "", format_name: str = "") -> Iterator[Piece]:
        """A file as it is read: a JSON Lines file by line, any other at once. What cannot be taken is a problem."""
        name = name or path.name
        try:
            if is_stream(path, format_name):
                for piece in stories(path, name):
                    yield replace(piece, reading=self._checked(piece))
                return
            if SUFFIXES.get(path.suffix.casefold(), "text") in SIZED:
                self._check_size(path.stat().st_size, name)
            yield Piece(name, 0, self.read(file_bytes(path), name, format_name))
        except UsageError as error:
            yield _lost(name, str(error))
        except OSError as error:
            yield _lost(name, f"{name} cannot be read: {error.strerror or error}")

    def fetched(self, address: str) -> Reading:
        """The page or feed at an address, its copy kept. UsageError where fetching is off, or where it may not be."""
        if not self._settings.fetch_urls:
            raise UsageError(TURNED_OFF)
        page = self.fetcher.fetch(address)
        place = keep_copy(page, self._settings.data)
        reading = self.read(page.readable, page.name)
        when = page.retrieved.isoformat(timespec="seconds")
        note = f"fetched from {page.address} on {when}; the copy is {place.as_posix()} in the data folder"
        return replace(reading, documents=tuple(_as_fetched(each, page, note) for each in reading.documents))

    def fetched_piece(self, address: str) -> Piece:
        """As `fetched`, with what is wrong as a problem."""
        try:
            return Piece(address, 0, self.fetched(address))
        except (UsageError, OutsideError) as error:
            return _lost(address, str(error))

    def _checked(self, piece: Piece) -> Reading:
        """The reading of one line; a story that is too long is a problem of its line."""
        try:
            for document in piece.reading.documents:
                self._check_length(len(document.text), "the story")
        except UsageError as error:
            return Reading(problems=(RowProblem(piece.where, piece.line, str(error)),))
        documents = tuple(replace(each, sample=False) for each in piece.reading.documents)
        return replace(piece.reading, documents=documents)

    def _check_size(self, size: int, name: str) -> None:
        most = self._settings.max_upload_bytes
        if size > most:
            raise UsageError(f"{name} has {size:,} bytes; accepted: at most {most:,}")

    def _check_length(self, chars: int, name: str) -> None:
        most = self._settings.max_story_chars
        if chars > most:
            raise UsageError(
                f"{name} has {chars:,} characters; accepted: at most {most:,} a story (DATELINE_MAX_STORY_CHARS)"
            )


def file_bytes(path: Path) -> bytes:
    """The whole file; UsageError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


def _lost(name: str, message: str) -> Piece:
    return Piece(name, 0, Reading(problems=(RowProblem(name, 0, message),)))


def _as_fetched(document: Document, page: Page, note: str) -> Document:
    source = document.source
    whole = replace(source, url=source.url or page.address, retrieved=page.retrieved)
    return replace(document, source=whole, notes=(*document.notes, note))
