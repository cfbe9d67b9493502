"""A page by its address: every redirect checked as the first address was, robots.txt heeded, all within limits."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from geodata.errors import OutsideError, UsageError, shown
from geodata.sources.encoding import as_utf8
from geodata.sources.web.addresses import Policy, WebAddress, web_address
from geodata.sources.web.transfer import Answer, Deadline, ask

SECONDS = 10.0
MOST_BYTES = 5_000_000
MOST_ROBOTS_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are to be read
MOST_REDIRECTS = 5
AGENT = "Dateline"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom")
_SUFFIX: Mapping[str, str] = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "multipart/related": ".mhtml",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What an address held. `body` is as it was sent, but for a packing undone; `sha256` is of `body`."""

    asked: str
    address: str
    media_type: str
    charset: str
    retrieved: datetime
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def name(self) -> str:
        """A file name for the page, by which its reader is chosen."""
        last = PurePosixPath(self.address.partition("?")[0]).name or "page"
        suffix = _SUFFIX.get(self.media_type, "")
        return last if not suffix or last.lower().endswith(suffix) else f"{last}{suffix}"

    @property
    def readable(self) -> bytes:
        """The body for a reader: text whose encoding only the server told is turned into UTF-8, and marked as that."""
        return as_utf8(self.body, self.charset) if self.media_type.startswith(_TEXT) else self.body


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pages under a policy; `contact` (an e-mail address) is sent along where there is one."""

    policy: Policy = field(default_factory=Policy)
    contact: str = ""
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES

    def fetch(self, text: str) -> Page:
        """The page at an address. UsageError: it may not be fetched; OutsideError: its server did not give it."""
        deadline = Deadline(self.seconds)
        asked = web_address(text)
        address, answer = self._followed(asked, deadline, self.most_bytes, {})
        if answer.status != 200:
            raise OutsideError(f"{shown(str(address))} answered {answer.status}, not with a page")
        if not answer.body.strip():
            raise OutsideError(f"{shown(str(address))} answered with an empty page")
        media_type, charset = _media(answer.headers.get("content-type", ""))
        return Page(str(asked), str(address), media_type, charset, datetime.now(UTC), answer.body)

    def _followed(
        self, address: WebAddress, deadline: Deadline, most: int, robots: dict[str, Any] | None
    ) -> tuple[WebAddress, Answer]:
        """The answer at the end of the redirects; `robots` keeps each site's rules by origin (None: not heeded)."""
        for _ in range(MOST_REDIRECTS + 1):
            ip = self.policy.pinned(address, deadline.left())
            if robots is not None:
                self._heed(robots, address, deadline)
            answer = ask(address, ip, deadline, most, self._agent)
            target = answer.headers.get("location", "")
            if answer.status not in _REDIRECTS or not target:
                return address, answer
            address = address.joined(_as_utf8(target))
        raise OutsideError(f"{address.host} redirects more than {MOST_REDIRECTS} times")

    def _heed(self, robots: dict[str, Any], address: WebAddress, deadline: Deadline) -> None:
        """UsageError where the site's robots.txt keeps this page from programs."""
        if address.origin not in robots:
            robots[address.origin] = self._rules(address, deadline)
        rules = robots[address.origin]
        if rules is not None and not rules.can_fetch(str(address), AGENT):
            raise UsageError(
                f"{address.host} asks programs not to fetch {shown(address.target)} (robots.txt); open the page in a "
                "browser and save it, or paste its text"
            )

    def _rules(self, address: WebAddress, deadline: Deadline) -> Any:
        """The rules of a site (RFC 9309), or None where it has none; OutsideError where they cannot be known."""
        from protego import Protego

        place = web_address(f"{address.origin}/robots.txt")
        _, answer = self._followed(place, deadline, MOST_ROBOTS_BYTES, None)
        if 400 <= answer.status < 500:
            return None
        if answer.status != 200:
            raise OutsideError(f"{place} answered {answer.status}; without it nothing is fetched from {address.host}")
        return Protego.parse(answer.body.decode("utf-8", "replace"))

    @property
    def _agent(self) -> str:
        return f"{AGENT}/1 ({self.contact})" if self.contact else f"{AGENT}/1"


def _as_utf8(target: str) -> str:
    """A header's bytes, which http.client reads as Latin-1; some sites redirect to names in plain UTF-8."""
    try:
        return target.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return target


def _media(header: str) -> tuple[str, str]:
    """The media type in lower case, and the charset that the server told."""
    kind, _, rest = header.partition(";")
    charset = ""
    for part in rest.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'")
    return kind.strip().lower(), charset
