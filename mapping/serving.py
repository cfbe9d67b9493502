"""The production server: waitress with threads, until SIGINT or SIGTERM."""

import ctypes
import errno
import logging
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from flask import Flask
from waitress.server import create_server

from geodata.errors import SetupError, UsageError

MOST_CONNECTIONS = 600
"""A browser holds up to six for each person. Beyond waitress's own limit of 100, newcomers wait until others leave:
with twenty people on the map some waited for ten seconds and more."""

ARENAS = 2
"""Heaps that glibc's malloc makes. With its own rule of eight a core each thread had one, and kept up to 64 MB of freed
arrays in it: a server over a million events went on growing for ten minutes."""
_M_ARENA_MAX = -8
"""The parameter's number in glibc's malloc.h; its MALLOC_ARENA_MAX is read too late to be set from here."""


def serve(app: Flask, host: str, port: int, threads: int, say: Callable[[str], object]) -> None:
    """Serves `app` until it is told to stop; `say` is given the address. `port` 0 takes any free one.

    waitress sets TCP_NODELAY on every connection by itself (its `socket_options`).
    """
    _share_heaps()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # else a line for each question that waits for another
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident="Dateline",
            clear_untrusted_proxy_headers=True,
            connection_limit=MOST_CONNECTIONS,
            channel_request_lookahead=1,  # so that a view can tell that its client has gone (mapping.conditional)
            asyncore_use_poll=True,  # select() ends at file descriptor 1023
        )
    except OSError as error:
        raise _cannot_listen(error, host, port) from error
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104
    say(f"Dateline is at http://{shown}:{getattr(server, 'effective_port', port)}")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        server.close()


def _share_heaps() -> None:
    """Before there are threads; elsewhere than on glibc there is nothing to do."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, ARENAS)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)  # waitress's loop ends on it: it lets running requests finish, then returns


def _cannot_listen(error: OSError, host: str, port: int) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return SetupError(f"port {port} is in use; choose another: make run PORT={port + 1 if port < 65535 else 8001}")
    if error.errno == errno.EACCES:
        return SetupError(f"port {port} needs more rights than you have; choose one above 1023: make run PORT=8000")
    return UsageError(
        f"cannot listen on {host}:{port}: {error.strerror or error}; accepted: 127.0.0.1 or a host of yours"
    )
