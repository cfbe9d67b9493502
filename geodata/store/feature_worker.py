"""A second process that runs one query of an SQLite store for batches of row ids.

`python feature_worker.py ROOT`, ROOT being the folder that holds `geodata`. It reads a line of JSON with the store's
file, the query and the one that gives the store's version, answers with that version, as its own transaction has it,
and then a request at a time: a line with a JSON list of row ids. Each answer is a line of JSON, the row without its
first column, and that column's bytes. It ends with its input. Only what is needed is imported: it has to start at once.
"""

import json
import sqlite3
import sys
from typing import IO, Any


def serve(given: IO[bytes], out: IO[bytes]) -> None:
    """Answers until its input ends."""
    asked = json.loads(given.readline())
    connection = sqlite3.connect(f"{asked['uri']}?mode=ro", uri=True, isolation_level=None)
    add_functions(connection)
    connection.execute(f"PRAGMA cache_size={int(asked['cache'])}")
    connection.execute("BEGIN")
    _answer(out, "-".join(value for (value,) in connection.execute(asked["version"])))
    for line in given:
        text, *rest = connection.execute(asked["query"], (line.decode(),)).fetchone()
        body = text or b""
        _answer(out, [len(body), *rest], body)


def _answer(out: IO[bytes], head: object, body: bytes = b"") -> None:
    out.write(json.dumps(head).encode() + b"\n")
    out.write(body)
    out.flush()


def add_functions(connection: sqlite3.Connection) -> None:
    """The functions that the query needs."""
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
