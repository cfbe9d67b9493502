"""Migrations: they make what schema.py says, from anywhere, once, and refuse what they do not know."""

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from geodata.errors import StoreError
from geodata.store import open_store
from geodata.store.migrate import SCRIPTS
from geodata.store.schema import HEAD, metadata

REVISIONS = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()]


def layout(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns, foreign keys and indexes of every table of `schema.py`, as SQLite tells them."""
    found = {}
    with sqlite3.connect(path) as connection:
        for name in metadata.tables:
            rows = []
            for pragma in ("table_info", "foreign_key_list"):
                rows += connection.execute(f"PRAGMA {pragma}({name})").fetchall()
            indexes = connection.execute(f"PRAGMA index_list({name})").fetchall()
            for index in sorted(index[1] for index in indexes):
                rows += [(index, *row) for row in connection.execute(f"PRAGMA index_xinfo('{index}')")]
            found[name] = rows
    return found


def make(path: Path) -> Path:
    open_store(f"sqlite:///{path}").close()
    return path


def statement(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    with connection:
        rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def test_the_migrations_make_what_the_schema_says(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'schema.sqlite'}")
    metadata.create_all(engine)
    engine.dispose()
    assert layout(make(tmp_path / "migrated.sqlite")) == layout(tmp_path / "schema.sqlite")


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_store_of_every_older_revision_is_brought_up_to_date(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "store.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    statement(path, "INSERT INTO documents VALUES ('d', 'A story.', 'en', '[]', 0, '', '', '', NULL, NULL, '', '')")
    store = open_store(f"sqlite:///{path}")
    assert store.document("d").text == "A story."
    store.close()
    assert layout(path) == layout(make(tmp_path / "fresh.sqlite"))


def test_opening_works_from_any_folder_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///100%/of it.sqlite").close()
    path = tmp_path / "100%" / "of it.sqlite"
    names = statement(path, "SELECT * FROM meta ORDER BY name")
    assert make(path)
    assert statement(path, "SELECT * FROM meta ORDER BY name") == names
    assert statement(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_a_store_from_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = make(tmp_path / "store.sqlite")
    statement(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version of Dateline"):
        make(path)
    assert statement(path, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    statement(path, "CREATE TABLE recipes (name)")
    with pytest.raises(StoreError, match="other tables \\(recipes\\)"):
        make(path)
    assert statement(path, "SELECT name FROM sqlite_master") == [("recipes",)]


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.sqlite"

    def broken(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.bulk_insert", broken)
        with pytest.raises(OSError, match="power cut"):
            make(path)
    assert statement(path, "SELECT name FROM sqlite_master") == []
    assert layout(make(path))["events"]


def test_many_may_open_a_fresh_store_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            make(tmp_path / "store.sqlite")
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(statement(tmp_path / "store.sqlite", "SELECT * FROM meta")) == 2


def test_connections_are_set_up_to_last(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with store._backend.engine.connect() as connection:  # type: ignore[attr-defined]
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    store.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "busy_timeout": 15_000}
