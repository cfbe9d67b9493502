"""Frozen answers to an `EventQuery`: what the index is built from, and what it says of a view of the map."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from geodata.errors import UsageError, shown
from geodata.geometry import BBox
from geodata.model import Event

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.integer[Any]]

UNKNOWN = -(2**31)
"""Stands in the columns of days and positions for what an event does not have."""
E7 = 10_000_000
"""Positions are kept as whole numbers of 1e-7 degrees, 1 cm."""
UNDATED = "undated"
_KEY = re.compile(rf"(\d{{4}}-\d{{2}}-\d{{2}}|{UNDATED}),(\d{{1,18}})", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A column of texts of which there are few: row i has `names[code[i]]`."""

    names: tuple[str, ...]
    code: "Ints"


@dataclass(frozen=True, slots=True, eq=False)
class EventColumns:
    """One numpy array per column, all of one length, in any order; `row_id` is the store's own number of an event.

    Positions are whole numbers of 1e-7 degrees, days count from 1970-01-01; `UNKNOWN`: unplaced, undated. `precision`
    is empty for the unplaced. `source` is the publisher of the first source (`model.publisher_of`), empty where there
    is none. `fatalities` is the figure that counts (`model.Fatalities.figure`), -1 where there is none.
    """

    row_id: "Ints"
    lon_e7: "Ints"
    lat_e7: "Ints"
    start_day: "Ints"
    end_day: "Ints"
    event_type: Named
    sub_event_type: Named
    precision: Named
    status: Named
    source: Named
    fatalities: "Ints"
    version: str = ""
    """The store's version that this is of."""

    def __len__(self) -> int:
        return len(self.row_id)


@dataclass(frozen=True, slots=True, eq=False)
class StoreChanges:
    """What happened to the events of a store since a version: `touched` are the row ids that were added, changed or
    removed, in ascending order; `columns` holds those of them that are there now, and the version reached.
    """

    touched: "Ints"
    columns: EventColumns


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the events reach, rejected ones left out; None where nothing is dated, placed.

    `first` and `last` are days that events can have started on, `end` the last day that any can have lasted to;
    `bbox` is drawn around every placed event.
    """

    first: date | None = None
    last: date | None = None
    end: date | None = None
    bbox: BBox | None = None


@dataclass(frozen=True, slots=True)
class RowKey:
    """An event's place in the order of lists: its first day (None: undated) and its row id."""

    day: date | None
    row: int

    @classmethod
    def of(cls, day: int | None, row: int) -> Self:
        """`day` counts from 1970-01-01."""
        return cls(None if day is None else date.fromordinal(_EPOCH + day), row)

    @classmethod
    def from_param(cls, name: str, text: str) -> Self:
        """`2022-03-05,1234` or `undated,1234`, as links have it. UsageError says so of anything else."""
        match = _KEY.fullmatch(text.strip())
        try:
            if not match:
                raise ValueError("no key")
            return cls(None if match[1] == UNDATED else date.fromisoformat(match[1]), int(match[2]))
        except ValueError as error:
            raise UsageError(
                f"{name} {shown(text)} is not accepted; accepted: a day and a number, as links have it: 2022-03-05,1234"
            ) from error

    def __str__(self) -> str:
        return f"{self.day or UNDATED},{self.row}"


@dataclass(frozen=True, slots=True, eq=False)
class RowPage:
    """A page of a list: how many events answer in all, the row ids of the page, and the places of its two ends.

    `has_before` and `has_after` say whether there is more on either side.
    """

    total: int
    rows: "Ints"
    first: RowKey | None = None
    last: RowKey | None = None
    has_before: bool = False
    has_after: bool = False


TILE_EXTENT = 4096
"""Units across a vector tile."""


