"""Imports that the page starts, and how they stand."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from geodata.contracts.tables import ColumnMapping, Credit, Question, Row
from geodata.contracts.values import Receipt, RowProblem


class ImportState(StrEnum):
    """What an import is doing. `stopped`: by a person, or because the server ended; it can go on from there."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one file or address of an import gave; `known` stories were read before and passed over.

    Of a table: its rows by what became of them, and `table_id`, by which its receipt lies in the data folder and, where
    `can_undo`, the store can take it back (`EventStore.imports`).
    """

    name: str
    stories: int = 0
    events: int = 0
    known: int = 0
    problems: int = 0
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    merged: int = 0
    rejected: int = 0
    table_id: str = ""
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it stands. `done` of `total` stories and tables; `problems` are the first of `problem_count`.

    `table` is the table that is being read, empty between tables: `rows` and `done_bytes` of `total_bytes` so far.

    `receipt` is there when it has ended; `message` says why it failed. `dry_run`: a trial, which changes nothing.
    """

    import_id: str
    state: ImportState
    made_at: datetime
    names: tuple[str, ...]
    total: int = 0
    done: int = 0
    stories: int = 0
    known: int = 0
    events: int = 0
    problem_count: int = 0
    table: str = ""
    rows: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
    files: tuple[ImportedFile, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    receipt: Receipt | None = None
    message: str = ""
    dry_run: bool = False


class Imports(Protocol):
    """geodata/jobs/desk.py: the imports that the page starts, one at a time, in the background. NotFound for no id."""

    def submit(
        self,
        uploads: Sequence[tuple[str, Callable[[Path], object]]],
        addresses: Sequence[str] = (),
        mappings: Mapping[str, tuple[str, str]] = ...,
        dry_run: bool = False,
    ) -> str:
        """Take files (a name, and what writes its bytes to a path) and web addresses in; the id of their import.

        `mappings`: the name of a table -> its format and its mapping as JSON, as a person has said; empty: as guessed.
        `dry_run` reads tables and changes nothing.
        """
        ...

    def get(self, import_id: str) -> ImportView: ...

    def latest(self, limit: int = 20) -> Sequence[ImportView]: ...

    def stop(self, import_id: str) -> None: ...

    def resume(self, import_id: str) -> None:
        """Go on with one that was stopped or failed; UsageError for any other."""
        ...

    def remove(self, import_id: str) -> None:
        """Forget an import that is not running, and the copies of its files; what it brought in stays."""
        ...


@dataclass(frozen=True, slots=True)
class TableLook:
    """A table that was handed in and not yet imported, as it would be read. `mapping` is what was said or guessed.

    `can_map`: its columns are anybody's; else the format knows them. `rows` counts the whole table, where that was read
    to judge it; else 0. `sample` are its first rows, `preset` the name of the preset that was applied.
    """

    draft_id: str
    name: str
    format: str
    columns: tuple[str, ...]
    mapping: ColumnMapping
    questions: tuple[Question, ...] = ()
    sample: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    credit: Credit = field(default_factory=Credit)
    rows: int = 0
    total_bytes: int = 0
    can_map: bool = False
    preset: str = ""
    presets: tuple[str, ...] = ()


class TableDrafts(Protocol):
    """geodata/jobs/drafts.py: tables that were handed in and are looked at before they are imported. NotFound."""

    def take(self, name: str, write: Callable[[Path], object]) -> str:
        """Take a file in; the id of its draft. Empty where it is no table: then nothing is kept."""
        ...

    def look(self, draft_id: str, mapping: ColumnMapping | None = None, preset: str = "") -> TableLook:
        """By a mapping, or a preset's name, or as guessed. UsageError where it cannot be read so."""
        ...

    def save_preset(self, draft_id: str, name: str, mapping: ColumnMapping) -> None: ...

    def submit(self, draft_id: str, mapping: ColumnMapping | None, dry_run: bool = False) -> str:
        """Import it, or try to; the id of the import. A draft that was imported is gone."""
        ...

    def remove(self, draft_id: str) -> None: ...

    def receipt(self, table_id: str, to_mend: bool = False) -> Iterator[bytes]:
        """The receipt of a table as CSV; `to_mend`: only the rows that were rejected or changed."""
        ...
