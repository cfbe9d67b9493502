"""Which events may not be passed on, kept up to date by what changed: a look at all takes half a second a million."""

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from geodata.allowed import is_restricted
from geodata.contracts import EventStore

if TYPE_CHECKING:
    from geodata.answers import Ints

MOST_CHANGED = 2_000
"""More changed events than this are not read one by one."""


class Restricted:
    """The row ids of one store's restricted events. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._version = ""
        self._rows: Ints = np.zeros(0, np.int64)

    def rows(self, store: EventStore, version: str) -> "Ints":
        """As of a version of the store, or of a later one; ascending, the same array as long as nothing changes."""
        with self._lock:
            if version != self._version:
                changed = self._changed(store) if self._version else None
                if changed is None:
                    self._rows = store.restricted()
                    self._version = version
                else:
                    self._rows, self._version = changed
            return self._rows

    def _changed(self, store: EventStore) -> "tuple[Ints, str] | None":
        changes = store.changes_since(self._version)
        if changes is None or len(changes.touched) > MOST_CHANGED:
            return None
        now = changes.columns.row_id
        events = store.get_rows(now.tolist())
        if len(events) < len(now):  # some were removed meanwhile: a later version tells
            return None
        added = [row for row, event in zip(now.tolist(), events, strict=True) if is_restricted(event)]
        stay = np.setdiff1d(self._rows, changes.touched)
        if len(stay) == len(self._rows) and not added:
            return self._rows, changes.columns.version
        return np.union1d(stay, np.array(added, np.int64)), changes.columns.version
