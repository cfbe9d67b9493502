"""A second process that makes the texts of features of an SQLite store; and how they are made, in either process.

`python feature_worker.py ROOT`, ROOT being the folder that holds `geodata`. It reads a line of JSON with the store's
file and the queries (feature_sql.py), answers with the store's version, as its own transaction has it, and then a
request at a time: a line with a JSON list of row ids. Each answer is a line of JSON, the piece without its text, and
the text's bytes. It ends with its input. Only what is needed is imported: it has to start at once.
"""

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple

FURTHER = b"\x1f"
"""Stands before the row id for each further source of an event; JSON text holds no such character."""
ABSENT = b"\x1e"
"""Stands before the row id of an event whose text is not kept."""
FEW = 4
"""Where more than this part of the texts is not kept, all are made."""


class Piece(NamedTuple):
    """Of some rows: their features' texts, what they cite, how many there are, and where they reach."""

    text: bytes
    cited: str | None
    number: int
    reach: Sequence[float | None]


class Pieces:
    """Pieces of one state of a store. `one` gives the only row of a query with its values."""

    def __init__(self, one: Callable[[str, tuple[str, ...]], Sequence[Any]], queries: Mapping[str, str]) -> None:
        self._one, self._queries = one, queries
        self._kept_to = one(queries["kept_to"], ())[0]

    def __call__(self, rows: Sequence[int]) -> Piece:
        """In the order of the rows; those that the store does not have are left out."""
        if not rows or min(rows) > self._kept_to:
            return self._asked("made", rows)[0]
        piece, missing = self._asked("kept", rows)
        if missing and FEW * missing <= len(rows):
            return self._filled(piece) or self._asked("made", rows)[0]
        return self._asked("made", rows)[0] if missing else piece

    def _asked(self, name: str, rows: Sequence[int]) -> tuple[Piece, int]:
        text, cited, count, missing, *reach = self._one(self._queries[name], (json.dumps(rows),))
        return Piece(text or b"", cited, count, reach), missing

    def _filled(self, piece: Piece) -> Piece | None:
        """The piece with the texts that it lacks; None where one of these rows is not there."""
        parts = piece.text.split(b",\n")
        places = [place for place, part in enumerate(parts) if part.startswith(ABSENT)]
        made, _ = self._asked("made", [int(parts[place][1:]) for place in places])
        if made.number != len(places):
            return None
        texts = list(_each(made.text))
        for place, text in zip(places, texts, strict=True):
            parts[place] = text
        cited = "\x1e".join(each for each in (piece.cited, made.cited) if each is not None)
        reach = [_of_both(*both) for both in zip((min, max) * 3, piece.reach, made.reach, strict=True)]
        return Piece(b",\n".join(parts), cited, piece.number + made.number, reach)


def _each(text: bytes) -> Iterator[bytes]:
    """The texts one by one, each with the marks of its further sources."""
    parts: list[bytes] = []
    for part in text.split(b",\n"):
        if parts and not part.startswith(FURTHER):
            yield b",\n".join(parts)
            parts = []
        parts.append(part)
    yield b",\n".join(parts)


def _of_both(which: Callable[..., float], one: float | None, other: float | None) -> float | None:
    return one if other is None else other if one is None else which(one, other)


def serve(given: IO[bytes], out: IO[bytes]) -> None:
    """Answers until its input ends."""
    asked = json.loads(given.readline())
    connection = sqlite3.connect(f"{asked['uri']}?mode=ro", uri=True, isolation_level=None)
    add_functions(connection)
    connection.execute(f"PRAGMA cache_size={int(asked['cache'])}")
    connection.execute("BEGIN")
    _answer(out, "-".join(value for (value,) in connection.execute(asked["queries"]["version"])))
    pieces = Pieces(lambda query, values: connection.execute(query, values).fetchone(), asked["queries"])
    for line in given:
        text, *rest = pieces(json.loads(line))
        _answer(out, [len(text), *rest], text)


def _answer(out: IO[bytes], head: object, body: bytes = b"") -> None:
    out.write(json.dumps(head).encode() + b"\n")
    out.write(body)
    out.flush()


def add_functions(connection: sqlite3.Connection) -> None:
    """The functions that the queries need."""
    from geodata.features import dumps, own_properties
    from geodata.model import host_of

    def number(value: float | None) -> str | None:
        return None if value is None else dumps(value)

    def own(properties: str) -> str:
        return f",{dumps(own_properties(json.loads(properties)))[1:-1]}"

    functions: list[tuple[str, Any]] = [("python_number", number), ("own_properties", own), ("host_of", host_of)]
    for name, function in functions:
        connection.create_function(name, 1, function, deterministic=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    serve(sys.stdin.buffer, sys.stdout.buffer)
