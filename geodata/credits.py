"""Whose events they are: the sources of some events with their licence and the words that credit them.

A row's licence and attribution are properties of its event (`licence`, `attribution`), set by its importer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from geodata.model import Event, host_of

LICENCE, ATTRIBUTION = "licence", "attribution"
UNNAMED = "source not named"
Key = tuple[str, str, str]
"""Source, licence, attribution."""


@dataclass(frozen=True, slots=True)
class Credit:
    """A source and how often it is cited; `licence` and `attribution` are empty where its importer knew none."""

    source: str
    licence: str
    attribution: str
    cited: int

    def __str__(self) -> str:
        """A line for people: who, on what terms, how often."""
        known = dict.fromkeys(part.rstrip(".") for part in (self.source, self.attribution, self.licence) if part)
        return f"{'. '.join(known)} ({self.cited:,})"

    def as_dict(self) -> dict[str, object]:
        """Without what is not known."""
        given = {"source": self.source, "licence": self.licence, "attribution": self.attribution}
        return {**{name: text for name, text in given.items() if text}, "cited": self.cited}


@dataclass(slots=True)
class CreditBook:
    """Counts sources as events pass by, so that what writes them need not hold them."""

    counts: Counter[Key] = field(default_factory=Counter)

    def add(self, event: Event) -> Event:
        """The event itself, counted."""
        self.counts.update(keys_of(event))
        return event

    def watch(self, events: Iterable[Event]) -> Iterator[Event]:
        return map(self.add, events)

    def credits(self) -> tuple[Credit, ...]:
        """The most cited first."""
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Credit(*key, count) for key, count in ordered)


def keys_of(event: Event) -> list[Key]:
    """One for each of its sources; one that says so where it has none."""
    licence, attribution = event.properties.get(LICENCE, ""), event.properties.get(ATTRIBUTION, "")
    names = [source.publisher or host_of(source.url) or UNNAMED for source in event.sources] or [UNNAMED]
    return [(name, licence, attribution) for name in names]


def credits_of(events: Iterable[Event]) -> tuple[Credit, ...]:
    """The credits of these events, the most cited first."""
    book = CreditBook()
    for event in events:
        book.add(event)
    return book.credits()
