"""An import written down: `imports/<id>/job.json` in the data folder, and copies of its files until it is done.

So that a reload of the page, and an end of the server, lose nothing of it.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.contracts import ImportedFile, ImportState, ImportView, Receipt, RowProblem
from geodata.errors import NotFound, StoreError, shown
from geodata.jobs.items import Item

FOLDER = "imports"
RECORD = "job.json"
MOST_FILES = 1_000  # of which a line each is written down; the counts are of all
MOST_PROBLEMS = 200


class ImportRecords:
    """The records of one data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def place(self, import_id: str) -> Path:
        """The folder of an import; NotFound for what is no id of one."""
        if not import_id.isalnum():
            raise NotFound(f"there is no import with the id {shown(import_id)}")
        return self._folder / import_id

    def write(self, view: ImportView, items: tuple[Item, ...]) -> None:
        """The whole record or the one before it."""
        row = asdict(replace(view, files=view.files[:MOST_FILES], problems=view.problems[:MOST_PROBLEMS]))
        row["made_at"] = view.made_at.isoformat()
        row["items"] = [asdict(item) for item in items]
        place = self.place(view.import_id)
        try:
            place.mkdir(parents=True, exist_ok=True)
            part = place / f"{RECORD}.{os.getpid()}.part"
            part.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
            part.replace(place / RECORD)
        except OSError as error:
            raise StoreError(f"the import cannot be written to {place}: {error.strerror or error}") from error

    def read(self, import_id: str) -> tuple[ImportView, tuple[Item, ...]]:
        try:
            row = json.loads((self.place(import_id) / RECORD).read_text(encoding="utf-8"))
            return _view(row), tuple(Item(**item) for item in row["items"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotFound(f"there is no import with the id {shown(import_id)}") from error

    def ids(self) -> list[str]:
        """Those that are there, the latest first: ids begin with the time."""
        if not self._folder.is_dir():
            return []
        return sorted((path.parent.name for path in self._folder.glob(f"*/{RECORD}")), reverse=True)

    def drop_files(self, import_id: str) -> None:
        """Take the copies of the files out: they are in the store."""
        shutil.rmtree(self.place(import_id) / "files", ignore_errors=True)

    def remove(self, import_id: str) -> None:
        shutil.rmtree(self.place(import_id), ignore_errors=True)


def _view(row: Mapping[str, Any]) -> ImportView:
    fields = {name: value for name, value in row.items() if name != "items"}
    receipt = fields["receipt"]
    return ImportView(
        **{
            **fields,
            "state": ImportState(fields["state"]),
            "made_at": datetime.fromisoformat(fields["made_at"]),
            "names": tuple(fields["names"]),
            "files": tuple(ImportedFile(**each) for each in fields["files"]),
            "problems": tuple(RowProblem(**each) for each in fields["problems"]),
            "receipt": _receipt(receipt) if receipt else None,
        }
    )


def _receipt(row: Mapping[str, Any]) -> Receipt:
    problems = tuple(RowProblem(**each) for each in row["problems"])
    return Receipt(**{**row, "problems": problems, "notes": tuple(row["notes"])})
