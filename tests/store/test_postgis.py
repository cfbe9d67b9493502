"""What only PostgreSQL's store promises: ids are unique over partitions, and what events are found by stays right."""

import json
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, literal, select
from sqlalchemy.engine import make_url

from geodata.contracts import EventStore
from geodata.errors import StoreError, UsageError
from geodata.model import Document, Event, Place, Status, host_of
from geodata.query import EventQuery
from geodata.query.words import tokens
from geodata.shapes import Circle, Polygon
from geodata.store import open_store
from geodata.store.postgis_years import add_years
from geodata.store.rows import event_row
from geodata.store.schema import HEAD, events
from geodata.timespan import Interval, TimeSpan
from tests.random_events import event_lists, lats, lons
from tests.stores import ask, needs_postgis, new_database, new_store, new_store_to_spoil, on_server

pytestmark = needs_postgis
END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
EVENT = Event("e1", "Battles", title="First", when=TimeSpan.day(date(2023, 2, 1)), place=Place("Bakhmut", 38.0, 48.6))


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with new_store("postgresql", tmp_path) as address:
        yield address


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with new_store("postgresql", tmp_path_factory.mktemp("shared")) as url:
        yield url


@pytest.mark.parametrize(
    ("day", "partition"),
    [
        (date(1, 1, 1), "events_before_1989"),
        (date(1988, 12, 31), "events_before_1989"),
        (date(1989, 1, 1), "events_1989"),
        (date(2023, 12, 31), "events_2023"),
        (date(9999, 12, 31), "events_later"),
        (None, "events_undated"),
    ],
)
def test_each_year_has_a_partition(store: EventStore, url: str, day: date | None, partition: str) -> None:
    store.save([replace(EVENT, when=day and TimeSpan.day(day))])
    assert ask(url, "SELECT tableoid::regclass::text FROM events") == [(partition,)]


def test_years_that_come_get_their_partitions_and_their_events(store: EventStore, url: str) -> None:
    this = date.today().year
    years = (this, this + 2, this + 4, this + 5, 9999)
    store.save([replace(EVENT, event_id=f"y{year}", when=TimeSpan.day(date(year, 6, 1))) for year in years])
    version, rows = store.version(), ask(url, "SELECT row_id, event_id, start_day FROM events ORDER BY 1")
    for last in (this + 1, this + 4, this + 4):
        add_years(store._backend, last)  # type: ignore[attr-defined]
    placed = dict(ask(url, "SELECT event_id, tableoid::regclass::text FROM events"))
    assert placed == {f"y{year}": f"events_{year}" if year < this + 5 else "events_later" for year in years}
    assert ask(url, "SELECT row_id, event_id, start_day FROM events ORDER BY 1") == rows
    assert ask(url, "SELECT row_id, event_id, start_day FROM event_keys ORDER BY 1") == rows
    assert (store.version(), ask(url, "SELECT count(*) FROM removed_rows")) == (version, [(0,)])
    assert store.count(EventQuery(text="first")) == len(years)
    assert [
        len(list(store.find(EventQuery(datetime=Interval(date(year, 6, 1), date(year, 6, 1)))))) for year in years
    ] == [1] * 5
    store.save([replace(EVENT, event_id="more", when=TimeSpan.day(date(this + 3, 1, 1)))])
    assert ask(url, f"SELECT event_id FROM events_{this + 3}") == [("more",)]


def test_a_question_of_days_reads_the_partitions_of_those_days_only(store: EventStore, url: str) -> None:
    asked = "EXPLAIN SELECT * FROM events WHERE start_day BETWEEN 19000 AND 19010"
    plan = " ".join(row[0] for row in ask(url, asked))
    assert "events_2022" in plan
    assert "events_2021" not in plan


def test_an_event_that_moves_to_another_year_keeps_its_row_its_sources_and_its_words(
    store: EventStore, url: str
) -> None:
    store.save([EVENT, replace(EVENT, event_id="e2")])
    version, row = store.version(), ask(url, "SELECT row_id FROM events WHERE event_id = 'e1'")
    for when in (TimeSpan.day(date(1999, 1, 1)), None, TimeSpan(date(2022, 1, 1), date(2023, 5, 1))):
        store.save([replace(EVENT, when=when)])
        assert store.get("e1").when == when
        assert ask(url, "SELECT row_id FROM events WHERE event_id = 'e1'") == row
        assert store.count(EventQuery(text="first")) == 2
    changes = store.changes_since(version)
    assert changes is not None
    assert changes.touched.tolist() == [row[0][0]]
    assert ask(url, "SELECT count(*) FROM removed_rows") == [(0,)]


