"""What runs in the workers of a Dask cluster: a workspace as that of the import, loaded once in each worker.

A worker has its own copy of Dateline and of the gazetteer; what people chose that names mean comes with the import. So
its answers are those that the import's own machine would give, and one that would give others is refused.
"""

import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

from geodata.contracts import PlaceRow
from geodata.errors import SetupError
from geodata.jobs.marks import mark_of
from geodata.jobs.worker import Told, read_batch
from geodata.model import Document, PlaceChoice, Resolution
from geodata.settings import Settings
from geodata.workspace import DatelineWorkspace

OWN = "DATELINE_WORKER"
"""Set in workers that were started by `python -m geodata worker`: their environment says where the gazetteer lies."""


@dataclass(frozen=True, slots=True)
class Lent:
    """What an import lends its workers. `mark` is `mark_of` its own workspace."""

    kind: type[DatelineWorkspace]
    settings: Settings
    choices: tuple[PlaceChoice, ...]
    mark: tuple[str, str]


class Reader(WorkerPlugin):
    """A worker's workspace for one import; made at the first question, gone with the import."""

    def __init__(self, lent: Lent) -> None:
        self._lent = lent
        self._workspace: DatelineWorkspace | None = None
        self._problem = ""

    def setup(self, worker: Worker) -> None:
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="dateline-worker-")

    def teardown(self, worker: Worker) -> None:
        with self._lock:
            if self._workspace:
                self._workspace.close()
            self._folder.cleanup()

    def workspace(self) -> DatelineWorkspace:
        """SetupError where this worker would answer otherwise than the import's own machine."""
        with self._lock:
            if self._workspace is None and not self._problem:
                settings = self._settings()
                self._problem = _difference(mark_of(settings), self._lent.mark)
                if not self._problem:
                    made = self._lent.kind(settings)
                    made.choices.remember(self._lent.choices)
                    self._workspace = made
        if self._workspace is None:
            raise SetupError(f"worker {get_worker().address}: {self._problem}")
        return self._workspace

    def _settings(self) -> Settings:
        """The import's, with the choices in a store of its own; where the files lie is for this worker to say."""
        given = replace(self._lent.settings, database_url=f"sqlite:///{Path(self._folder.name) / 'choices.sqlite'}")
        if os.environ.get(OWN):
            own = Settings.from_environment()
            given = replace(given, data=own.data, gazetteer=own.gazetteer)
        return given


def read_stories(name: str, documents: Sequence[Document]) -> list[Told]:
    """One answer a document, in order."""
    return read_batch(_workspace(name), documents)


def locate_rows(name: str, rows: Sequence[PlaceRow]) -> list[Resolution]:
    """One resolution a row, in order."""
    return list(_workspace(name).table_geocoder.locate(rows))


def _workspace(name: str) -> DatelineWorkspace:
    reader = get_worker().plugins[name]
    if not isinstance(reader, Reader):
        raise SetupError(f"the plugin {name} of this worker reads no stories")
    return reader.workspace()


def _difference(here: tuple[str, str], wanted: tuple[str, str]) -> str:
    if here[0] != wanted[0]:
        return "it runs another version of Dateline than the import; use the same one everywhere"
    if here[1] != wanted[1]:
        return (
            "it has another gazetteer than the import, or none; copy gazetteer.sqlite and gazetteer.sqlite.names to it"
        )
    return ""
