"""A file of rows read at once, for callers that hold its bytes: the same rows as their stream gives."""

import tempfile
from pathlib import Path, PurePath

from geodata.contracts import Importer, Reading, RowProblem
from geodata.contracts.tables import Row, RowImporter
from geodata.errors import UsageError
from geodata.model import Event


def as_reading(rows: RowImporter) -> Importer:
    """The importer of rows as one of bytes. What was changed in a row is told as its problem, as what was rejected."""

    def read(data: bytes, name: str) -> Reading:
        with tempfile.TemporaryDirectory(prefix="dateline-rows-") as folder:
            path = Path(folder) / f"rows{PurePath(name).suffix}"
            path.write_bytes(data)
            source = rows(path, name, None)
            return _reading(name, list(source.rows()), tuple(source.notes))

    return read


def _reading(name: str, rows: list[Row], notes: tuple[str, ...]) -> Reading:
    events: dict[str, Event] = {}
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        told = [str(remark) for remark in row.problems + row.changes]
        if row.event and row.event.event_id in events:
            told.insert(0, f"repeats the id '{row.event.event_id}' of line {first[row.event.event_id]}; left out")
        elif row.event:
            events[row.event.event_id] = row.event
            first[row.event.event_id] = row.line
        if told:
            problems.append(RowProblem(name, row.line, "; ".join(told)))
    if problems and not events:
        raise UsageError(f"{name}: no row could be read; line {problems[0].line}: {problems[0].message}")
    return Reading(events=tuple(events.values()), problems=tuple(problems), notes=notes)
