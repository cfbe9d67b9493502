"""What people chose that a name means, as the store keeps it. Satisfies contracts.ChoiceBook.

Each change is a transaction with its history, so that the last one of a choice can be taken back, also later and by
another process. The choices of one version of the store are read once.
"""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select

from geodata.model import Place, PlaceChoice, Precision
from geodata.store.rows import PLACE_FIELDS, Fields, Row, before_json
from geodata.store.saving import Changes, missing
from geodata.store.schema import history, place_choices

KIND = "choice"
_BY_ID = select(place_choices)
_LATEST = (place_choices.c.chosen_at.desc(), place_choices.c.name, place_choices.c.choice_id)


class Connections(Protocol):
    """What the choices need of the store that they are part of."""

    def reading(self) -> AbstractContextManager[Connection]: ...

    def writing(self) -> AbstractContextManager[Connection]: ...

    def tidied(self) -> AbstractContextManager[None]: ...

    def version(self) -> str: ...


class SqlChoices:
    """Safe to share between threads and processes: the last word on a name wins, the history has the one before."""

    def __init__(self, store: Connections) -> None:
        self._store = store
        self._known: tuple[str, Sequence[PlaceChoice]] = ("", ())

    def known(self) -> Sequence[PlaceChoice]:
        version = self._store.version()
        if self._known[0] != version:
            with self._store.reading() as connection:
                found = tuple(map(choice_of, connection.execute(_BY_ID.order_by(*_LATEST)).mappings()))
            # Most writes are of events: the same object says that what was made from it still holds.
            self._known = version, self._known[1] if found == self._known[1] else found
        return self._known[1]

    def get(self, choice_id: str) -> PlaceChoice:
        with self._store.reading() as connection:
            row = _row(connection, choice_id)
        return choice_of(row) if row else missing("choice", choice_id)

    def remember(self, choices: Sequence[PlaceChoice]) -> Sequence[PlaceChoice]:
        with self._store.writing() as connection:
            changes = Changes(connection)
            kept = [choice for choice in choices if _put(changes, choice)]
            changes.close()
        return kept

    def forget(self, choice_id: str) -> PlaceChoice:
        with self._store.writing() as connection:
            row = _row(connection, choice_id) or missing("choice", choice_id)
            changes = Changes(connection)
            _replace(changes, choice_id, row, None)
            changes.close()
        return choice_of(row)

    def undo(self, choice_id: str) -> PlaceChoice | None:
        last = select(history.c.before).where(history.c.kind == KIND, history.c.item_id == choice_id)
        with self._store.writing() as connection:
            said = connection.execute(last.order_by(history.c.history_id.desc()).limit(1)).first()
            if said is None:
                missing("change of a choice", choice_id)
            before: Row | None = json.loads(said.before) if said.before else None
            changes = Changes(connection)
            _replace(changes, choice_id, _row(connection, choice_id), before)
            changes.close()
        return choice_of(before) if before else None


def _put(changes: Changes, choice: PlaceChoice) -> bool:
    """Keeps a choice; False where it was kept so already, whenever that was."""
    row, there = choice_row(choice), _row(changes.connection, choice.choice_id)
    if there and choice_of(there).place == choice.place:
        return False
    _replace(changes, choice.choice_id, there, row)
    return True


def _replace(changes: Changes, choice_id: str, there: Row | None, row: Row | None) -> None:
    if there:
        changes.connection.execute(delete(place_choices).where(place_choices.c.choice_id == choice_id))
    if row:
        changes.connection.execute(insert(place_choices).values(row))
    action = "removed" if row is None else "changed" if there else "added"
    changes.record(KIND, [(choice_id, action, before_json(there) if there else None)])


def _row(connection: Connection, choice_id: str) -> Row | None:
    row = connection.execute(_BY_ID.where(place_choices.c.choice_id == choice_id)).mappings().first()
    return dict(row) if row else None


def choice_row(choice: PlaceChoice) -> Row:
    """Every column of `place_choices`."""
    place = choice.place
    return {
        "choice_id": choice.choice_id,
        "name": choice.name,
        "key": choice.key,
        "level": choice.level,
        "chosen_at": choice.chosen_at.astimezone(UTC).isoformat(timespec="seconds"),
        "doc_id": choice.doc_id,
        "place_name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "precision": str(place.precision),
        **{name: getattr(place, name) for name in PLACE_FIELDS},
    }


def choice_of(row: Fields) -> PlaceChoice:
    """The choice of a row of `place_choices`."""
    place = Place(
        name=row["place_name"],
        lon=row["lon"],
        lat=row["lat"],
        precision=Precision(row["precision"]),
        **{name: row[name] for name in PLACE_FIELDS},
    )
    chosen_at = datetime.fromisoformat(row["chosen_at"])
    return PlaceChoice(row["name"], row["key"], place, chosen_at, row["level"], row["doc_id"])
