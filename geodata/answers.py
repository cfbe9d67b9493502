"""Frozen answers to an `EventQuery`: what the index is built from, and what it says of a view of the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geodata.geometry import BBox
from geodata.model import Event


@dataclass(frozen=True, slots=True)
class EventColumns:
    """One list per column, all of one length. Days count from 1970-01-01; None: undated, unplaced."""

    event_id: Sequence[str] = ()
    lon_deg: Sequence[float | None] = ()
    lat_deg: Sequence[float | None] = ()
    start_day: Sequence[int | None] = ()
    end_day: Sequence[int | None] = ()
    event_type: Sequence[str] = ()
    sub_event_type: Sequence[str] = ()
    precision: Sequence[str | None] = ()
    status: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Events too close together to tell apart at a zoom: their mean position, how many of each type, their bounds."""

    lon: float
    lat: float
    count: int
    types: Mapping[str, int]
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Histogram:
    """Dated events per bin of `unit` (day, week from Monday, month or year), from the bin that holds `start` on.

    An event counts once, in the bin of its first possible day.
    """

    unit: str
    start: date | None = None
    counts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class MapView:
    """One round trip's answer for a view.

    `matched` counts the events that answer the whole query, those without date or place as the query says. `types`
    counts by type with every filter but the type's own; `histogram` counts with every filter but the date's.
    `undated` and `unplaced` count the trays: events that answer all the rest of the query (with any bbox left out for
    the unplaced, any datetime left out for the undated). `clusters` and `single_ids` share out the placed events that
    match: every one is in just one cluster, or alone and in `single_ids`.
    """

    matched: int
    types: Mapping[str, int] = field(default_factory=dict)
    histogram: Histogram = field(default_factory=lambda: Histogram("week"))
    undated: int = 0
    unplaced: int = 0
    clusters: Sequence[Cluster] = ()
    single_ids: Sequence[str] = ()


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
