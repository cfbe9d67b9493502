"""An index as a file, so that a server that starts again need not read the whole store.

The file is a zip of numpy arrays as they lie in memory (`numpy.savez`, no pickles): its checksums tell a damaged one.
What cannot be read as a snapshot of this very format is passed over, and the index built from the store.
"""

import contextlib
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geodata.index.kinds import Kinds, Names
from geodata.index.layout import COLUMNS, Layout
from geodata.index.parts import Parts

FORMAT = 2
"""To be raised with every change of what the columns mean or how they are ordered (layout.py, kinds.py, grid.py)."""
_NAMED = ("event_type", "sub_event_type", "precision", "status")
_PARTED = ("first", "group", "code")
_PART = ".part"
_STALE_S = 3600.0
"""A part file that nobody has written to for so long was left by a process that was killed."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A layout, the store's version that it is of, and how that version is told from another of the same number."""

    layout: Layout
    version: str
    mark: str = ""

    def write(self, path: Path) -> None:
        """Whole or not at all: whoever reads meanwhile has the one before. OSError: it cannot be written."""
        _remove_stale(path)
        handle, name = tempfile.mkstemp(_PART, path.name, path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **_arrays(self))
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    @classmethod
    def read(cls, path: Path) -> "Snapshot | None":
        """None: there is none, it is damaged, of another format, or of something else."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return _snapshot({name: file[name] for name in file.files})
        except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile):
            return None


def _arrays(snapshot: Snapshot) -> dict[str, Any]:
    layout, kinds = snapshot.layout, snapshot.layout.kinds
    tables = {name: getattr(kinds, name) for name in _NAMED}
    about = {
        "format": FORMAT,
        "version": snapshot.version,
        "mark": snapshot.mark,
        "sources": layout.sources,
        **{name: table.names for name, table in tables.items()},
    }
    return {
        "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        **{name: getattr(layout, name) for name in COLUMNS},
        "days_that_occur": layout.days,
        **{f"part_{name}": getattr(layout.parts, name) for name in _PARTED},
        "kind_days": kinds.days,
        "kind_group": kinds.group,
        **{f"kind_{name}": table.code for name, table in tables.items()},
    }


def _snapshot(arrays: Mapping[str, Any]) -> Snapshot | None:
    about = json.loads(arrays["about"].tobytes())
    columns = {name: arrays[name] for name in COLUMNS}
    if about["format"] != FORMAT or {len(column) for column in columns.values()} != {int(arrays["part_first"][-1])}:
        return None
    tables = {name: Names(tuple(about[name]), arrays[f"kind_{name}"]) for name in _NAMED}
    kinds = Kinds(**tables, days=arrays["kind_days"], group=arrays["kind_group"])
    sources = tuple(about["sources"])
    parts = Parts(*(arrays[f"part_{name}"] for name in _PARTED))
    layout = Layout.of_columns(columns, kinds, arrays["days_that_occur"], sources, parts)
    return Snapshot(layout, about["version"], about["mark"])


def _remove_stale(path: Path) -> None:
    for part in path.parent.glob(f"{path.name}*{_PART}"):
        with contextlib.suppress(OSError):  # another process may be just as quick
            if time.time() - part.stat().st_mtime > _STALE_S:
                part.unlink()
