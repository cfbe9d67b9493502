"""One message to one receiver: to the very address that was checked, under a clock, no redirect followed."""

import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geodata.contracts import Delivery, Hook
from geodata.errors import OutsideError, UsageError, shown
from geodata.settings import Settings
from geodata.sources.web.addresses import IPAddress, WebAddress, is_public, resolve, web_address
from geodata.sources.web.transfer import Deadline, post
from geodata.webhooks.signing import signed

SECONDS = 10.0
AGENT = "Dateline-Webhooks/1"
PORTS = frozenset({80, 443, 8443})
MOST_SAID = 200


def checked_url(text: str, settings: Settings) -> str:
    """The address of a receiver, so far as its text shows; UsageError where nothing is sent to such ones."""
    address = web_address(text)
    if not settings.webhook_local and address.port not in PORTS:
        usual = ", ".join(map(str, sorted(PORTS)))
        raise UsageError(f"{shown(str(address))} is on port {address.port}; accepted: {usual} (webhook_local: any)")
    return str(address)


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends under the settings; `resolver` gives the IP addresses of a host."""

    settings: Settings
    resolver: Callable[[str, int, float], Sequence[str]] = resolve
    seconds: float = SECONDS

    def send(self, hook: Hook, message_id: str, body: bytes, changes: int) -> Delivery:
        """One try; what came of it, never an error of the network's."""
        begun, sent_at = time.monotonic(), datetime.now(UTC)
        status, said = 0, ""
        try:
            deadline = Deadline(self.seconds)
            address = web_address(checked_url(hook.url, self.settings))
            headers = {
                "Content-Type": "application/json",
                **signed(hook.secret, message_id, int(sent_at.timestamp()), body),
            }
            answer = post(address, self._pinned(address, deadline), deadline, body, headers, AGENT)
            status = answer.status
            if not 200 <= status < 300:
                said = f"answered {status}: {answer.body.decode('utf-8', 'replace')}"
        except (OutsideError, UsageError) as error:
            said = str(error)
        took_ms = round(1000 * (time.monotonic() - begun))
        return Delivery(hook.hook_id, message_id, sent_at, status, changes, took_ms, _readable(said)[:MOST_SAID])

    def _pinned(self, address: WebAddress, deadline: Deadline) -> str:
        """The IP address to connect to; UsageError where any of the host's is not public."""
        found = self.resolver(address.host, address.port, deadline.left())
        for text in found:
            if not self._allowed(ipaddress.ip_address(text)):
                raise UsageError(f"{address.host} leads to {text}, which is not public (webhook_local allows it)")
        if not found:
            raise OutsideError(f"the host {shown(address.host)} was not found")
        return found[0]

    def _allowed(self, address: IPAddress) -> bool:
        return self.settings.webhook_local or is_public(address)


def _readable(text: str) -> str:
    """On one line, without what would steer the terminal that the log is shown in."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