def test_an_id_is_unique_over_all_partitions(store: EventStore) -> None:
    store.save([EVENT])
    twice = event_row(replace(EVENT, when=None))
    with pytest.raises(StoreError, match="event_keys_pkey"), store.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(insert(events), [twice])
    assert store.count(EventQuery()) == 1


def test_numbers_that_were_given_are_not_given_again(store: EventStore, url: str) -> None:
    with store.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(insert(events), [{**event_row(EVENT), "row_id": 700}])
    store.save([replace(EVENT, event_id="e2")])
    assert ask(url, "SELECT row_id FROM events ORDER BY 1") == [(700,), (701,)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(event_lists, min_size=1, max_size=3))
def test_what_events_are_found_by_stays_right_through_every_change(address: str, imports: list[list[Event]]) -> None:
    store = open_store(address)
    for given_events in imports:
        store.save([replace(event, event_id=f"e{i}", doc_id="d1") for i, event in enumerate(given_events)])
        store.set_status([f"e{i}" for i in range(0, len(given_events), 2)], Status.REVIEWED)
        store.set_status([f"e{i}" for i in range(0, len(given_events), 3)], Status.REJECTED)
    keys = "SELECT event_id, row_id, start_day FROM"
    assert set(ask(address, f"{keys} event_keys")) == set(ask(address, f"{keys} events"))
    wrong = (
        "SELECT count(*) FROM events WHERE (lon IS NULL) <> (geom IS NULL) OR ST_X(geom) <> lon OR ST_Y(geom) <> lat"
    )
    assert ask(address, wrong) == [(0,)]
    kept = {row[0]: row[1:] for row in ask(address, "SELECT row_id, folded, rejected, source FROM event_text")}
    expected = {}
    for row, event_id in ask(address, "SELECT row_id, event_id FROM events"):
        event = store.get(event_id)
        parts = [tokens(text) for text in (event.title, event.quote, event.place.name if event.place else "")]
        folded = "\n".join("".join(f" {word}" for word in part) + " " for part in parts if part)
        source = event.sources[0].publisher or host_of(event.sources[0].url) if event.sources else ""
        expected[row] = (folded, event.status is Status.REJECTED, source.replace("\0", "\ufdd0\ufdd1"))
    assert kept == expected
    counted = """SELECT kind, name, count(*) FROM (
        SELECT 'actor' AS kind, unnest(names) AS name FROM event_text WHERE NOT rejected
        UNION ALL SELECT 'source', source FROM event_text WHERE NOT rejected) AS n WHERE name <> '' GROUP BY 1, 2"""
    assert set(ask(address, "SELECT kind, name, count FROM event_names WHERE count <> 0")) == set(ask(address, counted))
    store.save([], [Document("d1", "", sample=True)])
    store.remove_samples()
    for table in ("events", "event_keys", "event_text", "event_sources"):
        assert ask(address, f"SELECT count(*) FROM {table}") == [(0,)]
    assert ask(address, "SELECT count(*) FROM event_names WHERE count <> 0") == [(0,)]
    store.close()


URLS = ["https://reader@www.News.example.org:8080/a?b", "http://x", "no address", "://?", "a://b@c@d:1", "X://ÄÖ.De/",
        "https://ΑΣ.gr#a", "https://İ.tr", "h://www.www.x", "h://a\nb/c", "h://a\n@b"]  # fmt: skip


