"""Stories and rows read by a Dask cluster: in the order in which they went in, and none lost or doubled with a worker.

Only the import writes to the store. A worker that dies takes nothing with it: Dask gives what it was reading to
another, and a batch that ends several workers is tried again story by story, as `crew` does on one machine.
"""

import os
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from geodata.contracts import PlaceRow
from geodata.errors import SetupError, UsageError
from geodata.jobs.crew import AHEAD, DIED, HANG_S, HUNG, LOOK_S
from geodata.jobs.marks import mark_of
from geodata.jobs.worker import Told
from geodata.model import Document, Resolution
from geodata.workspace import DatelineWorkspace

LOCAL = "local"
CONNECT_S = 10.0
START_S = 60.0
"""For a first worker to come; a machine that starts one takes seconds."""
DEATHS = 1
"""Workers that a batch may end before it is tried story by story, and a story before it is left out, less one."""
ROWS_AT_ONCE = 256
"""Rows a task: some 30 ms of geocoding, beside which sending them is little."""
_TCP = ("tcp://", "tls://")


@dataclass(slots=True)
class _Batch:
    """Documents that are being read, with the future of their answers, or the answers of those read one by one."""

    documents: Sequence[Document]
    future: Any
    told: list[Told] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)


class Cluster:
    """A Dask cluster that reads for one import. Use as a context: leaving lets it go.

    `scheduler` is tcp://HOST:PORT, or `local` for one on this machine that lives as long as the import. `stop` is
    looked at between answers.
    """

    def __init__(self, workspace: DatelineWorkspace, scheduler: str, stop: Callable[[], bool] = lambda: False) -> None:
        if scheduler != LOCAL and not scheduler.startswith(_TCP):
            raise UsageError(
                f"scheduler '{scheduler}' is no address; accepted: tcp://HOST:PORT, tls://HOST:PORT, local"
            )
        self._workspace, self._scheduler, self._stop = workspace, scheduler, stop
        self._name = f"dateline-{secrets.token_hex(8)}"
        self._open = ExitStack()
        self._client: Any = None

    def __enter__(self) -> "Cluster":
        with ExitStack() as opened:
            self._client = opened.enter_context(self._connected(opened))
            self._lend()
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._client.unregister_worker_plugin(self._name)
        except OSError:
            pass  # the scheduler has gone, and all with it
        finally:
            self._open.close()

    def _connected(self, opened: ExitStack) -> Any:
        os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "error")  # its own reports are of no use to who imports
        from distributed import Client, LocalCluster

        settings = self._workspace.settings
        address = self._scheduler
        if address == LOCAL:
            options: dict[str, Any] = {"n_workers": settings.processes, "threads_per_worker": 1, "host": "127.0.0.1"}
            options["scheduler_kwargs"] = {"allowed_failures": DEATHS}
            local = LocalCluster(dashboard_address=None, silence_logs=True, **options)  # type: ignore[no-untyped-call]
            address = opened.enter_context(local)
        try:
            return Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise SetupError(f"no Dask scheduler answers at {self._scheduler}: {error}; start one: {HOW}") from error

    def _lend(self) -> None:
        from geodata.jobs.lent import Lent, Reader

        workspace = self._workspace
        choices = tuple(workspace.choices.known())
        lent = Lent(type(workspace), workspace.settings, choices, mark_of(workspace.settings))
        try:
            self._client.wait_for_workers(1, timeout=START_S)
        except TimeoutError as error:
            raise SetupError(f"the scheduler at {self._scheduler} has no worker; start one: {HOW}") from error
        self._client.register_plugin(Reader(lent), name=self._name)

    @property
    def size(self) -> int:
        """How many batches are read at once."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    @property
    def rows_ahead(self) -> int:
        """Rows to hand over together, so that every worker has some."""
        return self.size * AHEAD * ROWS_AT_ONCE

    # Stories

    def read(self, batches: Iterable[Sequence[Document]]) -> Iterator[tuple[Sequence[Document], list[Told]]]:
        """Each batch with one answer a document, in the order of the batches; ends early where `stop` says so."""
        more = iter(batches)
        window: deque[_Batch] = deque()
        while not self._stop():
            most = self.size * AHEAD
            window.extend(self._given(documents) for documents in islice(more, max(0, most - len(window))))
            if not window:
                return
            if (told := self._answer(window[0])) is not None:
                batch = window.popleft()
                for waiting in window:
                    waiting.since = max(waiting.since, time.monotonic() - HANG_S / 2)  # it may have waited in a queue
                yield batch.documents, told
        for batch in window:
            batch.future.cancel()

    def _given(self, documents: Sequence[Document]) -> _Batch:
        from geodata.jobs.lent import read_stories

        return _Batch(documents, self._client.submit(read_stories, self._name, documents, pure=False))

    def _answer(self, batch: _Batch) -> list[Told] | None:
        """What a batch gave; None where it is still being read. SetupError where a worker cannot read."""
        from distributed import CancelledError, KilledWorker

        problem = ""
        try:
            told: list[Told] = batch.future.result(timeout=LOOK_S)
            return told
        except TimeoutError:
            if time.monotonic() - batch.since < HANG_S:
                return None
            problem = HUNG
            self._end(batch.future)
        except KilledWorker:
            problem = DIED
        except CancelledError as error:
            raise SetupError(
                f"the scheduler at {self._scheduler} has gone; the same command goes on from here"
            ) from error
        if len(batch.documents) == 1:
            return [Told(problem=f"{problem}; it was left out")]
        return self._one_by_one(batch)

    def _one_by_one(self, batch: _Batch) -> list[Told] | None:
        """One after another: Dask holds a worker's death against all that waited at it."""
        told: list[Told] = []
        for document in batch.documents:
            single = self._given([document])
            while (answer := self._answer(single)) is None:
                if self._stop():
                    return None
            told += answer
        return told

    def _end(self, future: Any) -> None:
        """Ends the workers that hang over a task: Dask cannot end the task alone."""
        workers = list(self._client.who_has([future]).get(future.key, ())) or [
            address for address, keys in self._client.processing().items() if future.key in keys
        ]
        future.cancel(force=True)
        if workers:
            self._client.restart_workers(workers, timeout=START_S, raise_for_error=False)

    # Rows

    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        """Satisfies TableGeocoder: one resolution a row, in order."""
        from geodata.jobs.lent import locate_rows

        more = iter(rows)
        window: deque[Any] = deque()
        while True:
            while len(window) < self.size * AHEAD and (taken := list(islice(more, ROWS_AT_ONCE))):
                window.append(self._client.submit(locate_rows, self._name, taken, pure=False))
            if not window:
                return
            yield from window.popleft().result()


HOW = "`python -m geodata scheduler`, and on each machine `python -m geodata worker tcp://HOST:8786`"
