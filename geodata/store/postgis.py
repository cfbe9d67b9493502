"""PostgreSQL with PostGIS: partitions by year, GiST for places, a text index for words. Driver: pg8000.

Besides the files named postgis_* it is the only file of the store that knows PostgreSQL's ways.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, bindparam, event, func, select
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from geodata.features import FeatureTexts, together
from geodata.geometry import BBox
from geodata.shapes import Circle, Polygon
from geodata.store.migrate import bring_up_to_date
from geodata.store.postgis_bulk import PostgisBulk, bulk, restoring
from geodata.store.postgis_connection import code_of, explained, make_engine, server_url
from geodata.store.postgis_tables import event_text, geom
from geodata.store.postgis_watching import Watch
from geodata.store.postgis_words import keep_source_names, keep_words, word_conditions
from geodata.store.postgis_years import add_years
from geodata.store.rows import event_of
from geodata.store.saving import batches, sources_by_id
from geodata.store.schema import event_sources, events
from geodata.store.sql import SqlStore

if TYPE_CHECKING:
    from geodata.answers import Ints

SMALL_BOX_DEG2 = 100.0
"""As with SQLite: in a larger box reading on in order of date finds a page sooner."""
MARGIN_DEG = 1e-6
FEATURES = 1_000
"""Events a piece of a collection of features."""
_BUSY = "55P03"
_VERSION = "SELECT value FROM meta WHERE name IN ('store_id', 'version') ORDER BY name"
_Floats = ARRAY(DOUBLE_PRECISION)


def open_postgis(url: str) -> SqlStore:
    """The store in the database that `url` names, whose tables are made where they are missing."""
    backend = PostgisBackend(server_url(url))
    try:
        bring_up_to_date(backend)
        add_years(backend, date.today().year + 1)
    except BaseException:
        backend.engine.dispose()
        raise
    return SqlStore(backend)


class PostgisBackend:
    """One database of a PostgreSQL server, shared between threads and processes."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @cached_property
    def engine(self) -> Engine:
        engine = make_engine(self.url)
        event.listen(engine, "before_cursor_execute", _before_writing)
        event.listen(engine, "after_cursor_execute", _after_writing)
        return engine

    def in_box(self, box: BBox) -> ColumnElement[bool]:
        inside = and_(events.c.lon.between(box.west, box.east), events.c.lat.between(box.south, box.north))
        if (box.east - box.west) * (box.north - box.south) > SMALL_BOX_DEG2:
            return inside
        corners = (box.west - MARGIN_DEG, box.south - MARGIN_DEG, box.east + MARGIN_DEG, box.north + MARGIN_DEG)
        return and_(geom.op("&&", is_comparison=True)(func.ST_MakeEnvelope(*corners, 4326)), inside)

    def in_circle(self, circle: Circle) -> ColumnElement[bool]:
        return func.in_circle(events.c.lon, events.c.lat, circle.lon, circle.lat, circle.km)

    def in_polygon(self, polygon: Polygon) -> ColumnElement[bool]:
        sides = [(x1, y1, x2, y2) for (x1, y1), (x2, y2) in polygon.sides() if y1 != y2]
        columns = [list(column) for column in zip(*sides, strict=True)] or [[]] * 4
        turns = [turn for turn in (0.0, 360.0, -360.0) if _meets(polygon, turn)]
        given = [bindparam(None, values, _Floats, unique=True) for values in (*columns, turns)]
        return func.in_polygon(events.c.lon, events.c.lat, *given)

    def host_of(self, url: ColumnElement[str]) -> ColumnElement[str]:
        return func.host_of(url)

    def has_words(self, text: str, actor: str = "") -> ColumnElement[bool]:
        return events.c.row_id.in_(self.rows_with_words(text, actor))

    def rows_with_words(self, text: str, actor: str = "") -> Select[tuple[int]]:
        return select(event_text.c.row_id).where(*word_conditions(text, actor))

    def feature_texts(self, chosen: Callable[[Connection], "Ints"]) -> Iterator[FeatureTexts]:
        with self.engine.connect() as connection:
            for rows in batches(chosen(connection).tolist(), FEATURES):
                yield _features(connection, rows)

    def make_ahead(self) -> bool:
        return False  # it makes each when it is asked for

    def bulk(self, connection: Connection) -> AbstractContextManager[PostgisBulk]:
        return bulk(connection)

    def version(self) -> str:
        # Past SQLAlchemy's statement machinery, in one round trip: this runs on every request.
        pooled = self.engine.raw_connection()
        try:
            driver: Any = pooled.driver_connection
            return "-".join(row[0] for row in driver.execute_simple(_VERSION).rows)
        except self.engine.dialect.loaded_dbapi.Error as error:
            pooled.invalidate(error)
            raise DBAPIError(_VERSION, None, error) from error
        finally:
            pooled.close()

    def tidy(self) -> None:
        """The server does so by itself."""

    def restoring(self, connection: Connection) -> AbstractContextManager[None]:
        return restoring(connection)

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        return Watch(self.engine, changed).close

    def is_busy(self, error: DBAPIError) -> bool:
        return code_of(error.orig) == _BUSY

    def explain(self, error: DBAPIError) -> str:
        return explained(self.url, error)


def _meets(polygon: Polygon, turn: float) -> bool:
    lons = [lon for lon, _ in polygon.corners]
    return min(lons) <= 180 + turn and max(lons) >= -180 + turn


def _features(connection: Connection, rows: Sequence[int]) -> FeatureTexts:
    found = connection.execute(select(events).where(events.c.row_id.in_(rows))).mappings().all()
    sources = sources_by_id(connection, [row["event_id"] for row in found])
    there = {row["row_id"]: event_of(row, sources.get(row["event_id"], ())) for row in found}
    return together([there[row] for row in rows])


def _before_writing(
    connection: Connection, _cursor: object, _statement: str, _given: object, context: Any, _many: bool
) -> None:
    if context and context.isinsert and context.compiled.statement.table is event_sources:
        keep_source_names(connection, context.compiled_parameters)


def _after_writing(
    connection: Connection, _cursor: object, _statement: str, _given: object, context: Any, _many: bool
) -> None:
    """What events are found by is written right behind them."""
    if context and (context.isinsert or context.isupdate) and context.compiled.statement.table is events:
        rows = context.compiled_parameters
        if rows and "title" in rows[0]:
            keep_words(connection, rows)