def test_hosts_are_those_that_python_reads(address: str) -> None:
    store = open_store(address)
    with store.reading() as connection:  # type: ignore[attr-defined]
        found = [connection.execute(select(func.host_of(literal(url)))).scalar_one() for url in URLS]
    store.close()
    assert found == [host_of(url) for url in URLS]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(lons, lats), min_size=3, max_size=7), st.lists(st.tuples(lons, lats), min_size=5, max_size=20)
)
def test_areas_hold_what_python_says(
    address: str, corners: list[tuple[float, float]], spots: list[tuple[float, float]]
) -> None:
    try:
        area = Polygon(tuple(corners))
    except UsageError:
        return
    circle = Circle(*corners[0], 1 + abs(corners[1][0]) * 50)
    store = open_store(address)
    backend = store._backend  # type: ignore[attr-defined]
    given_spots = [{**event_row(EVENT), "event_id": f"s{i}", "lon": x, "lat": y} for i, (x, y) in enumerate(spots)]
    with backend.engine.connect().execution_options(writes=True) as connection, connection.begin() as transaction:
        connection.execute(insert(events), given_spots)
        for said, shape in ((backend.in_polygon(area), area), (backend.in_circle(circle), circle)):
            found = set(connection.execute(select(events.c.event_id).where(said)).scalars())
            edge = {f"s{i}" for i, spot in enumerate(spots) if shape is circle and _is_on_edge(circle, spot)}
            assert found - edge == {f"s{i}" for i, spot in enumerate(spots) if shape.contains(*spot)} - edge
        transaction.rollback()
    store.close()


def _is_on_edge(circle: Circle, spot: tuple[float, float]) -> bool:
    """To what rounding can move."""
    from geodata.geometry import distance_m

    return math.isclose(distance_m(circle.lon, circle.lat, *spot), 1000 * circle.km, rel_tol=1e-12)


def test_a_text_beyond_what_an_index_of_words_holds_is_found_all_the_same(store: EventStore) -> None:
    long = " ".join(f"word{number}" for number in range(90_000))
    same = "echo " * 20_000 + "last words"
    store.save([replace(EVENT, quote=long), replace(EVENT, event_id="e2", quote=same, title="x" * 3000)])
    asked = {
        "word89999": 1,
        '"word7 word8"': 1,
        '"word8 word7"': 0,
        '"echo last words"': 1,
        "x" * 2999: 1,
        "x" * 3001: 0,
        f'"{"x" * 3000}"': 1,
        f'"{"x" * 401}"': 0,
    }
    for text, found in asked.items():
        assert store.count(EventQuery(text=text)) == found, text[:20]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda url: url.set(password="wrong"), "user or the password is wrong"),
        (lambda url: url.set(database="nowhere"), "no such database"),
        (lambda url: url.set(port=1), "cannot be reached"),
        (lambda url: url.set(query={"sslmode": "require"}), "cannot be reached|refuses SSL"),
    ],
)
def test_what_keeps_it_from_opening_is_said_without_the_password(url: str, change, message: str) -> None:  # type: ignore[no-untyped-def]
    changed = change(make_url(url)).render_as_string(False)
    with pytest.raises(StoreError, match=message) as caught:
        open_store(changed)
    assert str(make_url(url).password) not in str(caught.value)


@pytest.mark.parametrize(
    ("address_given", "message"),
    [
        ("postgresql://localhost", "names no database"),
        ("postgresql://localhost/x?sslmode=perhaps", "accepted: disable, prefer"),
        ("postgresql://localhost/x?colour=red", "accepted: host, sslmode"),
    ],
)
def test_an_address_that_says_too_little_or_too_much(address_given: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_store(address_given)


def test_a_database_of_something_else_is_left_alone() -> None:
    with new_database() as url:
        ask(url, "CREATE TABLE recipes (name text)")
        with pytest.raises(StoreError, match=r"other tables \(recipes\)"):
            open_store(url)
        assert ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("recipes",)]


def test_a_database_in_another_encoding_is_refused() -> None:
    with (
        new_database("template0 ENCODING 'LATIN1' LOCALE 'C'") as url,
        pytest.raises(StoreError, match="accepted: UTF8"),
    ):
        open_store(url)


