"""New, empty stores of every kind for tests: a file for SQLite, a database of its own for PostgreSQL.

PostgreSQL takes part where DATELINE_TEST_POSTGIS holds the address of a server that tests may fill with databases, as
`make test-postgis` starts one. A store there is a copy of one that was migrated once, and is emptied for the next test.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from geodata.store import open_store
from geodata.store.schema import metadata

SERVER = os.environ.get("DATELINE_TEST_POSTGIS", "")
POSTGIS = pytest.param("postgresql", marks=pytest.mark.postgis)
KINDS = ["sqlite", *([POSTGIS] if SERVER else [])]
"""For `params` of a fixture, which makes its stores by `new_store`."""
needs_postgis = [
    pytest.mark.postgis,
    pytest.mark.skipif(not SERVER, reason="DATELINE_TEST_POSTGIS is not set: make test-postgis"),
]
_numbers = count()
_free: list[str] = []
"""Databases with an empty store."""


@contextmanager
def new_store(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new store, which is gone afterwards; a file lies in `folder`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.sqlite'}"
        return
    name = _free.pop() if _free else _made()
    yield _address(name).render_as_string(False)
    _empty(name)
    _free.append(name)


@contextmanager
def new_store_to_spoil() -> Iterator[str]:
    """The address of a new store in PostgreSQL whose tables and triggers a test may change."""
    with new_database(_template()) as url:
        yield url


@contextmanager
def new_database(template: str = "template1") -> Iterator[str]:
    """The address of a new database of the test server, a copy of another one."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _address(name).render_as_string(False)
    finally:
        on_server(f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, statement: str) -> Sequence[tuple[Any, ...]]:
    """The rows that a statement gives, whatever store is at the address; what it changes is kept."""
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername="postgresql+pg8000") if parsed.drivername == "postgresql" else parsed)
    with engine.begin() as connection:
        found = connection.exec_driver_sql(statement)
        rows = [tuple(row) for row in found] if found.returns_rows else []
    engine.dispose()
    return rows


@cache
def _template() -> str:
    name = f"template_{os.getpid()}"
    on_server(f"CREATE DATABASE {name} TEMPLATE template1")
    open_store(_address(name).render_as_string(False)).close()
    return name


def _made() -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {_template()}")
    return name


def _empty(name: str) -> None:
    """A store as it was made: nothing in its tables, every number from 1 on."""
    from geodata.store.postgis_tables import local

    tables = [table for table in (*metadata.tables, *local.tables) if table != "meta"]
    steps = [
        # whoever left a connection open may hold a lock
        "PERFORM pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "SET LOCAL session_replication_role = replica",  # no triggers
        *(f"DELETE FROM {table}" for table in tables),
        "DELETE FROM meta WHERE name NOT IN ('store_id', 'version')",
        "UPDATE meta SET value = 0 WHERE name = 'version'",
        "FOR counter IN SELECT sequencename FROM pg_sequences LOOP EXECUTE 'ALTER SEQUENCE ' || counter || ' RESTART'",
        "END LOOP",
    ]
    ask(_address(name).render_as_string(False), f"DO $$ DECLARE counter text; BEGIN {'; '.join(steps)}; END $$")


def _address(database: str) -> URL:
    return make_url(SERVER).set(database=database)


def on_server(statement: str) -> None:
    """Runs a statement of those that no transaction may hold."""
    with _server().connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _server() -> Any:
    return create_engine(make_url(SERVER).set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
