"""The index of a store, as of the store's present version, whoever asks: extended, read from its file, or built."""

import ctypes
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.errors import StoreError
from geodata.index.columns import ColumnIndex
from geodata.index.snapshot import Snapshot

if TYPE_CHECKING:
    from geodata.contracts import EventStore

_LOG = logging.getLogger(__name__)
WORTH_KEEPING = 20_000
"""Fewer events are read from the store within a tenth of a second."""
_CHANGED = 5_000
"""After so many changed events the file is written anew: to add them took as long as reading it."""


class LiveIndex:
    """Safe to share between threads. `path` is the file that the index is kept in; None: it is kept in none."""

    def __init__(self, store: "EventStore", path: Path | None = None) -> None:
        self._store, self._path = store, path
        self._making = threading.Lock()
        self._now: ColumnIndex | None = None
        self._changed = 0
        """Events that changed since the file was written."""
        self._writer: threading.Thread | None = None
        self._end_watch: Callable[[], None] = lambda: None

    def current(self) -> ColumnIndex:
        found = self._now
        if found is not None and found.version == self._store.version():
            return found
        with self._making:
            # asked again under the lock: another thread may have waited here while this one made it
            found = self._now or self._read()
            if found is None or found.version != self._store.version():
                found = self._renewed(found)
            self._now = found
            if self._changed > _CHANGED:
                self._keep(found)
            return found

    def follow(self) -> None:
        """Brings the index up to date from now on when others write, where the store tells of it."""
        self._end_watch()
        self._end_watch = self._store.watch(self._told)

    def close(self) -> None:
        """Waits for the file, if it is just being written."""
        self._end_watch()
        if self._writer is not None:
            self._writer.join()

    def _told(self) -> None:
        try:
            self.current()
        except StoreError as error:  # whoever asks next is told
            _LOG.info("the index is brought up to date later: %s", error)

    def _renewed(self, old: ColumnIndex | None) -> ColumnIndex:
        changes = self._store.changes_since(old.version) if old else None
        if old and changes:
            self._changed += len(changes.touched)
            return old.extended(changes)
        columns = self._store.columns()
        self._changed = len(columns)
        index = ColumnIndex.build(columns)
        del columns
        _give_back()
        return index

    def _read(self) -> ColumnIndex | None:
        """What the file holds, if it is of this store, and of a state that this store has been in."""
        kept = Snapshot.read(self._path) if self._path else None
        if kept is None or kept.mark != self._store.mark_of(kept.version):
            return None
        return ColumnIndex(kept.layout, kept.version)

    def _keep(self, index: ColumnIndex) -> None:
        """Starts writing the file, unless it is still being written: then the next change will."""
        path, layout = self._path, index.layout
        if path is None or len(layout) < WORTH_KEEPING or (self._writer is not None and self._writer.is_alive()):
            return
        snapshot = Snapshot(layout, index.version, self._store.mark_of(index.version))

        def write() -> None:
            try:
                snapshot.write(path)
            except OSError as error:  # the server answers all the same; only its next start takes longer
                _LOG.warning("the index cannot be kept in %s: %s", path, error.strerror or error)

        self._changed = 0
        self._writer = threading.Thread(target=write, name="keep the index")
        self._writer.start()


def _give_back() -> None:
    """To the system, the memory that reading a store took: glibc would keep some hundred megabytes of it free."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim:
        trim(0)
