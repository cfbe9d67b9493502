"""What answers are kept of, and what that takes."""

import tracemalloc
from pathlib import Path

from geodata.model import Event, Place
from geodata.settings import Settings
from geodata.workspace import open_workspace
from mapping import asking

EVENTS = 150


def test_a_brief_takes_the_bytes_that_it_has(tmp_path: Path) -> None:
    workspace = open_workspace(Settings(data=tmp_path))
    try:
        workspace.store.save([Event(f"e{i}", "Riots", place=Place("x", i % 90, 10)) for i in range(EVENTS)])
        now = asking.Asking(workspace).now()
        rows = now._index.rows(asking.EventQuery())[1].tolist()
        tracemalloc.start()
        briefs = now.briefs(rows)
        # of what is held, only what was allocated where a brief is made
        kept = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, asking.__file__)])
    finally:
        tracemalloc.stop()
        workspace.close()
    assert len(briefs) == EVENTS
    assert sum(trace.size for trace in kept.traces) < 1_000 * EVENTS
