"""Long stories: the work grows with the length, and a short story does not wait for a long one."""

import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from geodata.extract.merging import Found, merge
from geodata.extract.nlp import Turns
from geodata.extract.spans import Taken, begun_in, within
from geodata.model import Document, Extraction, Span, Toponym
from geodata.settings import Settings
from geodata.workspace import SHORT_CHARS, DatelineWorkspace

SENTENCES = (
    "Shells hit a {n}-bed clinic in Kherson on {day} March 2022, killing {n} people.",
    "Gunmen attacked convoy number {n} near Lviv on {day} May.",
    "The price of bread rose by {n} per cent and it rained for {day} days.",
)


def long_text(sentences: int) -> str:
    return " ".join(SENTENCES[n % len(SENTENCES)].format(n=n + 2, day=n % 27 + 1) for n in range(sentences))


class Counted:
    """A number that counts how often a place's name is asked for: how much work merging does."""

    def __init__(self) -> None:
        self.asked = 0


@pytest.mark.parametrize("many", [1000, 2000])
def test_merging_looks_at_few_of_the_events_told_before(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from geodata.extract import merging

    counted, plain = Counted(), merging.same_event

    def same_event(one: Found, other: Found) -> bool:
        counted.asked += 1
        return plain(one, other)

    monkeypatch.setattr(merging, "same_event", same_event)
    items = [
        Found("Battles", "Armed clash", Span(n, n + 1), Span(n, n + 1), 1, "", 0, n, toponym=town(n), own_place=True)
        for n in range(many)
    ]
    assert len(merge(items)) == many
    assert counted.asked <= 20 * many


def town(number: int) -> Toponym:
    return Toponym(Span(number, number + 1), f"Town {number}", f"Town {number}", 1.0)


def test_the_same_event_told_again_far_down_is_found_again() -> None:
    items = [
        Found(
            "Battles", "Armed clash", Span(n, n + 1), Span(n, n + 1), 1, "", 0, n, toponym=town(n % 40), own_place=True
        )
        for n in range(80)
    ]
    merged = merge(items)
    assert len(merged) == 40
    assert {item.mentions for item in merged} == {2}


def test_every_sentence_of_a_long_text_is_read(read) -> None:
    text = long_text(300)
    made = read(text)
    found = [toponym.name for toponym in made.toponyms]
    assert (found.count("Kherson"), found.count("Lviv")) == (100, 100)
    assert all(draft.quote.of(text).endswith(".") for draft in made.drafts)


@pytest.mark.parametrize(
    ("span", "inside", "begun"), [((0, 10), 2, 2), ((0, 3), 1, 1), ((4, 7), 0, 1), ((8, 9), 0, 0), ((10, 30), 1, 1)]
)
def test_spans_by_bisection(span: tuple[int, int], inside: int, begun: int) -> None:
    items = [Toponym(Span(a, b), "", "", 1.0) for a, b in ((0, 3), (5, 8), (10, 20))]
    assert len(within(items, Span(*span))) == inside
    assert len(begun_in(items, Span(*span))) == begun


@pytest.mark.parametrize(("span", "free"), [((3, 5), True), ((2, 4), False), ((6, 7), False), ((0, 30), False)])
def test_taken(span: tuple[int, int], free: bool) -> None:
    assert Taken([Span(10, 20), Span(0, 3), Span(5, 8)]).add(Span(*span)) is free


def test_turns_go_to_whoever_waits_longest() -> None:
    turns, order = Turns(), []

    def long() -> None:
        for _ in range(20):
            with turns:
                order.append("long")
                started.set()
                time.sleep(0.01)

    def short() -> None:
        started.wait(5)
        with turns:
            order.append("short")

    started = threading.Event()
    threads = [threading.Thread(target=work) for work in (long, short)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert order.index("short") < 10


def test_a_short_story_is_answered_while_a_long_one_is_read(extractor) -> None:
    next(iter(extractor.extract([Document("warm", "Kyiv.")])))
    ended: dict[str, float] = {}
    drafts = {}

    def read(name: str, text: str) -> None:
        drafts[name] = len(next(iter(extractor.extract([Document(name, text)]))).drafts)
        ended[name] = time.monotonic()

    long = threading.Thread(target=read, args=("long", long_text(900)))
    long.start()
    time.sleep(0.1)
    read("short", "A bomb exploded in Lviv on Monday.")
    long.join(60)
    assert ended["short"] < ended["long"]
    assert drafts["short"] == 1
    assert drafts["long"] > 1


class Held:
    """An extractor that is not done with a long story before `go` is set."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        for document in documents:
            if len(document.text) > SHORT_CHARS:
                self.begun.set()
                assert self.go.wait(10)
            yield Extraction(document, (), ())


def test_the_workspace_drafts_a_short_story_while_a_long_one_is_read(tmp_path: Path) -> None:
    held = Held()

    class Holding(DatelineWorkspace):
        """Its extractor holds long stories until told to go on; nothing of it needs a gazetteer."""

        def readers(self) -> tuple[Held, object]:  # type: ignore[override]
            return held, object()

    workspace = Holding(Settings(data=tmp_path))
    long = threading.Thread(target=workspace.draft, args=(Document("long", "x" * (SHORT_CHARS + 1)),))
    short = threading.Thread(target=workspace.draft, args=(Document("short", "x"),))
    long.start()
    assert held.begun.wait(5)
    short.start()
    short.join(5)
    answered = not short.is_alive()
    held.go.set()
    long.join(10)
    assert answered
