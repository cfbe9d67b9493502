"""Backups taken while others write, put back without loss, and checks that name each part that is broken."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geodata.cli import cli
from geodata.errors import StoreError, UsageError
from geodata.features import Found
from geodata.index import live
from geodata.index.snapshot import Snapshot
from geodata.model import Place
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.store import backup as backup_module
from geodata.store import open_store
from geodata.store.backup import back_up, restore
from geodata.store.checking import check_store
from geodata.store.feature_sql import FORMAT
from geodata.store.migrations.versions import r0009_ahead
from geodata.store.migrations.versions.r0005_words import TRIGGERS as BEFORE
from geodata.store.sqlite_functions import add_to
from geodata.workspace import open_workspace
from tests.store.test_load import EVENT, ORIGIN, load, rows_of

HERE = Place("x", 10.0, 20.0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 40 events, half of them loaded."""
    place = tmp_path_factory.mktemp("made") / "dateline.sqlite"
    store = open_store(f"sqlite:///{place}")
    store.save([replace(EVENT, event_id=f"s{n}", place=replace(HERE, lon=n)) for n in range(20)])
    load(store, *(replace(EVENT, event_id=f"l{n}") for n in range(20)))
    store.close()
    return place


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoiled."""
    place = tmp_path / "data" / "dateline.sqlite"
    place.parent.mkdir()
    return Path(shutil.copy(made, place))


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def ids(path: Path) -> set[str]:
    store = open_store(url(path))
    found = {event.event_id for event in store.find(EventQuery())}
    store.close()
    return found


def test_a_backup_is_the_store_of_one_moment_while_another_writes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "PAGES", 5)
    store = open_store(url(path))
    stop, counts = threading.Event(), {store.version(): 40}
    waits: list[BaseException] = []

    def write() -> None:
        number = 0
        while not stop.is_set() and number < 500:
            try:
                store.save([replace(EVENT, event_id=f"w{number}-{n}") for n in range(3)])
            except StoreError as error:
                waits.append(error)
            number += 1
            counts[store.version()] = 40 + 3 * number

    writer = threading.Thread(target=write)
    writer.start()
    proofs = [back_up(url(path), tmp_path / f"b{n}.sqlite") for n in range(3)]
    stop.set()
    writer.join()
    store.close()
    assert not waits
    assert len(counts) > 3
    for proof in proofs:
        assert proof.counts["events"] == counts[proof.version] == len(ids(proof.path))
        assert [each.wrong for each in check_store(url(proof.path))] == [""] * 9
    assert not list(tmp_path.glob("*.part*"))


def test_a_backup_replaces_nothing_and_what_it_needs_is_said(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.sqlite"
    target.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        back_up(url(path), target)
    assert target.read_text() == "mine"
    with pytest.raises(UsageError, match="there is no store"):
        back_up(url(tmp_path / "none.sqlite"), tmp_path / "c.sqlite")
    with pytest.raises(UsageError, match="pg_amcheck"):
        next(check_store("postgresql://u@h/d"))
    with pytest.raises(UsageError, match="pg_dump"):
        back_up("postgresql://u@h/d", tmp_path / "c.sqlite")
    with pytest.raises(StoreError, match="cannot be written"):
        back_up(url(path), tmp_path / "no folder" / "c.sqlite")


def test_a_backup_comes_back_and_what_was_there_is_kept(path: Path, tmp_path: Path) -> None:
    proof = back_up(url(path), tmp_path / "b.sqlite")
    store = open_store(url(path))
    store.save([replace(EVENT, event_id="later")])
    with pytest.raises(UsageError, match="--replace"):
        restore(proof.path, url(path))
    _, kept = restore(proof.path, url(path), replace=True)
    assert kept is not None
    assert (store.version(), store.count(EventQuery())) == (proof.version, 40)  # a server that has it open
    store.save([EVENT])
    store.close()
    assert len(ids(path)) == 41
    assert "later" in ids(kept)
    fresh = tmp_path / "elsewhere" / "dateline.sqlite"
    assert restore(proof.path, url(fresh)) == (replace(proof, path=fresh), None)
    assert len(ids(fresh)) == 40


def test_a_backup_with_other_pages_comes_back_under_a_server(path: Path, tmp_path: Path) -> None:
    proof = back_up(url(path), tmp_path / "b.sqlite")
    run(proof.path, "PRAGMA page_size=4096", "VACUUM")
    assert proof.path.read_bytes()[16:18] == b"\x10\x00" != path.read_bytes()[16:18]  # SQLite's file format: page size
    store = open_store(url(path))
    store.save([replace(EVENT, event_id="later")])
    restore(proof.path, url(path), replace=True)
    assert (store.version(), store.count(EventQuery())) == (proof.version, 40)
    store.close()
    assert not [finding.part for finding in check_store(url(path)) if finding.wrong]
    assert not list(path.parent.glob("*.part"))


def test_a_backup_of_an_older_version_comes_back_under_a_server(path: Path, tmp_path: Path) -> None:
    proof = back_up(url(path), tmp_path / "b.sqlite")
    before = [f"CREATE TRIGGER {name} {BEFORE[name]}" for name in r0009_ahead.TRIGGERS if name in BEFORE]
    dropped = [f"DROP TRIGGER {name}" for name in r0009_ahead.TRIGGERS]
    version = "UPDATE alembic_version SET version_num = '0008'"
    run(proof.path, *dropped, *before, "DROP TABLE feature_texts", version)
    store = open_store(url(path))
    restore(proof.path, url(path), replace=True)
    assert store.count(EventQuery()) == 40
    store.save([EVENT])
    found = store.found(EventQuery())
    assert isinstance(found, Found)
    assert sum(piece.count for piece in found.texts()) == 41  # asks a table that the backup did not have
    store.close()
    assert not [finding.part for finding in check_store(url(path)) if finding.wrong]
    assert not list(path.parent.glob("*.part*"))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_bytes(b"no database, but long enough" * 99), "no backup of a store"),
        (lambda path: path.unlink(), "there is no file"),
        (lambda path: run(path, "UPDATE alembic_version SET version_num = '9999'"), "newer version of Dateline"),
        (lambda path: run(path, "DROP TABLE alembic_version"), "no backup of a store"),
        (lambda path: path.write_bytes(path.read_bytes()[:100_000]), "damaged|no backup"),
    ],
)
def test_what_is_no_backup_is_not_restored(
    path: Path, tmp_path: Path, spoil: Callable[[Path], object], message: str
) -> None:
    proof = back_up(url(path), tmp_path / "b.sqlite")
    spoil(proof.path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match=message):
        restore(proof.path, url(path), replace=True)
    assert path.read_bytes() == before


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        add_to(connection)
        for statement in statements:
            connection.execute(statement)
        connection.commit()


BROKEN = {
    "a place is missing": (
        "places (R*Tree)",
        "1 event with a position are missing",
        ["DELETE FROM event_places WHERE row_id = 3"],
    ),
    "a place moved": (
        "places (R*Tree)",
        "1 event stand elsewhere",
        ["UPDATE event_places SET min_lon = 99, max_lon = 99 WHERE row_id = 3"],
    ),
    "a place too many": (
        "places (R*Tree)",
        "1 event in it are not in the store",
        ["INSERT INTO event_places VALUES (999, 1, 1, 1, 1)"],
    ),
    "a node is damaged": (
        "places (R*Tree)",
        "searches in small areas",
        ["UPDATE event_places_node SET data = zeroblob(10)"],
    ),
    "words are missing": (
        "words (FTS5)",
        "searches by words",
        ["INSERT INTO event_text(event_text) VALUES ('delete-all')"],
    ),
    "a name is counted twice": (
        "counted names",
        "1 name of a source",
        ["UPDATE event_names SET count = count + 1 WHERE kind = 'actor'"],
    ),
    "a name is missing": ("counted names", "1 name of a source", ["DELETE FROM event_names WHERE kind = 'source'"]),
    "a trigger is missing": ("the schema", "the trigger events_added is missing", ["DROP TRIGGER events_added"]),
    "an index is missing": ("the schema", "the index events_by_area is missing", ["DROP INDEX events_by_area"]),
    "an index lacks a row": ("the file", "SQLite finds it damaged", []),
    "a source without its event": (
        "references",
        "1 sources belong to events",
        ["INSERT INTO event_sources VALUES ('x', 0, '', '', '', NULL, NULL, '', '')"],
    ),
    "half a position": (
        "events",
        "half a position (the first is s3)",
        ["UPDATE events SET precision = NULL WHERE event_id = 's3'"],
    ),
    "days turned round": ("events", "end before they begin", ["UPDATE events SET end_day = 0 WHERE event_id = 's3'"]),
    "a status of nobody": (
        "events",
        "a status or a precision that is none",
        ["UPDATE events SET status = 'x' WHERE event_id = 's3'"],
    ),
    "no JSON": ("events", "lists that are no JSON", ["UPDATE events SET tags = 'x' WHERE event_id = 's3'"]),
    "a version of the past": (
        "version and history",
        "the store says that it is at 1",
        ["UPDATE meta SET value = '1' WHERE name = 'version'"],
    ),
    "no history": (
        "version and history",
        "of 20 events the history does not tell",
        ["DELETE FROM history WHERE kind = 'rows'"],
    ),
    "no version": ("version and history", "lost its id or its version", ["DELETE FROM meta WHERE name = 'version'"]),
}
MADE = "INSERT INTO feature_texts (row_id, text, credit) SELECT row_id, {}, '\"x\"' FROM events ORDER BY row_id LIMIT 2"
BROKEN["a feature is an old one"] = (
    "features made ahead",
    "2 texts are not of what the store holds",
    [f"INSERT INTO feature_texts (row_id, text, credit) VALUES (0, '', '{FORMAT}')", MADE.format("X'7B7D'")],
)
BROKEN["a feature of no event"] = (
    "features made ahead",
    "1 text is not of what the store holds",
    ["INSERT INTO feature_texts (row_id, text) VALUES (999999, X'7B7D')"],
)
MENDED = {"features made ahead", "places (R*Tree)", "words (FTS5)", "counted names", "the schema", "the file"}


def spoil_index(path: Path) -> None:
    """Gives the index of areas the pages of one that holds fewer rows."""
    root, swap = (
        "SELECT rootpage FROM sqlite_master WHERE name = ?",
        "UPDATE sqlite_master SET rootpage = ? WHERE name = ?",
    )
    with closing(sqlite3.connect(path)) as connection:
        add_to(connection)
        connection.execute("CREATE INDEX few ON events (country, admin1, status) WHERE row_id < 3")
        connection.execute("PRAGMA writable_schema=ON")
        few, all_ = (connection.execute(root, (name,)).fetchone()[0] for name in ("few", "events_by_area"))
        connection.executemany(swap, [(few, "events_by_area"), (all_, "few")])
        connection.commit()


def found(path: Path, mend: bool = False) -> dict[str, str]:
    return {each.part: each.wrong for each in check_store(url(path), mend) if each.wrong}


def test_a_part_that_is_not_there_is_named_and_the_others_are_looked_at(path: Path) -> None:
    run(path, "DROP TABLE event_names", "DELETE FROM event_places")
    wrong = found(path)
    assert set(wrong) == {"the schema", "places (R*Tree)", "names"}
    assert wrong["names"].startswith("it cannot be looked at: no such table")


def test_a_store_of_an_older_version_is_not_called_broken(path: Path) -> None:
    run(path, "UPDATE alembic_version SET version_num = '0005'", "DROP TABLE event_names")
    (finding,) = check_store(url(path), mend=True)
    assert "older version of Dateline (schema 0005" in finding.wrong
    assert "serve" in finding.mend


def test_what_a_killed_backup_left_is_removed_by_the_next(path: Path, tmp_path: Path) -> None:
    target, running = tmp_path / "b[1].sqlite", f"b[1].sqlite.{os.getppid()}.part"
    others = {running, "b[1].sqlite.mine.part", "b[1].sqlite.².part"}
    for name in ("b[1].sqlite.999999999.part", "b[1].sqlite.999999999.part-journal", *others):
        (tmp_path / name).touch()
    back_up(url(path), target)
    assert {each.name for each in tmp_path.glob("b*")} == {target.name, *others}


def test_a_store_that_is_right_is_found_so(path: Path) -> None:
    assert found(path) == {}


@pytest.mark.parametrize("name", BROKEN)
def test_each_part_that_is_broken_is_named_and_the_derived_made_anew(path: Path, name: str) -> None:
    part, words, statements = BROKEN[name]
    run(path, *statements) if statements else spoil_index(path)
    wrong = found(path)
    assert set(wrong) == {part}
    assert words in wrong[part]
    found(path, mend=True)
    assert set(found(path)) == (set() if part in MENDED else {part})


Invoke = Callable[..., Result]


@pytest.fixture
def invoke(path: Path) -> Invoke:
    return lambda *args: CliRunner().invoke(cli, ["--data", str(path.parent), *map(str, args)])


def test_the_commands(path: Path, tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("backup", tmp_path / "b.sqlite")
    assert (result.exit_code, "40 events, 0 stories" in result.stdout) == (0, True)
    assert invoke("restore", tmp_path / "b.sqlite").exit_code == 2
    result = invoke("restore", tmp_path / "b.sqlite", "--replace")
    assert (result.exit_code, "is kept as" in result.stdout) == (0, True)
    result = invoke("check")
    assert (result.exit_code, result.stdout.count("right")) == (0, 10)
    run(path, "DELETE FROM event_places")
    assert invoke("check").exit_code == 1
    result = invoke("check", "--mend")
    assert (result.exit_code, "made anew" in result.stdout) == (1, True)
    assert invoke("check").exit_code == 0
    assert invoke("check", tmp_path / "b.sqlite").exit_code == 0
    assert invoke("check", tmp_path / "none.sqlite").exit_code == 2


def test_an_index_that_says_something_else_is_named_and_removed(
    path: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WORTH_KEEPING", 5)
    monkeypatch.setattr(live, "_CHANGED", 5)
    workspace = open_workspace(Settings(data=path.parent))
    workspace.index()
    workspace.close()
    index = path.parent / "index.npz"
    assert invoke("check").exit_code == 0
    store = open_store(url(path))
    store.load(rows_of([replace(EVENT, event_id="more")]), ORIGIN)
    store.close()
    assert invoke("check").exit_code == 0
    kept = Snapshot.read(index)
    assert kept is not None
    kept.layout.lon[3] += 1
    Snapshot(kept.layout, kept.version, kept.mark).write(index)
    result = invoke("check", "--mend")
    assert result.exit_code == 1
    assert "1 events are not as the store has them" in result.stdout
    assert not index.exists()
    assert invoke("check").exit_code == 0
