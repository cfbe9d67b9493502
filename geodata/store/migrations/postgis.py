"""What the migrations make on PostgreSQL only: partitions by year, positions, words, and the triggers that keep them.

Triggers run once a statement, over all its rows, so that COPY of many rows stays quick. A change of what stands here
needs a revision of its own, once there are stores made by it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from geodata.errors import StoreError
from geodata.geometry import EARTH_RADIUS_M

FIRST_YEAR = 1989
"""Of the first partition that holds one year: UCDP's events begin then. What is earlier shares one."""
CHANNEL = "dateline"
"""What a writer tells its version by (NOTIFY)."""
EPOCH = date(1970, 1, 1).toordinal()
FUNCTIONS = (
    # the name that SQLite has for it
    """CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS 'SELECT strpos($1, $2)'""",
    # model.host_of; the ICU collation has small letters for all scripts, as Python has
    r"""CREATE FUNCTION host_of(url text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT CASE WHEN strpos(url, '://') = 0 THEN '' ELSE regexp_replace(lower(split_part(regexp_replace(
        substring(substr(url, strpos(url, '://') + 3) FROM '^[^/?#]*'), '^.*@', ''), ':', 1) COLLATE "und-x-icu"),
        '^www\.', '') COLLATE "C" END $$""",
    """CREATE FUNCTION publisher_or_host(publisher text, url text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN publisher <> '' THEN publisher ELSE host_of(url) END $$""",
    # geometry.distance_m
    f"""CREATE FUNCTION in_circle(lon float8, lat float8, lon0 float8, lat0 float8, km float8) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 2 * {EARTH_RADIUS_M!r} * asin(least(1.0, sqrt(power(sin((radians(lat) - radians(lat0)) / 2), 2)
        + cos(radians(lat0)) * cos(radians(lat)) * power(sin(radians(lon - lon0) / 2), 2)))) <= 1000 * km $$""",
    # shapes.Polygon.contains
    """CREATE FUNCTION in_polygon(lon float8, lat float8, x1 float8[], y1 float8[], x2 float8[], y2 float8[],
        turns float8[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(bool_or(mod(crossed, 2) = 1), false) FROM (
        SELECT count(*) FILTER (WHERE lon + turn < (s.x2 - s.x1) * (lat - s.y1) / (s.y2 - s.y1) + s.x1) AS crossed
        FROM unnest(turns) AS turn, unnest(x1, y1, x2, y2) AS s (x1, y1, x2, y2)
        WHERE (s.y1 > lat) <> (s.y2 > lat) GROUP BY turn) AS counted $$""",
)
KEYS = (
    """CREATE TABLE event_keys (event_id text COLLATE "C" PRIMARY KEY, row_id integer NOT NULL UNIQUE,
    start_day integer)""",
)
TEXT = (
    """CREATE TABLE event_text (row_id integer PRIMARY KEY, words tsvector NOT NULL, folded text COLLATE "C" NOT NULL,
    folded_actors text COLLATE "C" NOT NULL, names text[] COLLATE "C" NOT NULL, source text COLLATE "C" NOT NULL,
    rejected boolean NOT NULL, is_partial boolean NOT NULL)""",
    "CREATE INDEX event_text_words ON event_text USING gin (words)",
    "CREATE INDEX event_text_partial ON event_text (row_id) WHERE is_partial",
)
ADDED = """
    INSERT INTO event_keys (event_id, row_id, start_day) SELECT event_id, row_id, start_day FROM new_rows;
    PERFORM setval('events_row_id_seq', max(row_id)) FROM new_rows
        HAVING max(row_id) >= (SELECT last_value FROM events_row_id_seq);"""
CHANGED = """
    UPDATE event_keys k SET start_day = n.start_day FROM new_rows n
        WHERE k.row_id = n.row_id AND k.start_day IS DISTINCT FROM n.start_day;"""
REMOVED = "DELETE FROM event_keys k USING old_rows o WHERE k.row_id = o.row_id;"
REJECTED = """
    UPDATE event_text t SET rejected = (n.status = 'rejected') FROM new_rows n
        WHERE t.row_id = n.row_id AND t.rejected <> (n.status = 'rejected');"""
