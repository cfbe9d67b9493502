"""Imports that the page starts, and how they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

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

    `receipt` is there when it has ended; `message` says why it failed.
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


class Imports(Protocol):
    """geodata/jobs/desk.py: the imports that the page starts, one at a time, in the background. NotFound for no id."""

    def submit(
        self,
        uploads: Sequence[tuple[str, Callable[[Path], object]]],
        addresses: Sequence[str] = (),
        mappings: Mapping[str, tuple[str, str]] = ...,
    ) -> str:
        """Take files (a name, and what writes its bytes to a path) and web addresses in; the id of their import.

        `mappings`: the name of a table -> its format and its mapping as JSON, as a person has said; empty: as guessed.
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
