"""Rows as their importer made them -> as the store takes them: our types, a title, a place found by its words.

Lazy, some rows at a time. What the same words mean is asked of the geocoder once; what is not found is told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from geodata.contracts import PlaceRow, TableGeocoder
from geodata.contracts.tables import Remark, Row
from geodata.errors import NotFound, shown
from geodata.model import Event, Resolution
from geodata.pipeline import PLACE_WORDS, place_rows, wants_place
from geodata.store.saving import batches
from geodata.taxonomy import Classified, kind_for, titled, with_kind
from geodata.workspace import DatelineWorkspace

BATCH = 1_000
MOST_REMEMBERED = 50_000
"""Places of a table that are asked for once; some 30 MB with their candidates."""
MOST_STRANGE = 1_000
"""Types of a table that are counted and told; a column of free text has one a row."""
TOLD_STRANGE = 5
TOLD_NAMED = 12
Strange = Counter[Classified]


def prepared(
    rows: Iterable[Row],
    workspace: DatelineWorkspace,
    geocoder: TableGeocoder | None = None,
    at_once: int = BATCH,
    strange: Strange | None = None,
) -> Iterator[Row]:
    """The same rows in order; those rejected as they are. `geocoder` stands in for the workspace's own.

    `strange` counts the rows of each type that is not in the taxonomy's own words.
    """
    prepare = _Preparing(workspace, geocoder, Counter() if strange is None else strange)
    for batch in batches(rows, at_once):
        yield from prepare.batch(batch)


def about_types(strange: Strange) -> tuple[str, ...]:
    """What is to be said of types in words that are not the taxonomy's; empty where there were none."""
    named = [(kind, count) for kind, count in strange.most_common() if kind.is_known]
    others = [(kind, count) for kind, count in strange.most_common() if not kind.is_known]
    told = []
    if named:
        said = (
            f"{shown(kind.given)} as {kind.sub_event_type or kind.event_type} ({count:,})"
            for kind, count in named[:TOLD_NAMED]
        )
        told.append(
            f"types in other words than the map's were taken as its own, and stay with each event as type_as_given: "
            f"{'; '.join(said)}{_and_more(named, TOLD_NAMED)}"
        )
    if others:
        listed = (f"{shown(kind.given)} ({count:,})" for kind, count in others[:TOLD_STRANGE])
        told.append(
            f"types that the taxonomy does not have were taken as Strategic developments, Other, and stay with each "
            f"event as type_as_given: {', '.join(listed)}{_and_more(others, TOLD_STRANGE)}"
        )
    return tuple(told)


def _and_more(listed: Sequence[object], told: int) -> str:
    return f" and {len(listed) - told:,} more" if len(listed) > told else ""


class _Preparing:
    def __init__(self, workspace: DatelineWorkspace, geocoder: TableGeocoder | None, strange: Strange) -> None:
        self._workspace, self._geocoder, self._strange = workspace, geocoder, strange
        self._kinds: dict[tuple[str, str], Classified] = {}
        self._changes: dict[tuple[str, str], Remark] = {}
        """What is said of rows of each type that was put to one of ours."""
        self._places: _Remembering | None = None

    def batch(self, rows: Sequence[Row]) -> Iterable[Row]:
        given = [row.event if row.event is None else self._event(row.event) for row in rows]
        asked = [event for event in given if event is not None and event.place is None and wants_place(event)]
        if not asked and all(row.event is event for row, event in zip(rows, given, strict=True)):
            return rows
        return self._made(rows, given, asked)

    def _made(self, rows: Sequence[Row], given: Sequence[Event | None], asked: Sequence[Event]) -> Iterator[Row]:
        found = iter(self._placed(asked))
        for row, event in zip(self._told_types(rows), given, strict=True):
            if event is None:
                yield row
            elif event.place is None and wants_place(event):
                yield _told(row, next(found))
            else:
                yield row if event is row.event else replace(row, event=event)

    def _told_types(self, rows: Sequence[Row]) -> Iterable[Row]:
        """The rows, with what is said of their types."""
        return map(self._told_type, rows) if self._changes else rows

    def _told_type(self, row: Row) -> Row:
        event = row.event
        said = self._changes.get((event.event_type, event.sub_event_type)) if event else None
        return replace(row, changes=(*row.changes, said)) if said else row

    def _event(self, event: Event) -> Event:
        """Most rows are as they are to be; making each anew would take as long as reading it."""
        theirs = event.event_type, event.sub_event_type
        kind = self._kinds.get(theirs) or self._kind(theirs)
        if event.title and not event.doc_id and kind[:2] == theirs and kind.is_known:
            return event
        if kind.given and (kind in self._strange or len(self._strange) < MOST_STRANGE):
            self._strange[kind] += 1
        return titled(with_kind(self._linked(event), kind))

    def _kind(self, theirs: tuple[str, str]) -> Classified:
        if len(self._kinds) > MOST_STRANGE:
            self._kinds.clear()  # a column of free text; what was told of them stays
        kind = self._kinds[theirs] = kind_for(*theirs, self._workspace.event_types)
        if kind.given and kind.is_known and len(self._changes) < MOST_STRANGE:
            said = f"its type {shown(kind.given)} was taken as {kind.event_type}"
            told = f"{said}, {kind.sub_event_type}" if kind.sub_event_type else said
            self._changes[theirs] = Remark("", told, is_minor=True)
        return kind

    def _linked(self, event: Event) -> Event:
        """Without its document and spans where the store does not have that document."""
        if not event.doc_id:
            return event
        try:
            self._workspace.store.document(event.doc_id)
        except NotFound:
            return replace(event, doc_id="", quote_span=None, when_span=None, place_span=None)
        return event

    def _placed(self, events: Sequence[Event]) -> Iterator[Event]:
        if not events:
            return iter(())
        if self._places is None:
            self._places = _Remembering(self._geocoder or self._workspace.table_geocoder)
        return place_rows(events, self._places)


def _told(row: Row, event: Event) -> Row:
    if event.place is not None:
        return replace(row, event=event)
    words = ", ".join(event.properties[name] for name in PLACE_WORDS if event.properties.get(name))
    return replace(row, event=event, changes=(*row.changes, Remark("", f"no place was found for '{words}'")))


class _Remembering:
    """Satisfies TableGeocoder: asks another one for each place of a table once."""

    def __init__(self, geocoder: TableGeocoder) -> None:
        self._geocoder = geocoder
        self._known: dict[tuple[str, str, str, str], Resolution] = {}

    def locate(self, rows: Iterable[PlaceRow]) -> Iterator[Resolution]:
        listed = list(rows)
        new = {_words(row): row for row in listed if _words(row) not in self._known}
        if len(self._known) + len(new) > MOST_REMEMBERED:
            self._known.clear()
            new = {_words(row): row for row in listed}
        self._known.update(zip(new, self._geocoder.locate(new.values()), strict=True))
        return (self._known[_words(row)] for row in listed)


def _words(row: PlaceRow) -> tuple[str, str, str, str]:
    return row.place, row.admin1, row.admin2, row.country
