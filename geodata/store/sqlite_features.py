"""Events as GeoJSON features whose text SQLite itself puts together, some thousand at a time.

Each is what features.py writes, to the byte; a test holds that. SQLite does it without an object of Python's for every
value and without Python's lock, so that two threads do it at once. What it cannot say the same way Python says in its
place: numbers with more than 15 digits, a row's own properties, events of several sources.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from geodata.features import FeatureTexts, dumps, feature
from geodata.store.columns import version_in
from geodata.store.rows import event_of
from geodata.store.saving import sources_by_id
from geodata.store.schema import events

if TYPE_CHECKING:
    from geodata.answers import Ints

CHUNK = 2_000
"""Events a piece: about 1.5 MB of text."""
_SMALL = 20_000
"""Up to so many events a second thread costs more than it brings."""
_AHEAD = 4
"""Pieces in work or waiting for their reader."""
_FURTHER = b"\x1f"
"""Stands before the row id for each further source of an event; JSON text holds no such character."""


def _number(value: str, is_plain: str) -> str:
    """As Python writes it: SQLite writes 15 digits, so where these may not be all, Python is asked."""
    return f"CASE WHEN {is_plain} THEN {value} ELSE json(python_number({value})) END"


def _degrees(name: str) -> str:
    """`features.degrees_of`, by the same arithmetic."""
    whole = f"CAST({name} * 1e6 + CASE WHEN {name} < 0 THEN -0.5 ELSE 0.5 END AS INTEGER)"
    return _number(f"{whole} / 1e6", f"abs({name}) > 0.001")


def _rounded(name: str, steps: int, below: str) -> str:
    return _number(name, f"{name} < {below} AND CAST({name} * {steps} + 0.5 AS INTEGER) / {steps}.0 = {name}")


def _members(**values: str) -> str:
    """Members of an object without its braces; SQL's NULL is JSON's."""
    pairs = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"trim(json_object({pairs}), '{{}}')"


def _known(**values: str) -> str:
    """Members that are left out where they are empty, each after a comma."""
    parts = [
        f"CASE WHEN {value} <> '' THEN ',\"{name}\":' || json_quote({value}) ELSE '' END"
        for name, value in values.items()
    ]
    return " || ".join(parts)


def _spans(*names: str) -> str:
    parts = [
        f"CASE WHEN {name}_start IS NULL THEN '' ELSE "
        f"',\"{name}_start\":' || {name}_start || ',\"{name}_end\":' || {name}_end END"
        for name in names
    ]
    return " || ".join(parts)


def _unless(usual: str, said: str) -> str:
    """Nothing, where it is as with most events; the check costs less than saying nothing member by member."""
    return f"CASE WHEN {usual} THEN '' ELSE {said} END"


_FIRST, _LAST = (f"date({name} * 86400, 'unixepoch')" for name in ("start_day", "end_day"))
_POINT = f"""'{{"type":"Point","coordinates":' || json_array({_degrees("lon")}, {_degrees("lat")}) || '}}'"""
_WHAT = _members(
    event_type="event_type",
    sub_event_type="nullif(sub_event_type, '')",
    title="nullif(e.title, '')",
    start=_FIRST,
    end=_LAST,
    date_precision="date_precision",
    place="place_name",
    precision="precision",
    radius_m=_rounded("radius_m", 100, "1e9"),
    country="nullif(country, '')",
    admin1="nullif(admin1, '')",
    quote="nullif(quote, '')",
    status="status",
    confidence=_rounded("confidence", 10_000, "2"),
)
_SOURCE = _members(
    source_url="nullif(s.url, '')",
    source_title="nullif(s.title, '')",
    source_publisher="nullif(s.publisher, '')",
    source_published="s.published",
)
_PLACE = _known(admin2="admin2", place_id="place_id", place_feature="feature")
_POPULATION = _unless("coalesce(population, 0) = 0", "',\"population\":' || population")
_DOCUMENT = _unless(
    "doc_id = '' AND quote_start IS NULL AND when_start IS NULL AND place_start IS NULL",
    f"{_known(doc_id='doc_id')} || {_spans('quote', 'when', 'place')}",
)
_CITED = _unless(
    "s.event_id IS NULL OR (s.retrieved IS NULL AND s.sha256 = '' AND s.archive_url = '')",
    _known(source_retrieved="s.retrieved", source_sha256="s.sha256", source_archive_url="s.archive_url"),
)
_OWN = _unless("properties = '{}'", "own_properties(properties)")
_WHEN = f"""printf(',"when":{{"timespans":[{{"start":{{"in":"%s"}},"end":{{"in":"%s"}}}}]}}', {_FIRST}, {_LAST})"""
_DEATHS = ", ".join(f"coalesce(fatalities_{name}, 'null')" for name in ("low", "best", "high"))
_FEATURE = f"""printf('{{"type":"Feature","id":%s,"geometry":%s,"properties":{{%s,"actors":%s,"fatalities_low":%s,'
    || '"fatalities_best":%s,"fatalities_high":%s,"notes":%s,"tags":%s,%s%s%s%s%s%s}}%s}}',
    json_quote(e.event_id), CASE WHEN lon IS NULL THEN 'null' ELSE {_POINT} END, {_WHAT}, actors, {_DEATHS},
    e.notes, tags, {_SOURCE}, {_PLACE}, {_POPULATION}, {_DOCUMENT}, {_CITED}, {_OWN},
    CASE WHEN start_day IS NULL THEN '' ELSE {_WHEN} END)"""
# `CROSS JOIN` keeps the order of the ids; further sources come right behind the first.
_PIECE = f"""SELECT CAST(group_concat(CASE WHEN s.position > 0 THEN char(31) || e.row_id ELSE {_FEATURE} END,
        ',' || char(10)) AS BLOB),
    min(lon), max(lon), min(lat), max(lat), min(CASE WHEN lon >= 0 THEN lon END), max(CASE WHEN lon < 0 THEN lon END)
    FROM json_each(?) j CROSS JOIN events e ON e.row_id = j.value
    LEFT JOIN event_sources s ON s.event_id = e.event_id"""  # noqa: S608 - no input is in it


def feature_texts(engine: Engine, chosen: Callable[[Connection], "Ints"]) -> Iterator[FeatureTexts]:
    """The features of the rows that `chosen` gives, in its order, all from one state of the store."""
    with ExitStack() as stack:
        first = stack.enter_context(engine.connect())
        version = version_in(first)  # from here on it reads this state
        rows = chosen(first)
        pieces = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        if len(rows) > _SMALL and (os.cpu_count() or 1) > 1:
            second = stack.enter_context(engine.connect())
            if version_in(second) == version:
                yield from _by_two((first, second), pieces)
                return
        yield from (_piece(first, piece) for piece in pieces)


def _by_two(connections: Sequence[Connection], pieces: Sequence["Ints"]) -> Iterator[FeatureTexts]:
    """The pieces in order, each worked out by a thread that has one of the connections to itself."""
    free: SimpleQueue[Connection] = SimpleQueue()
    for connection in connections:
        free.put(connection)

    def work(piece: "Ints") -> FeatureTexts:
        connection = free.get()
        try:
            return _piece(connection, piece)
        finally:
            free.put(connection)

    waiting: deque[Future[FeatureTexts]] = deque()
    with ThreadPoolExecutor(len(connections), "features") as threads:
        try:
            for piece in pieces:
                waiting.append(threads.submit(work, piece))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # the reader may have had enough
            threads.shutdown(cancel_futures=True)


def _piece(connection: Connection, rows: "Ints") -> FeatureTexts:
    cursor = connection.exec_driver_sql(_PIECE, (str(rows.tolist()),))
    text, west, east, south, north, west_of_east, east_of_west = cursor.one()
    if _FURTHER in (text or b""):
        text = _with_all_sources(connection, text)
    corners = () if west is None else ((west, south), (east, north), (west_of_east, south), (east_of_west, north))
    known = tuple((lon, lat) for lon, lat in corners if lon is not None)
    return FeatureTexts(len(rows), (text or b"").replace(b"<", b"\\u003c"), known)


def _with_all_sources(connection: Connection, text: bytes) -> bytes:
    """The text with the features of several sources written anew, by Python."""
    parts: list[bytes] = []
    again: dict[int, int] = {}  # row id -> where its feature stands
    for part in text.split(b",\n"):
        if part.startswith(_FURTHER):
            again[int(part[1:])] = len(parts) - 1
        else:
            parts.append(part)
    ids = list(again)
    rows: list[Any] = list(connection.execute(select(events).where(events.c.row_id.in_(ids))).mappings())
    sources = sources_by_id(connection, [row["event_id"] for row in rows])
    for row in rows:
        parts[again[row["row_id"]]] = dumps(feature(event_of(row, sources[row["event_id"]]))).encode()
    return b",\n".join(parts)
