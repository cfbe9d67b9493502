"""Marks of what answers rest on: Dateline's own code, the packages it runs with, and the gazetteer."""

import hashlib
import sys
from functools import lru_cache
from pathlib import Path

from geodata.settings import Settings

_CODE = (".py", ".npz", ".toml", ".txt", ".csv")
_PACKAGE = Path(__file__).parents[1]


def mark_of(settings: Settings) -> tuple[str, str]:
    """What answers rest on: a hash of Dateline's code and models, and one of the gazetteer (empty: there is none)."""
    path = settings.gazetteer_path
    if not path.exists():
        return _code_mark(), ""
    seen = path.stat()
    return _code_mark(), _file_mark(path, seen.st_size, seen.st_mtime_ns)


def rows_made_by(settings: Settings) -> str:
    """A mark of all that decides what the rows of a file become, but for the file, its mapping and the store.

    Empty where nobody can say: a service that is asked over the network may answer otherwise the next time.
    """
    if settings.online_geocoder:
        return ""
    path = settings.gazetteer_path
    seen = path.stat() if path.exists() else None
    gazetteer = str((path.resolve(), seen.st_size, seen.st_mtime_ns, seen.st_ino)) if seen else ""
    said = (_code_mark(), gazetteer, sys.version, *_packages())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _packages() -> list[str]:
    """The installed packages with their versions, as the names of their folders say them."""
    return sorted({path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")})


@lru_cache(maxsize=1)
def _code_mark() -> str:
    made = hashlib.sha256()
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE):
        made.update(path.relative_to(_PACKAGE).as_posix().encode())
        made.update(path.read_bytes())
    return made.hexdigest()


@lru_cache(maxsize=4)
def _file_mark(path: Path, size: int, modified_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
