"""Whole tables into the store, what became of each row, and the book of such imports, from which one is taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from geodata.contracts.tables import Row


class Outcome(StrEnum):
    """What became of a row.

    `unchanged`: it was in the store as it stands. `kept`: a person reviewed, rejected or merged its event, which stays
    so. `merged`: the same file gave its id before, and what this row adds went into that event. `rejected`: it is no
    event, as the row's problems say.
    """

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    MERGED = "merged"
    REJECTED = "rejected"


Told = Callable[["Row", Outcome, str], object]
"""Is given every row, in order, what became of it, and why where the row does not say ("has the id of line 4")."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from. `sha256` is the file's, hexadecimal; `mapping` and `credit` are JSON objects.

    `made_by` marks all else that decides what the rows are (program, gazetteer); empty: nobody can say.
    """

    name: str
    format: str
    sha256: str = ""
    mapping: str = "{}"
    credit: str = "{}"
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """Counts of rows by what became of them, of events without date or place among them, and notes in words.

    `can_undo`: it changed the store, which remembers it by `import_id`.
    """

    import_id: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    merged: int = 0
    rejected: int = 0
    undated: int = 0
    unplaced: int = 0
    dry_run: bool = False
    can_undo: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptImport:
    """An import as the store remembers it; `undone_at` is None as long as it was not taken back. Times are UTC."""

    origin: Origin
    receipt: ImportReceipt
    made_at: datetime
    undone_at: datetime | None = None

    @property
    def import_id(self) -> str:
        return self.receipt.import_id


@dataclass(frozen=True, slots=True)
class UndoReceipt:
    """What taking an import back did: events removed, those given back what they were, those left as they are.

    What was changed after the import, by a person or by another import, stays; `stayed` counts these, and the first of
    their ids are in `examples`.
    """

    import_id: str
    removed: int = 0
    restored: int = 0
    stayed: int = 0
    examples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class ImportBook(Protocol):
    """geodata/store/journal.py: the imports of tables that changed the store."""

    def list(self, limit: int = 20, offset: int = 0) -> Sequence[KeptImport]:
        """The latest first."""
        ...

    def get(self, import_id: str) -> KeptImport:
        """NotFound where no such import is kept."""
        ...

    def same_file(self, sha256: str) -> Sequence[KeptImport]:
        """The imports of a file with this hash, the latest first."""
        ...

    def again(self, origin: Origin) -> ImportReceipt | None:
        """What loading all of this again comes to, where that is known without reading it: it changes nothing.

        None where it has to be read. The receipt's `import_id` is that of the load in which the rows were read last.
        """
        ...

    def undo(self, import_id: str) -> UndoReceipt:
        """Take a whole import back, in one transaction. NotFound; UsageError where it was taken back before."""
        ...
