"""The imports that the page starts: one runs at a time, in a thread of the server; the others wait their turn.

Satisfies `contracts.Imports`. What was running when the server ended is found stopped by the next one, and can go on.
Servers that share a data folder see each other's imports, and can stop them.
"""

import queue
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from types import MappingProxyType

from geodata.contracts import ImportedFile, ImportState, ImportView, RowProblem
from geodata.errors import GeodataError, NotFound, StoreError, UsageError
from geodata.jobs import hold
from geodata.jobs.importing import Import
from geodata.jobs.items import FileTally, Item, Progress, count_of, pieces_of
from geodata.jobs.record import MOST_FILES, MOST_PROBLEMS, ImportRecords
from geodata.jobs.tables import TableProgress
from geodata.sources.intake import TURNED_OFF
from geodata.sources.web import web_address
from geodata.workspace import DatelineWorkspace

WRITE_S = 1.0  # between two records of a running import
LIVE = frozenset({ImportState.WAITING, ImportState.RUNNING})
CAN_RESUME = frozenset({ImportState.STOPPED, ImportState.FAILED})
HELD = "another server is importing this already"
ENDED = "The server ended while this was being imported. What was read is kept."


class _Job:
    """An import of this server: how it stands, what keeps others from it, and the request to stop it."""

    def __init__(self, view: ImportView, items: tuple[Item, ...], held: hold.Hold) -> None:
        self.view, self.items, self.held = view, items, held
        self.stop = threading.Event()
        self.written = 0.0


