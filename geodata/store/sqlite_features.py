"""Events as GeoJSON features whose text SQLite itself puts together, some thousand at a time.

Each is what features.py writes, to the byte; a test holds that. SQLite does it without an object of Python's for every
value. What it cannot say the same way Python says in its place: numbers with more than 15 digits, a row's own
properties, events of several sources. Many are done by two processes at once, of one state of the store: two threads of
one process would wait for each other at SQLite's locks.
"""

import json
import os
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from geodata.credits import ATTRIBUTION, LICENCE, UNNAMED, Key
from geodata.features import FeatureTexts, dumps, feature
from geodata.store import feature_worker
from geodata.store.columns import version_in
from geodata.store.rows import event_of
from geodata.store.saving import sources_by_id
from geodata.store.schema import events

if TYPE_CHECKING:
    from geodata.answers import Ints

CHUNK = 2_000
"""Events a piece: about 1.5 MB of text."""
_SMALL = 20_000
"""Up to so many events a second process costs more than it brings."""
_ROOT = Path(__file__).parents[2]
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


_FIRST, _LAST = (f"date({name} + 2440587.5)" for name in ("start_day", "end_day"))  # 1970-01-01 as a Julian day
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
_TERMS = ", ".join(f"coalesce(json_extract(properties, '$.{name}'), '')" for name in (LICENCE, ATTRIBUTION))
_SOURCE_NAME = "CASE WHEN s.publisher <> '' THEN s.publisher WHEN s.url <> '' THEN host_of(s.url) ELSE '' END"
_CREDIT = f"CASE WHEN properties = '{{}}' THEN json_quote({_SOURCE_NAME}) ELSE json_array({_SOURCE_NAME}, {_TERMS}) END"
_BETWEEN = "\x1e"
_VERSION = "SELECT value FROM meta WHERE name IN ('store_id', 'version') ORDER BY name"
# `CROSS JOIN` keeps the order of the ids; further sources come right behind the first.
_PIECE = f"""SELECT CAST(group_concat(CASE WHEN s.position > 0 THEN char(31) || e.row_id ELSE {_FEATURE} END,
        ',' || char(10)) AS BLOB), group_concat({_CREDIT}, '{_BETWEEN}'),
    min(lon), max(lon), min(lat), max(lat), min(CASE WHEN lon >= 0 THEN lon END), max(CASE WHEN lon < 0 THEN lon END)
    FROM json_each(?) j CROSS JOIN events e ON e.row_id = j.value
    LEFT JOIN event_sources s ON s.event_id = e.event_id"""  # noqa: S608 - no input is in it


def feature_texts(engine: Engine, chosen: Callable[[Connection], "Ints"]) -> Iterator[FeatureTexts]:
    """The features of the rows that `chosen` gives, in its order, all from one state of the store."""
    with ExitStack() as stack:
        connection = stack.enter_context(engine.connect())
        version = version_in(connection)  # from here on it reads this state
        rows = chosen(connection)
        pieces = [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
        here = _Here(connection)
        if len(rows) > _SMALL and (os.cpu_count() or 1) > 1 and (path := _file_of(engine)):
            beside = stack.enter_context(_Beside(path, version, here))
            yield from _by_two((here, beside), pieces)
        else:
            yield from map(here, pieces)


Piece = tuple[bytes, str | None, tuple[float | None, ...]]
"""Of some rows: their features' texts, what they cite, and where they reach."""


class _Here:
    """Answers from this process's connection, to one thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def __call__(self, rows: "Ints") -> FeatureTexts:
        with self._lock:
            text, cited, *reach = self._connection.exec_driver_sql(_PIECE, (str(rows.tolist()),)).one()
        return self.texts(len(rows), (text or b"", cited, tuple(reach)))

    def texts(self, count: int, piece: Piece) -> FeatureTexts:
        text, cited, reach = piece
        if _FURTHER in text:
            with self._lock:
                text = _with_all_sources(self._connection, text)
        return FeatureTexts(count, text.replace(b"<", b"\\u003c"), _corners(reach), _cited(cited))


class _Beside:
    """The same from another process, where its store is in the same state; else, or once it has gone, from here."""

    def __init__(self, path: Path, version: str, here: _Here) -> None:
        self._here, self._version = here, version
        self._running = subprocess.Popen(
            [sys.executable, feature_worker.__file__, str(_ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        asked = {"uri": path.as_uri(), "query": _PIECE, "version": _VERSION, "cache": -16_000}
        self._send(json.dumps(asked))
        self._ready: bool | None = None

    def __enter__(self) -> "_Beside":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.kill()  # it may be in the midst of an answer that nobody wants
        self._running.communicate()

    def __call__(self, rows: "Ints") -> FeatureTexts:
        piece = self._asked(rows) if self._is_ready() else None
        return self._here(rows) if piece is None else self._here.texts(len(rows), piece)

    def _is_ready(self) -> bool:
        if self._ready is None:
            self._ready = self._line() == self._version
        return self._ready

    def _asked(self, rows: "Ints") -> Piece | None:
        self._send(str(rows.tolist()))
        head = self._line()
        if not isinstance(head, list):
            self._ready = False
            return None
        length, cited, *reach = head
        text = _pipe(self._running.stdout).read(length)
        return (text, cited, tuple(reach)) if len(text) == length else None

    def _send(self, line: str) -> None:
        with suppress(BrokenPipeError):  # its answer will be missing
            _pipe(self._running.stdin).write(line.encode() + b"\n")
            _pipe(self._running.stdin).flush()

    def _line(self) -> object:
        """The next line that it says; None where it has gone."""
        line = _pipe(self._running.stdout).readline()
        return json.loads(line) if line.endswith(b"\n") else None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe  # asked for when it was started
    return pipe


def _file_of(engine: Engine) -> Path | None:
    path = Path(engine.url.database or "")
    return path if path.is_absolute() and path.is_file() else None


def _by_two(ways: Sequence[Callable[["Ints"], FeatureTexts]], pieces: Sequence["Ints"]) -> Iterator[FeatureTexts]:
    """The pieces in order, each worked out in one of two ways, whichever is free."""
    free: SimpleQueue[Callable[[Ints], FeatureTexts]] = SimpleQueue()
    for way in ways:
        free.put(way)

    def work(piece: "Ints") -> FeatureTexts:
        way = free.get()
        try:
            return way(piece)
        finally:
            free.put(way)

    waiting: deque[Future[FeatureTexts]] = deque()
    with ThreadPoolExecutor(len(ways), "features") as threads:
        try:
            for piece in pieces:
                waiting.append(threads.submit(work, piece))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:  # the reader may have had enough
            threads.shutdown(cancel_futures=True)


def _corners(reach: Sequence[float | None]) -> tuple[tuple[float, float], ...]:
    west, east, south, north, west_of_east, east_of_west = reach
    corners = ((west, south), (east, north), (west_of_east, south), (east_of_west, north))
    return tuple((lon, lat) for lon, lat in corners if lon is not None and lat is not None)


def _cited(text: str | None) -> Counter[Key]:
    """The keys of `credits.keys_of`, counted."""
    found: Counter[Key] = Counter()
    for key, count in Counter(text.split(_BETWEEN)).items() if text is not None else ():
        said = json.loads(key)
        source, licence, attribution = said if isinstance(said, list) else (said, "", "")
        found[source or UNNAMED, licence, attribution] += count
    return found


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
