# ruff: noqa: S608 - every name in these statements is ours
"""The texts of features made ahead, so that a page or a file of many events only has to read them.

A text costs about ten times as much to make as to read: the event and its source stand at two places of the file, and
forty values become one text. They are made a few at a time while nothing else is written, after a load and not within
it; triggers (r0009) take out that of an event that changes, in the same transaction. So a text that is there is right,
in every state of the store that a reader may see, and where none is there SQLite makes it when it is asked for.
"""

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine

from geodata.store.feature_sql import BETWEEN, CREDIT, FEATURE, FORMAT
from geodata.store.sqlite_features import by_python

STEP = 500
"""Events in one transaction: others who write wait for about ten milliseconds."""
WORTH_KEEPING = 20_000
"""A store of fewer events is all in memory, and a page of it is made soon enough."""
FREE_BYTES = 2_000_000_000
"""So much of the disk is left to what cannot be made anew."""
_IS_LARGE = f"SELECT count(*) = {WORTH_KEEPING} FROM (SELECT 1 FROM events LIMIT {WORTH_KEEPING})"
_IS_OURS = f"SELECT EXISTS (SELECT 1 FROM feature_texts WHERE row_id = 0 AND credit = '{FORMAT}')"
_TO_DO = f"""SELECT (SELECT max(row_id) FROM events) > (SELECT coalesce(max(row_id), 0) FROM feature_texts)
    OR EXISTS (SELECT 1 FROM feature_texts WHERE text IS NULL) OR NOT ({_IS_OURS})"""
_CLEAR = f"""DELETE FROM feature_texts
    WHERE row_id IN (SELECT row_id FROM feature_texts WHERE row_id > 0 LIMIT {STEP})"""
_ADOPT = f"INSERT OR REPLACE INTO feature_texts (row_id, text, credit) VALUES (0, '', '{FORMAT}')"
_STALE = f"SELECT row_id FROM feature_texts WHERE text IS NULL LIMIT {STEP}"
_NEXT = f"""SELECT row_id FROM events WHERE row_id > (SELECT coalesce(max(row_id), 0) FROM feature_texts)
    ORDER BY row_id LIMIT {STEP}"""
_FORGET = "DELETE FROM feature_texts WHERE text IS NULL AND row_id IN (SELECT value FROM json_each(?))"
"""Of events that are not there, as after a write by hand that moved one: the others would wait behind them for ever."""
_MAKE = f"""INSERT OR REPLACE INTO feature_texts
    SELECT e.row_id, CAST(replace({FEATURE}, '<', '\\u003c') AS BLOB), {CREDIT}, lon, lat
    FROM json_each(?) j CROSS JOIN events e ON e.row_id = j.value
    LEFT JOIN event_sources s ON s.event_id = e.event_id WHERE s.position IS NULL OR s.position = 0"""
_CITED = f"""SELECT e.row_id, group_concat({CREDIT}, '{BETWEEN}') AS cited FROM json_each(?) j
    CROSS JOIN events e ON e.row_id = j.value JOIN event_sources s ON s.event_id = e.event_id
    GROUP BY e.row_id HAVING count(*) > 1"""
WRONG = f"""SELECT count(*) FROM (SELECT row_id AS kept_row, text AS kept FROM feature_texts WHERE row_id > 0)
    LEFT JOIN events e ON e.row_id = kept_row LEFT JOIN event_sources s ON s.event_id = e.event_id
    WHERE e.row_id IS NULL OR (kept <> CAST(replace({FEATURE}, '<', '\\u003c') AS BLOB) AND ({_IS_OURS})
    AND NOT EXISTS (SELECT 1 FROM event_sources o WHERE o.event_id = e.event_id AND o.position > 0))"""
"""How many are not what they are to be, of events with one source or none."""
CLEAR = "DELETE FROM feature_texts"
_PUT = "UPDATE feature_texts SET text = ?, credit = ? WHERE row_id = ?"


def make_ahead(engine: Engine) -> bool:
    """Makes some texts, unless another writes; whether there are more to make."""
    with engine.connect() as connection:
        file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
        if shutil.disk_usage(Path(file).parent).free < FREE_BYTES:
            return False
        if not (_one(connection, _IS_LARGE) and _one(connection, _TO_DO)):
            return False
    with engine.connect() as connection:
        writing = connection.execution_options(writes=True, wait_s=0)
        with writing.begin():
            return _step(writing)


def _step(connection: Connection) -> bool:
    if not _one(connection, _IS_OURS):  # of another version of Dateline: its features may be other ones
        if not connection.exec_driver_sql(_CLEAR).rowcount:
            connection.exec_driver_sql(_ADOPT)
        return True
    stale = list(connection.exec_driver_sql(_STALE).scalars())
    rows = stale or list(connection.exec_driver_sql(_NEXT).scalars())
    asked = (str(rows),)
    made = connection.exec_driver_sql(_MAKE, asked).rowcount
    cited = {row.row_id: row.cited for row in connection.exec_driver_sql(_CITED, asked)}
    for row, text in by_python(connection, list(cited)).items():
        connection.exec_driver_sql(_PUT, (text, cited[row], row))
    if made < len(stale):
        connection.exec_driver_sql(_FORGET, asked)
        return True
    return made > 0


def _one(connection: Connection, statement: str) -> bool:
    return bool(connection.exec_driver_sql(statement).scalar())
