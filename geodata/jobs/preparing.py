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
from geodata.taxonomy import classified, titled
from geodata.workspace import DatelineWorkspace

BATCH = 1_000
MOST_REMEMBERED = 50_000
"""Places of a table that are asked for once; some 30 MB with their candidates."""
MOST_STRANGE = 1_000
"""Types of a table that are counted; a column of free text has one a row."""
TOLD_STRANGE = 5


def prepared(
    rows: Iterable[Row],
    workspace: DatelineWorkspace,
    geocoder: TableGeocoder | None = None,
    at_once: int = BATCH,
    strange: Counter[str] | None = None,
) -> Iterator[Row]:
    """The same rows in order; those rejected as they are. `geocoder` stands in for the workspace's own.

    `strange` counts the rows of each type that the taxonomy does not have.
    """
    prepare = _Preparing(workspace, geocoder, Counter() if strange is None else strange)
    for batch in batches(rows, at_once):
        yield from prepare.batch(batch)


def about_types(strange: Counter[str]) -> tuple[str, ...]:
    """What is to be said of types that the taxonomy does not have; empty where there were none."""
    named = [f"{shown(name)} ({count:,})" for name, count in strange.most_common(TOLD_STRANGE) if count]
    if not named:
        return ()
    more = f" and {len(strange) - len(named):,} more" if len(strange) > len(named) else ""
    return (
        f"types that the taxonomy does not have were taken as Strategic developments, Other, and stay with each event "
        f"as type_as_given: {', '.join(named)}{more}",
    )


class _Preparing:
    def __init__(self, workspace: DatelineWorkspace, geocoder: TableGeocoder | None, strange: Counter[str]) -> None:
        self._workspace, self._geocoder, self._strange = workspace, geocoder, strange
        self._ours: dict[tuple[str, str], bool] = {}
        self._places: _Remembering | None = None

    def batch(self, rows: Sequence[Row]) -> Iterable[Row]:
        given = [row.event if row.event is None else self._event(row.event) for row in rows]
        asked = [event for event in given if event is not None and event.place is None and wants_place(event)]
        if not asked and all(row.event is event for row, event in zip(rows, given, strict=True)):
            return rows
        return self._made(rows, given, asked)

    def _made(self, rows: Sequence[Row], given: Sequence[Event | None], asked: Sequence[Event]) -> Iterator[Row]:
        found = iter(self._placed(asked))
        for row, event in zip(rows, given, strict=True):
            if event is None:
                yield row
            elif event.place is None and wants_place(event):
                yield _told(row, next(found))
            else:
                yield row if event is row.event else replace(row, event=event)

    def _event(self, event: Event) -> Event:
        """Most rows are as they are to be; making each anew would take as long as reading it."""
        if event.title and not event.doc_id and self._is_ours(event):
            return event
        ours = classified(self._linked(event), self._workspace.event_types)
        given = ours.properties.get("type_as_given", "") if ours.properties is not event.properties else ""
        if given and (given in self._strange or len(self._strange) < MOST_STRANGE):
            self._strange[given] += 1
        return titled(ours)

    def _is_ours(self, event: Event) -> bool:
        kind = event.event_type, event.sub_event_type
        if kind not in self._ours:
            self._ours[kind] = classified(event, self._workspace.event_types) == event
        return self._ours[kind]

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