REMOVED_TEXT = "DELETE FROM event_text t USING old_rows o WHERE t.row_id = o.row_id;"
# A writing call moves the version on as its last statement, so that what it removes is of the version to come.
FORGOTTEN = """
    INSERT INTO removed_rows (version, row_id)
        SELECT (SELECT value::integer + 1 FROM meta WHERE name = 'version'), row_id FROM old_rows
        ON CONFLICT DO NOTHING;"""
SOURCES = """
    UPDATE event_text t SET source = publisher_or_host(n.publisher, n.url)
        FROM new_rows n JOIN event_keys k ON k.event_id = n.event_id WHERE n.position = 0 AND t.row_id = k.row_id
        AND t.source <> publisher_or_host(n.publisher, n.url);"""
NO_SOURCES = """
    UPDATE event_text t SET source = '' FROM old_rows o JOIN event_keys k ON k.event_id = o.event_id
        WHERE o.position = 0 AND t.row_id = k.row_id;"""
COUNTED = {
    "new_rows": "SELECT {kind}, {name}, 1 FROM new_rows WHERE NOT rejected",
    "old_rows": "SELECT {kind}, {name}, -1 FROM old_rows WHERE NOT rejected",
}
HISTORY = """
    PERFORM setval('history_history_id_seq', max(history_id)) FROM new_rows
        HAVING max(history_id) >= (SELECT last_value FROM history_history_id_seq);"""
TELL = f"""CREATE FUNCTION tell_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('{CHANNEL}', NEW.value); RETURN NULL; END $$"""


def casefolded() -> str:
    """A function that does what `str.casefold` does: small letters by ICU, then those that folding treats otherwise."""
    small = {low for code in range(sys.maxunicode + 1) if len(low := chr(code).lower()) == 1 and low.casefold() != low}
    single = sorted(low for low in small if len(low.casefold()) == 1)
    body = f"""translate(lower($1 COLLATE "und-x-icu"), '{"".join(single)}', '{"".join(map(str.casefold, single))}')"""
    for low in sorted(small.difference(single)):
        body = f"replace({body}, '{low}', '{low.casefold()}')"
    return f"""CREATE FUNCTION casefolded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT {body} COLLATE "C" $$"""


def is_postgis() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


@contextmanager
def sorted_by_code_point() -> Iterator[None]:
    """Tables made meanwhile sort and compare their texts by code points, as SQLite does, not by a language's rules."""

    def collate(table: sa.Table, *_args: Any, **_more: Any) -> None:
        for column in table.columns:
            if isinstance(column.type, sa.String) and column.type.collation is None:
                column.type = sa.Text(collation="C")

    sa.event.listen(sa.Table, "before_create", collate)
    try:
        yield
    finally:
        sa.event.remove(sa.Table, "before_create", collate)


def prepare(connection: sa.Connection) -> None:
    """Looks whether the database is fit to hold a store, and adds PostGIS to it where this user may."""

    def ask(statement: str) -> Any:
        return connection.exec_driver_sql(statement).scalar()

    if (encoding := ask("SHOW server_encoding")) != "UTF8":
        raise StoreError(f"the database keeps texts in {encoding}; accepted: UTF8 (createdb --encoding UTF8)")
    if ask("SELECT 1 FROM pg_extension WHERE extname = 'postgis'"):
        return
    if not ask("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"):
        raise StoreError("the server has no PostGIS; on Debian: apt-get install postgresql-15-postgis-3")
    if not ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        raise StoreError("the database has no PostGIS yet; a superuser adds it once, by: CREATE EXTENSION postgis")
    connection.exec_driver_sql("CREATE EXTENSION postgis")


