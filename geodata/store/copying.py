"""A whole store into another, empty one, of whatever kind: every table as it is, and the proof that both hold the same.

Row numbers, history, choices, merges and tokens come along, and so does the store's id: links, cursors and bookmarks
into the old store hold in the new one. What events are found by is made anew by the store that takes them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select
from sqlalchemy.engine import make_url

from geodata.errors import StoreError, UsageError, shown
from geodata.settings import hidden
from geodata.store import open_store
from geodata.store.schema import event_names, meta, metadata
from geodata.store.sql import SqlStore

BATCH = 5_000
_BITS = 128
Progress = Callable[[str, int], object]
"""Is told the name of a table, and how many of its rows there are by now."""


@dataclass(frozen=True, slots=True)
class TableProof:
    """How many rows a table has in both stores, and the hash of what they hold, worked out on both sides apart."""

    table: str
    rows: int
    digest: str


def copy_store(source_url: str, target_url: str, progress: Progress = lambda table, rows: None) -> Sequence[TableProof]:
    """Fills the store at the second address with what the one at the first holds, in one transaction.

    UsageError where that one holds anything already; StoreError, with nothing changed, where the two do not come out
    the same.
    """
    _check_source(source_url)
    with ExitStack() as stack:
        source, target = (_opened(url, stack) for url in (source_url, target_url))
        reading = stack.enter_context(source.reading())
        writing = stack.enter_context(target.writing())
        _refuse_filled(writing, target_url)
        if source.version() == target.version():
            raise UsageError("both addresses are of one store; accepted: a store, and an empty one")
        with target.restoring(writing):
            for table in _tables():
                _copy(table, reading, writing, progress)
        return [_proof(table, reading, writing) for table in _tables()]


def _check_source(url: str) -> None:
    """Opening a file that is not there would make it."""
    parsed = make_url(url) if url.startswith("sqlite://") else None
    if parsed and parsed.database and not Path(parsed.database).expanduser().exists():
        raise UsageError(f"there is no store {shown(url)}; accepted: the address of one that is there")


def _opened(url: str, stack: ExitStack) -> SqlStore:
    store = open_store(url)
    stack.callback(store.close)
    assert isinstance(store, SqlStore)
    return store


def _tables() -> list[Table]:
    """Those that are copied, each behind those that it refers to; names are counted by the store that takes them."""
    return [table for table in metadata.sorted_tables if table is not event_names]


def _refuse_filled(connection: Connection, url: str) -> None:
    for table in metadata.sorted_tables:
        rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if table is meta:
            version = connection.execute(select(meta.c.value).where(meta.c.name == "version")).scalar()
            rows = int(version or 0)
        if rows:
            raise UsageError(
                f"the store {shown(hidden(url))} is not empty ({table.name}: {rows:,}); accepted: one that nothing was "
                "ever written to"
            )


def _copy(table: Table, reading: Connection, writing: Connection, progress: Progress) -> None:
    if table is meta:
        writing.execute(delete(meta))
    done = 0
    for rows in _read(reading, select(table).order_by(*table.primary_key)):
        writing.execute(insert(table), [row._asdict() for row in rows])
        done += len(rows)
        progress(table.name, done)


def _read(connection: Connection, statement: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    with connection.execution_options(yield_per=BATCH).execute(statement) as found:
        yield from found.partitions()


def _proof(table: Table, reading: Connection, writing: Connection) -> TableProof:
    here, there = (_counted(connection, table) for connection in (reading, writing))
    if here != there:
        raise StoreError(
            f"the copy of {table.name} is not the same: {here.rows:,} rows with the hash {here.digest} became "
            f"{there.rows:,} with {there.digest}; nothing was kept"
        )
    return here


def _counted(connection: Connection, table: Table) -> TableProof:
    """Rows in any order have one hash, the sum of their hashes: databases need not sort alike."""
    rows, total = 0, 0
    for some in _read(connection, select(table)):
        rows += len(some)
        total += sum(int.from_bytes(blake2b(_canonical(row), digest_size=_BITS // 8).digest(), "big") for row in some)
    return TableProof(table.name, rows, f"{total % 2**_BITS:0{_BITS // 4}x}")


def _canonical(row: Row[Any]) -> bytes:
    # -0.0 and 0.0 are one number, which SQLite keeps as the other
    return orjson.dumps([value + 0.0 if isinstance(value, float) else value for value in row])
