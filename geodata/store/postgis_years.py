"""Partitions of `events` for the years that have come since the store was made.

A store is made with one for each year up to the next; what is later shares `events_later`. Whoever opens the store adds
those that are missing by now and moves their rows out of `events_later`, so that a question of days reads few rows.
"""

import re
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from geodata.store.backend import Backend
from geodata.store.postgis_connection import code_of
from geodata.store.rows import day_number
from geodata.store.schema import events

LATER = "events_later"
_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'events'::regclass"
_YEAR = re.compile(r"events_(\d{4})")
_MAY_WAIT = ("55P03", "42501")
"""Another holds the table, or this user may not change it: the next who opens the store tries again."""


def add_years(backend: Backend, last_year: int) -> None:
    """Makes sure that each year up to this one has a partition; not now, where the table cannot be had."""
    with backend.engine.connect() as connection:
        if _last_year(connection) >= last_year:
            return
    try:
        with backend.engine.execution_options(writes=True).begin() as connection:
            _add(connection, _last_year(connection) + 1, last_year)
    except DBAPIError as error:
        if code_of(error.orig) not in _MAY_WAIT:
            raise


def _day(year: int) -> int:
    return day_number(date(year, 1, 1))


def _last_year(connection: Connection) -> int:
    found = (_YEAR.fullmatch(name) for name in connection.exec_driver_sql(_PARTITIONS).scalars())
    return max(int(match[1]) for match in found if match)


def _add(connection: Connection, first_year: int, last_year: int) -> None:
    """Rows go from table to table below `events`, whose triggers do not run: neither row is added nor removed."""
    if first_year > last_year:
        return  # another process was quicker
    columns = ", ".join(f'"{column.name}"' for column in events.columns)
    run = connection.exec_driver_sql
    run(f"ALTER TABLE events DETACH PARTITION {LATER}")
    for year in range(first_year, last_year + 1):
        begin, end = _day(year), _day(year + 1)
        run(f"CREATE TABLE events_{year} PARTITION OF events FOR VALUES FROM ({begin}) TO ({end})")
        run(
            f"INSERT INTO events_{year} ({columns}) SELECT {columns} FROM {LATER} "  # noqa: S608 - names and numbers
            f"WHERE start_day >= {begin} AND start_day < {end}"
        )
    run(f"DELETE FROM {LATER} WHERE start_day < {_day(last_year + 1)}")  # noqa: S608 - likewise
    run(f"ALTER TABLE events ATTACH PARTITION {LATER} FOR VALUES FROM ({_day(last_year + 1)}) TO (MAXVALUE)")
