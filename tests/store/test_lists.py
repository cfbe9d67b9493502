"""Lists of stories and of drafts across stories: what needs a look and why, sorted, paged, by indexes."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geodata.contracts import EventStore
from geodata.errors import UsageError
from geodata.looks import LOOKS, looks_of
from geodata.model import Document, Event, Place, Precision, Source, Status
from geodata.store import open_store
from geodata.store.duplicate_tables import DRAFT, LOOK, WHY
from geodata.timespan import DatePrecision, TimeSpan

DAY = TimeSpan.day(date(2023, 11, 12))
KHERSON = Place("Kherson", 32.6, 46.6)
CLEAN = Event("clean", "Riots", title="Clean", when=DAY, place=KHERSON, doc_id="s1", confidence=0.9)
YEAR = "the text says 2022-11-12, a year before publication (2023-11-13): check"


def story(name: str, title: str, published: date | None = None) -> Document:
    return Document(name, f"Text of {name}.", Source(title=title, publisher="Wire", published=published))


@pytest.mark.parametrize(
    ("event", "looks"),
    [
        (CLEAN, ()),
        (replace(CLEAN, confidence=0.49), ("confidence",)),
        (replace(CLEAN, place=None), ("place",)),
        (replace(CLEAN, place=Place("Sudan", 30, 15, Precision.COUNTRY)), ("place",)),
        (replace(CLEAN, place=Place("Oblast", 33, 46, Precision.ADMIN1)), ()),
        (replace(CLEAN, notes=("'Bucha' could also be Bucha, Rivne, UA",)), ("place",)),
        (replace(CLEAN, when=None), ("date",)),
        (replace(CLEAN, when=TimeSpan(date(2022, 1, 1), date(2022, 12, 31), DatePrecision.YEAR)), ("date",)),
        (replace(CLEAN, when=TimeSpan(date(2022, 1, 1), date(2022, 1, 31), DatePrecision.MONTH)), ()),
        (replace(CLEAN, notes=(YEAR,)), ("year",)),
        (replace(CLEAN, notes=(YEAR,), when=None, place=None, confidence=0.1), LOOKS),
    ],
)
def test_why_a_draft_needs_a_look(store: EventStore, event: Event, looks: tuple[str, ...]) -> None:
    assert looks_of(event) == looks, "the review of a story says the same"
    store.save([event], [story("s1", "One")])
    total, (line,) = store.lists.drafts()
    assert (total, line.event, line.story_title, tuple(line.looks)) == (1, event, "One", looks)
    assert store.lists.drafts(look=True)[0] == bool(looks)
    (kept,) = store.lists.stories()[1]
    assert dict(kept.looks) == dict.fromkeys(looks, 1)
    assert (kept.least, kept.draft) == (event.confidence, 1)
    assert store.lists.stories(look=True)[0] == bool(looks)


@pytest.mark.parametrize("status", [Status.REVIEWED, Status.REJECTED])
def test_what_a_person_decided_needs_no_look(store: EventStore, status: Status) -> None:
    assert looks_of(replace(CLEAN, confidence=0.1, status=status)) == ()
    store.save([replace(CLEAN, confidence=0.1, status=status)], [story("s1", "One")])
    assert store.lists.drafts()[0] == store.lists.stories(look=True)[0] == 0
    (kept,) = store.lists.stories()[1]
    assert (kept.least, dict(kept.looks), kept.draft) == (None, {}, 0)


def test_a_row_of_a_table_is_no_draft_of_a_story(store: EventStore) -> None:
    store.save([replace(CLEAN, doc_id="")])
    assert store.lists.drafts() == (0, ())


@pytest.mark.parametrize(
    ("order", "descending", "names"),
    [
        ("date", True, ["s2", "s1", "s3", "s4"]),
        ("date", False, ["s1", "s2", "s3", "s4"]),
        ("title", False, ["s2", "s3", "s1", "s4"]),
        ("title", True, ["s4", "s1", "s3", "s2"]),
        ("confidence", False, ["s3", "s1", "s2", "s4"]),
        ("confidence", True, ["s2", "s1", "s3", "s4"]),
    ],
)
def test_stories_are_sorted_and_what_has_none_is_last(
    store: EventStore, order: str, descending: bool, names: list[str]
) -> None:
    titles = {"s1": ("C", date(2023, 1, 1)), "s2": ("A", date(2023, 5, 1)), "s3": ("B", None), "s4": ("D", None)}
    events = [
        replace(CLEAN, event_id=f"e{n}", doc_id=name, confidence=share)
        for n, (name, share) in enumerate([("s1", 0.9), ("s1", 0.4), ("s2", 0.6), ("s3", 0.2)])
    ]
    store.save(events, [story(name, title, day) for name, (title, day) in titles.items()])
    total, found = store.lists.stories(order, descending)
    assert total == 4
    assert [line.doc_id for line in found] == names
    paged = [store.lists.stories(order, descending, limit=1, offset=n)[1][0].doc_id for n in range(4)]
    assert paged == names


def test_drafts_across_stories_the_least_sure_first(store: EventStore) -> None:
    shares = {"a": 0.5, "b": 0.2, "c": 0.9, "d": 0.2}
    store.save([replace(CLEAN, event_id=name, doc_id=f"s-{name}", confidence=share) for name, share in shares.items()])
    assert [line.event.event_id for line in store.lists.drafts()[1]] == ["b", "d", "a", "c"]
    assert [line.event.event_id for line in store.lists.drafts(descending=True, limit=2)[1]] == ["c", "a"]
    assert [line.event.event_id for line in store.lists.drafts(look=True, offset=1)[1]] == ["d"]


@pytest.mark.parametrize("order", ["", "size", "title"])
def test_an_order_of_no_kind_is_said(store: EventStore, order: str) -> None:
    with pytest.raises(UsageError, match="accepted: confidence, date"):
        store.lists.drafts(order)


@pytest.mark.parametrize(
    ("index", "columns", "condition"),
    [
        ("drafts_least_sure_first", "event_id, confidence", DRAFT),
        ("looks_by_confidence", "event_id, confidence", f"{DRAFT} AND {LOOK}"),
        ("looks_by_story", "doc_id, confidence", f"{DRAFT} AND {LOOK}"),
    ],
)
def test_lists_are_answered_from_their_indexes(tmp_path: Path, index: str, columns: str, condition: str) -> None:
    open_store(f"sqlite:///{tmp_path / 'store.sqlite'}").close()
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        order = "doc_id, confidence" if index.endswith("story") else "confidence, event_id"
        asked = f"EXPLAIN QUERY PLAN SELECT {columns} FROM events WHERE {condition} ORDER BY {order} LIMIT 50"
        plan = " ".join(row[3] for row in connection.execute(asked))
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_every_reason_is_part_of_the_filter() -> None:
    assert tuple(WHY) == LOOKS
    for condition in WHY.values():
        for part in condition.strip("()").split(" OR "):
            assert part.strip("()").split(" > ")[0].split(" IN ")[0] in LOOK
