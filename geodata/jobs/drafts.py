"""Tables that were handed in through the page: kept as files until they are imported, taken out, or a week old.

Satisfies `contracts.TableDrafts`. A draft is a folder of `drafts/` in the data folder with the file and its name.
"""

import json
import os
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePath

from geodata.contracts.imports import Imports, TableLook
from geodata.contracts.tables import ColumnMapping, Row, RowSource
from geodata.errors import NotFound, StoreError, UsageError, shown
from geodata.jobs.tables import receipt_place
from geodata.sources import ROW_IMPORTERS, format_of
from geodata.sources.tables.presets import PresetBook
from geodata.sources.tables.receipt import lines_of
from geodata.taxonomy import classified
from geodata.workspace import DatelineWorkspace

FOLDER = "drafts"
KEPT_S = 7 * 86_400
MAPPED = ("csv", "excel", "json")
SAMPLE = 20
LOOKED = 8  # sources kept open: a change of the mapping and its undoing need no second pass over the file


class TableDesk:
    """The drafts of one workspace; `imports` runs them."""

    def __init__(self, workspace: DatelineWorkspace, imports: Imports) -> None:
        self._workspace, self._imports = workspace, imports
        self._folder = workspace.settings.data / FOLDER
        self._presets = PresetBook(workspace.settings.data)
        self._sources: OrderedDict[tuple[str, str], RowSource] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, write: Callable[[Path], object]) -> str:
        self._drop_old()
        draft_id = secrets.token_hex(8)
        place = self._folder / draft_id
        told = PurePath(name.replace("\\", "/")).name or "table"
        suffix = PurePath(told).suffix.lower()
        path = place / f"file{suffix if suffix[1:].isalnum() else ''}"
        try:
            place.mkdir(parents=True)
            write(path)
            kind = _kind(path, told)
            if not kind:
                shutil.rmtree(place, ignore_errors=True)
                return ""
            self._source(draft_id, path, told, kind, None)  # what cannot be read is told to who hands it in
            about = {"name": told, "file": path.name, "format": kind}
            (place / "draft.json").write_text(json.dumps(about), encoding="utf-8")
        except UsageError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise StoreError(f"the table cannot be kept: {error.strerror or error}") from error
        return draft_id

    def look(self, draft_id: str, mapping: ColumnMapping | None = None, preset: str = "") -> TableLook:
        path, name, kind = self._draft(draft_id)
        can_map = kind in MAPPED
        if preset:
            mapping = self._presets.get(preset).mapping
        source = self._source(draft_id, path, name, kind, mapping)
        if mapping is None and can_map and (found := self._presets.matching(source.columns)):
            preset = found.name
            source = self._source(draft_id, path, name, kind, found.mapping)
        return TableLook(
            draft_id,
            name,
            kind,
            tuple(source.columns),
            source.mapping,
            tuple(source.questions),
            tuple(map(self._typed, source.sample(SAMPLE))),
            tuple(source.notes),
            source.credit,
            getattr(source, "row_count", 0),
            path.stat().st_size,
            can_map,
            preset,
            tuple(each.name for each in self._presets.list()),
        )

    def _typed(self, row: Row) -> Row:
        """The row with the type that its own words will be taken as."""
        types = self._workspace.event_types
        return replace(row, event=classified(row.event, types)) if row.event and row.event.event_type else row

    def save_preset(self, draft_id: str, name: str, mapping: ColumnMapping) -> None:
        path, told, kind = self._draft(draft_id)
        source = self._source(draft_id, path, told, kind, mapping)
        self._presets.save(name, source.columns, source.mapping)

    def submit(self, draft_id: str, mapping: ColumnMapping | None, dry_run: bool = False) -> str:
        path, name, kind = self._draft(draft_id)
        said = mapping.to_json() if mapping else ""
        import_id = self._imports.submit(
            [(name, lambda place: _linked(path, place))], mappings={name: (kind, said)}, dry_run=dry_run
        )
        if not dry_run:
            self.remove(draft_id)
        return import_id

    def remove(self, draft_id: str) -> None:
        self._draft(draft_id)
        with self._lock:
            for key in [key for key in self._sources if key[0] == draft_id]:
                del self._sources[key]
        shutil.rmtree(self._folder / draft_id, ignore_errors=True)

    def receipt(self, table_id: str, to_mend: bool = False) -> Iterator[bytes]:
        place = receipt_place(self._workspace.settings.data, table_id)
        if not table_id.isalnum() or not place.is_file():
            raise NotFound(f"there is no receipt with the id {shown(table_id)}")
        return lines_of(place, to_mend)

    def _draft(self, draft_id: str) -> tuple[Path, str, str]:
        """The file of a draft, its name and its format."""
        place = self._folder / draft_id
        try:
            if not draft_id.isalnum():
                raise ValueError(draft_id)
            about = json.loads((place / "draft.json").read_text(encoding="utf-8"))
            return place / about["file"], about["name"], about["format"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotFound(f"there is no table with the id {shown(draft_id)}; it was imported or taken out") from error

    def _source(self, draft_id: str, path: Path, name: str, kind: str, mapping: ColumnMapping | None) -> RowSource:
        key = draft_id, mapping.to_json() if mapping else ""
        with self._lock:
            if key in self._sources:
                self._sources.move_to_end(key)
                return self._sources[key]
        source = ROW_IMPORTERS[kind](path, name, mapping)
        with self._lock:
            self._sources[key] = source
            while len(self._sources) > LOOKED:
                self._sources.popitem(last=False)
        return source

    def _drop_old(self) -> None:
        """Drafts that nobody came back to."""
        for place in self._folder.glob("*") if self._folder.is_dir() else ():
            if time.time() - place.stat().st_mtime > KEPT_S:
                shutil.rmtree(place, ignore_errors=True)


def _kind(path: Path, name: str) -> str:
    """The format of a file of rows; empty for any other."""
    try:
        kind = format_of(path, name)
    except UsageError:
        return ""  # whoever reads it as a story says what is wrong
    return kind if kind in ROW_IMPORTERS else ""


def _linked(path: Path, place: Path) -> None:
    """The same file at another place; a copy where the disk has no links."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
