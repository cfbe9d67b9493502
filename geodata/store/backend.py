"""The seam between the store and one kind of database: how it is opened, and how it finds places and words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Select
from sqlalchemy.exc import DBAPIError

from geodata.features import FeatureTexts
from geodata.geometry import BBox
from geodata.model import Event
from geodata.shapes import Circle, Polygon

if TYPE_CHECKING:
    from geodata.answers import Ints


class Bulk(Protocol):
    """Many rows of `events` at once, within a transaction that holds the write lock; made by `Backend.bulk`.

    What it writes is what the same rows would be that were written one by one, with all that they are found by.
    """

    @property
    def next_row(self) -> int:
        """The row id that the next event gets; they are given in turn."""
        ...

    def known(self, event_ids: Sequence[str]) -> Mapping[str, int]:
        """The row ids of those of these events that the store has."""
        ...

    def add(self, new_events: Sequence[Event]) -> None:
        """New events, each with another id and none of which the store has, in the rows from `next_row` on."""
        ...

    def remove(self, ranges: Sequence[tuple[int, int]], version: int) -> None:
        """Take out the events of rows from a first to a last, with their sources; nothing is added in the same bulk.

        `version` is the store's that removes them.
        """
        ...

    def pause(self) -> None:
        """Lets other statements write events, before the next `add`."""
        ...


class Backend(Protocol):
    """sqlite.py is one; everything else in geodata/store is the same for all."""

    @property
    def engine(self) -> Engine:
        """Connections that `begin()` a transaction; one whose execution option `writes` is set takes the write lock.

        The option `wait_s` beside it says how long it waits for that lock, where not as long as by default.
        """
        ...

    def in_box(self, box: BBox) -> ColumnElement[bool]:
        """Events placed in a box that does not cross the antimeridian, its edges included."""
        ...

    def in_circle(self, circle: Circle) -> ColumnElement[bool]:
        """Events placed at most so far from its middle; the caller has narrowed them down to its box."""
        ...

    def in_polygon(self, polygon: Polygon) -> ColumnElement[bool]:
        """Events placed inside, by the even-odd rule; the caller has narrowed them down to its box."""
        ...

    def host_of(self, url: ColumnElement[str]) -> ColumnElement[str]:
        """`model.host_of` of a column of addresses."""
        ...

    def has_words(self, text: str, actor: str = "") -> ColumnElement[bool]:
        """Events whose title, quote, place name or actors hold the words of a person's `text`, as `words.holds_words`.

        And, where `actor` is given, whose actors hold its words. One of the two is given.
        """
        ...

    def rows_with_words(self, text: str, actor: str = "") -> Select[tuple[int]]:
        """The row ids of those events."""
        ...

    def feature_texts(self, chosen: Callable[[Connection], "Ints"]) -> Iterator[FeatureTexts]:
        """The GeoJSON features of the rows that `chosen` gives, in its order, all from one state of the store."""
        ...

    def make_ahead(self) -> bool:
        """See `contracts.EventStore.make_ahead`."""
        ...

    def bulk(self, connection: Connection) -> AbstractContextManager[Bulk]:
        """A way to add or take out many events; leaving it without an error completes what they are found by."""
        ...

    def version(self) -> str:
        """The store's own id and the number of writes so far, read as cheaply as the database can."""
        ...

    def tidy(self) -> None:
        """Gives back the disk space that a large write needed, after it or after it was given up; never fails."""
        ...

    def restoring(self, connection: Connection) -> AbstractContextManager[None]:
        """Within it an empty store takes the rows of another as they are; leaving it completes what is made of them.

        That is what events are found by, counts of names, and the numbers that later rows get.
        """
        ...

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """See `contracts.EventStore.watch`."""
        ...

    def is_busy(self, error: DBAPIError) -> bool:
        """Whether another transaction held the write lock for all of the wait."""
        ...

    def explain(self, error: DBAPIError) -> str:
        """What went wrong in words, and what to do about it."""
        ...
