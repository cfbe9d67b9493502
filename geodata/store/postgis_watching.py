"""Hears of what other processes write: a connection of its own listens (LISTEN), and is made again when it breaks.

Nobody depends on it for being right: whoever asks the store for its version gets the one of that moment. It only lets a
server bring its index up to date before the next request asks for it.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from geodata.store.migrations.postgis import CHANNEL

_LOG = logging.getLogger(__name__)
_RETRY_S = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Between attempts to connect again; the last for all further ones."""
_ASK_S = 0.5
"""So often the server is asked for what it has to tell; that also shows whether it is still there."""


class Watch:
    """Calls `changed` in a thread of its own within a second of each commit that moved the version on.

    What happened while it was not connected is told by the call that follows connecting.
    """

    def __init__(self, engine: Engine, changed: Callable[[], None]) -> None:
        self._engine, self._changed = engine, changed
        self._ended = threading.Event()
        self._errors = (DBAPIError, engine.dialect.loaded_dbapi.Error, OSError)
        self._thread = threading.Thread(target=self._run, name="watch the store", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it; waits for a call of `changed` that is under way, but not from within it."""
        self._ended.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            try:
                self._listen()
                failures = 0
            except self._errors as error:
                wait_s = _RETRY_S[min(failures, len(_RETRY_S) - 1)]
                if not failures and not self._ended.is_set():
                    _LOG.warning("the store no longer tells what others write: %s; trying again", error)
                failures += 1
                self._ended.wait(wait_s)

    def _listen(self) -> None:
        """Until the connection breaks, which raises, or `close` is called."""
        pooled = self._engine.raw_connection()
        driver: Any = pooled.dbapi_connection
        pooled.detach()  # it is not given back
        try:
            driver.execute_simple(f"LISTEN {CHANNEL}")
            self._changed()
            while not self._ended.wait(_ASK_S):
                driver.execute_simple("")  # takes in what was told; raises where the server is gone
                if driver.notifications:
                    driver.notifications.clear()
                    self._changed()
        finally:
            with contextlib.suppress(*self._errors):
                driver.close()