class ImportDesk:
    """The imports of one workspace. `close` stops what runs; it is found again by the next desk."""

    def __init__(self, workspace: DatelineWorkspace) -> None:
        self._workspace = workspace
        self._records = ImportRecords(workspace.settings.data)
        self._jobs: dict[str, _Job] = {}
        self._waiting: queue.Queue[_Job | None] = queue.Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(
        self,
        uploads: Sequence[tuple[str, Callable[[Path], object]]],
        addresses: Sequence[str] = (),
        mappings: Mapping[str, tuple[str, str]] = MappingProxyType({}),
        dry_run: bool = False,
    ) -> str:
        if not uploads and not addresses:
            raise UsageError("There is nothing to import; accepted: one or more files, or a web address")
        if addresses and not self._workspace.settings.fetch_urls:
            raise UsageError(TURNED_OFF)
        now = datetime.now(UTC)
        import_id = f"{now:%Y%m%d%H%M%S}{secrets.token_hex(4)}"
        items = [Item(str(web_address(address)), address) for address in addresses]
        try:
            for number, (name, write) in enumerate(uploads):
                place = self._records.place(import_id) / "files" / f"{number:05}{_suffix(name)}"
                place.parent.mkdir(parents=True, exist_ok=True)
                write(place)
                told = PurePath(name.replace("\\", "/")).name or f"file {number + 1}"
                items.append(Item(str(place.absolute()), told, *mappings.get(name, ())))
        except OSError as error:
            self._records.remove(import_id)
            raise StoreError(f"the files cannot be kept for the import: {error.strerror or error}") from error
        names = tuple(item.name for item in items)[:MOST_FILES]
        self._start(
            ImportView(import_id, ImportState.WAITING, now, names, total=len(items), dry_run=dry_run), tuple(items)
        )
        return import_id

    def get(self, import_id: str) -> ImportView:
        job = self._mine(import_id)
        if job and job.view.state in LIVE:
            return job.view
        view, _ = self._records.read(import_id)
        if view.state in LIVE and not hold.is_held(self._records.place(import_id)):  # of a server that ended
            # it may have come to its end since it was read
            view, _ = self._records.read(import_id)
            return replace(view, state=ImportState.STOPPED, message=ENDED) if view.state in LIVE else view
        return view

    def latest(self, limit: int = 20) -> Sequence[ImportView]:
        found = []
        for import_id in self._records.ids()[:limit]:
            try:
                found.append(self.get(import_id))
            except NotFound:
                continue  # removed meanwhile
        return tuple(found)

    def stop(self, import_id: str) -> None:
        view, job = self.get(import_id), self._mine(import_id)
        if view.state not in LIVE:
            raise UsageError(f"this import is {view.state}; only one that waits or runs can be stopped")
        if job is None or job.view.state not in LIVE:
            hold.ask_to_stop(self._records.place(import_id))
            return
        job.stop.set()
        if job.view.state is ImportState.WAITING:
            self._change(job, state=ImportState.STOPPED)
            job.held.release()

    def resume(self, import_id: str) -> None:
        view = self.get(import_id)
        if view.state not in CAN_RESUME:
            raise UsageError(f"this import is {view.state}; only one that was stopped or failed can go on")
        fresh = ImportView(
            import_id, ImportState.WAITING, view.made_at, view.names, total=view.total, dry_run=view.dry_run
        )
        self._start(fresh, self._records.read(import_id)[1])

    def remove(self, import_id: str) -> None:
        if self.get(import_id).state in LIVE:
            raise UsageError("this import is running; stop it first")
        with self._lock:
            self._jobs.pop(import_id, None)
        self._records.remove(import_id)

    def _mine(self, import_id: str) -> _Job | None:
        with self._lock:
            return self._jobs.get(import_id)

    def close(self) -> None:
        """Stops what runs, and waits for it a little."""
        with self._lock:
            jobs, thread = list(self._jobs.values()), self._thread
        for job in jobs:
            job.stop.set()
        self._waiting.put(None)
        if thread:
            thread.join(10)
        for job in jobs:
            if job.view.state is ImportState.WAITING:
                job.held.release()

    # The thread that imports

    def _start(self, view: ImportView, items: tuple[Item, ...]) -> None:
        held = hold.take(self._records.place(view.import_id))
        if held is None:
            raise UsageError(HELD)
        job = _Job(view, items, held)
        try:
            self._records.write(view, items)
        except StoreError:
            held.release()
            raise
        with self._lock:
            self._jobs[view.import_id] = job
            self._waiting.put(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="imports", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            if not job.stop.is_set():
                # in a thread of its own, so that an error of ours ends this import and not those that wait
                name = f"import {job.view.import_id}"
                running = threading.Thread(target=self._run, args=(job,), name=name, daemon=True)
                running.start()
                running.join()

    def _run(self, job: _Job) -> None:
        try:
            self._import(job)
        finally:
            job.held.release()

    def _import(self, job: _Job) -> None:
        problems: list[RowProblem] = []
        place = self._records.place(job.view.import_id)

        def tell(progress: Progress) -> None:
            now = time.monotonic()
            is_due = now - job.written > WRITE_S
            self._change(job, is_due, **_counts(progress), files=_files(running), problems=tuple(problems))
            job.written = now if is_due else job.written
            if is_due and hold.is_asked_to_stop(place):
                job.stop.set()

        def report(problem: RowProblem) -> None:
            if len(problems) < MOST_PROBLEMS:
                problems.append(problem)

        dry_run = job.view.dry_run
        running = Import(self._workspace, stop=job.stop.is_set, report=report, tell=tell, dry_run=dry_run)
        if hold.is_asked_to_stop(place):
            job.stop.set()
        try:
            self._change(job, state=ImportState.RUNNING)
            receipt = running.run(pieces_of(self._workspace, job.items), count_of(job.items))
        except GeodataError as error:
            self._change(job, state=ImportState.FAILED, message=str(error))
        else:
            state = ImportState.STOPPED if running.was_stopped else ImportState.DONE
            self._change(job, state=state, receipt=receipt, files=_files(running), problems=tuple(problems))
            if state is ImportState.DONE:
                self._records.drop_files(job.view.import_id)
        finally:
            if job.view.state is ImportState.RUNNING:  # an error of ours: the thread ends, the page says so
                self._change(job, state=ImportState.FAILED, message="an unexpected error; the server's log has it")

    def _change(self, job: _Job, write: bool = True, **changes: object) -> None:
        job.view = replace(job.view, **changes)  # type: ignore[arg-type]
        if write:
            self._records.write(job.view, job.items)


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) < 12 else ""


def _counts(progress: Progress) -> dict[str, int | str]:
    table = progress.table or TableProgress("")
    return {
        "total": progress.total,
        "done": progress.done,
        "stories": progress.stories,
        "known": progress.known,
        "events": progress.events,
        "problem_count": progress.problems,
        "table": table.name,
        "rows": table.rows,
        "done_bytes": table.done_bytes,
        "total_bytes": table.total_bytes,
    }


def _files(job: Import) -> tuple[ImportedFile, ...]:
    listed = list(job.files.items())[:MOST_FILES]
    return tuple(_file(name, each) for name, each in listed)


def _file(name: str, tally: FileTally) -> ImportedFile:
    counts = (tally.stories, tally.events, tally.known, tally.problems)
    if tally.table is None:
        return ImportedFile(name, *counts)
    rows = tally.table.receipt
    outcomes = (rows.added, rows.changed, rows.unchanged, rows.kept, rows.merged, rows.rejected)
    return ImportedFile(name, *counts, rows.rows, *outcomes, tally.table.receipt_file.stem, rows.can_undo)
