"""One import: pieces of files -> stories read by one process or several -> the store, batch by batch, and a receipt.

Each batch is one transaction, so that a stop, a crash or a lost machine keeps whole stories only. A story whose text
and source are in the store already was read before and is passed over: the same import started again goes on where it
ended. Tables of events go in after the stories, each in a transaction of its own: see `tables`.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from geodata.contracts import Reading, Receipt, RowProblem
from geodata.errors import NotFound, UsageError
from geodata.jobs.crew import Crew
from geodata.jobs.items import FileTally, Progress
from geodata.jobs.tables import Stopped, TableFile, TableImport, TableProgress
from geodata.jobs.worker import Told, read_batch
from geodata.model import Document
from geodata.pipeline import identified
from geodata.sources.pieces import Piece
from geodata.workspace import DatelineWorkspace

if TYPE_CHECKING:
    from geodata.jobs.cluster import Cluster

BATCH_CHARS = 30_000
BATCH_STORIES = 32
FEW = 24  # so many stories are read sooner than further processes have loaded their models
KEEP_S = 1.0
MOST_NOTES = 200
MOST_PROBLEMS = 1_000


class Import:
    """One import into a workspace's store. `report` is given each problem at once, `tell` the progress as it moves."""

    def __init__(
        self,
        workspace: DatelineWorkspace,
        *,
        again: bool = False,
        stop: Callable[[], bool] = lambda: False,
        report: Callable[[RowProblem], object] = lambda problem: None,
        tell: Callable[[Progress], object] = lambda progress: None,
        dry_run: bool = False,
        cluster: "Cluster | None" = None,
    ) -> None:
        """`dry_run`: tables are read, and told as always, and nothing of them is kept; stories are not read.

        `cluster` reads the stories and finds the places of rows; else this machine's own processes.
        """
        self.workspace = workspace
        self.was_stopped = False
        self.files: dict[str, FileTally] = {}
        """What became of each file, by its name, in their order."""
        self._again, self._stop, self._report, self._tell = again, stop, report, tell
        self._dry_run, self._cluster = dry_run, cluster
        self._progress = Progress()
        self._seen: set[str] = set()
        self._lines: dict[str, tuple[str, int]] = {}  # where each story that is being read came from
        self._tables: list[TableFile] = []
        self._rows: list[Reading] = []
        self._problems: list[RowProblem] = []
        self._notes: list[str] = []
        self._counts: Counter[str] = Counter()

    def run(self, pieces: Iterable[Piece | TableFile], total: int = 0) -> Receipt:
        """Everything in `pieces` into the store, or as much as was done when `stop` said so."""
        self._progress = replace(self._progress, total=total)
        for documents, told in self._read(self._batches(pieces)):
            self._keep(documents, told)
            if self._stop():
                break
        if self._rows and not self._stop():
            self._keep_rows()
        for table in self._tables:
            if self._stop():
                break
            self._keep_table(table)
        self.was_stopped = self._stop()
        self._tell(self._progress)
        return self._receipt()

    @property
    def known(self) -> int:
        """How many stories were passed over, because they had been read before."""
        return self._progress.known

    # What there is to read

    def _batches(self, pieces: Iterable[Piece | TableFile]) -> Iterator[list[Document]]:
        batch: list[Document] = []
        chars = 0
        for piece in pieces:
            if isinstance(piece, TableFile):
                self.files.setdefault(piece.name, FileTally())
                self._tables.append(piece)
                continue
            for document in self._new_stories(piece):
                if batch and chars + len(document.text) > BATCH_CHARS:
                    yield batch
                    batch, chars = [], 0
                batch.append(document)
                chars += len(document.text)
                if len(batch) >= BATCH_STORIES:
                    yield batch
                    batch, chars = [], 0
            if self._stop():
                return
        if batch:
            yield batch

    def _new_stories(self, piece: Piece) -> Iterator[Document]:
        """The stories of a piece that are to be read; what else is in it is noted."""
        reading = piece.reading
        tally = self.files.setdefault(piece.where, FileTally())
        self._note(*reading.notes)
        for problem in reading.problems:
            self._problem(problem, done=piece.line > 0 or not reading.documents)
        if reading.events:
            self._rows.append(replace(reading, documents=(), problems=(), notes=()))
            tally.events += len(reading.events)
        if not piece.line and len(reading.documents) > 1 and self._progress.total:
            self._step(total=len(reading.documents) - 1)
        for document in map(identified, reading.documents):
            if document.doc_id in self._seen:
                message = f"its text or id ({document.doc_id}) was there before in this import; the first was taken"
                self._problem(RowProblem(piece.where, piece.line, message))
            elif self._is_known(document):
                self._seen.add(document.doc_id)
                tally.known += 1
                self._step(done=1, known=1)
                self._tell(self._progress)
            else:
                self._seen.add(document.doc_id)
                self._lines[document.doc_id] = (piece.where, piece.line)
                yield document

    def _is_known(self, document: Document) -> bool:
        """Whether this very story was read before: the same text, and nothing told of it that is not kept."""
        if self._again:
            return False
        try:
            kept = self.workspace.store.document(document.doc_id)
        except NotFound:
            return False
        new, old = document.source, kept.source
        is_told = any(
            getattr(new, name) and getattr(new, name) != getattr(old, name)
            for name in ("published", "url", "title", "publisher")
        )
        if kept.text != document.text or kept.sample != document.sample or is_told:
            return False
        self._counts["unchanged"] += len(self.workspace.store.events_of(document.doc_id))
        return True

    # Reading and keeping it

    def _read(self, batches: Iterator[list[Document]]) -> Iterator[tuple[Sequence[Document], list[Told]]]:
        """A few stories here, many by several processes; all by the cluster where there is one."""
        if self._cluster:
            yield from self._cluster.read(batches)
            return
        first: list[list[Document]] = []
        while sum(map(len, first)) <= FEW:
            batch = next(batches, None)
            if batch is None:
                break
            first.append(batch)
        workers = self.workspace.settings.processes
        if sum(map(len, first)) <= FEW or workers < 2:
            yield from self._read_here(chain(first, batches))
            return
        with Crew(type(self.workspace), self.workspace.settings, workers, self._stop) as crew:
            yield from crew.read(chain(first, batches))

    def _read_here(self, batches: Iterable[list[Document]]) -> Iterator[tuple[Sequence[Document], list[Told]]]:
        """In this process, a story at a time, so that a stop is heeded soon; kept about once a second."""
        for batch in batches:
            begun, at, told = time.monotonic(), 0, []
            for number, document in enumerate(batch, 1):
                if self._stop():
                    break
                told += read_batch(self.workspace, [document])
                if time.monotonic() - begun > KEEP_S:
                    yield batch[at:number], told
                    begun, at, told = time.monotonic(), number, []
            if told:
                yield batch[at : at + len(told)], told

    def _keep(self, documents: Sequence[Document], told: Sequence[Told]) -> None:
        """A batch into the store, in one transaction; a story that the store refuses is told, and the others kept."""
        good = [(document, each) for document, each in zip(documents, told, strict=True) if not each.problem]
        for document, each in zip(documents, told, strict=True):
            if each.problem:
                self._problem(self._located(document, each.problem))
        try:
            self._save(good)
        except UsageError:
            for one in good:
                try:
                    self._save([one])
                except UsageError as error:
                    self._problem(self._located(one[0], str(error)))
        for document in documents:
            self._lines.pop(document.doc_id, None)
        self._tell(self._progress)

    def _save(self, stories: Sequence[tuple[Document, Told]]) -> None:
        if not stories:
            return
        events = [event for _, told in stories for event in told.events]
        receipt = self.workspace.store.save(events, [document for document, _ in stories])
        self._add(receipt)
        for document, told in stories:
            where, line = self._lines[document.doc_id]
            label = document.source.title or (f"{where}, line {line}" if line else where)
            tally = self.files[where]
            tally.stories += 1
            tally.events += len(told.events)
            self._note(*(f"{label}: {note}" for note in document.notes))
            if not told.events:
                self._note(f"{label}: no event was found in it")
        self._step(done=len(stories), stories=len(stories), events=len(events))

    def _keep_rows(self) -> None:
        """Rows that came by a web address."""
        receipt = self.workspace.import_readings(self._rows)
        self._add(receipt)
        for problem in receipt.problems:
            self._problem(problem, done=False)
        self._step(done=len(self._rows), events=receipt.added + receipt.changed + receipt.unchanged)

    def _keep_table(self, table: TableFile) -> None:
        def report(problem: RowProblem) -> None:
            self._problem(problem, done=False)

        def tell(progress: TableProgress) -> None:
            self._progress = replace(self._progress, table=progress)
            self._tell(self._progress)

        options = {"stop": self._stop, "report": report, "tell": tell, "dry_run": self._dry_run}
        options["cluster"] = self._cluster
        try:
            result = TableImport(self.workspace, table, **options).run()  # type: ignore[arg-type]
        except Stopped:
            return
        except UsageError as error:
            self._problem(RowProblem(table.name, 0, str(error)))
            return
        finally:
            self._progress = replace(self._progress, table=None)
        rows = result.receipt
        here = rows.unchanged + rows.kept
        self._add(Receipt(rows.added, rows.changed, here, 0, rows.undated, rows.unplaced, (), rows.notes))
        self._note(*result.notes)
        tally = self.files[table.name]
        tally.table, tally.events = result, rows.added + rows.changed + here
        self._step(done=1, events=tally.events)

    def _located(self, document: Document, message: str) -> RowProblem:
        where, line = self._lines.get(document.doc_id, (document.source.title or document.doc_id, 0))
        return RowProblem(where, line, message)

    # What is told of it

    def _add(self, receipt: Receipt) -> None:
        for name in ("added", "changed", "unchanged", "stories", "undated", "unplaced"):
            self._counts[name] += getattr(receipt, name)
        self._note(*receipt.notes)

    def _note(self, *notes: str) -> None:
        self._counts["notes"] += len(notes)
        self._notes += notes[: max(0, MOST_NOTES - len(self._notes))]

    def _problem(self, problem: RowProblem, done: bool = True) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)
        if problem.where in self.files:
            self.files[problem.where].problems += 1
        self._report(problem)
        self._step(done=int(done), problems=1)

    def _step(self, **counts: int) -> None:
        now = self._progress
        self._progress = replace(now, **{name: getattr(now, name) + count for name, count in counts.items()})

    def _receipt(self) -> Receipt:
        notes = list(self._notes)
        if self._counts["notes"] > len(notes):
            notes.append(f"and {self._counts['notes'] - len(notes):,} further notes")
        known = self._progress.known
        if known:
            what = "1 story was" if known == 1 else f"{known:,} stories were"
            notes.insert(0, f"{what} read before and not again (--again reads them anew)")
        names = ("added", "changed", "unchanged", "stories", "undated", "unplaced")
        counts = {name: self._counts[name] for name in names}
        return Receipt(**counts, problems=tuple(self._problems), notes=tuple(notes))
