"""Connections to PostgreSQL through pg8000: their address, transactions, texts, errors, and COPY for many rows."""

import re
import ssl
from collections.abc import Iterable, Sequence
from typing import Any

import pg8000  # type: ignore[import-untyped]
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from geodata.errors import UsageError, shown

BUSY_TIMEOUT_S = 15.0
WRITE_LOCK = 0x646174656C696E65 >> 1
"""Key of the advisory lock that writing transactions hold, one after the other: "dateline" in ASCII, as a bigint."""
APPLICATION = "dateline"
SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
_GONE = ("57P01", "57P02", "57P03", "08")
"""SQLSTATEs of a server that shuts down, crashed or starts, and of connection errors."""
_EXPLAINED = {
    "08": "the connection broke off; try again",
    "22003": "a number is too large for the store",
    "25006": "it cannot be written to: the server only reads (a standby?)",
    "28": "the user or the password is wrong",
    "3D": "there is no such database; make it with createdb",
    "42501": "this user may not do that; let it own the database",
    "53100": "the disk is full; free some space and try again",
    "53": "the server is short of memory or connections; try again, or raise its limits",
    "55P03": "another process is writing to it; try again when that has finished",
    "57P": "the server is shutting down or starting; try again",
}
_ESCAPE, _NUL = "\ufdd0", "\ufdd1"
"""PostgreSQL's texts hold every character but NUL. It is kept as these two, which Unicode gives to no character."""
_ESCAPED = re.compile(f"{_ESCAPE}([{_ESCAPE}{_NUL}])")
_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \((?:%s(?:::[\w ]+)?(?:, )?)+\)")
_COPY_FROM = 20
"""Rows from which COPY takes less time than so many INSERTs."""
_UNSAFE = re.compile(r"[\\\t\n\r]")
_SAFE = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_TEXT_OIDS = (25, 1043)  # text, varchar: pg_type.dat of PostgreSQL


class _Driver(pg8000.Connection):  # type: ignore[misc]  # the driver has no types
    """The driver's connection, whose texts may hold NUL, and which says alike that the server is gone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.register_out_adapter(str, kept_text)
        for oid in _TEXT_OIDS:
            self.register_in_adapter(oid, read_text)

    def handle_messages(self, context: Any) -> None:
        try:
            super().handle_messages(context)
        except OSError as error:
            raise pg8000.InterfaceError("network error") from error


def server_url(url: str) -> URL:
    """The address with the driver that is used. UsageError where it names no database."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise UsageError("the address of the store is no URL; accepted: postgresql://user@host/database") from error
    if not parsed.database:
        hidden = parsed.render_as_string()
        raise UsageError(f"{shown(hidden)} names no database; accepted: postgresql://user:password@host:5432/database")
    return parsed.set(drivername="postgresql+pg8000")


def connect_options(url: URL) -> tuple[URL, dict[str, Any]]:
    """What libpq's parameters `host`, `sslmode` and `sslrootcert` mean to the driver; the address without them."""
    query = dict(url.query)
    options: dict[str, Any] = {"application_name": APPLICATION}
    folder, mode, roots = (str(query.pop(name, "")) for name in ("host", "sslmode", "sslrootcert"))
    if folder.startswith("/"):
        options["unix_sock"] = f"{folder}/.s.PGSQL.{url.port or 5432}"
    if query:
        name = shown(next(iter(query)))
        raise UsageError(f"{name} is no parameter of the store's address; accepted: host, sslmode, sslrootcert")
    if mode not in ("", *SSL_MODES):
        raise UsageError(f"sslmode {shown(mode)} is unknown; accepted: {', '.join(SSL_MODES)}")
    if mode == "disable":
        options["ssl_context"] = False
    elif mode == "require":
        options["ssl_context"] = True  # encrypted, but whoever answers is believed, as libpq has it
    elif mode.startswith("verify"):
        options["ssl_context"] = ssl.create_default_context(cafile=roots or None)
        options["ssl_context"].check_hostname = mode == "verify-full"
    return url.set(query={}), options


