"""A table or map file inside a zip archive or packed by gzip, as UCDP, GDELT and VIINA publish theirs.

Of several files in an archive it is asked which, by `sheet`. What would swell beyond measure is refused.
"""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from geodata.contracts.tables import ColumnMapping, Credit, NeedsAnswer, Option, Question, Row, RowSource
from geodata.errors import UsageError
from geodata.sources.formats import spatial
from geodata.sources.formats.delimited import head_of

MOST_BYTES = 8_000_000_000  # unpacked: four times the largest table that is expected
MOST_SWELL = 300  # times: tables pack to a tenth or less, one line over and over to a thousandth
SMALL_BYTES = 10_000_000  # up to here, nothing is refused for swelling
READ = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".geojsonl", ".geojsons", ".ndjson",
     ".jsonl", ".kml", ".gpx", ".xml", ".rss", ".atom", ".ics", ".gpkg", ".fgb", ".parquet"}
)  # fmt: skip
_GZIP = b"\x1f\x8b"
_PIECE = 1 << 20


def is_packed(head: bytes) -> bool:
    """Whether a file begins as a zip archive or a gzip file does."""
    return head.startswith((b"PK\x03\x04", _GZIP))


class PackedRows:
    """The rows of a file that was packed; what was unpacked is deleted with it."""

    def __init__(
        self, inner: RowSource, folder: "tempfile.TemporaryDirectory[str]", note: str, asked: Question | None
    ) -> None:
        self._inner, self._folder, self._note, self._asked = inner, folder, note, asked

    @property
    def columns(self) -> Sequence[str]:
        return self._inner.columns

    @property
    def mapping(self) -> ColumnMapping:
        return self._inner.mapping

    @property
    def questions(self) -> Sequence[Question]:
        return (self._asked,) if self._asked else self._inner.questions

    @property
    def notes(self) -> Sequence[str]:
        return (self._note, *self._inner.notes)

    @property
    def credit(self) -> Credit:
        return self._inner.credit

    @property
    def total_bytes(self) -> int:
        return self._inner.total_bytes

    @property
    def done_bytes(self) -> int:
        return self._inner.done_bytes

    def sample(self, n: int) -> Sequence[Row]:
        return self._inner.sample(n)

    def rows(self) -> Iterator[Row]:
        if self._asked:
            raise NeedsAnswer(self._note, (self._asked,))
        return self._kept(self._inner.rows())

    def _kept(self, found: Iterator[Row]) -> Iterator[Row]:
        """The same; what is unpacked stays as long as somebody reads on."""
        yield from found


def rows(path: Path, name: str, mapping: ColumnMapping | None = None) -> RowSource:
    """The rows of the one file that is packed in another, by that one's own format."""
    from geodata.sources import open_rows  # which knows all formats, this one too

    if spatial.holds_shapefile(path):
        return spatial.rows(path, name, mapping)
    given = mapping or ColumnMapping()
    names = _names(path, name)
    chosen = given.sheet if given.sheet in names else names[0]
    asked = None
    if len(names) > 1 and given.sheet not in names:
        options = tuple(Option(each, each) for each in names)
        asked = Question("sheet", f"{name} holds {len(names)} files that could be read. Which one?", options)
    folder = tempfile.TemporaryDirectory(prefix="dateline-packed-")
    inner = Path(folder.name) / f"packed{PurePosixPath(chosen).suffix}"
    try:
        with _opened(path, name, chosen) as stream:
            _unpack(stream, inner, name, path.stat().st_size)
    except OSError as error:
        raise UsageError(f"{name} cannot be unpacked: {error.strerror or error}") from error
    if is_packed(head_of(inner)) and inner.suffix not in (".xlsx", ".ods"):
        raise UsageError(f"{name} holds a packed file in a packed file; unpack it once")
    own = replace(given, sheet="") if given.sheet in names else given
    note = f"{name}: {PurePosixPath(chosen).name} was read out of it"
    return PackedRows(open_rows(inner, PurePosixPath(chosen).name, "", own), folder, note, asked)


def _names(path: Path, name: str) -> Sequence[str]:
    """The packed files that could be read, the largest first."""
    if head_of(path, 2) == _GZIP:
        return (PurePosixPath(name).stem or "packed.csv",)
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and _is_read(info.filename)]
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise UsageError(f"{name} is damaged and cannot be unpacked ({error}); accepted: a whole archive") from error
    if not files:
        raise UsageError(f"{name} is a zip archive without a table or map file; accepted: {', '.join(sorted(READ))}")
    return tuple(info.filename for info in sorted(files, key=lambda info: -info.file_size))


def _is_read(member: str) -> bool:
    place = PurePosixPath(member)
    hidden = place.name.startswith(".") or "__MACOSX" in place.parts
    return not hidden and place.suffix.casefold() in READ


@contextmanager
def _opened(path: Path, name: str, member: str) -> Iterator[IO[bytes]]:
    try:
        if head_of(path, 2) == _GZIP:
            with gzip.open(path) as stream:
                yield stream  # type: ignore[misc]
            return
        with zipfile.ZipFile(path) as archive, archive.open(member) as part:
            yield part
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{name} is damaged or has a password ({error}); accepted: one without") from error


def _unpack(stream: IO[bytes], place: Path, name: str, packed: int) -> None:
    """Copies until the end, or until it is more than any table would swell to."""
    most = min(MOST_BYTES, max(SMALL_BYTES, MOST_SWELL * packed))
    with place.open("wb") as out:
        while piece := stream.read(_PIECE):
            if out.tell() + len(piece) > most:
                raise UsageError(f"{name} unpacks to more than {most:,} bytes, the most accepted for its size")
            out.write(piece)
