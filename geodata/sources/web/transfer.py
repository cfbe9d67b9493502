"""One request to one server, on a connection to the address that was checked: limited in time and bytes, throughout.

The clock is a thread that shuts the socket: a server that sends a byte every second cannot outlast it, whether in the
TLS handshake, the headers or the body.
"""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from geodata.errors import OutsideError, UsageError
from geodata.sources.web.addresses import PORTS, WebAddress

CHUNK = 65_536
ANSWER_BYTES = 2_000
"""Of the answer to what is posted: enough to see what is wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; header names are in lower case, `body` is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Deadline:
    """The time one fetch may take, all its hops together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain; OutsideError where none do."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise OutsideError(f"it took longer than {self.seconds:g} s, which is the most that is waited")
        return left


@dataclass(slots=True)
class _Clock:
    """Shuts what is connected when the time is over."""

    sockets: list[socket.socket] = field(default_factory=list)

    def shut(self) -> None:
        for each in self.sockets:
            try:
                socket.socket.shutdown(each, socket.SHUT_RDWR)
            except OSError:
                continue  # closed already


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to a given IP address, that asks for a host by name in the Host header and in TLS."""

    def __init__(self, address: WebAddress, ip: str, deadline: Deadline, clock: _Clock) -> None:
        self.default_port = PORTS[address.scheme]
        super().__init__(address.host, address.port, timeout=deadline.left())
        self._address, self._ip, self._deadline, self._clock = address, ip, deadline, clock

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self._address.port), self.timeout)
        self.sock = plain
        if self._address.scheme == "https":
            self.sock = _trust().wrap_socket(plain, server_hostname=self._address.host, do_handshake_on_connect=False)
        self._clock.sockets.append(self.sock)
        self._deadline.left()  # the clock may have struck before it knew of this socket
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificate authorities; where it has none, those of `certifi`."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def ask(address: WebAddress, ip: str, deadline: Deadline, most_bytes: int, agent: str) -> Answer:
    """GET `address` from the server at `ip`. UsageError: over `most_bytes`; OutsideError: no answer, or too slow."""
    clock = _Clock()
    connection = _PinnedConnection(address, ip, deadline, clock)
    with _watched(clock, deadline, address):
        try:
            headers = {"User-Agent": agent, "Accept-Encoding": "gzip", "Connection": "close"}
            connection.request("GET", address.target, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            body = _body(response, found, deadline, most_bytes, address)
        finally:
            connection.close()
    return Answer(response.status, found, body)


def post(
    address: WebAddress, ip: str, deadline: Deadline, body: bytes, headers: Mapping[str, str], agent: str
) -> Answer:
    """POST to the server at `ip`; its answer is not read beyond ANSWER_BYTES. OutsideError: no answer, or too slow."""
    clock = _Clock()
    connection = _PinnedConnection(address, ip, deadline, clock)
    with _watched(clock, deadline, address):
        try:
            connection.request("POST", address.target, body, {"User-Agent": agent, "Connection": "close", **headers})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            said = response.read1(ANSWER_BYTES)
        finally:
            connection.close()
    return Answer(response.status, found, said)


@contextmanager
def _watched(clock: _Clock, deadline: Deadline, address: WebAddress) -> Iterator[None]:
    timer = threading.Timer(deadline.left(), clock.shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except OutsideError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise OutsideError(f"the certificate of {address.host} is not valid ({error.verify_message})") from error
    except (OSError, http.client.HTTPException, zlib.error) as error:
        deadline.left()  # where the clock shut the connection, say that
        raise OutsideError(
            f"{address.host} did not answer as a web server does ({error or type(error).__name__})"
        ) from error
    finally:
        timer.cancel()


def _body(
    response: http.client.HTTPResponse, headers: Mapping[str, str], deadline: Deadline, most: int, address: WebAddress
) -> bytes:
    """The body, unpacked as it comes, so that a small packed one cannot swell beyond `most`."""
    told = _told_length(headers)
    coding = headers.get("content-encoding", "identity").strip().lower()
    if told > most:
        raise _too_large(address, most)
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise OutsideError(f"{address.host} sent the page packed as {coding}, which was not asked for")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in coding else None
    pieces: list[bytes] = []
    size = packed = 0
    while chunk := response.read1(CHUNK):
        deadline.left()
        packed += len(chunk)
        piece = unpack.decompress(chunk, most + 1 - size) if unpack else chunk
        size += len(piece)
        pieces.append(piece)
        if size > most or packed > most:
            raise _too_large(address, most)
    deadline.left()  # a connection that the clock shut looks like an end
    if (unpack and not unpack.eof) or packed < told:
        raise OutsideError(f"{address.host} broke off in the middle of the page")
    return b"".join(pieces)


def _told_length(headers: Mapping[str, str]) -> int:
    """The bytes that the server announces; 0 where it says nothing that can be read."""
    told = headers.get("content-length", "").strip()
    # int() also takes signs and other scripts' digits, and refuses "²", which isdigit() takes, and very long numbers
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0


def _too_large(address: WebAddress, most: int) -> UsageError:
    return UsageError(f"{address} is larger than {most:,} bytes, which is the most that is fetched")
