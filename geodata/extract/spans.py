"""Spans in text order, looked up by bisection: a long story has thousands, so nothing may go through all for each."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from geodata.model import Span


class Spanned(Protocol):
    @property
    def span(self) -> Span: ...


T = TypeVar("T", bound=Spanned)


def within(items: Sequence[T], span: Span) -> Sequence[T]:
    """The items of a sequence in text order that lie wholly in `span`."""
    return [item for item in begun_in(items, span) if item.span.end <= span.end]


def begun_in(items: Sequence[T], span: Span) -> Sequence[T]:
    """The items of a sequence in text order whose first character lies in `span`."""
    first = bisect_left(items, span.start, key=_start)
    return items[first : bisect_left(items, span.end, lo=first, key=_start)]


def _start(item: Spanned) -> int:
    return item.span.start


class Taken:
    """Spans of which no two overlap."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        for span in spans:
            self.add(span)

    def overlaps(self, span: Span) -> bool:
        """Whether any of the spans shares a character with `span`."""
        at = bisect_left(self._spans, span)
        return any(other.overlaps(span) for other in self._spans[max(0, at - 1) : at + 1])

    def add(self, span: Span) -> bool:
        """Take the span where it is free; False where another has some of it."""
        if self.overlaps(span):
            return False
        insort(self._spans, span)
        return True
