"""Imports that the page starts, and how they stand."""

from collections.abc import Callable, Sequence
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
    """What one file or address of an import gave; `known` stories were read before and passed over."""

    name: str
    stories: int = 0
    events: int = 0
    known: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it stands. `done` of `total` stories; `problems` are the first of `problem_count`.

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
    files: tuple[ImportedFile, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    receipt: Receipt | None = None
    message: str = ""


class Imports(Protocol):
    """geodata/jobs/desk.py: the imports that the page starts, one at a time, in the background. NotFound for no id."""

    def submit(self, uploads: Sequence[tuple[str, Callable[[Path], object]]], addresses: Sequence[str] = ()) -> str:
        """Take files (a name, and what writes its bytes to a path) and web addresses in; the id of their import."""
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
