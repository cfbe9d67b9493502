"""The entries of the history that are of events, one for each event, in the order of their numbers.

An import of a table keeps one entry for all the rows that it added; here each of these rows has an entry of its own,
with its own number (see `schema.history`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from geodata.errors import Gone, UsageError, shown
from geodata.model import stable_id
from geodata.store.columns import version_in
from geodata.store.schema import events, history

ROWS = "rows"
OF_EVENTS = history.c.kind.not_in(("document", "choice"))
"""Said as what it is not, or the database would take the index by kind and sort the whole history."""
_FORM = re.compile(r"([0-9a-zA-Z]{1,40})-(\d{1,12})(?:\.(\d{1,15})\.([0-9a-z]{8}))?")
MOST_NUMBER = 2**31 - 1
"""Of an entry, in every database."""
_BACK = "taken out of "
_MERGED = "merged into "
"""Actions that merging writes in words."""
ACCEPTED = "accepted: the `cursor` or the `next` link of an earlier answer, a version of the store, `now`, or nothing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one event. `number` grows with time; `mark` tells it from another store's with that number."""

    number: int
    version: int
    changed_at: datetime
    action: str
    event_id: str
    before: str | None
    mark: str

    @property
    def into(self) -> str:
        """The event that this one was merged into."""
        return self.action.removeprefix(_MERGED) if self.action.startswith(_MERGED) else ""

    @property
    def kind(self) -> str:
        """What it means to who follows: added, changed or removed."""
        if self.action == "removed" or self.into:
            return "removed"
        return "added" if self.action == "added" or self.action.startswith(_BACK) else "changed"


def entries(connection: Connection, after: int, most: int) -> list[Entry]:
    """At most so many entries behind a number."""
    found: list[Entry] = []
    while len(found) < most:
        chosen = select(history).where(OF_EVENTS, history.c.history_id > after).order_by(history.c.history_id)
        rows = connection.execute(chosen.limit(most)).mappings().all()
        for row in rows:
            found += _single(row) if row["kind"] != ROWS else _of_rows(connection, row, after, most - len(found))
            after = row["history_id"]
            if len(found) >= most:
                break
        if len(rows) < most:
            break
    return found[:most]


def cursor_of(store_id: str, entry: Entry) -> str:
    return f"{store_id}-{entry.version}.{entry.number}.{entry.mark}"


def last_cursor(connection: Connection) -> str:
    """The cursor behind the last change of an event."""
    store_id = version_in(connection).rpartition("-")[0]
    latest = select(history).where(OF_EVENTS).order_by(history.c.history_id.desc()).limit(1)
    row = connection.execute(latest).mappings().first()
    return f"{store_id}-{row['version']}.{row['history_id']}.{_mark(row)}" if row else f"{store_id}-0.0.00000000"


def number_of(connection: Connection, cursor: str) -> int:
    """The number of the entry that a cursor or a version stands behind; 0 is before the first."""
    if not cursor:
        return 0
    match = _FORM.fullmatch(cursor)
    if not match:
        raise UsageError(f"since {shown(cursor)} is no cursor; {ACCEPTED}")
    store_id, version, number, mark = match.groups()
    now_id, _, now = version_in(connection).rpartition("-")
    if store_id != now_id:
        raise Gone(f"since {shown(cursor)} is of another store; read all events again, then follow from `since=now`")
    # a database may not even compare with a number that its column cannot hold
    known = int(version) <= int(now) and int(number or 0) <= MOST_NUMBER
    place = 0
    if known:
        place = _behind_version(connection, int(version)) if number is None else int(number)
        known = (
            _is_known(connection, place, int(version), mark) if number is not None else bool(place) or version == "0"
        )
    if not known:
        raise Gone(
            f"since {shown(cursor)} is of a time that this store does not know (it was put back from a copy, or its "
            "history was cut); read all events again, then follow from `since=now`"
        )
    return place


def _behind_version(connection: Connection, version: int) -> int:
    latest = select(history.c.history_id).where(history.c.version <= version)
    last = latest.order_by(history.c.version.desc(), history.c.history_id.desc()).limit(1)
    return int(connection.execute(last).scalar() or 0)


def _is_known(connection: Connection, number: int, version: int, mark: str) -> bool:
    """Whether the entry of that number is the one that was seen."""
    if number == 0:
        return True
    holding = select(history).where(history.c.history_id >= number).order_by(history.c.history_id).limit(1)
    row = connection.execute(holding).mappings().first()
    return row is not None and first_number(row) <= number and row["version"] == version and _mark(row) == mark


def first_number(row: Mapping[Any, Any]) -> int:
    """Of the numbers that an entry of many rows stands for."""
    last = int(row["history_id"])
    return last - (row["last_row"] - row["first_row"]) if row["kind"] == ROWS else last


def _mark(row: Mapping[Any, Any]) -> str:
    return stable_id(row["item_id"], row["changed_at"])[:8]


def _single(row: Mapping[Any, Any]) -> list[Entry]:
    at = datetime.fromisoformat(row["changed_at"])
    return [Entry(row["history_id"], row["version"], at, row["action"], row["item_id"], row["before"], _mark(row))]


def _of_rows(connection: Connection, row: Mapping[Any, Any], after: int, most: int) -> Iterator[Entry]:
    """The entries of rows that are still there; of those that went since, a later entry says so."""
    shift = row["history_id"] - row["last_row"]
    first = max(row["first_row"], after + 1 - shift)
    chosen = select(events.c.row_id, events.c.event_id).where(events.c.row_id.between(first, row["last_row"]))
    at = datetime.fromisoformat(row["changed_at"])
    for row_id, event_id in connection.execute(chosen.order_by(events.c.row_id).limit(most)):
        yield Entry(row_id + shift, row["version"], at, row["action"], event_id, None, _mark(row))
