"""The folder beside the gazetteer that remembers what was added: the dumps as given, a list of them, and the base.

gazetteer.sqlite.added/list.json        what was added, when, by whose credit, and what came of it
gazetteer.sqlite.added/UA.zip           the dump itself, so that a new base gets it again
gazetteer.sqlite.added/base.sqlite      the gazetteer without additions (a link while nothing differs), and .names
"""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from geodata.errors import SetupError
from geodata.geocode.wordlist import names_path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Addition:
    """One file that was added. `added` and `merged` count places; `bad` rows were left out."""

    name: str
    file: str
    sha256: str
    size_bytes: int
    credit: str
    date: str
    kind: str = "places"
    rows: int = 0
    added: int = 0
    merged: int = 0
    names: int = 0
    bad: int = 0

    @property
    def is_places(self) -> bool:
        return self.kind == "places"


class Shelf:
    """The additions of one gazetteer file."""

    def __init__(self, gazetteer: Path) -> None:
        self.gazetteer = gazetteer
        self.folder = gazetteer.with_name(gazetteer.name + ".added")
        self.base = self.folder / "base.sqlite"

    def entries(self) -> list[Addition]:
        """What was added, in order. SetupError where the list is broken."""
        path = self.folder / "list.json"
        if not path.is_file():
            return []
        try:
            return [Addition(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
        except (ValueError, TypeError) as error:
            raise SetupError(f"{path} is no list of additions ({error}); remove the folder to start anew") from error

    def write(self, entries: Sequence[Addition]) -> None:
        """Puts the list in place in one step, and drops files that it no longer names."""
        draft = self.folder / "list.json.new"
        draft.write_text(json.dumps([asdict(entry) for entry in entries], indent=1), encoding="utf-8")
        draft.replace(self.folder / "list.json")
        kept = {entry.file for entry in entries}
        for path in self.folder.iterdir():
            if path.suffix.casefold() in (".zip", ".txt") and path.name not in kept:
                path.unlink(missing_ok=True)

    def keep(self, path: Path, name: str) -> tuple[str, str]:
        """Copies a dump to the folder; its name there, which tells versions apart, and its SHA-256."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        draft = self.folder / f"{name}.copying"
        try:
            with path.open("rb") as source, draft.open("wb") as target:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
            kept = f"{name}-{digest.hexdigest()[:8]}{path.suffix.casefold()}"
            draft.replace(self.folder / kept)
        finally:
            draft.unlink(missing_ok=True)
        return kept, digest.hexdigest()

    def drop(self, files: Sequence[str]) -> None:
        for file in files:
            (self.folder / file).unlink(missing_ok=True)

    def link_base(self) -> None:
        """Keeps the gazetteer as it is now, without additions, as the base. Files are replaced, never written to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for source, target in ((self.gazetteer, self.base), (names_path(self.gazetteer), names_path(self.base))):
            draft = target.with_name(target.name + ".new")
            draft.unlink(missing_ok=True)
            try:
                os.link(source, draft)
            except OSError:  # a file system without links
                shutil.copyfile(source, draft)
            draft.replace(target)
