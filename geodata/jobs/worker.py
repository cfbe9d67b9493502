"""What runs in the processes of an import: the models are loaded once, then shared by the processes forked from it.

On Linux one process loads and the workers are its forks, which share its memory: each adds some tens of MB, not
hundreds. Elsewhere every worker loads for itself.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from geodata.errors import GeodataError, SetupError
from geodata.model import Document, Event, StoryDraft
from geodata.pipeline import read_drafts
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace

WARM = Document("warm", "Shelling hit Kyiv on Friday, police said.")
FORKS = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Told:
    """What reading one story gave: its events, or lines about them, or why it could not be read."""

    events: tuple[Event, ...] = ()
    problem: str = ""
    lines: tuple[str, ...] = ()


Tell = Callable[[StoryDraft], Told]
"""What a worker sends of a story that it has read. A function of a module, so that it travels."""


def tell_events(story: StoryDraft) -> Told:
    return Told(story.events)


@dataclass(frozen=True, slots=True)
class Hello:
    """A worker's first word: its process id, or why it cannot work."""

    pid: int
    problem: str = ""


def read_batch(workspace: DatelineWorkspace, documents: Sequence[Document], tell: Tell = tell_events) -> list[Told]:
    """One answer a document, in order. A story that fails takes no other with it; SetupError fails them all."""
    extractor, resolver = workspace.readers()
    try:
        if len(documents) == 1:
            return [tell(workspace.draft(documents[0]))]
        return [tell(draft) for draft in read_drafts(documents, extractor, resolver)]
    except SetupError:
        raise
    # Whatever a text provokes in the parser or the models must not end an import of 100,000 others: it is told.
    except Exception as error:  # noqa: BLE001
        if len(documents) > 1:
            return [told for document in documents for told in read_batch(workspace, [document], tell)]
        return [Told(problem=f"reading it failed ({type(error).__name__}: {error})")]


def room(kind: type[DatelineWorkspace], settings: Settings, ends: Sequence[Connection], tell: Tell) -> None:
    """The first process: loads the models and forks a worker for each connection, then waits for them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that holds the store
    workspace = kind(settings)
    problem = _warm(workspace) if FORKS else ""
    gc.collect()
    gc.freeze()  # what is loaded stays shared: a collection in a worker would write to each of its pages
    context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
    workers = []
    for end in ends:
        others = [other for other in ends if other is not end] if FORKS else []
        given = workspace if FORKS else None
        workers.append(context.Process(target=work, args=(end, others, given, kind, settings, problem, tell)))
        workers[-1].start()
    for end in ends:
        end.close()  # so that a worker's death is seen at the other end
    for worker in workers:
        worker.join()


def _warm(workspace: DatelineWorkspace) -> str:
    """Loads all that reading needs, and leaves no database connection open; what is missing, in words.

    In a thread of its own: the gazetteer's connection is the thread's, and no fork may use its parent's.
    """
    problems: list[str] = []

    def load() -> None:
        try:
            workspace.draft(WARM)
        except GeodataError as error:
            problems.append(str(error))
        finally:
            workspace.close()

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    return "; ".join(problems)


def work(
    end: Connection,
    others: Sequence[Connection],
    workspace: DatelineWorkspace | None,
    kind: type[DatelineWorkspace],
    settings: Settings,
    problem: str,
    tell: Tell,
) -> None:
    """A worker: reads what it is sent until the connection closes, which is also how the importer's death is seen."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    try:
        end.send(Hello(os.getpid(), problem))
        own = workspace or kind(settings)
        while not problem:
            end.send(read_batch(own, end.recv(), tell))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the importer has gone
    except GeodataError as error:
        end.send(Hello(os.getpid(), str(error)))