def create_events(columns: list[sa.Column[Any]]) -> None:
    """`events` in partitions by year of the first day, its columns those of all databases and `geom`."""
    run(*FUNCTIONS, casefolded(), "CREATE SEQUENCE events_row_id_seq AS integer")
    for column in columns:
        # no index reaches over all partitions, so that uniqueness is for `event_keys` to hold
        column.unique = column.primary_key = False
    columns[0].nullable, columns[0].server_default = False, sa.DefaultClause(sa.text("nextval('events_row_id_seq')"))
    place = "geometry(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED"
    op.create_table("events", *columns, postgresql_partition_by="RANGE (start_day)")
    run(
        "ALTER SEQUENCE events_row_id_seq OWNED BY events.row_id",
        f"ALTER TABLE events ADD COLUMN geom {place}",
        "ALTER TABLE events ADD CONSTRAINT confidence_is_a_number CHECK (confidence <> 'NaN')",
        "ALTER TABLE events ADD CONSTRAINT radius_is_a_number CHECK (radius_m <> 'NaN')",
        "CREATE INDEX events_by_row ON events (row_id)",
        "CREATE INDEX events_by_id ON events (event_id)",
        "CREATE INDEX events_by_place ON events USING gist (geom)",
        *KEYS,
    )
    for name, bounds in partitions(date.today().year + 1):
        run(f"CREATE TABLE {name} PARTITION OF events {bounds}")
    for event, body, rows in (("INSERT", ADDED, "new"), ("UPDATE", CHANGED, "new"), ("DELETE", REMOVED, "old")):
        trigger(f"events_keyed_{event.lower()}", "events", event, body, rows)


def partitions(last_year: int) -> Iterator[tuple[str, str]]:
    """The name and bounds of each partition: what is earlier, each year, what is later, the undated."""
    yield f"events_before_{FIRST_YEAR}", f"FOR VALUES FROM (MINVALUE) TO ({day(FIRST_YEAR)})"
    for year in range(FIRST_YEAR, last_year + 1):
        yield f"events_{year}", f"FOR VALUES FROM ({day(year)}) TO ({day(year + 1)})"
    yield "events_later", f"FOR VALUES FROM ({day(last_year + 1)}) TO (MAXVALUE)"
    yield "events_undated", "DEFAULT"  # every number has its partition, so that only those without one come here


def day(year: int) -> int:
    """The first day of a year, counted from 1970."""
    return date(year, 1, 1).toordinal() - EPOCH


def trigger(name: str, table: str, event: str, body: str, rows: str) -> None:
    """A trigger that runs once a statement; `rows` are the tables that it reads: new, old, or both."""
    tables = " ".join(f"{each.upper()} TABLE AS {each}_rows" for each in rows.split())
    run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


def create_words() -> None:
    """`event_text`, the counts of names, and what keeps both right where events and sources change."""
    run(*TEXT)
    trigger("events_rejected", "events", "UPDATE", REJECTED, "new")
    trigger("events_unworded", "events", "DELETE", REMOVED_TEXT, "old")
    trigger("sources_added", "event_sources", "INSERT", SOURCES, "new")
    trigger("sources_changed", "event_sources", "UPDATE", NO_SOURCES + SOURCES, "old new")
    trigger("sources_removed", "event_sources", "DELETE", NO_SOURCES, "old")
    for event, rows in (("INSERT", "new"), ("UPDATE", "old new"), ("DELETE", "old")):
        trigger(f"names_{event.lower()}", "event_text", event, _count_names(rows), rows)


def _count_names(rows: str) -> str:
    kinds = {"'actor'": "unnest(names)", "'source'": "source"}
    parts = [
        COUNTED[f"{each}_rows"].format(kind=kind, name=name) for each in rows.split() for kind, name in kinds.items()
    ]
    # the names are there already, folded, where Dateline writes: postgis_words.py
    return f"""
    INSERT INTO event_names (kind, name, folded, count)
        SELECT kind, name, ' ' || lower(name), sum(n) FROM ({" UNION ALL ".join(parts)}) AS counted (kind, name, n)
        WHERE name <> '' GROUP BY kind, name HAVING sum(n) <> 0
    ON CONFLICT (kind, name) DO UPDATE SET count = event_names.count + excluded.count;"""


def create_telling() -> None:
    """Removed rows are kept by version; a writer's commit tells its version to all who listen."""
    trigger("events_forgotten", "events", "DELETE", FORGOTTEN, "old")
    run(
        TELL,
        "CREATE TRIGGER tell_version AFTER INSERT OR UPDATE ON meta FOR EACH ROW "
        "WHEN (NEW.name = 'version') EXECUTE FUNCTION tell_version()",
    )
