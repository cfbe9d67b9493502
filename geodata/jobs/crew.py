"""Several processes that read stories: what goes in comes out in its order, and no story is lost with a process.

A process that dies or hangs over a batch is replaced, and the batch's stories are tried again one by one: the one that
kills its process twice is told, and the others are read.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from geodata.errors import SetupError
from geodata.jobs.worker import Hello, Tell, Told, room, tell_events
from geodata.model import Document
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace

AHEAD = 4  # batches for each process that may be read before the oldest one has come back
HANG_S = 300.0  # a batch of at most some 100,000 characters takes seconds
END_S = 5.0  # to end by themselves, before they are made to
LOOK_S = 0.5  # between two looks at the stop
DIED = "the process that read it died (out of memory?)"
HUNG = f"it took longer than {HANG_S:.0f} s"


@dataclass(slots=True)
class _Batch:
    """Documents and, as they come, what each gave."""

    documents: Sequence[Document]
    told: dict[int, Told] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        return len(self.told) == len(self.documents)


@dataclass(frozen=True, slots=True)
class _Task:
    """Some documents of a batch, by their positions in it."""

    batch: _Batch
    at: tuple[int, ...]

    @property
    def documents(self) -> list[Document]:
        return [self.batch.documents[position] for position in self.at]


@dataclass(slots=True)
class _Worker:
    end: Connection
    pid: int = 0
    task: _Task | None = None
    since: float = 0.0


class Crew:
    """`workers` processes over a workspace of the same kind and settings. Use as a context: leaving ends them."""

    def __init__(
        self,
        kind: type[DatelineWorkspace],
        settings: Settings,
        workers: int,
        stop: Callable[[], bool] = lambda: False,
        tell: Tell = tell_events,
    ) -> None:
        self._kind, self._settings, self._size, self._stop, self._tell = kind, settings, workers, stop, tell
        self._workers: list[_Worker] = []
        self._rooms: list[BaseProcess] = []
        self._again: deque[_Task] = deque()
        self._context = multiprocessing.get_context("spawn")  # a server's threads are no ground to fork from

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and not self._stop():
            self._dismiss()
        self.close()

    def read(self, batches: Iterable[Sequence[Document]]) -> Iterator[tuple[Sequence[Document], list[Told]]]:
        """Each batch with one answer a document, in the order of the batches; ends early where `stop` says so."""
        more = iter(batches)
        window: deque[_Batch] = deque()  # handed out and not yet yielded, the oldest first
        is_over = False
        while not self._stop():
            if not self._workers:
                self._start()
            is_over = self._hand_out(more, window, is_over)
            if is_over and not window:
                return
            self._collect()
            while window and window[0].is_done:
                batch = window.popleft()
                yield batch.documents, [batch.told[position] for position in range(len(batch.documents))]

    def _dismiss(self) -> None:
        """Lets the processes end by themselves, now that there is nothing more to read."""
        for worker in self._workers:
            worker.end.close()
        self._workers.clear()
        for process in self._rooms:
            process.join(END_S)

    def close(self) -> None:
        """Ends the processes; what they were reading is not kept."""
        for worker in self._workers:
            _kill(worker)
        self._workers.clear()
        for process in self._rooms:  # workers that were still loading end when they find their connection closed
            process.kill()
            process.join()
        self._rooms.clear()

    def _start(self) -> None:
        pairs = [self._context.Pipe() for _ in range(self._size)]
        theirs = [their for _, their in pairs]
        process = self._context.Process(target=room, args=(self._kind, self._settings, theirs, self._tell))
        process.start()
        self._rooms.append(process)
        for end in theirs:
            end.close()
        self._workers = [_Worker(ours) for ours, _ in pairs]

    def _hand_out(self, more: Iterator[Sequence[Document]], window: deque[_Batch], is_over: bool) -> bool:
        """Gives every idle worker something to read; whether the batches are at their end."""
        for worker in self._workers:
            if worker.task or not worker.pid:
                continue
            if self._again:
                self._give(worker, self._again.popleft())
            elif not is_over and len(window) < self._size * AHEAD:
                documents = next(more, None)
                if documents is None:
                    return True
                batch = _Batch(documents)
                window.append(batch)
                self._give(worker, _Task(batch, tuple(range(len(documents)))))
        return is_over

    def _give(self, worker: _Worker, task: _Task) -> None:
        worker.task, worker.since = task, time.monotonic()
        with suppress(OSError):  # it has died: `_collect` sees that
            worker.end.send(task.documents)

    def _collect(self) -> None:
        """Takes what the workers have sent, for at most LOOK_S; replaces the dead and the hung."""
        ends = {worker.end: worker for worker in self._workers}
        for end in wait(list(ends), LOOK_S):
            worker = ends[end]  # type: ignore[index]
            try:
                self._take(worker, worker.end.recv())
            except (EOFError, OSError):
                self._lose(worker, DIED)
        now = time.monotonic()
        for worker in [each for each in self._workers if each.task and now - each.since > HANG_S]:
            self._lose(worker, HUNG)

    def _take(self, worker: _Worker, said: Hello | list[Told]) -> None:
        if isinstance(said, Hello):
            if said.problem:
                raise SetupError(said.problem)
            worker.pid = said.pid
        elif worker.task:
            worker.task.batch.told.update(zip(worker.task.at, said, strict=True))
            worker.task = None

    def _lose(self, worker: _Worker, why: str) -> None:
        _kill(worker)
        self._workers.remove(worker)
        task = worker.task
        if not worker.pid:
            raise SetupError("a process that reads stories could not be started; see the messages above")
        if task is None:
            return
        if len(task.at) > 1:
            self._again.extend(_Task(task.batch, (position,)) for position in task.at)
        else:
            task.batch.told[task.at[0]] = Told(problem=f"{why}; it was left out")


def _kill(worker: _Worker) -> None:
    worker.end.close()
    if worker.pid:
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
