"""Which addresses may be fetched: http and https, the usual ports, hosts that lie on the public internet.

A host is resolved once and the connection goes to the very address that was checked, so that a name that resolves
elsewhere a moment later (DNS rebinding) gains nothing.
"""

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from geodata.errors import OutsideError, UsageError, shown

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_CHARS = 2_000
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
ACCEPTED = "accepted: http://… or https://…, with a public host and no user name or port of its own"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address
_TRANSLATED = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/32", "64:ff9b:1::/48", "::/96", "fec0::/10")))
"""IPv6 blocks that lead to other addresses, or are given up: 6to4, Teredo, local NAT64, IPv4-compatible, site-local."""
_PLATFORMS = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("168.63.129.16/32"))
"""Blocks that Python takes for public: IETF protocol assignments (RFC 6890, not in all its versions), in which a cloud
answers with secrets of the computer, and the address by which another cloud's computers reach their host.
"""
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\\\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address that may be asked for, so far as its text shows. `host` is lower-case ASCII, without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    def joined(self, target: str) -> "WebAddress":
        """Where a redirect to `target` leads from here; UsageError where that is no address."""
        try:
            whole = urljoin(str(self), target)
        except ValueError as error:
            raise UsageError(f"{self.host} redirects to {shown(target)}, which cannot be read ({error})") from error
        return web_address(whole)


def is_web_address(text: str) -> bool:
    """Whether a person means an address of the web, not a file."""
    return text.lower().startswith(("http://", "https://"))


def web_address(text: str) -> WebAddress:
    """A person's or a redirect's text as an address; UsageError says what is wrong with it."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        text.encode()  # halves of broken pairs, as a command line can hold, are in no address
    except ValueError as error:
        raise UsageError(f"the address {shown(text)} cannot be read ({error}); {ACCEPTED}") from error
    if parts.scheme not in PORTS or not host or len(text) > MOST_CHARS or _UNSAFE.search(text):
        raise UsageError(f"{shown(text)} is no address of a web page; {ACCEPTED}")
    if "@" in parts.netloc:
        raise UsageError(f"the address {shown(text)} has a user name in it; {ACCEPTED}")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
    )
    return WebAddress(parts.scheme, _host(host, text), PORTS[parts.scheme] if port is None else port, target)


def _host(host: str, text: str) -> str:
    """The host as it is asked for: an IP address in its usual form, or a name in ASCII (IDNA)."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError as error:
        raise UsageError(f"the host of {shown(text)} is no host name; {ACCEPTED}") from error
    labels = name.split(".")
    if not all(map(_LABEL.fullmatch, labels)):
        raise UsageError(f"the host of {shown(text)} is no host name; {ACCEPTED}")
    if labels[-1].isdigit() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        # 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1 to a resolver: such forms serve to hide an address
        raise UsageError(f"the host of {shown(text)} is a number in an unusual form; {ACCEPTED}")
    return name


def is_public(address: IPAddress) -> bool:
    """Whether an address lies on the public internet: not this computer, not its network, nothing reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        if any(address in block for block in _TRANSLATED) or address.scope_id:
            return False
    refused = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
        any(address in block for block in _PLATFORMS),
    )
    return address.is_global and not any(refused)


def resolve(host: str, port: int, seconds: float) -> Sequence[str]:
    """The IP addresses of a host, by the system's resolver; OutsideError where it has none or does not answer."""
    found: list[str] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)  # the system's resolver knows no time limit
    thread.start()
    thread.join(max(0.0, seconds))
    if found:
        return tuple(dict.fromkeys(found))
    cause = failed[0] if failed else TimeoutError("no answer in time")
    raise OutsideError(f"the host {shown(host)} was not found ({cause})") from cause


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be connected to. `resolver(host, port, seconds)` gives IP addresses; tests hand in their own."""

    resolver: Callable[[str, int, float], Sequence[str]] = resolve
    allowed: Callable[[IPAddress], bool] = is_public
    ports: frozenset[int] = field(default_factory=lambda: frozenset(PORTS.values()))

    def pinned(self, address: WebAddress, seconds: float) -> str:
        """The IP address to connect to, checked. UsageError where any address of the host may not be reached."""
        if address.port not in self.ports:
            usual = " or ".join(map(str, sorted(self.ports)))
            raise UsageError(f"{shown(str(address))} is on port {address.port}; accepted: port {usual}")
        found = self.resolver(address.host, address.port, seconds)
        for text in found:
            if not self.allowed(ipaddress.ip_address(text)):
                raise UsageError(
                    f"{shown(str(address))} leads to {text}, which is not on the public internet; it is not fetched. "
                    "Save the page and import the file instead"
                )
        if not found:
            raise OutsideError(f"the host {shown(address.host)} was not found")
        return found[0]