def make_engine(url: URL) -> Engine:
    """Connections that read one state of the store, or write behind the write lock (execution option `writes`)."""
    bare, options = connect_options(url)
    given = {**bare.translate_connect_args(username="user"), **options}
    # every reader that streams holds a connection of its own, so the pool must be able to grow
    engine = create_engine(
        bare,
        creator=lambda: _Driver(**given),
        isolation_level="REPEATABLE READ",
        pool_size=8,
        max_overflow=24,
        pool_use_lifo=True,
        pool_pre_ping=True,
    )
    engine.dialect.do_ping = _ping  # type: ignore[method-assign, assignment]
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _check)
    event.listen(engine, "do_executemany", _copy_in)
    event.listen(engine, "handle_error", _tell_gone)
    return engine


def code_of(error: BaseException | None) -> str:
    """The SQLSTATE of an error of the driver, empty where it has none."""
    said = error.args[0] if error is not None and error.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def explained(url: URL, error: DBAPIError) -> str:
    """What went wrong in words, and what to do about it; no password."""
    said = error.orig.args[0] if error.orig is not None and error.orig.args else ""
    where = f"the store {url.database} on {url.host or 'this machine'}"
    if not isinstance(said, dict):
        return f"{where} cannot be reached; check its address, and whether the server runs ({said})"
    code = code_of(error.orig)
    message = f"PostgreSQL {code}: {said.get('M', '')}"
    for start, words in _EXPLAINED.items():
        if code.startswith(start):
            return f"{where}: {words} ({message})"
    return f"{where}: {message}"


def kept_text(text: str) -> str:
    """The text as PostgreSQL can hold it."""
    if "\0" in text or _ESCAPE in text:
        return text.replace(_ESCAPE, _ESCAPE + _ESCAPE).replace("\0", _ESCAPE + _NUL)
    return text


def read_text(text: str) -> str:
    """The text that `kept_text` was given."""
    return _ESCAPED.sub(lambda found: _ESCAPE if found[1] == _ESCAPE else "\0", text) if _ESCAPE in text else text


def array_text(values: Iterable[str]) -> str:
    """An array of texts as PostgreSQL reads it."""
    return "{" + ",".join('"' + value.replace("\\", r"\\").replace('"', r"\"") + '"' for value in values) + "}"


def copy_rows(cursor: Any, table: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Adds rows by COPY; each is sent whole before the next is made, so that an error is the server's own."""
    text = "".join("\t".join(map(_copied, row)) + "\n" for row in rows)
    cursor.execute(f"COPY {table} ({', '.join(names)}) FROM STDIN", stream=(_encoded(text),))


def _copied(value: object) -> str:
    """A value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        text = kept_text(value)
        return _UNSAFE.sub(lambda found: _SAFE[found[0]], text) if _UNSAFE.search(text) else text
    return str(value)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        line = text[text.rfind("\n", 0, error.start) + 1 : error.end]
        line.rpartition("\t")[2].encode()  # raises it for that value alone
        raise


def _ping(connection: Any) -> bool:
    """Whether the server still answers, in one round trip; the dialect's own way begins a transaction besides."""
    try:
        connection.execute_simple("")
    except pg8000.Error:
        return False
    return True


def _begin(connection: Connection) -> None:
    # A writer must see what the one before it wrote, so it reads what is committed once it has the lock.
    options = connection.get_execution_options()
    if not options.get("writes"):
        return
    wait_s = options.get("wait_s")
    wait_ms = max(1, int(1000 * (BUSY_TIMEOUT_S if wait_s is None else wait_s)))  # 0 would be for ever
    driver: Any = connection.connection.driver_connection
    driver.execute_simple(f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {wait_ms}")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _check(
    _connection: object, _cursor: object, _statement: str, parameters: Any, _context: object, executemany: bool
) -> None:
    # Half a surrogate pair would be noticed midway of the driver's talk with the server, which then answers the wrong
    # question.
    if not executemany or len(parameters) < _COPY_FROM:
        for given in parameters if executemany else (parameters,):
            for value in given:
                if isinstance(value, str) and not value.isascii():
                    value.encode()


def _copy_in(cursor: Any, statement: str, parameters: Any, _context: object) -> bool | None:
    """Takes many rows in by COPY, where a statement is nothing but an INSERT of them."""
    if len(parameters) < _COPY_FROM or not (found := _PLAIN_INSERT.fullmatch(statement)):
        return None
    copy_rows(cursor, found[1], found[2].split(", "), parameters)
    return True


def _tell_gone(context: ExceptionContext) -> None:
    if code_of(context.original_exception).startswith(_GONE):
        context.is_disconnect = True