@dataclass(frozen=True, slots=True)
class TileAt:
    """A tile of the Web Mercator square: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int


@dataclass(frozen=True, slots=True, eq=False)
class TileRows:
    """The placed events of a tile: `rows` one by one, and where they are too many, the rest as counts by cell and type.

    `x` and `y` are units of the tile from its north-western corner (`TILE_EXTENT` across), of the events first and then
    of the counts. Names stand in the order of the rows; days count from 1970-01-01, `UNKNOWN`: undated. `total` is how
    many events there are in all: none is left out.
    """

    total: int
    x: "Ints"
    y: "Ints"
    rows: "Ints"
    event_type: Named
    sub_event_type: Named
    precision: Named
    status: Named
    start_day: "Ints"
    end_day: "Ints"
    counts: "Ints"
    count_types: Named


@dataclass(frozen=True, slots=True)
class Cluster:
    """Events too close together to tell apart at a zoom: their mean position, how many of each type, their bounds.

    `precision` is empty, or the rank of an area when the zoom shows it as one: then all events are known no closer than
    that area, in whose middle they lie, and `row_id` is one of them.
    """

    lon: float
    lat: float
    count: int
    types: Mapping[str, int]
    bbox: BBox
    precision: str = ""
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class Histogram:
    """Dated events per bin of `unit` (day, week from Monday, month or year), from the bin that holds `start` on.

    In `counts` and `by_type` an event counts once, in the bin of its first possible day. `surely` counts in each bin
    the events all of whose days lie in it, `possibly` those of which some day does. `by_type` is empty where it was
    not asked for.
    """

    unit: str
    start: date | None = None
    counts: Sequence[int] = ()
    surely: Sequence[int] = ()
    possibly: Sequence[int] = ()
    by_type: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MapView:
    """One round trip's answer for a view.

    `matched` counts the events that answer the whole query, those without date or place as the query says. `types`
    and `sub_types` count with every filter but those two, `statuses` with every filter but the status, `histogram`
    with every filter but the date's. `undated` and `unplaced` count the trays: events that answer all the rest of the
    query (with any bbox left out for the unplaced, any datetime left out for the undated). `clusters` and
    `single_rows` (row ids) share out the placed events that match: every one is in just one cluster, or alone.
    """

    matched: int
    types: Mapping[str, int] = field(default_factory=dict)
    histogram: Histogram = field(default_factory=lambda: Histogram("week"))
    undated: int = 0
    unplaced: int = 0
    clusters: Sequence[Cluster] = ()
    single_rows: Sequence[int] = ()
    sub_types: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spot:
    """Events at one and the same position; `row_id` is one of them, to ask the store for the place's name."""

    row_id: int
    lon: float
    lat: float
    count: int


@dataclass(frozen=True, slots=True)
class Charts:
    """What the charts beside the map show, of the events that answer the whole query, but for the date the histogram.

    `histogram` has its `by_type`; `spots` are the positions and `sources` the publishers with the most events, the
    most first; events without a publisher are under "".
    """

    matched: int
    histogram: Histogram = field(default_factory=lambda: Histogram("week"))
    spots: Sequence[Spot] = ()
    sources: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """The placed events that match, counted in square cells of the Web Mercator plane: a cell's middle in degrees and
    its count, each a list of one length. `cell_px` is the side of a cell at the zoom asked for.
    """

    cell_px: float = 0.0
    lon: Sequence[float] = ()
    lat: Sequence[float] = ()
    count: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class KeptStory:
    """One line of the list of stories in the store: what to cite it by, and its events counted by status.

    `least` is the least confidence of its drafts, None without any; `looks` counts them by `looks.LOOKS`, no zeros.
    """

    doc_id: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    published: date | None = None
    sample: bool = False
    draft: int = 0
    reviewed: int = 0
    rejected: int = 0
    least: float | None = None
    looks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of the list of drafts across stories: the event, its story's title, and why it should be looked at."""

    event: Event
    story_title: str = ""
    looks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two events of different stories that are likely one: the score 0..1, and what speaks for it and against it."""

    first: Event
    second: Event
    score: float
    reasons: Sequence[str] = ()
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """An event merged away, as it was, and the id of the one that holds it. `merged_at` is an instant of ISO 8601."""

    merge_id: int
    survivor_id: str
    merged: Event
    merged_at: str
