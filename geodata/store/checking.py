"""Whether a store holds together: its file, its rows, and what is made of them to find events by.

Each finding says in words what is wrong, what that does, and how it is mended. What is derived from the events can be
made anew; what is not comes back from a backup.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geodata.answers import E7
from geodata.model import Precision, Status
from geodata.store import open_store
from geodata.store.backup import store_file
from geodata.store.migrations.versions.r0005_words import FILL_ACTORS, FILL_SOURCES
from geodata.store.schema import HEAD
from geodata.store.sqlite_ahead import CLEAR, WRONG
from geodata.store.sqlite_functions import add_to
from geodata.store.sqlite_rtree import rebuild

OPEN = "open it with this version, which brings it up to date (python -m geodata serve), and check it again"
BACKUP = "restore a backup (python -m geodata restore FILE --replace)"
MEND = "python -m geodata check --mend makes it anew from the events"
MOST_LINES = 5
POSTGRESQL = (
    "the store is in PostgreSQL, which keeps what events are found by right and checks its files by a tool of its own, "
    "pg_amcheck; accepted here: a store in SQLite, or a backup of one"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at; `wrong` is empty where it is right. `mend` is what helps; `is_derived`: `--mend` does it."""

    part: str
    wrong: str = ""
    mend: str = ""
    is_derived: bool = False


def check_store(url: str, mend: bool = False) -> Iterator[Finding]:
    """Each part in turn, as it was found; with `mend` what is derived is made anew where it was wrong.

    The store may be served meanwhile; writers wait while words are checked.
    """
    path = store_file(url, POSTGRESQL)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=15.0)) as connection:
        add_to(connection)
        connection.execute("PRAGMA foreign_keys=ON")
        if older := _older(connection):
            yield Finding("the schema", older, OPEN)
            return
        for part, look in PARTS.items():
            try:
                finding = look(connection)
            except sqlite3.DatabaseError as error:  # a table that is not there, or cannot be read
                finding = Finding(part, f"it cannot be looked at: {error}", BACKUP)
            yield finding
            if mend and finding.wrong and finding.is_derived:
                _mend(connection, part)


def _older(connection: sqlite3.Connection) -> str:
    """What is to be said of a store that an older version left; its parts are not those that are looked for here."""
    try:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError):
        return ""  # the parts say what is wrong
    return f"it is of an older version of Dateline (schema {revision}; now {HEAD})" if revision < HEAD else ""


