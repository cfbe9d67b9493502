"""Events as GeoJSON features whose text SQLite itself puts together, some thousand at a time.

Each is what features.py writes, to the byte; a test holds that. SQLite does it without an object of Python's for every
value (feature_sql.py), or has it ready (sqlite_ahead.py); of events with several sources Python does it. Many are done
by two processes at once (feature_worker.py), of one state of the store: two threads of one process would wait for each
other at SQLite's locks.
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
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from geodata.credits import UNNAMED, Key
from geodata.features import FeatureTexts, dumps, feature
from geodata.store import feature_worker
from geodata.store.columns import version_in
from geodata.store.feature_sql import BETWEEN, QUERIES
from geodata.store.feature_worker import FURTHER, Piece, Pieces
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
_PIPE_BYTES = 1 << 20
"""Room between the processes, the most that Linux usually gives: a piece comes in two steps and not in thirty."""


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
            yield from filter(_has_some, _by_two((here, beside), pieces))
        else:
            yield from filter(_has_some, map(here, pieces))


def _has_some(texts: FeatureTexts) -> bool:
    return texts.count > 0  # the rows may come from an index of the store as it was a moment ago


class _Here:
    """Answers from this process's connection, to one thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._pieces = Pieces(lambda query, values: connection.exec_driver_sql(query, values).one(), QUERIES)

    def __call__(self, rows: "Ints") -> FeatureTexts:
        with self._lock:
            piece = self._pieces(rows.tolist())
        return self.texts(piece)

    def texts(self, piece: Piece) -> FeatureTexts:
        text = piece.text
        if FURTHER in text:
            with self._lock:
                text = _with_all_sources(self._connection, text)
        return FeatureTexts(piece.number, text.replace(b"<", b"\\u003c"), _corners(piece.reach), _cited(piece.cited))


class _Beside:
    """The same from another process, where its store is in the same state; else, or once it has gone, from here."""

    def __init__(self, path: Path, version: str, here: _Here) -> None:
        self._here, self._version = here, version
        self._running = subprocess.Popen(
            [sys.executable, feature_worker.__file__, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        _widen(_pipe(self._running.stdout))
        self._send(json.dumps({"uri": path.as_uri(), "queries": QUERIES, "cache": -16_000}))
        self._ready: bool | None = None

    def __enter__(self) -> "_Beside":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.kill()  # it may be in the midst of an answer that nobody wants
        self._running.communicate()

    def __call__(self, rows: "Ints") -> FeatureTexts:
        piece = self._asked(rows) if self._is_ready() else None
        return self._here(rows) if piece is None else self._here.texts(piece)

    def _is_ready(self) -> bool:
        if self._ready is None:
            self._ready = self._line() == self._version
        return self._ready

    def _asked(self, rows: "Ints") -> Piece | None:
        self._send(json.dumps(rows.tolist()))
        head = self._line()
        if not isinstance(head, list):
            self._ready = False
            return None
        length, *rest = head
        text = _pipe(self._running.stdout).read(length)
        return Piece(text, *rest) if len(text) == length else None

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


def _widen(pipe: IO[bytes]) -> None:
    """Not where the system gives less, or its user has too many wide ones: it takes longer then."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _corners(reach: Sequence[float | None]) -> tuple[tuple[float, float], ...]:
    west, east, south, north, west_of_east, east_of_west = reach
    corners = ((west, south), (east, north), (west_of_east, south), (east_of_west, north))
    return tuple((lon, lat) for lon, lat in corners if lon is not None and lat is not None)


def _cited(text: str | None) -> Counter[Key]:
    """The keys of `credits.keys_of`, counted."""
    found: Counter[Key] = Counter()
    for key, count in Counter(text.split(BETWEEN)).items() if text is not None else ():
        found[_key(key)] += count
    return found


@lru_cache(4096)
def _key(text: str) -> Key:
    said = json.loads(text)
    source, licence, attribution = said if isinstance(said, list) else (said, "", "")
    return source or UNNAMED, licence, attribution


def _with_all_sources(connection: Connection, text: bytes) -> bytes:
    """The text with the features of several sources written anew, by Python."""
    parts: list[bytes] = []
    again: dict[int, int] = {}  # row id -> where its feature stands
    for part in text.split(b",\n"):
        if part.startswith(FURTHER):
            again[int(part[1:])] = len(parts) - 1
        else:
            parts.append(part)
    for row, feature_text in by_python(connection, list(again)).items():
        parts[again[row]] = feature_text
    return b",\n".join(parts)


def by_python(connection: Connection, row_ids: Sequence[int]) -> dict[int, bytes]:
    """The texts of some features, made from their events."""
    rows: list[Any] = list(connection.execute(select(events).where(events.c.row_id.in_(row_ids))).mappings())
    sources = sources_by_id(connection, [row["event_id"] for row in rows])
    return {row["row_id"]: dumps(feature(event_of(row, sources.get(row["event_id"], ())))).encode() for row in rows}
