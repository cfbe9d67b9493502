"""An index that is extended answers as one that is built anew; the one before goes on answering as it did."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.answers import EventColumns, StoreChanges
from geodata.geometry import BBox
from geodata.index import ColumnIndex, parts
from geodata.index.layout import Layout
from geodata.model import Event, Place, Source, Status
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.timespan import Interval, TimeSpan
from geodata.workspace import DatelineWorkspace, open_workspace
from tests.columns import columns_of
from tests.index.test_columns import allowed_rows
from tests.random_events import plain_events, queries


def changed(before: Sequence[Event], after: Sequence[Event | None]) -> StoreChanges:
    """From row i holding before[i] to it holding after[i]; None: removed."""
    there = {row: event for row, event in enumerate(after) if event is not None}
    old = dict(enumerate(before))
    touched = sorted(row for row in {*there, *old} if there.get(row) != old.get(row))
    now = [row for row in touched if row in there]
    columns = replace(columns_of([there[row] for row in now]), row_id=np.array(now, dtype=np.int64))
    return StoreChanges(np.array(touched, dtype=np.int64), columns)


def fresh(events: Sequence[Event | None]) -> EventColumns:
    rows = [row for row, event in enumerate(events) if event is not None]
    return replace(columns_of([event for event in events if event]), row_id=np.array(rows, dtype=np.int64))


def plain(layout: Layout) -> list[tuple[object, ...]]:
    """Every row with names instead of numbers, in order of row ids."""
    kinds, kind = layout.kinds, layout.kind
    names = (kinds.event_type, kinds.sub_event_type, kinds.precision, kinds.status)
    columns = [
        layout.row_id.tolist(),
        layout.lon.tolist(),
        layout.lat.tolist(),
        layout.code.tolist(),
        layout.days[layout.start].tolist(),
        kinds.days[kind].tolist(),
        layout.deaths.tolist(),
        [layout.sources[number] for number in layout.source],
        *([table.names[number] for number in table.code[kind]] for table in names),
    ]
    return sorted(zip(*columns, strict=True))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plain_events(), plain_events(), st.data(), queries)
def test_extended_equals_built(
    before: list[Event], others: list[Event], data: st.DataObject, query: EventQuery
) -> None:
    after: list[Event | None] = [data.draw(st.sampled_from([event, event, None, *others[:2]])) for event in before]
    after += others[2:]
    first = ColumnIndex.build(columns_of(before))
    was = plain(first.layout)
    extended, built = first.extended(changed(before, after)), ColumnIndex.build(fresh(after))
    assert plain(extended.layout) == plain(built.layout)
    assert plain(first.layout) == was
    rows = allowed_rows([event or Event("", "") for event in after], query)
    for index in (extended, built):
        check_order(index.layout)
    one, other = extended.view(query, 4, rows), built.view(query, 4, rows)
    assert sorted(map(repr, one.clusters)) == sorted(map(repr, other.clusters))
    assert (one.matched, one.types, one.histogram, one.undated) == (
        other.matched,
        other.types,
        other.histogram,
        other.undated,
    )
    assert extended.rows(query, rows)[1].tolist() == built.rows(query, rows)[1].tolist()
    assert extended.extent() == built.extent()


def check_order(layout: Layout) -> None:
    """Rows lie group by group, in parts along the curve, by day within each; blocks know their bounds."""
    group = layout.kinds.group[layout.kind]
    assert np.bincount(group, minlength=len(layout.group_first) - 1).tolist() == np.diff(layout.group_first).tolist()
    assert np.all(np.diff(group) >= 0)
    cut, blocks = layout.parts, layout.blocks
    assert cut.first[-1] == blocks.first[-1] == len(layout)
    for number, (a, b) in enumerate(pairwise(cut.first.tolist())):
        assert set(group[a:b].tolist()) <= {int(cut.group[number])}
        assert np.all(np.diff(layout.start[a:b].astype(int)) >= 0)
        assert np.all(layout.code[a:b] >= cut.code[number])
        last = number + 1 == len(cut.group) or cut.group[number + 1] != cut.group[number]
        assert last or np.all(layout.code[a:b] <= cut.code[number + 1])
    for a, b, oldest, latest in zip(blocks.first[:-1], blocks.first[1:], blocks.oldest, blocks.latest, strict=True):
        assert (oldest, latest) == (layout.start[a:b].min(), layout.start[a:b].max())


def test_parts_that_have_grown_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BLOCK", 4)
    monkeypatch.setattr("geodata.index.layout.BLOCK", 4)
    before: list[Event] = []
    index = ColumnIndex.build(columns_of(before))
    for step in range(12):
        days = [TimeSpan.day(date(2022, 1, 1 + (step * 7 + at * 3) % 28)) for at in range(40)]
        spots = [Place("x", (step * 37 + at * 11) % 360 - 180, at - 20) for at in range(40)]
        more = [Event(f"{step}-{at}", "Riots", when=days[at], place=spots[at]) for at in range(40)]
        index = index.extended(changed(before, [*before, *more]))
        before += more
        check_order(index.layout)
    built = ColumnIndex.build(columns_of(before))
    most = parts.rows_of_part(built.layout.kinds, 0, len(before))
    assert np.diff(index.layout.parts.first).max() <= 2 * most
    assert len(built.layout.parts.group) > 5
    assert plain(index.layout) == plain(built.layout)
    week = EventQuery(datetime=Interval(date(2022, 1, 5), date(2022, 1, 11)), bbox=BBox(-20, -10, 90, 10))
    assert index.rows(week)[1].tolist() == built.rows(week)[1].tolist() != []


def test_names_days_and_figures_that_are_new_find_room() -> None:
    before = [Event("a", "Battles", place=Place("x", 1, 2)), Event("b", "Riots", when=TimeSpan.day(date(2022, 1, 1)))]
    index = ColumnIndex.build(columns_of(before))
    for step in range(300):  # more sources and days than one byte numbers
        event = Event(
            f"n{step}",
            f"Type {step % 7}",
            when=TimeSpan(date(1900 + step % 120, 1, 1), date(1900 + step % 120, 1, 1 + step % 20)),
            sources=(Source(publisher=f"Paper {step}"),),
        )
        index = index.extended(changed(before, [*before, event]))
        before.append(event)
    assert plain(index.layout) == plain(ColumnIndex.build(columns_of(before)).layout)
    assert index.rows(EventQuery(source=("Paper 299",)))[1].tolist() == [301]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[DatelineWorkspace]:
    opened = open_workspace(Settings(data=tmp_path))
    yield opened
    opened.close()


def events(count: int, start: int = 0, kind: str = "Riots") -> list[Event]:
    return [Event(f"e{i}", kind, place=Place("x", i % 90, 10)) for i in range(start, start + count)]


def test_the_workspace_extends_its_index(workspace: DatelineWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.store.save(events(200))
    first = workspace.index()
    with monkeypatch.context() as patch:
        patch.setattr(ColumnIndex, "build", None)  # whoever builds anew fails
        workspace.store.save(events(10, 195, "Battles"))
        second = workspace.index()
        workspace.store.set_status(["e0"], Status.REJECTED)
        third = workspace.index()
    assert [index.rows(EventQuery())[0] for index in (first, second, third)] == [200, 205, 204]
    assert third.view(EventQuery(), 1).types == {"Riots": 194, "Battles": 10}


def test_another_process_and_a_restart(workspace: DatelineWorkspace, tmp_path: Path) -> None:
    workspace.store.save(events(20))
    workspace.index()
    other = open_workspace(Settings(data=tmp_path))
    other.store.save(events(5, 100))
    assert workspace.index().rows(EventQuery())[0] == other.index().rows(EventQuery())[0] == 25
    other.close()


def test_threads_share_an_index_that_is_extended(workspace: DatelineWorkspace) -> None:
    """Readers see only whole changes: each save adds ten events here and takes as many from there."""
    west, east = EventQuery(bbox=BBox(-60, 0, -50, 20)), EventQuery(bbox=BBox(0, 0, 90, 20))
    workspace.store.save(events(200))
    failures: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            index = workspace.index()
            counts = [index.rows(query, limit=0)[0] for query in (west, east)]
            view = index.view(EventQuery(), 2)
            placed = sum(cluster.count for cluster in view.clusters) + len(view.single_rows)
            if sum(counts) != 200 or placed != 200 or counts[0] % 10:
                failures.append((counts, placed))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(10):
        moved = [replace(event, place=Place("y", -55, 10)) for event in events(10, 10 * step)]
        workspace.store.save(moved)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert workspace.index().rows(west, limit=0)[0] == 100