def _mend(connection: sqlite3.Connection, part: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        MENDERS[part](connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


# The file and its tables


def _file(connection: sqlite3.Connection) -> Finding:
    lines = _lines(connection, "PRAGMA integrity_check(100)")
    lines = [line for line in lines if line != "ok" and "event_text" not in line and "event_places" not in line]
    of_indexes = bool(lines) and all(" index " in line for line in lines)
    mend = "python -m geodata check --mend makes the indexes anew" if of_indexes else BACKUP
    return Finding("the file", _first(lines, "SQLite finds it damaged: "), mend, of_indexes)


def _schema(connection: sqlite3.Connection) -> Finding:
    there, wanted = _made(connection), _wanted()
    lines = [f"the {kind} {name} is missing" for kind, name in wanted if (kind, name) not in there]
    tables = any(line.startswith("the table") for line in lines)
    return Finding("the schema", _first(lines), BACKUP if tables else MEND.replace("from the events", ""), not tables)


def _references(connection: sqlite3.Connection) -> Finding:
    rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    wrong = f"{len(rows):,} sources belong to events that are not there" if rows else ""
    return Finding("references", wrong, BACKUP)


def _values(connection: sqlite3.Connection) -> Finding:
    statuses, precisions = (", ".join(f"'{each.value}'" for each in kind) for kind in (Status, Precision))
    asked = {
        "have a position without a precision, or half a position": "(lon IS NULL) <> (lat IS NULL) OR (lon IS NULL)"
        " <> (precision IS NULL)",
        "lie outside the Earth": "lon NOT BETWEEN -180 AND 180 OR lat NOT BETWEEN -90 AND 90",
        f"have a position finer than 1/{E7} degree": f"abs(lon * {E7} - round(lon * {E7})) > 0.01"
        f" OR abs(lat * {E7} - round(lat * {E7})) > 0.01",
        "end before they begin": "end_day < start_day OR (start_day IS NULL) <> (end_day IS NULL)",
        "have a status or a precision that is none": f"status NOT IN ({statuses}) OR precision NOT IN ({precisions})",
        "hold lists that are no JSON": "NOT (json_valid(actors) AND json_valid(notes) AND json_valid(tags)"
        " AND json_valid(properties))",
    }
    lines = []
    for words, condition in asked.items():
        count, first = connection.execute(
            f"SELECT count(*), min(event_id) FROM events WHERE {condition}"  # noqa: S608
        ).fetchone()
        lines += [f"{_events(count)} {words} (the first is {first})"] if count else []
    return Finding("events", _first(lines), f"save these events anew, or {BACKUP}")


def _history(connection: sqlite3.Connection) -> Finding:
    lines = []
    meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    number = meta.get("version", "")
    if not number.isdigit() or not meta.get("store_id"):
        lines.append("the store has lost its id or its version")
    else:
        newest = connection.execute("SELECT coalesce(max(version), 0) FROM history").fetchone()[0]
        if newest > int(number):
            lines.append(f"the history tells of version {newest}, and the store says that it is at {number}")
    unordered = """SELECT count(*) FROM (SELECT version, lag(version) OVER (ORDER BY history_id) AS before FROM history)
        WHERE version < before"""
    if count := connection.execute(unordered).fetchone()[0]:
        lines.append(f"{count:,} entries of the history are of an earlier version than the one before them")
    unknown = """SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM history h WHERE h.kind = 'event'
        AND h.item_id = e.event_id) AND NOT EXISTS (SELECT 1 FROM history h WHERE h.kind = 'rows'
        AND e.row_id BETWEEN h.first_row AND h.last_row)"""
    if count := connection.execute(unknown).fetchone()[0]:
        lines.append(f"of {_events(count)} the history does not tell")
    return Finding("version and history", _first(lines), BACKUP)


# What events are found by


def _places(connection: sqlite3.Connection) -> Finding:
    lines = [line for line in _lines(connection, "SELECT rtreecheck('event_places')") if line != "ok"]
    asked = {
        "with a position are missing from it": "SELECT count(*) FROM events WHERE lon IS NOT NULL AND row_id NOT IN"
        " (SELECT row_id FROM event_places)",
        "in it are not in the store, or have no position": "SELECT count(*) FROM event_places WHERE row_id NOT IN"
        " (SELECT row_id FROM events WHERE lon IS NOT NULL)",
        "stand elsewhere in it": "SELECT count(*) FROM event_places p JOIN events e USING (row_id) WHERE"
        " max(min_lon - lon, lon - max_lon, min_lat - lat, lat - max_lat, max_lon - min_lon - 0.0001) > 0.000001",
    }
    with suppress(sqlite3.DatabaseError):  # a tree that cannot be read has been told by rtreecheck
        for words, statement in asked.items():
            count = connection.execute(statement).fetchone()[0]
            lines += [f"{_events(count)} {words}" if count != 1 else f"1 event {words}"] if count else []
    what = "searches in small areas miss events or find wrong ones: "
    return Finding("places (R*Tree)", _first(lines, what), MEND, True)


def _words(connection: sqlite3.Connection) -> Finding:
    wrong = ""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("INSERT INTO event_text(event_text, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        wrong = f"searches by words miss events or find wrong ones: the index does not hold what events say ({error})"
    finally:
        connection.execute("ROLLBACK")
    return Finding("words (FTS5)", wrong, MEND, True)


_EXPECTED = " UNION ALL ".join(fill.partition("INSERT INTO event_names ")[2] for fill in (FILL_ACTORS, FILL_SOURCES))


def _names(connection: sqlite3.Connection) -> Finding:
    differing = f"""WITH expected (kind, name, folded, count) AS ({_EXPECTED}),
        kept AS (SELECT kind, name, folded, count FROM event_names WHERE count <> 0)
        SELECT count(*) FROM (SELECT kind, name FROM (SELECT * FROM kept EXCEPT SELECT * FROM expected)
        UNION SELECT kind, name FROM (SELECT * FROM expected EXCEPT SELECT * FROM kept))"""  # noqa: S608
    count = connection.execute(differing).fetchone()[0]
    names = "name of a source or an actor is" if count == 1 else "names of sources and actors are"
    wrong = f"{count:,} {names} counted wrongly: filters offer them with a wrong number" if count else ""
    return Finding("counted names", wrong, MEND, True)


def _features(connection: sqlite3.Connection) -> Finding:
    count = connection.execute(WRONG).fetchone()[0]
    texts = "text is" if count == 1 else "texts are"
    wrong = (
        f"{count:,} {texts} not of what the store holds: the API and GeoJSON files may tell what was" if count else ""
    )
    return Finding("features made ahead", wrong, MEND, True)


# Mending


def _refill_names(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM event_names")
    for statement in (FILL_ACTORS, FILL_SOURCES):
        connection.execute(statement)


def _clear_features(connection: sqlite3.Connection) -> None:
    connection.execute(CLEAR)  # a server makes them anew


def _remake_schema(connection: sqlite3.Connection) -> None:
    there = _made(connection)
    for key, sql in _wanted().items():
        if key not in there:
            connection.execute(sql)


def _made(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Tables, indexes and triggers by name, but for those that SQLite makes for itself."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(row[0], row[1]): row[2] for row in rows}


@cache
def _wanted() -> dict[tuple[str, str], str]:
    """What a new store has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.sqlite"
        open_store(f"sqlite:///{path}").close()
        with closing(sqlite3.connect(path)) as connection:
            return _made(connection)


def _lines(connection: sqlite3.Connection, statement: str) -> list[str]:
    try:
        return [line for row in connection.execute(statement) for line in str(row[0]).splitlines()]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _first(lines: list[str], before: str = "") -> str:
    if not lines:
        return ""
    more = f"; and {len(lines) - MOST_LINES:,} more" if len(lines) > MOST_LINES else ""
    return before + "; ".join(lines[:MOST_LINES]) + more


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


PARTS = {
    "file": _file,
    "schema": _schema,
    "references": _references,
    "events": _values,
    "history": _history,
    "places": _places,
    "words": _words,
    "names": _names,
    "features": _features,
}
MENDERS = {
    "file": lambda connection: connection.execute("REINDEX"),
    "schema": _remake_schema,
    "places": rebuild,
    "words": lambda connection: connection.execute("INSERT INTO event_text(event_text) VALUES ('rebuild')"),
    "names": _refill_names,
    "features": _clear_features,
}