def test_texts_sort_as_in_sqlite_whatever_the_language_of_the_database() -> None:
    wrong = """SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname = 'public'
        WHERE a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND a.attcollation <> '"C"'::regcollation
        AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('spatial_ref_sys', 'alembic_version')"""
    with new_store_to_spoil() as url:
        assert ask(url, wrong) == []
        assert ask(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_many_may_open_a_new_store_at_once() -> None:
    failures: list[BaseException] = []
    with new_database() as url:

        def work() -> None:
            try:
                open_store(url).close()
            except StoreError as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(ask(url, "SELECT * FROM meta")) == 2


def test_a_server_that_only_reads_says_so(store: EventStore, url: str) -> None:
    database = make_url(url).database
    ask(url, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    reader = open_store(url)
    try:
        assert reader.count(EventQuery()) == 0
        with pytest.raises(StoreError, match="cannot be written to"):
            reader.save([EVENT])
    finally:
        reader.close()
        on_server(f"ALTER DATABASE {database} RESET ALL")


def test_connections_that_the_server_ended_are_made_again(store: EventStore, url: str) -> None:
    store.save([EVENT])
    ask(url, END_OTHERS)
    assert store.version().endswith("-1")
    ask(url, END_OTHERS)
    assert store.get("e1") == EVENT


def test_others_are_told_of_every_write_and_of_what_they_missed(store: EventStore, url: str) -> None:
    told: list[str] = []
    watching = open_store(url)
    end = watching.watch(lambda: told.append(watching.version()))
    try:
        for step in range(3):
            store.save([replace(EVENT, title=f"Title {step}")])
            _soon(lambda: bool(told) and told[-1] == store.version())
            if step == 1:
                ended = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = ''"
                )
                ask(url, f"{ended} AND datname = current_database()")
    finally:
        end()
        watching.close()


def _soon(holds, seconds: float = 10.0) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it was not told"
        time.sleep(0.02)


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(
    store: EventStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geodata.store.postgis_connection.BUSY_TIMEOUT_S", 0.05)
    hasty = open_store(url)
    with store.writing():  # type: ignore[attr-defined]
        with pytest.raises(StoreError, match="another process is writing"):
            hasty.save([EVENT])
        assert hasty.count(EventQuery()) == 0
    hasty.save([EVENT])
    hasty.close()


def test_a_write_that_fails_at_its_last_step_keeps_nothing() -> None:
    with new_store_to_spoil() as url:
        store = open_store(url)
        store.save([EVENT])
        ask(url, "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''injected''; END'")
        ask(url, "CREATE TRIGGER no BEFORE UPDATE ON meta FOR EACH ROW EXECUTE FUNCTION no()")
        tables = ("events", "event_text", "history")
        before = [ask(url, f"SELECT * FROM {table} ORDER BY 1") for table in tables]
        for write in (
            lambda: store.save([replace(EVENT, event_id=f"n{i}") for i in range(1200)], [Document("d", "x")]),
            lambda: store.set_status(["e1"], Status.REVIEWED),
        ):
            with pytest.raises(StoreError, match="injected"):
                write()
        assert before == [
            ask(url, f"SELECT * FROM {table} ORDER BY 1") for table in ("events", "event_text", "history")
        ]
        store.close()


@pytest.mark.parametrize(
    ("event", "error", "message"),
    [
        (replace(EVENT, title="half \ud83d"), UsageError, "half .ud83d. holds half a surrogate pair"),
        (replace(EVENT, place=Place("x", 0, 0, population=2**70)), StoreError, "too large"),
        (replace(EVENT, confidence=float("nan")), StoreError, "confidence"),
    ],
)
@pytest.mark.parametrize("count", [1, 40])
def test_what_no_database_holds_is_refused(
    store: EventStore, event: Event, error: type[Exception], message: str, count: int
) -> None:
    """By itself it is one INSERT, with others COPY."""
    others = [replace(EVENT, event_id=f"fine {number}") for number in range(count)]
    with pytest.raises(error, match=message):
        store.save([*others, event])
    assert store.count(EventQuery()) == 0
    assert store.save([EVENT]).added == 1


def test_gis_programs_find_a_layer_of_points(store: EventStore, url: str) -> None:
    store.save([EVENT])
    layers = "SELECT f_geometry_column, type, srid FROM geometry_columns WHERE f_table_name = 'events'"
    assert ask(url, layers) == [("geom", "POINT", 4326)]
    point = ask(url, "SELECT ST_AsGeoJSON(geom) FROM events")[0][0]
    assert json.loads(point)["coordinates"] == [38.0, 48.6]
