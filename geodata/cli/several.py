"""Several processes for a big input: batches out, answers back in the input's order, few batches held at a time."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import IO, TYPE_CHECKING, TypeVar

from geodata.errors import GeodataError, SetupError
from geodata.settings import Settings

if TYPE_CHECKING:
    from geodata.workspace import DatelineWorkspace

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[["DatelineWorkspace", Sequence[T]], list[R]]
"""What a process does with a batch: as many answers as items, in order. A function of a module, so that it travels."""
_AHEAD = 2
"""Batches a process may have waiting, so that none idles; what bounds the memory."""
_opened: "list[DatelineWorkspace]" = []


def processes(asked: int, settings: Settings, source: IO[bytes], big_bytes: int) -> int:
    """How many processes to take: as many as asked; where none were asked, one for each core if the file is big.

    A pipe or a terminal gets one: its answers are wanted as the questions come.
    """
    if asked:
        return asked
    try:
        found = os.fstat(source.fileno())
    except OSError:  # no real file: a test's, for example
        return 1
    big = stat.S_ISREG(found.st_mode) and found.st_size >= big_bytes
    return settings.processes if big else 1


def in_processes(items: Iterable[T], work: Work[T, R], settings: Settings, jobs: int, batch: int) -> Iterator[R]:
    """The answers, in the order of the items. GeodataError where a process dies, naming how far the answers go."""
    given = iter(items)
    waiting: deque[Future[list[R]]] = deque()
    answered = 0
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _open, (settings, _stamp(settings)))
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (taken := list(islice(given, batch))):
                waiting.append(pool.submit(_do, work, taken))
            if not waiting:
                return
            found = waiting.popleft().result()
            answered += len(found)
            yield from found
    except BrokenProcessPool as error:
        raise GeodataError(
            f"one of the {jobs} processes ended before its work did, as they do where memory runs out; {answered:,} "
            "answers were written. Ask for fewer with --jobs"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stamp(settings: Settings) -> object:
    from geodata.geocode import stamp_of

    return stamp_of(settings.gazetteer_path)


def _open(settings: Settings, stamp: object) -> None:
    from geodata.workspace import open_workspace

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the processes are what runs side by side
    if _stamp(settings) != stamp:
        raise SetupError("the gazetteer was replaced while the processes started; run the command again")
    _opened.append(open_workspace(settings))


def _do(work: Work[T, R], batch: Sequence[T]) -> list[R]:
    return work(_opened[0], batch)
