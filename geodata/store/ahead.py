"""The thread of a server that has its store make the texts of features ahead; see `contracts.EventStore.make_ahead`."""

import threading
import time

from geodata.contracts import EventStore
from geodata.errors import StoreError

LOOK_S = 2.0
"""Between two looks whether the store has moved on, and before it is asked again where another writes."""
REST = 3.0
"""It rests so many times as long as it has worked: requests that come meanwhile have most of the processor."""


class Ahead:
    """Works from `start` until it is closed, a few features at a time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._stop = threading.Event()
        self._done = ""
        """The version of the store that it was at when there was nothing more to make."""
        self._thread = threading.Thread(target=self._run, name="features ahead", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ends it behind the features that it is just making."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause_s = LOOK_S
        while not self._stop.wait(pause_s):
            begun = time.monotonic()
            pause_s = REST * (time.monotonic() - begun) if self.step() else LOOK_S

    def step(self) -> bool:
        """Makes some; whether there are more."""
        try:
            version = self._store.version()
            if version == self._done:
                return False
            more = self._store.make_ahead()
        except (StoreError, OSError):  # another writes, or the disk is full or away: a page is made without
            return False
        self._done = "" if more else version
        return more
